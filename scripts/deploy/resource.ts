/** What a deploy looks after, as data: each resource with what is compared of it and what its commands need. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';

/** Where an IAM policy hangs. */
export type PolicyTarget =
  | { readonly on: 'project'; readonly project: string }
  | { readonly on: 'repository'; readonly repository: RepositoryName }
  | { readonly on: 'job'; readonly project: string; readonly region: string; readonly job: string }
  /** By its full name. */
  | { readonly on: 'topic'; readonly topic: string };

/** What every resource has. */
interface Base<Kind extends string> {
  readonly kind: Kind;
  /** Unique, and the same in every run. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Full name of the workflow that it belongs to; empty where several share it. */
  readonly owner: string;
  readonly project: string;
  /** What is compared with what is there. A field that is not named here is left as it is. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** APIs of a project. */
export interface Apis extends Base<'apis'> {
  /** By the API's name. */
  readonly fields: Readonly<Record<string, 'enabled'>>;
}

export interface ServiceAccount extends Base<'serviceAccount'> {
  readonly account: string;
  readonly email: string;
  readonly fields: { readonly displayName: string; readonly description: string };
}

/** One role of one member on one thing. */
export interface Binding extends Base<'binding'> {
  readonly target: PolicyTarget;
  readonly role: string;
  readonly member: string;
}

/** A repository that is made where it is missing, and never changed. */
export interface Repository extends Base<'repository'> {
  readonly repository: RepositoryName;
  readonly format: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly description: string;
  readonly kmsKeyName: string | undefined;
  readonly immutableTags: boolean;
  /** Holds images of ours; a follower otherwise, which is never taken away. */
  readonly isForImages: boolean;
}

/** The label by which a follower says whose exact copy it is. */
export interface Claim extends Base<'claim'> {
  readonly repository: RepositoryName;
  readonly source: RepositoryName;
  readonly fields: { readonly leader: string };
}

/** An image built from the sources. */
export interface Image extends Base<'image'> {
  readonly image: string;
  readonly region: string;
  readonly repository: RepositoryName;
}

/** What the container of a job or service is. */
type ContainerFields = {
  readonly image: string;
  readonly serviceAccount: string;
  readonly memory: string;
  readonly cpu: string;
  readonly timeout: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Those with a plain value: what comes from Secret Manager was set by hand, and stays. */
  readonly env: Readonly<Record<string, string>>;
};

export interface RunJob extends Base<'runJob'> {
  readonly region: string;
  readonly job: string;
  readonly fields: ContainerFields & { readonly tasks: number; readonly retries: number };
}

export interface RunService extends Base<'runService'> {
  readonly region: string;
  readonly service: string;
  readonly fields: ContainerFields & { readonly args: string };
}

export interface Workflow extends Base<'workflow'> {
  readonly region: string;
  readonly workflow: string;
  /** Path of the file with the source, as a command names it. */
  readonly file: string;
  readonly fields: {
    readonly source: string;
    readonly serviceAccount: string;
    readonly description: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly callLogLevel: string;
    readonly executionHistoryLevel: string;
  };
}

export interface SchedulerJob extends Base<'schedulerJob'> {
  readonly region: string;
  readonly job: string;
  readonly fields: {
    readonly schedule: string;
    readonly timeZone: string;
    readonly uri: string;
    readonly method: string;
    readonly body: string;
    readonly contentType: string;
    readonly serviceAccount: string;
    readonly description: string;
    readonly retries: number;
    readonly minBackoff: string;
    readonly maxBackoff: string;
    readonly attemptDeadline: string;
  };
}

/** A log-based metric, a dashboard or an alert policy: each is made of a generated file. */
export interface MonitoringResource extends Base<'logMetric' | 'dashboard' | 'alertPolicy'> {
  /** The metric's or dashboard's id; of an alert policy, which the service names, its kind. */
  readonly key: string;
  /** Path of the file; empty where there is none, since it is not wanted. */
  readonly file: string;
  /** The track of gcloud that has its commands; left out: that of general availability. */
  readonly track?: 'alpha';
}

/** Whether something only watches: nothing else waits for it, nor it for anything but an API. */
export function isMonitoring(resource: Resource): resource is MonitoringResource {
  return resource.kind === 'logMetric' || resource.kind === 'dashboard' || resource.kind === 'alertPolicy';
}

/** Anything that a deploy looks after. */
export type Resource =
  | Apis
  | ServiceAccount
  | Binding
  | Repository
  | Claim
  | Image
  | RunJob
  | RunService
  | Workflow
  | SchedulerJob
  | MonitoringResource;

/** What is there in place of a resource. */
export interface Found {
  /** In the names of the resource's own fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether it carries our label or mark, or is nobody's. */
  readonly isOurs: boolean;
  /** Labels of others, which stay. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Full names, where the service gives them. */
  readonly names?: readonly string[];
}

/** What is the same of every resource that is known by its full name. @param owner left out: several share it */
export function named<K extends Resource['kind']>(kind: K, name: string, project: string, owner = '') {
  return { kind, id: `${kind} ${name}`, name, owner, project };
}

/** The full name of what a policy hangs on. */
export function policyName(target: PolicyTarget): string {
  switch (target.on) {
    case 'project':
      return `projects/${target.project}`;
    case 'repository':
      return resourceName(target.repository);
    case 'job':
      return `projects/${target.project}/locations/${target.region}/jobs/${target.job}`;
    case 'topic':
      return target.topic;
  }
}

/** A policy's thing in a few words. */
export function targetWords(target: PolicyTarget): string {
  switch (target.on) {
    case 'project':
      return `project ${target.project}`;
    case 'repository':
      return `repository ${target.repository.location}/${target.repository.project}/${target.repository.repository}`;
    case 'job':
      return `job ${target.region}/${target.job}`;
    case 'topic':
      return `topic ${target.topic.replace(/^projects\/(.*)\/topics\//, '$1/')}`;
  }
}

/** Makes a binding. */
export function bindingOf(
  owner: string,
  project: string,
  target: PolicyTarget,
  role: string,
  member: string,
): Binding {
  return {
    kind: 'binding',
    id: `binding ${policyName(target)} ${role} ${member}`,
    name: `${role} on ${targetWords(target)} for ${member.replace(/^serviceAccount:/, '').replace(/@.*$/, '')}`,
    owner,
    project,
    fields: {},
    target,
    role,
    member,
  };
}
