/**
 * Reading requests and writing answers as Google's REST does: enums as names or numbers both ways, unknown
 * fields refused, masks in either spelling.
 */
import type { Context as HonoContext } from 'hono';
import { GoogleError } from '../../errors.ts';
import { readJson } from '../../read-json.ts';
import { executionStates } from '../execution.ts';
import { callLogLevels, historyLevels } from '../workflow.ts';

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** Values of `ExecutionView`, in the order of its numbers. */
export const executionViews = ['EXECUTION_VIEW_UNSPECIFIED', 'BASIC', 'FULL'] as const;
/** How much of an execution is shown. */
export type ExecutionView = (typeof executionViews)[number];

/** Values of `Workflow.State`. */
const workflowStates = ['STATE_UNSPECIFIED', 'ACTIVE', 'UNAVAILABLE'] as const;

/** The body of a request, an object of known fields. @throws GoogleError INVALID_ARGUMENT, CANCELLED */
export async function body(c: HonoContext, known: readonly string[]): Promise<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(await readJson(c.req.raw))) {
    const name = camel(key);
    if (!known.includes(name))
      throw invalid(`Invalid JSON payload received. Unknown name "${key}": Cannot find field.`);
    if (value !== null) read[name] = value;
  }
  return read;
}

/** A field's name in lower camel case, which JSON has; the proto's own spelling is accepted too. */
function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A string field. @throws GoogleError INVALID_ARGUMENT */
export function stringField(from: Record<string, unknown>, name: string, where: string): string | undefined {
  const value = from[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`Invalid value at '${where}.${name}' (TYPE_STRING), ${JSON.stringify(value)}`);
}

/** A map of strings. @throws GoogleError INVALID_ARGUMENT */
export function stringMap(
  from: Record<string, unknown>,
  name: string,
  where: string,
): Record<string, string> | undefined {
  const value = from[name];
  if (value === undefined) return undefined;
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalid(`Invalid value at '${where}.${name}': a map is expected.`);
  for (const [key, one] of Object.entries(value))
    if (typeof one !== 'string')
      throw invalid(`Invalid value at '${where}.${name}[${key}]' (TYPE_STRING), ${JSON.stringify(one)}`);
  return value as Record<string, string>;
}

/** An enum by name or number; undefined when it is absent or unspecified. @throws GoogleError INVALID_ARGUMENT */
export function enumField<Name extends string>(
  value: unknown,
  names: readonly Name[],
  where: string,
): Name | undefined {
  if (value === undefined || value === '') return undefined;
  const index =
    typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
      ? Number(value)
      : names.indexOf(value as Name);
  const found = names[index];
  if (found === undefined) throw invalid(`Invalid value at '${where}': ${JSON.stringify(value)}`);
  return index === 0 ? undefined : found;
}

/** A whole number in the query. @throws GoogleError INVALID_ARGUMENT */
export function integerQuery(c: HonoContext, name: string): number {
  const text = c.req.query(name) ?? '';
  if (text === '') return 0;
  if (!/^-?\d+$/.test(text)) throw invalid(`Invalid value at '${name}' (TYPE_INT32), "${text}"`);
  if (text.startsWith('-')) throw invalid(`${name} must not be negative.`);
  return Number(text);
}

/** The fields that a mask names, among those known. @throws GoogleError INVALID_ARGUMENT */
export function mask<Field extends string>(
  text: string | undefined,
  fields: readonly Field[],
): readonly Field[] {
  if (text === undefined || text === '' || text === '*') return fields;
  return text.split(',').map((path) => {
    // A mask may name an entry of a map; the whole map is then taken.
    const name = camel((path.trim().split('.', 1)[0] ?? '').trim());
    const found = fields.find((field) => field === name);
    if (!found) throw invalid(`Invalid field mask: '${path.trim()}' is not a field that can be changed.`);
    return found;
  });
}

/** Numbers of the enums in answers, by the field's name. */
const numbers: Readonly<Record<string, readonly string[]>> = {
  state: executionStates,
  callLogLevel: callLogLevels,
  executionHistoryLevel: historyLevels,
};

/** Answers with a resource, its enums as the query asks (`$alt=json;enum-encoding=int`). */
export function answer(
  c: HonoContext,
  resource: unknown,
  kind: 'workflow' | 'execution' | 'other' = 'other',
): Response {
  const wantsNumbers = /enum-encoding=int/.test(c.req.query('$alt') ?? c.req.query('alt') ?? '');
  if (!wantsNumbers || kind === 'other') return c.json(resource as object);
  return c.json(
    JSON.parse(JSON.stringify(resource), (key, value: unknown) => {
      const names = key === 'state' && kind === 'workflow' ? workflowStates : numbers[key];
      const index = names && typeof value === 'string' ? names.indexOf(value as never) : -1;
      return index < 0 ? value : index;
    }) as object,
  );
}
