/** Reads the environment: which settings it gives, as text. Nothing else of it is looked at. */
import { nearest } from '../../generator/nearest.ts';
import type { CommandName, Field } from './field.ts';
import { type FieldName, fieldNames, fields } from './fields.ts';
import type { Fault } from './usage-error.ts';

/** Variables and their values. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable gives. */
export interface Variable {
  readonly name: string;
  /** One, or those of a list. */
  readonly texts: readonly unknown[];
}

const PREFIX = 'REPLICATOR_';

/** A secret has no flag: a command line can be seen by others. */
export const SECRET = {
  name: 'REPLICATOR_EMULATOR_TOKEN',
  about: 'Token that the emulator is sent, where it was started with --iam',
} as const;

/** Names of all variables that are looked at. */
const known: readonly string[] = [...fieldNames.flatMap((name) => variablesOf(fields[name])), SECRET.name];

/** The variables that give a field. */
export function variablesOf(field: Field): string[] {
  const one = field.many ? field.envOne : undefined;
  return [field.env, one].filter((name) => name !== undefined);
}

/**
 * Reads the settings of a command from the environment. A variable that is set to nothing counts as not set: where
 * a job is deployed with one, an execution can only override it, not take it away.
 */
export function readEnvironment(
  command: CommandName,
  environment: Environment,
  faults: Fault[],
): ReadonlyMap<FieldName, Variable> {
  const found = new Map<FieldName, Variable>();
  for (const name of fieldNames) {
    const field: Field = fields[name];
    if (!field.commands.includes(command)) continue;
    const [first, second] = variablesOf(field).filter((variable) => environment[variable]?.trim());
    if (first === undefined) continue;
    if (second !== undefined) {
      faults.push({
        at: second,
        message: `${first} is set too`,
        hint: 'set one of them, or the other to nothing',
      });
      continue;
    }
    const text = environment[first] ?? '';
    const isList = field.many && first === field.env;
    const texts = isList ? readList(first, text, faults) : [text];
    if (texts) found.set(name, { name: first, texts });
  }
  return found;
}

/** A list of JSON, or one with commas. */
function readList(variable: string, text: string, faults: Fault[]): readonly unknown[] | undefined {
  if (!text.trim().startsWith('['))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    faults.push({
      at: variable,
      message: 'it begins with [ and is not JSON',
      hint: 'write ["one", "two"], or one,two',
    });
    return undefined;
  }
}

/** A variable that is meant for this program and that it does not know was misspelt. Its value is nobody's business. */
export function checkUnknown(environment: Environment, faults: Fault[]): void {
  for (const name of Object.keys(environment).sort()) {
    if (!name.startsWith(PREFIX) || known.includes(name)) continue;
    const bare = name.slice(PREFIX.length);
    const meant = known.includes(bare) ? bare : (nearest(name, known) ?? nearest(bare, known));
    const hint = meant === undefined ? `variables are listed in docs/job.md` : `did you mean ${meant}?`;
    faults.push({ at: name, message: 'unknown variable', hint });
  }
}
