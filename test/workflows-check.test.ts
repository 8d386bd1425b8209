// The checker on files: every code, its place, its severity; the command; the page that explains the codes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { documentedConnectors } from '../emulator/workflows/connectors/documented.ts';
import { library } from '../emulator/workflows/stdlib/index.ts';
import { checkFile } from '../generator/check/check-file.ts';
import { lookUpConnector } from '../generator/check/connectors.ts';
import { FINDINGS } from '../generator/check/finding.ts';
import { parametersOf } from '../generator/check/library.ts';
import { printFindings } from '../generator/check/print-findings.ts';

const test = suite('check-workflow');
const root = fileURLToPath(new URL('..', import.meta.url));

/** What is found, as `line:column severity code: message (hint)`. */
function found(text: string): string[] {
  return checkFile(text, 'w.yaml').map(
    ({ place, severity, code, message, hint }) =>
      `${place.line}:${place.column} ${severity} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

/** A main with a parameter, an assignment, and some steps. */
const steps = (text: string) => `main:\n  params: [given]\n  steps:\n${text.replace(/^(?=.)/gm, '    ')}`;

/** Each code with a file that has it: its first line is where `>` stands. */
const cases: readonly (readonly [code: keyof typeof FINDINGS, text: string, expected: RegExp])[] = [
  ['syntax', '- a:\n    return: ${"x: y"}\n', /^2:\d+ error syntax: .*quotes around the whole expression/],
  ['syntax', '- a:\n\treturn: 1\n', /^2:1 error syntax: .*\(YAML is indented with spaces, not tabs\)/],
  ['syntax', '{"main": {"steps": [}}', /^1:\d+ error syntax/],
  ['syntax', '- a:\n    assign:\n      - x: [${y}]\n', /^3:\d+ error syntax|^3:\d+ .*unknown/],
  ['shape', '- a:\n    assign: {x: 1}\n', /^2:13 error shape: "assign" must be a list, not a map/],
  ['shape', '- a:\n    call: sys.now\n    return: 1\n', /^3:5 error shape: a step does one thing/],
  [
    'shape',
    '- a:\n    try:\n      for:\n        value: v\n        in: [1]\n        steps:\n          - b:\n              return: 1\n    except:\n      as: e\n      steps:\n        - c:\n            return: 1\n',
    /^3:7 error shape: "for" cannot stand directly in "try" \(put it into "steps"\)/,
  ],
  [
    'unknown-key',
    '- a:\n    retrun: 1\n',
    /^2:5 error unknown-key: a step has no "retrun" \(did you mean "return"\?\)/,
  ],
  ['expression', '- a:\n    return: ${1 + }\n', /^2:19 error expression: unexpected the end/],
  ['expression', '- a:\n    return: ${1 ? 2}\n', /^2:17 error expression: unexpected/],
  ['mangled', '- a:\n    assign:\n      - x: yes\n', /^3:12 warning mangled: yes is true/],
  ['mangled', '- a:\n    return: ${"a" #b}\n', /^2:13 warning mangled: YAML ends the text/],
  [
    'mangled',
    '- a:\n    assign:\n      - x: 012\n      - y: 1:30\n      - z: 2026-01-01\n',
    /warning mangled/,
  ],
  ['embedded-expression', '- a:\n    return: from ${1} on\n', /^2:18 warning embedded-expression/],
  ['duplicate-step', '- a:\n    next: end\n- a:\n    return: 1\n', /^3:3 error duplicate-step/],
  [
    'repeated-step',
    '- a:\n    steps:\n      - b:\n          assign:\n            - x: 1\n- b:\n    return: 1\n',
    /^6:3 warning repeated-step/,
  ],
  [
    'unknown-function',
    '- a:\n    call: htp.get\n    args: {url: x}\n',
    /^2:11 error unknown-function: .*htp.get \(did you mean "http.get"\?\)/,
  ],
  [
    'unknown-function',
    '- a:\n    return: ${lenn("x")}\n',
    /^2:15 error unknown-function: .*lenn \(did you mean "len"\?\)/,
  ],
  [
    'unknown-connector',
    '- a:\n    call: googleapis.pubsub.v1.projects.topics.publsh\n',
    /^2:11 error unknown-connector: .*\(did you mean "googleapis.pubsub.v1.projects.topics.publish"\?\)/,
  ],
  [
    'unknown-connector',
    '- a:\n    call: googleapis.pubsubb.v1.projects.topics.publish\n',
    /\(did you mean "googleapis.pubsub.v1"\?\)/,
  ],
  [
    'undocumented-connector',
    '- a:\n    call: googleapis.artifactregistry.v1.projects.get\n',
    /^2:11 warning undocumented-connector/,
  ],
  [
    'not-an-expression-function',
    '- a:\n    return: ${http.get("x")}\n',
    /^2:15 error not-an-expression-function: .*\(make it a step with "call"\)/,
  ],
  [
    'missing-argument',
    '- a:\n    call: sys.sleep\n',
    /^2:11 error missing-argument: sys.sleep needs the argument seconds/,
  ],
  ['missing-argument', '- a:\n    return: ${text.split("x")}\n', /^2:15 error missing-argument/],
  [
    'unknown-argument',
    '- a:\n    call: http.get\n    args:\n      url: x\n      header: {}\n',
    /^5:7 error unknown-argument: .*header \(did you mean "headers"\?\)/,
  ],
  [
    'unknown-argument',
    '- a:\n    return: ${len("x", 1)}\n',
    /^2:15 error unknown-argument: len takes 1 arguments, not 2/,
  ],
  [
    'dangling-next',
    '- first:\n    next: secnd\n- second:\n    return: 1\n',
    /^2:11 error dangling-next: .*secnd.* \(did you mean "second"\?\)/,
  ],
  [
    'dangling-next',
    '- a:\n    next: break\n',
    /^2:11 error dangling-next: .*\("break" is possible in a loop only\)/,
  ],
  [
    'far-jump',
    '- a:\n    next: c\n- b:\n    steps:\n      - c:\n          return: 1\n',
    /^2:11 warning far-jump/,
  ],
  ['no-main', 'other:\n  steps:\n    - a:\n        return: 1\n', /error no-main/],
  [
    'unknown-variable',
    steps('- a:\n    return: ${givn.x}\n'),
    /^5:19 error unknown-variable: there is no variable givn \(did you mean "given"\?\)/,
  ],
  [
    'out-of-scope-variable',
    '- a:\n    for:\n      value: v\n      in: [1]\n      steps:\n        - b:\n            assign:\n              - x: 1\n- c:\n    return: ${x}\n',
    /^10:15 error out-of-scope-variable/,
  ],
  [
    'unassigned-variable',
    steps(
      '- a:\n    switch:\n      - condition: ${given}\n        assign:\n          - x: 1\n- b:\n    return: ${x}\n',
    ),
    /^10:19 warning unassigned-variable/,
  ],
  [
    'unshared-write',
    '- a:\n    assign:\n      - x: 1\n- b:\n    parallel:\n      for:\n        value: v\n        in: [1]\n        steps:\n          - c:\n              assign:\n                - x: 2\n',
    /^10:13 error unshared-write: .*\(name it in "shared"/,
  ],
  [
    'shadowed-variable',
    steps(
      '- a:\n    for:\n      value: given\n      in: [1]\n      steps:\n        - b:\n            assign:\n              - x: 1\n',
    ),
    /^4:7 warning shadowed-variable/,
  ],
  ['unreachable-step', '- a:\n    return: 1\n- b:\n    return: 2\n', /^3:3 warning unreachable-step/],
  ['assignments', `- a:\n    assign:\n${'      - x: 1\n'.repeat(51)}`, /^1:3 error assignments: 51/],
  [
    'conditions',
    `- a:\n    switch:\n${'      - condition: true\n        next: end\n'.repeat(51)}`,
    /^1:3 error conditions: 51/,
  ],
  [
    'branches',
    '- a:\n    parallel:\n      branches:\n        - b:\n            assign:\n              - x: 1\n',
    /^1:3 error branches: 1/,
  ],
  ['parallel-depth', `- a:\n${nested(3, 4)}`, /warning parallel-depth/],
  [
    'call-depth',
    `main:\n  steps:\n    - a:\n        call: r0\n${Array.from({ length: 20 }, (_, n) => `r${n}:\n  steps:\n    - a:\n        ${n < 19 ? `call: r${n + 1}` : 'return: 1'}\n`).join('')}`,
    /warning call-depth/,
  ],
  [
    'recursion',
    'main:\n  steps:\n    - a:\n        call: r\nr:\n  steps:\n    - b:\n        call: r\n',
    /warning recursion/,
  ],
  ['parameters', 'main:\n  params: [a, b]\n  steps:\n    - c:\n        return: 1\n', /^1:1 error parameters/],
  [
    'expression-length',
    `- a:\n    return: \${"${'x'.repeat(400)}"}\n`,
    /^2:15 error expression-length: an expression of 402/,
  ],
  ['string-length', `- a:\n    return: ${'x'.repeat(256 * 1024 + 1)}\n`, /error string-length/],
  ['source-size', `- a:\n    return: 1\n${'# comment\n'.repeat(14_000)}`, /error source-size/],
  [
    'execution-steps',
    '- a:\n    for:\n      value: v\n      range: [1, 200000]\n      steps:\n        - b:\n            assign:\n              - x: 1\n',
    /warning execution-steps/,
  ],
  [
    'retried-post',
    '- a:\n    try:\n      call: http.post\n      args: {url: x}\n    retry: ${http.default_retry}\n',
    /^3:13 warning retried-post: http.post/,
  ],
  [
    'logged-secret',
    '- a:\n    call: googleapis.secretmanager.v1.projects.secrets.versions.accessString\n    args: {secret_id: s}\n    result: x\n- b:\n    assign:\n      - y: ${"key " + x}\n- c:\n    call: sys.log\n    args:\n      text: ${y}\n',
    /^11:15 warning logged-secret: sys.log writes y/,
  ],
  [
    'logged-secret',
    steps('- c:\n    call: sys.log\n    args:\n      json:\n        key: ${given.api_key}\n'),
    /warning logged-secret: sys.log writes api_key/,
  ],
];

/** Parallel steps within each other. */
function nested(depth: number, margin: number): string {
  const pad = ' '.repeat(margin);
  const inner =
    depth === 1 ? `${pad}          assign:\n${pad}            - x: 1\n` : nested(depth - 1, margin + 10);
  return `${pad}parallel:\n${pad}  for:\n${pad}    value: v${depth}\n${pad}    in: [1]\n${pad}    steps:\n${pad}      - s${depth}:\n${inner}`;
}

for (const [index, [code, text, expected]] of cases.entries())
  test(`${code} (${index})`, () => {
    const all = found(text);
    assert.ok(
      all.some((line) => line.includes(` ${code}: `) && expected.test(line)),
      `${expected} in\n${all.join('\n')}`,
    );
  });

test('every code that a file can have has a case', () => {
  const own = ['step-name', 'text', 'duplicate-routine'];
  const missing = Object.keys(FINDINGS).filter(
    (code) => !own.includes(code) && !cases.some(([one]) => one === code),
  );
  assert.equal(missing, []);
});

test('what is right has no findings', () => {
  assert.equal(
    found(`main:
  params: [args]
  steps:
    - begin:
        assign:
          - names: \${default(map.get(args, "names"), [])}
          - sum: 0
          - map: {a: 1}
          - map.b["c d"]: \${http.default_retry}
    - for-each:
        for:
          value: name
          index: i
          in: \${names}
          steps:
            - skip:
                switch:
                  - condition: \${name == ""}
                    next: continue
                  - condition: \${i > 10}
                    next: break
            - ask:
                try:
                  call: http.get
                  args: {url: "https://example.com/"}
                  result: answer
                retry:
                  predicate: \${http.default_retry_predicate}
                  max_retries: 3
                  backoff: {initial_delay: 1, max_delay: 60, multiplier: 2}
                except:
                  as: e
                  steps:
                    - again:
                        raise: \${e}
            - add:
                assign: [{sum: "\${sum + len(answer.body)}"}]
    - back:
        switch:
          - condition: \${sum < 0}
            next: begin
    - both:
        parallel:
          shared: [sum]
          branches:
            - one:
                steps:
                  - a: {assign: [{sum: 1}]}
            - two:
                call: helper
                args: {x: 1}
    - done:
        return: {sum: "\${sum}", "\${names[0]}": 1}
helper:
  params: [x, y: 2]
  steps:
    - give:
        return: \${if(x > y, x, y)}
`),
    [],
  );
});

test('a step that only a jump back leads to is reached', () => {
  assert.equal(
    found(
      '- a:\n    assign:\n      - n: 0\n    next: c\n- b:\n    assign:\n      - n: ${n + 1}\n- c:\n    switch:\n      - condition: ${n < 3}\n        next: b\n- d:\n    return: ${n}\n',
    ),
    [],
  );
});

test('quoted text that goes on further left is read, as the service does', () => {
  assert.equal(found('- a:\n    assign:\n        - text: \'${"one\n      two"}\'\n'), []);
});

test('display: the line, a caret, what would be right, where it is', () => {
  const findings = checkFile('- a:\n    call: htp.get\n', 'w.yaml');
  assert.is(
    printFindings(findings),
    [
      'w.yaml:2:11 error unknown-function: there is no function or subworkflow htp.get',
      '    2 |     call: htp.get',
      '      |           ^^^^^^^ did you mean "http.get"?',
      '      | in main, step a',
      '',
    ].join('\n'),
  );
  const long = printFindings(checkFile(`- a:\n    return: \${${'x + '.repeat(60)}lenn(1)}\n`, 'w.yaml'));
  for (const line of long.split('\n')) assert.ok(line.length <= 200, line);
});

test('the command: exit codes, --json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', loader, join(root, 'scripts/check-workflow.ts'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  try {
    writeFileSync(join(folder, 'good.yaml'), '- a:\n    return: 1\n');
    writeFileSync(join(folder, 'bad.json'), '[{"a": {"return": "${x}"}}]');
    const good = command('good.yaml');
    assert.is(good.status, 0, good.stderr);
    assert.is(good.stdout, '1 file checked: 0 errors, 0 warnings\n');
    const bad = command('good.yaml', 'bad.json', '--json');
    assert.is(bad.status, 1);
    assert.equal(JSON.parse(bad.stdout), [
      {
        file: 'bad.json',
        line: 1,
        column: 22,
        length: 1,
        code: 'unknown-variable',
        message: 'there is no variable x',
        routine: 'main',
        step: 'a',
        severity: 'error',
      },
    ]);
    assert.is(command().status, 64);
    const missing = command('none.yaml');
    assert.is(missing.status, 64);
    assert.match(missing.stderr, /none.yaml cannot be read \(ENOENT\)/);
    assert.match(command('good.yaml', '--jsn').stderr, /did you mean --json/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the page explains every code', () => {
  const page = readFileSync(join(root, 'docs/workflow-findings.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (.+) \|$/gm)].map(([, ...row]) => row);
  assert.equal(
    rows,
    Object.entries(FINDINGS).map(([code, { severity, about }]) => [code, severity, about]),
  );
});

test('two readings of the library agree on names and parameters', () => {
  for (const { name, params, open } of library.values()) {
    if (open) continue;
    const other = parametersOf(name);
    assert.ok(other, `the checker does not know ${name}`);
    for (const param of params)
      assert.ok(
        other.some(
          (one) => one.name === param.name && (!one.isRequired || !param.optional || param.name === 'data'),
        ),
        `${name}: ${param.name}`,
      );
  }
});

test('checker and emulator know the same connectors', () => {
  const files = ['emulator/workflows/connectors/documented.txt', 'generator/check/connectors.txt'];
  const [one, other] = files.map((file) => readFileSync(join(root, file), 'utf8'));
  assert.is(one, other);
  assert.ok(documentedConnectors().size > 3000);
  for (const name of documentedConnectors()) assert.is(lookUpConnector(name).state, 'known');
});

test.run();
