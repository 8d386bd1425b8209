/** Reads a command line: which flags were given, with their text, before anything is made of the text. */
import { parseArgs } from 'node:util';
import { nearest } from '../../generator/nearest.ts';
import { quote } from '../../generator/resolve/describe.ts';
import { type CommandName, type Field, writtenFlag } from './field.ts';
import { type FieldName, fields } from './fields.ts';
import type { Fault } from './usage-error.ts';

/** Flags that were given, by the name of their field; a flag without a value counts as `true` or `false`. */
export interface Given {
  readonly texts: ReadonlyMap<FieldName, readonly string[]>;
  readonly help: boolean;
}

const names = Object.keys(fields) as FieldName[];
const byFlag = new Map<string, FieldName>(names.map((name) => [fields[name].flag, name]));

/** Whether a flag takes no value. */
export function isSwitch(field: Field): boolean {
  return field.kind.placeholder === '';
}

/** Reads the words after a command, and adds what is wrong with them to `faults`. */
export function readCommandLine(command: CommandName, args: readonly string[], faults: Fault[]): Given {
  const options = Object.fromEntries([
    ...names.map((name) => [fields[name].flag, { type: isSwitch(fields[name]) ? 'boolean' : 'string' }] as const),
    ['help', { type: 'boolean', short: 'h' }] as const,
  ]);
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowNegative: true });
  const texts = new Map<FieldName, string[]>();
  let help = false;
  // The word behind an unknown flag is taken to be its value, and not blamed too.
  let isAfterUnknown = false;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (!isAfterUnknown) faults.push({ at: quote(token.value), message: 'unexpected word', hint: flagHint(token.value) });
      isAfterUnknown = false;
      continue;
    }
    isAfterUnknown = false;
    if (token.kind !== 'option') continue;
    if (token.name === 'help') {
      help = true;
      continue;
    }
    const { name, text } = switchOf(token.name, token.value);
    const field = name && fields[name];
    if (!name || !field) {
      faults.push(unknownFlag(command, token.rawName));
      isAfterUnknown = token.value === undefined;
    } else if (!field.commands.includes(command)) {
      faults.push({
        at: token.rawName,
        message: `not a flag of ${command}`,
        hint: `it belongs to ${field.commands.join(', ')}`,
      });
    } else if (!isSwitch(field) && (text === undefined || (!token.inlineValue && isFlag(text)))) {
      faults.push({ at: token.rawName, message: 'needs a value', hint: `write ${field.kind.what}` });
    } else {
      texts.set(name, [...(texts.get(name) ?? []), text ?? 'true']);
    }
  }
  for (const [name, given] of texts) {
    const field = fields[name];
    if (field.many || isSwitch(field) || given.length === 1) continue;
    faults.push({ at: `--${field.flag}`, message: `given ${given.length} times`, hint: 'give it once' });
  }
  return { texts, help };
}

/** `--no-wait` is `--wait=false`. */
function switchOf(flag: string, value: string | undefined): { name: FieldName | undefined; text: string | undefined } {
  const name = byFlag.get(flag);
  if (name !== undefined) return { name, text: value };
  const positive = flag.startsWith('no-') ? byFlag.get(flag.slice(3)) : undefined;
  const isNegative = positive !== undefined && isSwitch(fields[positive]) && value === undefined;
  return isNegative ? { name: positive, text: 'false' } : { name: undefined, text: value };
}

function isFlag(text: string): boolean {
  return text.startsWith('--') && switchOf(text.slice(2).split('=')[0] ?? '', undefined).name !== undefined;
}

function unknownFlag(command: CommandName, rawName: string): Fault {
  const known = names.filter((name) => (fields[name].commands as readonly CommandName[]).includes(command));
  const flags = known.flatMap((name) => (isSwitch(fields[name]) ? [fields[name].flag, `no-${fields[name].flag}`] : [fields[name].flag]));
  const word = rawName.replace(/^-+/, '');
  // In the words of the config or the environment, or nearly in those of the flag.
  const meant =
    known.find((name) => name === word || fields[name].env === word.toUpperCase()) !== undefined
      ? fields[known.find((name) => name === word || fields[name].env === word.toUpperCase()) as FieldName].flag
      : nearest(word, flags);
  return { at: rawName, message: 'unknown flag', hint: meant === undefined ? `see --help` : `did you mean --${meant}?` };
}

function flagHint(word: string): string {
  const name = byFlag.get(word);
  return name === undefined ? '' : `did you mean ${writtenFlag(fields[name])}?`;
}
