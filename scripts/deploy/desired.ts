/** A config's plans as the resources that should be there. Pure. */

import { markOf } from '../../generator/managed-by.ts';
import { type DestinationPlan, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { claimLabel, claimOf } from '../../job/difference/guards.ts';
import type { Who } from '../permissions/grants.ts';
import { bindings } from './bindings.ts';
import { type GeneratedFiles, monitoring } from './desired-monitoring.ts';
import { image, images, runJob, runService } from './desired-run.ts';
import { accountEmail, accountId, jobName, labelsOf, workflowName } from './names.ts';
import { type Claim, named, type Repository, type Resource, type SchedulerJob } from './resource.ts';

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
  /** Beside ours. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What else desired resources are made of. */
export interface Surroundings {
  /** Workflows and what was generated beside them, by the file's name. */
  readonly generated: GeneratedFiles;
  /** Hash of what the image is built from. */
  readonly imageHash: string;
  /** Settings of a follower that is missing and to be made; undefined: it is there, or not to be made. */
  readonly template: (plan: WorkflowPlan, destination: DestinationPlan) => Template | undefined;
}

/** APIs that a plan needs, by what needs them. */
export function apisOf({ job, schedule, monitoring, notify }: WorkflowPlan): string[] {
  return [
    'artifactregistry',
    'iam',
    'logging',
    'workflowexecutions',
    'workflows',
    ...(schedule ? ['cloudscheduler'] : []),
    ...(job ? ['run'] : []),
    ...(monitoring ? ['monitoring'] : []),
    ...(notify ? ['pubsub'] : []),
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
    ...monitoring(plan, surroundings.generated),
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
    ...named('serviceAccount', email, plan.project, workflowName(plan)),
    account: accountId(plan, who),
    email,
    fields: {
      displayName: `${plan.name}: ${who}`.slice(0, 100),
      description: `${markOf(plan)} ${what}`.slice(0, 256),
    },
  };
}

function follower(plan: WorkflowPlan, { repository }: DestinationPlan, template: Template): Repository {
  return {
    ...template,
    ...named('repository', resourceName(repository), repository.project, workflowName(plan)),
    repository,
    labels: { ...template.labels, ...labelsOf(plan) },
    description: `Follower of ${resourceName(plan.source)}`,
    isForImages: false,
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

function workflow(plan: WorkflowPlan, { generated }: Surroundings): Resource {
  const { text, file } = generated(`${plan.name}.yaml`) ?? { text: '', file: '' };
  const { length } = plan.destinations;
  return {
    ...named('workflow', workflowName(plan), plan.project, workflowName(plan)),
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
    ...named('schedulerJob', jobName(plan), plan.project, workflowName(plan)),
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
