/** `replicate`, `status`, `logs` and `plan` as a person runs them, on a workflow that is deployed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { realClock } from '../emulator/clock.ts';
import { generate } from '../generator/generate.ts';
import { placeOf } from '../scripts/deploy/names.ts';
import {
  ask,
  config,
  type DeployBench,
  fill,
  follower,
  foreign,
  leader,
  makeRepositories,
  plansOf,
  startDeployBench,
  until,
  writeConfig,
} from './deploy-bench.ts';

const test = suite('replicate');
const { schedule: _, ...unscheduled } = config;
const workflow = 'v1/projects/acme/locations/europe-west1/workflows/replicator';

let bench: DeployBench;
let file: string;
test.before(async () => {
  bench = await startDeployBench({
    clock: realClock(4),
    behavior: { copyVersionsPerSecond: 8, copyStartSeconds: 1 },
  });
  await makeRepositories(bench, [leader, follower, foreign]);
  await fill(bench, leader);
  const value = { ...unscheduled, poll: { initialDelay: 1, multiplier: 1.2, maxDelay: 2 } };
  file = writeConfig(bench, value);
  const plans = plansOf(value);
  const [generated] = generate(plans, 'replicator.config.ts').files;
  const [plan] = plans;
  if (!plan) throw new Error('no plan');
  await ask(bench, 'POST', `v1/${placeOf(plan)}/workflows?workflowId=replicator`, {
    sourceContents: generated?.text,
  });
});
test.after.each(() => bench.emulator.faults.set([]));
test.after(() => bench.close());

test('before the first run: status says so, plan exits 2, logs says that there is none', async () => {
  const [status, plan, logs] = await Promise.all([
    bench.run('status', '--config', file),
    bench.run('plan', '--config', file, '--detailed-exitcode'),
    bench.run('logs', '--config', file),
  ]);
  assert.is(status.code, 0, status.err);
  assert.match(status.out, /never run; there is no schedule/);
  assert.is(plan.code, 2, plan.out + plan.err);
  assert.match(plan.out, /To copy: 14 versions/);
  assert.is(logs.code, 1);
  assert.match(logs.err, /has no execution/);
});

test('a run is followed from its link to its table', async () => {
  const { code, out, err } = await bench.run('replicate', '--config', file);
  assert.is(code, 0, out + err);
  const lines = out.trim().split('\n');
  assert.match(
    lines[0] ?? '',
    /^http.*\/#\/execution\?name=projects\/.*\/workflows\/replicator\/executions\//,
  );
  assert.match(out, /copy_to_us_central1_follower › start_copy/);
  assert.match(out, /█+░* us-central1-follower: \d+ of 14 versions/);
  assert.match(out, /us-central1-follower +succeeded +14 +0 /);
  assert.match(lines.at(-1) ?? '', /^succeeded {2}2 of 2 destinations copied to; versions copied: 28$/);
  assert.not.ok(out.includes('\u001b['), 'no colour without a terminal');
});

test('after it: status as JSON, the logs, and nothing left to plan', async () => {
  const [status, plan, logs] = await Promise.all([
    bench.run('status', '--config', file, '--json'),
    bench.run('plan', '--config', file, '--detailed-exitcode', '--json'),
    bench.run('logs', '--config', file),
  ]);
  assert.is(status.code, 0, status.err);
  const { replicators } = JSON.parse(status.out) as {
    replicators: {
      healthy: boolean;
      followers: { state: string; copied: number; behindSeconds: number }[];
    }[];
  };
  assert.is(replicators[0]?.healthy, true);
  assert.equal(
    replicators[0]?.followers.map(({ state, copied }) => [state, copied]),
    [
      ['succeeded', 14],
      ['succeeded', 14],
    ],
  );
  assert.is(plan.code, 0, plan.err);
  const document = JSON.parse(plan.out) as { replicators: { destinations: { equal: boolean }[] }[] };
  assert.equal(
    document.replicators[0]?.destinations.map(({ equal }) => equal),
    [true, true],
  );
  assert.match(logs.out, /INFO {5}us-central1-follower: copy started as projects/);
  assert.match(logs.out, /us-central1-follower: succeeded, versions copied: 14/);
});

test('a dry run of one destination posts nothing', async () => {
  bench.requests.length = 0;
  const { code, out } = await bench.run(
    'replicate',
    ...['--config', file, '--dry-run', '--destination', 'us-central1-follower'],
  );
  assert.is(code, 0, out);
  assert.match(out, /us-central1-follower +dryRun/);
  assert.not.match(out, /asia-east1-follower--acme-dr/);
  assert.not.ok(bench.requests.some(({ path }) => path.endsWith(':copyRepository')));
  const wrong = await bench.run('replicate', '--config', file, '--destination', 'nowhere');
  assert.is(wrong.code, 64);
  assert.match(wrong.err, /there is no destination 'nowhere'; there are: us-central1-follower/);
});

test('3 when some failed, 1 when all did, and status then exits 1', async () => {
  bench.emulator.faults.set([{ copy: follower, fail: { message: 'no luck' } }]);
  const partly = await bench.run('replicate', '--config', file);
  assert.is(partly.code, 3, partly.out + partly.err);
  assert.match(partly.out, /us-central1-follower: .*no luck/);
  bench.emulator.faults.set([{ copy: '*', fail: { message: 'no luck' } }]);
  const failed = await bench.run('replicate', '--config', file);
  assert.is(failed.code, 1, failed.out + failed.err);
  const status = await bench.run('status', '--config', file);
  assert.is(status.code, 1);
  assert.match(status.out, /NOT WELL: the last run failed/);
});

test('Ctrl-C stops following and not the run; another gives way to it and exits 0; --cancel cancels it', async () => {
  bench.emulator.faults.set([{ path: '*/operations/*', status: 503 }]);
  const report = join(bench.folder, 'report.html');
  const args = ['scripts/replicate.ts', '--config', file, '--report', report];
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, REPLICATOR_EMULATOR_HOST: bench.emulator.host },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await until(async () => (out.includes('wait_for_copy') ? true : undefined));
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  assert.is(code, 130, out);
  assert.match(
    out,
    /No longer followed; the execution goes on\..*status -- --config \S+\. .*replicate -- --cancel --config \S+$/m,
  );
  assert.match(readFileSync(report, 'utf8'), /Following the run was stopped/);

  const active = async () => {
    const { executions = [] } = await ask<{ executions?: { state: string }[] }>(
      bench,
      'GET',
      `${workflow}/executions`,
    );
    return executions.filter(({ state }) => state === 'ACTIVE').length;
  };
  assert.is(await active(), 1);
  const second = await bench.run('replicate', '--config', file);
  assert.is(second.code, 0, second.out);
  assert.match(second.out, /^skipped {2}gave way to an older execution/m);

  const cancelled = await bench.run('replicate', '--config', file, '--cancel');
  assert.is(cancelled.code, 0, cancelled.err);
  assert.match(cancelled.out, /^cancelled projects/m);
  assert.is(await active(), 0);
});

test('--no-follow returns at once, and a workflow that is not there is said to be', async () => {
  const { code, out } = await bench.run('replicate', '--config', file, '--no-follow');
  assert.is(code, 0);
  assert.match(out, /^http\S+\n$/);
  const other = writeConfig(bench, { ...unscheduled, name: 'other' });
  const missing = await bench.run('replicate', '--config', other);
  assert.is(missing.code, 1);
  assert.match(missing.err, /there is no workflow .*other; deploy it with: npm run deploy/);
});

test('status shows as many runs as it is asked for, and takes no number that it does not mean', async () => {
  const many = writeConfig(bench, { ...unscheduled, name: 'many' });
  await ask(bench, 'POST', `${workflow.replace(/\/\w+$/, '')}?workflowId=many`, {
    sourceContents: '- done:\n    return: 1\n',
  });
  const executions = workflow.replace(/\w+$/, 'many/executions');
  await Promise.all(Array.from({ length: 101 }, () => ask(bench, 'POST', executions, {})));
  const shown = async (runs: string) => {
    const { out } = await bench.run('status', '--config', many, '--json', '--runs', runs);
    return (JSON.parse(out) as { replicators: { runs: object[] }[] }).replicators[0]?.runs.length;
  };
  const refused = async (runs: string) => {
    const { code, err } = await bench.run('status', '--config', many, `--runs=${runs}`);
    assert.is(code, 64, err);
    assert.ok(err.includes(`--runs is '${runs}'; write a whole number from 1 to 100`), err);
  };
  await Promise.all([shown('100').then((length) => assert.is(length, 100)), ...['101', 'all'].map(refused)]);
});

test.run();
