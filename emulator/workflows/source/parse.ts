/**
 * Makes a definition of a source: its shape, keys, names and expressions. What the names mean is checked by
 * the validator.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax
 */
import type { Definition, Param, Routine } from '../definition.ts';
import { type Fault, fault } from '../fault.ts';
import type { Limits } from '../limits.ts';
import type { Value } from '../value.ts';
import { readSource, type SourceEntry, type SourceNode } from './nodes.ts';
import { Reader } from './reader.ts';
import { StepParser } from './steps.ts';

/** Names of routines. */
const routineName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Parses a YAML or JSON source.
 *
 * @param constant the value of a name of the standard library, such as `http.default_retry`
 * @returns the definition, or all that is wrong with the source
 */
export function parseDefinition(
  text: string,
  limits: Limits,
  constant: (name: string) => Value | undefined,
): Definition | Fault[] {
  const start = { line: 1, column: 1, length: 0 };
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.source)
    return [fault('limit', start, `the source has ${bytes} bytes; the limit is ${limits.source}`)];
  const source = readSource(text);
  if (Array.isArray(source)) return source;
  const reader = new Reader(source, limits, constant);
  const routines = new Map<string, Routine>();
  const { root } = source;
  // A bare list of steps is main.
  if (root.kind === 'list') routines.set('main', routine(reader, 'main', root, undefined));
  else if (root.kind === 'map') {
    for (const entry of root.entries) routines.set(entry.key, named(reader, entry));
    if (!routines.has('main')) reader.fault('shape', root.at, "there is no workflow 'main'");
  } else reader.fault('shape', root.at, 'a definition is a list of steps, or a map with the workflow main');
  const main = routines.get('main');
  return reader.faults.length > 0 || !main ? reader.faults : { main, routines };
}

function named(reader: Reader, { key, keyAt, value }: SourceEntry): Routine {
  reader.workflow = key;
  if (!routineName.test(key))
    reader.fault(
      'shape',
      keyAt,
      `'${key}' can't be the name of a workflow: it takes letters, digits and '_'`,
    );
  // A routine without parameters may be its steps alone.
  if (value.kind === 'list') return routine(reader, key, value, undefined);
  const { params, steps } = reader.fields(value, `workflow '${key}'`, ['params', 'steps']);
  if (!steps && value.kind === 'map' && value.entries.every(({ key: field }) => field === 'params'))
    reader.fault('shape', keyAt, `workflow '${key}' has no steps`);
  return routine(reader, key, steps?.value, params?.value);
}

function routine(
  reader: Reader,
  name: string,
  steps: SourceNode | undefined,
  params: SourceNode | undefined,
): Routine {
  reader.workflow = name;
  reader.step = undefined;
  const read = params ? parseParams(reader, name, params) : [];
  const body = steps ? new StepParser(reader).list(steps, 'steps') : { steps: [] };
  const at = steps?.at ?? { line: 1, column: 1, length: 0 };
  reader.workflow = undefined;
  return { name, params: read, steps: body, at };
}

function parseParams(reader: Reader, routineName: string, node: SourceNode): Param[] {
  const items = reader.items(node, 'params');
  const most = routineName === 'main' ? reader.limits.mainParams : reader.limits.params;
  if (items.length > most)
    reader.fault(
      'limit',
      node.at,
      `workflow '${routineName}' has ${items.length} params; the limit is ${most}`,
    );
  const params: Param[] = [];
  for (const item of items) {
    // A parameter is a name, or a map of one name to its default.
    const entry = item.kind === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
    const param = entry ? withDefault(reader, routineName, entry) : bare(reader, item);
    if (!param) continue;
    if (params.some(({ name }) => name === param.name))
      reader.fault('duplicate', param.at, `duplicate param '${param.name}'`);
    params.push(param);
  }
  return params;
}

function bare(reader: Reader, node: SourceNode): Param | undefined {
  const name = reader.variable(node, 'a param');
  return name === undefined ? undefined : { name, at: node.at };
}

function withDefault(
  reader: Reader,
  routineName: string,
  { key, keyAt, value }: SourceEntry,
): Param | undefined {
  if (routineName === 'main')
    reader.fault(
      'shape',
      keyAt,
      `the param '${key}' of main can't have a default: it is the argument, or null`,
    );
  const name = reader.variable({ kind: 'scalar', value: key, at: keyAt, offset: 0 }, 'a param');
  const data = reader.data(value);
  if (name === undefined) return undefined;
  if (data.kind === 'literal') return { name, fallback: data.value, at: keyAt };
  reader.fault('shape', value.at, `the default of param '${name}' must be a literal`);
  return undefined;
}
