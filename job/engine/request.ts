/** What the engine is asked for: every field given or defaulted, every value checked. */
import type { Task } from '../copy/shard.ts';
import type { Place } from './place.ts';

/** What becomes of a tag that the destination has on another manifest. */
export type Moved = 'update' | 'keep' | 'fail';

/** Which tags are the newest. */
export interface Newest {
  readonly count: number;
  /** `time`: when a version was last updated, which Artifact Registry alone tells. */
  readonly by: 'semver' | 'time';
}

/** Which platforms are wanted. */
export interface Platforms {
  /** `linux/amd64`, `linux/arm/v7`, `linux/*`. */
  readonly only: readonly string[];
  /** Leave the others out of an index, which then has another digest. Otherwise an index is copied whole, or not. */
  readonly rewriteIndex: boolean;
}

/** What of the source is copied. */
export interface Filters {
  /** Globs over package ids (`team/app`); none: all. */
  readonly packages: readonly string[];
  /** Globs over tags; none: all, and what has no tag too. */
  readonly tags: readonly string[];
  readonly newest: Newest | undefined;
  readonly platforms: Platforms | undefined;
  /** Only what was created or updated in the last N × 24 hours; 0: all. Artifact Registry alone tells. */
  readonly maxVersionAgeDays: number;
  /** Signatures, SBOMs, attestations. */
  readonly attachments: boolean;
  /** `false`: manifests alone. */
  readonly withTags: boolean;
}

/** Everything is copied. */
export const noFilters: Filters = {
  packages: [],
  tags: [],
  newest: undefined,
  platforms: undefined,
  maxVersionAgeDays: 0,
  attachments: true,
  withTags: true,
};

/** A copy to one destination. */
export interface EngineRequest {
  readonly source: Place;
  readonly destination: Place;
  readonly filters: Filters;
  readonly moved: Moved;
  /** Copy layers that their publisher wants to be fetched from elsewhere. */
  readonly foreignLayers: boolean;
  readonly dryRun: boolean;
  readonly task: Task;
}
