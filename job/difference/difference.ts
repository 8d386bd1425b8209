/** What has to be done to a destination, as data: `plan` prints it, `mirror` does it, `verify` expects it empty. */
import type { Reason } from '../../generator/observability/entry.ts';
import type { RepositoryName } from '../../generator/plan.ts';

/** Versions and tags that a repository holds. */
export interface Counts {
  readonly versions: number;
  readonly tags: number;
  readonly bytes: number;
}

/** A version at one of the two sides. */
export interface VersionEntry {
  readonly package: string;
  readonly version: string;
  readonly tags: readonly string[];
  readonly bytes: number;
}

/** A tag that is not where it should be. */
export type TagChange =
  | { readonly kind: 'create'; readonly package: string; readonly tag: string; readonly to: string }
  | {
      readonly kind: 'move';
      readonly package: string;
      readonly tag: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'remove'; readonly package: string; readonly tag: string; readonly from: string };

/** Why something that the source does not have stays. */
export type KeptBecause =
  /** `protect.tags`, `protect.packages`, `protect.newerThanDays`. */
  | 'protected-tag'
  | 'protected-package'
  | 'protected-age'
  /** Created or updated after the copy started: it may be in the source by now. */
  | 'newer-than-copy'
  /** An index that stays refers to it. */
  | 'child-of-kept'
  /** It is attached to a version that stays. */
  | 'refers-to-kept'
  /** A version that stays is attached to it. */
  | 'subject-of-kept'
  /** A tag that the source also has is on it, and cannot be moved yet: its version has not arrived. */
  | 'tag-of-source';

/** A version that the source does not have and that goes. */
export interface DeleteEntry extends VersionEntry {
  /** Deletes of one round refer to nothing of the same or an earlier round that is still there; 0 goes first. */
  readonly round: number;
}

/** Something that the source does not have, and that stays. */
export interface KeptEntry extends VersionEntry {
  readonly because: KeptBecause;
  /** The tag, package or digest that keeps it, for the message. */
  readonly by: string;
}

/** Why nothing may be deleted at a destination. */
export interface Refusal {
  readonly code: Reason;
  /** What stands in the way, with numbers, and the field or command that changes it. */
  readonly message: string;
  /** Only deletes in this package are refused; undefined: all of the destination. */
  readonly package?: string;
}

/** Something that works against a mirror without stopping it. */
export interface Warning {
  readonly code: 'cleanup-policy' | 'incomplete-index';
  readonly message: string;
}

/** All that differs between two repositories. Sorted by package and name, deletes in the order in which they are done. */
export interface Difference {
  readonly source: RepositoryName;
  readonly destination: RepositoryName;
  readonly format: string;
  readonly held: { readonly source: Counts; readonly destination: Counts };
  /** At the source only, and the copy should bring them. */
  readonly copy: readonly VersionEntry[];
  /** At the source only, and the copy's filters leave them out. */
  readonly excluded: number;
  readonly tags: readonly TagChange[];
  /** At the destination only, and not kept. */
  readonly delete: readonly DeleteEntry[];
  readonly kept: readonly KeptEntry[];
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
}

/** Whether a mirror would have nothing to do. */
export function isEqual(difference: Difference): boolean {
  return difference.copy.length + difference.tags.length + difference.delete.length === 0;
}

/** What a limit counts: versions deleted, tags removed, tags moved away. */
export function deletions({ tags, delete: versions }: Pick<Difference, 'tags' | 'delete'>): number {
  return versions.length + tags.filter(({ kind }) => kind !== 'create').length;
}

/** Bytes of some versions. */
export function bytesOf(versions: readonly VersionEntry[]): number {
  return versions.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The difference as a run finds it, which copies first: that versions are still to be copied stands in the way of a
 * mirror alone.
 */
export function afterCopy(difference: Difference): Difference {
  return { ...difference, refusals: difference.refusals.filter(({ code }) => code !== 'copy-incomplete') };
}
