/** Which permission a request asks for, and on what. What no rule names is open to everybody. */
import { decodeId, parseImagePath, repositoryName } from '../registry/names.ts';
import { matchPath } from '../rest.ts';

/** What a request asks for. */
export interface Demand {
  readonly permission: string;
  /** Full name of the resource whose policy decides, beside its project's. */
  readonly resource: string;
}

interface Rule {
  readonly method: string;
  readonly segments: readonly string[];
  readonly verb: string | undefined;
  readonly demand: (ids: readonly string[], body: Readonly<Record<string, unknown>>) => readonly Demand[];
}

type Kind = 'project' | 'repository' | 'serviceAccount' | 'job' | 'service' | 'cryptoKey' | 'topic';

function resourceOf(kind: Kind, [project, location, id, below]: readonly string[]): string {
  switch (kind) {
    case 'project':
      return `projects/${project}`;
    case 'repository':
      return `projects/${project}/locations/${location}/repositories/${id}`;
    case 'serviceAccount':
      return `projects/${project}/serviceAccounts/${location}`;
    case 'topic':
      return `projects/${project}/topics/${location}`;
    case 'cryptoKey':
      return `projects/${project}/locations/${location}/keyRings/${id}/cryptoKeys/${below}`;
    default:
      return `projects/${project}/locations/${location}/${kind}s/${id}`;
  }
}

function rule(signature: `${string} /${string}`, kind: Kind, permission: string | Rule['demand']): Rule {
  const [method = '', pattern = ''] = signature.split(' ');
  const [path = '', verb] = pattern.split(/:(?=[a-zA-Z]+$)/);
  const demand: Rule['demand'] =
    typeof permission === 'string' ? (ids) => [{ permission, resource: resourceOf(kind, ids) }] : permission;
  return { method, segments: path.slice(1).split('/'), verb, demand };
}

/** get, list, create, update, delete of a collection whose items have no policies of their own. */
function crud(collection: `/${string}`, permission: string, verbs: string): Rule[] {
  const of: Record<string, `${string} /${string}`> = {
    list: `GET ${collection}`,
    get: `GET ${collection}/*`,
    create: `POST ${collection}`,
    update: `PATCH ${collection}/*`,
    delete: `DELETE ${collection}/*`,
  };
  return verbs
    .split(' ')
    .map((verb) => rule(of[verb] ?? `GET ${collection}`, 'project', `${permission}.${verb}`));
}

/** Reading and writing a policy. */
function policy(resource: `/${string}`, kind: Kind, permission: string): Rule[] {
  return [
    rule(`GET ${resource}:getIamPolicy`, kind, `${permission}.getIamPolicy`),
    rule(`POST ${resource}:getIamPolicy`, kind, `${permission}.getIamPolicy`),
    rule(`POST ${resource}:setIamPolicy`, kind, `${permission}.setIamPolicy`),
  ];
}

const place = '/v1/projects/*/locations/*';
const repository = `${place}/repositories/*` as const;
const registry = 'artifactregistry';
const inRepository = (method: string, below: string, permission: string): Rule =>
  rule(
    `${method} /v1/projects/*/locations/*/repositories/*/${below}`,
    'repository',
    `${registry}.${permission}`,
  );

const cryptoKey = `${place}/keyRings/*/cryptoKeys/*` as const;
const job = '/v2/projects/*/locations/*/jobs/*' as const;

/** Every rule; the first that fits decides. */
const rules: readonly Rule[] = [
  // Artifact Registry
  rule(`POST ${place}/repositories`, 'project', `${registry}.repositories.create`),
  rule(`GET ${place}/repositories`, 'project', `${registry}.repositories.list`),
  ...policy(repository, 'repository', `${registry}.repositories`),
  rule(`POST ${repository}:copyRepository`, 'repository', (ids, { sourceRepository }) => [
    { permission: `${registry}.repositories.uploadArtifacts`, resource: resourceOf('repository', ids) },
    { permission: `${registry}.repositories.downloadArtifacts`, resource: String(sourceRepository) },
  ]),
  rule(`GET ${repository}`, 'repository', `${registry}.repositories.get`),
  rule(`PATCH ${repository}`, 'repository', `${registry}.repositories.update`),
  rule(`DELETE ${repository}`, 'repository', `${registry}.repositories.delete`),
  inRepository('GET', 'packages', 'packages.list'),
  inRepository('GET', 'packages/*', 'packages.get'),
  inRepository('DELETE', 'packages/*', 'packages.delete'),
  inRepository('GET', 'packages/*/versions', 'versions.list'),
  inRepository('GET', 'packages/*/versions/*', 'versions.get'),
  inRepository('POST', 'packages/*/versions:batchDelete', 'versions.delete'),
  inRepository('DELETE', 'packages/*/versions/*', 'versions.delete'),
  inRepository('GET', 'packages/*/tags', 'tags.list'),
  inRepository('GET', 'packages/*/tags/*', 'tags.get'),
  inRepository('POST', 'packages/*/tags', 'tags.create'),
  inRepository('PATCH', 'packages/*/tags/*', 'tags.update'),
  inRepository('DELETE', 'packages/*/tags/*', 'tags.delete'),
  inRepository('GET', 'dockerImages', 'dockerimages.list'),
  inRepository('GET', 'dockerImages/*', 'dockerimages.get'),
  inRepository('GET', 'files', 'files.list'),
  inRepository('GET', 'files/*', 'files.get'),
  inRepository('GET', 'attachments', 'attachments.list'),
  // Workflows
  ...crud(`${place}/workflows`, 'workflows.workflows', 'list get create update delete'),
  ...crud(`${place}/workflows/*/executions`, 'workflows.executions', 'list create'),
  rule(`POST ${place}/workflows/*/executions/*:cancel`, 'project', 'workflows.executions.cancel'),
  rule(`GET ${place}/workflows/*/executions/*`, 'project', 'workflows.executions.get'),
  rule(`GET ${place}/workflows/*/executions/*/stepEntries`, 'project', 'workflows.stepEntries.list'),
  // Cloud Run, both versions; v1 names no region in its paths, so that its project decides
  rule(`POST ${job}:run`, 'job', (ids, { overrides }) => [
    { permission: 'run.jobs.run', resource: resourceOf('job', ids) },
    ...(overrides === undefined
      ? []
      : [{ permission: 'run.jobs.runWithOverrides', resource: resourceOf('job', ids) }]),
  ]),
  ...policy('/v1/projects/*/locations/*/jobs/*', 'job', 'run.jobs'),
  ...policy(job, 'job', 'run.jobs'),
  ...policy('/v1/projects/*/locations/*/services/*', 'service', 'run.services'),
  rule(`GET ${job}`, 'job', 'run.jobs.get'),
  rule(`GET ${job}/executions`, 'job', 'run.executions.list'),
  rule(`GET ${job}/executions/*`, 'job', 'run.executions.get'),
  rule(`POST ${job}/executions/*:cancel`, 'job', 'run.executions.cancel'),
  rule(`GET ${job}/executions/*/tasks`, 'job', 'run.tasks.list'),
  rule(`GET ${job}/executions/*/tasks/*`, 'job', 'run.tasks.get'),
  rule('GET /v2/projects/*/locations/*/operations/*', 'job', ([project, location, id]) => [
    {
      permission: 'run.operations.get',
      resource: `projects/${project}/locations/${location}/operations/${id}`,
    },
  ]),
  ...crud('/v2/projects/*/locations/*/jobs', 'run.jobs', 'create update delete list'),
  ...knative('/apis/run.googleapis.com/v1/namespaces/*/jobs', 'run.jobs'),
  ...knative('/apis/serving.knative.dev/v1/namespaces/*/services', 'run.services'),
  rule('GET /v2/projects/*/locations/*/services/*', 'service', 'run.services.get'),
  // Cloud Scheduler
  rule(`POST ${place}/jobs/*:run`, 'project', 'cloudscheduler.jobs.run'),
  rule(`POST ${place}/jobs/*:pause`, 'project', 'cloudscheduler.jobs.pause'),
  rule(`POST ${place}/jobs/*:resume`, 'project', 'cloudscheduler.jobs.enable'),
  ...crud(`${place}/jobs`, 'cloudscheduler.jobs', 'list get create update delete'),
  // IAM
  ...policy('/v1/projects/*/serviceAccounts/*', 'serviceAccount', 'iam.serviceAccounts'),
  ...crud('/v1/projects/*/serviceAccounts', 'iam.serviceAccounts', 'list get create update delete'),
  rule('POST /v1/projects/*/serviceAccounts/*:disable', 'project', 'iam.serviceAccounts.disable'),
  rule('POST /v1/projects/*/serviceAccounts/*:enable', 'project', 'iam.serviceAccounts.enable'),
  // Pub/Sub
  ...policy('/v1/projects/*/topics/*', 'topic', 'pubsub.topics'),
  rule('POST /v1/projects/*/topics/*:publish', 'topic', 'pubsub.topics.publish'),
  rule('GET /v1/projects/*/topics/*', 'topic', 'pubsub.topics.get'),
  rule('PUT /v1/projects/*/topics/*', 'project', 'pubsub.topics.create'),
  // Cloud KMS
  ...policy(cryptoKey, 'cryptoKey', 'cloudkms.cryptoKeys'),
  rule(`GET ${cryptoKey}`, 'cryptoKey', 'cloudkms.cryptoKeys.get'),
  rule(`GET ${place}/keyRings/*`, 'project', 'cloudkms.keyRings.get'),
  rule(`POST ${place}/keyRings`, 'project', 'cloudkms.keyRings.create'),
  rule(`POST ${place}/keyRings/*/cryptoKeys`, 'project', 'cloudkms.cryptoKeys.create'),
  // Service Usage
  rule('POST /v1/projects/*/services:batchEnable', 'project', 'serviceusage.services.enable'),
  rule('POST /v1/projects/*/services/*:enable', 'project', 'serviceusage.services.enable'),
  rule('GET /v1/projects/*/services:batchGet', 'project', 'serviceusage.services.get'),
  rule('GET /v1/projects/*/services/*', 'project', 'serviceusage.services.get'),
  rule('GET /v1/projects/*/services', 'project', 'serviceusage.services.list'),
  // Resource Manager
  ...policy('/v1/projects/*', 'project', 'resourcemanager.projects'),
  rule('GET /v1/projects/*', 'project', 'resourcemanager.projects.get'),
  // Cloud Build, and the bucket that the sources go through
  ...crud(`${place}/builds`, 'cloudbuild.builds', 'create get list'),
  // Cloud Monitoring, and log-based metrics
  ...crud('/v3/projects/*/alertPolicies', 'monitoring.alertPolicies', 'list get delete'),
  rule('POST /v3/projects/*/alertPolicies', 'project', alertPolicyWritten('create')),
  rule('PATCH /v3/projects/*/alertPolicies/*', 'project', alertPolicyWritten('update')),
  ...crud(
    '/v3/projects/*/notificationChannels',
    'monitoring.notificationChannels',
    'list get create update delete',
  ),
  ...crud('/v1/projects/*/dashboards', 'monitoring.dashboards', 'list get create update delete'),
  ...crud('/v2/projects/*/metrics', 'logging.logMetrics', 'list get create delete'),
  rule('PUT /v2/projects/*/metrics/*', 'project', 'logging.logMetrics.update'),
  rule('POST /v2/entries:list', 'project', (_, { resourceNames = [] }) =>
    (resourceNames as string[]).map((resource) => ({ permission: 'logging.logEntries.list', resource })),
  ),
];

/**
 * A policy that matches log entries is a rule of Cloud Logging besides.
 *
 * https://cloud.google.com/logging/docs/access-control
 */
function alertPolicyWritten(verb: 'create' | 'update'): Rule['demand'] {
  return (ids, { conditions = [] }) => {
    const resource = resourceOf('project', ids);
    const matchesLogs = (conditions as object[]).some((one) => 'conditionMatchedLog' in one);
    return [
      { permission: `monitoring.alertPolicies.${verb}`, resource },
      ...(matchesLogs ? [{ permission: `logging.notificationRules.${verb}`, resource }] : []),
    ];
  };
}

function knative(collection: `/${string}`, permission: string): Rule[] {
  return [
    ...crud(collection, permission, 'list get create delete'),
    rule(`PUT ${collection}/*`, 'project', `${permission}.update`),
  ];
}

/** Everything that a request asks for. */
export function demandsOf(
  method: string,
  asked: string,
  body: Readonly<Record<string, unknown>>,
): readonly Demand[] {
  const pathname = withProject(asked);
  for (const each of rules) {
    const ids = each.method === method ? matchPath(each, pathname) : undefined;
    if (ids) return [...each.demand(ids, body), ...accountsUsed(method, pathname, ids, body)];
  }
  return imageDemand(method, pathname);
}

/** A service account may be asked for without its project, `projects/-/serviceAccounts/EMAIL`: its email has it. */
function withProject(pathname: string): string {
  return pathname.replace(
    /^(\/v1\/projects\/)-(\/serviceAccounts\/[^/@]+(?:@|%40)([\w.-]+)\.iam\.gserviceaccount\.com)/i,
    // `acme.example.com` stands for the domain-scoped `example.com:acme`.
    (_, before, account, host: string) => `${before}${host.replace(/^([^.]+)\.(.+)$/, '$2:$1')}${account}`,
  );
}

/** Who gives a workflow or a job an account to act as must be allowed to use it. */
function accountsUsed(
  method: string,
  pathname: string,
  [project = '']: readonly string[],
  body: Readonly<Record<string, unknown>>,
): Demand[] {
  const isWrite = method === 'POST' || method === 'PATCH' || method === 'PUT';
  if (!isWrite || !/\/(?:workflows|jobs|services)(?:\/[^/:]+)?$/.test(pathname)) return [];
  const emails = new Set<string>();
  const look = (value: unknown, key: string): void => {
    if (typeof value === 'string' && /^serviceAccount(?:Name|Email)?$/.test(key))
      emails.add(value.slice(value.lastIndexOf('/') + 1));
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) look(inner, name);
  };
  look(body, '');
  return [...emails].map((email) => ({
    permission: 'iam.serviceAccounts.actAs',
    resource: `projects/${project}/serviceAccounts/${email}`,
  }));
}

/** Pulls and pushes: `/v2/LOCATION/PROJECT/REPOSITORY/IMAGE…`. */
function imageDemand(method: string, pathname: string): Demand[] {
  const path = /^\/v2\/(.+)\/(?:blobs|manifests|tags|referrers)\//.exec(pathname)?.[1];
  const place = path === undefined ? undefined : parseImagePath(decodeId(path));
  if (!place?.image) return [];
  const isRead = method === 'GET' || method === 'HEAD';
  return [
    {
      permission: `${registry}.repositories.${isRead ? 'downloadArtifacts' : 'uploadArtifacts'}`,
      resource: repositoryName(place),
    },
  ];
}
