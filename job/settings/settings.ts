/** Puts command line, environment and defaults together. */
import { readCommandLine } from './command-line.ts';
import { checkUnknown, type Environment, readEnvironment } from './environment.ts';
import { type CommandName, type Field, writtenFlag } from './field.ts';
import { type FieldName, fieldNames, fields, type Settings } from './fields.ts';
import type { Fault } from './usage-error.ts';

/** Settings, where each came from, and what is wrong with them. */
export interface Read {
  readonly settings: Settings;
  /** Flag or variable that gave a setting, or the flag that would; for messages. */
  at(name: FieldName): string;
  readonly faults: Fault[];
  /** `--help` was given: nothing else matters. */
  readonly help: boolean;
}

/** Reads the settings of a command. Flags win over variables, variables over defaults. */
export function readSettings(command: CommandName, args: readonly string[], environment: Environment): Read {
  const faults: Fault[] = [];
  const line = readCommandLine(command, args, faults);
  const variables = readEnvironment(command, environment, faults);
  checkUnknown(environment, faults);
  const origins = new Map<FieldName, string>();
  const values = fieldNames.map((name) => {
    const field: Field = fields[name];
    const flag = line.texts.get(name);
    const variable = flag ? undefined : variables.get(name);
    const at = variable?.name ?? (flag ? `--${field.flag}` : writtenFlag(field));
    origins.set(name, at);
    return [name, readValue(field, flag ?? variable?.texts, at, faults)];
  });
  return {
    settings: Object.fromEntries(values) as Settings,
    at: (name) => origins.get(name) ?? name,
    faults,
    help: line.help,
  };
}

function readValue(
  field: Field,
  texts: readonly unknown[] | undefined,
  at: string,
  faults: Fault[],
): unknown {
  const { kind, many } = field;
  const values = (texts ?? []).flatMap((text) => {
    const checked = kind.check(typeof text === 'string' ? kind.read(text) : text);
    if ('value' in checked) return [checked.value];
    faults.push({ at, message: checked.refused, hint: checked.hint });
    return [];
  });
  if (many) return values;
  return texts === undefined ? field.default : values[0];
}
