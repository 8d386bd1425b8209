import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { child, keysOf } from './config-path.ts';

test('writes names, indexes and odd names', () => {
  assert.is(child('', 'copy'), 'copy');
  assert.is(
    child('', 1, 'destinations', 0, 'copy', 'behavior', 'a-b'),
    '[1].destinations[0].copy.behavior["a-b"]',
  );
  assert.is(child('[2]', 'name'), '[2].name');
});

test('reads back what it writes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.nat())), (keys) => {
      assert.equal(keysOf(child('', ...keys)), keys);
    }),
  );
});

test.run();
