/** The deployer's own permissions, asked of each resource before anything is changed. */
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { commandLine } from '../cloud/gcloud.ts';
import { repositoryCommand } from '../cloud/repository-command.ts';
import type { Service } from '../cloud/target.ts';
import { type Need, needs } from '../permissions/needs.ts';
import { type Finding, findings } from './finding.ts';

/** A resource that may be asked who may do what. */
interface Resource {
  readonly service: Service;
  readonly name: string;
  /** Gives somebody a role on it. */
  readonly grant: (role: string) => string[];
}

/** @param member whom a command that mends it names */
export async function checkPermissions(
  api: Api,
  plans: readonly WorkflowPlan[],
  member: string,
): Promise<Finding[]> {
  const { ok } = findings('permissions');
  const found = await Promise.all(
    [...askedOf(plans).values()].map(({ on, roles }) => checkRoles(api, on, [...roles], member)),
  );
  const bad = found.flat();
  return bad.length > 0 ? bad : [ok('the deployer has every permission that a deploy asks for')];
}

/** The roles that are needed, by the name of what they are needed on. */
function askedOf(plans: readonly WorkflowPlan[]): Map<string, { on: Resource; roles: Set<Need> }> {
  const asked = new Map<string, { on: Resource; roles: Set<Need> }>();
  const add = (on: Resource, need: Need) => {
    const there = asked.get(on.name) ?? { on, roles: new Set() };
    there.roles.add(need);
    asked.set(on.name, there);
  };
  // What only a follower that is missing needs is asked where that is found.
  for (const plan of plans)
    for (const need of needs.filter(({ who }) => who === 'deployer'))
      if (need.on === 'destination project' || need.on === 'key') continue;
      else if (need.on === 'destination') {
        for (const destination of plan.destinations)
          if (need.applies(plan, destination)) add(onRepository(destination.repository), need);
      } else if (need.applies(plan, undefined))
        add(
          need.on === 'source'
            ? onRepository(plan.source)
            : need.on === 'topic'
              ? onTopic(plan.notify?.topic ?? '')
              : onProject(plan.project),
          need,
        );
  return asked;
}

export function onProject(project: string): Resource {
  return {
    service: 'cloudresourcemanager',
    name: `projects/${project}`,
    grant: (role) => ['projects', 'add-iam-policy-binding', project, `--role=${role}`, '--condition=None'],
  };
}

function onRepository(repository: RepositoryName): Resource {
  return {
    service: 'artifactregistry',
    name: resourceName(repository),
    grant: (role) =>
      repositoryCommand('add-iam-policy-binding', repository, `--role=${role}`, '--condition=None'),
  };
}

function onTopic(topic: string): Resource {
  const [, project = '', , id = ''] = topic.split('/');
  return {
    service: 'pubsub',
    name: topic,
    grant: (role) => [
      ...['pubsub', 'topics', 'add-iam-policy-binding', id, `--project=${project}`, `--role=${role}`],
    ],
  };
}

/** The roles on a resource that the deployer lacks permissions of; none where all is well, or nobody can say. */
export async function checkRoles(
  api: Api,
  { service, name, grant }: Resource,
  roles: readonly Need[],
  member: string,
): Promise<Finding[]> {
  const { fail, note } = findings('permissions');
  const permissions = [...new Set(roles.flatMap((need) => need.permissions))];
  let granted: ReadonlySet<string>;
  try {
    granted = new Set(await test(api, service, name, permissions));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // What is not there is for another check to say.
    if (error.status === 404) return [];
    return [note(`${name}: could not be asked (${error.message})`)];
  }
  return roles.flatMap(({ role, permissions: wanted, why }) => {
    const missing = wanted.filter((permission) => !granted.has(permission));
    if (missing.length === 0) return [];
    return [
      fail(
        `${name}: ${missing.join(', ')} missing, which ${role} has (${why})`,
        commandLine([...grant(role), `--member=${member}`]),
      ),
    ];
  });
}

/** An account as a policy has it. */
export function memberOf(account: string | undefined): string {
  if (account === undefined) return 'user:YOU';
  return account.endsWith('.gserviceaccount.com') ? `serviceAccount:${account}` : `user:${account}`;
}

/** Those of the permissions that we have. One that a resource does not know spoils the question for all. */
async function test(
  api: Api,
  service: Service,
  name: string,
  permissions: readonly string[],
): Promise<readonly string[]> {
  const ask = async (some: readonly string[]) =>
    (
      await api.ask<{ permissions?: string[] }>(service, `v1/${name}:testIamPermissions`, {
        permissions: some,
      })
    ).permissions ?? [];
  try {
    return await ask(permissions);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    const alone = await Promise.all(
      permissions.map((one) =>
        ask([one]).catch((why: unknown) => {
          if (why instanceof ApiError && why.status === 400) return [one];
          throw why;
        }),
      ),
    );
    return alone.flat();
  }
}
