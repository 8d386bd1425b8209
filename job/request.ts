/** What a command was asked to do, complete: every field given or defaulted, every value checked. */
import type { MirrorPlan, PollPlan, RepositoryName } from '../generator/plan.ts';

/** What CopyRepository is asked for; fields that were left out are not sent. */
export interface CopyBehavior {
  readonly continueOnSkippedVersion?: boolean;
  readonly maxVersionAgeDays?: number;
  readonly allAttachmentsIncluded?: boolean;
  readonly allTagsExcluded?: boolean;
  readonly [field: string]: unknown;
}

/** The fields that every command shares. */
export interface JobRequest {
  readonly source: RepositoryName;
  /** At least one, none twice, none the source. */
  readonly destinations: readonly RepositoryName[];
  readonly behavior: CopyBehavior;
  readonly allowSkippedVersions: boolean;
  readonly poll: PollPlan;
  /** `false`: return as soon as the copies are started. */
  readonly wait: boolean;
  readonly mirror: MirrorPlan;
  /**
   * When the copy that the mirror or verification follows was started, milliseconds since the epoch: what came
   * later is neither missing nor deleted. Undefined: the moment at which the command starts.
   */
  readonly copyStartTime: number | undefined;
  readonly dryRun: boolean;
  /** Versions that the copy reported as skipped: not counted as missing. */
  readonly skippedVersions: number;
  /** Requests, writes and deletes that this process may send in a minute. */
  readonly limits: { readonly requests: number; readonly writes: number; readonly deletes: number };
  /** `CLOUD_RUN_TASK_INDEX` and `CLOUD_RUN_TASK_COUNT`. */
  readonly task: { readonly index: number; readonly count: number };
}

/** Exit codes of the job, the same for every command. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** `plan --detailed-exitcode`: there is something to do. */
  differences: 2,
  /** Some destinations, or some versions, and not all. */
  partlyFailed: 3,
  usage: 64,
} as const;
