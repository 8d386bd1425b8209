/** Reads both sides and says what has to be done to a destination. Changes nothing. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import {
  type Registry,
  RegistryError,
  type RepositoryFacts,
  type VersionFacts,
} from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import { Collected } from './collect.ts';
import type { DeleteEntry, Difference, KeptEntry, Refusal, VersionEntry, Warning } from './difference.ts';
import { refusalsOf, warningsOf } from './guards.ts';
import { type Kept, keptVersions } from './keep.ts';
import { mostLookedInto, readManifests, unseenManifests } from './manifests.ts';
import { missing } from './missing.ts';
import { deleteOrder } from './order.ts';
import { flags, SourceIndex } from './source-index.ts';
import { tagChanges } from './tags.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * The difference of the source and one destination.
 *
 * @param now the time, milliseconds since the epoch
 * @throws RegistryError where either side cannot be read whole, or the two do not fit together
 */
export async function planDestination(
  registry: Registry,
  request: JobRequest,
  destination: RepositoryName,
  now: number = Date.now(),
): Promise<Difference> {
  // Before any listing: a list that is empty for want of a permission is not an empty repository.
  const [leader, follower] = await Promise.all([
    registry.repository(request.source),
    registry.repository(destination),
  ]);
  mustFit(leader, follower);
  const copyStart = request.copyStartTime ?? now;
  const maxAge = request.behavior.maxVersionAgeDays ?? 0;
  const index = new SourceIndex({
    copyStart,
    notBefore: maxAge > 0 ? copyStart - maxAge * day : Number.NEGATIVE_INFINITY,
  });
  // The source first: what arrives at both in between is seen as extra, and kept for its age.
  for await (const page of registry.versions(request.source, leader.format)) index.addPage(page);
  const collected = new Collected(index, follower.format);
  for await (const page of registry.versions(destination, follower.format)) collected.addPage(page);

  const { copy, excluded, isExcluded } = await missing(registry, request, leader, index);
  const refusals: Refusal[] = [];
  const warnings: Warning[] = warningsOf(follower);
  const unseen = unseenManifests(collected, follower.format, request.mirror);
  const extras = unseen.filter(({ facts }) => facts !== undefined).length;
  const most = mostLookedInto(request.mirror);
  // Too many to be right, and too many to look into each: what is kept for others' sake is not known then.
  if (extras > most)
    refusals.push({
      code: 'delete-limit',
      message: `${extras} versions at ${resourceName(destination)} alone would have to be looked into, more than ten times what mirror.maxDeletions allows: nothing is deleted. Is it the right destination? If so, raise mirror.maxDeletions, or protect the packages that are its own`,
    });
  const unread =
    extras > most ? new Set<string>() : await readManifests(registry, destination, collected, unseen);
  for (const packageId of unread)
    refusals.push({
      code: 'unreadable-manifest',
      package: packageId,
      message: `a manifest in ${resourceName(destination)}/packages/${packageId} cannot be read, so what it refers to is not known: nothing is deleted in this package`,
    });

  const policy = policyOf(request);
  const keptBy = new Map<string, ReadonlyMap<string, Kept>>();
  const kept: KeptEntry[] = [];
  const doomed: DeleteEntry[] = [];
  for (const [packageId, extras] of collected.extras) {
    const reasons = keptVersions(
      {
        package: packageId,
        extras,
        pinned: collected.pinned.get(packageId) ?? new Map(),
        waiting: waitingTags(collected, packageId, index),
        holds: (version) => {
          const versions = index.packages.get(packageId);
          const number = versions?.versions.find(version) ?? -1;
          return versions !== undefined && number >= 0 && versions.has(number, flags.matched);
        },
      },
      policy,
      { copyStart, now },
    );
    keptBy.set(packageId, reasons);
    for (const [version, reason] of reasons) {
      const facts = extras.get(version);
      if (facts) kept.push({ ...entryOf(facts), ...reason });
    }
    const going = [...extras.values()].filter(({ version }) => !reasons.has(version));
    const rounds = deleteOrder(
      going.map(({ version, children = [], subject }) => ({
        version,
        refersTo: subject === undefined ? children : [...children, subject],
      })),
    );
    for (const [round, versions] of rounds.entries())
      for (const version of [...versions].sort()) {
        const facts = extras.get(version);
        if (facts) doomed.push({ ...entryOf(facts), round });
      }
  }

  const tags =
    request.behavior.allTagsExcluded === true
      ? []
      : tagChanges(index, collected.oddTags, request.mirror, isExcluded, (packageId, version) =>
          keptBy.get(packageId)?.get(version),
        );
  const guarded = {
    source: request.source,
    destination,
    format: leader.format,
    held: { source: index.held, destination: collected.held },
    copy: copy.sort(byName),
    tags: tags.sort((one, other) => compare(one.package, other.package) || compare(one.tag, other.tag)),
    delete: doomed.sort((one, other) => one.round - other.round || byName(one, other)),
  };
  return {
    ...guarded,
    excluded,
    kept: kept.sort(byName),
    refusals: [
      ...refusals,
      ...refusalsOf(guarded, { leader, follower }, request.mirror, request.skippedVersions),
    ],
    warnings,
  };
}

/** Where the copy brings no tags, those at the destination are its own: they stay, and with them what they are on. */
function policyOf({ mirror, behavior }: JobRequest): JobRequest['mirror'] {
  if (behavior.allTagsExcluded !== true) return mirror;
  return { ...mirror, protect: { ...mirror.protect, tags: ['**'] } };
}

function mustFit(leader: RepositoryFacts, follower: RepositoryFacts): void {
  for (const { name, mode } of [leader, follower])
    if (mode !== 'STANDARD_REPOSITORY')
      throw new RegistryError(
        'refused',
        0,
        `${resourceName(name)} is a ${mode}: only a STANDARD_REPOSITORY can be compared and mirrored`,
      );
  if (leader.format !== follower.format)
    throw new RegistryError(
      'refused',
      0,
      `the formats differ: ${resourceName(leader.name)} is ${leader.format}, ${resourceName(follower.name)} is ${follower.format}`,
    );
}

/** Extras under a tag that the source has on a version that is not at the destination yet. */
function waitingTags({ oddTags }: Collected, packageId: string, index: SourceIndex): Map<string, string> {
  const waiting = new Map<string, string>();
  const versions = index.packages.get(packageId);
  for (const { package: owner, tag, from, to } of oddTags) {
    if (owner !== packageId || to === undefined || !versions) continue;
    const number = versions.versions.find(to);
    if (!versions.has(number, flags.matched)) waiting.set(from, tag);
  }
  return waiting;
}

function entryOf({ package: packageId, version, tags, bytes }: VersionFacts): VersionEntry {
  return { package: packageId, version, tags, bytes };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function byName(one: VersionEntry, other: VersionEntry): number {
  return compare(one.package, other.package) || compare(one.version, other.version);
}
