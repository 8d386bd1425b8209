import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { widthOf, wrap } from './text.ts';

const test = suite('text of a diagram');

const name = fc.constantFrom('kind', 'title', 'name', 'chip', 'note');
// Wide enough for any single character.
const width = fc.integer({ min: 20, max: 400 });

test('wrapped lines fit, and nothing but spaces at their ends is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), name, width, (text, face, most) => {
      const lines = wrap(text, face, most);
      for (const line of lines) assert.ok(widthOf(line, face) <= most, line);
      const letters = (one: string) => one.replaceAll(' ', '');
      assert.is(letters(lines.join('')), letters(text));
    }),
    { examples: [['a\u00a0', 'kind', 20]] },
  );
});

test('what is cut says so, and fits', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      name,
      width,
      fc.integer({ min: 1, max: 3 }),
      (text, face, wide, most) => {
        const [whole, cut] = [wrap(text, face, wide), wrap(text, face, wide, most)];
        if (whole.length <= most) return assert.equal(cut, whole);
        assert.is(cut.length, most);
        assert.ok(cut.at(-1)?.endsWith('…'));
        for (const line of cut) assert.ok(widthOf(line, face) <= wide, line);
      },
    ),
  );
});

test('a name is broken where its parts end', () => {
  assert.equal(wrap('europe-west1/acme/prod', 'name', 100), ['europe-west1/', 'acme/prod']);
});

test.run();
