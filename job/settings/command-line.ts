/**
 * Reads a command line: which flags were given, with their text, before anything is made of the text. `parseArgs`
 * stops at the first fault, or forgives; here every fault is found.
 */
import { nearest } from '../../generator/nearest.ts';
import { quote } from '../../generator/resolve/describe.ts';
import { type CommandName, type Field, isSwitch, writtenFlag } from './field.ts';
import { type FieldName, fieldNames, fields } from './fields.ts';
import type { Fault } from './usage-error.ts';

/** What was given. */
export interface Given {
  /** The texts of each flag; a switch alone counts as `true`, and `--no-…` as `false`. */
  readonly texts: ReadonlyMap<FieldName, readonly string[]>;
  readonly help: boolean;
}

const byFlag = new Map<string, FieldName>(fieldNames.map((name) => [fields[name].flag, name]));

/** A word that is a flag of some command. */
interface Flag {
  /** As it was written, without a value. */
  readonly written: string;
  readonly name: FieldName;
  readonly field: Field;
  /** Behind `=`; `false` of `--no-…`. */
  readonly text: string | undefined;
}

/** Reads the words after a command, and adds what is wrong with them to `faults`. */
export function readCommandLine(command: CommandName, args: readonly string[], faults: Fault[]): Given {
  const texts = new Map<FieldName, readonly string[]>();
  let help = false;
  // The word behind an unknown flag is taken to be its value, and not blamed too.
  let isAfterUnknown = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const isAfter = isAfterUnknown;
    isAfterUnknown = false;
    if (word === '--help' || word === '-h') {
      help = true;
      continue;
    }
    const flag = readFlag(word);
    if (flag) {
      const next = args[i + 1];
      const takesNext =
        flag.text === undefined && !isSwitch(flag.field) && next !== undefined && !readFlag(next);
      if (takesNext) i++;
      const fault = take(command, flag, takesNext ? next : flag.text, texts);
      if (fault) faults.push(fault);
    } else if (/^-/.test(word)) {
      faults.push(unknownFlag(command, word));
      isAfterUnknown = !word.includes('=');
    } else if (!isAfter) {
      const name = byFlag.get(word);
      const hint =
        name === undefined ? 'every setting is a flag' : `did you mean ${writtenFlag(fields[name])}?`;
      faults.push({ at: quote(word), message: 'unexpected word', hint });
    }
  }
  return { texts, help };
}

function readFlag(word: string): Flag | undefined {
  const [, written = '', value] = /^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = byFlag.get(written.slice(2));
  if (name !== undefined) return { written, name, field: fields[name], text: value };
  const positive = written.startsWith('--no-') ? byFlag.get(written.slice(5)) : undefined;
  if (positive === undefined || !isSwitch(fields[positive]) || value !== undefined) return undefined;
  return { written, name: positive, field: fields[positive], text: 'false' };
}

/** Notes a flag's text, or says why not. */
function take(
  command: CommandName,
  { written, name, field }: Flag,
  text: string | undefined,
  texts: Map<FieldName, readonly string[]>,
): Fault | undefined {
  if (!field.commands.includes(command)) {
    const hint = `it belongs to ${field.commands.join(', ')}`;
    return { at: written, message: `not a flag of ${command}`, hint };
  }
  if (isSwitch(field)) {
    // The last one wins, so that a script may add to a line.
    texts.set(name, [text ?? 'true']);
    return undefined;
  }
  if (text === undefined) return { at: written, message: 'needs a value', hint: `write ${field.kind.what}` };
  const before = texts.get(name) ?? [];
  texts.set(name, [...before, text]);
  if (field.many || before.length !== 1) return undefined;
  return { at: written, message: 'given more than once', hint: 'give it once' };
}

function unknownFlag(command: CommandName, word: string): Fault {
  const [written = ''] = word.split('=');
  const name = written.replace(/^-+/, '');
  const known = fieldNames.filter((each) => (fields[each] as Field).commands.includes(command));
  // Some write it as the config or the environment does.
  const same = known.find((each) => each === name || fields[each].env === name.toUpperCase());
  const flags = known.flatMap((each) => [
    fields[each].flag,
    ...(isSwitch(fields[each]) ? [`no-${fields[each].flag}`] : []),
  ]);
  const meant = same === undefined ? nearest(name, flags) : fields[same].flag;
  const hint = meant === undefined ? `job ${command} --help lists them` : `did you mean --${meant}?`;
  return { at: written, message: 'unknown flag', hint };
}
