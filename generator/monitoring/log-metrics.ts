/** Log-based metrics: each counts, or takes a value of, entries of one phase. Pure. */
import { type MetricName, metrics } from '../observability/metrics.ts';
import type { WorkflowPlan } from '../plan.ts';
import { allOf, allWriters, field, inPhase, isOneOf, type Writer, writtenByAny } from './filters.ts';

/**
 * `google.logging.v2.LogMetric`, as JSON and without its name, which is an argument of the command that makes it.
 *
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics
 */
export interface LogMetric {
  readonly description: string;
  readonly filter: string;
  readonly metricDescriptor: {
    readonly metricKind: 'DELTA';
    readonly valueType: 'INT64' | 'DISTRIBUTION';
    readonly unit: string;
    readonly labels: readonly { readonly key: string; readonly description: string }[];
  };
  readonly labelExtractors: Readonly<Record<string, string>>;
  readonly valueExtractor?: string;
  readonly bucketOptions?: object;
}

/** Which entries a metric is made of. */
interface Source {
  /** Terms of the filter, by who writes such entries. */
  readonly terms: Readonly<Partial<Record<Writer, readonly string[]>>>;
  /** The number that is taken of each entry; left out, entries are counted. */
  readonly value?: string;
}

const isFailure = isOneOf(field('state'), ['failed', 'partlyFailed']);
/** What a dry run would do is not done. */
const isDone = `${field('dryRun')}=false`;
/** Of the job's own copy. What another engine copies the workflow tells. */
const isOwnCopy = allOf(`${field('command')}="copy"`, `NOT ${field('dryRun')}=true`);

const sources: Readonly<Record<MetricName, Source>> = {
  runs: { terms: { workflow: [inPhase('run')] } },
  failures: { terms: { workflow: [inPhase('result'), isDone, isFailure] } },
  // The service copies by CopyRepository and is no part of the workflow's runs: it alone knows what it did.
  copied: counted('copied', { workflow: [isDone], job: [isOwnCopy], service: [] }),
  // Only the job knows: an execution of a Cloud Run job returns no numbers to the workflow.
  deleted: counted('deleted', { job: [], service: [] }),
  skipped: counted('skipped', { workflow: [isDone], job: [isOwnCopy], service: [] }),
  duration: { terms: { workflow: [inPhase('run')] }, value: 'seconds' },
  // Only a copy that succeeded has one.
  lag: {
    terms: { workflow: [inPhase('result'), isDone, `${field('lagSeconds')}>=0`] },
    value: 'lagSeconds',
  },
};

function counted(count: string, terms: Source['terms']): Source {
  const value = `counts.${count}`;
  const all = Object.entries(terms).map(([writer, own]) => [
    writer,
    [inPhase('result'), ...own, `${field(value)}>0`],
  ]);
  return { terms: Object.fromEntries(all) as Source['terms'], value };
}

/** Who writes the entries of a metric: of so many monitored resources are its time series. */
export function writersOf(plan: WorkflowPlan, metric: MetricName): readonly Writer[] {
  const { terms } = sources[metric];
  const isCopied = (by: 'workflow' | 'job') =>
    plan.destinations.some(({ copy }) => (copy.engine === 'job') === (by === 'job'));
  return allWriters(plan).filter(
    (writer) => terms[writer] && (writer === 'service' || !(terms.workflow && terms.job) || isCopied(writer)),
  );
}

/** Which entries a metric is made of. */
export function filterOf(plan: WorkflowPlan, metric: MetricName): string {
  const { terms } = sources[metric];
  return writtenByAny(writersOf(plan, metric), plan, (writer) => terms[writer] ?? []);
}

/** From one to a million, or to twelve days, each twice the last. */
const buckets = { exponentialBuckets: { numFiniteBuckets: 20, growthFactor: 2, scale: 1 } };

const labelWords = {
  state: 'How it ended.',
  destination: 'Full resource name of the follower.',
} as const;

/** @param mark what the description begins with, by which it is known as ours; @param written who wrote the file */
export function logMetric(plan: WorkflowPlan, metric: MetricName, mark: string, written: string): LogMetric {
  const { description, unit, labels } = metrics[metric];
  const { value } = sources[metric];
  return {
    description: `${mark} ${description} ${written}`,
    filter: filterOf(plan, metric),
    metricDescriptor: {
      metricKind: 'DELTA',
      // A counter counts entries: what adds up values is the sum of a distribution.
      valueType: value === undefined ? 'INT64' : 'DISTRIBUTION',
      unit,
      labels: labels.map((key) => ({ key, description: labelWords[key] })),
    },
    labelExtractors: Object.fromEntries(labels.map((key) => [key, `EXTRACT(${field(key)})`])),
    ...(value !== undefined && { valueExtractor: `EXTRACT(${field(value)})`, bucketOptions: buckets }),
  };
}
