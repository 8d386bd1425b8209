/** What counts as well, and what does not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { resolve } from '../../generator/resolve.ts';
import { type ExecutionState, lastReal, type Read, statusOf } from './status.ts';

const now = Date.UTC(2026, 0, 10, 12);
const hours = (count: number) => new Date(now - count * 3600 * 1000).toISOString();
const repository = 'projects/acme/locations/us-central1/repositories/follower';

function planWith(schedule: { cron: string } | null) {
  const { plans } = resolve({
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/leader',
    destinations: [repository],
    ...(schedule && { schedule }),
  });
  const [plan] = plans;
  if (!plan) throw new Error('no plan');
  return plan;
}

const row = (state: string, copyStartTime: string) => ({
  destination: 'us-central1-follower',
  repository,
  state,
  copied: 3,
  skipped: 0,
  seconds: 41,
  operation: null,
  copyStartTime,
});

function run(state: string, ago: number, extra: object = {}): ExecutionState {
  const summary = JSON.stringify({
    state,
    message: `it ${state}`,
    dryRun: state === 'dryRun',
    results: state === 'skipped' ? [] : [row(state, hours(ago))],
    ...extra,
  });
  const failed = state === 'failed' || state === 'partlyFailed';
  return {
    name: `projects/acme/locations/europe-west1/workflows/replicator/executions/${state}-${ago}`,
    state: failed ? 'FAILED' : 'SUCCEEDED',
    startTime: hours(ago),
    endTime: hours(ago - 0.01),
    ...(failed ? { error: { payload: summary } } : { result: summary }),
  };
}

/** `null`: there is none. */
interface Given {
  readonly schedule?: { readonly cron: string } | null;
  readonly scheduler?: NonNullable<Read['scheduler']> | null;
}

function status(
  executions: readonly ExecutionState[],
  { schedule = { cron: '0 3 * * *' }, scheduler = {} }: Given = {},
) {
  const read: Read = {
    executions,
    scheduler: scheduler ?? undefined,
    deleted: new Map(),
    link: (name) => name,
    workflowLink: '',
  };
  return statusOf(planWith(schedule), read, now);
}

test('a success within two periods is well', () => {
  assert.ok(status([run('succeeded', 9)]).healthy);
  assert.ok(status([run('succeeded', 33)]).healthy);
  const { healthy, why } = status([run('succeeded', 57)]);
  assert.not.ok(healthy);
  assert.match(why, /more than two periods of the schedule/);
});

test('a success is as old as its end, and two periods are two periods', () => {
  // Every hour, and a copy takes an hour and a half: each run makes the next one give way.
  const schedule = { cron: '0 * * * *' };
  const long = { ...run('succeeded', 3.1), endTime: hours(1.6) };
  const active = { name: 'e', state: 'ACTIVE', startTime: hours(1.1) };
  assert.ok(status([active, run('skipped', 2.1), long], { schedule }).healthy);
  // By hand at 10 h on the day before yesterday, and nothing since: it is 12 h now.
  assert.not.ok(status([run('succeeded', 50)]).healthy);
  assert.ok(status([run('succeeded', 47)]).healthy);
  const { why } = status([run('succeeded', 50)]);
  assert.match(why, new RegExp(`since ${hours(49.99)}, more than two periods`));
});

test('where none of the runs that are known succeeded, it does not say that none ever did', () => {
  assert.is(status([run('skipped', 1), run('skipped', 2)]).why, 'of the last 2 runs none has succeeded');
});

test('runs that gave way and dry runs are no success', () => {
  assert.not.ok(status([run('skipped', 9), run('skipped', 33), run('succeeded', 57)]).healthy);
  assert.not.ok(status([run('dryRun', 9), run('succeeded', 57)]).healthy);
  assert.ok(status([run('skipped', 9), run('succeeded', 33)]).healthy);
});

test('the last run decides, whatever came before', () => {
  for (const state of ['failed', 'partlyFailed'])
    assert.not.ok(status([run(state, 9), run('succeeded', 10)]).healthy, state);
  assert.not.ok(status([{ ...run('succeeded', 9), state: 'CANCELLED' }, run('succeeded', 10)]).healthy);
  assert.ok(status([run('skipped', 1), run('succeeded', 9), run('failed', 33)]).healthy);
  assert.not.ok(status([run('skipped', 1), run('failed', 9), run('succeeded', 10)]).healthy);
});

test('a run of another follower alone does not make up for the failure of one', () => {
  const other = { results: [{ ...row('succeeded', hours(1)), repository: `${repository}-2` }] };
  const failure = { results: [{ ...row('failed', hours(9)), error: 'no space' }] };
  const { healthy, why } = status([run('succeeded', 1, other), run('failed', 9, failure)]);
  assert.not.ok(healthy);
  assert.is(why, 'the last run of us-central1-follower failed: no space');
  const partly = { results: [row('partlyFailed', hours(9))] };
  assert.not.ok(status([run('succeeded', 1, other), run('partlyFailed', 9, partly)]).healthy);
  assert.ok(status([run('succeeded', 1), run('failed', 9, failure)]).healthy);
});

test('on week days only, the weekend is no gap', () => {
  // 10 January 2026 is a Saturday; the runs of Thursday and Friday are the last two that were due.
  const schedule = { cron: '0 3 * * 1-5' };
  assert.ok(status([run('succeeded', 57)], { schedule }).healthy);
  assert.not.ok(status([run('succeeded', 81)], { schedule }).healthy);
});

test('without a schedule only the last run counts', () => {
  assert.ok(status([], { schedule: null, scheduler: null }).healthy);
  assert.ok(status([run('succeeded', 1000)], { schedule: null, scheduler: null }).healthy);
  assert.not.ok(status([run('failed', 1000)], { schedule: null, scheduler: null }).healthy);
});

test('a schedule that never ran, has no job, or is refused, is not well', () => {
  assert.match(status([]).why, /no run has succeeded yet/);
  assert.match(status([run('succeeded', 9)], { scheduler: null }).why, /no Scheduler job/);
  const scheduler = { status: { code: 7, message: 'denied' } };
  assert.match(status([run('succeeded', 9)], { scheduler }).why, /could not start the workflow: denied/);
});

test('a follower is as far behind as its last good copy is old', () => {
  const { followers } = status([run('failed', 9), run('succeeded', 33)]);
  assert.is(followers[0]?.state, 'failed');
  assert.is(followers[0]?.behindSeconds, 33 * 3600);
  assert.is(status([run('failed', 9)]).followers[0]?.behindSeconds, null);
});

test('what a mirror deleted is asked of the last run that could delete', () => {
  assert.is(
    lastReal([run('dryRun', 1), run('skipped', 2), run('failed', 3), run('succeeded', 4)])?.name.at(-1),
    '3',
  );
  assert.is(lastReal([run('dryRun', 1)]), undefined);
});

test('an execution that the workflow did not end itself is a failure with what was said', () => {
  const [first] = status([
    { name: 'e', state: 'FAILED', error: { payload: '{"message":"out of memory","tags":["X"]}' } },
  ]).runs;
  assert.is(first?.state, 'failed');
  assert.is(first?.message, 'out of memory');
});

test.run();
