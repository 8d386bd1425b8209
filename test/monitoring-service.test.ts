/** What the job does as a service, `POST /copy`: counted once by the metrics, and told of by the alerts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Entry, entriesOf } from '../emulator/logging/entries.ts';
import { seed } from '../emulator/registry/seed.ts';
import { Log } from '../emulator/run/log.ts';
import type { Emulator } from '../emulator/server.ts';
import type { Replicator } from '../generator/config.ts';
import type { AlertPolicy } from '../generator/monitoring/alerts.ts';
import { dashboard } from '../generator/monitoring/dashboard.ts';
import type { LogMetric } from '../generator/monitoring/log-metrics.ts';
import type { WorkflowPlan } from '../generator/plan.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { runService } from '../scripts/deploy/desired-run.ts';
import { plansOf } from './deploy-bench.ts';
import { deploy, deployJob, execute } from './harness.ts';
import { digest } from './images.ts';
import { startJob, startQuickEmulator } from './job-cli-process.ts';
import { config, follower, leader, second } from './replicator.ts';
import { send } from './rest.ts';
import { filesOf, points, told } from './watching.ts';

const test = suite('the service, metrics and alerts');
const labels = { [claimLabel]: claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' }) };

function seedAll({ registry }: Emulator): void {
  const version = (number: number) => ({
    id: digest(number),
    tags: [`v${number}`],
    createTime: Date.now() - 24 * 3600 * 1000,
    image: { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' },
  });
  seed(registry, leader, { packages: { app: [1, 2, 3, 4].map(version) } });
  seed(registry, follower, { resource: { labels }, packages: { app: [1, 11, 12].map(version) } });
  seed(registry, second, { resource: { labels } });
}

/** What one request to the service logs, as Cloud Logging has it of a Cloud Run service. */
async function askService({ host }: Emulator, plan: WorkflowPlan, body: unknown): Promise<Entry[]> {
  const { args } = runService(plan, 'hash').fields as { readonly args: string };
  const running = startJob([...args.split(' '), '--port=0'], {
    ...{ REPLICATOR_EMULATOR_HOST: host, LISTEN_HOST: '127.0.0.1', K_SERVICE: plan.name },
    ...{ POLL_INITIAL_DELAY: '1', POLL_MAX_DELAY: '1' },
  });
  try {
    const [, url = ''] = await running.said(/listening on (http:\/\/[\d.]+:\d+)/);
    await send(`${url}/copy`, 'POST', body, { 'content-type': 'application/json' });
  } finally {
    running.child.kill('SIGTERM');
  }
  const { stderr } = await running.ended;
  const log = new Log();
  for (const line of stderr.trim().split('\n'))
    log.add(Date.now(), line, { task: '0', attempt: '0', stream: 'stderr' });
  const { project, region, name } = plan;
  const resource = {
    type: 'cloud_run_revision',
    labels: {
      ...{ project_id: project, location: region, service_name: name },
      ...{ revision_name: `${name}-00001-abc`, configuration_name: name },
    },
  };
  return log.entries.map(({ timestamp, labels: _, ...entry }, index) => ({
    logName: `projects/${project}/logs/run.googleapis.com%2Fstderr`,
    insertId: String(index),
    timestamp: new Date(timestamp).toISOString(),
    ...entry,
    resource,
    labels: {},
  }));
}

const settings = (more: Partial<Replicator> = {}) =>
  config({
    ...{ name: 'served', destinations: [follower, second], schedule: { cron: '0 3 * * *' } },
    ...{ job: { service: true }, mirror: { maxDeletionShare: 1 }, poll: { initialDelay: 1, maxDelay: 1 } },
    ...more,
  }) as Replicator;

/** Asks a service once and looks at all that was logged. */
async function once(
  given: Replicator,
  faults: readonly { copy: string; skip: string }[],
  body: (
    of: (metric: string) => string[],
    alert: (kind: string) => string[],
    emulator: Emulator,
    plan: WorkflowPlan,
    entries: Entry[],
  ) => void | Promise<void>,
): Promise<void> {
  const emulator = await startQuickEmulator({ faults });
  try {
    seedAll(emulator);
    const [plan] = plansOf(given);
    assert.ok(plan);
    const entries = await askService(emulator, plan, {});
    const { metrics, alerts } = filesOf(given);
    await body(
      (metric) => points(metrics.get(metric) as LogMetric, entries),
      (kind) => told(alerts.get(kind) as AlertPolicy, entries),
      emulator,
      plan,
      entries,
    );
  } finally {
    await emulator.close();
  }
}

test('what it copies and deletes is counted once, and is no run of the workflow', () =>
  once(settings(), [], async (of, alert, emulator, plan, entries) => {
    assert.equal(of('copied'), [`${second} 4`, `${follower} 4`]);
    assert.equal(of('deleted'), [`${follower} 2`]);
    for (const metric of ['skipped', 'runs', 'failures', 'lag', 'duration']) assert.equal(of(metric), []);
    for (const kind of ['delete-limit', 'skipped-versions', 'run-failed']) assert.equal(alert(kind), []);
    // A run of the workflow beside it counts its own copies, and nothing of the service's again.
    await deploy(emulator, settings());
    await deployJob(emulator, plan);
    await execute(emulator, plan);
    entries.push(...entriesOf('acme', emulator.context, emulator.jobs));
    assert.equal(of('copied'), [`${second} 4`, `${second} 4`, `${follower} 4`, `${follower} 4`]);
    assert.equal(of('deleted'), [`${follower} 2`]);
    assert.equal(of('runs'), ['succeeded']);
  }));

test('what it skips, and a limit that stops its mirror, is told of', async () => {
  await once(
    settings({ mirror: undefined, copy: { continueOnSkippedVersion: true } }),
    [{ copy: second, skip: 'app@*' }],
    (of, alert) => {
      assert.equal(of('skipped'), [`${second} 4`]);
      // There is no execution to name.
      assert.equal(alert('skipped-versions').length, 1);
    },
  );
  await once(settings({ mirror: { maxDeletions: 1, maxDeletionShare: 1 } }), [], (of, alert) => {
    assert.equal(of('deleted'), []);
    assert.equal(alert('delete-limit').length, 1);
  });
});

test('filters, charts and texts name it where there is one, and nowhere else', () => {
  for (const [given, is] of [
    [settings(), true],
    [settings({ job: true }), false],
  ] as const) {
    const [plan] = plansOf(given);
    assert.ok(plan);
    const { metrics, alerts } = filesOf(given);
    const texts = [
      ...['copied', 'skipped', 'deleted'].map((metric) => metrics.get(metric)?.filter),
      ...['delete-limit', 'skipped-versions'].map((kind) => JSON.stringify(alerts.get(kind)?.conditions)),
      JSON.stringify(dashboard(plan, '')),
      JSON.stringify(dashboard(plan, '').mosaicLayout.tiles.at(-1)),
    ];
    for (const text of texts) assert.is(text?.includes('cloud_run_revision'), is, text);
    for (const kind of ['delete-limit', 'skipped-versions'])
      assert.is(alerts.get(kind)?.documentation.content.includes('POST /copy'), is, kind);
  }
});

test.run();
