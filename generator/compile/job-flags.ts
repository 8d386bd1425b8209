/**
 * What a destination's settings are on the job's command line. Every flag carries its value behind `=`, so that no
 * value can be taken for a flag.
 */
import { LOCATIONS } from '../locations.ts';
import {
  type CopyPlan,
  type DestinationPlan,
  type EngineCopyPlan,
  type MirrorPlan,
  type PollPlan,
  type RepositoryName,
  repositoriesOf,
  type WorkflowPlan,
} from '../plan.ts';

/** Behaviour fields that are flags of their own. */
const ownFlags: ReadonlyMap<string, string> = new Map([
  ['continueOnSkippedVersion', 'continue-on-skipped-version'],
  ['maxVersionAgeDays', 'max-version-age-days'],
  ['allAttachmentsIncluded', 'all-attachments-included'],
  ['allTagsExcluded', 'all-tags-excluded'],
]);

/** Flags of whatever follows the copy to a destination, and of a plan of it. */
export function followFlags(
  { name, source }: WorkflowPlan,
  { repository, copy, mirror }: DestinationPlan,
): string[] {
  return [
    ...flag('name', name),
    ...locationFlags([source, repository]),
    ...copyFilters(copy),
    ...(mirror ? mirrorFlags(mirror) : []),
  ];
}

/**
 * Flags of the service, whose callers may narrow what it says. Settings of single destinations have no place in it:
 * where they differ, those of the service are the job's own defaults.
 */
export function serviceFlags({ name, source, destinations }: WorkflowPlan): string[] {
  const [first] = destinations;
  const settings = new Set(destinations.map(({ copy, mirror }) => JSON.stringify({ copy, mirror })));
  return [
    ...flag('name', name),
    ...locationFlags(repositoriesOf({ source, destinations })),
    ...(first && settings.size === 1
      ? [...copyFilters(first.copy), ...(first.mirror ? [...mirrorFlags(first.mirror), '--mirror'] : [])]
      : []),
  ];
}

/** Flags of the copy that the job makes to some destinations, all in the same way. */
export function copyFlags(
  { name, source, poll, job }: WorkflowPlan,
  destinations: readonly DestinationPlan[],
): string[] {
  // It has to say how far it came before it is stopped.
  const deadline = Math.min(poll.deadline, Math.max(60, (job?.timeout ?? 0) - 60));
  return [
    ...flag('name', name),
    ...locationFlags(repositoriesOf({ source, destinations })),
    ...flag('engine', 'job'),
    ...(destinations[0]
      ? [...copyFilters(destinations[0].copy), ...engineFlags(destinations[0].copy.own)]
      : []),
    ...pollFlags({ ...poll, deadline }),
  ];
}

/** A location that the config had to add is one that the image may not know either. */
function locationFlags(repositories: readonly RepositoryName[]): string[] {
  const added = new Set(
    repositories.map(({ location }) => location).filter((one) => !LOCATIONS.includes(one)),
  );
  return [...added].flatMap((location) => flag('extra-location', location));
}

/** What the copy leaves out is neither missing nor too much afterwards: whoever compares must know it too. */
function copyFilters({ behavior, allowSkippedVersions }: CopyPlan): string[] {
  const others = Object.fromEntries(Object.entries(behavior).filter(([field]) => !ownFlags.has(field)));
  return [
    ...[...ownFlags].flatMap(([field, name]) => {
      const value = behavior[field];
      return typeof value === 'boolean' || typeof value === 'number' ? flag(name, value) : [];
    }),
    ...(Object.keys(others).length > 0 ? flag('behavior', JSON.stringify(others)) : []),
    ...(allowSkippedVersions ? flag('allow-skipped-versions', true) : []),
  ];
}

/** What only the job's own copy takes. */
function engineFlags(own: EngineCopyPlan): string[] {
  return [
    ...(own.packages ?? []).flatMap((glob) => flag('package', glob)),
    ...(own.tags ?? []).flatMap((glob) => flag('tag', glob)),
    ...(own.newestTags === undefined ? [] : flag('newest-tags', own.newestTags)),
    ...(own.newestBy === undefined ? [] : flag('newest-by', own.newestBy)),
    ...(own.platforms ?? []).flatMap((platform) => flag('platform', platform)),
    ...(own.rewriteIndex ? flag('rewrite-index', true) : []),
    ...(own.moved === undefined ? [] : flag('moved', own.moved)),
    ...(own.foreignLayers ? flag('foreign-layers', true) : []),
  ];
}

/** Limits are told even where they are the default: which hold is then the workflow's to say, not the image's. */
function mirrorFlags({ maxDeletions, maxDeletionShare, allowEmptySource, protect }: MirrorPlan): string[] {
  return [
    ...flag('max-deletions', maxDeletions),
    ...flag('max-deletion-share', maxDeletionShare),
    ...(allowEmptySource ? flag('allow-empty-source', true) : []),
    ...protect.tags.flatMap((glob) => flag('protect-tag', glob)),
    ...protect.packages.flatMap((glob) => flag('protect-package', glob)),
    ...(protect.newerThanDays > 0 ? flag('newer-than-days', protect.newerThanDays) : []),
  ];
}

function pollFlags({ initialDelay, multiplier, maxDelay, deadline }: PollPlan): string[] {
  return [
    ...flag('initial-delay', Math.min(initialDelay, deadline)),
    ...flag('multiplier', multiplier),
    ...flag('max-delay', maxDelay),
    ...flag('deadline', deadline),
  ];
}

function flag(name: string, value: string | number | boolean): string[] {
  return [`--${name}=${typeof value === 'number' ? decimal(value) : value}`];
}

/** A number without an exponent, which the command line does not take. */
function decimal(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}
