/** Figures as Prometheus reads them. */
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';

/** A page that is scraped. */
export interface Scrape {
  readonly reader: IMetricReader;
  /** All figures, in Prometheus' text format. */
  text(): Promise<string>;
}

/** A page of whatever its reader is given to. */
export function createScrape(): Scrape {
  // The exporter is used for what it collects; it listens nowhere itself.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  return {
    reader,
    async text() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}
