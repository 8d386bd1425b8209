/** What workflows and jobs have logged, in the shape of Cloud Logging. */
import type { Context } from '../context.ts';
import type { Jobs } from '../run/jobs.ts';
import { workflowsEngine } from '../workflows/service.ts';
import { parts } from '../workflows/workflow.ts';
import { endEntry, type SystemEntry, startEntry } from './system-log.ts';

/** `google.logging.v2.LogEntry`, as JSON. */
export interface Entry {
  readonly logName: string;
  readonly insertId: string;
  readonly timestamp: string;
  readonly severity: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
  readonly trace?: string;
  readonly spanId?: string;
  readonly traceSampled?: boolean;
  readonly jsonPayload?: unknown;
  readonly textPayload?: string;
}

/** Everything that was logged in a project, oldest first. */
export function entriesOf(project: string, context: Context, jobs: Jobs): Entry[] {
  return [...workflowEntries(project, context), ...jobEntries(project, jobs)].sort((one, other) =>
    one.timestamp === other.timestamp ? 0 : one.timestamp < other.timestamp ? -1 : 1,
  );
}

function* workflowEntries(project: string, context: Context): Generator<Entry> {
  const engine = workflowsEngine(context);
  for (const { name } of engine.workflows.list(`projects/${project}/locations/-`)) {
    const { location, workflow } = parts(name);
    for (const { id, record, logs } of engine.executions.list(name)) {
      const common = {
        resource: {
          type: 'workflows.googleapis.com/Workflow',
          labels: { project_id: project, location, workflow_id: workflow },
        },
        labels: {
          'workflows.googleapis.com/execution_id': id,
          'workflows.googleapis.com/revision_id': record.workflowRevisionId,
        },
      };
      const system = (place: string) => (entry: SystemEntry) => ({
        logName: `projects/${project}/logs/workflows.googleapis.com%2Fexecutions_system`,
        insertId: `${id}-${place}`,
        ...entry,
        timestamp: new Date(entry.timestamp).toISOString(),
        ...common,
      });
      yield* startEntry(record).map(system('start'));
      for (const [index, { timestamp, severity, log, payload }] of logs.entries())
        yield {
          logName: `projects/${project}/logs/${log === 'engine_call' ? 'workflows.googleapis.com%2Fengine_call' : 'Workflows'}`,
          insertId: `${id}-${String(index).padStart(6, '0')}`,
          timestamp: new Date(timestamp).toISOString(),
          severity,
          ...common,
          ...payload,
        };
      yield* endEntry(record).map(system('end'));
    }
  }
}

function* jobEntries(project: string, jobs: Jobs): Generator<Entry> {
  for (const { name } of jobs.list(`projects/${project}/locations/-`)) {
    const [, , , location = '', , job = ''] = name.split('/');
    for (const execution of jobs.executions(name))
      for (const [index, { timestamp, labels, ...entry }] of execution.log.entries.entries())
        yield {
          logName: `projects/${project}/logs/run.googleapis.com%2F${labels.stream}`,
          insertId: `${execution.id}-${String(index).padStart(6, '0')}`,
          timestamp: new Date(timestamp).toISOString(),
          ...entry,
          resource: { type: 'cloud_run_job', labels: { project_id: project, location, job_name: job } },
          labels: {
            'run.googleapis.com/execution_name': execution.id,
            'run.googleapis.com/task_index': labels.task,
            'run.googleapis.com/task_attempt': labels.attempt,
          },
        };
  }
}
