import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { partOf } from './read-monitoring.ts';

test('what a service adds is not compared, and what it leaves out is its default', () => {
  const wanted = { name: 'a', xPos: 0, channels: [], labels: { ours: 'yes' } };
  assert.equal(partOf(wanted, { name: 'a', labels: { ours: 'yes', theirs: 'too' }, etag: 'x' }), wanted);
});

test('a list counts whole, and its items as far as they are wanted', () => {
  const wanted = [{ id: 1 }, { id: 2 }];
  assert.equal(partOf(wanted, [{ id: 1, added: true }, { id: 2 }]), wanted);
  assert.equal(partOf(wanted, [{ id: 1 }]), [{ id: 1 }]);
  assert.equal(partOf(wanted, [...wanted, { id: 3 }]), [...wanted, { id: 3 }]);
  assert.equal(partOf(['a'], undefined), undefined);
});

test('what is missing and no default differs', () => {
  assert.equal(partOf({ filter: 'x', deep: { a: 1 } }, { deep: {} }), {
    filter: undefined,
    deep: { a: undefined },
  });
});

test.run();
