/** Commands for whom nobody is logged in, or whose emulator is not there: what is wrong and what to do, and no more. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('no credentials');
const root = fileURLToPath(new URL('..', import.meta.url));
/** One that reads by itself, and one that uses Google's client. */
const readers = ['status', 'replicate'] as const;

let home: string;
test.before(() => {
  home = mkdtempSync(join(tmpdir(), 'replicator-home-'));
});
test.after(() => rmSync(home, { recursive: true, force: true }));

/** A command on a machine on which nobody has ever logged in. */
async function run(command: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; said: string }> {
  const { REPLICATOR_EMULATOR_HOST: _, GOOGLE_APPLICATION_CREDENTIALS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${command}.ts`], {
    cwd: root,
    env: { ...inherited, HOME: home, CLOUDSDK_CONFIG: home, METADATA_SERVER_DETECTION: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, said: out + err };
}

/** Lines, none of which is of a stack or blames the program. */
function assertPlain(command: string, said: string): void {
  assert.not.match(said, /^ {4}at |fault of the program|Warning/m, `${command}: ${said}`);
  assert.ok(said.trim().split('\n').length <= 2, `${command}: ${said}`);
}

test('without credentials each says how to log in', async () => {
  const ran = await Promise.all(readers.map((command) => run(command)));
  for (const [index, { code, said }] of ran.entries()) {
    const command = readers[index] ?? '';
    assert.is(code, 1, said);
    assert.match(said, /^\w+: Application Default Credentials .*gcloud auth application-default login/m);
    assertPlain(command, said);
  }
});

test('a file of credentials that is not there is named', async () => {
  const { code, said } = await run('status', { GOOGLE_APPLICATION_CREDENTIALS: join(home, 'none.json') });
  assert.is(code, 1);
  assert.match(said, /none\.json/);
  assertPlain('status', said);
});

test('an emulator that is not there is told apart from a fault of the program', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const env = { REPLICATOR_EMULATOR_HOST: `127.0.0.1:${port}` };
  const ran = await Promise.all(readers.map((command) => run(command, env)));
  for (const [index, { code, said }] of ran.entries()) {
    const command = readers[index] ?? '';
    assert.is(code, 1, said);
    assert.match(said, `npm run emulator -- --port ${port}`, command);
    assertPlain(command, said);
  }
});

test.run();
