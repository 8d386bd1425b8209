import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isMine } from './shard.ts';

const test = suite('shard');
const names = Array.from({ length: 400 }, (_, at) => `projects/p/locations/us/repositories/r${at}`);

test('every name falls to exactly one task', () => {
  for (const count of [1, 3, 8]) {
    const tasks = Array.from({ length: count }, (_, index) =>
      names.filter((name) => isMine(name, { index, count })),
    );
    assert.equal(tasks.flat().sort(), [...names].sort());
    // Roughly evenly: none gets less than half of its share.
    for (const task of tasks) assert.ok(task.length > names.length / count / 2, `${task.length} of ${count}`);
  }
});

test('always to the same, whichever other names there are', () => {
  assert.equal(
    names.slice(0, 8).map((name) => [0, 1, 2].find((index) => isMine(name, { index, count: 3 }))),
    [1, 1, 1, 2, 2, 2, 1, 1],
  );
});

test.run();
