/** Parses what holds steps of its own: loops, parallel steps, try blocks. */
import type { Branch, Data, For, Parallel, Retry, StepList, Try } from '../definition.ts';
import type { SourceEntry, SourceNode } from './nodes.ts';
import type { Reader } from './reader.ts';
import { type StepFields, type StepParser, stepFields } from './steps.ts';

/** Parses a loop. */
export function parseFor(reader: Reader, steps: StepParser, { value, keyAt }: SourceEntry): For {
  const fields = reader.fields(value, 'for', ['value', 'index', 'in', 'range', 'steps']);
  const over = fields.in ?? fields.range;
  if (value.kind === 'map') {
    if (!fields.value) reader.fault('shape', keyAt, "a loop needs 'value', the name of its variable");
    if (!over || (fields.in && fields.range))
      reader.fault('shape', keyAt, "a loop goes over either 'in' or 'range'");
    if (!fields.steps) reader.fault('shape', keyAt, "a loop needs 'steps'");
  }
  const index = fields.index && reader.variable(fields.index.value, 'the index of a loop');
  const list = over ? reader.data(over.value) : ({ kind: 'literal', value: null, at: value.at } as const);
  if (fields.in && list.kind === 'literal' && !Array.isArray(list.value))
    reader.fault('shape', fields.in.value.at, "'in' must be a list or an expression that gives one");
  if (fields.range && !fields.in && !isRange(list)) {
    reader.fault(
      'shape',
      fields.range.value.at,
      "'range' must be a list of two numbers or an expression that gives one",
    );
  }
  return {
    kind: 'for',
    value: (fields.value && reader.variable(fields.value.value, 'the value of a loop')) ?? '',
    ...(index !== undefined && { index }),
    over: fields.range ? { kind: 'range', ends: list } : { kind: 'in', list },
    body: fields.steps ? steps.list(fields.steps.value, 'steps') : { steps: [] },
    at: keyAt,
  };
}

/** Parses a parallel step. */
export function parseParallel(reader: Reader, steps: StepParser, { value, keyAt }: SourceEntry): Parallel {
  const fields = reader.fields(value, 'parallel', [
    'shared',
    'concurrency_limit',
    'exception_policy',
    'branches',
    'for',
  ]);
  if (value.kind === 'map' && Boolean(fields.branches) === Boolean(fields.for))
    reader.fault('shape', keyAt, "a parallel step has either 'branches' or 'for'");
  const policy = fields.exception_policy && reader.string(fields.exception_policy.value, 'exception_policy');
  if (fields.exception_policy && policy !== undefined && policy !== 'continueAll')
    reader.fault(
      'shape',
      fields.exception_policy.value.at,
      `exception_policy '${policy}': only continueAll exists`,
    );
  const shared = fields.shared
    ? reader.items(fields.shared.value, 'shared').flatMap((item) => {
        const name = reader.variable(item, 'a shared variable');
        return name === undefined ? [] : [{ name, at: item.at }];
      })
    : [];
  const concurrency = fields.concurrency_limit && reader.data(fields.concurrency_limit.value);
  if (concurrency?.kind === 'literal' && !(typeof concurrency.value === 'bigint' && concurrency.value > 0n))
    reader.fault('shape', concurrency.at, 'concurrency_limit must be a positive integer');
  return {
    kind: 'parallel',
    shared,
    ...(concurrency && { concurrency }),
    work: fields.for
      ? { kind: 'for', loop: parseFor(reader, steps, fields.for) }
      : { kind: 'branches', branches: fields.branches ? branches(reader, steps, fields.branches) : [] },
    at: keyAt,
  };
}

function branches(reader: Reader, parser: StepParser, { value }: SourceEntry): Branch[] {
  const { steps } = parser.list(value, 'branches');
  const { least, most } = reader.limits.branches;
  if (value.kind === 'list' && (steps.length < least || steps.length > most))
    reader.fault(
      'limit',
      value.at,
      `a parallel step has ${least} to ${most} branches; found ${steps.length}`,
    );
  return steps.map((step) => ({
    name: step.name,
    body:
      step.action.kind === 'steps' && !step.next ? step.action.body : { steps: [{ ...step, inline: true }] },
    at: step.at,
  }));
}

/** Parses a try block with what belongs to it. */
export function parseTry(
  reader: Reader,
  steps: StepParser,
  { value, keyAt }: SourceEntry,
  { retry, except }: StepFields,
): Try {
  if (!retry && !except) reader.fault('shape', keyAt, "'try' needs 'retry' or 'except'");
  return {
    kind: 'try',
    body: tried(reader, steps, value),
    ...(retry && { retry: parseRetry(reader, retry.value) }),
    ...(except && { except: parseExcept(reader, steps, except) }),
    at: keyAt,
  };
}

function tried(reader: Reader, steps: StepParser, node: SourceNode): StepList {
  if (node.kind === 'list') return steps.list(node, 'try');
  const fields = reader.fields(node, 'try', stepFields);
  if (fields.steps) {
    for (const name of stepFields)
      if (name !== 'steps' && fields[name])
        reader.fault('shape', fields[name].keyAt, `'${name}' can't stand beside 'steps'`);
    return steps.list(fields.steps.value, 'steps');
  }
  // The service's parser refuses this, in these words; the loop must stand in steps.
  if (fields.for)
    reader.fault('shape', fields.for.keyAt, 'loop step name should not be empty (wrap the loop in steps)');
  if (fields.parallel)
    reader.fault('shape', fields.parallel.keyAt, 'parallel step name should not be empty (wrap it in steps)');
  const action = steps.action(fields);
  const next = fields.next && steps.jump(fields.next.value);
  return {
    steps: [{ name: reader.step ?? '', inline: true, action, ...(next && { next }), at: node.at }],
  };
}

function parseExcept(
  reader: Reader,
  steps: StepParser,
  { value, keyAt }: SourceEntry,
): NonNullable<Try['except']> {
  const fields = reader.fields(value, 'except', ['as', 'steps']);
  const as = fields.as && reader.variable(fields.as.value, "the variable of 'except'");
  if (!fields.steps && value.kind === 'map') reader.fault('shape', keyAt, "'except' needs 'steps'");
  return {
    ...(as !== undefined && { as }),
    body: fields.steps ? steps.list(fields.steps.value, 'steps') : { steps: [] },
    at: keyAt,
  };
}

function parseRetry(reader: Reader, node: SourceNode): Retry {
  const policy = reader.code(node);
  if (policy) return { kind: 'policy', policy };
  const fields = reader.fields(node, 'retry', ['predicate', 'max_retries', 'backoff']);
  const predicate = fields.predicate && reader.code(fields.predicate.value);
  if (fields.predicate && !predicate)
    reader.fault('shape', fields.predicate.value.at, 'predicate must be an expression that names a function');
  if (fields.backoff && !reader.code(fields.backoff.value))
    reader.fields(fields.backoff.value, 'backoff', ['initial_delay', 'max_delay', 'multiplier']);
  return {
    kind: 'parts',
    ...(predicate && { predicate }),
    ...(fields.max_retries && { maxRetries: reader.data(fields.max_retries.value) }),
    ...(fields.backoff && { backoff: reader.data(fields.backoff.value) }),
    at: node.at,
  };
}

function isRange(data: Data): boolean {
  if (data.kind === 'code') return true;
  if (data.kind === 'list') return data.items.length === 2;
  return (
    data.kind === 'literal' &&
    Array.isArray(data.value) &&
    data.value.length === 2 &&
    data.value.every((end) => typeof end === 'bigint' || typeof end === 'number')
  );
}
