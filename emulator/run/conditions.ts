/** What tasks come to, in words and as conditions. */
import { type Condition, timestamp } from './resource.ts';
import type { Task } from './task.ts';

/** The end of an execution, or of one task. */
export interface Outcome {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly message: string;
}

/**
 * What tasks that are over come to: one that was cancelled or failed decides.
 *
 * @param execution the execution's id
 */
export function outcomeOf(execution: string, tasks: readonly Task[]): Outcome {
  if (tasks.some(({ state }) => state === 'cancelled'))
    return { state: 'cancelled', message: `Execution ${execution} was cancelled.` };
  const failed = tasks.find(({ state }) => state === 'failed');
  if (failed) {
    const { exitCode = 0, status } = failed.result ?? {};
    const message = `Task ${execution}-task${failed.index} failed with exit code: ${exitCode} and message: ${status?.message ?? ''}`;
    return { state: 'failed', message };
  }
  return { state: 'succeeded', message: 'Execution completed successfully.' };
}

/** What conditions are made of. */
interface Subject {
  readonly id: string;
  readonly createTime: number;
  readonly tasks: readonly Task[];
  readonly isOver: boolean;
  readonly isCancelled: boolean;
}

/** The conditions of an execution, or of one of its tasks. */
export function conditionsOf(subject: Subject): Condition[] {
  const { createTime, tasks } = subject;
  const starts = tasks.flatMap(({ startTime }) => startTime ?? []);
  const ready: Condition = {
    type: 'ResourcesAvailable',
    state: 'CONDITION_SUCCEEDED',
    lastTransitionTime: timestamp(createTime),
  };
  const started: Condition =
    starts.length > 0
      ? {
          type: 'Started',
          state: 'CONDITION_SUCCEEDED',
          lastTransitionTime: timestamp(Math.min(...starts)),
        }
      : { type: 'Started', state: 'CONDITION_PENDING', lastTransitionTime: timestamp(createTime) };
  return [completed(subject), ready, started];
}

function completed({ id, createTime, tasks, isOver, isCancelled }: Subject): Condition {
  if (!isOver)
    return {
      type: 'Completed',
      state: 'CONDITION_RECONCILING',
      lastTransitionTime: timestamp(createTime),
      ...(isCancelled && { executionReason: 'CANCELLING' as const }),
    };
  const lastTransitionTime = timestamp(
    Math.max(...tasks.map(({ completionTime }) => completionTime ?? createTime)),
  );
  const { state, message } = outcomeOf(id, tasks);
  if (state === 'succeeded')
    return { type: 'Completed', state: 'CONDITION_SUCCEEDED', message, lastTransitionTime };
  const isExit = tasks.some(({ result }) => result?.exitCode !== undefined);
  return {
    type: 'Completed',
    state: 'CONDITION_FAILED',
    message,
    lastTransitionTime,
    ...(state === 'cancelled'
      ? { executionReason: 'CANCELLED' as const }
      : isExit && { executionReason: 'NON_ZERO_EXIT_CODE' as const }),
  };
}
