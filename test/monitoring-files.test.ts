/** What is generated for Cloud Monitoring, for small and large configs: what the service takes, and what queries mean. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Replicator } from '../generator/config.ts';
import { generate } from '../generator/generate.ts';
import { alertPolicies } from '../generator/monitoring/alerts.ts';
import { type Dashboard, dashboard } from '../generator/monitoring/dashboard.ts';
import { alertLabels, dashboardName, promqlName } from '../generator/monitoring/names.ts';
import { resolve } from '../generator/resolve.ts';
import { ask, plansOf, startDeployBench } from './deploy-bench.ts';
import { promql } from './promql.ts';

const test = suite('monitoring files');

const of = (followers: number, more: Partial<Replicator> = {}): Replicator => ({
  project: 'acme',
  region: 'europe-west1',
  source: 'projects/acme/locations/europe-west1/repositories/leader',
  destinations: Array.from(
    { length: followers },
    (_, index) => `projects/acme/locations/us-central1/repositories/follower-${index}`,
  ),
  schedule: { cron: '0 3 * * *' },
  ...more,
});

/** Queries of a dashboard, with the titles of their charts. */
function queriesOf({ mosaicLayout }: Dashboard): [title: string, query: string][] {
  return mosaicLayout.tiles.flatMap(({ widget }): [string, string][] => {
    const { dataSets = [] } = (widget.xyChart ?? {}) as {
      dataSets?: { timeSeriesQuery: { prometheusQuery: string } }[];
    };
    return dataSets.map(({ timeSeriesQuery }) => [widget.title, timeSeriesQuery.prometheusQuery]);
  });
}

test('the service takes every file, for one follower and for sixty, for short names and long ones', async () => {
  const bench = await startDeployBench();
  try {
    const long = 'n'.repeat(63);
    const configs = [
      of(1, { name: 'one' }),
      of(60, { name: long, job: true, mirror: true }),
      of(10, { name: 'With_Both', schedule: undefined }),
      ...['*/20 * * * *', '0 * * * *', '0 */14 * * *', '0 3 * * 1', '0 3 1 * *'].map((cron, index) =>
        of(1, { name: `often-${index}`, schedule: { cron } }),
      ),
    ];
    for (const config of configs)
      for (const { name, text } of generate(plansOf(config), 'replicator.config.ts').files) {
        if (!name.endsWith('.json')) continue;
        const body = JSON.parse(text) as Record<string, unknown>;
        const [, metric] = /\.metric-(.*)\.json$/.exec(name) ?? [];
        const [path, value] = metric
          ? ['v2/projects/acme/metrics', { ...body, name: `${config.name}/${metric}` }]
          : name.endsWith('.dashboard.json')
            ? ['v1/projects/acme/dashboards', body]
            : ['v3/projects/acme/alertPolicies', body];
        await ask(bench, 'POST', path, value);
      }
  } finally {
    await bench.close();
  }
});

test('a query that looks far back may be asked seldom, and the emulator knows how seldom', async () => {
  const bench = await startDeployBench();
  const post = (range: string, evaluationInterval: string) =>
    ask(bench, 'POST', 'v3/projects/acme/alertPolicies', {
      displayName: 'one',
      combiner: 'OR',
      conditions: [
        {
          displayName: 'one',
          conditionPrometheusQueryLanguage: { query: `increase(up[${range}]) < 1`, evaluationInterval },
        },
      ],
    });
  try {
    for (const [range, interval] of [
      ['90000s', '30s'],
      ['8d', '300s'],
      ['32d', '3600s'],
    ] as const)
      await post(range, interval);
    for (const [range, interval] of [
      ['26h', '60s'],
      ['2764800s', '300s'],
    ] as const)
      await post(range, interval).then(
        () => assert.unreachable(`${range} every ${interval}`),
        (error: Error) => assert.match(error.message, /evaluation_interval must be at least (300|3600)s/),
      );
  } finally {
    await bench.close();
  }
});

test('only what makes sense for a replicator is there', () => {
  const names = (config: Replicator) =>
    generate(plansOf(config), 'c')
      .files.map(({ name }) => name.replace(/^replicator\./, ''))
      .filter((name) => name.startsWith('alert') || name === 'metric-deleted.json');
  assert.equal(names(of(1)), [
    'alert-run-failed.json',
    'alert-no-success.json',
    'alert-skipped-versions.json',
  ]);
  assert.equal(names(of(2, { schedule: undefined, job: true, mirror: true })), [
    'metric-deleted.json',
    'alert-run-failed.json',
    'alert-delete-limit.json',
    'alert-skipped-versions.json',
  ]);
  assert.equal(names(of(1, { monitoring: { alerts: false } })), []);
  assert.equal(
    generate(plansOf(of(1, { monitoring: false })), 'c').files.map(({ name }) => name),
    ['replicator.yaml'],
  );
});

test('an alert that cannot be is told of', () => {
  const noticesOf = (config: Replicator) =>
    resolve(config).notices.map(({ path, message }) => `${path}: ${message}`);
  const asked = { monitoring: { alerts: { noSuccess: true } } };
  assert.equal(noticesOf(of(1, { schedule: undefined, ...asked })), [
    'monitoring.alerts.noSuccess: without a schedule there are no periods: there will be no such alert',
  ]);
  assert.equal(noticesOf(of(1, { schedule: undefined })), []);
  assert.match(
    noticesOf(of(1, { schedule: { cron: '0 0 29 2 *' } })).join(),
    /^monitoring\.alerts\.noSuccess: 2 periods of the schedule take up to 2922 days/,
  );
});

test('whom alerts tell is in each of them', () => {
  const channels = ['projects/acme/notificationChannels/1', 'projects/acme/notificationChannels/2'];
  const [plan] = plansOf(of(1, { monitoring: { alerts: { channels } } }));
  assert.ok(plan);
  for (const [, { notificationChannels }] of alertPolicies(plan, ''))
    assert.equal(notificationChannels, channels);
});

test('a dashboard shows what is there, and of many followers the largest', () => {
  const [few] = plansOf(of(3));
  const [many] = plansOf(of(60, { job: true, mirror: true }));
  const [own] = plansOf(of(2, { job: true, copy: { engine: 'job' } }));
  assert.ok(few && many && own);
  const time = 10_000;
  for (const plan of [few, many, own]) {
    const jobs = new Set([
      ...(plan === many ? ['deleted'] : []),
      // What the job's own copy did only the job knows.
      ...(plan === own ? ['copied', 'skipped'] : []),
    ]);
    const shown = new Set<string>();
    for (const [title, query] of queriesOf(dashboard(plan, ''))) {
      const metric = /user_replicator_([a-z]+)/.exec(query)?.[1] ?? '';
      const isByState = metric === 'runs' || metric === 'duration';
      shown.add(metric);
      const points = plan.destinations.flatMap(({ id }, index) =>
        ['', '_sum', '_count'].map((part) => ({
          metric: `${promqlName(plan, metric as 'runs')}${part}`,
          labels: {
            monitored_resource: jobs.has(metric) ? 'cloud_run_job' : 'workflows.googleapis.com/Workflow',
            [jobs.has(metric) ? 'job_name' : 'workflow_id']: 'replicator',
            location: 'europe-west1',
            ...(isByState ? { state: 'succeeded' } : { destination: id }),
          },
          time,
          value: part === '_count' ? 1 : index + 1,
        })),
      );
      const samples = promql(query.replaceAll(/\$\{__interval\}/g, '60s'))(points, time + 1);
      assert.is(samples.length, isByState ? 1 : Math.min(20, plan.destinations.length), title);
      if (!isByState)
        assert.is(Math.max(...samples.map(({ value }) => value)), plan.destinations.length, title);
    }
    assert.is(shown.has('deleted'), plan === many);
    for (const metric of ['runs', 'failures', 'copied', 'skipped', 'duration', 'lag'])
      assert.ok(shown.has(metric), metric);
  }
});

test('replicators whose names differ in little are told apart', () => {
  const plan = (name: string) => ({ name, project: 'acme', region: 'europe-west1' });
  const names = ['a-b', 'a_b', 'A-b', 'a-B', 'n'.repeat(64), 'n'.repeat(63)];
  assert.is(new Set(names.map((name) => dashboardName(plan(name)))).size, names.length);
  const labels = names.map((name) => alertLabels(plan(name), 'no-success'));
  assert.is(new Set(labels.map((one) => JSON.stringify(one))).size, names.length);
  for (const one of labels) for (const value of Object.values(one)) assert.match(value, /^[a-z0-9_-]{1,63}$/);
});

test.run();
