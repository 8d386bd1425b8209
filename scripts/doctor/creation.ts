/** A follower that the deploy is to make: that the deployer may, and that the key that it gets can be used. */
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import type { Api } from '../cloud/api.ts';
import { followerKey } from '../deploy/follower-key.ts';
import { needs } from '../permissions/needs.ts';
import { type Finding, findings } from './finding.ts';
import { checkKey } from './keys.ts';
import { checkRoles, onProject } from './permissions.ts';

/**
 * @param ofLeader the leader's own key
 * @param member whom a command that mends it names
 */
export async function checkCreation(
  api: Api,
  plan: WorkflowPlan,
  repository: RepositoryName,
  ofLeader: string | undefined,
  member: string,
): Promise<Finding[]> {
  const { fail, note } = findings('follower');
  const name = resourceName(repository);
  const key = followerKey(plan, repository, ofLeader);
  const permissions = await checkMaker(api, plan, repository, member);
  if ('missing' in key)
    return [
      fail(
        `${name} would be made without a key of yours, for good: ${key.missing}`,
        `add a key in ${repository.location} to createDestinations.kmsKeys, or make the repository yourself`,
      ),
      ...permissions,
    ];
  const made = note(`${name} will be made by the deploy`);
  if (key.name === undefined) return [made, ...permissions];
  return [made, ...permissions, await checkKey(api, repository, key.name)];
}

/** That the deployer may make it: the roles in its project that are missing. */
export function checkMaker(
  api: Api,
  plan: WorkflowPlan,
  { project }: RepositoryName,
  member: string,
): Promise<Finding[]> {
  const roles = needs.filter(({ on, applies }) => on === 'destination project' && applies(plan, undefined));
  return checkRoles(api, onProject(project), roles, member);
}
