import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTime, unknownTime } from './time.ts';

const test = suite('time');

test('reads what Date reads', () => {
  const millisecond = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
  fc.assert(
    fc.property(millisecond, fc.constantFrom('', '456', '456789'), (time, finer) => {
      const text = new Date(time).toISOString().replace('Z', `${finer}Z`);
      assert.is(readTime(text), time);
      const seconds = text.replace(/\.\d+/, '');
      assert.is(readTime(seconds), Math.floor(time / 1000) * 1000);
    }),
  );
});

test('reads other forms as Date does', () => {
  for (const text of ['2026-01-01T00:00:00.5Z', '2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.12Z'])
    assert.is(readTime(text), Date.parse(text));
});

test('what is no time is the latest there is', () => {
  for (const text of [undefined, null, 5, '', 'yesterday', '2026-0x-01T00:00:00Z'])
    assert.is(readTime(text), unknownTime);
  assert.is(new Date(unknownTime).toISOString(), '+275760-09-13T00:00:00.000Z');
});

test.run();
