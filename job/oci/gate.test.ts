import { setImmediate as tick } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createGate } from './gate.ts';

/** Starts so many, each of a weight. @returns those who are in, in their order */
function crowd(gate: ReturnType<typeof createGate>, weights: readonly number[]) {
  const inside: number[] = [];
  const leave = new Map<number, () => void>();
  weights.forEach(async (weight, who) => {
    leave.set(who, await gate.enter(weight));
    inside.push(who);
  });
  return { inside, leave: (who: number) => leave.get(who)?.() };
}

test('as many as fit, the others in their order', async () => {
  const { inside, leave } = crowd(createGate(2), [1, 1, 1, 1]);
  await tick();
  assert.equal(inside, [0, 1]);
  leave(1);
  leave(1);
  await tick();
  assert.equal(inside, [0, 1, 2]);
  leave(0);
  await tick();
  assert.equal(inside, [0, 1, 2, 3]);
});

test('one that is larger than the gate goes alone, and nobody overtakes it', async () => {
  const { inside, leave } = crowd(createGate(10), [4, 100, 1]);
  await tick();
  assert.equal(inside, [0]);
  leave(0);
  await tick();
  assert.equal(inside, [0, 1]);
  leave(1);
  await tick();
  assert.equal(inside, [0, 1, 2]);
});

test('narrowed once for a rush, and grown back by those who leave', async () => {
  let now = 0;
  const gate = createGate(8, () => now);
  gate.narrow();
  gate.narrow();
  const { inside, leave } = crowd(
    gate,
    Array.from({ length: 100 }, () => 1),
  );
  await tick();
  assert.is(inside.length, 4);
  now = 1000;
  gate.narrow();
  for (let who = 0; who < 60; who++) {
    leave(who);
    await tick();
  }
  assert.is(inside.length - 60, 8);
});

test('never less than one', async () => {
  let now = 0;
  const gate = createGate(4, () => now);
  for (; now < 100_000; now += 1000) gate.narrow();
  const leave = await gate.enter();
  leave();
  await gate.enter();
});

test.run();
