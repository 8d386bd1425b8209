/**
 * Parallel steps: branches and iterations that run at once, each on a line of work of its own.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps
 */
import type { Parallel, StepList } from '../definition.ts';
import { systemError, typeError, valueError, WorkflowError } from '../errors.ts';
import { dict, isDict, isList, typeOf, type Value } from '../value.ts';
import { evaluateData } from './data.ts';
import { exceptionOf, Frame } from './frame.ts';
import type { Progress, StepEntry, StepType } from './history.ts';
import { itemsOf } from './loop.ts';
import type { Scope } from './scope.ts';
import { Slots } from './slots.ts';
import { type Completion, runList } from './steps.ts';

/** One branch or iteration. */
interface Work {
  /** What an UnhandledBranchError calls it. */
  readonly id: string;
  readonly step: string;
  readonly type: StepType;
  readonly progress: Progress;
  readonly body: StepList;
  readonly prepare: (scope: Scope) => void;
}

/** A branch that raised. */
interface Failure {
  readonly id: string;
  readonly error: WorkflowError;
}

/** Runs a parallel step: all branches to their end, whatever happens in one of them. */
export async function runParallel(
  action: Parallel,
  frame: Frame,
  scope: Scope,
  entry: StepEntry,
): Promise<Completion | undefined> {
  const { machine, thread, step } = frame;
  const depth = thread.parallelDepth + 1;
  if (depth > machine.limits.parallelDepth)
    throw systemError(
      'ParallelNestingError',
      `more than ${machine.limits.parallelDepth} parallel steps within each other`,
    );
  const work = await worksOf(action, frame, scope);
  const limit = await concurrencyOf(action, scope);
  const own = new Slots(limit ?? Number.POSITIVE_INFINITY);
  const shared = new Set(action.shared.map(({ name }) => name));
  const failures: Failure[] = [];
  let cancelled: { error: unknown } | undefined;
  const run = async (one: Work): Promise<void> => {
    await own.take();
    await machine.slots.take();
    try {
      await runBranch(one, depth, shared, frame, scope, entry);
    } catch (error) {
      if (error instanceof WorkflowError) failures.push({ id: one.id, error });
      else cancelled = { error };
    } finally {
      machine.slots.give();
      own.give();
    }
  };
  // While it waits a branch holds no slot, or branches within branches could wait for each other for ever.
  const inBranch = thread.parallelDepth > 0;
  if (inBranch) machine.slots.give();
  thread.waiting = true;
  try {
    await thread.fiber.idle(Promise.all(work.map(run)));
    if (inBranch) await thread.fiber.idle(Promise.resolve(machine.slots.take()));
  } finally {
    thread.waiting = false;
    frame.step = step;
    frame.entry = entry;
  }
  if (cancelled) throw cancelled.error;
  if (failures.length > 0) throw branchError(failures, machine.limits.branchErrors);
  return undefined;
}

async function runBranch(
  work: Work,
  depth: number,
  shared: ReadonlySet<string>,
  parent: Frame,
  outer: Scope,
  entry: StepEntry,
): Promise<void> {
  const { machine } = parent;
  const thread = machine.thread(depth);
  const frame = new Frame(thread, parent.routine, parent.depth);
  frame.step = parent.step;
  thread.current = { routine: parent.routine, step: work.step };
  const scope = outer.branch(frame, shared);
  const inner = machine.history.begin(
    work.type,
    { routine: parent.routine, step: work.step, thread: thread.id },
    entry,
    undefined,
    work.progress,
  );
  frame.entry = inner;
  thread.entry = inner;
  try {
    work.prepare(scope);
    await runList(work.body, frame, scope, inner);
    machine.history.end(inner);
  } catch (error) {
    const left = frame.leave(error);
    machine.history.end(inner, exceptionOf(left));
    throw left;
  } finally {
    scope.end();
    thread.end();
  }
}

async function worksOf({ work }: Parallel, frame: Frame, scope: Scope): Promise<Work[]> {
  if (work.kind === 'branches')
    return work.branches.map(({ name, body }, index) => ({
      id: name,
      step: name,
      type: 'STEP_PARALLEL_BRANCH_ENTRY' as const,
      progress: { type: 'PROGRESS_TYPE_PARALLEL_BRANCH', number: index + 1, expected: work.branches.length },
      body,
      prepare: () => {},
    }));
  const { loop } = work;
  const items = await itemsOf(loop, scope);
  return Array.from({ length: items.count }, (_, index) => ({
    id: String(index),
    step: frame.step?.name ?? '',
    type: 'STEP_FOR_ITERATION' as const,
    progress: { type: 'PROGRESS_TYPE_PARALLEL_FOR' as const, number: index + 1, expected: items.count },
    body: loop.body,
    prepare: (inner: Scope) => {
      inner.declare(loop.value, items.at(index));
      if (loop.index !== undefined) inner.declare(loop.index, BigInt(index));
    },
  }));
}

async function concurrencyOf({ concurrency }: Parallel, scope: Scope): Promise<number | undefined> {
  if (!concurrency) return undefined;
  const value = await evaluateData(concurrency, scope);
  if (typeof value !== 'bigint')
    throw typeError(`concurrency_limit must be an integer; got: ${typeOf(value)}`);
  if (value < 1n) throw valueError(`concurrency_limit must be positive; got: ${value}`);
  return Number(value);
}

/** What a parallel step raises when branches did, in the shape that the service is seen to use. */
function branchError(failures: readonly Failure[], most: number): WorkflowError {
  const tags = new Set<Value>(['UnhandledBranchError']);
  for (const { error } of failures) {
    const given = isDict(error.payload) ? (error.payload.get('tags') ?? null) : null;
    if (isList(given)) for (const tag of given) tags.add(tag);
    else tags.add('RuntimeError');
  }
  const message =
    'UnhandledBranchError: One or more branches or iterations encountered an unhandled runtime error';
  const branches = failures.slice(0, most).map(({ id, error }) => {
    const { payload, context } = error.toExecutionError();
    return dict({ error: dict({ context, payload }), id });
  });
  return new WorkflowError(
    dict({ branches, message, tags: [...tags], truncated: failures.length > most }),
    message,
  );
}
