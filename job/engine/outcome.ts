/** How a copy to one destination went. */
import type { Counts } from './progress.ts';

/** Something that could not be copied. */
export interface Failed {
  /** `team/app:1.0`, or `team/app@sha256:…`. */
  readonly what: string;
  readonly why: string;
}

/** `partlyFailed`: some images could not be copied, all others were. `failed`: it stopped, or nothing could be. */
export type EngineState = 'succeeded' | 'partlyFailed' | 'failed' | 'dryRun';

/** The result. */
export interface EngineOutcome {
  readonly state: EngineState;
  readonly counts: Readonly<Counts>;
  readonly seconds: number;
  /** In the order in which they failed; the first is the reason to look at. At most {@link failuresKept}. */
  readonly failures: readonly Failed[];
  /** What stopped the copy, or the first failure. */
  readonly error: string | undefined;
  /** RFC 3339: what was pushed to the source later may not be copied. */
  readonly startTime: string;
}

/** More are counted and not kept. */
export const failuresKept = 1000;
