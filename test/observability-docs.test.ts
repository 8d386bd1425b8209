/** Every query that docs/observability.md shows, as somebody would paste it: filters over real log entries, and PromQL. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entriesOf } from '../emulator/logging/entries.ts';
import { logFilter } from '../emulator/logging/filter.ts';
import { seed } from '../emulator/registry/seed.ts';
import type { Replicator } from '../generator/config.ts';
import { metricNames } from '../generator/monitoring/files.ts';
import { promqlName } from '../generator/monitoring/names.ts';
import { claimLabel, claimOf } from '../job/difference/guards.ts';
import { deploy, deployJob, execute, withBench } from './harness.ts';
import { promql } from './promql.ts';

const test = suite('queries of docs/observability.md');
const text = readFileSync(new URL('../docs/observability.md', import.meta.url), 'utf8');

/** Filters of the table of queries, by what they find, and of the block before it. */
const filters = new Map<string, string>([
  ...[...text.matchAll(/^\| ([^|]+) \| `([^`]*(?:=|>)[^`]*"[^`]*|[^`]*severity[^`]*)` \|$/gm)].map(
    ([, about = '', filter = '']): [string, string] => [about, filter],
  ),
  ['a run', /^jsonPayload\.replicator\.execution=.*$/m.exec(text)?.[0] ?? ''],
]);

const leader = 'projects/acme/locations/europe-west1/repositories/prod';
const one = 'projects/acme/locations/us-central1/repositories/prod';
const two = 'projects/acme/locations/asia-east1/repositories/prod';
const missing = 'projects/acme/locations/us-east1/repositories/missing';

test('each filter finds what it is said to find', () =>
  withBench({}, async ({ emulator }) => {
    const labels = {
      [claimLabel]: claimOf({ project: 'acme', location: 'europe-west1', repository: 'prod' }),
    };
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    const version = (number: number) => ({
      id: `sha256:${number.toString(16).padStart(64, '0')}`,
      tags: [`v${number}`],
      createTime: emulator.clock.now() - 24 * 3600 * 1000,
      image: { mediaType },
    });
    seed(emulator.registry, leader, { packages: { app: [version(1)] } });
    for (const name of [one, two])
      seed(emulator.registry, name, { resource: { labels }, packages: { app: [version(2), version(3)] } });
    const replicator = (name: string, more: Partial<Replicator>): Replicator => ({
      name,
      project: 'acme',
      region: 'europe-west1',
      source: leader,
      destinations: [one],
      job: true,
      ...more,
    });
    const run = async (settings: Replicator) => {
      const [plan] = await deploy(emulator, settings);
      assert.ok(plan);
      await deployJob(emulator, plan);
      return execute(emulator, plan);
    };
    const whole = { maxDeletionShare: 1 };
    const { name } = await run(replicator('nightly', { destinations: [one, missing], mirror: whole }));
    await run(replicator('limited', { destinations: [two], mirror: { ...whole, maxDeletions: 1 } }));
    const entries = entriesOf('acme', emulator.context, emulator.jobs);
    const found = Object.fromEntries(
      [...filters].map(([about, filter]) => {
        const filled = filter
          .replaceAll('EXECUTION_ID', name.slice(name.lastIndexOf('/') + 1))
          .replaceAll('NAME', 'nightly')
          .replaceAll('projects/P/locations/L/repositories/R', one)
          .replaceAll('projects/P/', 'projects/acme/');
        return [about, entries.filter(logFilter(filled)).length];
      }),
    );
    const { 'a run': ofRun = 0, 'all of a replicator': ofReplicator = 0, ...others } = found;
    assert.ok(ofRun > 0 && ofRun === ofReplicator, JSON.stringify(found));
    const about = others['everything about one follower'] ?? 0;
    assert.ok(about > 0 && about < ofRun, JSON.stringify(found));
    assert.equal(
      { ...others, 'everything about one follower': 0 },
      {
        'how runs ended, one entry each': 1,
        'what failed, by follower': 3,
        'everything about one follower': 0,
        'every version that was deleted, and why': 2,
        'mirrors that a guard stopped': 1,
        'executions that Workflows says failed, those included that it stopped before they could log a `run`': 2,
      },
    );
  }));

test('each query in PromQL is one, of metrics that there are', () => {
  const names = new Set(
    metricNames.flatMap((metric) => {
      const name = promqlName({ name: 'NAME' }, metric);
      return ['runs', 'failures'].includes(metric)
        ? [name]
        : ['_sum', '_count', '_bucket'].map((part) => name + part);
    }),
  );
  const [, block = ''] = /```promql\n(.*?)```/s.exec(text) ?? [];
  const queries = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.ok(queries.length >= 3);
  for (const query of queries) {
    promql(query);
    const [metric = ''] = /logging_googleapis_com:\w+/.exec(query) ?? [];
    assert.ok(names.has(metric), query);
  }
});

test.run();
