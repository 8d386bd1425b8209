// Properties: what is printed is what was meant; the interpreter does what a naive evaluator does; nothing crashes.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../emulator/workflows/compile.ts';
import { WorkflowError } from '../emulator/workflows/errors.ts';
import { compile } from '../emulator/workflows/expression/evaluate.ts';
import { parseExpression as parseTheirs } from '../emulator/workflows/expression/parse.ts';
import { library } from '../emulator/workflows/stdlib/index.ts';
import { type Host, positional } from '../emulator/workflows/stdlib/library.ts';
import { bed, outcome } from '../emulator/workflows/testing.ts';
import { isDict, isList, type Value as TheirValue } from '../emulator/workflows/value.ts';
import { checkFile } from '../generator/check/check-file.ts';
import { parseExpression } from '../generator/expression/parse.ts';
import { printExpression } from '../generator/expression/print.ts';
import { type BinaryOperator, Expression, type Node, precedence } from '../generator/expression/tree.ts';
import { emit } from '../generator/workflow/emit.ts';
import { readWorkflow } from '../generator/workflow/read.ts';
import type { Case, Step, Value, Workflow } from '../generator/workflow/steps.ts';
import { definitions } from './workflows-definitions.ts';
import { evaluateNaively, type Plain, Raised, runNaively } from './workflows-naive.ts';

const test = suite('workflows properties');

const ascii = fc.string({ maxLength: 6, unit: 'grapheme-ascii' });
const variables: Record<string, Plain> = {
  n: 5n,
  m: -3n,
  d: 2.5,
  s: 'text',
  t: true,
  nothing: null,
  list: [1n, 'b', 2.5],
};

/** Expressions over the variables, most of them without an error. */
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(...Object.keys(variables)).map((name): Node => ({ kind: 'variable', name })),
      fc.nat({ max: 20 }).map((value): Node => ({ kind: 'number', value, double: false })),
      fc.nat({ max: 40 }).map((value): Node => ({ kind: 'number', value: value / 4, double: true })),
      ascii.map((value): Node => ({ kind: 'string', value })),
      fc.boolean().map((value): Node => ({ kind: 'boolean', value })),
      fc.constant<Node>({ kind: 'null' }),
    ),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('index' as const), of: tie('node'), key: tie('node') }),
    fc.oneof(
      tie('node').map((one): Node => ({ kind: 'call', name: 'len', arguments: [one] })),
      fc
        .tuple(tie('node'), tie('node'))
        .map((two): Node => ({ kind: 'call', name: 'default', arguments: two })),
      fc
        .tuple(tie('node'), tie('node'), tie('node'))
        .map((three): Node => ({ kind: 'call', name: 'if', arguments: three })),
    ),
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

/** What a program gives or raises: only the tag of an error of the language is compared. */
function outcomeOf(run: () => unknown): unknown {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof Raised) return { raised: error.payload };
    if (error instanceof WorkflowError) return { raised: { tags: plain(tagsOf(error)) } };
    throw error;
  }
}

function tagsOf({ payload }: WorkflowError): TheirValue {
  return isDict(payload) ? (payload.get('tags') ?? null) : null;
}

function plain(value: TheirValue): unknown {
  if (isList(value)) return value.map(plain);
  return isDict(value) ? Object.fromEntries([...value].map(([key, one]) => [key, plain(one)])) : value;
}

/** The interpreter's own parser and evaluator, without a workflow around. */
function evaluateTheirs(text: string): unknown {
  const evaluate = compile(parseTheirs(text), () => undefined);
  const value = evaluate({
    evaluatesAll: false,
    has: (name) => Object.hasOwn(variables, name),
    read: (name) => variables[name] as TheirValue,
    call: (name, args) => {
      const found = library.get(name);
      if (!found) throw new Error(name);
      return found.run(positional(found, args), {} as Host);
    },
  });
  if (value instanceof Promise) throw new Error('no expression here waits');
  return plain(value);
}

test('an expression, printed and parsed by the other parser, evaluates to what the tree means', () => {
  let raised = 0;
  let count = 0;
  fc.assert(
    fc.property(node, (tree) => {
      const printed = printExpression(new Expression(tree));
      const meant = outcomeOf(() => evaluateNaively(tree, (name) => variables[name] as Plain));
      assert.equal(
        outcomeOf(() => evaluateTheirs(printed)),
        meant,
        printed,
      );
      assert.is(printExpression(parseExpression(printed)), printed);
      count++;
      if (Object.hasOwn(meant as object, 'raised')) raised++;
    }),
    { numRuns: 5000 },
  );
  assert.ok(raised < count * 0.8, `${raised} of ${count} raise, which shows little`);
});

// Random workflows: whole numbers in a, b and c, loops that end, jumps forward.
const whole = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c').map((name): Node => ({ kind: 'variable', name })),
    fc.nat({ max: 9 }).map((value): Node => ({ kind: 'number', value, double: false })),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom<BinaryOperator>('+', '-', '%', '//'),
      left: tie('node'),
      right: tie('node'),
    }),
  ),
})).node;

const amount = whole.map(
  (value) =>
    new Expression({
      kind: 'binary',
      operator: '%',
      left: value,
      right: { kind: 'number', value: 97, double: false },
    }),
);
const condition = fc
  .tuple(whole, whole, fc.constantFrom<BinaryOperator>('<', '==', '>='))
  .map(([left, right, operator]) => new Expression({ kind: 'binary', operator, left, right }));
const target = fc.constantFrom('a', 'b', 'c');
const variableNamed = (name: string) => new Expression({ kind: 'variable', name });

type Draft = (name: string, depth: number, inLoop: boolean, inParallel: boolean) => Step;

/** Steps, each made with the name that its place gives it: names are unique, and neighbours can be gone to. */
function blockOf(
  drafts: readonly Draft[],
  prefix: string,
  depth: number,
  inLoop: boolean,
  inParallel: boolean,
): Step[] {
  return drafts.map((draft, index) => draft(`${prefix}_${index}`, depth, inLoop, inParallel));
}

const { draft } = fc.letrec<{ draft: Draft; block: Draft[] }>((tie) => ({
  block: fc.array(tie('draft'), { minLength: 1, maxLength: 3 }),
  draft: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(target, amount).map(
      ([to, value]): Draft =>
        (name) => ({ kind: 'assign', name, assignments: [[variableNamed(to), value]] }),
    ),
    fc.tuple(target, amount, amount).map(
      ([result, x, y]): Draft =>
        (name) => ({ kind: 'call', name, function: 'helper', arguments: { x, y }, result }),
    ),
    fc.constantFrom('break', 'continue', 'end').map(
      (to): Draft =>
        (name, _, inLoop, inParallel) =>
          (inLoop && to !== 'end') || (!inParallel && to === 'end')
            ? { kind: 'next', name, to }
            : { kind: 'assign', name, assignments: [[variableNamed('a'), 1]] },
    ),
    fc.tuple(fc.constantFrom('return' as const, 'raise' as const), amount).map(
      ([kind, value]): Draft =>
        (name, _, __, inParallel) =>
          kind === 'return' && inParallel
            ? { kind: 'assign', name, assignments: [[variableNamed('b'), value]] }
            : { kind, name, value },
    ),
    fc
      .tuple(
        condition,
        tie('block') as fc.Arbitrary<Draft[]>,
        fc.boolean(),
        tie('block') as fc.Arbitrary<Draft[]>,
      )
      .map(
        ([when, then, hasElse, otherwise]): Draft =>
          (name, depth, inLoop, inParallel) => {
            const cases: Case[] = [
              { condition: when, steps: blockOf(then, `${name}t`, depth, inLoop, inParallel) },
            ];
            if (hasElse)
              cases.push({
                condition: true,
                steps: blockOf(otherwise, `${name}e`, depth, inLoop, inParallel),
              });
            return { kind: 'switch', name, cases };
          },
      ),
    fc.tuple(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), tie('block') as fc.Arbitrary<Draft[]>).map(
      ([list, body]): Draft =>
        (name, depth, _, inParallel) => ({
          kind: 'for',
          name,
          value: `v${depth}`,
          over: { in: list },
          atMost: list.length,
          steps: [
            {
              kind: 'assign',
              name: `${name}_v`,
              assignments: [[variableNamed('c'), variableNamed(`v${depth}`)]],
            },
            ...blockOf(body, name, depth + 1, true, inParallel),
          ],
        }),
    ),
    fc
      .tuple(
        fc.nat({ max: 2 }),
        tie('block') as fc.Arbitrary<Draft[]>,
        tie('block') as fc.Arbitrary<Draft[]>,
        fc.boolean(),
      )
      .map(
        ([maxRetries, body, handler, hasExcept]): Draft =>
          (name, depth, inLoop, inParallel) => ({
            kind: 'try',
            name,
            steps: blockOf(body, `${name}t`, depth, inLoop, inParallel),
            ...((maxRetries > 0 || !hasExcept) && { retry: { maxRetries } }),
            ...(hasExcept && {
              except: { as: `e${depth}`, steps: blockOf(handler, `${name}x`, depth + 1, inLoop, inParallel) },
            }),
          }),
      ),
    (tie('block') as fc.Arbitrary<Draft[]>).map(
      (body): Draft =>
        (name, depth, inLoop, inParallel) => ({
          kind: 'steps',
          name,
          steps: blockOf(body, name, depth, inLoop, inParallel),
        }),
    ),
    fc.tuple(fc.nat({ max: 3 }), amount).map(
      ([count, value]): Draft =>
        (name, depth, _, inParallel) =>
          inParallel
            ? { kind: 'assign', name, assignments: [[variableNamed('a'), value]] }
            : {
                kind: 'parallelFor',
                name,
                shared: ['a'],
                value: `v${depth}`,
                over: { range: [1, count] },
                atMost: count,
                steps: [
                  {
                    kind: 'assign',
                    name: `${name}_p`,
                    assignments: [
                      [
                        variableNamed('a'),
                        new Expression({
                          kind: 'binary',
                          operator: '+',
                          left: { kind: 'variable', name: 'a' },
                          right: { kind: 'variable', name: `v${depth}` },
                        }),
                      ],
                    ],
                  },
                ],
              },
    ),
  ),
}));

const given: Value[] = [variableNamed('a'), variableNamed('b'), variableNamed('c')];

const workflow = fc
  .tuple(fc.array(draft, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([drafts, jumps]): Workflow => {
    const steps = blockOf(drafts, 's', 0, false, false);
    const last = steps.length - 1;
    const [first] = steps;
    if (jumps && last > 0 && first && first.kind !== 'next') steps[0] = { ...first, next: `s_${last}` };
    return {
      routines: [
        {
          name: 'main',
          comment: '',
          parameters: [],
          steps: [
            {
              kind: 'assign',
              name: 'begin',
              assignments: ['a', 'b', 'c'].map((name, index) => [variableNamed(name), index + 1] as const),
            },
            ...steps,
            { kind: 'return', name: 'finish', value: given },
          ],
        },
        {
          name: 'helper',
          comment: '',
          parameters: ['x', 'y'],
          steps: [
            {
              kind: 'switch',
              name: 'check',
              cases: [
                {
                  condition: parseExpression('x > y'),
                  steps: [{ kind: 'raise', name: 'no', value: 'x is more' }],
                },
              ],
            },
            { kind: 'return', name: 'give', value: parseExpression('y - x') },
          ],
        },
      ],
    };
  });

/** As JSON has it, with the tags alone of an error of the language. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => {
      if (typeof one === 'bigint') return Number(one);
      const isError = typeof one === 'object' && one !== null && 'tags' in one;
      return isError ? { tags: (one as { tags: unknown }).tags } : one;
    }),
  );
}

test('a random workflow gives what a naive evaluator gives', async () => {
  const made = bed({ limits: { steps: 50_000 } });
  const states = { SUCCEEDED: 0, FAILED: 0 };
  await fc.assert(
    fc.asyncProperty(workflow, async (tree) => {
      const source = emit(tree, []);
      const meant = outcomeOf(() => ({ value: runNaively(tree, null) }));
      const { state, value } = await made.run(source);
      states[state as keyof typeof states]++;
      const got = state === 'SUCCEEDED' ? { value: { value } } : { raised: value };
      assert.equal(comparable(got), comparable(meant), source);
    }),
    { numRuns: 1000 },
  );
  assert.ok(states.SUCCEEDED > 200 && states.FAILED > 50, JSON.stringify(states));
});

test('a workflow that was read and written again is the same', () => {
  fc.assert(
    fc.property(workflow, (tree) => {
      const source = emit(tree, []);
      const { workflow: read, faults } = readWorkflow(source);
      assert.equal(faults, []);
      assert.is(emit(read, []).replace(/^#.*\n/gm, ''), source.replace(/^#.*\n/gm, ''));
      assert.equal(
        checkFile(source, 'w').filter(({ severity }) => severity === 'error'),
        [],
        source,
      );
    }),
    { numRuns: 300 },
  );
});

test('whatever becomes of a definition, it is accepted or refused with a place', () => {
  const pieces = [
    '\n',
    '  ',
    '\t',
    ': ',
    '- ',
    '${',
    '}',
    '"',
    "'",
    '#',
    '[',
    ']',
    '{',
    '&a ',
    '*a',
    '!!int ',
    '|',
    '0',
    'next',
    '\u0000',
    '💧',
    '<<: ',
  ];
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 12 }),
    insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })),
  });
  const source = fc.constantFrom(...definitions.map((one) => one.source));
  let refused = 0;
  let count = 0;
  fc.assert(
    fc.property(source, fc.array(mutation, { minLength: 1, maxLength: 3 }), (text, mutations) => {
      const mutated = mutations.reduce((from, { at, remove, insert }) => {
        const start = Math.floor(at * from.length);
        return from.slice(0, start) + insert + from.slice(start + remove);
      }, text);
      const lines = mutated.split('\n').length;
      const compiled = compileSource(mutated);
      count++;
      if (Array.isArray(compiled)) {
        refused++;
        assert.ok(compiled.length > 0);
        for (const { at, message } of compiled)
          assert.ok(at.line >= 1 && at.line <= lines && at.column >= 1 && message !== '', JSON.stringify(at));
      }
      for (const { place, message } of checkFile(mutated, 'w'))
        assert.ok(
          place.line >= 1 && place.line <= lines && place.column >= 1 && place.length >= 1 && message !== '',
          JSON.stringify(place),
        );
    }),
    { numRuns: 4000 },
  );
  assert.ok(refused > count / 4 && refused < count, `${refused} of ${count}`);
});

test('the result of a failed execution is what was raised', async () => {
  const { start } = bed();
  const execution = start('- a:\n    raise: {code: 1}\n');
  await execution.over;
  assert.equal(outcome(execution).value, { code: 1 });
});

test.run();
