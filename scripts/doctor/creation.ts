/** A follower that the deploy is to make: that the deployer may, and that the key that it gets can be used. */
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { followerKey } from '../deploy/follower-key.ts';
import { needs } from '../permissions/needs.ts';
import { type Finding, findings } from './finding.ts';
import { checkKey } from './keys.ts';

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
  const permissions = await checkPermissions(api, repository, plan, member);
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

/** Nothing where all is well, or nobody can say. */
async function checkPermissions(
  api: Api,
  { project }: RepositoryName,
  plan: WorkflowPlan,
  member: string,
): Promise<Finding[]> {
  const { fail, note } = findings('permissions');
  const asked = needs.filter(({ on, applies }) => on === 'destination project' && applies(plan, undefined));
  try {
    const { permissions: granted = [] } = await api.ask<{ permissions?: string[] }>(
      'cloudresourcemanager',
      `v1/projects/${project}:testIamPermissions`,
      { permissions: asked.flatMap(({ permissions }) => permissions) },
    );
    return asked.flatMap(({ permissions, role, why }) => {
      const missing = permissions.filter((one) => !granted.includes(one));
      if (missing.length === 0) return [];
      return [
        fail(
          `projects/${project}: ${missing.join(', ')} missing, which ${role} has (${why})`,
          commandLine([
            ...['projects', 'add-iam-policy-binding', project, `--role=${role}`, '--condition=None'],
            `--member=${member}`,
          ]),
        ),
      ];
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [note(`projects/${project}: could not be asked (${error.message})`)];
  }
}
