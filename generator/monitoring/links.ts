/** Pages of the console. */
import type { WorkflowPlan } from '../plan.ts';
import { allOf, troubles, writtenBy } from './filters.ts';
import { dashboardId, type Named } from './names.ts';

export const consoleHost = 'https://console.cloud.google.com';

/** The workflow's executions. */
export function executionsPage({ name, project, region }: Named): string {
  return `${consoleHost}/workflows/workflow/${region}/${name}/executions?project=${project}`;
}

/** Log entries that a filter finds. */
export function logsPage(filter: string, { project }: Pick<Named, 'project'>): string {
  return `${consoleHost}/logs/query;query=${encodeURIComponent(filter)}?project=${project}`;
}

/** Everything that the workflow logs. */
export function workflowLogs(plan: Named): string {
  return logsPage(writtenBy('workflow', plan), plan);
}

/** Warnings and errors of the workflow and its job. */
export function troubleLogs(plan: Named & Pick<WorkflowPlan, 'job'>): string {
  return logsPage(troubles(plan), plan);
}

/** What the Scheduler says of its attempts to start a run. */
export function schedulerLogs(plan: Named): string {
  return logsPage(
    allOf(
      'resource.type="cloud_scheduler_job"',
      `resource.labels.job_id="${plan.name}"`,
      `resource.labels.location="${plan.region}"`,
    ),
    plan,
  );
}

export function dashboardPage(plan: Named): string {
  return `${consoleHost}/monitoring/dashboards/builder/${dashboardId(plan)}?project=${plan.project}`;
}

export function alertsPage({ project }: Named): string {
  return `${consoleHost}/monitoring/alerting/policies?project=${project}`;
}
