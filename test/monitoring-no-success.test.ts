/** When the alert of no success fires: its condition, evaluated as Cloud Monitoring does, over runs that might be. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { alertPolicies } from '../generator/monitoring/alerts.ts';
import { promqlName } from '../generator/monitoring/names.ts';
import { resolve } from '../generator/resolve.ts';
import { type Point, promql } from './promql.ts';

const test = suite('the alert of no success');
const minute = 60;
const hour = 3600;
const day = 24 * hour;
/** A Monday. */
const monday = Date.UTC(2026, 0, 5) / 1000;

interface Watched {
  readonly cron: string;
  readonly name?: string;
  readonly periods?: number;
}

function conditionOf({ cron, name = 'nightly', periods }: Watched) {
  const { plans, problems } = resolve({
    name,
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/leader',
    destinations: ['projects/acme/locations/us-central1/repositories/follower'],
    schedule: { cron },
    ...(periods && { monitoring: { alerts: { noSuccess: { periods } } } }),
  });
  assert.equal(problems, []);
  const [plan] = plans;
  assert.ok(plan);
  const policy = new Map(alertPolicies(plan, 'by a test')).get('no-success');
  assert.ok(policy);
  const [condition] = policy.conditions;
  if (!('conditionPrometheusQueryLanguage' in condition)) throw new Error('it is no query');
  const { query, duration, evaluationInterval } = condition.conditionPrometheusQueryLanguage;
  return {
    query: promql(query),
    duration: Number.parseFloat(duration),
    interval: Number.parseFloat(evaluationInterval),
  };
}

/** A run that ended, counted as the metric counts it. */
function run(time: number, state = 'succeeded', name = 'nightly'): Point {
  return {
    metric: promqlName({ name }, 'runs'),
    labels: {
      monitored_resource: 'workflows.googleapis.com/Workflow',
      workflow_id: name,
      location: 'europe-west1',
      state,
    },
    time,
    value: 1,
  };
}

/** What the Scheduler logs when it starts a run, or tries to. */
function attempt(time: number, name = 'nightly', log = 'cloudscheduler.googleapis.com/executions'): Point {
  return {
    metric: 'logging_googleapis_com:log_entry_count',
    labels: {
      monitored_resource: 'cloud_scheduler_job',
      job_id: name,
      location: 'europe-west1',
      log,
      severity: 'INFO',
    },
    time,
    value: 2,
  };
}

/** When it first fires after a policy was made, in seconds from then; undefined: not until the end. */
function firesAfter(
  watched: Watched,
  points: readonly Point[],
  from: number,
  to: number,
): number | undefined {
  const { query, duration, interval } = conditionOf(watched);
  let since: number | undefined;
  for (let now = from; now <= to; now += interval) {
    if (query(points, now).length === 0) since = undefined;
    else since ??= now;
    if (since !== undefined && now - since >= duration) return now - from;
  }
  return undefined;
}

const daily = { cron: '0 3 * * *' };
const nights = (from: number, to: number, state?: string) =>
  Array.from({ length: to - from }, (_, index) => run(monday + (from + index) * day + 3.2 * hour, state));

test('it does not fire while runs succeed, and one that fails is none of its business', () => {
  const runs = [...nights(0, 4), ...nights(4, 5, 'failed'), ...nights(5, 10)];
  assert.is(firesAfter(daily, runs, monday, monday + 10 * day), undefined);
});

test('it fires two periods after the last success', () => {
  const last = 4 * day + 3.2 * hour;
  const at = firesAfter(daily, [...nights(0, 5), ...nights(5, 9, 'failed')], monday, monday + 9 * day);
  assert.ok(at !== undefined && at >= last + 2 * day && at <= last + 2 * day + hour, `${at}`);
});

test('runs that gave way and dry runs do not put it off', () => {
  const alone = firesAfter(daily, nights(0, 5), monday, monday + 9 * day);
  const others = Array.from({ length: 9 * 24 }, (_, index) => [
    run(monday + index * hour, 'skipped'),
    run(monday + index * hour + 1, 'dryRun'),
    run(monday + index * hour + 2, 'partlyFailed'),
  ]).flat();
  assert.is(firesAfter(daily, [...nights(0, 5), ...others], monday, monday + 9 * day), alone);
});

test('nor do runs that gave way make it fire', () => {
  // A run takes 50 minutes, and two of each three give way.
  const runs = Array.from({ length: 24 * 4 }, (_, index) =>
    run(monday + index * 20 * minute, index % 3 === 0 ? 'succeeded' : 'skipped'),
  );
  assert.is(firesAfter({ cron: '*/20 * * * *', periods: 4 }, runs, monday, monday + day), undefined);
});

test('after a first deploy nothing is wrong until a run is due, and then there is a day for the first success', () => {
  const deployed = monday + 2.5 * day;
  // The deploy made the Scheduler's job, which is in the audit log.
  const made = attempt(deployed, 'nightly', 'cloudaudit.googleapis.com/activity');
  assert.is(firesAfter(daily, [made], deployed, monday + 9 * day), undefined);
  // On Fridays of weekdays, on Wednesdays of a weekly one, and half an hour after it was due.
  const week = nights(7, 12);
  assert.is(firesAfter({ cron: '0 3 * * 1-5' }, week, monday + 4.5 * day, monday + 12 * day), undefined);
  const weekly = { cron: '0 3 * * 1' };
  const mondays = [run(monday + 7 * day + 9 * hour), run(monday + 14 * day + 9 * hour)];
  const starts = mondays.map(({ time }) => attempt(time - 6 * hour));
  assert.is(firesAfter(weekly, [...mondays, ...starts], deployed, monday + 21 * day), undefined);
  const late = Array.from({ length: 5 }, (_, index) => run(monday + (index + 1) * day + 5 * hour));
  const due = late.map(({ time }) => attempt(time - 2 * hour));
  assert.is(firesAfter(daily, [...late, ...due], monday + 3.5 * hour, monday + 5 * day), undefined);
});

test('a first run that fails, ends never or cannot be started is told of after a day', () => {
  const weekly = { cron: '0 3 * * 1' };
  const deployed = monday + 2 * day;
  const due = 5 * day + 3 * hour;
  const escaped = attempt(deployed + due, 'nightly', 'cloudscheduler.googleapis.com%2Fexecutions');
  for (const first of [
    escaped,
    attempt(deployed + due),
    run(deployed + due, 'failed'),
    run(deployed + due, 'skipped'),
  ]) {
    const at = firesAfter(weekly, [first], deployed, deployed + 14 * day);
    assert.ok(at !== undefined && at >= due + day && at <= due + day + 5 * minute, `${at}`);
  }
});

test('a dry run before the first run is none that was due', () => {
  assert.is(firesAfter({ cron: '0 3 * * 1' }, [run(monday, 'dryRun')], monday, monday + 6 * day), undefined);
});

test('where nothing moves any more it goes on for a month', () => {
  const { query, duration } = conditionOf(daily);
  const last = monday + 3.2 * hour;
  const points = [attempt(monday + 3 * hour), run(last)];
  const at = firesAfter(daily, points, monday, monday + 9 * day);
  const due = 3.2 * hour + day + duration;
  assert.ok(at !== undefined && at >= due && at <= due + hour, `${at}`);
  assert.is(query(points, last + 31 * day).length, 1);
});

test('a replicator that is due often has two periods, half an hour at least', () => {
  const hourly = { cron: '0 * * * *' };
  assert.is(firesAfter(hourly, [attempt(monday)], monday, monday + day), 90 * minute);
  assert.is(firesAfter({ cron: '* * * * *' }, [attempt(monday)], monday, monday + day), 15 * minute);
  const runs = Array.from({ length: 20 }, (_, index) => run(monday + index * hour + 300));
  const at = firesAfter(hourly, runs, monday, monday + 2 * day);
  assert.ok(at !== undefined && at >= 21 * hour + 300 && at <= 21 * hour + 900, `${at}`);
});

test('one that is evaluated each hour sees every success', () => {
  const runs = Array.from({ length: 9 }, (_, index) => run(monday + index * day + 59 * minute));
  assert.is(firesAfter({ cron: '0 * * * *', periods: 25 }, runs, monday, monday + 8 * day), undefined);
});

test('one whose periods are longer than it is remembered that a run was due fires all the same', () => {
  const at = firesAfter({ cron: '0 3 1 * *' }, [run(monday)], monday, monday + 70 * day);
  assert.ok(at !== undefined && at >= 62 * day && at <= 62 * day + hour, `${at}`);
});

test('what another replicator runs, or tries to, is none of its business', () => {
  const others = [attempt(monday, 'weekly'), run(monday, 'failed', 'weekly')];
  assert.is(firesAfter(daily, others, monday, monday + 5 * day), undefined);
});

test('a weekend without runs is no fault where none are due', () => {
  const weekdays = { cron: '0 3 * * 1-5' };
  const week = [...nights(0, 5), ...nights(7, 12)];
  assert.is(firesAfter(weekdays, week, monday, monday + 12 * day), undefined);
  // Monday's and Tuesday's run failed: it fires when Tuesday's should have succeeded.
  const at = firesAfter(weekdays, nights(0, 5), monday, monday + 12 * day);
  const due = 8 * day + 3.2 * hour;
  assert.ok(at !== undefined && at >= due && at <= due + hour, `${at}`);
});

test('names that PromQL does not tell apart are told apart', () => {
  const runs = Array.from({ length: 6 }, (_, index) => run(monday + index * day, 'succeeded', 'a_b'));
  assert.is(firesAfter({ ...daily, name: 'a_b' }, runs, monday, monday + 5 * day), undefined);
  const own = [...runs, attempt(monday, 'a-b')];
  assert.is(firesAfter({ ...daily, name: 'a-b' }, own, monday, monday + 5 * day), day);
});

test.run();
