/** What a mirror did to one destination. */
import type { RepositoryName } from '../../generator/plan.ts';
import type { Difference, Refusal } from '../difference/difference.ts';

/** A change that was planned and not made, and why. */
export interface NotDone {
  readonly package: string;
  /** `delete app@sha256:…`, `move app:latest`. */
  readonly what: string;
  readonly why: string;
  /** Whether the service refused it; otherwise the two sides changed meanwhile, and the next run decides anew. */
  readonly failed: boolean;
}

export interface MirrorOutcome {
  readonly destination: RepositoryName;
  /**
   * `refused`: a guard forbade the deletes. `partlyFailed`: some changes were not made. `dryRun`: nothing was
   * changed, `planned` says what would be.
   */
  readonly state: 'succeeded' | 'partlyFailed' | 'refused' | 'dryRun';
  /** What was found to differ at the beginning. */
  readonly planned: Difference;
  readonly created: number;
  readonly moved: number;
  readonly removed: number;
  readonly deleted: number;
  /** Bytes of the versions that were deleted. */
  readonly bytes: number;
  readonly notDone: readonly NotDone[];
  readonly refusals: readonly Refusal[];
  /** Whether a second look found nothing left to do; undefined where there was none. */
  readonly equal: boolean | undefined;
  /** Why there was no second look at what was changed. */
  readonly unseen: string | undefined;
  readonly seconds: number;
}
