// https://cloud.google.com/workflows/quotas
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { documentedLimits } from '../limits.ts';
import { bed } from '../testing.ts';

const CI = Boolean(process.env.CI);
const tagsOf = (value: unknown) => (value as { tags: string[] }).tags;

test('100,000 steps: that many run, quickly, and one more does not', async () => {
  const source = (times: number) =>
    `- i:\n    assign:\n      - n: 0\n- l:\n    for:\n      value: v\n      range: [1, ${times}]\n      steps:\n        - a:\n            assign:\n              - n: \${n + v}\n        - b:\n            switch:\n              - condition: \${n < 0}\n                next: break\n- r:\n    return: \${n}\n`;
  const from = performance.now();
  const { value, state } = await bed().run(source(49_998));
  const took = performance.now() - from;
  assert.is(state, 'SUCCEEDED');
  assert.is(value, (49_998 * 49_999) / 2);
  assert.ok(took < (CI ? 8000 : 2000), `${took} ms`);
  const { value: error } = await bed().run(source(49_999));
  assert.equal(tagsOf(error), ['ResourceLimitError']);
});

test('a poll of twelve hours runs in milliseconds', async () => {
  const from = performance.now();
  const { value, execution } = await bed().run(
    '- i:\n    assign:\n      - n: 0\n- s:\n    call: sys.sleep\n    args: {seconds: 30}\n- g:\n    call: http.get\n    args: {url: "https://workflows.googleapis.com/v1/projects/p/locations/l/workflows"}\n- a:\n    assign:\n      - n: ${n + 1}\n- c:\n    switch:\n      - condition: ${n < 1440}\n        next: s\n- r:\n    return: ${n}\n',
  );
  assert.is(value, 1440);
  assert.is(execution.toResource().duration, '43200s');
  assert.ok(performance.now() - from < (CI ? 15_000 : 4000));
});

test('twenty calls within each other, not twenty-one', async () => {
  const source =
    'main:\n  params: [n]\n  steps:\n    - r:\n        return: ${down(n)}\ndown:\n  params: [n]\n  steps:\n    - c:\n        switch:\n          - condition: ${n == 0}\n            return: 0\n    - r:\n        return: ${1 + down(n - 1)}\n';
  assert.is((await bed().run(source, 18)).value, 18);
  const { value, execution } = await bed().run(source, 19);
  assert.equal(tagsOf(value), ['RecursionError']);
  assert.is(execution.toResource().error?.stackTrace.elements.length, 20);
});

test('512 KB of variables', async () => {
  const source = (count: number) =>
    `- i:\n    assign:\n      - s: ${'x'.repeat(1000)}\n      - l: []\n- g:\n    for:\n      value: v\n      range: [1, ${count}]\n      steps:\n        - a:\n            assign:\n              - l: \${list.concat(l, s)}\n- r:\n    return: \${len(l)}\n`;
  assert.is((await bed().run(source(500))).value, 500);
  const { value } = await bed().run(source(530));
  assert.equal(tagsOf(value), ['ResourceLimitError']);
  assert.match((value as { message: string }).message, /the variables take \d+ bytes; the limit is 524288/);
});

test('memory is given back by null, by the end of a loop, a routine and an except block', async () => {
  const big = 'x'.repeat(100_000);
  const source = `main:\n  steps:\n    - a:\n        for:\n          value: v\n          range: [1, 20]\n          steps:\n            - b:\n                assign:\n                  - x: ${big}\n            - c:\n                call: sub\n            - t:\n                try:\n                  raise: ${'y'.repeat(1000)}\n                except:\n                  as: e\n                  steps:\n                    - d:\n                        assign:\n                          - z: \${e}\n            - n:\n                assign:\n                  - x: null\n    - k:\n        return: 1\nsub:\n  steps:\n    - s:\n        assign:\n          - y: \${text.replace_all("aaaaaaaaaa", "a", "${'z'.repeat(300)}")}\n`;
  const { value, execution } = await bed({ limits: { memory: 120_000 } }).run(source);
  assert.is(value, 1);
  assert.is(execution.memory, 0);
});

test('256 KB of text', async () => {
  const source = (doublings: number) =>
    `- i:\n    assign:\n      - s: ${'x'.repeat(1024)}\n- l:\n    for:\n      value: v\n      range: [1, ${doublings}]\n      steps:\n        - a:\n            assign:\n              - s: \${s + s}\n- r:\n    return: \${len(s)}\n`;
  assert.is((await bed().run(source(8))).value, 262_144);
  const { value } = await bed().run(source(9));
  assert.match(
    (value as { message: string }).message,
    /ResourceLimitError: a string of 524288 bytes is longer than 262144/,
  );
});

test('32 KB of argument, which must be JSON', async () => {
  const { engine, run, start } = bed();
  assert.is((await run('- r:\n    return: 1\n', 'x'.repeat(32 * 1024 - 2))).value, 1);
  assert.throws(
    () => start('- r:\n    return: 1\n', 'x'.repeat(32 * 1024 - 1)),
    /argument has more than 32768 bytes/,
  );
  assert.throws(
    () =>
      engine.executions.start(`${'projects/p/locations/europe-west1'}/workflows/w1`, { argument: '{a: 1}' }),
    /argument must be a JSON value as a string/,
  );
});

test('2 MB of response', async () => {
  const answers = (size: number) =>
    bed({
      dispatch: async () => new Response('x'.repeat(size), { headers: { 'content-type': 'text/plain' } }),
      limits: { memory: Number.POSITIVE_INFINITY, string: Number.POSITIVE_INFINITY },
    });
  const source =
    '- g:\n    call: http.get\n    args: {url: "https://a.googleapis.com/"}\n    result: r\n- s:\n    return: ${len(r.body)}\n';
  assert.is((await answers(2 * 1024 * 1024).run(source)).value, 2 * 1024 * 1024);
  const { value } = await answers(2 * 1024 * 1024 + 1).run(source);
  assert.equal(tagsOf(value), ['ResourceLimitError']);
});

test('a year of execution', async () => {
  const { value } = await bed().run(
    `- a:\n    call: sys.sleep\n    args: {seconds: ${documentedLimits.duration}}\n- b:\n    call: sys.sleep\n    args: {seconds: 1}\n`,
  );
  assert.match(
    (value as { message: string }).message,
    /ResourceLimitError: the execution takes longer than 31536000 seconds/,
  );
});

test('limits can be lifted', async () => {
  const { value } = await bed({ limits: { steps: Number.POSITIVE_INFINITY } }).run(
    '- i:\n    assign:\n      - n: 0\n- a:\n    assign:\n      - n: ${n + 1}\n- b:\n    switch:\n      - condition: ${n < 60000}\n        next: a\n- r:\n    return: ${n}\n',
  );
  assert.is(value, 60_000);
});

test('a loop without a pause lets others in, and can be cancelled', async () => {
  const { start, engine } = bed({ limits: { steps: Number.POSITIVE_INFINITY } });
  const busy = start('- a:\n    next: a\n');
  const other = start('- r:\n    return: 1\n');
  await other.over;
  assert.is(busy.isOver, false);
  await engine.executions.cancel(busy.record.name);
  assert.is(busy.record.state, 'CANCELLED');
});

test.run();
