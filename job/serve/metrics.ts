/** Figures of the server's runs, as Prometheus reads them. */
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Result } from './result.ts';

/** Counts runs. */
export interface Metrics {
  began(): void;
  /** @param result undefined where the run was given up */
  ended(result: Result | undefined, seconds: number): void;
  /** All figures, in Prometheus' text format. */
  text(): Promise<string>;
}

/** Bounds of the durations, in seconds: copies take from seconds to half a day. */
const BOUNDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];

/** Figures from zero. */
export function createMetrics(): Metrics {
  // The exporter is used for what it collects; it listens nowhere itself.
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const provider = new MeterProvider({
    readers: [exporter],
    views: [
      {
        instrumentName: 'replicator_run_duration_seconds',
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: BOUNDS } },
      },
    ],
  });
  const meter = provider.getMeter('replicator');
  const counter = (name: string, description: string) =>
    meter.createCounter(`replicator_${name}`, { description });
  const runs = counter('runs', 'Runs that have ended, by how.');
  const failures = counter('failures', 'Destinations that failed, in whole or in part.');
  const copied = counter('copied_versions', 'Versions copied.');
  const skipped = counter('skipped_versions', 'Versions that a copy skipped.');
  const deleted = counter('deleted_versions', 'Versions that a mirror deleted.');
  const running = meter.createUpDownCounter('replicator_runs_in_progress', {
    description: 'Runs in progress.',
  });
  const duration = meter.createHistogram('replicator_run_duration_seconds', {
    description: 'How long runs took.',
  });
  // A rate needs a first value to rise from.
  for (const state of ['succeeded', 'partlyFailed', 'failed']) runs.add(0, { state });
  running.add(0);
  return {
    began() {
      running.add(1);
    },
    ended(result, seconds) {
      running.add(-1);
      duration.record(seconds);
      runs.add(1, { state: result?.state ?? 'failed' });
      for (const row of result?.results ?? []) {
        const { destination } = row;
        failures.add(row.state === 'failed' || row.state === 'partlyFailed' ? 1 : 0, { destination });
        copied.add(row.copied, { destination });
        skipped.add(row.skipped, { destination });
        deleted.add(row.deleted, { destination });
      }
    },
    async text() {
      const { resourceMetrics } = await exporter.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}
