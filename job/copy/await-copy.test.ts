import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CopyProgress,
  type Registry,
  RegistryError,
  type RegistryErrorKind,
} from '../registry/registry.ts';
import { skippingClock } from '../registry/testing.ts';
import { awaitCopy, nothingYet } from './await-copy.ts';

const test = suite('await copy');
const poll = { initialDelay: 5, multiplier: 2, maxDelay: 30, deadline: 600 };

/** Waits for a copy whose polls give what a script says; the last goes on for ever. */
async function wait(script: readonly (Partial<CopyProgress> | RegistryErrorKind)[], policy = poll) {
  const clock = skippingClock();
  const polls: number[] = [];
  const progress: CopyProgress[] = [];
  const registry = {
    async copyProgress() {
      const next = script[Math.min(polls.length, script.length - 1)];
      polls.push(clock.now() / 1000);
      if (typeof next === 'string') throw new RegistryError(next, 0, `it is ${next}`);
      return { ...nothingYet, ...next };
    },
  } as unknown as Registry;
  const result = await awaitCopy(registry, 'o', policy, clock, (one) => progress.push(one)).catch(
    (error: RegistryError) => error,
  );
  return { result, polls, progress };
}

test('polls at growing distances until it is done', async () => {
  const { polls, result } = await wait([{}, {}, {}, {}, {}, { done: true, copied: 3 }]);
  assert.equal(polls, [5, 15, 35, 65, 95, 125]);
  assert.is((result as CopyProgress).copied, 3);
});

test('the last poll is at the deadline', async () => {
  const { polls, result } = await wait([{ copied: 1, total: 9 }], { ...poll, deadline: 100 });
  assert.equal(polls, [5, 15, 35, 65, 95, 100]);
  assert.equal(result, { ...nothingYet, copied: 1, total: 9 });
  const short = await wait([{ done: true }], { ...poll, initialDelay: 60, maxDelay: 60, deadline: 2 });
  assert.equal(short.polls, [2]);
});

test('a poll that fails is no news', async () => {
  const { result, polls } = await wait([
    { copied: 1 },
    'unavailable',
    'malformed',
    { done: true, copied: 5 },
  ]);
  assert.is((result as CopyProgress).copied, 5);
  assert.is(polls.length, 4);
  const never = await wait(['unavailable'], { ...poll, deadline: 60 });
  assert.equal(never.result, nothingYet);
});

test('a poll that is refused ends it', async () => {
  for (const kind of ['permission', 'not-found', 'refused'] as const) {
    const { result, polls } = await wait([{}, kind]);
    assert.is((result as RegistryError).kind, kind);
    assert.is(polls.length, 2);
  }
});

test('tells progress when there is some, and never goes back', async () => {
  const { progress, result } = await wait([
    {},
    { copied: 2, total: 9, copyStartTime: 't' },
    { copied: 2, total: 9 },
    {},
    { copied: 2, skipped: 1, total: 9 },
    { done: true },
  ]);
  assert.equal(
    progress.map(({ copied, skipped, total }) => [copied, skipped, total]),
    [
      [2, 0, 9],
      [2, 1, 9],
    ],
  );
  assert.equal(result, { ...nothingYet, done: true, copied: 2, skipped: 1, total: 9, copyStartTime: 't' });
});

test.run();
