import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startEmulator } from './server.ts';

const test = suite<{ data: string }>('data lock');

test.before.each((context) => {
  context.data = mkdtempSync(join(tmpdir(), 'emulator-data-'));
});
test.after.each(({ data }) => rmSync(data, { recursive: true }));

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));

const start = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', cli, ...args]);

async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('it started');
    },
    (error: Error) => error,
  );
}

test('a second emulator refuses a folder that one has, and changes nothing there', async ({ data }) => {
  const first = await startEmulator({ data });
  // What is being received, and what no version refers to yet.
  const receiving = first.registry.blobs.receive();
  writeFileSync(receiving.path, 'half of it');
  const { sha256 } = first.registry.blobs.put(Buffer.from('not used yet'));
  const elsewhere = await rejection(startEmulator({ data }));
  assert.match(
    elsewhere.message,
    `the folder ${data} is in use by another emulator (process ${process.pid})`,
  );
  const taken = await rejection(startEmulator({ data, port: first.port }));
  assert.match(taken.message, /EADDRINUSE/);
  assert.ok(existsSync(receiving.path));
  assert.ok(first.registry.blobs.has(sha256));
  await first.close();
  const second = await startEmulator({ data });
  await second.close();
  assert.equal(
    readdirSync(data).filter((name) => name.includes('lock')),
    [],
  );
});

test('of several that start at once one gets the folder, a stale lock or none', async ({ data }) => {
  for (const stale of [undefined, '{"process":1,"port":1}', '{"proc']) {
    if (stale !== undefined) writeFileSync(join(data, 'emulator.lock'), stale);
    const all = await Promise.allSettled([1, 2, 3].map(() => startEmulator({ data })));
    const started = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.is(started.length, 1);
    await started[0]?.close();
  }
});

test('a lock whose owner was killed blocks nobody, nor does one at the own port', async ({ data }) => {
  const child = start('--port', '0', '--data', data);
  await once(child.stdout, 'data');
  const refused = start('--port', '0', '--data', data);
  let said = '';
  refused.stderr.on('data', (text) => {
    said += text;
  });
  const [code] = await once(refused, 'close');
  assert.is(code, 1);
  assert.is(said, `emulator: the folder ${data} is in use by another emulator (process ${child.pid})\n`);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.match(readFileSync(join(data, 'emulator.lock'), 'utf8'), `"process":${child.pid}`);
  const next = await startEmulator({ data });
  const { port } = next;
  await next.close();
  // The id of a killed one may be another process's by now, at the port that is taken again.
  writeFileSync(join(data, 'emulator.lock'), JSON.stringify({ process: process.ppid, port }));
  const again = await startEmulator({ data, port });
  await again.close();
});

test.run();
