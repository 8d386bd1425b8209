/**
 * What metrics are made of and alerts fire at, held against real log entries: runs that end in every way there is, on
 * the emulator, and each filter and extractor evaluated over all that was logged.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entriesOf } from '../emulator/logging/entries.ts';
import { logFilter } from '../emulator/logging/filter.ts';
import { seed } from '../emulator/registry/seed.ts';
import type { Emulator, EmulatorOptions } from '../emulator/server.ts';
import type { Replicator } from '../generator/config.ts';
import type { AlertPolicy } from '../generator/monitoring/alerts.ts';
import type { LogMetric } from '../generator/monitoring/log-metrics.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { deploy, deployJob, type Ended, end, execute, start, withBench } from './harness.ts';
import { image, push } from './images.ts';
import { send } from './rest.ts';
import { extract, filesOf, points, told } from './watching.ts';

const test = suite('entries, metrics and alerts');
const leader = 'projects/acme/locations/europe-west1/repositories/prod';
const one = 'projects/acme/locations/us-central1/repositories/prod';
const two = 'projects/acme/locations/asia-east1/repositories/prod';
const missing = 'projects/acme/locations/us-east1/repositories/missing';
const labels = { [claimLabel]: claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' }) };

function config(name: string, more: Partial<Replicator> = {}): Replicator {
  const schedule = { cron: '0 3 * * *' };
  return {
    name,
    project: 'acme',
    region: 'europe-west1',
    source: leader,
    destinations: [one],
    schedule,
    ...more,
  };
}

/** Ten versions at the leader, and three at one follower that the leader does not have. */
function seedAll({ registry, clock }: Emulator): void {
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const version = (number: number) => ({
    id: `sha256:${number.toString(16).padStart(64, '0')}`,
    tags: [`v${number}`],
    createTime: clock.now() - 24 * 3600 * 1000,
    image: { mediaType },
  });
  const versions = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => version(from + index));
  seed(registry, leader, { packages: { app: versions(1, 11) } });
  seed(registry, one, { resource: { labels }, packages: { app: versions(11, 14) } });
  seed(registry, two, { resource: { labels } });
}

/** Deploys a replicator with what belongs to it, and gives what watches it. */
async function watch(emulator: Emulator, settings: Replicator) {
  const [plan] = await deploy(emulator, settings);
  assert.ok(plan);
  if (plan.job) await deployJob(emulator, plan);
  return plan;
}

const idOf = ({ name }: Pick<Ended, 'name'>) => name.slice(name.lastIndexOf('/') + 1);
const logged = ({ context, jobs }: Emulator) => entriesOf('acme', context, jobs);

/** Runs a replicator once on an emulator of its own, beside another one of the same project that is not looked at. */
async function once(
  settings: Replicator,
  body: (ran: {
    readonly ended: Ended;
    readonly points: (metric: string) => string[];
    readonly told: (alert: string) => string[];
  }) => void,
  { argument, ...options }: EmulatorOptions & { readonly argument?: unknown } = {},
): Promise<void> {
  await withBench(options, async ({ emulator }) => {
    seedAll(emulator);
    const plan = await watch(emulator, settings);
    const ended = await execute(emulator, plan, argument);
    const other = await watch(emulator, config('other', { destinations: [missing] }));
    await execute(emulator, other);
    const entries = logged(emulator);
    const { metrics, alerts } = filesOf(settings);
    const of = <T>(all: ReadonlyMap<string, T>, name: string): T => {
      const found = all.get(name);
      assert.ok(found, name);
      return found as T;
    };
    body({
      ended,
      points: (metric) => points(of(metrics, metric), entries),
      told: (alert) => told(of(alerts, alert), entries),
    });
    // Nothing of one replicator is another's.
    const others = filesOf(config('other', { destinations: [missing] }));
    assert.equal(points(of(others.metrics, 'runs'), entries), ['failed']);
    assert.is(told(of(others.alerts, 'run-failed'), entries).length, 1);
  });
}

test('a run that succeeds: one point of each, a lag for each follower, and no alert', () =>
  once(config('well', { destinations: [one, two] }), ({ ended, points, told }) => {
    assert.is(ended.state, 'SUCCEEDED', ended.summary.message);
    assert.equal(points('runs'), ['succeeded']);
    assert.equal(points('failures'), []);
    assert.equal(points('copied'), [`${two} 10`, `${one} 10`]);
    assert.equal(points('skipped'), []);
    assert.match(points('duration').join(), /^succeeded [1-9]\d*$/);
    assert.match(points('lag').join(), new RegExp(`^${two} [\\d.]+,${one} [\\d.]+$`));
    assert.equal(told('run-failed'), []);
    assert.equal(told('skipped-versions'), []);
  }));

test('a run that fails in part or whole is told of once, and counts its followers', async () => {
  await once(config('partly', { destinations: [one, missing] }), ({ ended, points, told }) => {
    assert.is(ended.summary.state, 'partlyFailed');
    assert.equal(points('runs'), ['partlyFailed']);
    assert.equal(points('failures'), [missing]);
    assert.equal(points('copied'), [`${one} 10`]);
    assert.equal(points('lag').length, 1);
    assert.equal(told('run-failed'), [idOf(ended)]);
  });
  await once(config('failed', { destinations: [missing] }), ({ ended, points, told }) => {
    assert.equal(points('runs'), ['failed']);
    assert.equal(points('failures'), [missing]);
    assert.equal(points('lag'), []);
    assert.equal(told('run-failed'), [idOf(ended)]);
  });
});

test('a run whose argument is refused is one that failed', () =>
  once(
    config('argued'),
    ({ ended, points, told }) => {
      assert.is(ended.state, 'FAILED');
      assert.equal(points('runs'), ['failed']);
      assert.equal(told('run-failed'), [idOf(ended)]);
    },
    { argument: { destinations: ['nowhere'] } },
  ));

test('a run that Workflows stopped could write nothing, and is told of all the same', () =>
  once(
    config('killed'),
    ({ ended, points, told }) => {
      assert.is(ended.state, 'FAILED');
      assert.equal(points('runs'), []);
      assert.equal(told('run-failed'), [idOf(ended)]);
    },
    // Enough for the other one, which waits for no copy.
    { limits: { steps: 110 }, behavior: { copyMinimumSeconds: 7200 } },
  ));

test('a dry run is no success, copies nothing and alarms nobody', () =>
  once(
    config('dry', { destinations: [one, missing] }),
    ({ ended, points, told }) => {
      assert.is(ended.summary.dryRun, true);
      const [state] = points('runs');
      assert.not.equal(state, 'succeeded');
      for (const metric of ['failures', 'copied', 'skipped', 'lag']) assert.equal(points(metric), [], metric);
      // What cannot be checked is a failure in a dry run too, and a person is waiting for it.
      assert.equal(told('run-failed').length, ended.state === 'FAILED' ? 1 : 0);
    },
    { argument: { dryRun: true } },
  ));

test('a run that gave way is neither a success nor a failure', () =>
  withBench({ behavior: { copyMinimumSeconds: 600 } }, async ({ emulator }) => {
    seedAll(emulator);
    const settings = config('twice');
    const plan = await watch(emulator, settings);
    const names = await Promise.all([start(emulator, plan), start(emulator, plan)]);
    await Promise.all(names.map((name) => end(emulator, name)));
    const { metrics, alerts } = filesOf(settings);
    const entries = logged(emulator);
    assert.equal(points(metrics.get('runs') as LogMetric, entries), ['skipped', 'succeeded']);
    assert.equal(points(metrics.get('copied') as LogMetric, entries), [`${one} 10`]);
    assert.equal(told(alerts.get('run-failed') as AlertPolicy, entries), []);
  }));

test('skipped versions are told of, whether they are a failure or not', async () => {
  for (const allowSkippedVersions of [true, false])
    await once(
      config('skipping', { copy: { continueOnSkippedVersion: true, allowSkippedVersions } }),
      ({ ended, points, told }) => {
        assert.equal(points('runs'), [allowSkippedVersions ? 'succeeded' : 'partlyFailed']);
        assert.equal(points('skipped'), [`${one} 10`]);
        assert.equal(told('skipped-versions'), [idOf(ended)]);
        assert.equal(told('run-failed'), allowSkippedVersions ? [] : [idOf(ended)]);
      },
      { faults: [{ copy: one, skip: 'app@*' }] },
    );
});

test('what the job copies itself is counted once, and what another engine copies beside it too', () =>
  withBench({}, async ({ emulator }) => {
    seed(emulator.registry, leader);
    seed(emulator.registry, one);
    seed(emulator.registry, two);
    for (const tag of ['v1', 'v2']) await push(emulator.url, 'europe-west1/acme/prod/app', image(tag), tag);
    const settings = config('both', {
      destinations: [{ name: one, copy: { engine: 'job' } }, two],
      job: true,
    });
    const ended = await execute(emulator, await watch(emulator, settings));
    assert.is(ended.state, 'SUCCEEDED', ended.summary.message);
    const { metrics } = filesOf(settings);
    const of = (metric: string) => points(metrics.get(metric) as LogMetric, logged(emulator));
    assert.equal(of('runs'), ['succeeded']);
    assert.equal(of('copied'), [`${two} 2`, `${one} 2`]);
    assert.is(of('lag').length, 2);
  }));

test('a dry run of the job, which somebody starts by hand, is no copy', () =>
  withBench({}, async ({ emulator }) => {
    seed(emulator.registry, leader);
    seed(emulator.registry, one);
    await push(emulator.url, 'europe-west1/acme/prod/app', image('v1'), 'v1');
    const settings = config('tried', { copy: { engine: 'job' }, job: true });
    await watch(emulator, settings);
    const args = ['copy', '--engine=job', `--source=${leader}`, `--destination=${one}`, '--dry-run'];
    const jobs = `${emulator.url}/v2/projects/acme/locations/europe-west1/jobs`;
    const { body } = await send(`${jobs}/tried:run`, 'POST', {
      overrides: { containerOverrides: [{ args }] },
    });
    const execution = emulator.jobs.execution(body.metadata.name);
    await execution.over;
    assert.is(execution.operation.error, undefined);
    const entries = logged(emulator);
    const [result] = entries.filter(logFilter('jsonPayload.replicator.phase="result"'));
    assert.ok(result);
    assert.equal(extract('EXTRACT(jsonPayload.replicator.counts.copied)', result), 1);
    const { metrics, alerts } = filesOf(settings);
    for (const metric of ['copied', 'skipped'])
      assert.equal(points(metrics.get(metric) as LogMetric, entries), [], metric);
    assert.equal(told(alerts.get('skipped-versions') as AlertPolicy, entries), []);
  }));

test('what a mirror deletes is counted once, for the follower that lost it', () =>
  once(
    config('mirror', { destinations: [one, two], job: true, mirror: { maxDeletionShare: 1 } }),
    ({ ended, points, told }) => {
      assert.is(ended.state, 'SUCCEEDED', ended.summary.message);
      assert.equal(points('deleted'), [`${one} 3`]);
      assert.equal(points('copied'), [`${two} 10`, `${one} 10`]);
      assert.equal(told('delete-limit'), []);
      assert.equal(told('run-failed'), []);
    },
  ));

test('a limit that stops a mirror is told of, and nothing is counted as deleted', async () => {
  for (const limit of [{ maxDeletions: 1 }, { maxDeletionShare: 0.01 }])
    await once(
      config('limited', { job: true, mirror: { maxDeletionShare: 1, ...limit } }),
      ({ ended, points, told }) => {
        assert.equal(points('deleted'), []);
        assert.equal(told('delete-limit'), [idOf(ended)]);
        assert.equal(told('run-failed'), [idOf(ended)]);
        assert.equal(points('failures'), [one]);
      },
    );
});

test.run();
