// The conformance command on a folder of our own: passed, not emulated, failed, twins, what is no definition.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('conformance');
const root = fileURLToPath(new URL('..', import.meta.url));

const files: Record<string, string> = {
  'plain.yaml': '- a:\n    return: 1\n',
  'http.yaml':
    '- a:\n    call: http.get\n    args: {url: "https://example.com/"}\n    result: r\n- b:\n    return: ${r.body}\n',
  'twin.yaml': '- a:\n    return: ${1 + 1}\n',
  'twin.json': '[{"a": {"return": "${1 + 1}"}}]',
  'untrue.yaml': '- a:\n    return: 1\n',
  'untrue.json': '[{"a": {"return": 2}}]',
  'connector.yaml': '- a:\n    call: googleapis.storage.v1.buckets.list\n    args: {project: p}\n',
  'refused.yaml': '- a:\n    return: ${nobody}\n',
  'args.workflows.yaml':
    'main:\n  params: [a]\n  steps:\n    - b:\n        return: ${"Hello " + a.firstName + " " + a.lastName}\n',
  'template.yaml': '- a:\n    return: $${x}\n',
  'build.yaml': 'steps:\n  - name: docker\n    args: [build]\n',
  'package.json': '{"name": "x"}',
};

test('a table, and with --json a list', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/conformance.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { stdout, stderr, status } = command(folder, '--json');
    assert.is(status, 1, stderr);
    const verdicts = JSON.parse(stdout) as { file: string; state: string; why: string }[];
    assert.equal(
      verdicts.map(({ file, state, why }) => `${file} ${state}: ${why}`),
      [
        'args.workflows.yaml passed: gives the documented result',
        'connector.yaml not-emulated: calls googleapis.storage.v1.buckets.list',
        'http.yaml passed: runs against a stub',
        'plain.yaml passed: runs',
        "refused.yaml failed: refused: 2:15 error evaluating return value: symbol 'nobody' is neither a variable nor a sub-workflow name",
        'template.yaml not-emulated: is a Terraform template: "$${" is no expression yet',
        'twin.json passed: runs, as its twin',
        'twin.yaml passed: runs, as its twin',
        'untrue.json failed: untrue.yaml gives another execution',
        'untrue.yaml failed: untrue.json gives another execution',
      ],
    );
    assert.match(command(folder).stdout, /\n10 definitions: 5 passed, 2 not emulated, 3 failed\n$/);
    assert.is(command().status, 64);
    assert.is(command(join(folder, 'none')).status, 64);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
