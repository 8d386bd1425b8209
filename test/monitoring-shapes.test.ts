/**
 * Everything that is generated for Cloud Logging and Monitoring against the messages of the public API definitions:
 * google/logging/v2/logging_metrics.proto, google/api/metric.proto, google/monitoring/v3/alert.proto and
 * google/monitoring/dashboard/v1. What the service writes itself is left out of them: a file has nothing of it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import { plansOf } from './deploy-bench.ts';
import { faultsOf, type Shape } from './public-shape.ts';

const test = suite('monitoring files and the public messages');

/** `EXTRACT(field)` or `REGEXP_EXTRACT(field, "regex")`; the text of either is not numbered. */
const extractor: Shape = { text: 1000 };

const logMetric: Shape = {
  // The name is an argument of the command.
  required: ['filter', 'metricDescriptor'],
  fields: {
    description: { text: 8000 },
    filter: { text: 20_000 },
    disabled: 'bool',
    metricDescriptor: {
      required: ['metricKind', 'valueType'],
      fields: {
        metricKind: { oneOf: ['DELTA'] },
        valueType: { oneOf: ['INT64', 'DISTRIBUTION'] },
        unit: { oneOf: ['1', 's'] },
        labels: {
          most: 10,
          list: {
            required: ['key'],
            fields: {
              key: { text: 100 },
              valueType: { oneOf: ['STRING', 'BOOL', 'INT64'] },
              description: { text: 800 },
            },
          },
        },
      },
    },
    valueExtractor: extractor,
    labelExtractors: { map: { key: /^[a-zA-Z][a-zA-Z0-9_]*$/, value: extractor, most: 10 } },
    bucketOptions: {
      one: ['linearBuckets', 'exponentialBuckets', 'explicitBuckets'],
      fields: {
        exponentialBuckets: {
          required: ['numFiniteBuckets', 'growthFactor', 'scale'],
          fields: { numFiniteBuckets: 'int', growthFactor: 'double', scale: 'double' },
        },
      },
    },
  },
};

const label = /^[a-z][a-z0-9_-]{0,62}$/;

const alertPolicy: Shape = {
  required: ['displayName', 'conditions', 'combiner'],
  fields: {
    displayName: { text: 512 },
    documentation: {
      fields: {
        content: { text: 8192, bytes: 10_240 },
        mimeType: { oneOf: ['text/markdown'] },
        // Longer ones are taken, and cut.
        subject: { text: 255, bytes: 255 },
        links: {
          most: 3,
          list: {
            required: ['displayName', 'url'],
            fields: { displayName: { text: 63 }, url: { text: 2083 } },
          },
        },
      },
    },
    userLabels: { map: { key: label, value: { text: 63, bytes: 128 }, most: 64 } },
    conditions: {
      most: 1,
      list: {
        required: ['displayName'],
        one: ['conditionMatchedLog', 'conditionPrometheusQueryLanguage'],
        fields: {
          displayName: { text: 512 },
          conditionMatchedLog: {
            required: ['filter'],
            fields: {
              filter: { text: 20_000 },
              labelExtractors: { map: { key: /^[a-z_]+$/, value: extractor, most: 10 } },
            },
          },
          conditionPrometheusQueryLanguage: {
            required: ['query'],
            fields: {
              query: 'string',
              duration: 'duration',
              evaluationInterval: 'duration',
              labels: { map: { key: /^[a-zA-Z_]\w*$/, value: 'string', most: 64 } },
              ruleGroup: { text: 2048 },
              alertRule: { text: 2048 },
              disableMetricValidation: 'bool',
            },
          },
        },
      },
    },
    combiner: { oneOf: ['AND', 'OR', 'AND_WITH_MATCHING_RESOURCE'] },
    enabled: 'bool',
    notificationChannels: { list: 'string' },
    alertStrategy: {
      fields: {
        notificationRateLimit: { required: ['period'], fields: { period: 'duration' } },
        notificationPrompts: { list: { oneOf: ['OPENED', 'CLOSED'] } },
        autoClose: 'duration',
      },
    },
    severity: { oneOf: ['CRITICAL', 'ERROR', 'WARNING'] },
  },
};

const axis: Shape = { fields: { label: 'string', scale: { oneOf: ['LINEAR', 'LOG10'] } } };

const widget: Shape = {
  one: ['xyChart', 'text', 'logsPanel'],
  fields: {
    title: 'string',
    id: 'string',
    text: {
      fields: { content: 'string', format: { oneOf: ['MARKDOWN', 'RAW'] } },
    },
    logsPanel: { fields: { filter: { text: 20_000 }, resourceNames: { list: 'string' } } },
    xyChart: {
      required: ['dataSets'],
      fields: {
        dataSets: {
          list: {
            required: ['timeSeriesQuery'],
            fields: {
              timeSeriesQuery: {
                one: ['prometheusQuery'],
                fields: { prometheusQuery: 'string', unitOverride: 'string', outputFullDuration: 'bool' },
              },
              plotType: { oneOf: ['LINE', 'STACKED_AREA', 'STACKED_BAR', 'HEATMAP'] },
              legendTemplate: 'string',
              minAlignmentPeriod: 'duration',
              targetAxis: { oneOf: ['Y1', 'Y2'] },
            },
          },
        },
        timeshiftDuration: 'duration',
        xAxis: axis,
        yAxis: axis,
        y2Axis: axis,
        chartOptions: { fields: { mode: { oneOf: ['COLOR', 'X_RAY', 'STATS'] } } },
      },
    },
  },
};

const dashboard: Shape = {
  required: ['displayName'],
  one: ['mosaicLayout'],
  fields: {
    name: 'string',
    displayName: 'string',
    labels: { map: { key: label, value: { text: 63 }, most: 64 } },
    mosaicLayout: {
      required: ['columns', 'tiles'],
      fields: {
        columns: 'int',
        tiles: {
          list: {
            required: ['widget'],
            fields: { xPos: 'int', yPos: 'int', width: 'int', height: 'int', widget },
          },
        },
      },
    },
  },
};

const shapeOf = (file: string) =>
  file.includes('.metric-') ? logMetric : file.includes('.alert-') ? alertPolicy : dashboard;

/** As long as resource names get: a project of a domain, and the longest of everything. */
const longest = {
  project: `example.com:${'p'.repeat(30)}`,
  region: 'northamerica-northeast1',
  name: `r${'-'.repeat(60)}r`,
};

const place = (name: string) =>
  `projects/${longest.project}/locations/${longest.region}/repositories/${name}`;

const configs: Readonly<Record<string, Replicator>> = {
  small: {
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/leader',
    destinations: ['projects/acme/locations/us-central1/repositories/follower'],
    schedule: { cron: '0 3 * * *' },
  },
  largest: {
    ...longest,
    source: place(`a${'b'.repeat(62)}`),
    destinations: Array.from({ length: 60 }, (_, index) => ({
      name: place(`f${String(index).padStart(62, '0')}`),
      copy: { engine: index % 2 === 0 ? ('job' as const) : ('api' as const) },
    })),
    schedule: { cron: '* * * * *' },
    job: true,
    mirror: true,
    monitoring: { alerts: { channels: [`projects/${longest.project}/notificationChannels/1`] } },
  },
};

for (const [name, config] of Object.entries(configs))
  test(`${name}: every file has the shape of its message`, () => {
    const files = generate(plansOf(config), 'replicator.config.ts').files.filter(({ name }) =>
      name.endsWith('.json'),
    );
    assert.is(files.length, name === 'small' ? 6 + 1 + 3 : 7 + 1 + 4);
    assert.equal(
      files.flatMap(({ name, text }) => faultsOf(JSON.parse(text), shapeOf(name), name)),
      [],
    );
  });

test('a policy that matches logs has a rate limit, and no other has one', () => {
  for (const config of Object.values(configs))
    for (const { name, text } of generate(plansOf(config), 'c').files) {
      if (!name.includes('.alert-')) continue;
      const { conditions, alertStrategy } = JSON.parse(text) as Record<string, object>;
      const isOfLogs = JSON.stringify(conditions).includes('conditionMatchedLog');
      assert.is('notificationRateLimit' in (alertStrategy ?? {}), isOfLogs, name);
    }
});

test('what is wrong is found', () => {
  const shape: Shape = { fields: { a: { list: { text: 2 } }, b: 'int' }, required: ['b'] };
  assert.equal(faultsOf({ a: ['x', 'long', 'öö'], c: 1 }, shape, 'x'), [
    'x: lacks b',
    'x.a[1]: has 4 characters in 4 bytes',
    'x: has a field c, which the message has not',
  ]);
  assert.equal(faultsOf({ b: 1.5 }, shape, 'x'), ['x.b: is no whole number']);
});

test.run();
