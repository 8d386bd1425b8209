// https://cloud.google.com/workflows/docs/reference/syntax/retrying and …/catching-errors
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, indent } from '../testing.ts';

/** Answers with these statuses, one after the other, the last one for ever; notes when each request came. */
function statuses(...codes: number[]) {
  const times: number[] = [];
  let now = () => 0;
  const made = bed({
    dispatch: async () => {
      times.push(now());
      const code = codes[Math.min(times.length, codes.length) - 1] ?? 200;
      if (code === 0)
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
        });
      if (code === 1)
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
        });
      return Response.json({ n: times.length }, { status: code });
    },
  });
  now = () => made.clock.now();
  return { ...made, waits: () => times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000) };
}

const get = (retry: string) => `
- g:
    try:
      call: http.get
      args:
        url: https://a.googleapis.com/x
      result: r
    retry:${retry.startsWith('\n') ? indent(retry, 6) : ` ${retry}`}
- r:
    return: \${r.body.n}
`;

test('http.default_retry: five retries, from 1 s by 1.25', async () => {
  const { run, waits } = statuses(503, 429, 502, 504, 0, 200);
  assert.is((await run(get('${http.default_retry}'))).value, 6);
  assert.equal(waits(), [1, 1.25, 1.5625, 1.953125, 2.44140625]);
});

test('http.default_retry: gives up after five', async () => {
  const { run, waits } = statuses(503);
  const { value, headline } = await run(get('${http.default_retry}'));
  assert.is((value as { code: number }).code, 503);
  assert.is(headline, 'HTTP server responded with error code 503');
  assert.is(waits().length, 5);
});

for (const [policy, code, repeated] of [
  ['http.default_retry', 500, false],
  ['http.default_retry', 404, false],
  ['http.default_retry', 1, true],
  ['http.default_retry_non_idempotent', 429, true],
  ['http.default_retry_non_idempotent', 503, true],
  ['http.default_retry_non_idempotent', 502, false],
  ['http.default_retry_non_idempotent', 504, false],
  ['http.default_retry_non_idempotent', 0, false],
  ['http.default_retry_non_idempotent', 1, true],
] as const)
  test(`${policy}: ${code || 'a connection that broke'}${repeated ? '' : ' is not repeated'}`, async () => {
    const { run, waits } = statuses(code, 200);
    const { state } = await run(get(`\${${policy}}`));
    assert.is(state, repeated ? 'SUCCEEDED' : 'FAILED');
    assert.is(waits().length, repeated ? 1 : 0);
  });

test('a policy of its own: predicate by subworkflow, delays up to the largest', async () => {
  const { run, waits } = statuses(500, 500, 500, 500, 200);
  const source = `main:\n  steps:\n${indent(get('\npredicate: ${mine}\nmax_retries: ${2 + 2}\nbackoff:\n  initial_delay: 2\n  max_delay: 10\n  multiplier: 3'), 4)}
mine:
  params: [e]
  steps:
    - log:
        call: sys.log
        args: {data: "\${e.tags}"}
    - s:
        switch:
          - condition: \${e.code == 500}
            return: true
    - f:
        return: false
`;
  const done = await run(source);
  assert.is(done.value, 5);
  assert.equal(waits(), [2, 6, 10, 10]);
  assert.is(done.execution.logs.length, 4);
});

test('a predicate of the library with a backoff of one’s own', async () => {
  const { run, waits } = statuses(503, 503, 200);
  assert.is(
    (
      await run(
        get(
          '\npredicate: ${http.default_retry_predicate}\nmax_retries: 2\nbackoff:\n  initial_delay: 0.5\n  max_delay: 60\n  multiplier: 2',
        ),
      )
    ).value,
    3,
  );
  assert.equal(waits(), [0.5, 1]);
});

test('a predicate that answers no boolean', async () => {
  const { run } = statuses(503);
  const { value } = await run(
    `main:\n  steps:\n${indent(get('\npredicate: ${mine}'), 4)}\nmine:\n  params: [e]\n  steps:\n    - r:\n        return: ${'${e.code}'}\n`,
  );
  assert.match(
    (value as { message: string }).message,
    /TypeError: the predicate mine must return a boolean; got: integer/,
  );
});

test('a retry runs the whole block again', async () => {
  const { run } = statuses(200, 503, 200, 200);
  const { value } = await run(`
- init:
    assign:
      - n: 0
- t:
    try:
      steps:
        - count:
            assign:
              - n: \${n + 1}
        - first:
            call: http.post
            args:
              url: https://a.googleapis.com/x
        - second:
            call: http.get
            args:
              url: https://a.googleapis.com/x
            result: r
    retry: \${http.default_retry}
- r:
    return: \${[n, r.body.n]}
`);
  assert.equal(value, [2, 4]);
});

test('except: the error as a map, variables of the outside, and on it goes', async () => {
  const { run } = statuses(404);
  const { value } = await run(`
- init:
    assign:
      - found: null
- t:
    try:
      call: http.get
      args:
        url: https://a.googleapis.com/x
    except:
      as: e
      steps:
        - known:
            switch:
              - condition: \${not("HttpError" in e.tags)}
                raise: \${e}
        - save:
            assign:
              - found: \${e.code}
              - local: 1
- r:
    return: \${found}
`);
  assert.is(value, 404);
});

test('except: what is raised again keeps its message, and has a new stack', async () => {
  const { run } = statuses(403);
  const { execution, value } = await run(`
- t:
    try:
      call: http.get
      args:
        url: https://a.googleapis.com/x
    except:
      as: e
      steps:
        - again:
            raise: \${e}
`);
  assert.is((value as { code: number }).code, 403);
  assert.is(
    execution.toResource().error?.context,
    'HTTP server responded with error code 403\nin step "again", routine "main", line: 10',
  );
});

test('except: a text that was raised is a text', async () => {
  const { run } = statuses();
  const { value } = await run(
    '- t:\n    try:\n      raise: oops\n    except:\n      as: e\n      steps:\n        - r:\n            return: ${e + "!"}\n',
  );
  assert.is(value, 'oops!');
});

test('try within try, out of subworkflows and loops', async () => {
  const { run } = statuses();
  const { value } = await run(`
main:
  steps:
    - init:
        assign:
          - seen: []
    - outer:
        try:
          steps:
            - loop:
                for:
                  value: v
                  in: [1, 0]
                  steps:
                    - inner:
                        try:
                          steps:
                            - c:
                                call: sub
                                args: {n: "\${v}"}
                                result: x
                        except:
                          as: e
                          steps:
                            - note:
                                assign:
                                  - seen: \${list.concat(seen, e.tags[0])}
                            - bad:
                                raise: \${e.message}
                    - ok:
                        assign:
                          - seen: \${list.concat(seen, x)}
        except:
          as: e
          steps:
            - r:
                return: \${list.concat(seen, e)}
sub:
  params: [n]
  steps:
    - d:
        return: \${4 / n}
`);
  assert.equal(value, [4, 'ZeroDivisionError', 'ZeroDivisionError: division by zero in /']);
});

test('a jump out of try and except', async () => {
  const { run } = statuses();
  const { value } = await run(
    '- a:\n    assign:\n      - n: 0\n- t:\n    try:\n      steps:\n        - b:\n            switch:\n              - condition: ${n == 2}\n                next: done\n        - c:\n            raise: x\n    except:\n      as: e\n      steps:\n        - d:\n            assign:\n              - n: ${n + 1}\n            next: t\n- done:\n    return: ${n}\n',
  );
  assert.is(value, 2);
});

test('a limit can be caught, but no step is left after the last', async () => {
  const { run } = bed({ limits: { steps: 50 } });
  const { value, state } = await run(
    '- t:\n    try:\n      steps:\n        - a:\n            next: a\n    except:\n      as: e\n      steps:\n        - b:\n            return: caught\n',
  );
  assert.is(state, 'FAILED');
  assert.equal((value as { tags: string[] }).tags, ['ResourceLimitError']);
});

test.run();
