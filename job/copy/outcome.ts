/** How a copy to one destination went. */
import type { RepositoryName } from '../../generator/plan.ts';

/** `started`: it was not waited for. `partlyFailed`: done, and versions were skipped that should not be. */
export type CopyState = 'succeeded' | 'partlyFailed' | 'failed' | 'started' | 'dryRun';

/** One row of the result. The workflow's rows have the same fields. */
export interface CopyOutcome {
  readonly destination: RepositoryName;
  readonly state: CopyState;
  /** Versions. */
  readonly copied: number;
  readonly skipped: number;
  /** Whole seconds from the first look at the repositories. */
  readonly seconds: number;
  /** Name of the operation; undefined when none was started. */
  readonly operation: string | undefined;
  /** RFC 3339, as the service gave it: what was pushed to the source later was not copied. */
  readonly copyStartTime: string | undefined;
  /** Of a copy that succeeded: how old the source's state at {@link copyStartTime} was when it ended, in seconds. */
  readonly lagSeconds: number | undefined;
  /** A sample, at most five. */
  readonly skippedVersions: readonly { readonly version: string; readonly error: string }[];
  /** In a dry run: what would be posted. */
  readonly request?: { readonly url: string; readonly body: unknown };
  /** One line: what failed, and what to do. */
  readonly error: string | undefined;
}
