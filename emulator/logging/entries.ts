/** What workflows and jobs have logged, in the shape of Cloud Logging. */
import type { Context } from '../context.ts';
import type { Jobs } from '../run/jobs.ts';
import { workflowsEngine } from '../workflows/service.ts';
import { parts } from '../workflows/workflow.ts';

/** `google.logging.v2.LogEntry`, as JSON. */
export interface Entry {
  readonly logName: string;
  readonly insertId: string;
  readonly timestamp: string;
  readonly severity: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
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
    for (const { record, logs } of engine.executions.list(name)) {
      const execution = record.name.slice(record.name.lastIndexOf('/') + 1);
      for (const [index, { timestamp, severity, payload }] of logs.entries())
        yield {
          logName: `projects/${project}/logs/Workflows`,
          insertId: `${execution}-${String(index).padStart(6, '0')}`,
          timestamp: new Date(timestamp).toISOString(),
          severity,
          resource: {
            type: 'workflows.googleapis.com/Workflow',
            labels: { project_id: project, location, workflow_id: workflow },
          },
          labels: {
            'workflows.googleapis.com/execution_id': execution,
            'workflows.googleapis.com/revision_id': record.workflowRevisionId,
          },
          ...payload,
        };
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
