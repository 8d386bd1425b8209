/** The parts of `docs/job.md` that are made from the table. */
import { markdownTable } from '../print/markdown.ts';
import { variablesOf } from './environment.ts';
import { type Field, groups, isSwitch, type Override, writtenFlag } from './field.ts';
import { fieldNames, fields } from './fields.ts';
import { defaultOf, exitMeanings } from './help.ts';

/** What a caller of `POST /copy` may do, in words. */
const OVERRIDES: Readonly<Record<Override, string>> = {
  any: 'any value',
  subset: 'some of what is configured',
  added: 'more, added to what is configured',
  lower: 'lower only',
  higher: 'higher only',
  younger: 'lower only, where it is not 0',
  on: 'turn on only',
  off: 'turn off only',
};

/** One table for each group of settings. */
export function settingsTables(): string {
  return groups
    .map(
      (group) =>
        `### ${group}\n\n${settingsTable(fieldNames.map((name) => fields[name]).filter((field) => field.group === group))}`,
    )
    .join('\n\n');
}

function settingsTable(shown: readonly Field[]): string {
  const rows = shown.map((field) => [
    code(`${writtenFlag(field)}${isSwitch(field) ? '' : ` ${field.kind.placeholder}`}`) +
      (field.many ? ', may be repeated' : ''),
    variablesOf(field).map(code).join(', ') || '–',
    field.commands.length === 5 ? 'all' : field.commands.join(', '),
    [`${field.about}.`, ...notesOf(field)].join(' '),
  ]);
  return markdownTable([['flag', 'variable', 'commands', 'meaning'], ...rows]);
}

function notesOf(field: Field): string[] {
  const range = field.kind.range === undefined ? [] : [field.kind.range];
  const notes = [...(field.isRequired ? ['required'] : []), ...range, ...defaultOf(field)];
  return notes.length === 0 ? [] : [`(${notes.join('; ')})`];
}

/** Fields of a body, and what a caller may do to each. */
export function bodyTable(): string {
  const rows = fieldNames
    .map((name): Field => fields[name])
    .filter((field) => field.config !== undefined)
    .map((field) => [
      code(field.config ?? ''),
      field.many ? `a list: ${field.kind.what}` : field.kind.what,
      field.override === undefined ? 'nothing' : OVERRIDES[field.override],
    ]);
  return markdownTable([['field', 'value', 'what a caller may ask for'], ...rows]);
}

/** Exit codes and their meanings. */
export function exitTable(): string {
  return markdownTable([
    ['code', 'meaning'],
    ...exitMeanings.map(([code, meaning]) => [String(code), meaning]),
  ]);
}

/** Every part, by the name of its marker. */
export const parts: Readonly<Record<string, () => string>> = {
  settings: settingsTables,
  body: bodyTable,
  exits: exitTable,
};

/** A document with its generated parts made anew: what stands between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function fillDocument(document: string): string {
  return Object.entries(parts).reduce(
    (text, [name, make]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`),
        (_, start: string, stop: string) => `${start}\n${make()}\n\n${stop}`,
      ),
    document,
  );
}

function code(text: string): string {
  return `\`${text}\``;
}
