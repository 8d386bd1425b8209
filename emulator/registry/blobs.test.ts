import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobStore } from './blobs.ts';

const test = suite<{ folder: string; store: BlobStore }>('blobs');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'blobs-'));
  context.store = new BlobStore(context.folder);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

test('a stream of many pieces, small and large, arrives as it was', async ({ store }) => {
  const pieces = Array.from({ length: 300 }, (_, index) => Buffer.alloc((index % 7) * 10_000 + 1, index));
  const content = Buffer.concat(pieces);
  const receiving = store.receive();
  await store.fill(receiving, Readable.from(pieces));
  assert.is(receiving.size, content.length);
  assert.is(store.has(hash(content)), false);
  assert.is(store.finish(receiving, hash(content)), true);
  assert.equal(store.bytes(hash(content)), content);
  assert.is(store.size(hash(content)), content.length);
  const part: Buffer[] = [];
  for await (const piece of store.read(hash(content), { start: 5, end: 20_004 })) part.push(piece);
  assert.equal(Buffer.concat(part), content.subarray(5, 20_005));
});

test('a content that isn’t the one expected, or breaks off, is not kept', async ({ folder, store }) => {
  const wrong = store.receive();
  await store.fill(wrong, Readable.from([Buffer.from('a')]));
  assert.is(store.finish(wrong, hash(Buffer.from('b'))), false);
  const broken = store.receive();
  const source = async function* () {
    yield Buffer.from('a');
    throw new Error('gone');
  };
  let message = '';
  await store.fill(broken, source()).catch((error) => {
    message = error.message;
  });
  assert.is(message, 'gone');
  store.drop(broken);
  assert.equal(readdirSync(join(folder, 'incoming')), []);
});

test('an empty content is one', async ({ store }) => {
  const receiving = store.receive();
  await store.fill(receiving, Readable.from([]));
  assert.is(store.finish(receiving, hash(Buffer.alloc(0))), true);
  assert.is(store.size(hash(Buffer.alloc(0))), 0);
});

test('contents are swept and lost', ({ store }) => {
  const [kept, swept] = ['kept', 'swept'].map((text) => store.put(Buffer.from(text)).sha256);
  store.sweep(new Set([kept ?? '']));
  assert.equal([store.has(kept ?? ''), store.has(swept ?? '')], [true, false]);
  store.lose(kept ?? '');
  assert.is(store.bytes(kept ?? ''), undefined);
  assert.is(store.size(kept ?? ''), undefined);
});

test.run();
