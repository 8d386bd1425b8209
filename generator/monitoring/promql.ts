/** Queries in PromQL over the log-based metrics of one replicator. */
import type { MetricName } from '../observability/metrics.ts';
import { resources, type Writer } from './filters.ts';
import { type Named, promqlName } from './names.ts';

/**
 * The selector of a metric. Two names may differ in what PromQL does not tell apart (`a-b`, `a_b`): the monitored
 * resource does.
 *
 * @param writer who writes the entries of the series: a metric of both has series of two monitored resources
 * @param part of a distribution
 * @param matchers beside those of the resource, as `state="succeeded"`
 */
export function series(
  plan: Named,
  writer: Writer,
  metric: MetricName,
  part: '' | '_sum' | '_count',
  ...matchers: string[]
): string {
  const { type, label } = resources[writer];
  const all = [
    `monitored_resource="${type}"`,
    `${label}="${plan.name}"`,
    `location="${plan.region}"`,
    ...matchers,
  ];
  return `${promqlName(plan, metric)}${part}{${all.join(', ')}}`;
}

/** How much a series grew over a window, `86400s` or a variable of a dashboard, added up by a label or whole. */
export function increase(selector: string, window: string, by?: string): string {
  return `sum${by === undefined ? '' : ` by (${by})`}(increase(${selector}[${window}]))`;
}

/**
 * True where no run succeeded in so many seconds although one was due: one has ended, however, or the Scheduler has
 * tried to start one, which it logs whatever it is answered. A replicator that was just deployed is silent until then,
 * however long its first period is.
 *
 * A metric without any point has no series, which without the zero would be no answer instead of none.
 *
 * @param since seconds for which it is remembered that a run was due
 */
export function noSuccessFor(plan: Named, seconds: number, since: number): string {
  const succeeded = increase(series(plan, 'workflow', 'runs', '', 'state="succeeded"'), `${seconds}s`);
  // A dry run is a person's, who looks whether all is well before the first run is due.
  const ended = increase(series(plan, 'workflow', 'runs', '', 'state!="dryRun"'), `${since}s`);
  const tried = increase(schedulerEntries(plan), `${since}s`);
  return `(${succeeded} or vector(0)) < 0.5 and (${ended} > 0.5 or ${tried} > 0.5)`;
}

/**
 * What the Scheduler's job of a replicator logs: two entries an attempt, by a metric that Cloud Logging has of itself.
 * Audit logs are of the same resource, and a deploy writes there; the name of the log has its slash escaped or not.
 *
 * https://cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-logging
 */
function schedulerEntries({ name, region }: Named): string {
  const matchers = [
    'monitored_resource="cloud_scheduler_job"',
    `job_id="${name}"`,
    `location="${region}"`,
    'log=~"cloudscheduler.googleapis.com.*executions"',
  ];
  return `logging_googleapis_com:log_entry_count{${matchers.join(', ')}}`;
}
