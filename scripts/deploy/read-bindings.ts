/** Bindings of our accounts, wherever they may be. */
import pMap from 'p-map';
import { type RepositoryName, repositoriesOf, type WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError, isDisabled } from '../cloud/api.ts';
import type { Who } from '../permissions/grants.ts';
import { accountEmail, jobName, workflowName } from './names.ts';
import { type Binding, bindingOf, type Found, type PolicyTarget, policyName } from './resource.ts';

/** Requests at once. */
export const concurrency = 16;

/** An IAM policy, as far as it is looked at. */
interface Policy {
  readonly bindings?: readonly {
    readonly role: string;
    readonly members?: readonly string[];
    readonly condition?: unknown;
  }[];
}

/** Every repository that a deployed workflow names: one that the config named then and names no more is among them. */
export function repositoriesIn(source: string): RepositoryName[] {
  const names =
    source.match(/projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/repositories\/[a-z0-9.-]+/g) ?? [];
  return [...new Set(names)].map((name) => {
    const [, project = '', , location = '', , repository = ''] = name.split('/');
    return { project, location, repository };
  });
}

/** Everything that a deployed workflow names and that roles may be on. */
export function targetsIn(source: string): PolicyTarget[] {
  const topics = source.matchAll(/\btopic: ['"]?(projects\/[^/\s'"]+\/topics\/[\w.~+%-]+)/g);
  return [
    ...repositoriesIn(source).map((repository) => ({ on: 'repository' as const, repository })),
    ...[...topics].map(([, topic = '']) => ({ on: 'topic' as const, topic })),
  ];
}

/** Bindings of our accounts on everything that they may be on. */
export async function readBindings(
  api: Api,
  plans: readonly WorkflowPlan[],
  former: ReadonlyMap<string, readonly PolicyTarget[]>,
  found: ReadonlyMap<string, Found>,
): Promise<Binding[]> {
  const targets = new Map<string, PolicyTarget>();
  const owners = new Map<string, WorkflowPlan>();
  /** Names of what the config itself is about. */
  const known = new Set<string>();
  const add = (target: PolicyTarget) => targets.set(policyName(target), target);
  for (const plan of plans) {
    const { project, region, name, notify } = plan;
    for (const who of ['scheduler', 'workflow', 'job'] satisfies Who[])
      owners.set(`serviceAccount:${accountEmail(plan, who)}`, plan);
    const own: PolicyTarget[] = [
      { on: 'project', project },
      ...repositoriesOf(plan).map((repository) => ({ on: 'repository' as const, repository })),
      ...(notify ? [{ on: 'topic' as const, topic: notify.topic }] : []),
    ];
    for (const target of own) known.add(policyName(target));
    for (const target of [...own, ...(former.get(workflowName(plan)) ?? [])]) add(target);
    if (found.has(`runJob ${jobName(plan)}`)) add({ on: 'job', project, region, job: name });
  }
  const perTarget = await pMap(
    targets.values(),
    async (target) => {
      const name = policyName(target);
      const { bindings = [] } = await readPolicy(api, target).catch((error: unknown): Policy => {
        if (!(error instanceof ApiError)) throw error;
        // A repository or topic may still have to be made, and a former follower may be none of our business any more.
        const isFormer = (target.on === 'repository' || target.on === 'topic') && !known.has(name);
        if (error.status === 404 || (isFormer && error.status === 403) || isDisabled(error)) return {};
        throw error;
      });
      return bindings.flatMap(({ role, members = [], condition }) =>
        members.flatMap((member) => {
          const plan = owners.get(member);
          // What carries a condition was not made here.
          if (!plan || condition !== undefined) return [];
          return [bindingOf(workflowName(plan), plan.project, target, role, member)];
        }),
      );
    },
    { concurrency },
  );
  return perTarget.flat();
}

function readPolicy(api: Api, target: PolicyTarget): Promise<Policy> {
  const name = policyName(target);
  switch (target.on) {
    case 'project':
      return api.ask('cloudresourcemanager', `v1/${name}:getIamPolicy`, {
        options: { requestedPolicyVersion: 3 },
      });
    case 'repository':
      return api.get('artifactregistry', `v1/${name}:getIamPolicy?options.requestedPolicyVersion=3`);
    case 'job':
      return api.get('run', `v2/${name}:getIamPolicy?options.requestedPolicyVersion=3`);
    case 'topic':
      return api.get('pubsub', `v1/${name}:getIamPolicy?options.requestedPolicyVersion=3`);
  }
}
