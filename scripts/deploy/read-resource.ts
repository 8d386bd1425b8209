/** One resource as it is, in the names of what is wanted of it. */
import { managedBy, markOf } from '../../generator/managed-by.ts';
import { type RepositoryName, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../../job/difference/guards.ts';
import { type Api, unlessDisabled } from '../cloud/api.ts';
import { isLabelled, labelsOf } from './names.ts';
import type { Found, Resource } from './resource.ts';

type Labels = Readonly<Record<string, string>>;

/** @returns undefined where there is no such thing */
export async function readResource(
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
    case 'runService':
      return readRun(api, `v2/${resource.name}`, plan);
    case 'workflow':
      return readWorkflow(api, resource.name, plan);
    case 'schedulerJob':
      return readSchedulerJob(api, resource.name, plan);
    case 'binding':
    // Read by read-monitoring.ts.
    case 'logMetric':
    case 'dashboard':
    case 'alertPolicy':
      return undefined;
  }
}

async function readApis(api: Api, project: string, names: readonly string[]): Promise<Found> {
  const enabled = (await apisIn(api, project, names)).flatMap(({ name, isEnabled }) =>
    isEnabled ? [[name, 'enabled']] : [],
  );
  return { fields: Object.fromEntries(enabled), isOurs: true };
}

/** APIs of a project by their names, `run.googleapis.com`, and whether they are enabled. */
export async function apisIn(
  api: Api,
  project: string,
  names: readonly string[],
): Promise<{ readonly name: string; readonly isEnabled: boolean }[]> {
  const query = names.map((name) => `names=${encodeURIComponent(`projects/${project}/services/${name}`)}`);
  const { services = [] } = await api.get<{ services?: { name: string; state: string }[] }>(
    'serviceusage',
    `v1/projects/${project}/services:batchGet?${query.join('&')}`,
  );
  return services.map(({ name, state }) => ({
    name: name.slice(name.lastIndexOf('/') + 1),
    isEnabled: state === 'ENABLED',
  }));
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
  if (!isForImages) return { fields: {}, isOurs: true };
  const { [managedBy.key]: label } = there.labels ?? {};
  return {
    fields: { labels: label === undefined ? {} : { [managedBy.key]: label } },
    isOurs: label === managedBy.value,
  };
}

interface Run {
  readonly labels?: Labels;
  readonly template: RunTemplate & { readonly taskCount?: number; readonly template?: RunTemplate };
}
interface RunTemplate {
  readonly containers?: readonly {
    readonly image?: string;
    readonly args?: readonly string[];
    readonly env?: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueSource?: unknown;
    }[];
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
  const [{ image = '', args = [], env = [], resources } = {}] = containers;
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
      env: Object.fromEntries(
        env.flatMap(({ name, value = '', valueSource }) => (valueSource ? [] : [[name, value]])),
      ),
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
