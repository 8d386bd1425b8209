/** What is deployed to Cloud Logging and Monitoring is called, and how it is known again. Pure. */
import { createHash } from 'node:crypto';
import { managedBy } from '../managed-by.ts';
import type { MetricName } from '../observability/metrics.ts';
import type { WorkflowPlan } from '../plan.ts';

/** Alert policies, and the ends of their files' names. */
export const alertKinds = ['run-failed', 'no-success', 'delete-limit', 'skipped-versions'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What of a plan names are made of. */
export type Named = Pick<WorkflowPlan, 'name' | 'project' | 'region'>;

/**
 * The replicator's name in lower case, digits and `-`; where that is not the name itself, told apart by a hash. Labels
 * take 63 characters.
 */
function slug(name: string): string {
  const plain = name.toLowerCase().replaceAll('_', '-');
  if (plain === name && name.length <= 56) return name;
  return `${plain.slice(0, 49)}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}

/** Labels of a dashboard. */
export function labelsOf({ name, region }: Named): Record<string, string> {
  return { [managedBy.key]: managedBy.value, replicator: slug(name), region };
}

/** Labels of an alert policy: the service gives it its name, so that these alone say which it is. */
export function alertLabels(plan: Named, kind: AlertKind): Record<string, string> {
  return { ...labelsOf(plan), alert: kind };
}

/** `replicator-europe-west1-nightly` */
export function dashboardId({ name, region }: Named): string {
  return `replicator-${region}-${slug(name)}`;
}

/** `projects/P/dashboards/ID` */
export function dashboardName(plan: Named): string {
  return `projects/${plan.project}/dashboards/${dashboardId(plan)}`;
}

/** Id of a log-based metric: `nightly/runs`. A slash is allowed in it, and is `%2F` in its resource's name. */
export function metricId({ name }: Pick<Named, 'name'>, metric: MetricName): string {
  return `${name}/${metric}`;
}

/**
 * A log-based metric as PromQL calls it: the first slash of its type becomes a colon, whatever else PromQL does not
 * take an underscore.
 *
 * https://cloud.google.com/monitoring/promql/promql-mapping
 */
export function promqlName(plan: Pick<Named, 'name'>, metric: MetricName): string {
  return `logging_googleapis_com:${`user/${metricId(plan, metric)}`.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

/** Names of the files of one replicator. */
export const fileNames = {
  metric: ({ name }: Pick<Named, 'name'>, metric: MetricName): string => `${name}.metric-${metric}.json`,
  dashboard: ({ name }: Pick<Named, 'name'>): string => `${name}.dashboard.json`,
  alert: ({ name }: Pick<Named, 'name'>, kind: AlertKind): string => `${name}.alert-${kind}.json`,
} as const;
