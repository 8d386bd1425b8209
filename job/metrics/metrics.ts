/** What a run of the job comes to, and where that is counted. The names are those of `generator/observability`. */
import { type Ending, stateOf } from '../commands/ending.ts';

/** What was done to one destination; what is left out was not done, or is not known. */
export interface Did {
  /** Versions. */
  readonly copied?: number;
  readonly deleted?: number;
  /** Versions that could not be copied. */
  readonly skipped?: number;
  /** Of a copy that succeeded: how old the state of the source was when it ended, in seconds. */
  readonly lagSeconds?: number | undefined;
}

/** A run that has ended. */
export interface EndedRun {
  /** `succeeded`, `partlyFailed`, `failed`, `started` or `dryRun`. */
  readonly state: string;
  readonly seconds: number;
  readonly results: readonly {
    /** Full resource name. */
    readonly destination: string;
    readonly state: string;
    readonly did?: Did;
  }[];
}

/**
 * A run by what became of each destination.
 *
 * @param good what a run is called in which nothing went wrong
 */
export function endedRun(
  results: readonly Ending[],
  seconds: number,
  good: 'succeeded' | 'started' | 'dryRun' = 'succeeded',
): EndedRun {
  const state = stateOf(results);
  return { state: state === 'succeeded' ? good : state, seconds, results };
}

/** Counts runs. */
export interface Metrics {
  began(): void;
  ended(run: EndedRun): void;
  /** Sends what was not sent yet. Takes a few seconds at most, and never fails. */
  close(): Promise<void>;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  began() {},
  ended() {},
  async close() {},
};
