/** What a replicator's monitoring is written to: one file for each resource, as one gcloud command takes it. Pure. */
import { headingStart } from '../compile/compile.ts';
import { markOf } from '../managed-by.ts';
import { type MetricName, metrics } from '../observability/metrics.ts';
import type { WorkflowPlan } from '../plan.ts';
import { alertPolicies } from './alerts.ts';
import { dashboard } from './dashboard.ts';
import { logMetric } from './log-metrics.ts';
import { alertKinds, fileNames } from './names.ts';

/** Every log-based metric that a replicator may have. */
export const metricNames = Object.keys(metrics) as MetricName[];

/** Without a mirror nothing is ever deleted. */
function metricsOf({ destinations }: WorkflowPlan): MetricName[] {
  const deletes = destinations.some(({ mirror }) => mirror !== undefined);
  return metricNames.filter((metric) => metric !== 'deleted' || deletes);
}

/** @param config the config's name, as each file gives it */
export function monitoringFiles(plan: WorkflowPlan, config: string): { name: string; text: string }[] {
  const { monitoring } = plan;
  if (!monitoring) return [];
  const written = headingStart(config);
  const file = (name: string, content: object) => ({ name, text: `${JSON.stringify(content, null, 2)}\n` });
  return [
    ...metricsOf(plan).map((metric) =>
      file(fileNames.metric(plan, metric), logMetric(plan, metric, markOf(plan), written)),
    ),
    ...(monitoring.dashboard ? [file(fileNames.dashboard(plan), dashboard(plan, written))] : []),
    ...alertPolicies(plan, written).map(([kind, policy]) => file(fileNames.alert(plan, kind), policy)),
  ];
}

const ends = new Set([
  ...metricNames.map((metric) => fileNames.metric({ name: '' }, metric)),
  fileNames.dashboard({ name: '' }),
  ...alertKinds.map((kind) => fileNames.alert({ name: '' }, kind)),
]);

/** Whether a file is one of ours from an earlier run with a config: by its name, and by what each says of itself. */
export function isMonitoringFile(name: string, text: string, config: string): boolean {
  const dot = name.indexOf('.');
  // JSON has no comments: every resource says it in a text of its own.
  return (
    dot > 0 && ends.has(name.slice(dot)) && text.includes(JSON.stringify(headingStart(config)).slice(1, -1))
  );
}
