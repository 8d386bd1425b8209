/** `--report` of `replicate` and `plan`: what a colleague who gets the file can read in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import type { EmulatorOptions } from '../emulator/server.ts';
import { type DeployBench, fill, makeRepositories, startDeployBench, until } from './deploy-bench.ts';
import { request, start } from './harness.ts';
import {
  deployed,
  executionOf,
  fillBoth,
  followers,
  leader,
  reported,
  reportOn,
  runAndReport,
  textOf,
} from './report-bench.ts';

const test = suite('report');

async function withBench(
  body: (bench: DeployBench) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  const behavior = { copyVersionsPerSecond: 1, copyStartSeconds: 2 };
  const bench = await startDeployBench({ behavior, ...options });
  try {
    await body(bench);
  } finally {
    await bench.close();
  }
}

const mirror = { maxDeletionShare: 1 };

test('plan, a run that partly fails, and what is refused before anything runs', () =>
  withBench(async (bench) => {
    const [first = '', second = ''] = followers(2);
    fillBoth(bench, [first, second], { packages: ['app', '<img src=x onerror=alert(1)>'] });
    const { file } = await deployed(bench, [{ name: first, mirror }, second], { job: true });

    const plan = await reported(bench, 'plan', '--config', file, '--json');
    assert.is(plan.code, 0, plan.err);
    JSON.parse(plan.out);
    assert.match(plan.err, /^report: .*report\.html \([\d.]+ kB\)$/m);
    const planned = textOf(plan.page);
    assert.match(planned, /A run would copy 20 versions .*, change 26 tags and delete 4 versions/);
    assert.match(planned, /Tags: 10 to create, 2 to move, 4 to remove/);
    assert.match(planned, /To delete: 4 versions/);
    assert.match(planned, /4 versions that the leader does not have stay: this follower is not mirrored/);
    assert.match(planned, /move <img src=x onerror=alert\(1\)>:latest sha256:0000/);
    assert.not.match(plan.page, /<img/);

    bench.emulator.faults.set([{ copy: second, fail: { message: 'quota <exceeded>' } }]);
    const run = await reported(bench, 'replicate', '--config', file);
    assert.is(run.code, 3, run.out + run.err);
    const text = textOf(run.page);
    assert.match(
      text,
      /The run partly failed after \d+ s: 1 of 2 destinations was brought up to date with prod ; 12 versions copied, 4 deleted\./,
    );
    assert.match(text, /us-east1-prod-1 failed CopyRepository failed with code 13: quota <exceeded>/);
    assert.match(text, /preflight 0 s, copy \d+ s with \d looks?, mirror \d+ s/);
    assert.match(text, /4 versions deleted; tags: 0 created, 2 moved, 4 removed/);
    assert.match(run.page, /<g [^>]*data-destination="us-central1-prod-1"/);

    bench.requests.length = 0;
    mkdirSync(join(bench.folder, 'folder.html'));
    const refused = await bench.run(
      'replicate',
      '--config',
      file,
      '--report',
      join(bench.folder, 'folder.html'),
    );
    assert.is(refused.code, 64);
    assert.match(refused.err, /replicate: --report .*: this is a folder/);
    assert.equal(bench.requests, []);
    const unfollowed = await bench.run('replicate', '--config', file, '--report', 'x.html', '--no-follow');
    assert.is(unfollowed.code, 64);
    assert.match(unfollowed.err, /with --no-follow nothing is known/);
  }));

test('a success, a dry run that says what differs, and a failure as a whole', () =>
  withBench(async (bench) => {
    const names = followers(2);
    fillBoth(bench, names);
    const { plan } = await deployed(bench, names);
    const dry = textOf(await runAndReport(bench, plan, { dryRun: true, destinations: ['us-east1-prod-1'] }));
    assert.match(
      dry,
      /A dry run changed nothing; 1 destination would be copied to\. A run would copy 5 versions/,
    );
    assert.match(dry, /To copy: 5 versions/);
    assert.not.match(dry, /us-central1-prod-1 projects/);

    const good = textOf(await runAndReport(bench, plan));
    assert.match(
      good,
      /The run succeeded after \d+ s: 2 destinations were brought up to date with prod ; 12 versions copied\./,
    );
    assert.not.match(good, /What went wrong/);
    assert.not.match(good, /Not in this report/);

    const failed = textOf(await runAndReport(bench, plan, { destinations: ['nowhere'] }));
    assert.match(failed, /The run failed after 0 s: .*nowhere/);
    assert.match(failed, /What went wrong/);
  }));

test('a run that goes on, one that gave way to it, and one that was cancelled', () => {
  const clock = drivenClock();
  return withBench(
    async (bench) => {
      const names = followers(2);
      fillBoth(bench, names);
      const { plan } = await deployed(bench, names);
      // Nobody drives the clock: it waits for its first look at the copies.
      const name = await start(bench.emulator, plan);
      await until(async () => {
        const { stepEntries = [] } = await request<{ stepEntries?: { step: string }[] }>(
          bench.emulator,
          'GET',
          `${name}/stepEntries?filter=${encodeURIComponent('step="pause"')}`,
        );
        return stepEntries.length === 2 ? true : undefined;
      });
      const active = await reportOn(bench, plan, await executionOf(bench, name));
      assert.match(
        textOf(active),
        /Following the run was stopped, and the run itself goes on ; no destination had ended/,
      );
      assert.match(textOf(active), /copy 0 s, which did not end/);
      assert.match(textOf(active), /Ended not yet/);

      // Which of two is older could not be told within the same moment.
      await clock.advance(1);
      const skipped = textOf(await runAndReport(bench, plan));
      assert.match(skipped, /The run did nothing : it gave way to an older execution/);
      assert.not.match(skipped, /Timeline/);

      await request(bench.emulator, 'POST', `${name}:cancel`, {});
      const cancelled = textOf(await reportOn(bench, plan, await executionOf(bench, name)));
      assert.match(cancelled, /The run was cancelled after \d+ s\. .* no destination had ended/);
    },
    { clock },
  );
});

test('a dozen destinations in a loop, and the job’s own copy beside them', () =>
  withBench(async (bench) => {
    const names = followers(13);
    await makeRepositories(bench, [leader, ...names]);
    // The job moves bytes: there have to be some.
    await fill(bench, leader);
    const [byJob = '', ...others] = names;
    const { plan } = await deployed(
      bench,
      [
        { name: byJob, copy: { engine: 'job' } },
        ...others.map((name, index) => ({ name, verify: index === 0 })),
      ],
      { job: true },
    );
    bench.emulator.faults.set([{ copy: others[4] ?? '', fail: { message: 'no luck' } }]);
    const page = await runAndReport(bench, plan);
    const timeline = page.slice(page.indexOf('id="timeline"'), page.indexOf('id="graph"'));
    const lanes = timeline.split('<tr ').slice(2).map(textOf);
    assert.is(lanes.length, 13);
    for (const [index, { id }] of plan.destinations.entries()) {
      assert.match(lanes[index] ?? '', new RegExp(` ${id} preflight .*, copy `));
      assert.is(/did not succeed/.test(lanes[index] ?? ''), names[index] === others[4], lanes[index] ?? '');
    }
  }));

test.run();
