/** Loops. https://cloud.google.com/workflows/docs/reference/syntax/iteration */
import type { For } from '../definition.ts';
import { typeError } from '../errors.ts';
import { isList, type List, typeOf, type Value } from '../value.ts';
import { evaluateData } from './data.ts';
import { exceptionOf, type Frame } from './frame.ts';
import type { StepEntry } from './history.ts';
import type { Scope } from './scope.ts';
import { type Completion, runList } from './steps.ts';

/** What a loop goes over, known before the first iteration. */
export interface Items {
  readonly count: number;
  /** The value of an iteration, counted from 0. */
  at(index: number): Value;
}

/**
 * What a loop goes over.
 *
 * @throws WorkflowError TypeError
 */
export async function itemsOf({ over }: For, scope: Scope): Promise<Items> {
  const value = await evaluateData(over.kind === 'in' ? over.list : over.ends, scope);
  if (over.kind === 'range') return rangeOf(value);
  if (!isList(value)) throw typeError(`a loop goes over a list; got: ${typeOf(value)}`);
  return { count: value.length, at: (index) => (value as List)[index] ?? null };
}

/** Both ends are in the range; it counts up by one, and a start behind the end gives nothing. */
function rangeOf(value: Value): Items {
  if (!isList(value) || value.length !== 2)
    throw typeError(`a range is a list of two numbers; got: ${typeOf(value)}`);
  const [start, end] = value as [Value, Value];
  if (typeof start === 'bigint' && typeof end === 'bigint')
    return { count: Math.max(0, Number(end - start) + 1), at: (index) => start + BigInt(index) };
  for (const one of [start, end])
    if (typeof one !== 'bigint' && typeof one !== 'number')
      throw typeError(`the ends of a range must be numbers; got: ${typeOf(one)}`);
  const first = Number(start);
  return { count: Math.max(0, Math.floor(Number(end) - first) + 1), at: (index) => first + index };
}

/** Runs a loop. Variables made in it last until it ends. */
export async function runFor(
  loop: For,
  frame: Frame,
  outer: Scope,
  entry: StepEntry,
): Promise<Completion | undefined> {
  const { step } = frame;
  const items = await itemsOf(loop, outer);
  const scope = outer.block();
  const { history } = frame.machine;
  let previous: StepEntry | undefined;
  try {
    for (let index = 0; index < items.count; index++) {
      scope.declare(loop.value, items.at(index));
      if (loop.index !== undefined) scope.declare(loop.index, BigInt(index));
      const inner = history.begin(
        'STEP_FOR_ITERATION',
        { routine: frame.routine, step: step?.name ?? '', thread: frame.thread.id },
        entry,
        previous,
        { type: 'PROGRESS_TYPE_FOR', number: index + 1, expected: items.count },
      );
      previous = inner;
      let done: Completion | undefined;
      try {
        done = await runList(loop.body, frame, scope, inner);
      } catch (error) {
        history.end(inner, exceptionOf(error));
        throw error;
      }
      history.end(inner);
      if (done?.kind === 'break') return undefined;
      if (done && done.kind !== 'continue') return done;
    }
    return undefined;
  } finally {
    scope.end();
  }
}
