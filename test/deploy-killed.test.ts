/**
 * A deploy that is killed, with all that it started, at the very moment when something was written: before it reached
 * the service, or after it was done and before the answer came. Run again, it goes on where it was.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import type { Replicator } from '../generator/config.ts';
import {
  config,
  type DeployBench,
  deployHere,
  exists,
  fill,
  follower,
  leader,
  makeRepositories,
  rolesOn,
  startDeployBench,
  writeConfig,
} from './deploy-bench.ts';
import { testWith } from './parts.ts';

const test = suite('deploy that is killed');
const root = fileURLToPath(new URL('..', import.meta.url));
const place = 'v1/projects/acme/locations/europe-west1';
const runJobs = '/apis/run.googleapis.com/v1/namespaces/acme/jobs';

/** A write at which the deploy is killed. */
interface Point {
  readonly what: string;
  readonly method: string;
  readonly path: string;
}

/** Deploys a config until it comes to its end, killed at each point as soon as it is reached. */
async function deployThrough(
  value: Replicator,
  repositories: readonly string[],
  before: readonly Point[],
  after: readonly Point[],
  look: (bench: DeployBench) => Promise<void>,
): Promise<void> {
  const ahead = { before: new Set(before), after: new Set(after) };
  let kill: (() => void) | undefined;
  const onRequest = ({ method, path, status }: Answered) => {
    // Told before the answer is sent: 0 is a request that the fault below let nobody see.
    const points = status === 0 ? ahead.before : ahead.after;
    for (const point of points)
      if (point.method === method && point.path === path && (status === 0 || status === 200)) {
        points.delete(point);
        kill?.();
      }
  };
  const bench = await startDeployBench({ onRequest });
  try {
    await makeRepositories(bench, repositories);
    await fill(bench, leader);
    const file = writeConfig(bench, value);
    // What gcloud leaves behind when it is killed goes with the folder.
    const tmp = join(bench.folder, 'tmp');
    mkdirSync(tmp);
    const run = async (...flags: string[]): Promise<{ code: number | null; out: string }> => {
      const child = spawn(
        process.execPath,
        [
          ...['--import', 'tsx', 'scripts/deploy.ts', '--config', file, '--out', join(bench.folder, 'out')],
          ...['--skip-doctor', '--yes', ...flags],
        ],
        {
          cwd: root,
          // A process group of its own, which gcloud is in too.
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, REPLICATOR_EMULATOR_HOST: bench.emulator.host, TMPDIR: tmp },
        },
      );
      kill = () => {
        kill = undefined;
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      };
      let out = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          out += text;
        });
      const [code] = (await once(child, 'close')) as [number | null];
      kill = undefined;
      return { code, out };
    };
    let kills = 0;
    for (;;) {
      bench.emulator.faults.set(
        [...ahead.before].map(({ method, path }) => ({ method, path, reset: true as const, times: 1 })),
      );
      const { code, out } = await run();
      if (code === 0) break;
      assert.is(code, null, out);
      assert.ok(++kills <= before.length + after.length, 'it does not come to an end');
    }
    const missed = [...ahead.before, ...ahead.after].map(({ what }) => what);
    assert.equal(missed, [], 'points that were never reached');
    // One that was still on its way may have come to its end while another was killed.
    assert.ok(kills >= (before.length + after.length) / 2, `killed ${kills} times`);
    const { code, out } = await run('--dry-run');
    assert.is(code, 0, out);
    assert.match(out, /^\d+ unchanged$/m);
    assert.not.match(out, /^(create|update|remove)/m);
    await look(bench);
  } finally {
    await bench.close();
  }
}

/** Roles as they stand, by their resource. */
async function policies(bench: DeployBench, names: readonly string[]) {
  const all = await Promise.all(names.map((name) => rolesOn(bench, name)));
  return Object.fromEntries(names.map((name, i) => [name, all[i]]));
}

testWith(test, ['gcloud'], 'before each kind of write, and after it: the same end', async () => {
  const scheduled: Replicator = { ...config, destinations: [follower], createDestinations: true };
  const { schedule: _, ...unscheduled } = config;
  const mirrored: Replicator = { ...unscheduled, destinations: [follower], job: true, mirror: true };
  const post = (what: string, path: string): Point => ({ what, method: 'POST', path });
  const accounts = post('a service account', '/v1/projects/acme/serviceAccounts');
  const workflow = post('the workflow', `/${place}/workflows`);
  const trigger = post('the Scheduler job', `/${place}/jobs`);
  const follows = post('the follower', '/v1/projects/acme/locations/us-central1/repositories');
  const target = 'projects/acme/locations/us-central1/repositories/follower';

  // What a deploy in one piece makes, to hold the others against; though some answers were lost on their way.
  const whole = await startDeployBench();
  await makeRepositories(whole, [leader]);
  const lost = [accounts, follows, workflow, trigger, post('a policy', `/v1/${leader}:setIamPolicy`)];
  whole.emulator.faults.set(lost.map(({ method, path }) => ({ method, path, truncate: 0, times: 1 })));
  const { code, out } = await deployHere(whole, scheduled);
  assert.is(code, 0, out);
  const expected = await policies(whole, ['projects/acme', leader, target]);
  await whole.close();

  await Promise.all([
    deployThrough(
      scheduled,
      [leader],
      [
        post('the APIs', '/v1/projects/acme/services:batchEnable'),
        follows,
        post('a role on the leader', `/v1/${leader}:setIamPolicy`),
        workflow,
      ],
      [accounts, post('a role on the project', '/v1/projects/acme:setIamPolicy'), trigger],
      async (bench) => {
        assert.equal(await policies(bench, ['projects/acme', leader, target]), expected);
        assert.ok(await exists(bench, `${place}/jobs/replicator`));
      },
    ),
    deployThrough(
      mirrored,
      [leader, follower],
      [post('the repository of images', `/${place}/repositories`), post('the Cloud Run job', runJobs)],
      [
        { what: 'the claim', method: 'PATCH', path: `/v1/${follower}` },
        post('the build', `/${place}/builds`),
        post('a role on the job', `/${place}/jobs/replicator:setIamPolicy`),
      ],
      async (bench) => {
        assert.ok(await exists(bench, 'v2/projects/acme/locations/europe-west1/jobs/replicator'));
      },
    ),
  ]);
});

test.run();
