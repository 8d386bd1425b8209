/** gcloud, which nobody here wrote, deploys and runs workflows on the emulator. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startEmulator } from '../emulator/server.ts';
import { testWith } from './parts.ts';
import type { Json } from './rest.ts';

const execute = promisify(execFile);

const source = `
main:
  params: [args]
  steps:
    - log:
        call: sys.log
        args: {text: hello}
    - check:
        switch:
          - condition: \${args.n < 0}
            raise: {code: 7, message: negative}
          - condition: \${args.n > 1000}
            call: sys.sleep
            args: {seconds: "\${args.n}"}
    - done:
        return: {twice: "\${args.n * 2}"}
`;

testWith(test, ['gcloud'], 'workflows deploy, run, list, describe, cancel, delete', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  const emulator = await startEmulator();
  const { url } = emulator;
  const gcloud = async (...args: string[]): Promise<{ json: Json; stderr: string; failed: boolean }> => {
    const env = {
      PATH: process.env.PATH,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_WORKFLOWS: `${url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_WORKFLOWEXECUTIONS: `${url}/`,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_PROJECT: 'p',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CONFIG: join(folder, 'config'),
    };
    const { stdout, stderr, failed } = await execute(
      'gcloud',
      ['workflows', ...args, '--location=europe-west1', '--format=json'],
      { env },
    ).then(
      (done) => ({ ...done, failed: false }),
      ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => ({
        stdout,
        stderr,
        failed: true,
      }),
    );
    return { json: stdout.trim() === '' ? undefined : JSON.parse(stdout), stderr, failed };
  };
  try {
    const file = join(folder, 'flow.yaml');
    const faulty = join(folder, 'faulty.yaml');
    writeFileSync(file, source);
    writeFileSync(faulty, '- s:\n    return: ${x}\n');

    const refused = await gcloud('deploy', 'flow', `--source=${faulty}`);
    assert.ok(refused.failed);
    assert.match(
      refused.stderr,
      /INVALID_ARGUMENT: main\.yaml:2:15: failed to build: .*symbol 'x' is neither a variable nor a sub-workflow name/,
    );

    const deployed = await gcloud(
      'deploy',
      'flow',
      `--source=${file}`,
      '--labels=team=a',
      '--call-log-level=log-errors-only',
      '--set-env-vars=A=1',
    );
    assert.not(deployed.failed, deployed.stderr);
    assert.is(deployed.json.name, 'projects/p/locations/europe-west1/workflows/flow');
    assert.is(deployed.json.state, 'ACTIVE');

    const ran = await gcloud('run', 'flow', '--data={"n": 21}');
    assert.not(ran.failed, ran.stderr);
    assert.is(ran.json.state, 'SUCCEEDED');
    assert.is(ran.json.result, '{"twice":42}');
    const failed = await gcloud('run', 'flow', '--data={"n": -1}');
    assert.is(failed.json.state, 'FAILED');
    assert.equal(JSON.parse(failed.json.error.payload), { code: 7, message: 'negative' });
    assert.match(failed.json.error.context, /in step "check", routine "main", line: 8/);

    const again = await gcloud('deploy', 'flow', `--source=${file}`, '--description=changed');
    assert.is(again.json.description, 'changed');
    assert.is(again.json.labels.team, 'a');
    assert.match(again.json.revisionId, /^000001-/);

    const started = await gcloud('execute', 'flow', '--data={"n": 3000}');
    const id = started.json.name.split('/').at(-1);
    const [active, all, described, workflows] = await Promise.all([
      gcloud('executions', 'list', 'flow', '--filter=state=ACTIVE'),
      gcloud('executions', 'list', 'flow', '--limit=10'),
      gcloud('executions', 'describe', id, '--workflow=flow'),
      gcloud('list'),
    ]);
    assert.equal(
      active.json.map(({ name }: Json) => name),
      [started.json.name],
    );
    assert.equal(
      all.json.map(({ state }: Json) => state),
      ['ACTIVE', 'FAILED', 'SUCCEEDED'],
    );
    assert.equal(described.json.status.currentSteps, [{ routine: 'main', step: 'check' }]);
    assert.is(workflows.json.length, 1);
    const cancelled = await gcloud('executions', 'cancel', id, '--workflow=flow');
    assert.is(cancelled.json.state, 'CANCELLED');
    const waited = await gcloud('executions', 'wait', id, '--workflow=flow');
    assert.is(waited.json.state, 'CANCELLED');
    const deleted = await gcloud('delete', 'flow', '--quiet');
    assert.not(deleted.failed, deleted.stderr);
    assert.equal((await gcloud('list')).json, []);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
