/** The Cloud KMS key of a follower that is to be made. Pure. A repository's key is chosen once and for all. */
import type { RepositoryName, WorkflowPlan } from '../../generator/plan.ts';

/** A key, or why there is none although the config names keys. */
export type FollowerKey = { readonly name: string | undefined } | { readonly missing: string };

/**
 * The key of the config in the follower's location; where the config names none at all, the leader's, if they share a
 * location.
 *
 * @param ofLeader the leader's own key
 */
export function followerKey(
  { source, create }: Pick<WorkflowPlan, 'source' | 'create'>,
  { location }: RepositoryName,
  ofLeader: string | undefined,
): FollowerKey {
  const keys = create?.kmsKeys ?? [];
  const own = keys.find((key) => key.split('/')[3] === location);
  if (own !== undefined) return { name: own };
  if (source.location === location && ofLeader !== undefined) return { name: ofLeader };
  // A repository without a key would be made for good, and nobody would notice.
  if (keys.length > 0) return { missing: `none of createDestinations.kmsKeys is in ${location}` };
  return { name: undefined };
}
