/** What is there, read by REST: all at once, and in the names of what is wanted. */
import pMap from 'p-map';
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../../job/difference/guards.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import type { Who } from '../permissions/roles.ts';
import type { Wanted } from './desired.ts';
import type { Actual } from './difference.ts';
import { accountEmail, isLabelled, labelsOf, managedBy, markOf, workflowName } from './names.ts';
import {
  type Binding,
  bindingOf,
  type Found,
  type PolicyTarget,
  policyName,
  type Resource,
} from './resource.ts';

/** An IAM policy, as far as it is looked at. */
interface Policy {
  readonly bindings?: readonly {
    readonly role: string;
    readonly members?: readonly string[];
    readonly condition?: unknown;
  }[];
}

/** Requests at once. */
const concurrency = 16;

/**
 * Reads everything that plans may have.
 *
 * @throws ApiError where something can't be read; a thing that is not there is no error
 */
export async function readActual(
  api: Api,
  plans: readonly WorkflowPlan[],
  wanted: readonly Wanted[],
): Promise<Actual> {
  const found = new Map<string, Found>();
  const byOwner = new Map(plans.map((plan) => [workflowName(plan), plan]));
  const former = new Map<string, RepositoryName[]>();
  const readOne = async ({ resource }: Wanted) => {
    const plan = byOwner.get(resource.owner);
    const one = await readResource(api, resource, plan);
    if (!one) return;
    found.set(resource.id, one);
    if (resource.kind === 'workflow') former.set(resource.owner, repositoriesIn(String(one.fields.source)));
  };
  const readable = wanted.filter(({ resource }) => resource.kind !== 'binding');
  await pMap(readable, readOne, { concurrency });
  const bindings = await readBindings(api, plans, former, found);
  for (const binding of bindings) found.set(binding.id, { fields: {}, isOurs: true });
  return { found, bindings };
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

/** Bindings of our accounts on everything that they may be on. */
async function readBindings(
  api: Api,
  plans: readonly WorkflowPlan[],
  former: ReadonlyMap<string, readonly RepositoryName[]>,
  found: ReadonlyMap<string, Found>,
): Promise<Binding[]> {
  const targets = new Map<string, PolicyTarget>();
  const owners = new Map<string, WorkflowPlan>();
  const add = (target: PolicyTarget) => targets.set(policyName(target), target);
  for (const plan of plans) {
    const { project, region, name, source, destinations } = plan;
    for (const who of ['scheduler', 'workflow', 'job'] satisfies Who[])
      owners.set(`serviceAccount:${accountEmail(plan, who)}`, plan);
    add({ on: 'project', project });
    for (const repository of [
      source,
      ...destinations.map((one) => one.repository),
      ...(former.get(workflowName(plan)) ?? []),
    ])
      add({ on: 'repository', repository });
    if ([...found.keys()].some((id) => id === `runJob projects/${project}/locations/${region}/jobs/${name}`))
      add({ on: 'job', project, region, job: name });
  }
  const known = new Set(
    plans.flatMap((plan) =>
      [plan.source, ...plan.destinations.map((one) => one.repository)].map(resourceName),
    ),
  );
  const perTarget = await pMap(
    targets.values(),
    async (target) => {
      const name = policyName(target);
      const { bindings = [] } = await readPolicy(api, target).catch((error: unknown): Policy => {
        if (!(error instanceof ApiError)) throw error;
        // A repository may still have to be made, and a former follower may be none of our business any more.
        const isFormer = target.on === 'repository' && !known.has(name);
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
  }
}

type Labels = Readonly<Record<string, string>>;

async function readResource(
  api: Api,
  resource: Resource,
  plan: WorkflowPlan | undefined,
): Promise<Found | undefined> {
  switch (resource.kind) {
    case 'apis':
      return readApis(api, resource.project, Object.keys(resource.fields));
    case 'serviceAccount': {
      const there = await api
        .find<{ displayName?: string; description?: string }>(
          'iam',
          `v1/projects/${resource.project}/serviceAccounts/${resource.email}`,
        )
        .catch(unlessDisabled);
      if (!there) return undefined;
      const { displayName = '', description = '' } = there;
      return { fields: { displayName, description }, isOurs: !!plan && description.startsWith(markOf(plan)) };
    }
    case 'repository':
      return readRepository(api, resource.repository, resource.isForImages);
    case 'claim': {
      const there = await repositoryOf(api, resource.repository);
      const claim = there?.labels?.[claimLabel];
      if (claim === undefined) return undefined;
      return { fields: { leader: claim }, isOurs: claim === claimOf(resource.source) };
    }
    case 'image': {
      const [, name = '', tag = ''] = /\/([^/:]+):([^/:]+)$/.exec(resource.image) ?? [];
      const path = `v1/${resourceName(resource.repository)}/packages/${name}/tags/${tag}`;
      const there = await api.find('artifactregistry', path).catch(unlessDisabled);
      return there ? { fields: {}, isOurs: true } : undefined;
    }
    case 'runJob':
      return readRun(api, `v2/${resource.name}`, plan);
    case 'runService':
      return readRun(api, `v2/${resource.name}`, plan);
    case 'workflow':
      return readWorkflow(api, resource.name, plan);
    case 'schedulerJob':
      return readSchedulerJob(api, resource.name, plan);
    case 'binding':
      return undefined;
  }
}

/** Where an API is off, nothing of it is there. */
function unlessDisabled(error: unknown): undefined {
  if (error instanceof ApiError && isDisabled(error)) return undefined;
  throw error;
}

/** Whether a refusal means that the API is not enabled. */
export function isDisabled({ status, reason, message }: ApiError): boolean {
  return (
    status === 403 &&
    (reason === 'SERVICE_DISABLED' ||
      /has not been used in project .* before or it is disabled/.test(message))
  );
}

async function readApis(api: Api, project: string, names: readonly string[]): Promise<Found> {
  const query = names.map((name) => `names=${encodeURIComponent(`projects/${project}/services/${name}`)}`);
  const { services = [] } = await api.get<{ services?: { name: string; state: string }[] }>(
    'serviceusage',
    `v1/projects/${project}/services:batchGet?${query.join('&')}`,
  );
  const enabled = services
    .filter(({ state }) => state === 'ENABLED')
    .map(({ name }) => [name.slice(name.lastIndexOf('/') + 1), 'enabled']);
  return { fields: Object.fromEntries(enabled), isOurs: true };
}

/** A repository, as far as a deploy looks at it. */
export interface RepositoryState {
  readonly format?: string;
  readonly mode?: string;
  readonly labels?: Labels;
  readonly kmsKeyName?: string;
  readonly dockerConfig?: { readonly immutableTags?: boolean };
}

/** Undefined where there is none. */
export function repositoryOf(api: Api, name: RepositoryName): Promise<RepositoryState | undefined> {
  return api.find<RepositoryState>('artifactregistry', `v1/${resourceName(name)}`).catch(unlessDisabled);
}

async function readRepository(
  api: Api,
  name: RepositoryName,
  isForImages: boolean,
): Promise<Found | undefined> {
  const there = await repositoryOf(api, name);
  if (!there) return undefined;
  const isManaged = there.labels?.[managedBy.key] === managedBy.value;
  return { fields: {}, isOurs: isForImages ? isManaged : true };
}

interface Run {
  readonly labels?: Labels;
  readonly template: RunTemplate & { readonly taskCount?: number; readonly template?: RunTemplate };
}
interface RunTemplate {
  readonly containers?: readonly {
    readonly image?: string;
    readonly args?: readonly string[];
    readonly resources?: { readonly limits?: { readonly memory?: string; readonly cpu?: string } };
  }[];
  readonly serviceAccount?: string;
  readonly timeout?: string;
  readonly maxRetries?: number;
}

async function readRun(api: Api, path: string, plan: WorkflowPlan | undefined): Promise<Found | undefined> {
  const there = await api.find<Run>('run', path).catch(unlessDisabled);
  if (!there) return undefined;
  // A job wraps the template of its tasks; a service has it directly.
  const {
    containers = [],
    serviceAccount,
    timeout,
    maxRetries = 0,
  } = there.template.template ?? there.template;
  const [{ image = '', args = [], resources } = {}] = containers;
  const { memory = '', cpu = '' } = resources?.limits ?? {};
  return {
    fields: {
      image,
      serviceAccount: serviceAccount ?? '',
      memory,
      cpu: cpu === '1000m' ? '1' : cpu,
      timeout: timeout ?? '',
      labels: ourLabels(there.labels, plan),
      tasks: there.template.taskCount ?? 1,
      retries: maxRetries,
      args: args.join(' '),
    },
    isOurs: !!plan && isLabelled(there.labels, plan),
    ...(there.labels && { labels: there.labels }),
  };
}

async function readWorkflow(
  api: Api,
  name: string,
  plan: WorkflowPlan | undefined,
): Promise<Found | undefined> {
  const there = await api
    .find<{
      sourceContents?: string;
      serviceAccount?: string;
      description?: string;
      labels?: Labels;
      callLogLevel?: string;
      executionHistoryLevel?: string;
    }>('workflows', `v1/${name}`)
    .catch(unlessDisabled);
  if (!there) return undefined;
  const { sourceContents = '', serviceAccount = '', description = '', labels } = there;
  return {
    fields: {
      source: sourceContents,
      serviceAccount: serviceAccount.slice(serviceAccount.lastIndexOf('/') + 1),
      description,
      labels: ourLabels(labels, plan),
      callLogLevel: there.callLogLevel ?? '',
      executionHistoryLevel: there.executionHistoryLevel ?? '',
    },
    isOurs: !!plan && isLabelled(labels, plan),
    ...(labels && { labels }),
  };
}

async function readSchedulerJob(
  api: Api,
  name: string,
  plan: WorkflowPlan | undefined,
): Promise<Found | undefined> {
  const there = await api
    .find<{
      description?: string;
      schedule?: string;
      timeZone?: string;
      attemptDeadline?: string;
      retryConfig?: { retryCount?: number; minBackoffDuration?: string; maxBackoffDuration?: string };
      httpTarget?: {
        uri?: string;
        httpMethod?: string;
        body?: string;
        headers?: Labels;
        oauthToken?: { serviceAccountEmail?: string };
      };
    }>('cloudscheduler', `v1/${name}`)
    .catch(unlessDisabled);
  if (!there) return undefined;
  const { description = '', httpTarget = {}, retryConfig = {} } = there;
  return {
    fields: {
      schedule: there.schedule ?? '',
      timeZone: there.timeZone ?? '',
      uri: httpTarget.uri ?? '',
      method: httpTarget.httpMethod ?? '',
      body: Buffer.from(httpTarget.body ?? '', 'base64').toString(),
      contentType: httpTarget.headers?.['Content-Type'] ?? '',
      serviceAccount: httpTarget.oauthToken?.serviceAccountEmail ?? '',
      description,
      retries: retryConfig.retryCount ?? 0,
      minBackoff: retryConfig.minBackoffDuration ?? '',
      maxBackoff: retryConfig.maxBackoffDuration ?? '',
      attemptDeadline: there.attemptDeadline ?? '',
    },
    isOurs: !!plan && description.startsWith(markOf(plan)),
  };
}

/** Only the labels that we set: others are not ours to compare. */
function ourLabels(labels: Labels | undefined, plan: WorkflowPlan | undefined): Labels {
  const keys = plan ? Object.keys(labelsOf(plan)) : [];
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => keys.includes(key)));
}
