/**
 * Filters of Cloud Logging over what a replicator logs: `generator/observability/entry.ts` has the shape of the entries.
 *
 * https://cloud.google.com/logging/docs/view/logging-query-language
 */
import type { Phase } from '../observability/entry.ts';
import type { WorkflowPlan } from '../plan.ts';
import type { Named } from './names.ts';

/** Who writes entries, and of which monitored resource they are. */
export type Writer = 'workflow' | 'job' | 'service';

/** Types of monitored resources, and the label that holds the replicator's name. */
export const resources = {
  workflow: { type: 'workflows.googleapis.com/Workflow', label: 'workflow_id' },
  job: { type: 'cloud_run_job', label: 'job_name' },
  // The job as a service: to Cloud Run its entries are a revision's.
  service: { type: 'cloud_run_revision', label: 'service_name' },
} as const satisfies Readonly<Record<Writer, { readonly type: string; readonly label: string }>>;

/** Who writes entries of a replicator. */
export function allWriters({ job }: Pick<WorkflowPlan, 'job'>): readonly Writer[] {
  return ['workflow', ...(job ? (['job'] as const) : []), ...(job?.service ? (['service'] as const) : [])];
}

/** Terms, one a line; all have to hold. */
export function allOf(...terms: readonly string[]): string {
  return terms.join('\nAND ');
}

/** Of several filters one has to hold. */
export function anyOf(...filters: readonly string[]): string {
  const [only = ''] = filters;
  return filters.length === 1 ? only : filters.map((filter) => `(${filter})`).join('\nOR ');
}

/** What one writer logs. */
export function writtenBy(writer: Writer, { name, region }: Named): string {
  const { type, label } = resources[writer];
  return allOf(
    `resource.type="${type}"`,
    `resource.labels.${label}="${name}"`,
    `resource.labels.location="${region}"`,
  );
}

/** What several writers log, each on terms of its own. */
export function writtenByAny(
  writers: readonly Writer[],
  plan: Named,
  terms: (writer: Writer) => readonly string[],
): string {
  return anyOf(...writers.map((writer) => allOf(writtenBy(writer, plan), ...terms(writer))));
}

/** A field of ours. */
export function field(path: string): string {
  return `jsonPayload.replicator.${path}`;
}

export function inPhase(phase: Phase): string {
  return `${field('phase')}="${phase}"`;
}

/** A field with one of some values. */
export function isOneOf(path: string, values: readonly string[]): string {
  return `(${values.map((value) => `${path}="${value}"`).join(' OR ')})`;
}

/** Where an entry of a workflow has the id of its execution, whether a step or Cloud Workflows itself wrote it. */
export const executionLabel = 'labels."workflows.googleapis.com/execution_id"';

/**
 * What Cloud Workflows itself says of an execution that failed: one that raised, and one that it stopped for a limit,
 * which could write nothing itself.
 *
 * https://cloud.google.com/workflows/docs/log-workflow#execution_logs
 */
export function failedForGood({ project }: Named): string {
  return allOf(
    `logName="projects/${project}/logs/workflows.googleapis.com%2Fexecutions_system"`,
    'jsonPayload.state="FAILED"',
  );
}

/** Warnings and errors of a replicator, its job's included. */
export function troubles(plan: Named & Pick<WorkflowPlan, 'job'>): string {
  return writtenByAny(allWriters(plan), plan, () => ['severity>=WARNING']);
}
