import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExpressionError, ex, parseExpression } from './parse.ts';
import { printExpression } from './print.ts';
import { type BinaryOperator, Expression, type Node, precedence } from './tree.ts';

const test = suite('expression');

const name = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,6}$/)
  .filter((text) => !['and', 'or', 'not', 'in', 'true', 'false', 'null'].includes(text));
const text = fc.string({ unit: 'binary' }).filter((value) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the printer refuses the others
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value);
});

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constant<Node>({ kind: 'null' }),
      fc.boolean().map((value): Node => ({ kind: 'boolean', value })),
      text.map((value): Node => ({ kind: 'string', value })),
      fc.nat().map((value): Node => ({ kind: 'number', value, double: false })),
      fc
        .double({ min: 1e-6, max: 1e25, noNaN: true })
        .map((value): Node => ({ kind: 'number', value, double: true })),
      name.map((value): Node => ({ kind: 'variable', name: value })),
    ),
    fc.record({
      kind: fc.constant('member' as const),
      of: tie('node').filter((of) => of.kind === 'variable'),
      key: name,
    }),
    fc.record({ kind: fc.constant('index' as const), of: tie('node'), key: tie('node') }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constantFrom('len', 'map.get', 'default'),
      arguments: fc.array(tie('node'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('-' as const, 'not' as const),
      operand: tie('node'),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...(Object.keys(precedence) as BinaryOperator[])),
      left: tie('node'),
      right: tie('node'),
    }),
  ),
}));

test('what is printed parses to the same tree', () => {
  fc.assert(
    fc.property(node, (tree) => {
      const printed = printExpression(new Expression(tree));
      const again = printExpression(parseExpression(printed));
      assert.is(again, printed);
      assert.equal(withoutDigits(parseExpression(printed).node), withoutDigits(tree));
    }),
    { numRuns: 2000 },
  );
});

/** 20 digits after the point are printed; beyond them a double is not told apart. */
function withoutDigits(tree: Node): unknown {
  return JSON.parse(
    JSON.stringify(tree, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)),
  );
}

test('parentheses stand where precedence and associativity need them, and nowhere else', () => {
  for (const source of [
    'a - (b - c)',
    'a - b - c',
    '(a + b) * c',
    'a + b * c',
    'a / (b * c)',
    'a and (b or c)',
    'a and b or c',
    'not(a and b)',
    'not(a) and b',
    '(a == b) == c',
    '-a * b',
    '-(a * b)',
    '(-a).b',
    'a[b + 1].c["d e"]',
    'map.get(a, ["b", "c"])',
    '"x" in keys(a)',
    '1.0 + 1',
  ])
    assert.is(printExpression(parseExpression(source)), source);
});

test('operators bind as documented: not, minus, times, plus, comparison, and, or', () => {
  assert.equal(parseExpression('not a == b').node, parseExpression('(not(a)) == b').node);
  assert.equal(parseExpression('-a * b').node, parseExpression('(-a) * b').node);
  assert.equal(
    parseExpression('a + b * c == d and e or f').node,
    parseExpression('(((a + (b * c)) == d) and e) or f').node,
  );
  assert.equal(parseExpression('a OR b').node, parseExpression('a or b').node);
});

test('a value put into an expression stays a value', () => {
  for (const value of ['${x}', '" + secret + "', 'a\\', "it's", 'line\nbreak', 'null', '\\u0041', '💧'])
    assert.equal(parseExpression(printExpression(ex`${value}`)).node, { kind: 'string', value });
  assert.is(printExpression(ex`a - ${ex`b - c`}`), 'a - (b - c)');
  assert.is(printExpression(ex`${-1} + a`), '-1 + a');
});

test('a control character without an escape is refused', () => {
  assert.throws(() => printExpression(ex`${'\u0007'}`), /control character U\+0007/);
});

test('what is not an expression is refused with its place', () => {
  for (const [source, offset] of [
    ['a +', 3],
    ['a b', 2],
    ['"open', 0],
    ['a ? b', 2],
    ['f(a,)', 4],
    ['(a', 2],
    ['"\\q"', 0],
    ['', 0],
    ['a and', 5],
    ['3(4)', 1],
  ] as const)
    assert.throws(
      () => parseExpression(source),
      (error: unknown) => error instanceof ExpressionError && error.offset === offset,
    );
});

test.run();
