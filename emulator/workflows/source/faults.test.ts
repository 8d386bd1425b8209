import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSource } from '../compile.ts';
import { faultText } from '../fault.ts';
import { faultsOf, indent } from '../testing.ts';

/** A source whose step `s` is the given YAML. */
const step = (yaml: string) => `- s:\n${indent(yaml, 4)}\n`;

const refused: [name: string, source: string, ...faults: RegExp[]][] = [
  ['broken YAML', '- a: [1\n', /^2:1 syntax/],
  ['a key that occurs twice', '- a:\n    return: 1\n    return: 2\n', /^3:5 syntax Map keys must be unique/],
  ['a scalar', 'hello', /^1:1 shape a definition is a list of steps/],
  ['no main', 'sub:\n  steps:\n    - a:\n        return: 1\n', /^1:1 shape there is no workflow 'main'/],
  ['no steps', 'main:\n  params: [a]\n', /^1:1 shape workflow 'main' has no steps/],
  ['empty steps', 'main:\n  steps: []\n', /^2:10 shape steps must not be empty/],
  [
    'an unknown key of a workflow',
    'main:\n  stepz:\n    - a:\n        return: 1\n',
    /^2:3 unknown-key unknown field 'stepz' in workflow 'main' \(did you mean 'steps'\?\)/,
  ],
  [
    'an unknown key of a step',
    step('asign:\n  - x: 1'),
    /^2:5 unknown-key unknown field 'asign' in step 's' \(did you mean 'assign'\?\)/,
  ],
  [
    'two actions',
    step('return: 1\nraise: 2'),
    /^2:5 shape a step does one thing: 'return' can't stand beside 'raise'/,
  ],
  ['a companion alone', step('return: 1\nargs: {}'), /^3:5 shape 'args' goes with 'call' only/],
  ['a step that does nothing', step('{}').replace('\n', ' '), /^1:3 shape step 's' does nothing/],
  [
    'two names in one step',
    '- a:\n    return: 1\n  b:\n    return: 2\n',
    /^1:3 shape a step must be a map with one key, its name; found 2 \(a, b\)/,
  ],
  [
    'a step name twice',
    '- a:\n    assign:\n      - x: 1\n- b:\n    steps:\n      - a:\n          return: 1\n',
    /^6:9 duplicate duplicate step name 'a' \(the first is in line 1\)/,
  ],
  [
    'a bad param',
    'main:\n  params: [1a]\n  steps:\n    - a:\n        return: 1\n',
    /^2:12 shape '1a' can't be a param/,
  ],
  [
    'two params of main',
    'main:\n  params: [a, b]\n  steps:\n    - s:\n        return: 1\n',
    /^2:11 limit workflow 'main' has 2 params; the limit is 1/,
  ],
  [
    'a default of main',
    'main:\n  params: [a: 1]\n  steps:\n    - s:\n        return: 1\n',
    /^2:12 shape the param 'a' of main can't have a default/,
  ],
  [
    'a param twice',
    'main:\n  steps:\n    - s:\n        return: 1\nsub:\n  params: [a, a]\n  steps:\n    - t:\n        return: 1\n',
    /^6:15 duplicate duplicate param 'a'/,
  ],
  [
    'a default that is code',
    'main:\n  steps:\n    - s:\n        return: 1\nsub:\n  params: [a: "${1}"]\n  steps:\n    - t:\n        return: 1\n',
    /^6:15 shape the default of param 'a' must be a literal/,
  ],
  [
    'an undefined variable',
    '- step1:\n    assign:\n      - varA: Hello\n- step2:\n    return: ${varC + varA}\n',
    /^5:15 symbol error evaluating return value: symbol 'varC' is neither a variable nor a sub-workflow name \(did you mean 'varA'\?\)/,
  ],
  [
    'a variable of a loop outside of it',
    '- l:\n    for:\n      value: v\n      in: [1]\n      steps:\n        - a:\n            assign:\n              - x: ${v}\n- r:\n    return: ${x}\n',
    /^10:15 symbol .*'x' is neither/,
  ],
  [
    'a variable of except outside of it',
    '- t:\n    try:\n      raise: x\n    except:\n      as: e\n      steps:\n        - a:\n            assign:\n              - x: 1\n- r:\n    return: ${e}\n',
    /'e' is neither/,
  ],
  [
    'an expression that ends early',
    step('return: ${1 +}'),
    /^2:18 expression unexpected the end of the expression/,
  ],
  ['single quotes', step("return: ${'a'}"), /^2:15 expression token recognition error at: '''/],
  [
    'an expression that is too long',
    step(`return: \${"${'a'.repeat(400)}"}`),
    /^2:13 limit the expression has 402 characters; the limit is 400/,
  ],
  [
    'an unknown function',
    step('return: ${text.splt("a", "b")}'),
    /^2:15 function .*'text.splt' is neither a function nor a sub-workflow name \(did you mean 'text.split'\?\)/,
  ],
  [
    'an unknown member of the library',
    step('return: ${http.default_retri}'),
    /symbol .*'http.default_retri' is not in the standard library \(did you mean 'http.default_retry'\?\)/,
  ],
  [
    'a function without a call',
    step('return: ${text.split}'),
    /function .*'text.split' is a function; call it/,
  ],
  [
    'a blocking call in an expression',
    step('return: ${sys.sleep(1)}'),
    /function .*'sys.sleep' blocks and can't stand in an expression/,
  ],
  [
    'too many arguments',
    step('return: ${len("a", "b")}'),
    /argument .*'len' takes 1 arguments at most; got 2/,
  ],
  [
    'too few arguments',
    step('return: ${text.split("a")}'),
    /argument .*'text.split' needs the argument 'separator'/,
  ],
  [
    'an unknown call',
    step('call: htp.get\nargs:\n  url: x'),
    /^2:11 function 'htp.get' is neither a function nor a sub-workflow name \(did you mean 'http.get'\?\)/,
  ],
  [
    'an unknown connector',
    step('call: googleapis.workflowexecutions.v1.projects.locations.workflows.executions.lst'),
    /function there is no connector '.*lst' \(did you mean '.*executions.list'\?\)/,
  ],
  [
    'a connector of a service that has none',
    step('call: googleapis.artifactregistry.v1.projects.get'),
    /function there is no connector 'googleapis.artifactregistry.v1.projects.get'$/,
  ],
  [
    'a function that blocks in an expression',
    step('return: ${events.await_callback(1)}'),
    /'events.await_callback' blocks and can't stand in an expression/,
  ],
  [
    'an unknown argument',
    step('call: http.get\nargs:\n  url: x\n  header: {}'),
    /^5:7 argument 'http.get' has no argument 'header' \(did you mean 'headers'\?\)/,
  ],
  ['a missing argument', step('call: http.get'), /^2:11 argument 'http.get' needs the argument 'url'/],
  [
    'a body of a get',
    step('call: http.get\nargs:\n  url: x\n  body: {}'),
    /'http.get' has no argument 'body'/,
  ],
  [
    'an argument that a subworkflow lacks',
    'main:\n  steps:\n    - s:\n        call: sub\n        args:\n          b: 1\nsub:\n  params: [a]\n  steps:\n    - t:\n        return: ${a}\n',
    /^4:15 argument 'sub' needs the argument 'a'/,
    /^6:11 argument 'sub' has no argument 'b'/,
  ],
  [
    'a call of a variable',
    '- a:\n    assign:\n      - f: 1\n- s:\n    return: ${f(1)}\n',
    /'f' is a variable; it can't be called/,
  ],
  [
    'a dangling next',
    step('assign:\n  - x: 1\nnext: stp'),
    /^4:11 jump next: there is no step 'stp' beside or around this one/,
  ],
  ['break outside of a loop', step('next: break'), /^2:11 jump 'next: break' is possible in a loop only/],
  [
    'a jump out of a loop',
    '- l:\n    for:\n      value: v\n      in: [1]\n      steps:\n        - a:\n            next: r\n- r:\n    return: 1\n',
    /^7:19 jump next: there is no step 'r' in this loop/,
  ],
  [
    'a jump into nested steps',
    '- a:\n    next: c\n- b:\n    steps:\n      - c:\n          return: 1\n',
    /^2:11 jump next: there is no step 'c'/,
  ],
  [
    'for directly under try',
    step(
      'try:\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          return: 1\nexcept:\n  as: e\n  steps:\n    - b:\n        return: 1',
    ),
    /^3:7 shape loop step name should not be empty/,
  ],
  ['try alone', step('try:\n  call: sys.now'), /^2:5 shape 'try' needs 'retry' or 'except'/],
  [
    'except without steps',
    step('try:\n  call: sys.now\nexcept:\n  as: e'),
    /^4:5 shape 'except' needs 'steps'/,
  ],
  [
    'an unknown key of a retry',
    step('try:\n  call: sys.now\nretry:\n  max_retry: 2'),
    /^5:7 unknown-key unknown field 'max_retry' in retry \(did you mean 'max_retries'\?\)/,
  ],
  [
    'a predicate that is no expression',
    step('try:\n  call: sys.now\nretry:\n  predicate: http.default_retry_predicate'),
    /^5:18 shape predicate must be an expression that names a function/,
  ],
  [
    'an unknown key of a backoff',
    step('try:\n  call: sys.now\nretry:\n  backoff:\n    delay: 2'),
    /unknown field 'delay' in backoff/,
  ],
  [
    'a loop without a value',
    step('for:\n  in: [1]\n  steps:\n    - a:\n        return: 1'),
    /^2:5 shape a loop needs 'value'/,
  ],
  [
    'a loop over two things',
    step('for:\n  value: v\n  in: [1]\n  range: [1, 2]\n  steps:\n    - a:\n        return: 1'),
    /shape a loop goes over either 'in' or 'range'/,
  ],
  [
    'a range of three',
    step('for:\n  value: v\n  range: [1, 2, 3]\n  steps:\n    - a:\n        return: 1'),
    /^4:14 shape 'range' must be a list of two numbers/,
  ],
  [
    'a loop over a map',
    step('for:\n  value: v\n  in: {a: 1}\n  steps:\n    - a:\n        return: 1'),
    /shape 'in' must be a list or an expression/,
  ],
  [
    'a condition that is text',
    step('switch:\n  - condition: "true"\n    return: 1'),
    /^3:20 shape a condition must be an expression, true or false/,
  ],
  ['a condition that is missing', step('switch:\n  - return: 1'), /^3:9 shape there is no 'condition'/],
  [
    '51 conditions',
    step(`switch:\n${'  - condition: true\n    return: 1\n'.repeat(51)}`),
    /^3:7 limit 51 conditions in a switch; the limit is 50/,
  ],
  [
    '51 assignments',
    step(`assign:\n${Array.from({ length: 51 }, (_, index) => `  - x${index}: 1\n`).join('')}`),
    /^3:7 limit 51 assignments in a step; the limit is 50/,
  ],
  ['an assignment of two', step('assign:\n  - x: 1\n    y: 2'), /an assignment must be a map with one key/],
  ['an assignment to a call', step('assign:\n  - f(x): 1'), /expression not a variable/],
  [
    'an assignment below nothing',
    step('assign:\n  - x.a: 1'),
    /^3:9 symbol variable 'x' is assigned below but never itself/,
  ],
  [
    'one branch',
    step('parallel:\n  branches:\n    - a:\n        steps:\n          - b:\n              assign: [x: 1]'),
    /^4:9 limit a parallel step has 2 to 10 branches; found 1/,
  ],
  [
    'branches and a loop',
    step('parallel:\n  shared: []'),
    /^2:5 shape a parallel step has either 'branches' or 'for'/,
  ],
  [
    'another exception policy',
    step(
      'parallel:\n  exception_policy: failFast\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          call: sys.now',
    ),
    /exception_policy 'failFast': only continueAll exists/,
  ],
  [
    'a concurrency limit of 0',
    step(
      'parallel:\n  concurrency_limit: 0\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          call: sys.now',
    ),
    /concurrency_limit must be a positive integer/,
  ],
  [
    'an assignment that is not shared',
    '- i:\n    assign:\n      - x: 1\n- p:\n    parallel:\n      for:\n        value: v\n        in: [1]\n        steps:\n          - a:\n              assign:\n                - x: ${v}\n',
    /^12:19 shared variable 'x' is defined outside of the parallel step/,
  ],
  [
    'a shared variable that is not there',
    step(
      'parallel:\n  shared: [y]\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          call: sys.now',
    ),
    /^3:16 shared shared variable 'y' is not defined/,
  ],
  [
    'a return in a branch',
    step('parallel:\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          return: 1'),
    /^7:13 jump 'return' can't leave a parallel branch/,
  ],
  [
    'end in a branch',
    step('parallel:\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          next: end'),
    /jump 'next: end' can't leave a parallel branch/,
  ],
  [
    'break in a parallel loop',
    step('parallel:\n  for:\n    value: v\n    in: [1]\n    steps:\n      - a:\n          next: break'),
    /jump 'next: break' is possible in a loop only, and a parallel loop has no break/,
  ],
  [
    'an integer beyond 64 bits',
    step('return: 9223372036854775808'),
    /shape integer 9223372036854775808 has more than 64 bits/,
  ],
  [
    'a result that is no variable',
    step('call: sys.now\nresult: ${x}'),
    /expression token recognition error at: '\$'/,
  ],
];
for (const [name, source, ...expected] of refused)
  test(`refuses ${name}`, () => {
    const faults = faultsOf(source);
    for (const one of expected)
      assert.ok(
        faults.some((found) => one.test(found)),
        `${one} in\n${faults.join('\n')}`,
      );
    assert.is(faults.length, expected.length, faults.join('\n'));
  });

const accepted: [name: string, source: string][] = [
  ['JSON', '{"main": {"params": ["a"], "steps": [{"s": {"return": "${a}"}}]}}'],
  ['JSON with tabs', '[\n\t{\n\t\t"s": {\n\t\t\t"return": "\\ud83d\\ude00\\/"\n\t\t}\n\t}\n]'],
  [
    'comments, anchors and block text',
    '# c\n- s: &x\n    assign:\n      - a: |\n          line\n      - b: >-\n          ${1\n          + 2}\n',
  ],
  ['text with an expression in its middle', step('return: a ${b} c')],
  [
    'a map with an expression as key',
    '- s:\n    assign:\n      - k: a\n      - m:\n          ${k}: 1\n          "${k + \\"b\\"}": 2\n',
  ],
  [
    'nested jumps to the outside',
    '- a:\n    steps:\n      - b:\n          switch:\n            - condition: true\n              next: c\n- c:\n    return: 1\n',
  ],
  [
    'the names of modules as variables',
    '- a:\n    assign:\n      - map: {x: 1}\n      - list: [1]\n- r:\n    return: ${map.get(map, "x") + list[0] + map["x"]}\n',
  ],
  [
    'a local variable with a shared name elsewhere',
    '- p:\n    parallel:\n      branches:\n        - a:\n            steps:\n              - a1:\n                  assign: [x: 1]\n        - b:\n            steps:\n              - b1:\n                  assign: [x: 2]\n',
  ],
  [
    'branches without steps',
    '- p:\n    parallel:\n      branches:\n        - a:\n            call: sys.now\n        - b:\n            call: sys.now\n',
  ],
  ['a workflow that is a list', 'main:\n  - a:\n      call: sub\nsub:\n  - b:\n      return: 1\n'],
  ['empty args', step('call: sys.now\nargs:')],
];
for (const [name, source] of accepted) test(`accepts ${name}`, () => assert.equal(faultsOf(source), []));

test('refuses a source that is too large', () => {
  const [fault] = faultsOf(`- s:\n    return: ${'a'.repeat(128 * 1024)}\n`);
  assert.match(fault ?? '', /limit the source has 131\d+ bytes; the limit is 131072/);
});

test('shows line, column, workflow, step, the line itself and a caret', () => {
  const source = '- step1:\n    assign:\n      - firstName: ${argsDict.get(\'firstName\', "d")}\n';
  const faults = compileSource(source);
  assert.ok(Array.isArray(faults));
  assert.is(
    faultText(faults as never, source),
    [
      "main.yaml:3:35: parse error: in workflow 'main', step 'step1': token recognition error at: ''' (strings stand in double quotes)",
      '      - firstName: ${argsDict.get(\'firstName\', "d")}',
      '                                  ^',
    ].join('\n'),
  );
});

test('shows twenty faults at most', () => {
  const source = `- s:\n    assign:\n${Array.from({ length: 30 }, (_, index) => `      - x${index}: \${y}\n`).join('')}`;
  const faults = compileSource(source);
  const text = faultText(faults as never, source);
  assert.is(text.match(/failed to build/g)?.length, 20);
  assert.match(text, /and 10 more$/);
});

test('mutations of a valid source are accepted or refused with a place, and never crash', () => {
  const source =
    '- a:\n    assign:\n      - x: ${1 + 2}\n- l:\n    for:\n      value: v\n      range: [1, 3]\n      steps:\n        - b:\n            try:\n              call: sys.log\n              args: {text: "${v}"}\n            retry: ${http.default_retry}\n            except:\n              as: e\n              steps:\n                - c: {next: continue}\n- p:\n    parallel:\n      shared: [x]\n      branches:\n        - d: {steps: [{e: {assign: [x: 2]}}]}\n        - f: {call: sys.now}\n- r:\n    switch:\n      - condition: ${x > 2}\n        return: ${x}\n    next: a\n';
  assert.equal(faultsOf(source), []);
  const piece = fc.constantFrom(
    '',
    ' ',
    '\n',
    '-',
    ':',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '${',
    '&a',
    '*a',
    'null',
    '1',
    'next',
    '!',
    '%',
    '|',
    '\t',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(source.length), fc.nat(6), piece), { minLength: 1, maxLength: 4 }),
      (changes) => {
        let text = source;
        for (const [at, cut, put] of changes) text = text.slice(0, at) + put + text.slice(at + cut);
        const made = compileSource(text);
        if (Array.isArray(made)) {
          assert.ok(made.length > 0);
          for (const { at } of made) assert.ok(at.line >= 1 && at.column >= 1);
          faultText(made, text);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('an alias that explodes is refused', () => {
  const source = `- s:\n    assign:\n      - a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 8 }, (_, index) => `      - a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]\n`).join('')}`;
  assert.ok(faultsOf(source).length > 0);
});

test.run();
