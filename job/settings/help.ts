/** The text of `--help`, made from the table. */
import { wrap } from '../print/wrap.ts';
import { exitCodes } from '../request.ts';
import { variablesOf } from './environment.ts';
import { type CommandName, commandNames, type Field, groups, isSwitch, writtenFlag } from './field.ts';
import { fieldNames, fields } from './fields.ts';

/** What each command does: in a line, and in a few. */
export const about: Readonly<Record<CommandName, { readonly line: string; readonly more: string }>> = {
  copy: {
    line: 'copy the source to every destination, inside Google',
    more: 'Starts CopyRepository for every destination at once, and waits until each is done. Nothing is deleted. What is there already is not copied again.',
  },
  plan: {
    line: 'show what a copy and a mirror would do',
    more: 'Compares source and destinations and prints what is to be copied, which tags move, what a mirror would delete, and what stands against it. Changes nothing.',
  },
  mirror: {
    line: 'after a copy: remove what the source does not have, then verify',
    more: 'Creates, moves and removes tags and deletes versions, so that each destination holds exactly what the source holds. It deletes only in a repository that is claimed for this source (see --claim), never above the limits, and nothing at all where one side could not be read whole.',
  },
  verify: {
    line: 'compare versions, tags and files, and report',
    more: 'Compares versions and tags, and for formats with files their hashes. What came after the start of the copy is no difference. Changes nothing.',
  },
  serve: {
    line: 'offer all this over HTTP: POST /copy',
    more: 'Answers POST /copy (a body of JSON may narrow what is configured here), GET /healthz and GET /metrics. One copy at a time. SIGTERM lets a running one end.',
  },
};

/** Exit codes in words, in the order of their numbers. */
export const exitMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.done, 'done; verify: equal'],
  [exitCodes.failed, 'failed; verify: there are differences; mirror: a guard refused to delete'],
  [exitCodes.differences, 'plan --detailed-exitcode: there is something to do'],
  [exitCodes.partlyFailed, 'partly failed: some destinations or some versions, and not all'],
  [exitCodes.usage, 'a flag, a variable or a body is wrong; nothing was done'],
];

const WIDTH = 100;
const INDENT = 4;

/** The help of the program. */
export function programHelp(): string {
  return [
    'npm run job -- COMMAND [flags]',
    '',
    'What the replication of a repository needs beyond a single call. The same program is the entry point of the',
    'container.',
    '',
    ...commandNames.map((name) => `  ${name.padEnd(8)}${about[name].line}`),
    '',
    '  --help     this text, or with a command before it that of the command',
    '  --version  the version',
    '',
    'Every flag has an environment variable; flags win. docs/job.md lists both.',
    '',
    ...exitHelp(),
  ].join('\n');
}

/** The help of a command: every flag, its variable and its default. */
export function commandHelp(command: CommandName): string {
  const lines = [`npm run job -- ${command} [flags]`, '', ...wrap(about[command].more, WIDTH), ''];
  for (const group of groups) {
    const shown = fieldNames
      .map((name): Field => fields[name])
      .filter((field) => field.group === group && field.commands.includes(command));
    if (shown.length === 0) continue;
    lines.push(group, ...shown.flatMap(fieldHelp), '');
  }
  return [
    ...lines,
    'Every flag without a value has an opposite: --no-dry-run, --wait. A variable understands true, false, yes, no,',
    '1 and 0; one that holds a list takes JSON or commas. Flags win over variables.',
    '',
    ...exitHelp(),
  ].join('\n');
}

function exitHelp(): string[] {
  return [
    'Exit codes',
    ...exitMeanings.map(([code, meaning]) => `  ${String(code).padStart(2)}  ${meaning}`),
  ];
}

/** The flag with what stands for its value, and below it what it means. */
function fieldHelp(field: Field): string[] {
  const value = isSwitch(field) ? '' : ` ${field.kind.placeholder}`;
  const head = `  ${writtenFlag(field)}${value}`;
  const notes = [
    field.isRequired ? 'required' : '',
    field.many ? 'may be repeated' : '',
    field.kind.range ?? '',
    ...defaultOf(field),
    // Where the flag turns something off, the variable says so.
    `${variablesOf(field).join(', ')}${writtenFlag(field).startsWith('--no-') ? '=false' : ''}`,
  ].filter((note) => note !== '');
  const tail = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  const margin = ' '.repeat(2 * INDENT);
  return [head, ...wrap(`${field.about}.${tail}`, WIDTH - margin.length).map((line) => margin + line)];
}

/** `default 100`; nothing for switches, whose written form tells. */
export function defaultOf(field: Field): string[] {
  if (field.many || field.default === undefined || isSwitch(field)) return [];
  const unit = field.unit === undefined ? '' : ` ${field.unit}`;
  return [`default ${String(field.default)}${unit}`];
}
