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
  assert.ok(at !== undefined && at >= last + 2 * day && at <= last + 2 * day + 15 * minute, `${at}`);
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

test('after a first deploy there is a day for the first success', () => {
  assert.is(firesAfter(daily, [], monday + 4 * hour, monday + 3 * day), day);
  // Deployed just after it was due.
  assert.is(firesAfter(daily, nights(1, 5), monday + 3.5 * hour, monday + 4 * day), undefined);
});

test('a replicator that is due often has two periods, half an hour at least', () => {
  assert.is(firesAfter({ cron: '0 * * * *' }, [], monday, monday + day), 2 * hour - 10 * minute);
  assert.is(firesAfter({ cron: '* * * * *' }, [], monday, monday + day), 20 * minute);
  const runs = Array.from({ length: 20 }, (_, index) => run(monday + index * hour + 300));
  const at = firesAfter({ cron: '0 * * * *' }, runs, monday, monday + 2 * day);
  assert.ok(at !== undefined && at >= 21 * hour + 300 && at <= 21 * hour + 900, `${at}`);
});

test('a weekend without runs is no fault where none are due', () => {
  const weekdays = { cron: '0 3 * * 1-5' };
  const week = [...nights(0, 5), ...nights(7, 12)];
  assert.is(firesAfter(weekdays, week, monday, monday + 12 * day), undefined);
  // Monday's and Tuesday's run failed: it fires when Tuesday's should have succeeded.
  const at = firesAfter(weekdays, nights(0, 5), monday, monday + 12 * day);
  const due = 8 * day + 3.2 * hour;
  assert.ok(at !== undefined && at >= due && at <= due + 15 * minute, `${at}`);
});

test('names that PromQL does not tell apart are told apart', () => {
  const runs = Array.from({ length: 6 }, (_, index) => run(monday + index * day, 'succeeded', 'a_b'));
  assert.is(firesAfter({ ...daily, name: 'a_b' }, runs, monday, monday + 5 * day), undefined);
  assert.is(firesAfter({ ...daily, name: 'a-b' }, runs, monday, monday + 5 * day), day);
});

test.run();
