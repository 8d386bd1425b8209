import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { merge } from './merge.ts';

const test = suite('merge');

async function* numbers(count: number) {
  for (let number = 0; number < count; number++) yield number;
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

test('brings all of all, empty ones included', async () => {
  const open = async function* (source: number) {
    for (let index = 0; index < source; index++) {
      await pause(Math.random() * 2);
      yield `${source}.${index}`;
    }
  };
  const found = await collect(merge(numbers(12), open, 4));
  assert.is(found.length, 66);
  assert.is(new Set(found).size, 66);
  assert.equal(await collect(merge(numbers(0), open, 4)), []);
});

test('runs so many at once, and no further than is asked', async () => {
  let [running, most, given] = [0, 0, 0];
  const open = async function* (_: number) {
    most = Math.max(most, ++running);
    for (let index = 0; index < 5; index++) {
      await pause(1);
      given++;
      yield index;
    }
    running--;
  };
  let taken = 0;
  for await (const _ of merge(numbers(20), open, 3)) {
    taken++;
    await pause(1);
    assert.ok(given - taken <= 3, `${given} given, ${taken} taken`);
  }
  assert.is(taken, 100);
  assert.is(most, 3);
});

test('the first error ends it, and closes the others', async () => {
  let closed = 0;
  const open = async function* (source: number) {
    try {
      for (;;) {
        await pause(1);
        if (source === 2) throw new Error('broken');
        yield source;
      }
    } finally {
      closed++;
    }
  };
  await collect(merge(numbers(3), open, 3)).then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'broken'),
  );
  await pause(20);
  assert.is(closed, 3);
});

test('one who stops early closes all', async () => {
  let closed = 0;
  const open = async function* (_: number) {
    try {
      for (;;) yield 1;
    } finally {
      closed++;
    }
  };
  for await (const _ of merge(numbers(3), open, 3)) break;
  await pause(5);
  assert.is(closed, 3);
});

test.run();
