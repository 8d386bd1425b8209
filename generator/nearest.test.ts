import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editDistance, nearest } from './nearest.ts';

test('counts insertions, deletions, substitutions and swaps', () => {
  assert.is(editDistance('', 'abc'), 3);
  assert.is(editDistance('kitten', 'sitting'), 3);
  assert.is(editDistance('regoin', 'region'), 1);
  assert.is(editDistance('europe-west11', 'europe-west1'), 1);
});

test('is a distance: zero only for equals, the same both ways', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      assert.is(editDistance(a, b), editDistance(b, a));
      assert.is(editDistance(a, b) === 0, a === b);
    }),
  );
});

test('finds what was meant, whatever the case, and nothing far off', () => {
  const words = ['project', 'region', 'source', 'destinations'];
  assert.is(nearest('Region', words), 'region');
  assert.is(nearest('destination', words), 'destinations');
  assert.is(nearest('colour', words), undefined);
  assert.is(nearest('x', []), undefined);
});

test('takes the first of equals', () => {
  assert.is(nearest('us-east9', ['us-east1', 'us-east4']), 'us-east1');
});

test.run();
