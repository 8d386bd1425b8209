import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OrderedMap } from './ordered.ts';

test('reads as a map would whose keys are sorted, whatever was set and deleted in between', () => {
  const key = fc.constantFrom(...'abcdefgh');
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key }),
    fc.record({ do: fc.constant('delete' as const), key }),
    fc.record({ do: fc.constant('read' as const), key, inclusive: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ordered = new OrderedMap<number>();
      const plain = new Map<string, number>();
      steps.forEach((each, value) => {
        if (each.do === 'set') {
          ordered.set(each.key, value);
          plain.set(each.key, value);
        } else if (each.do === 'delete') assert.is(ordered.delete(each.key), plain.delete(each.key));
        else {
          const expected = [...plain]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .filter(([k]) => k > each.key || (each.inclusive && k === each.key));
          assert.equal([...ordered.entries(each.key, each.inclusive)], expected);
        }
      });
      assert.equal(
        [...ordered.entries()].map(([k]) => k),
        [...plain.keys()].sort(),
      );
      assert.is(ordered.size, plain.size);
    }),
  );
});

test('forgets the gaps of what was deleted', () => {
  const ordered = new OrderedMap<number>();
  for (let index = 0; index < 5000; index++) ordered.set(`k${index}`, index);
  assert.is([...ordered.entries()].length, 5000);
  for (let index = 0; index < 4990; index++) ordered.delete(`k${index}`);
  assert.equal(
    [...ordered.entries()].map(([, value]) => value),
    Array.from({ length: 10 }, (_, index) => 4990 + index),
  );
});

test.run();
