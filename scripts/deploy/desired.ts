/** A config's plans as the resources that should be there. Pure. */

import { followFlags } from '../../generator/compile/job-flags.ts';
import { type DestinationPlan, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../../job/difference/guards.ts';
import { grants, type Who } from '../permissions/roles.ts';
import {
  accountEmail,
  accountId,
  imageName,
  imageRepository,
  jobName,
  labelsOf,
  managedBy,
  markOf,
  serviceName,
  workflowName,
} from './names.ts';
import {
  type Binding,
  bindingOf,
  type Claim,
  type PolicyTarget,
  type Repository,
  type Resource,
  type SchedulerJob,
} from './resource.ts';

/** A resource, and whether the config asks for it. What it does not ask for is looked at to be taken away. */
export interface Wanted {
  readonly resource: Resource;
  readonly isWanted: boolean;
}

/** A source of settings for a follower that is to be made. */
export interface Template {
  readonly format: string;
  readonly kmsKeyName: string | undefined;
  readonly immutableTags: boolean;
}

/** What else desired resources are made of. */
export interface Surroundings {
  /** The generated source of a plan's workflow, and its file's path. */
  readonly source: (plan: WorkflowPlan) => { readonly text: string; readonly file: string };
  /** Hash of what the image is built from. */
  readonly imageHash: string;
  /** Settings of a follower that is missing and to be made; undefined: it is there, or not to be made. */
  readonly template: (plan: WorkflowPlan, destination: DestinationPlan) => Template | undefined;
}

/** APIs that a plan needs, by what needs them. */
export function apisOf({ job, schedule }: WorkflowPlan): string[] {
  return [
    'artifactregistry',
    'iam',
    'logging',
    'workflowexecutions',
    'workflows',
    ...(schedule ? ['cloudscheduler'] : []),
    ...(job ? ['run'] : []),
    ...(job && job.image === undefined ? ['cloudbuild'] : []),
  ].map((name) => `${name}.googleapis.com`);
}

/** Everything that a plan may have, and whether it is to. */
export function desiredOf(plan: WorkflowPlan, surroundings: Surroundings): Wanted[] {
  const { job, schedule } = plan;
  const wanted = (resource: Resource, isWanted = true): Wanted => ({ resource, isWanted });
  return [
    wanted(apis(plan)),
    wanted(account(plan, 'workflow', 'runs the workflow')),
    wanted(account(plan, 'scheduler', 'starts the workflow'), schedule !== undefined),
    wanted(account(plan, 'job', 'runs the job'), job !== undefined),
    ...plan.destinations.flatMap((destination) => {
      const template = surroundings.template(plan, destination);
      return template ? [wanted(follower(plan, destination, template))] : [];
    }),
    ...plan.destinations.map((destination) => wanted(claim(plan, destination), !!destination.mirror)),
    wanted(images(plan), job !== undefined && job.image === undefined),
    ...(job && job.image === undefined ? [wanted(image(plan, surroundings.imageHash))] : []),
    wanted(runJob(plan, surroundings.imageHash), job !== undefined),
    wanted(runService(plan, surroundings.imageHash), job?.service === true),
    ...bindings(plan).map((one) => wanted(one)),
    wanted(workflow(plan, surroundings)),
    wanted(schedulerJob(plan), schedule !== undefined),
  ];
}

/** One list of all plans: what several share is there once, and wanted where one wants it. */
export function mergeWanted(all: readonly Wanted[]): Wanted[] {
  const merged = new Map<string, Wanted>();
  for (const one of all) {
    const other = merged.get(one.resource.id);
    const fields = { ...other?.resource.fields, ...one.resource.fields };
    // APIs add up; everything else that is shared is the same from whichever plan it comes.
    const resource = { ...one.resource, ...(one.resource.kind === 'apis' && { fields }) } as Resource;
    merged.set(resource.id, { resource, isWanted: one.isWanted || other?.isWanted === true });
  }
  return [...merged.values()];
}

function apis(plan: WorkflowPlan): Resource {
  return {
    kind: 'apis',
    id: `apis ${plan.project}`,
    name: `in project ${plan.project}`,
    owner: '',
    project: plan.project,
    fields: Object.fromEntries(apisOf(plan).map((name) => [name, 'enabled'])),
  };
}

function account(plan: WorkflowPlan, who: Who, what: string): Resource {
  const email = accountEmail(plan, who);
  return {
    kind: 'serviceAccount',
    id: `serviceAccount ${email}`,
    name: email,
    owner: workflowName(plan),
    project: plan.project,
    account: accountId(plan, who),
    email,
    fields: {
      displayName: `${plan.name}: ${who}`.slice(0, 100),
      description: `${markOf(plan)} ${what}`.slice(0, 256),
    },
  };
}

/** Bindings of our accounts, from the table of roles. */
export function bindings(plan: WorkflowPlan): Binding[] {
  const made = new Map<string, Binding>();
  const add = (target: PolicyTarget, role: string, who: Who) => {
    const member = `serviceAccount:${accountEmail(plan, who)}`;
    const binding = bindingOf(workflowName(plan), plan.project, target, role, member);
    made.set(binding.id, binding);
  };
  for (const { who, role, on, applies } of grants)
    if (on === 'destination') {
      for (const destination of plan.destinations)
        if (applies(plan, destination))
          add({ on: 'repository', repository: destination.repository }, role, who);
    } else if (applies(plan, undefined)) add(targetOf(plan, on), role, who);
  return [...made.values()];
}

function targetOf(plan: WorkflowPlan, on: 'project' | 'source' | 'job'): PolicyTarget {
  switch (on) {
    case 'project':
      return { on, project: plan.project };
    case 'source':
      return { on: 'repository', repository: plan.source };
    case 'job':
      return { on, project: plan.project, region: plan.region, job: plan.name };
  }
}

function follower(plan: WorkflowPlan, { repository }: DestinationPlan, template: Template): Repository {
  return {
    ...template,
    kind: 'repository',
    id: `repository ${resourceName(repository)}`,
    name: resourceName(repository),
    owner: workflowName(plan),
    project: repository.project,
    repository,
    labels: labelsOf(plan),
    description: `Follower of ${resourceName(plan.source)}`,
    isForImages: false,
    fields: {},
  };
}

function images(plan: WorkflowPlan): Repository {
  const repository = imageRepository(plan);
  return {
    kind: 'repository',
    id: `repository ${resourceName(repository)}`,
    name: resourceName(repository),
    owner: '',
    project: plan.project,
    repository,
    format: 'DOCKER',
    labels: { [managedBy.key]: managedBy.value },
    description: 'Images of the replication job',
    kmsKeyName: undefined,
    // A tag is named after the sources that the image was built from.
    immutableTags: true,
    isForImages: true,
    fields: {},
  };
}

function image(plan: WorkflowPlan, hash: string): Resource {
  const name = imageName(plan, hash);
  return {
    kind: 'image',
    id: `image ${name}`,
    name,
    owner: '',
    project: plan.project,
    region: plan.region,
    repository: imageRepository(plan),
    image: name,
    fields: {},
  };
}

function claim(plan: WorkflowPlan, { repository }: DestinationPlan): Claim {
  return {
    kind: 'claim',
    id: `claim ${resourceName(repository)}`,
    name: `${claimLabel} on ${resourceName(repository)}`,
    owner: workflowName(plan),
    project: repository.project,
    repository,
    source: plan.source,
    fields: { leader: claimOf(plan.source) },
  };
}

function container(plan: WorkflowPlan, hash: string) {
  const { image: given, memory = '512Mi', cpu = 1 } = plan.job ?? {};
  return {
    image: given ?? imageName(plan, hash),
    serviceAccount: accountEmail(plan, 'job'),
    memory,
    cpu: String(cpu),
    labels: labelsOf(plan),
  };
}

function runJob(plan: WorkflowPlan, hash: string): Resource {
  const { tasks = 1, timeout = 43_200 } = plan.job ?? {};
  return {
    kind: 'runJob',
    id: `runJob ${jobName(plan)}`,
    name: jobName(plan),
    owner: workflowName(plan),
    project: plan.project,
    region: plan.region,
    job: plan.name,
    fields: {
      ...container(plan, hash),
      tasks,
      timeout: `${timeout}s`,
      // A mirror that failed has said why: the next run tries again, on a plan of its own.
      retries: 0,
    },
  };
}

function runService(plan: WorkflowPlan, hash: string): Resource {
  return {
    kind: 'runService',
    id: `runService ${serviceName(plan)}`,
    name: serviceName(plan),
    owner: workflowName(plan),
    project: plan.project,
    region: plan.region,
    service: plan.name,
    fields: {
      ...container(plan, hash),
      // Longest that Cloud Run lets a request take; a copy that takes longer goes on without it.
      timeout: '3600s',
      args: serviceArguments(plan).join(' '),
    },
  };
}

/**
 * The command line of the service, whose callers may narrow what it says. Settings of single destinations have no
 * place in it: where they differ, those of the service are the job's own defaults.
 */
export function serviceArguments(plan: WorkflowPlan): string[] {
  const { source, destinations } = plan;
  const [first] = destinations;
  const settings = new Set(destinations.map(({ copy, mirror }) => JSON.stringify({ copy, mirror })));
  const isCommon = first !== undefined && settings.size === 1;
  return [
    'serve',
    // Who may call is for Cloud Run's own policy to say.
    '--auth=cloud-run',
    `--source=${resourceName(source)}`,
    ...destinations.map(({ repository }) => `--destination=${resourceName(repository)}`),
    ...(isCommon ? followFlags(plan, first) : []),
    ...(isCommon && first.mirror ? ['--mirror'] : []),
  ];
}

function workflow(plan: WorkflowPlan, { source }: Surroundings): Resource {
  const { text, file } = source(plan);
  const { length } = plan.destinations;
  return {
    kind: 'workflow',
    id: `workflow ${workflowName(plan)}`,
    name: workflowName(plan),
    owner: workflowName(plan),
    project: plan.project,
    region: plan.region,
    workflow: plan.name,
    file,
    fields: {
      source: text,
      serviceAccount: accountEmail(plan, 'workflow'),
      description:
        `Replicates ${resourceName(plan.source)} to ${length === 1 ? 'one follower' : `${length} followers`}`.slice(
          0,
          1000,
        ),
      labels: labelsOf(plan),
      // What a run does is logged by its own steps; of the calls only what went wrong.
      callLogLevel: 'LOG_ERRORS_ONLY',
      executionHistoryLevel: 'EXECUTION_HISTORY_BASIC',
    },
  };
}

function schedulerJob(plan: WorkflowPlan): SchedulerJob {
  const { cron = '', timeZone = 'Etc/UTC' } = plan.schedule ?? {};
  return {
    kind: 'schedulerJob',
    id: `schedulerJob ${jobName(plan)}`,
    name: jobName(plan),
    owner: workflowName(plan),
    project: plan.project,
    region: plan.region,
    job: plan.name,
    fields: {
      schedule: cron,
      timeZone,
      uri: `https://workflowexecutions.googleapis.com/v1/${workflowName(plan)}/executions`,
      method: 'POST',
      body: executionBody({}),
      contentType: 'application/json',
      serviceAccount: accountEmail(plan, 'scheduler'),
      description: `${markOf(plan)} starts the workflow`,
      // Only what did not start an execution is tried again: one that failed has its own report.
      retries: 3,
      minBackoff: '10s',
      maxBackoff: '300s',
      attemptDeadline: '60s',
    },
  };
}

/** The body that starts an execution: its argument is JSON within a string of JSON. */
export function executionBody(argument: unknown): string {
  return JSON.stringify({ argument: JSON.stringify(argument) });
}
