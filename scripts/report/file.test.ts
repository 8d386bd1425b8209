import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UsageError } from '../flags.ts';
import { reportFile } from './file.ts';

const test = suite('report file');

let folder: string;
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-file-'));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

async function refusal(name: string): Promise<string> {
  try {
    await reportFile(join(folder, name));
  } catch (error) {
    assert.instance(error, UsageError);
    return (error as Error).message;
  }
  throw new Error(`${name} was taken`);
}

test('a file is replaced whole, and looking at it changes nothing', async () => {
  const path = join(folder, 'r.html');
  writeFileSync(path, 'old');
  const file = await reportFile(path);
  assert.is(readFileSync(path, 'utf8'), 'old');
  assert.is(await file.write('néw'), 4);
  assert.is(readFileSync(path, 'utf8'), 'néw');
  assert.equal(readdirSync(folder), ['r.html']);
});

test('nothing is left behind where nothing is written', async () => {
  await reportFile(join(folder, 'new.html'));
  assert.equal(readdirSync(folder), []);
});

test('what a link leads to is replaced, not the link', async () => {
  const path = join(folder, 'there.html');
  writeFileSync(path, 'old');
  symlinkSync(path, join(folder, 'link.html'));
  await (await reportFile(join(folder, 'link.html'))).write('new');
  assert.is(readFileSync(path, 'utf8'), 'new');
});

test('folders, other kinds of files, and places that are not there are refused', async () => {
  mkdirSync(join(folder, 'folder.html'));
  writeFileSync(join(folder, 'file.html'), '');
  symlinkSync('/dev/null', join(folder, 'device.html'));
  assert.match(await refusal('folder.html'), /this is a folder/);
  assert.match(await refusal('replicator.config.ts'), /a name that ends in \.html/);
  assert.match(await refusal('nowhere/r.html'), /there is no folder .*nowhere/);
  assert.match(await refusal('file.html/r.html'), /file\.html is no folder/);
  assert.match(await refusal('device.html'), /no ordinary file/);
  assert.ok(existsSync('/dev/null'));
});

test('a folder that may not be written to is refused', async () => {
  // Root may write to any.
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  assert.match(await refusal('r.html'), /it may not be written \(EACCES\)/);
  chmodSync(folder, 0o700);
});

test('what cannot be written at the end leaves the old one', async () => {
  const path = join(folder, 'sub.html');
  const file = await reportFile(path);
  mkdirSync(path);
  let failed = false;
  await file.write('new').catch(() => {
    failed = true;
  });
  assert.ok(failed);
  assert.equal(readdirSync(folder), ['sub.html']);
});

test.run();
