/**
 * Reads steps.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax
 */
import { Expression } from '../../expression/tree.ts';
import type { Call, Case, Step, Value } from '../steps.ts';
import { readLoop, readParallel, readTry } from './blocks.ts';
import type { Reader } from './reader.ts';
import type { Entry, SourceNode } from './source.ts';

/** What a step does; it has one of them at most. */
const actions = ['assign', 'call', 'switch', 'for', 'parallel', 'try', 'raise', 'return', 'steps'] as const;
/** What goes with one of them, and what with any. */
const companions = { args: 'call', result: 'call', retry: 'try', except: 'try' } as const;
export const stepKeys = [...actions, 'args', 'result', 'retry', 'except', 'next'] as const;

/** The entries of a step. */
export type StepFields = Partial<Record<(typeof stepKeys)[number], Entry>>;

/** A list of steps, each a map of its name to what it is. */
export function readSteps(reader: Reader, node: SourceNode, what: string): Step[] {
  const items = reader.list(node, what);
  if (node.kind === 'list' && items.length === 0)
    reader.fault('shape', node.range, `${what} must not be empty`);
  return items.flatMap((item) =>
    readNamed(reader, item, 'a step').map((entry) => {
      const outer = reader.step;
      reader.step = String(entry.key.value);
      const step = readStep(reader, entry);
      reader.step = outer;
      return step;
    }),
  );
}

/** The one entry of a map such as `- name: …`. */
export function readNamed(reader: Reader, item: SourceNode, what: string): readonly Entry[] {
  const entries = reader.map(item, what);
  if (item.kind !== 'map' || entries.length === 1) return entries;
  reader.fault(
    'shape',
    item.range,
    `${what} must be a map with one key, its name; found ${entries.length}`,
    'is what belongs to it indented further than its name?',
  );
  return [];
}

function readStep(reader: Reader, { key, value }: Entry): Step {
  if (value.kind === 'map' && value.entries.length === 0)
    reader.fault('shape', key.range, `step "${String(key.value)}" does nothing`);
  const fields = reader.fields(value, 'a step', stepKeys);
  return reader.places.set(readAction(reader, fields, { name: String(key.value) }), key.range);
}

/** Name and marks of the step that an action is read for. */
export interface Head {
  readonly name: string;
  readonly inline?: true;
}

/** A step written in place: it bears the name of what it stands in. */
export function readInline(reader: Reader, node: SourceNode, fields: StepFields, name: string): Step {
  return reader.places.set(readAction(reader, fields, { name, inline: true }), node.range);
}

/** What a step does, from the entries it has. */
function readAction(reader: Reader, fields: StepFields, named: Head): Step {
  const [first, second] = actions.flatMap((one) => fields[one] ?? []);
  if (second)
    reader.fault(
      'shape',
      second.key.range,
      `a step does one thing: "${second.key.value}" cannot stand beside "${first?.key.value}"`,
    );
  for (const [name, owner] of Object.entries(companions) as [keyof typeof companions, 'call' | 'try'][]) {
    const entry = fields[name];
    if (entry && !fields[owner])
      reader.fault('shape', entry.key.range, `"${name}" goes with "${owner}" only`);
  }
  const next = readNext(reader, fields);
  const head = { ...named, ...(next !== undefined && { next }) };
  const step = readKind(reader, fields, head);
  if (fields.next) reader.places.setField(step, 'next', fields.next.value.range);
  return step;
}

function readKind(reader: Reader, fields: StepFields, head: Head & { next?: string }): Step {
  if (fields.assign)
    return { ...head, kind: 'assign', assignments: readAssignments(reader, fields.assign.value) };
  if (fields.call) return readCall(reader, fields.call, fields, head);
  if (fields.switch)
    return { ...head, kind: 'switch', cases: readCases(reader, fields.switch.value, head.name) };
  if (fields.for) return { ...head, kind: 'for', ...readLoop(reader, fields.for) };
  if (fields.parallel) return readParallel(reader, fields.parallel, head);
  if (fields.try) return readTry(reader, fields.try, fields, head);
  if (fields.raise) return { ...head, kind: 'raise', value: reader.value(fields.raise.value) };
  if (fields.return) return { ...head, kind: 'return', value: reader.value(fields.return.value) };
  if (fields.steps)
    return { ...head, kind: 'steps', steps: readSteps(reader, fields.steps.value, '"steps"') };
  const { next: to = 'end', ...rest } = head;
  return { ...rest, kind: 'next', to };
}

function readNext(reader: Reader, { next }: StepFields): string | undefined {
  return next && reader.text(next.value, '"next"');
}

function readAssignments(reader: Reader, node: SourceNode): (readonly [Expression, Value])[] {
  return reader
    .list(node, '"assign"')
    .flatMap((item) =>
      readNamed(reader, item, 'an assignment').map(
        ({ key, value }) => [reader.target(key, 'what is assigned'), reader.value(value)] as const,
      ),
    );
}

function readCall(reader: Reader, { value }: Entry, { args, result }: StepFields, head: Head): Call {
  const from = args && reader.expression(args.value);
  const isEmpty = args?.value.kind === 'scalar' && args.value.value === null;
  const entries = args && !from && !isEmpty ? reader.map(args.value, '"args"') : [];
  const name = result && reader.text(result.value, '"result"');
  if (result?.value.kind === 'scalar' && name !== undefined) reader.target(result.value, '"result"');
  const step: Call = {
    ...head,
    kind: 'call',
    function: reader.text(value, '"call"') ?? '',
    arguments: Object.fromEntries(
      entries.map((entry) => [String(entry.key.value), reader.value(entry.value)]),
    ),
    ...(from && { argumentsFrom: from }),
    ...(name !== undefined && { result: name }),
  };
  reader.places.setField(step, 'call', value.range);
  for (const { key } of entries) reader.places.setField(step, `args.${String(key.value)}`, key.range);
  if (result) reader.places.setField(step, 'result', result.value.range);
  return step;
}

function readCases(reader: Reader, node: SourceNode, name: string): Case[] {
  const items = reader.list(node, '"switch"');
  if (node.kind === 'list' && items.length === 0)
    reader.fault('shape', node.range, '"switch" must not be empty');
  return items.flatMap((item): Case[] => {
    const { condition, ...fields } = reader.fields(item, 'a condition', ['condition', ...stepKeys]);
    if (!condition) {
      if (item.kind === 'map') reader.fault('shape', item.range, 'there is no "condition"');
      return [];
    }
    const when = reader.value(condition.value);
    if (typeof when === 'string' || typeof when === 'number' || when === null)
      reader.fault('shape', condition.value.range, 'a condition must be an expression, true or false');
    const next = readNext(reader, fields);
    const made: Case = {
      condition: when === true ? true : asExpression(reader, when, condition),
      steps: readBlock(reader, item, fields, name),
      ...(next !== undefined && { next }),
    };
    if (fields.next) reader.places.setField(made, 'next', fields.next.value.range);
    return [reader.places.set(made, item.range)];
  });
}

/** A condition of `false` is an expression too: only `true` is a case of its own. */
function asExpression(reader: Reader, when: Value, { value }: Entry): Expression {
  const found = reader.expression(value);
  if (found) return found;
  if (typeof when !== 'boolean' && typeof when === 'object' && when !== null)
    reader.fault('shape', value.range, 'a condition must be an expression, true or false');
  return reader.places.set(literalFalse(), value.range);
}

/** The steps of a case, a branch or a `try`: a list, or one action in place, or none. */
export function readBlock(reader: Reader, node: SourceNode, fields: StepFields, name: string): Step[] {
  if (fields.steps && !actions.some((one) => one !== 'steps' && fields[one]))
    return readSteps(reader, fields.steps.value, '"steps"');
  if (!actions.some((one) => fields[one])) return [];
  const { next: _, ...rest } = fields;
  return [readInline(reader, node, rest, name)];
}

function literalFalse(): Expression {
  return new Expression({ kind: 'boolean', value: false });
}
