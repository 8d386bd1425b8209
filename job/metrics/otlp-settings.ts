/**
 * Whether metrics are sent, and where to: OpenTelemetry's own variables, as far as its exporter does not read them
 * itself. It reads headers, time limits, compression, certificates, temporality and the attributes of the resource.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
import type { Environment } from '../settings/environment.ts';

/** How metrics are sent. */
export interface OtlpSettings {
  /** For messages: no credentials, no query. */
  readonly shown: string;
  /** Milliseconds between two exports. */
  readonly interval: number;
  /** Milliseconds for one export. */
  readonly timeout: number;
  /** Milliseconds for its request and the retries of that. */
  readonly requestTimeout: number;
}

/** Settings, undefined where nothing is to be sent; and what is wrong with them. */
export interface OtlpRead {
  readonly otlp: OtlpSettings | undefined;
  readonly warnings: readonly string[];
}

/** Reads them. */
export function readOtlp(environment: Environment): OtlpRead {
  const first = (...names: string[]) => names.find((name) => environment[name]?.trim());
  const of = (name: string | undefined) => (name === undefined ? undefined : environment[name]?.trim());
  const nothing = (...warnings: string[]): OtlpRead => ({ otlp: undefined, warnings });
  if (of('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return nothing();
  const exporters = of('OTEL_METRICS_EXPORTER')?.split(',') ?? [];
  if (exporters.length > 0 && !exporters.some((one) => one.trim() === 'otlp')) return nothing();
  const endpoint = first('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return nothing();
  const text = of(endpoint) ?? '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return nothing(`metrics are not sent: ${endpoint} is no URL; write http://HOST:4318 or https://HOST`);

  const warnings: string[] = [];
  const protocol = first('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== undefined && of(protocol) !== 'http/json')
    warnings.push(
      `metrics are sent as http/json, which is all this program speaks; ${protocol} asks for something else`,
    );
  const milliseconds = (otherwise: number, ...names: string[]): number => {
    const name = first(...names);
    const value = of(name);
    if (value === undefined) return otherwise;
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    warnings.push(
      `${name} is no number of milliseconds from 1 to 999999999; ${otherwise} is taken in its place`,
    );
    return otherwise;
  };
  const interval = milliseconds(60_000, 'OTEL_METRIC_EXPORT_INTERVAL');
  const timeout = Math.min(milliseconds(30_000, 'OTEL_METRIC_EXPORT_TIMEOUT'), interval);
  const requestTimeout = milliseconds(
    10_000,
    'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
  );
  return { otlp: { shown: `${url.origin}${url.pathname}`, interval, timeout, requestTimeout }, warnings };
}
