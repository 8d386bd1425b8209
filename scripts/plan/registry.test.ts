import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../config-file.ts';

test('without its emulator plan says so once, in place of a wait for each follower', async () => {
  const env = { ...process.env, REPLICATOR_EMULATOR_HOST: '127.0.0.1:2' };
  const { code, stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'scripts/plan.ts', '--config', 'scripts/demo/replicator.config.ts'],
    { cwd: root, env },
  ).then(
    (said) => ({ code: 0, ...said }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  assert.is(code, 1, stderr);
  assert.is(stdout, '');
  assert.match(
    stderr,
    /^plan: GET .*ECONNREFUSED.* Is the emulator running there\? npm run emulator -- --port 2$/m,
  );
});

test.run();
