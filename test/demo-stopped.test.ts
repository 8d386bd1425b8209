/** A demo that is stopped with Ctrl-C leaves nothing behind. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('demo that is stopped');

test('Ctrl-C takes away what it kept its images in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  try {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts'], {
      cwd: new URL('..', import.meta.url),
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('start_copy')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.is(code, 130);
    assert.equal(
      readdirSync(folder).filter((name) => name.startsWith('emulator-')),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
