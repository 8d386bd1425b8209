import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluated } from '../testing.ts';
import { parseExpression, parseTarget } from './parse.ts';
import { type Expression, ExpressionError } from './tree.ts';

/** An expression with all its brackets, to see how it was understood. */
function shape(one: Expression): string {
  switch (one.kind) {
    case 'literal':
      return typeof one.value === 'string' ? JSON.stringify(one.value) : String(one.value);
    case 'name':
      return one.name;
    case 'member':
      return `${shape(one.of)}.${one.key}`;
    case 'index':
      return `${shape(one.of)}[${shape(one.index)}]`;
    case 'list':
      return `[${one.items.map(shape).join(', ')}]`;
    case 'call':
      return `${one.name}(${one.args.map(shape).join(', ')})`;
    case 'unary':
      return `(${one.operator} ${shape(one.of)})`;
    case 'binary':
      return `(${shape(one.left)} ${one.operator} ${shape(one.right)})`;
  }
}

const parsed: Record<string, string> = {
  'a - b - c': '((a - b) - c)',
  'a - (b - c)': '(a - (b - c))',
  'a + b * c // d': '(a + ((b * c) // d))',
  'not a == b': '((not a) == b)',
  '-a.b[0] + 1': '((- a.b[0]) + 1)',
  'not -a': '(not (- a))',
  'a or b and not c': '(a or (b and (not c)))',
  'A AND B OR NOT c': '((A and B) or (not c))',
  '"k" in m and x < 3': '(("k" in m) and (x < 3))',
  'a == b in c': '((a == b) in c)',
  'f(1, g(), [2, "x"])': 'f(1, g(), [2, "x"])',
  'text.split(s, "-")[0]': 'text.split(s, "-")[0]',
  'm["a b"].c["d"]': 'm["a b"].c["d"]',
  '[]': '[]',
  'True != FALSE': '(true != false)',
  'x == Null': '(x == null)',
  '1.5e3 % 2': '(1500 % 2)',
  'a\n  +\n b': '(a + b)',
};
for (const [source, expected] of Object.entries(parsed))
  test(`parses ${source.replaceAll('\n', ' ')}`, () => assert.is(shape(parseExpression(source)), expected));

const refused: [source: string, at: number, message: RegExp][] = [
  ['', 0, /empty expression/],
  ["'a'", 0, /token recognition error at: ''' \(strings stand in double quotes\)/],
  ['{"a": 1}', 0, /a map is written in an assign step/],
  ['a && b', 2, /'and'/],
  ['a || b', 2, /'or'/],
  ['!a', 0, /'not'/],
  ['a = b', 2, /'=='/],
  ['1 +', 3, /unexpected the end of the expression, expecting a value/],
  ['(1', 2, /expecting '\)'/],
  ['a b', 2, /unexpected 'b'/],
  ['a.1', 2, /unexpected a literal/],
  ['a.in', 2, /unexpected 'in', expecting the name of a key/],
  ['f(1 2)', 4, /expecting ',' or '\)'/],
  ['f(1,)', 4, /expecting a value/],
  ['f()()', 3, /only a function can be called/],
  ['"abc', 0, /unterminated string/],
  ['"\\u12"', 1, /invalid unicode escape/],
  ['And', 0, /./],
  ['9223372036854775808', 0, /64 bits/],
  ['a not in b', 2, /unexpected 'not'/],
];
for (const [source, at, message] of refused)
  test(`refuses ${source}`, () => {
    try {
      const tree = parseExpression(source);
      // `And` is a name like any other: only lower-case and upper-case operators exist.
      if (source === 'And') return assert.is(tree.kind, 'name');
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      assert.match(error.message, message);
      return assert.is(error.at, at);
    }
    assert.unreachable('was accepted');
  });

test('reads targets of assignments', () => {
  const target = parseTarget('a.b[i + 1]["c"]');
  assert.is(target.name, 'a');
  assert.equal(target.path.map(shape), ['"b"', '(i + 1)', '"c"']);
  assert.throws(() => parseTarget('a + b'), /not a variable/);
  assert.throws(() => parseTarget('f(x)'), /not a variable/);
});

test('never fails but by an ExpressionError', () => {
  const pieces = [
    'a',
    '1',
    '2.5',
    '"s"',
    '(',
    ')',
    '[',
    ']',
    '.',
    ',',
    '+',
    '-',
    '//',
    'not',
    'in',
    'and',
    '==',
    '"',
    '\\',
    '{',
    ' ',
    'f(',
  ];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join(' ')),
      ),
      (source) => {
        try {
          parseExpression(source);
        } catch (error) {
          assert.instance(error, ExpressionError);
        }
      },
    ),
    { numRuns: 3000 },
  );
  assert.throws(() => parseExpression('('.repeat(10_000)), /nested too deeply/);
  assert.throws(() => parseExpression('-'.repeat(10_000)), /nested too deeply/);
});

// https://cloud.google.com/workflows/docs/reference/syntax/datatypes: order of operations, implicit conversions
const values: [expression: string, value: unknown, v?: unknown][] = [
  ['1 + 2', 3],
  ['1 + 2.5', 3.5],
  ['"a" + "b"', 'ab'],
  ['"a" + 1', 'a1'],
  ['1 + "a"', '1a'],
  ['"a" + 1.5', 'a1.5'],
  ['"a" + true', 'atrue'],
  ['7 - 10', -3],
  ['2 * 3.5', 7],
  ['7 / 2', 3.5],
  ['4 / 2', 2],
  ['get_type(4 / 2)', 'double'],
  ['7 // 2', 3],
  ['-7 // 2', -4],
  ['7 // -2', -4],
  ['7.5 // 2', 3],
  ['get_type(7 // 2)', 'integer'],
  ['7 % 3', 1],
  ['-7 % 3', -1],
  ['-(3)', -3],
  ['- -3', 3],
  ['not true', false],
  ['1 < 2', true],
  ['1 <= 1.0', true],
  ['2 > 1.5', true],
  ['2 >= 3', false],
  ['"a" < "b"', true],
  ['"Z" < "a"', true],
  ['1 == 1.0', true],
  ['1 != 2', true],
  ['"1" == "1"', true],
  ['null == 0', false],
  ['null != "x"', true],
  ['null == null', true],
  ['[1, [2, "a"]] == [1.0, [2, "a"]]', true],
  ['v.a == v.b', true, { a: { x: [1] }, b: { x: [1] } }],
  ['v.a == v.b', false, { a: { x: 1 }, b: { x: 1, y: 2 } }],
  ['1 in [1, 2]', true],
  ['3 in [1, 2]', false],
  ['"a" in v', true, { a: null }],
  ['"b" in v', false, { a: null }],
  ['false and v.nope', false, {}],
  ['true or v.nope', true, {}],
  ['true and not false', true],
  ['v[1]', 'b', ['a', 'b']],
  ['v.a.b[0]["c d"]', 5, { a: { b: [{ 'c d': 5 }] } }],
  ['string(9223372036854775807)', '9223372036854775807'],
  ['9223372036854775806 == 9223372036854775807', false],
  ['"\\u00e9\\t\\"\\\\\\n/"', 'é\t"\\\n/'],
  ['"\\d+"', '\\d+'],
  ['"😀" + "é"', '😀é'],
  ['1 + 2 * 3 - 8 / 4', 5],
];
for (const [expression, value, v] of values)
  test(`\${${expression}} is ${JSON.stringify(value)}`, async () =>
    assert.equal(await evaluated(expression, v), value));

const raised: [expression: string, tag: string, message: RegExp, v?: unknown][] = [
  ['1 + true', 'TypeError', /unsupported operand types for \+: 'integer' and 'boolean'/],
  ['"a" + null', 'TypeError', /'string' and 'null'/],
  ['"a" + [1]', 'TypeError', /'string' and 'list'/],
  ['"a" - "b"', 'TypeError', /-/],
  ['1 / 0', 'ZeroDivisionError', /division by zero/],
  ['1 // 0', 'ZeroDivisionError', /division by zero/],
  ['1 % 0', 'ZeroDivisionError', /division by zero/],
  ['1.5 / 0', 'ZeroDivisionError', /division by zero/],
  ['9223372036854775807 + 1', 'ValueError', /overflow/],
  ['"1" == 1', 'TypeError', /'string' and 'integer'/],
  ['true < false', 'TypeError', /</],
  ['null < 1', 'TypeError', /</],
  ['1 < "a"', 'TypeError', /</],
  ['not 1', 'TypeError', /not/],
  ['1 and true', 'TypeError', /expecting boolean/],
  ['true and null', 'TypeError', /expecting boolean/],
  ['-"a"', 'TypeError', /for -/],
  ['"a" in null', 'TypeError', /must be a map or a list; got: null/],
  ['1 in v', 'TypeError', /key must be a string/, {}],
  ['v.nope', 'KeyError', /key not found: nope/, {}],
  ['v["nope"]', 'KeyError', /key not found: nope/, {}],
  ['v.a.b', 'TypeError', /'null' has no key 'b'/, { a: null }],
  ['v[2]', 'IndexError', /index out of range: 2/, ['a', 'b']],
  ['v[-1]', 'IndexError', /index out of range: -1/, ['a', 'b']],
  ['v["a"]', 'TypeError', /must be an integer/, ['a']],
  ['v[1.0]', 'TypeError', /must be an integer/, ['a', 'b']],
];
for (const [expression, tag, message, v] of raised)
  test(`\${${expression}} raises ${tag}`, async () => {
    const error = (await evaluated(expression, v)) as { tags: string[]; message: string };
    assert.equal(error.tags, [tag]);
    assert.match(error.message, message);
    assert.ok(error.message.startsWith(`${tag}: `));
  });

test.run();
