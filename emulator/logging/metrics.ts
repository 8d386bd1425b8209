/** Log-based metrics: what Cloud Logging keeps of them. No points are made of entries. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { checkExtractor } from './extractor.ts';
import { logFilter } from './filter.ts';

/** `google.logging.v2.LogMetric`, as JSON. */
interface LogMetric extends Record<string, unknown> {
  readonly name: string;
  readonly filter: string;
  readonly description?: string;
  readonly metricDescriptor?: {
    readonly metricKind?: string;
    readonly valueType?: string;
    readonly unit?: string;
    readonly labels?: readonly { readonly key: string }[];
  };
  readonly labelExtractors?: Readonly<Record<string, string>>;
  readonly valueExtractor?: string;
}

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** Metrics by `projects/P/metrics/ID`. */
export class LogMetrics {
  readonly #kept: Kept<LogMetric>;
  readonly #now: () => number;

  constructor({ dataDir, clock }: Context) {
    this.#kept = new Kept(join(dataDir, 'log-metrics.json'));
    this.#now = () => clock.now();
  }

  list(project: string): LogMetric[] {
    return this.#kept.below(keyOf(project, ''));
  }

  /** @throws GoogleError NOT_FOUND */
  get(project: string, id: string): LogMetric {
    const metric = this.#kept.get(keyOf(project, id));
    if (!metric) throw new GoogleError('NOT_FOUND', `Metric ${id} does not exist.`);
    return metric;
  }

  /** @throws GoogleError ALREADY_EXISTS, INVALID_ARGUMENT */
  create(project: string, body: Record<string, unknown>): LogMetric {
    const key = keyOf(project, String(body.name));
    if (this.#kept.get(key))
      throw new GoogleError('ALREADY_EXISTS', `Metric ${String(body.name)} already exists.`);
    return this.#keep(project, body);
  }

  /** Makes what is not there. @throws GoogleError INVALID_ARGUMENT */
  update(project: string, id: string, body: Record<string, unknown>): LogMetric {
    const there = this.#kept.get(keyOf(project, id))?.metricDescriptor;
    const { metricDescriptor: given = {} } = body as Partial<LogMetric>;
    for (const field of ['metricKind', 'valueType'] as const)
      if (there && there[field] !== (given[field] ?? there[field]))
        throw invalid(`metric_descriptor.${field} can't be changed.`);
    return this.#keep(project, { ...body, name: id });
  }

  /** @throws GoogleError NOT_FOUND */
  delete(project: string, id: string): void {
    this.get(project, id);
    this.#kept.delete(keyOf(project, id));
  }

  #keep(project: string, body: Record<string, unknown>): LogMetric {
    const metric = checked(body);
    const key = keyOf(project, metric.name);
    const now = new Date(this.#now()).toISOString();
    const { labels = [], ...descriptor } = metric.metricDescriptor ?? {};
    const kept: LogMetric = {
      ...metric,
      metricDescriptor: {
        metricKind: 'DELTA',
        valueType: 'INT64',
        ...descriptor,
        ...(labels.length > 0 && { labels }),
        ...{
          name: `projects/${project}/metricDescriptors/logging.googleapis.com/user/${metric.name}`,
          type: `logging.googleapis.com/user/${metric.name}`,
          description: metric.description ?? '',
        },
      },
      createTime: this.#kept.get(key)?.createTime ?? now,
      updateTime: now,
    };
    this.#kept.set(key, kept);
    return kept;
  }
}

function keyOf(project: string, id: string): string {
  return `projects/${project}/metrics/${id}`;
}

/** @throws GoogleError INVALID_ARGUMENT */
function checked(body: Record<string, unknown>): LogMetric {
  const metric = body as LogMetric;
  if (!/^[A-Za-z0-9_\-.,+!*',()%][A-Za-z0-9_\-.,+!*',()%/]{0,99}$/.test(metric.name ?? ''))
    throw invalid(`Invalid metric name '${metric.name}'.`);
  if (typeof metric.filter !== 'string' || metric.filter === '')
    throw invalid('A metric must have a filter.');
  logFilter(metric.filter);
  const { valueType = 'INT64', labels = [] } = metric.metricDescriptor ?? {};
  const { labelExtractors = {}, valueExtractor } = metric;
  const keys = labels.map(({ key }) => key).sort();
  if (JSON.stringify(keys) !== JSON.stringify(Object.keys(labelExtractors).sort()))
    throw invalid('Each label of the metric descriptor must have an extractor, and no other may.');
  for (const [key, text] of Object.entries(labelExtractors)) checkExtractor(text, `label_extractors.${key}`);
  if ((valueType === 'DISTRIBUTION') !== (valueExtractor !== undefined))
    throw invalid('A value extractor goes with a DISTRIBUTION, and a DISTRIBUTION with one.');
  if (valueExtractor !== undefined) checkExtractor(valueExtractor, 'value_extractor');
  return metric;
}
