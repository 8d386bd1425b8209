/** The one place where figures are recorded, whoever reads them: a scrape of `/metrics` or an OTLP collector. */
import type { Resource } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import { type Metric, metrics } from '../../generator/observability/metrics.ts';
import type { Metrics } from './metrics.ts';

/** Bounds of durations and lags, in seconds: copies take from seconds to half a day. */
const BOUNDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400];

/** What {@link createRecorder} counts into. */
export interface Recorder extends Omit<Metrics, 'close'> {
  /** @throws where a reader is not done in time, in milliseconds */
  shutdown(timeout: number): Promise<void>;
}

/**
 * Figures from zero.
 *
 * @param resource what sends them, where they are sent
 */
export function createRecorder(readers: IMetricReader[], resource?: Resource): Recorder {
  const provider = new MeterProvider({ readers, ...(resource && { resource }) });
  const meter = provider.getMeter('replicator');
  const counter = (name: keyof typeof metrics) => meter.createCounter(nameOf(name), optionsOf(metrics[name]));
  const distribution = (name: keyof typeof metrics) =>
    meter.createHistogram(nameOf(name), {
      ...optionsOf(metrics[name]),
      advice: { explicitBucketBoundaries: BOUNDS },
    });
  const runs = counter('runs');
  const failures = counter('failures');
  const copied = counter('copied');
  const deleted = counter('deleted');
  const skipped = counter('skipped');
  const duration = distribution('duration');
  const lag = distribution('lag');
  const running = meter.createUpDownCounter('replicator.runs_in_progress', {
    description: 'Runs in progress.',
  });
  // A rate needs a first value to rise from.
  for (const state of ['succeeded', 'partlyFailed', 'failed']) runs.add(0, { state });
  running.add(0);
  return {
    began() {
      running.add(1);
    },
    ended({ state, seconds, results }) {
      running.add(-1);
      runs.add(1, { state });
      duration.record(seconds, { state });
      for (const { destination, state: its, did = {} } of results) {
        failures.add(its === 'failed' || its === 'partlyFailed' ? 1 : 0, { destination });
        copied.add(did.copied ?? 0, { destination });
        deleted.add(did.deleted ?? 0, { destination });
        skipped.add(did.skipped ?? 0, { destination });
        if (did.lagSeconds !== undefined) lag.record(did.lagSeconds, { destination });
      }
    },
    shutdown: (timeoutMillis) => provider.shutdown({ timeoutMillis }),
  };
}

function nameOf(name: keyof typeof metrics): string {
  return `replicator.${name}`;
}

function optionsOf({ unit, description }: Metric) {
  return { unit, description };
}
