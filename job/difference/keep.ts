/**
 * What stays although the source does not have it: what is protected, what is newer than the copy, and whatever
 * is reachable from what stays. Pure.
 */

import type { MirrorPlan } from '../../generator/plan.ts';
import type { VersionFacts } from '../registry/registry.ts';
import type { KeptBecause } from './difference.ts';
import { globs } from './glob.ts';

/** Why a version stays, and what keeps it. */
export interface Kept {
  readonly because: KeptBecause;
  readonly by: string;
}

/** What is known of one package of the destination. */
export interface PackageExtras {
  readonly package: string;
  /** At the destination only; `children` and `subject` as far as they are known. */
  readonly extras: ReadonlyMap<string, VersionFacts>;
  /** Versions that the source does not have and one that it has refers to. */
  readonly pinned: ReadonlyMap<string, Kept>;
  /** Tags that the source has on a version that has not arrived: tag by the version it is still on. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Whether the destination holds a version, extra or not. */
  readonly holds: (version: string) => boolean;
}

/** Times in milliseconds since the epoch. */
export interface Now {
  readonly copyStart: number;
  readonly now: number;
}

const day = 24 * 60 * 60 * 1000;

/** The extras of a package that stay. */
export function keptVersions(
  { package: packageId, extras, pinned, waiting, holds }: PackageExtras,
  policy: MirrorPlan,
  { copyStart, now }: Now,
): Map<string, Kept> {
  const protectedTag = globs(policy.protect.tags);
  const decoded = decodePackage(packageId);
  const isProtectedPackage = globs(policy.protect.packages)(decoded);
  const youngest = now - policy.protect.newerThanDays * day;

  const own = ({ version, tags, createTime, updateTime }: VersionFacts): Kept | undefined => {
    if (isProtectedPackage) return { because: 'protected-package', by: decoded };
    const tag = tags.find(protectedTag);
    if (tag !== undefined) return { because: 'protected-tag', by: tag };
    const newest = Math.max(createTime, updateTime);
    if (newest > copyStart) return { because: 'newer-than-copy', by: new Date(newest).toISOString() };
    if (policy.protect.newerThanDays > 0 && newest > youngest)
      return { because: 'protected-age', by: new Date(newest).toISOString() };
    const waits = waiting.get(version);
    return waits === undefined ? undefined : { because: 'tag-of-source', by: waits };
  };

  const kept = new Map<string, Kept>();
  const reached: string[] = [];
  const keep = (version: string, reason: Kept) => {
    if (kept.has(version) || !extras.has(version)) return;
    kept.set(version, reason);
    reached.push(version);
  };
  for (const facts of extras.values()) {
    const reason = own(facts);
    if (reason) keep(facts.version, reason);
  }
  for (const [version, reason] of pinned) keep(version, reason);

  // Referrers by subject, so that each is found once however many versions stay.
  const referrers = new Map<string, string[]>();
  for (const { version, subject } of extras.values()) {
    if (subject === undefined) continue;
    referrers.set(subject, [...(referrers.get(subject) ?? []), version]);
    // Its subject is at both sides, or is none of ours to delete: it stays, and so does what is attached to it.
    if (!extras.has(subject) && holds(subject)) keep(version, { because: 'refers-to-kept', by: subject });
  }
  for (let version = reached.pop(); version !== undefined; version = reached.pop()) {
    const facts = extras.get(version);
    for (const child of facts?.children ?? []) keep(child, { because: 'child-of-kept', by: version });
    for (const referrer of referrers.get(version) ?? [])
      keep(referrer, { because: 'refers-to-kept', by: version });
    if (facts?.subject !== undefined) keep(facts.subject, { because: 'subject-of-kept', by: version });
  }
  return kept;
}

/** A package id as people write it: the segment of a resource name escapes slashes and a few signs. */
export function decodePackage(packageId: string): string {
  try {
    return decodeURIComponent(packageId);
  } catch {
    return packageId;
  }
}
