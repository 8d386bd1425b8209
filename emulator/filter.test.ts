/** The grammar of filters, and what is refused; the fields are tested where they are. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFilter } from './filter.ts';

const test = suite('filters of list calls');

/** A filter over sets of letters: `has:a`. */
const letters = (text: string) =>
  parseFilter<string>(
    text,
    ({ value }) =>
      (item) =>
        item.includes(value),
    (message) => new Error(`Invalid filter: ${message}`),
  );

/** Which of all sets of three letters a filter takes. */
const taken = (text: string) => ['', 'a', 'b', 'c', 'ab', 'ac', 'bc', 'abc'].filter(letters(text));

test('an empty filter takes all', () => {
  assert.is(taken('  ').length, 8);
});

test('OR binds tighter than AND, said or not', () => {
  const grouped = taken('has:a AND (has:b OR has:c)');
  assert.equal(grouped, ['ab', 'ac', 'abc']);
  assert.equal(taken('has:a AND has:b OR has:c'), grouped);
  assert.equal(taken('has:b OR has:c AND has:a'), grouped);
  assert.equal(taken('has:a has:b OR has:c'), grouped);
  assert.equal(taken('has:b OR has:c has:a'), grouped);
  assert.equal(taken('(has:a AND has:b) OR has:c'), ['c', 'ab', 'ac', 'bc', 'abc']);
});

test('NOT binds to what follows it', () => {
  assert.equal(taken('NOT has:a has:b'), ['b', 'bc']);
  assert.equal(taken('NOT (has:a OR has:b)'), ['', 'c']);
  assert.equal(taken('NOT NOT has:a AND NOT has:b'), ['a', 'ac']);
});

test('paths and values, quoted or bare', () => {
  const seen: unknown[] = [];
  parseFilter(
    'a."b.c/d".e >= "x \\"y\\" OR" labels."AND"=~ 1.5 OR orphan:ANDROID',
    (comparison) => {
      seen.push(comparison);
      return () => true;
    },
    (message) => new Error(message),
  );
  assert.equal(seen, [
    { path: ['a', 'b.c/d', 'e'], operator: '>=', value: 'x "y" OR' },
    { path: ['labels', 'AND'], operator: '=~', value: '1.5' },
    { path: ['orphan'], operator: ':', value: 'ANDROID' },
  ]);
});

for (const [text, message] of [
  ['has:', /expected FIELD OPERATOR VALUE in 'has:'/],
  ['has', /expected FIELD OPERATOR VALUE/],
  ['has:a AND', /expected FIELD OPERATOR VALUE/],
  ['(has:a', /a '\)' is missing/],
  ['has:a)', /unexpected '\)'/],
  ['has:"a', /unexpected '"a'/],
  ['has:a:b', /unexpected ':'/],
] as const)
  test(`${text} is refused`, () => {
    assert.throws(() => letters(text), message);
  });

test.run();
