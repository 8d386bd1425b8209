/** Opens the metrics of a process; without a reader nothing of OpenTelemetry is loaded. */
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import type { Log } from '../log/log.ts';
import type { Environment } from '../settings/environment.ts';
import { type Metrics, noMetrics } from './metrics.ts';
import type { Sender } from './otlp.ts';
import { readOtlp } from './otlp-settings.ts';

/** How the metrics of a process are read and given up. */
export interface MetricsOptions {
  readonly environment: Environment;
  readonly log: Log;
  /** Readers besides OTLP. */
  readonly readers?: readonly IMetricReader[];
  /** Milliseconds for one request to the collector, where the variables allow more. */
  readonly mostRequest?: number;
  /** Milliseconds for the last export: the end of a process does not wait long for a collector that is gone. */
  readonly lastExport: number;
}

/** Opens them. */
export async function openMetrics(
  sender: Sender,
  { environment, log, readers = [], mostRequest = Infinity, lastExport }: MetricsOptions,
): Promise<Metrics> {
  const { otlp, warnings } = readOtlp(environment);
  for (const warning of warnings) log('WARNING', warning, { phase: 'metrics' });
  if (!otlp && readers.length === 0) return noMetrics;
  const { createRecorder } = await import('./recorder.ts');
  const limited = otlp && { ...otlp, requestTimeout: Math.min(otlp.requestTimeout, mostRequest) };
  const sending = limited && (await import('./otlp.ts')).openOtlp(limited, sender, environment, log);
  const recorder = createRecorder([...readers, ...(sending ? [sending.reader] : [])], sending?.resource);
  return {
    ...recorder,
    async close() {
      try {
        await recorder.shutdown(lastExport);
      } catch {
        log('WARNING', `the last metrics could not be sent within ${lastExport / 1000} s`, {
          phase: 'metrics',
        });
        // A request that hangs would keep the process alive. A timer like this fires only where something does.
        setTimeout(() => process.exit(), 100).unref();
      }
    },
  };
}
