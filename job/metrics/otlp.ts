/** Sends figures to an OTLP collector, now and then and at the end. */
import { randomUUID } from 'node:crypto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  type IMetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { Log } from '../log/log.ts';
import type { Environment } from '../settings/environment.ts';
import { version } from '../settings/version.ts';
import type { OtlpSettings } from './otlp-settings.ts';

/** Who sends. */
export interface Sender {
  readonly command: string;
  /** The replicator's, where it is known. */
  readonly name?: string | undefined;
}

/** Opens it. What goes wrong later is logged, once until it goes well again. */
export function openOtlp(
  { shown, interval, timeout, requestTimeout }: OtlpSettings,
  sender: Sender,
  environment: Environment,
  log: Log,
): { readonly reader: IMetricReader; readonly resource: Resource } {
  const reader = new PeriodicExportingMetricReader({
    exporter: telling(new OTLPMetricExporter({ timeoutMillis: requestTimeout }), shown, log),
    exportIntervalMillis: interval,
    exportTimeoutMillis: timeout,
  });
  return { reader, resource: resourceOf(sender, environment) };
}

/** What the variables say goes before what is known here. */
function resourceOf({ command, name }: Sender, environment: Environment): Resource {
  const { CLOUD_RUN_EXECUTION: execution, CLOUD_RUN_TASK_INDEX: task } = environment;
  return resourceFromAttributes({
    'service.name': 'replicator',
    'service.version': version,
    'service.instance.id': execution ? `${execution}/${task ?? 0}` : randomUUID(),
    'replicator.command': command,
    ...(name !== undefined && { 'replicator.name': name }),
  }).merge(detectResources({ detectors: [envDetector] }));
}

/** An exporter whose failures are entries of the log: the library would swallow them. */
function telling(exporter: OTLPMetricExporter, shown: string, log: Log): PushMetricExporter {
  let isFailing = false;
  return {
    export(figures, done) {
      exporter.export(figures, (result) => {
        const { error } = result;
        if (error && !isFailing)
          log(
            'WARNING',
            `the metrics could not be sent to ${shown}: ${reasonOf(error)}; the run goes on without. Look at OTEL_EXPORTER_OTLP_ENDPOINT and at the collector`,
            { phase: 'metrics', error: reasonOf(error) },
          );
        if (!error && isFailing) log('INFO', `the metrics are sent to ${shown} again`, { phase: 'metrics' });
        isFailing = error !== undefined;
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregation: (type) => exporter.selectAggregation(type),
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality(type),
  };
}

/** Not what the collector answered: it may repeat what it was sent. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  if (typeof error.code === 'number') return `it answered ${error.code}`;
  return error.message || String(error.code ?? error.name);
}
