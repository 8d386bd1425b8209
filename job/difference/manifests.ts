/** What listings do not say of a manifest is read from the manifest itself. */
import pMap from 'p-map';
import type { MirrorPlan, RepositoryName } from '../../generator/plan.ts';
import type { Registry, VersionFacts } from '../registry/registry.ts';
import { type Collected, isIndex } from './collect.ts';
import { globs } from './glob.ts';
import { decodePackage } from './keep.ts';

/** Manifests read at once; the registry's limiter holds the rate. */
const concurrency = 8;

/** Extras whose manifests are read at most: ten times as many as may be deleted. */
export function mostLookedInto({ maxDeletions }: MirrorPlan): number {
  return Math.max(1, maxDeletions) * 10;
}

/** A manifest to be read; without `facts` it is of an index that stays. */
export interface Unseen {
  readonly packageId: string;
  readonly version: string;
  readonly facts: VersionFacts | undefined;
}

/**
 * Manifests that refer to what listings leave out: children of indexes, subjects of manifests that may have one. Only
 * in packages where something may be deleted: a protected package stays as a whole, whatever refers to what in it.
 */
export function unseenManifests(
  { extras, opaque }: Collected,
  format: string,
  { protect }: MirrorPlan,
): Unseen[] {
  const isProtected = globs(protect.packages);
  const unseen: Unseen[] = [];
  for (const [packageId, versions] of extras) {
    if (isProtected(decodePackage(packageId))) continue;
    for (const facts of versions.values())
      if (mayReferUnseen(facts, format)) unseen.push({ packageId, version: facts.version, facts });
    for (const version of opaque.get(packageId) ?? []) unseen.push({ packageId, version, facts: undefined });
  }
  return unseen;
}

/**
 * Reads manifests and fills in what they refer to.
 *
 * @returns packages in which a manifest could not be read
 */
export async function readManifests(
  registry: Registry,
  destination: RepositoryName,
  collected: Collected,
  unseen: readonly Unseen[],
): Promise<Set<string>> {
  const unread = new Set<string>();
  await pMap(
    unseen,
    async ({ packageId, version, facts }) => {
      const manifest = await registry.manifest(destination, packageId, version);
      if (!manifest) {
        unread.add(packageId);
        return;
      }
      const { children, subject } = manifest;
      if (facts)
        collected.extras
          .get(packageId)
          ?.set(version, { ...facts, children, ...(subject !== undefined && { subject }) });
      else {
        for (const child of children) collected.pin(packageId, child, 'child-of-kept', version);
        if (subject !== undefined) collected.pin(packageId, subject, 'subject-of-kept', version);
      }
    },
    { concurrency },
  );
  return unread;
}

/**
 * Docker's own image manifest has no subject and no children; every other kind, one that is not told included, may
 * have what no listing shows.
 */
function mayReferUnseen(facts: VersionFacts, format: string): boolean {
  if (facts.mediaType === undefined && format !== 'DOCKER') return false;
  if (facts.mediaType === 'application/vnd.docker.distribution.manifest.v2+json') return false;
  return isIndex(facts)
    ? facts.children === undefined || facts.subject === undefined
    : facts.subject === undefined;
}
