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
 * True where no run succeeded in so many seconds, and where there never was one. A metric without any point has no
 * series, which without the zero would be no answer instead of none.
 */
export function noSuccessFor(plan: Named, seconds: number): string {
  return `(${increase(series(plan, 'workflow', 'runs', '', 'state="succeeded"'), `${seconds}s`)} or vector(0)) < 0.5`;
}
