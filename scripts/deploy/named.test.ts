import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../config-file.ts';
import { checkNamed } from './named.ts';

const right = { name: 'replicator', project: 'acme', region: 'europe-west1' };

test('what may be a replicator is taken, in a region that is not known too', () => {
  for (const one of [right, { ...right, project: 'example.com:acme' }, { ...right, region: 'europe-west99' }])
    checkNamed(one);
});

test('what cannot be one is refused, with all that is wrong', () => {
  assert.throws(
    () => checkNamed({ ...right, name: 'a b/..' }),
    /malformed workflow name "a b\/\.\."; write "a-b"/,
  );
  assert.throws(
    () => checkNamed({ ...right, project: '123' }),
    /"123" is a project number; write the id: gcloud/,
  );
  assert.throws(() => checkNamed({ ...right, region: 'us' }), /"us" is a multi-region; .* "us-central1"/);
  const all = { name: '', project: 'Acme', region: 'Europe West1' };
  assert.throws(
    () => checkNamed(all),
    /^malformed workflow .*\nmalformed project .*\nunknown region "Europe West1"; /,
  );
});

test('destroy refuses it as usage', async () => {
  const flags = ['--name', 'a b/..', '--project', 'acme', '--region', 'europe-west1'];
  // Nobody is there: it has to be refused before anything is asked.
  const env = { ...process.env, REPLICATOR_EMULATOR_HOST: '127.0.0.1:2' };
  const command = ['--import', 'tsx', 'scripts/destroy.ts', ...flags];
  const { code, stderr } = await promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
    (said) => ({ code: 0, ...said }),
    (error: { code: number; stderr: string }) => error,
  );
  assert.is(code, 64, stderr);
  assert.match(stderr, /^destroy: malformed workflow name/);
});

test.run();
