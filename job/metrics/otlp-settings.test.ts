import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readOtlp } from './otlp-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:secret@collector:4318/otlp?key=secret' };

test('nothing is sent without an endpoint, or where OpenTelemetry is turned off', () => {
  for (const environment of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' },
    { ...endpoint, OTEL_METRICS_EXPORTER: 'none' },
    { ...endpoint, OTEL_METRICS_EXPORTER: 'prometheus,console' },
  ])
    assert.equal(readOtlp(environment), { otlp: undefined, warnings: [] });
});

test('defaults, and an endpoint that is shown without what is secret in it', () => {
  assert.equal(readOtlp({ ...endpoint, OTEL_METRICS_EXPORTER: 'console, otlp' }), {
    otlp: {
      shown: 'https://collector:4318/otlp',
      interval: 60_000,
      timeout: 30_000,
      requestTimeout: 10_000,
    },
    warnings: [],
  });
});

test('what is for metrics alone goes before what is for all signals', () => {
  const { otlp, warnings } = readOtlp({
    ...endpoint,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://other:4318/v1/metrics',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TIMEOUT: '9000',
    OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '8000',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
  });
  assert.equal(warnings, []);
  // An export cannot take longer than the time to the next one.
  assert.equal(otlp, {
    shown: 'http://other:4318/v1/metrics',
    interval: 5000,
    timeout: 5000,
    requestTimeout: 8000,
  });
});

test('what is wrong is said by the name of its variable, and never with its value', () => {
  const { otlp, warnings } = readOtlp({
    ...endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_METRIC_EXPORT_INTERVAL: '1m',
  });
  assert.is(otlp?.interval, 60_000);
  assert.equal(warnings, [
    'metrics are sent as http/json, which is all this program speaks; OTEL_EXPORTER_OTLP_PROTOCOL asks for something else',
    'OTEL_METRIC_EXPORT_INTERVAL is no number of milliseconds from 1 to 999999999; 60000 is taken in its place',
  ]);
  for (const text of ['collector:4318', 'unix:///socket', '4318'])
    assert.equal(readOtlp({ OTEL_EXPORTER_OTLP_ENDPOINT: text }), {
      otlp: undefined,
      warnings: [
        'metrics are not sent: OTEL_EXPORTER_OTLP_ENDPOINT is no URL; write http://HOST:4318 or https://HOST',
      ],
    });
});

test.run();
