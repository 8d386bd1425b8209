/**
 * What an execution did, step by step: the step entries of the Executions API.
 *
 * https://cloud.google.com/workflows/docs/debug-steps
 */

import type { Dict, Value } from '../value.ts';

/** `StepEntry.StepType`. */
export type StepType =
  | 'STEP_ASSIGN'
  | 'STEP_STD_LIB_CALL'
  | 'STEP_CONNECTOR_CALL'
  | 'STEP_SUBWORKFLOW_CALL'
  | 'STEP_CALL'
  | 'STEP_SWITCH'
  | 'STEP_CONDITION'
  | 'STEP_FOR'
  | 'STEP_FOR_ITERATION'
  | 'STEP_PARALLEL_FOR'
  | 'STEP_PARALLEL_BRANCH'
  | 'STEP_PARALLEL_BRANCH_ENTRY'
  | 'STEP_TRY_RETRY_EXCEPT'
  | 'STEP_TRY'
  | 'STEP_RETRY'
  | 'STEP_EXCEPT'
  | 'STEP_RETURN'
  | 'STEP_RAISE'
  | 'STEP_GOTO';

/** `StepEntry.State`. */
type StepState = 'STATE_IN_PROGRESS' | 'STATE_SUCCEEDED' | 'STATE_FAILED';

/** `StepEntryMetadata.ProgressType`. */
type ProgressType =
  | 'PROGRESS_TYPE_FOR'
  | 'PROGRESS_TYPE_SWITCH'
  | 'PROGRESS_TYPE_RETRY'
  | 'PROGRESS_TYPE_PARALLEL_FOR'
  | 'PROGRESS_TYPE_PARALLEL_BRANCH';

/** How far a block is: the number of this iteration, condition, attempt or branch, from 1, and of how many. */
export interface Progress {
  readonly type: ProgressType;
  readonly number: number;
  readonly expected?: number;
}

/** One entry. Ids count from 1; times are milliseconds since the epoch. */
export interface StepEntry {
  readonly id: number;
  readonly routine: string;
  readonly step: string;
  readonly type: StepType;
  readonly thread: number;
  readonly created: number;
  updated: number;
  state: StepState;
  /** What was raised, as JSON. */
  exception?: string;
  readonly progress?: Progress;
  readonly parent?: number;
  readonly previous?: number;
  next?: number;
  children?: number[];
  /** What was in scope when it ended, where the history is detailed. */
  variables?: Dict;
  /** The arguments of a call by name, and what it gave, where the history is detailed. The API does not show them. */
  input?: Dict;
  output?: Value;
}

/** The entries of one execution. */
export class History {
  readonly entries: StepEntry[] = [];
  readonly #now: () => number;
  readonly #see: (entry: StepEntry) => void;
  readonly #isDetailed: boolean;

  /** @param see called when an entry is made and when it ends */
  constructor(now: () => number, see: (entry: StepEntry) => void, isDetailed: boolean) {
    this.#now = now;
    this.#see = see;
    this.#isDetailed = isDetailed;
  }

  /** Notes that a step or block begins. */
  begin(
    type: StepType,
    { routine, step, thread }: { routine: string; step: string; thread: number },
    parent: StepEntry | undefined,
    previous: StepEntry | undefined,
    progress?: Progress,
  ): StepEntry {
    const now = this.#now();
    const id = this.entries.length + 1;
    const entry: StepEntry = {
      id,
      routine,
      step,
      type,
      thread,
      created: now,
      updated: now,
      state: 'STATE_IN_PROGRESS',
      ...(progress && { progress }),
      ...(parent && { parent: parent.id }),
      ...(previous && { previous: previous.id }),
    };
    if (previous) previous.next = id;
    if (parent) {
      if (parent.children) parent.children.push(id);
      else parent.children = [id];
    }
    this.entries.push(entry);
    this.#see(entry);
    return entry;
  }

  /**
   * Notes that it ended.
   *
   * @param exception what was raised when it failed
   * @param scope its variables, for a detailed history
   */
  end(entry: StepEntry, exception?: string, scope?: { variables(): Dict }): void {
    if (this.#isDetailed && scope) entry.variables = scope.variables();
    entry.updated = this.#now();
    if (exception === undefined) entry.state = 'STATE_SUCCEEDED';
    else {
      entry.state = 'STATE_FAILED';
      entry.exception = exception;
    }
    this.#see(entry);
  }
}
