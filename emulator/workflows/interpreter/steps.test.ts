// Each case is written from the documentation: https://cloud.google.com/workflows/docs/reference/syntax
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bed, indent } from '../testing.ts';

const succeeds = (name: string, source: string, value: unknown, argument?: unknown) =>
  test(name, async () => {
    const done = await bed().run(source, argument);
    assert.equal(done.value, value);
    assert.is(done.state, 'SUCCEEDED');
    assert.is(done.execution.memory, 0, 'all memory is given back');
  });

const fails = (name: string, source: string, tag: string, message: RegExp, argument?: unknown) =>
  test(name, async () => {
    const done = await bed().run(source, argument);
    assert.is(done.state, 'FAILED');
    const { tags, message: text } = done.value as { tags: string[]; message: string };
    assert.equal(tags, [tag]);
    assert.match(text, message);
  });

succeeds('an empty end gives null', '- a:\n    assign:\n      - x: 1\n', null);

succeeds(
  'assign: in order, below variables, with keys that are made',
  `
- a:
    assign:
      - x: 1
      - y: \${x + 1}
      - m: {a: {b: 1}, l: [1, [2, 3]]}
      - m.a.c: \${y}
      - m["d e"]: 5
      - k: dyn
      - m[k + "amic"]: 6
      - m.l[1][0]: 7
      - m.l[len(m.l) - 2]: 0
      - m.new.deep["er"]: 8
- r:
    return: \${m}
`,
  { a: { b: 1, c: 2 }, l: [0, [7, 3]], 'd e': 5, dynamic: 6, new: { deep: { er: 8 } } },
);

succeeds(
  'assign: a list or map that is assigned is a value of its own',
  '- a:\n    assign:\n      - x: {l: [1]}\n      - y: ${x}\n      - y.l[0]: 2\n      - z: ${y.l}\n      - z[0]: 3\n- r:\n    return: ${[x, y, z]}\n',
  [{ l: [1] }, { l: [2] }, [3]],
);
fails(
  'assign: a list does not grow',
  '- a:\n    assign:\n      - l: [1]\n      - l[1]: 2\n',
  'IndexError',
  /index out of range: 1/,
);
fails(
  'assign: below a scalar',
  '- a:\n    assign:\n      - l: 1\n      - l.a: 2\n',
  'TypeError',
  /can't assign below 'integer'/,
);
fails(
  'assign: below null',
  '- a:\n    assign:\n      - l: null\n      - l.a: 2\n',
  'TypeError',
  /can't assign below 'null'/,
);
fails(
  'assign: a key that is no string',
  '- a:\n    assign:\n      - m: {}\n      - m[1]: 2\n',
  'TypeError',
  /key must be a string/,
);

succeeds('keys are strings, whatever YAML makes of them', '- r:\n    return: {1: a, true: b, null: c}\n', {
  1: 'a',
  true: 'b',
  null: 'c',
});
succeeds(
  'literals of YAML',
  '- r:\n    return: [1, 1.5, "1", true, TRUE, null, ~, yes, 0x10, "", {}, []]\n',
  [1, 1.5, '1', true, true, null, null, 'yes', 16, '', {}, []],
);
succeeds('text with an expression in its middle stays text', '- r:\n    return: "a ${x} b"\n', 'a ${x} b');
succeeds(
  'keys that are expressions',
  '- a:\n    assign:\n      - k: x\n- r:\n    return: {"${k}": 1, "${k + k}": ["${k}"]}\n',
  { x: 1, xx: ['x'] },
);

const sub = `
main:
  params: [args]
  steps:
    - named:
        call: greet
        args:
          first: \${args.name}
        result: a
    - defaulted:
        assign:
          - b: \${greet("B", "Hi")}
    - nothing:
        call: quiet
        result: c
    - end:
        return: \${[a, b, c, greet(greet("C"))]}
greet:
  params: [first, word: Hello]
  steps:
    - say:
        return: \${word + " " + first}
quiet:
  steps:
    - stop:
        next: end
    - never:
        return: 1
`;
succeeds(
  'subworkflows: by name, by position, with defaults, in each other',
  sub,
  ['Hello A', 'Hi B', null, 'Hello Hello C'],
  { name: 'A' },
);
succeeds(
  'subworkflows have variables of their own',
  'main:\n  steps:\n    - a:\n        assign:\n          - x: 1\n    - b:\n        call: s\n    - c:\n        return: ${x}\ns:\n  steps:\n    - d:\n        assign:\n          - x: 2\n',
  1,
);
fails(
  'subworkflows: args from an expression are checked when it runs',
  'main:\n  steps:\n    - b:\n        assign:\n          - m: {a: 1, b: 2}\n    - c:\n        call: s\n        args: ${m}\ns:\n  params: [a]\n  steps:\n    - d:\n        return: ${a}\n',
  'TypeError',
  /s: unknown argument 'b'/,
);
succeeds(
  'main: an argument, or null without',
  'main:\n  params: [a]\n  steps:\n    - r:\n        return: ${a}\n',
  null,
);
succeeds('main: an argument that nobody takes', '- r:\n    return: 1\n', 1, { x: 1 });

const switchSource = `
main:
  params: [n]
  steps:
    - s:
        switch:
          - condition: \${n == 1}
            next: one
          - condition: \${n == 2}
            steps:
              - two:
                  assign:
                    - m: two
          - condition: \${n == 3}
            return: three
          - condition: \${n == 4}
            assign:
              - m: four
            next: last
          - condition: \${n == 5}
            call: add
            args: {x: 5}
            result: m
          - condition: \${n == 6}
            raise: six
          - condition: \${n == 7}
            switch:
              - condition: true
                return: seven
        next: other
    - one:
        return: one
    - other:
        switch:
          - condition: \${n == 9}
            return: none
    - last:
        return: \${m}
add:
  params: [x]
  steps:
    - r:
        return: \${x + 1}
`;
for (const [n, value] of [
  [1, 'one'],
  [2, 'two'],
  [3, 'three'],
  [4, 'four'],
  [5, 6],
  [7, 'seven'],
  [9, 'none'],
] as const)
  succeeds(`switch: case ${n}`, switchSource, value, n);
test('switch: a case that raises', async () => {
  const done = await bed().run(switchSource, 6);
  assert.is(done.value, 'six');
  assert.is(done.state, 'FAILED');
});
fails(
  'switch: a condition must be a boolean',
  '- s:\n    switch:\n      - condition: ${1}\n        return: 1\n',
  'TypeError',
  /a condition must be a boolean; got: integer/,
);

succeeds(
  'next: forth, back, end',
  '- a:\n    assign:\n      - n: 0\n    next: c\n- b:\n    assign:\n      - n: ${n + 10}\n    next: d\n- c:\n    assign:\n      - n: ${n + 1}\n    next: b\n- d:\n    switch:\n      - condition: ${n < 30}\n        next: c\n- e:\n    assign:\n      - n: ${n}\n    next: end\n- f:\n    return: 1\n',
  null,
);
succeeds(
  'next: from nested steps to the outside',
  '- a:\n    steps:\n      - b:\n          steps:\n            - c:\n                next: z\n      - d:\n          return: no\n- y:\n    return: no\n- z:\n    return: yes!\n',
  'yes!',
);
succeeds(
  'steps: nested ones share their variables',
  '- a:\n    steps:\n      - b:\n          assign:\n            - x: 1\n      - c:\n          assign:\n            - x: ${x + 1}\n- r:\n    return: ${x}\n',
  2,
);

const loop = (head: string, body: string) => `
- init:
    assign:
      - out: []
- l:
    for:
${indent(head, 6)}
      steps:
${indent(body, 8)}
- r:
    return: \${out}
`;
const collect = '- add:\n    assign:\n      - out: ${list.concat(out, v)}';
succeeds('for: a list', loop('value: v\nin: [a, b]', collect), ['a', 'b']);
succeeds(
  'for: a list with an index',
  loop(
    'value: w\nindex: i\nin: ${["a", "b"]}',
    '- add:\n    assign:\n      - out: ${list.concat(out, w + string(i))}',
  ),
  ['a0', 'b1'],
);
succeeds(
  'for: the keys of a map',
  loop('value: v\nin: \'${keys(json.decode("{\\"x\\": 1, \\"y\\": 2}"))}\'', collect),
  ['x', 'y'],
);
succeeds('for: a range, both ends in it', loop('value: v\nrange: [1, 3]', collect), [1, 2, 3]);
succeeds('for: a range of expressions', loop('value: v\nrange: ${[0 - 1, 1]}', collect), [-1, 0, 1]);
succeeds('for: a range of doubles', loop('value: v\nrange: [0.5, 2.6]', collect), [0.5, 1.5, 2.5]);
succeeds('for: an empty range and an empty list', loop('value: v\nrange: [1, 0]', collect), []);
succeeds('for: nothing in it', loop('value: v\nin: []', collect), []);
succeeds(
  'for: continue and break',
  loop(
    'value: v\nrange: [1, 9]',
    '- c:\n    switch:\n      - condition: ${v == 2}\n        next: continue\n      - condition: ${v == 4}\n        next: break\n- add:\n    assign:\n      - out: ${list.concat(out, v)}',
  ),
  [1, 3],
);
succeeds(
  'for: a jump within, and continue from nested steps',
  loop(
    'value: v\nrange: [1, 3]',
    '- c:\n    steps:\n      - d:\n          switch:\n            - condition: ${v == 2}\n              next: continue\n      - e:\n          next: add\n- skipped:\n    assign:\n      - out: [no]\n- add:\n    assign:\n      - out: ${list.concat(out, v)}',
  ),
  [1, 3],
);
succeeds(
  'for: loops in loops, return from the inner one',
  loop(
    'value: v\nrange: [1, 3]',
    '- inner:\n    for:\n      value: w\n      range: [1, 3]\n      steps:\n        - c:\n            switch:\n              - condition: ${v * w == 4}\n                return: ${[v, w]}',
  ),
  [2, 2],
);
succeeds(
  'for: break leaves the inner loop only',
  loop(
    'value: v\nrange: [1, 2]',
    '- inner:\n    for:\n      value: w\n      range: [1, 9]\n      steps:\n        - c:\n            switch:\n              - condition: ${w > 2}\n                next: break\n        - add:\n            assign:\n              - out: ${list.concat(out, v * 10 + w)}',
  ),
  [11, 12, 21, 22],
);
succeeds(
  'for: a variable made in it is gone after it',
  '- a:\n    for:\n      value: v\n      in: [1]\n      steps:\n        - b:\n            assign:\n              - x: ${v}\n- c:\n    for:\n      value: v\n      in: [2]\n      steps:\n        - d:\n            assign:\n              - x: ${v}\n',
  null,
);
fails(
  'for: over what is no list',
  loop('value: v\nin: ${json.decode("{}")}', collect),
  'TypeError',
  /a loop goes over a list; got: map/,
);
fails(
  'for: a range of text',
  loop('value: v\nrange: ${["a", 2]}', collect),
  'TypeError',
  /ends of a range must be numbers; got: string/,
);

fails(
  'a variable that has no value yet',
  '- a:\n    switch:\n      - condition: ${false}\n        assign:\n          - x: 1\n- r:\n    return: ${x}\n',
  'KeyError',
  /variable not found: x/,
);
fails(
  'a result that JSON cannot hold',
  '- r:\n    return: ${text.encode("x")}\n',
  'TypeError',
  /bytes can't be encoded as JSON/,
);

test('raise: a text and a map reach the outside as they are, with a stack', async () => {
  const text = await bed().run('- r:\n    raise: Something went wrong\n');
  assert.is(text.value, 'Something went wrong');
  assert.is(text.headline, 'RuntimeError: "Something went wrong"');
  const source =
    'main:\n  steps:\n    - outer:\n        call: sub\nsub:\n  steps:\n    - nested:\n        steps:\n          - inner:\n              raise:\n                code: ${50 + 5}\n                message: no\n';
  const { execution, value } = await bed().run(source);
  assert.equal(value, { code: 55, message: 'no' });
  const { error, status } = execution.toResource();
  assert.is(
    error?.context,
    'RuntimeError: {"code":55,"message":"no"}\nin step "inner", routine "sub", line: 9\nin step "outer", routine "main", line: 3',
  );
  assert.equal(error?.stackTrace.elements, [
    { step: 'inner', routine: 'sub', position: { line: '9', column: '13', length: '5' } },
    { step: 'outer', routine: 'main', position: { line: '3', column: '7', length: '5' } },
  ]);
  assert.equal(status?.currentSteps, [{ routine: 'sub', step: 'inner' }]);
});

test('and, or: the right operand is evaluated where it decides, or always, as the behavior says', async () => {
  const sources = ['and', 'or'].map((word) => `- r:\n    return: \${${word === 'or'} ${word} [][0] == 1}\n`);
  for (const source of sources) {
    assert.is((await bed().run(source)).value, source.includes(' or '));
    const { execution } = await bed({ behavior: { operands: 'all' } }).run(source);
    assert.match(execution.toResource().error?.payload ?? '', /IndexError/, source);
  }
  const both = bed({ behavior: { operands: 'all' } });
  assert.is((await both.run('- r:\n    return: ${false and true}\n')).value, false);
  assert.is((await both.run('- r:\n    return: ${true or false}\n')).value, true);
});

test('environment variables, those of the user among them', async () => {
  const { engine } = bed();
  const parent = 'projects/example.com:p/locations/us-central1';
  engine.workflows.create(parent, 'envs', {
    sourceContents: `- r:\n    return:\n${['PROJECT_ID', 'PROJECT_NUMBER', 'LOCATION', 'WORKFLOW_ID', 'WORKFLOW_REVISION_ID', 'WORKFLOW_EXECUTION_ID'].map((name) => `      - \${sys.get_env("GOOGLE_CLOUD_${name}")}\n`).join('')}      - \${sys.get_env("MINE")}\n      - \${sys.get_env("NOT_MINE", "fallback")}\n`,
    userEnvVars: { MINE: 'mine' },
  });
  const execution = engine.executions.start(`${parent}/workflows/envs`);
  await execution.over;
  const { result, name, workflowRevisionId } = execution.toResource();
  const [project, number, ...rest] = JSON.parse(result ?? 'null');
  assert.is(project, 'example.com:p');
  assert.match(number, /^\d{12}$/);
  assert.equal(rest, ['us-central1', 'envs', workflowRevisionId, name.split('/').at(-1), 'mine', 'fallback']);
});
fails(
  'an environment variable that is not there',
  '- r:\n    return: ${sys.get_env("NOPE")}\n',
  'KeyError',
  /environment variable not found: NOPE/,
);

test('step entries: types, parents, neighbours, progress, exceptions', async () => {
  const { execution } = await bed().run(`
main:
  steps:
    - init:
        assign:
          - x: 1
    - loop:
        for:
          value: v
          in: [1, 2]
          steps:
            - inner:
                call: sub
    - guarded:
        try:
          raise: bad
        retry:
          predicate: \${retry.always}
          max_retries: 1
        except:
          as: e
          steps:
            - caught:
                switch:
                  - condition: \${e == "bad"}
                    next: done
    - done:
        return: 1
sub:
  steps:
    - now:
        call: sys.now
`);
  const table = execution.entries.map(
    ({ id, routine, step, type, state, parent, previous, next, progress }) =>
      [
        id,
        routine,
        step,
        type.replace('STEP_', ''),
        state.replace('STATE_', ''),
        parent ?? '-',
        previous ?? '-',
        next ?? '-',
        progress ? `${progress.number}/${progress.expected ?? '?'}` : '',
      ]
        .join(' ')
        .trim(),
  );
  assert.equal(table, [
    '1 main init ASSIGN SUCCEEDED - - 2',
    '2 main loop FOR SUCCEEDED - 1 9',
    '3 main loop FOR_ITERATION SUCCEEDED 2 - 6 1/2',
    '4 main inner SUBWORKFLOW_CALL SUCCEEDED 3 - -',
    '5 sub now STD_LIB_CALL SUCCEEDED 4 - -',
    '6 main loop FOR_ITERATION SUCCEEDED 2 3 - 2/2',
    '7 main inner SUBWORKFLOW_CALL SUCCEEDED 6 - -',
    '8 sub now STD_LIB_CALL SUCCEEDED 7 - -',
    '9 main guarded TRY_RETRY_EXCEPT SUCCEEDED - 2 17',
    '10 main guarded TRY FAILED 9 - -',
    '11 main guarded RAISE FAILED 10 - -',
    '12 main guarded RETRY FAILED 9 - - 1/?',
    '13 main guarded RAISE FAILED 12 - -',
    '14 main guarded EXCEPT SUCCEEDED 9 - -',
    '15 main caught SWITCH SUCCEEDED 14 - -',
    '16 main caught CONDITION SUCCEEDED 15 - - 1/1',
    '17 main done RETURN SUCCEEDED - 9 -',
  ]);
  assert.is(execution.entries[10]?.exception, '"bad"');
  assert.equal(execution.entries[1]?.children, [3, 6]);
});

test('followers see steps, logs and states in order', async () => {
  const { start } = bed();
  const seen: string[] = [];
  const execution = start(
    '- a:\n    call: sys.log\n    args: {text: hi, severity: WARNING}\n- b:\n    call: sys.sleep\n    args: {seconds: 1}\n- c:\n    call: sys.log\n    args: {json: {a: 1}}\n',
  );
  execution.follow((event) => {
    if (event.kind === 'step') seen.push(`${event.entry.step} ${event.entry.state}`);
    else if (event.kind === 'log')
      seen.push(`${event.entry.severity} ${JSON.stringify(event.entry.payload)} ${event.entry.step}`);
    else seen.push(event.execution.state);
  });
  await execution.over;
  // What ran before the first wait was over before anyone could follow.
  assert.equal(seen, [
    'b STATE_SUCCEEDED',
    'c STATE_IN_PROGRESS',
    'DEFAULT {"jsonPayload":{"a":1}} c',
    'c STATE_SUCCEEDED',
    'SUCCEEDED',
  ]);
  assert.equal(
    execution.logs.map(({ severity, step }) => [severity, step]),
    [
      ['WARNING', 'a'],
      ['DEFAULT', 'c'],
    ],
  );
});

test.run();
