/** Reads what holds steps of its own: loops, parallel steps, `try`. */
import { Expression } from '../../expression/tree.ts';
import type { Branch, LooseRetry, Over, Parallel, ParallelFor, Step, Try, Value } from '../steps.ts';
import type { Reader } from './reader.ts';
import type { Entry, SourceNode } from './source.ts';
import { type Head, readBlock, readNamed, readSteps, type StepFields, stepKeys } from './steps.ts';

interface Loop {
  readonly value: string;
  readonly index?: string;
  readonly over: Over;
  readonly atMost: number;
  readonly steps: readonly Step[];
}

export function readLoop(reader: Reader, { key, value }: Entry): Loop {
  const fields = reader.fields(value, '"for"', ['value', 'index', 'in', 'range', 'steps']);
  if (value.kind === 'map') {
    if (!fields.value) reader.fault('shape', key.range, 'a loop needs "value", the name of its variable');
    if (Boolean(fields.in) === Boolean(fields.range))
      reader.fault('shape', key.range, 'a loop goes over either "in" or "range"');
    if (!fields.steps) reader.fault('shape', key.range, 'a loop needs "steps"');
  }
  const index = fields.index && reader.name(fields.index.value, '"index"');
  const over = readOver(reader, fields);
  return {
    value: (fields.value && reader.name(fields.value.value, '"value"')) ?? '',
    ...(index !== undefined && { index }),
    over,
    atMost: mostIterations(over),
    steps: fields.steps ? readSteps(reader, fields.steps.value, '"steps"') : [],
  };
}

function readOver(reader: Reader, fields: { in?: Entry; range?: Entry }): Over {
  if (!fields.range) {
    const list = fields.in ? reader.value(fields.in.value) : [];
    if (fields.in && !(list instanceof Expression) && !Array.isArray(list))
      reader.fault('shape', fields.in.value.range, '"in" must be a list, or an expression that gives one');
    return { in: list };
  }
  const ends = reader.value(fields.range.value);
  if (ends instanceof Expression) return { range: ends };
  const [first = 0, last = 0, ...more] = Array.isArray(ends) ? (ends as Value[]) : [];
  if (!Array.isArray(ends) || ends.length < 2 || more.length > 0)
    reader.fault('shape', fields.range.value.range, '"range" must be a list of two numbers');
  return { range: [first, last] };
}

function mostIterations(over: Over): number {
  if ('in' in over) return Array.isArray(over.in) ? over.in.length : Number.POSITIVE_INFINITY;
  if (over.range instanceof Expression) return Number.POSITIVE_INFINITY;
  const [first, last] = over.range;
  if (typeof first !== 'number' || typeof last !== 'number') return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(last - first) + 1);
}

export function readParallel(reader: Reader, { key, value }: Entry, head: Head): Parallel | ParallelFor {
  const fields = reader.fields(value, '"parallel"', [
    'shared',
    'concurrency_limit',
    'exception_policy',
    'branches',
    'for',
  ]);
  if (value.kind === 'map' && Boolean(fields.branches) === Boolean(fields.for))
    reader.fault('shape', key.range, 'a parallel step has either "branches" or "for"');
  const policy = fields.exception_policy?.value;
  if (policy && reader.text(policy, '"exception_policy"') !== 'continueAll')
    reader.fault('shape', policy.range, 'the only exception policy is continueAll');
  const shared = fields.shared
    ? reader
        .list(fields.shared.value, '"shared"')
        .flatMap((item) => reader.name(item, 'a shared variable') ?? [])
    : [];
  const limit = fields.concurrency_limit && reader.value(fields.concurrency_limit.value);
  const concurrent = { ...head, shared, ...(limit !== undefined && { concurrencyLimit: limit }) };
  if (fields.for) return { ...concurrent, kind: 'parallelFor', ...readLoop(reader, fields.for) };
  const branches = fields.branches ? readBranches(reader, fields.branches.value) : [];
  return { ...concurrent, kind: 'parallel', branches };
}

function readBranches(reader: Reader, node: SourceNode): Branch[] {
  return reader.list(node, '"branches"').flatMap((item) =>
    readNamed(reader, item, 'a branch').map(({ key, value }) => {
      const name = String(key.value);
      const fields = reader.fields(value, 'a branch', stepKeys);
      return reader.places.set({ name, steps: readBlock(reader, value, fields, name) }, key.range);
    }),
  );
}

export function readTry(reader: Reader, { key, value }: Entry, fields: StepFields, head: Head): Try {
  const { retry, except } = fields;
  if (!retry && !except) reader.fault('shape', key.range, '"try" needs "retry" or "except"');
  return {
    ...head,
    kind: 'try',
    steps: readTried(reader, value, head.name),
    ...(retry && { retry: readRetry(reader, retry.value) }),
    ...(except && { except: readExcept(reader, except) }),
  };
}

function readTried(reader: Reader, node: SourceNode, name: string): Step[] {
  if (node.kind === 'list') return readSteps(reader, node, '"try"');
  const fields = reader.fields(node, '"try"', stepKeys);
  for (const kind of ['for', 'parallel'] as const)
    if (fields[kind])
      reader.fault(
        'shape',
        fields[kind].key.range,
        `"${kind}" cannot stand directly in "try"`,
        'put it into "steps"',
      );
  return readBlock(reader, node, fields, name);
}

function readExcept(reader: Reader, { key, value }: Entry): NonNullable<Try['except']> {
  const fields = reader.fields(value, '"except"', ['as', 'steps']);
  if (!fields.steps && value.kind === 'map') reader.fault('shape', key.range, '"except" needs "steps"');
  const as = fields.as && reader.name(fields.as.value, '"as"');
  return {
    ...(as !== undefined && { as }),
    steps: fields.steps ? readSteps(reader, fields.steps.value, '"steps"') : [],
  };
}

function readRetry(reader: Reader, node: SourceNode): LooseRetry {
  const policy = reader.expression(node);
  if (policy) return reader.places.set({ policy }, node.range);
  const fields = reader.fields(node, '"retry"', ['predicate', 'max_retries', 'backoff']);
  const given = fields.predicate && reader.expression(fields.predicate.value);
  const predicate = given && functionName(given);
  if (fields.predicate && predicate === undefined)
    reader.fault(
      'shape',
      fields.predicate.value.range,
      '"predicate" must be an expression that names a function',
    );
  if (fields.backoff && !reader.expression(fields.backoff.value))
    reader.fields(fields.backoff.value, '"backoff"', ['initial_delay', 'max_delay', 'multiplier']);
  return reader.places.set(
    {
      ...(predicate !== undefined && { predicate }),
      ...(fields.max_retries && { maxRetries: reader.value(fields.max_retries.value) }),
      ...(fields.backoff && { backoff: reader.value(fields.backoff.value) }),
    },
    node.range,
  );
}

/** `http.default_retry_predicate`, of an expression that is only that. */
function functionName({ node }: Expression): string | undefined {
  if (node.kind === 'variable') return node.name;
  if (node.kind !== 'member') return undefined;
  const of = functionName(new Expression(node.of));
  return of === undefined ? undefined : `${of}.${node.key}`;
}
