import { setTimeout as wall } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock, realClock } from '../clock.ts';
import { Pace } from './pace.ts';

test('while something runs, idle time is not skipped; afterwards it is', async () => {
  const clock = drivenClock({ auto: true });
  const start = clock.now();
  const release = new Pace(clock, 1).hold();
  const fiber = clock.fiber();
  const hour = fiber.sleep(3_600_000);
  await wall(100);
  const passed = clock.now() - start;
  assert.ok(passed >= 50 && passed < 60_000, `${passed} ms`);
  release();
  release();
  await hour;
  fiber.end();
  assert.is(clock.now() - start, 3_600_000);
});

test('a multiple of the pace, shared by all that run', async () => {
  const clock = drivenClock({ auto: true });
  const pace = new Pace(clock, 10_000);
  const releases = [pace.hold(), pace.hold()];
  const began = Date.now();
  const fiber = clock.fiber();
  await fiber.sleep(600_000);
  const elapsed = Date.now() - began;
  assert.ok(elapsed >= 50 && elapsed < 5000, `${elapsed} ms`);
  fiber.end();
  releases[0]?.();
  assert.ok(clock.now() > 0);
  releases[1]?.();
});

test('a clock that is moved by hand stays under the hand, and can be let go of', async () => {
  const clock = drivenClock();
  const start = clock.now();
  const release = new Pace(clock, 1).hold();
  await wall(30);
  assert.is(clock.now(), start);
  clock.close();
  release();
});

test('the wall clock goes by itself', async () => {
  const clock = realClock();
  const release = new Pace(clock, 1).hold();
  await wall(20);
  release();
  clock.close();
});

test.run();
