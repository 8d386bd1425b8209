import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Destination } from '../../generator/config.ts';
import { resolve } from '../../generator/resolve.ts';
import type { StepEntry } from '../watch/steps.ts';
import { axisFor } from './axis.ts';
import { timelineOf } from './timeline.ts';
import { timelineView } from './timeline-view.ts';

function planOf(destinations: readonly Destination[]) {
  const { plans, problems } = resolve({
    project: 'acme',
    region: 'europe-west1',
    source: 'projects/acme/locations/europe-west1/repositories/leader',
    destinations: [...destinations],
    job: true,
  });
  const [plan] = plans;
  if (!plan || problems.length > 0) throw new Error(JSON.stringify(problems));
  return plan;
}

const follower = (number: number) => `projects/acme/locations/us-central1/repositories/f${number}`;
const time = (seconds: number) => new Date(seconds * 1000).toISOString();
const none: ReadonlySet<string> = new Set();

/** An entry in a few words: `routine.step`, its parent, from when to when. */
function entry(
  id: number,
  path: string,
  parent: number | undefined,
  from: number,
  to: number | undefined,
  iteration?: number,
): StepEntry {
  const [routine = '', step = ''] = path.split('.');
  return {
    entryId: String(id),
    routine,
    step,
    createTime: time(from),
    updateTime: time(to ?? from),
    state: to === undefined ? 'STATE_IN_PROGRESS' : 'STATE_SUCCEEDED',
    navigationInfo: { ...(parent !== undefined && { parent: String(parent) }) },
    ...(iteration !== undefined && {
      stepEntryMetadata: { progressType: 'PROGRESS_TYPE_PARALLEL_FOR', progressNumber: String(iteration) },
    }),
  };
}

test('stages of a destination, its polls, and nothing of one that was not asked for', () => {
  const plan = planOf([{ name: follower(1), mirror: true }, follower(2)]);
  const entries = [
    entry(10, 'await_copy.get_operation', 9, 4, 4),
    entry(1, 'main.copy_to_us_central1_f1', undefined, 0, 9),
    entry(2, 'replicate.check_repositories', 1, 0, 1),
    entry(3, 'replicate.start_copy', 1, 1, 2),
    entry(9, 'replicate.wait_for_copy', 1, 2, 5),
    entry(11, 'replicate.reconcile', 1, 5, 9),
    entry(12, 'main.copy_to_us_central1_f2', undefined, 0, 0),
    entry(13, 'replicate.is_chosen', 12, 0, 0),
  ];
  const timeline = timelineOf(plan, entries, { start: 0, end: 10_000 }, new Set(['us-central1-f1']));
  assert.is(timeline?.lanes.length, 1);
  const [lane] = timeline?.lanes ?? [];
  assert.is(lane?.destination, 'us-central1-f1');
  assert.equal(
    lane?.stages.map(({ name, start, end, failed }) => [name, start, end, failed]),
    [
      ['preflight', 0, 1000, false],
      ['copy', 1000, 5000, false],
      ['mirror', 5000, 9000, true],
    ],
  );
  assert.equal(lane?.polls, [4000]);
});

test('in a loop the number of the iteration tells the destination, in any order', () => {
  const plan = planOf(Array.from({ length: 12 }, (_, index) => follower(index)));
  const entries = [
    entry(1, 'main.copy_to_all', undefined, 0, 9),
    entry(3, 'main.copy_to_all', 1, 0, 9, 12),
    entry(2, 'main.copy_to_all', 1, 0, 9, 1),
    entry(4, 'main.copy_to_destination', 3, 0, 9),
    entry(5, 'replicate.start_copy', 4, 1, 2),
    entry(6, 'main.copy_to_destination', 2, 0, 9),
    entry(7, 'replicate.start_copy', 6, 3, 4),
  ];
  const lanes = timelineOf(plan, entries, { start: 0, end: 9000 }, none)?.lanes ?? [];
  assert.equal(
    lanes.map(({ destination, stages }) => [destination, stages[0]?.start]),
    [
      ['us-central1-f0', 3000],
      ['us-central1-f11', 1000],
    ],
  );
});

test('what has not ended lasts until the last thing that is known', () => {
  const plan = planOf([follower(1)]);
  const entries = [
    entry(1, 'main.copy_to_us_central1_f1', undefined, 0, undefined),
    entry(2, 'replicate.wait_for_copy', 1, 2, undefined),
    entry(3, 'await_copy.get_operation', 2, 30, 31),
  ];
  const timeline = timelineOf(plan, entries, { start: 0, end: undefined }, none);
  assert.equal(timeline?.lanes[0]?.stages, [
    { name: 'copy', start: 2000, end: 31_000, isOver: false, failed: false },
  ]);
  if (timeline) assert.match(String(timelineView(timeline)), /copy 29 s with 1 look, which did not end/);
});

test('no entries, no timeline', () => {
  assert.is(timelineOf(planOf([follower(1)]), [], { start: 0, end: 1 }, none), undefined);
});

test('bars stay on their axis', () => {
  const stage = { name: 'copy', isOver: true, failed: false } as const;
  const view = String(
    timelineView({
      start: 0,
      end: 100_000,
      lanes: [{ destination: 'x', stages: [{ ...stage, start: 99_999, end: 100_000 }], polls: [100_000] }],
    }),
  );
  const [, x = '', width = ''] = /<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"/.exec(view) ?? [];
  assert.ok(Number(x) + Number(width) <= 1000, view);
});

test('marks of an axis are round and few', () => {
  for (const seconds of [0.1, 1, 7, 59, 61, 256, 3600, 12_345, 86_400, 5_000_000]) {
    const { step, steps } = axisFor(seconds);
    assert.ok(step * steps >= seconds && steps <= 5, `${seconds}: ${steps} of ${step}`);
    assert.ok(step * (steps - 1) < seconds, `${seconds}: ${steps} of ${step}`);
  }
});

test.run();
