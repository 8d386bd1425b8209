import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VersionTable } from './version-table.ts';

const test = suite('version table');

const digit = fc.constantFrom(...'0123456789abcdef');
const digest = fc.string({ unit: digit, minLength: 64, maxLength: 64 }).map((text) => `sha256:${text}`);
// Many that share their first word, so that slots collide.
const crowded = fc
  .string({ unit: digit, minLength: 3, maxLength: 3 })
  .map((text) => `sha256:${text.padStart(64, '0')}`);
const id = fc.oneof(digest, crowded, fc.string({ minLength: 1, maxLength: 80 }));

test('behaves like a map from id to the order of addition', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), id, (ids, stranger) => {
      const table = new VersionTable();
      const model = new Map<string, number>();
      for (const one of ids) {
        if (!model.has(one)) model.set(one, model.size);
        assert.is(table.add(one), model.get(one));
      }
      assert.is(table.size, model.size);
      for (const [one, number] of model) {
        assert.is(table.find(one), number);
        assert.is(table.id(number), one);
      }
      assert.is(table.find(stranger), model.get(stranger) ?? -1);
    }),
  );
});

test('an upper-case digest is another id: nothing is folded', () => {
  const table = new VersionTable();
  table.add(`sha256:${'a'.repeat(64)}`);
  assert.is(table.find(`sha256:${'A'.repeat(64)}`), -1);
});

test.run();
