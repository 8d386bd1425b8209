/**
 * A workflow's file to a step tree: what `npm run check-workflow` looks at. The generator itself never reads one.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax
 */
import type { Places } from './read/places.ts';
import { Reader, type ReadFault } from './read/reader.ts';
import { type Entry, readSource, type SourceNode } from './read/source.ts';
import { readSteps } from './read/steps.ts';
import type { Routine, Value, Workflow } from './steps.ts';

/** A file that was read. */
export interface ReadWorkflow {
  /** What could be read of it; without faults, all of it. */
  readonly workflow: Workflow;
  readonly places: Places;
  readonly faults: readonly ReadFault[];
  /** Its nodes; undefined where it is no YAML. */
  readonly root: SourceNode | undefined;
}

export function readWorkflow(text: string): ReadWorkflow {
  const reader = new Reader();
  const { places, faults } = reader;
  const source = readSource(text);
  if (!('kind' in source)) {
    reader.fault('syntax', source.range, source.message, source.hint);
    return { workflow: { routines: [] }, places, faults, root: undefined };
  }
  return { workflow: { routines: readRoutines(reader, source) }, places, faults, root: source };
}

function readRoutines(reader: Reader, root: SourceNode): Routine[] {
  // Steps alone are main.
  if (root.kind === 'list') return [readRoutine(reader, 'main', root, undefined)];
  if (root.kind === 'map') return root.entries.map((entry) => readNamedRoutine(reader, entry));
  reader.fault('shape', root.range, 'a workflow is a list of steps, or a map with "main"');
  return [];
}

function readNamedRoutine(reader: Reader, { key, value }: Entry): Routine {
  const name = String(key.value);
  reader.routine = name;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    reader.fault('shape', key.range, `"${name}" is no name of a subworkflow: letters, digits and "_"`);
  if (value.kind === 'list') return reader.places.set(readRoutine(reader, name, value, undefined), key.range);
  const fields = reader.fields(value, `"${name}"`, ['params', 'steps']);
  if (value.kind === 'map' && !fields.steps) reader.fault('shape', key.range, `"${name}" has no steps`);
  return reader.places.set(readRoutine(reader, name, fields.steps?.value, fields.params?.value), key.range);
}

function readRoutine(
  reader: Reader,
  name: string,
  steps: SourceNode | undefined,
  params: SourceNode | undefined,
): Routine {
  reader.routine = name;
  reader.step = '';
  const parameters: string[] = [];
  const defaults: Record<string, Value> = {};
  for (const item of params ? reader.list(params, '"params"') : []) {
    const [entry] = item.kind === 'map' && item.entries.length === 1 ? item.entries : [];
    const parameter = reader.name(entry?.key ?? item, 'a parameter');
    if (parameter === undefined) continue;
    if (parameters.includes(parameter))
      reader.fault('shape', item.range, `"${parameter}" is a parameter already`);
    parameters.push(parameter);
    if (!entry) continue;
    if (name === 'main')
      reader.fault(
        'shape',
        entry.value.range,
        'the parameter of main can have no default: it is the argument',
      );
    defaults[parameter] = reader.value(entry.value);
  }
  return {
    name,
    comment: '',
    parameters,
    ...(Object.keys(defaults).length > 0 && { defaults }),
    steps: steps ? readSteps(reader, steps, '"steps"') : [],
  };
}
