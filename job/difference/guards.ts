/** Why nothing may be deleted: each guard looks at the whole difference and says what stands in the way. Pure. */
import { createHash } from 'node:crypto';
import { type MirrorPlan, type RepositoryName, resourceName } from '../../generator/plan.ts';
import type { RepositoryFacts } from '../registry/registry.ts';
import { type Difference, deletions, type Refusal, type Warning } from './difference.ts';

/** The label by which a follower says whose copy it is. */
export const claimLabel = 'replicator-leader';

/**
 * The label's value for a leader: a hash, since a label holds at most 63 lower-case letters, digits, `_` and `-`,
 * and a repository's name does not fit.
 */
export function claimOf(source: RepositoryName): string {
  return createHash('sha256').update(resourceName(source)).digest('hex').slice(0, 40);
}

/**
 * Whether a leader is itself the claimed follower of its destination. Each would then take away what is pushed to
 * the other: it happens where the two change places and the old claim stays.
 */
export function isCircle(leader: RepositoryFacts, destination: RepositoryName): boolean {
  return leader.labels[claimLabel] === claimOf(destination);
}

/** What to do about a circle. */
export function circleMessage({ source, destination }: Pick<Difference, 'source' | 'destination'>): string {
  const { project, location, repository } = source;
  return `${resourceName(source)} is itself claimed as the follower of ${resourceName(destination)}: each would undo what is pushed to the other. If it leads now, take the old claim away: gcloud artifacts repositories update ${repository} --project=${project} --location=${location} --remove-labels=${claimLabel}`;
}

/** Formats whose versions can be deleted one by one without breaking others. */
const deletable: ReadonlySet<string> = new Set([
  'DOCKER',
  'MAVEN',
  'NPM',
  'PYTHON',
  'APT',
  'YUM',
  'GO',
  'GENERIC',
  'KFP',
  'RUBY',
]);

/** What the guards look at. */
export type Guarded = Pick<
  Difference,
  'source' | 'destination' | 'format' | 'held' | 'copy' | 'tags' | 'delete'
>;

/** Everything that forbids the deletes of a difference; empty where there is nothing to delete. */
export function refusalsOf(
  difference: Guarded,
  { leader, follower: destination }: { readonly leader: RepositoryFacts; readonly follower: RepositoryFacts },
  policy: MirrorPlan,
  skippedVersions: number,
): Refusal[] {
  const count = deletions(difference);
  if (count === 0) return [];
  const refusals: Refusal[] = [];
  const refuse = (code: Refusal['code'], message: string) => refusals.push({ code, message });
  const name = resourceName(difference.destination);
  const { source, destination: held } = difference.held;

  const claim = destination.labels[claimLabel];
  if (claim === undefined)
    refuse(
      'no-claim',
      `${name} does not carry the label ${claimLabel}: it may be somebody else's. Claim it with "mirror --claim", which shows the plan first`,
    );
  else if (claim !== claimOf(difference.source))
    refuse(
      'claimed-by-another',
      `${name} is the follower of another leader: its label ${claimLabel} is ${claim}, this leader's is ${claimOf(difference.source)}. Correct the source or the destination, or remove the label by hand`,
    );
  if (isCircle(leader, difference.destination)) refuse('circle', circleMessage(difference));
  if (!deletable.has(difference.format))
    refuse(
      'format',
      `nothing is known of deleting in ${difference.format} repositories: ${name} is only copied to and verified`,
    );
  if (source.versions === 0 && !policy.allowEmptySource)
    refuse(
      'empty-source',
      `${resourceName(difference.source)} is empty, and ${name} holds ${held.versions} versions. If that is meant, set mirror.allowEmptySource`,
    );
  if (difference.copy.length > skippedVersions)
    refuse(
      'copy-incomplete',
      `${difference.copy.length} versions of the source are not at ${name} yet${skippedVersions > 0 ? ` (${skippedVersions} were reported as skipped)` : ''}: nothing is deleted before the copy is complete. Run the copy first`,
    );
  if (
    destination.immutableTags &&
    (difference.tags.some(({ kind }) => kind !== 'create') ||
      difference.delete.some(({ tags }) => tags.length > 0))
  )
    refuse(
      'immutable-tags',
      `${name} has immutable tags and has diverged: its tags can neither be moved nor removed, so it can't become an exact copy. Turn immutability off, or recreate the repository`,
    );
  if (count > policy.maxDeletions)
    refuse(
      'delete-limit',
      `${count} deletions are needed at ${name}, and mirror.maxDeletions allows ${policy.maxDeletions} in a run. Nothing was deleted; look at the plan, then raise mirror.maxDeletions if it is right`,
    );
  const total = held.versions + held.tags;
  // 0.07 × 100 is a little more than 7 in floating point, and would be rounded up to 8.
  const most = Math.ceil(Number((total * policy.maxDeletionShare).toPrecision(12)));
  if (count > most)
    refuse(
      'delete-share',
      `${count} deletions are needed at ${name}, and mirror.maxDeletionShare ${policy.maxDeletionShare} allows ${most} of its ${total} versions and tags in a run. Nothing was deleted; look at the plan, then raise mirror.maxDeletionShare if it is right`,
    );
  return refusals;
}

/** What works against a mirror without stopping it. */
export function warningsOf({ name, deletingPolicies }: RepositoryFacts): Warning[] {
  if (deletingPolicies.length === 0) return [];
  return [
    {
      code: 'cleanup-policy',
      message: `${resourceName(name)} has cleanup policies that delete (${deletingPolicies.join(', ')}): they remove what the next copy brings back. Remove them, or set the repository's cleanup to dry run`,
    },
  ];
}
