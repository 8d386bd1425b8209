// https://cloud.google.com/workflows/docs/reference/syntax/parallel-steps
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, indent } from '../testing.ts';

const seconds = (duration: string | undefined) => Number(duration?.replace('s', ''));

test('branches run at once and share what is named', async () => {
  const { value, execution } = await bed().run(`
- init:
    assign:
      - got: {}
- p:
    parallel:
      shared: [got]
      branches:
        - left:
            steps:
              - wait:
                  call: sys.sleep
                  args: {seconds: 10}
              - put:
                  assign:
                    - got.left: \${time.format(math.floor(sys.now()))}
                    - own: 1
        - right:
            steps:
              - wait2:
                  call: sys.sleep
                  args: {seconds: 20}
              - put2:
                  assign:
                    - got.right: true
                    - own: 2
- r:
    return: \${got}
`);
  assert.equal(value, { left: '2026-01-01T00:00:10Z', right: true });
  assert.is(seconds(execution.toResource().duration), 20);
  assert.is(execution.memory, 0);
  const kinds = execution.entries.map(({ step, type, thread }) => `${step} ${type} ${thread}`);
  assert.ok(kinds.includes('p STEP_PARALLEL_BRANCH 0'));
  assert.ok(kinds.includes('left STEP_PARALLEL_BRANCH_ENTRY 1'));
  assert.ok(kinds.includes('put2 STEP_ASSIGN 2'));
});

const loop = (body: string, extra = '', head = 'range: [1, 40]') => `
- init:
    assign:
      - done: {}
- p:
    parallel:
      shared: [done]
${indent(extra, 6)}
      for:
        value: v
        index: i
        ${head}
        steps:
${indent(body, 10)}
- r:
    return: \${done}
`;
const sleeping =
  '- s:\n    call: sys.sleep\n    args: {seconds: 60}\n- put:\n    assign:\n      - done[string(v)]: ${i}';

test('a loop runs twenty iterations at once, the others wait', async () => {
  const { value, execution } = await bed().run(loop(sleeping));
  assert.is(Object.keys(value as object).length, 40);
  assert.is((value as Record<string, number>)['40'], 39);
  assert.is(seconds(execution.toResource().duration), 120);
});

test('a concurrency limit', async () => {
  const { execution } = await bed().run(loop(sleeping, 'concurrency_limit: 5'));
  assert.is(seconds(execution.toResource().duration), 480);
  const computed = await bed().run(loop(sleeping, 'concurrency_limit: ${5 + 5}'));
  assert.is(seconds(computed.execution.toResource().duration), 240);
});

test('a concurrency limit that is none', async () => {
  const { value } = await bed().run(loop(sleeping, 'concurrency_limit: ${1 - 1}'));
  assert.match((value as { message: string }).message, /ValueError: concurrency_limit must be positive/);
});

test('continue ends an iteration; branches may be empty of effect; nothing to do', async () => {
  const { value } = await bed().run(
    loop(
      '- c:\n    switch:\n      - condition: ${v % 2 == 0}\n        next: continue\n- put:\n    assign:\n      - done[string(v)]: 1',
      '',
      'range: [1, 4]',
    ),
  );
  assert.equal(value, { 1: 1, 3: 1 });
  assert.equal((await bed().run(loop(sleeping, '', 'in: []'))).value, {});
});

test('all branches run to their end; what they raised comes together', async () => {
  const { value, state } = await bed().run(`
- init:
    assign:
      - n: 0
- t:
    try:
      steps:
        - p:
            parallel:
              shared: [n]
              for:
                value: v
                range: [0, 3]
                steps:
                  - wait:
                      call: sys.sleep
                      args: {seconds: "\${v}"}
                  - odd:
                      switch:
                        - condition: \${v == 1}
                          raise: "how odd!"
                        - condition: \${v == 2}
                          raise: {code: 7, message: two, tags: [Mine]}
                  - count:
                      assign:
                        - n: \${n + 1}
    except:
      as: e
      steps:
        - r:
            return: \${[n, e]}
`);
  assert.is(state, 'SUCCEEDED');
  const [n, error] = value as [
    number,
    {
      tags: string[];
      message: string;
      truncated: boolean;
      branches: { id: string; error: { payload: string; context: string } }[];
    },
  ];
  assert.is(n, 2);
  assert.equal(error.tags, ['UnhandledBranchError', 'RuntimeError', 'Mine']);
  assert.is(
    error.message,
    'UnhandledBranchError: One or more branches or iterations encountered an unhandled runtime error',
  );
  assert.is(error.truncated, false);
  assert.equal(
    error.branches.map(({ id, error: { payload } }) => [id, JSON.parse(payload)]),
    [
      ['1', 'how odd!'],
      ['2', { code: 7, message: 'two', tags: ['Mine'] }],
    ],
  );
  assert.match(
    error.branches[0]?.error.context ?? '',
    /^RuntimeError: "how odd!"\nin step "odd", routine "main", line: 18$/,
  );
});

test('a hundred errors are named at most', async () => {
  const { value } = await bed().run(
    '- p:\n    parallel:\n      for:\n        value: v\n        range: [1, 101]\n        steps:\n          - bad:\n              raise: ${v}\n',
  );
  const { branches, truncated } = value as { branches: unknown[]; truncated: boolean };
  assert.is(branches.length, 100);
  assert.is(truncated, true);
});

const nested = (depth: number): string =>
  depth === 0
    ? '- s:\n    call: sys.sleep\n    args: {seconds: 1}'
    : `- p${depth}:\n    parallel:\n      for:\n        value: v${depth}\n        range: [1, 30]\n        steps:\n${indent(nested(depth - 1), 10)}`;

test('parallel steps within each other, more than there are places', async () => {
  const { state, execution } = await bed().run(nested(2));
  assert.is(state, 'SUCCEEDED');
  assert.is(execution.entries.filter(({ type }) => type === 'STEP_STD_LIB_CALL').length, 900);
});

test('three of them raise ParallelNestingError, through a subworkflow too', async () => {
  const { value } = await bed().run(nested(3).replaceAll('30]', '2]'));
  assert.ok((value as { tags: string[] }).tags.includes('ParallelNestingError'));
  const source = `main:\n  steps:\n${indent(
    nested(2)
      .replaceAll('30]', '2]')
      .replace(/- s:[\s\S]*/, '- s:\n                          call: sub'),
    4,
  )}\nsub:\n  steps:\n${indent(nested(1), 4)}\n`;
  const through = await bed().run(source);
  assert.ok((through.value as { tags: string[] }).tags.includes('ParallelNestingError'));
});

test('a shared list loses no entry when each branch has its own', async () => {
  const { value } = await bed().run(
    loop(
      '- s:\n    call: sys.sleep\n    args: {seconds: "${40 - v}"}\n- put:\n    assign:\n      - done[string(v)]: ${v}',
    ),
  );
  assert.is(Object.keys(value as object).length, 40);
});

test('what a branch reads is what others have written', async () => {
  const { value } = await bed().run(
    '- i:\n    assign:\n      - x: 0\n      - y: 0\n- p:\n    parallel:\n      shared: [x, y]\n      branches:\n        - a:\n            steps:\n              - a1:\n                  call: sys.sleep\n                  args: {seconds: 1}\n              - a2:\n                  assign: [x: 5]\n        - b:\n            steps:\n              - b1:\n                  call: sys.sleep\n                  args: {seconds: 2}\n              - b2:\n                  assign: [y: "${x}"]\n- r:\n    return: ${y}\n',
  );
  assert.is(value, 5);
});

test('the same definition, clock and answers give the same step entries', async () => {
  const entries = async () => {
    const { execution } = await bed().run(
      loop(
        '- s:\n    call: sys.sleep\n    args: {seconds: "${v % 7}"}\n- g:\n    try:\n      call: http.get\n      args: {url: "https://workflows.googleapis.com/v1/projects/p/locations/l/workflows/none"}\n    except:\n      as: e\n      steps:\n        - put:\n            assign:\n              - done[string(v)]: ${e.code}',
      ),
    );
    return execution.entries;
  };
  assert.equal(await entries(), await entries());
});

test('current steps of all branches that work', async () => {
  const { start, clock } = bed({ auto: false });
  const execution = start(loop(sleeping, '', 'range: [1, 3]'));
  await clock.advance(1000);
  assert.equal(execution.toResource().status?.currentSteps, Array(3).fill({ routine: 'main', step: 's' }));
  await clock.advance(60_000);
  await execution.over;
});

test('a thousand iterations with sleeps take less than a second', async () => {
  const from = performance.now();
  const { state } = await bed().run(loop(sleeping, '', 'range: [1, 1000]'));
  assert.is(state, 'SUCCEEDED');
  assert.ok(performance.now() - from < (process.env.CI ? 5000 : 1000));
});

test.run();
