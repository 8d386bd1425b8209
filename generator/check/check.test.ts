import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ex } from '../expression/parse.ts';
import {
  assign,
  attempt,
  call,
  check as checkIf,
  choose,
  countTo,
  forEach,
  give,
  otherwise,
  parallel,
  parallelForEach,
  raise,
  routine,
  when,
  whenGo,
} from '../workflow/build.ts';
import type { Routine, Step } from '../workflow/steps.ts';
import { check } from './check.ts';

const test = suite('check');

/** What is found in a main of these steps. */
function found(steps: Step[], ...more: Routine[]): string[] {
  const workflow = { routines: [routine('main', ['given'], '', steps), ...more] };
  return check(workflow).map(({ code, step, message }) => `${code} ${step}: ${message}`);
}

const helper = routine('helper', ['value'], '', [give('back', ex`value`)]);

test('a sound workflow has no findings', () => {
  assert.equal(
    found(
      [
        assign('begin', { list: [1, 2], sum: 0 }),
        forEach('each', 'item', ex`list`, 2, [assign('add', { sum: ex`sum + item` })]),
        call('help', 'helper', { value: ex`sum` }, 'helped'),
        attempt('risky', [call('look', 'http.get', { url: 'https://example.com' }, 'answer')], {
          retry: {
            predicate: 'http.default_retry_predicate',
            maxRetries: 3,
            backoff: { initialDelay: 1, maxDelay: 2, multiplier: 2 },
          },
          except: [raise('again', ex`error`)],
        }),
        choose(
          'which',
          when(ex`helped > 1`, assign('big', { size: 'big' })),
          otherwise(assign('small', { size: 'small' })),
        ),
        give('end_of_it', { size: ex`size`, body: ex`answer.body` }),
      ],
      helper,
    ),
    [],
  );
});

test('variables: unknown, or not assigned on every path', () => {
  assert.equal(found([give('a', ex`nobody`)]), ['unknown-variable a: there is no variable nobody']);
  assert.equal(found([checkIf('maybe', ex`given == 1`, assign('set', { x: 1 })), give('a', ex`x`)]), [
    'unassigned-variable a: x is not assigned on every path to a',
  ]);
  assert.equal(found([assign('a', { 'x.y': 1 })]), ['unknown-variable a: there is no variable x']);
});

test('variables: a loop and an except keep what they assign first to themselves', () => {
  assert.equal(found([countTo('loop', 'n', 3, [assign('set', { x: ex`n` })]), give('a', ex`x`)]), [
    'out-of-scope-variable a: x is assigned only within a loop, an except or a branch, and ends with it',
  ]);
  assert.equal(
    found([
      attempt('risky', [assign('good', { x: 1 })], { except: [assign('bad', { x: 2 })] }),
      give('a', ex`x`),
    ]),
    ['unassigned-variable a: x is not assigned on every path to a'],
  );
  assert.equal(
    found([attempt('risky', [assign('good', { x: 1 })], { except: [raise('bad', 'no')] }), give('a', ex`x`)]),
    [],
  );
});

test('variables: jumps carry what was assigned before them', () => {
  assert.equal(
    found([
      choose('skip', whenGo(ex`given == 1`, 'finish')),
      assign('set', { x: 1 }),
      give('a', ex`x`),
      give('finish', ex`given`),
    ]),
    [],
  );
  assert.equal(
    found([choose('skip', whenGo(ex`given == 1`, 'finish')), assign('set', { x: 1 }), give('finish', ex`x`)]),
    ['unassigned-variable finish: x is not assigned on every path to finish'],
  );
});

test('a parallel branch writes only what is shared', () => {
  const branches = (shared: string[]) => [
    assign('begin', { x: 0 }),
    parallel('both', { shared }, [
      { name: 'one', steps: [assign('set_one', { x: 1 })] },
      { name: 'two', steps: [assign('set_own', { y: 1 }), assign('use_own', { y: ex`y + x` })] },
    ]),
  ];
  assert.equal(found(branches([])), [
    'unshared-write set_one: x belongs to the parent of a parallel branch and is not shared',
  ]);
  assert.equal(found(branches(['x'])), []);
  assert.equal(
    found([
      assign('begin', { x: {}, list: [] }),
      parallelForEach('all', { shared: [] }, 'item', ex`list`, 3, [assign('set', { 'x[item]': 1 })]),
    ]),
    ['unshared-write set: x belongs to the parent of a parallel branch and is not shared'],
  );
});

test('a loop or an except does not hide a variable', () => {
  assert.equal(found([forEach('each', 'given', [1], 1, [assign('a', { x: ex`given` })])]), [
    'shadowed-variable each: given is assigned already, and would be hidden or overwritten',
  ]);
  assert.equal(
    found([attempt('risky', [assign('a', { x: 1 })], { as: 'given', except: [raise('b', ex`given`)] })]),
    ['shadowed-variable risky: given is assigned already, and would be hidden or overwritten'],
  );
});

test('steps that no path leads to', () => {
  assert.equal(found([give('a', 1), give('b', 2)]), ['unreachable-step b: no path leads to b']);
});

test('names: well formed, each once in its routine', () => {
  assert.equal(found([assign('9lives', { a: 1 })]), [
    'step-name 9lives: "9lives" is no step name: a letter, then letters, digits and "_", at most 100 in all',
  ]);
  assert.equal(found([assign('a', { a: 1 }), countTo('b', 'n', 2, [assign('a', { a: 2 })])]), [
    'repeated-step a: main has another step named a',
  ]);
  assert.equal(found([assign('a', { a: 1 }), assign('a', { a: 2 })]), [
    'duplicate-step a: main has two steps named a',
  ]);
  assert.equal(found([], helper, helper), ['duplicate-routine : helper is defined twice']);
});

test('references: functions, subworkflows, their arguments, next', () => {
  assert.equal(found([call('a', 'http.gett', {})]), [
    'unknown-function a: there is no function or subworkflow http.gett',
  ]);
  assert.equal(found([give('a', ex`lenn("x")`)]), ['unknown-function a: there is no function lenn']);
  assert.equal(found([give('a', ex`http.get("x")`)]), [
    'not-an-expression-function a: http.get blocks and cannot stand in an expression',
  ]);
  assert.equal(found([call('a', 'helper', { valu: 1 })], helper), [
    'missing-argument a: helper needs the argument value',
    'unknown-argument a: helper has no parameter valu',
  ]);
  assert.equal(found([{ kind: 'next', name: 'a', to: 'nowhere' }]), [
    'dangling-next a: next goes to nowhere, which is no step of main',
  ]);
  assert.equal(found([{ kind: 'next', name: 'a', to: 'break' }]), [
    'dangling-next a: next goes to break, which is no step of main',
  ]);
  assert.equal(check({ routines: [helper] })[0]?.code, 'no-main');
});

test('a POST is not retried by what may repeat it', () => {
  const retry = (predicate: string) => ({
    predicate,
    maxRetries: 3,
    backoff: { initialDelay: 1, maxDelay: 2, multiplier: 2 },
  });
  const post = (predicate: string) => [
    attempt('risky', [call('send', 'http.post', { url: 'https://example.com' })], {
      retry: retry(predicate),
    }),
  ];
  assert.equal(found(post('http.default_retry_predicate')), [
    'retried-post risky: send is retried by http.default_retry_predicate although it may have been done the first time',
  ]);
});

test('limits: each at its edge', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, index]));
  assert.equal(found([assign('a', many(50))]), []);
  assert.equal(found([assign('a', many(51))]), [
    'assignments a: 51 assignments, at most 50 are allowed in a step',
  ]);

  const cases = (count: number) => Array.from({ length: count }, () => whenGo(ex`given == 1`, 'end'));
  assert.equal(found([choose('a', ...cases(50))]), []);
  assert.equal(found([choose('a', ...cases(51))]), [
    'conditions a: 51 conditions, at most 50 are allowed in a switch',
  ]);

  const branches = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `b${index}`,
      steps: [assign(`s${index}`, { x: 1 })],
    }));
  assert.equal(found([parallel('a', { shared: [] }, branches(10))]), []);
  assert.equal(found([parallel('a', { shared: [] }, branches(11))]), [
    'branches a: 11 branches, from 2 to 10 are allowed',
  ]);
  assert.equal(found([parallel('a', { shared: [] }, branches(1))]), [
    'branches a: 1 branches, from 2 to 10 are allowed',
  ]);

  // `"` twice and 398 characters make an expression of 400.
  assert.equal(found([give('a', ex`${'x'.repeat(398)}`)]), []);
  assert.equal(found([give('a', ex`${'x'.repeat(399)}`)]), [
    'expression-length a: an expression of 401 characters, at most 400 are allowed',
  ]);
  assert.equal(found([give('a', `\${${'x'.repeat(500)}`)]), [
    'expression-length a: an expression of 509 characters, at most 400 are allowed',
  ]);
  assert.equal(found([give('a', '\u0007${')]), [
    'text a: a text cannot be written: control character U+0007',
  ]);
  assert.equal(found([give('a', 'x'.repeat(256 * 1024))]), []);
  assert.match(
    found([give('a', 'x'.repeat(256 * 1024 + 1))])[0] ?? '',
    /^string-length a: a text of 262145 bytes/,
  );
});

test('limits: nesting, calls, steps, size', () => {
  const nest = (depth: number): Step[] =>
    depth === 0
      ? [assign('deep', { x: 1 })]
      : [parallelForEach(`p${depth}`, { shared: [] }, `v${depth}`, [1], 1, nest(depth - 1))];
  assert.equal(found(nest(2)), []);
  assert.equal(found(nest(3)), ['parallel-depth p1: parallel steps nested 3 deep, at most 2 are allowed']);

  const chain = (length: number) =>
    Array.from({ length }, (_, index) =>
      routine(
        `r${index}`,
        [],
        '',
        index + 1 < length ? [call(`c${index}`, `r${index + 1}`, {})] : [assign('x', { x: 1 })],
      ),
    );
  assert.equal(found([call('a', 'r0', {})], ...chain(19)), []);
  assert.equal(found([call('a', 'r0', {})], ...chain(20)), [
    'call-depth : calls go 21 deep, at most 20 are allowed',
  ]);
  assert.equal(found([call('a', 'r', {})], routine('r', [], '', [call('b', 'r', {})])), [
    'recursion : r calls r: the steps of a circle cannot be bounded',
  ]);

  assert.equal(found([countTo('a', 'n', 49_999, [assign('x', { x: 1 })])]), []);
  assert.equal(found([countTo('a', 'n', 50_000, [assign('x', { x: 1 })])]), [
    'execution-steps : an execution may take 100001 steps, the service stops it at 100000',
  ]);
  assert.equal(
    found(
      [],
      routine(
        'r',
        Array.from({ length: 11 }, (_, index) => `p${index}`),
        '',
        [],
      ),
    ),
    ['parameters : r has 11 parameters, at most 10 are allowed'],
  );
  assert.equal(
    check({ routines: [routine('main', [], '', [])] }, 'x'.repeat(128 * 1024 + 1)).map(({ code }) => code),
    ['source-size'],
  );
});

test('a finding names the config value that its step came from', () => {
  const [finding] = check({
    routines: [routine('main', [], '', [{ ...give('a', ex`nobody`), origin: 'destinations[3]' }])],
  });
  assert.is(finding?.origin, 'destinations[3]');
});

test.run();
