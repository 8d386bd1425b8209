/** What `--data` keeps: everything, across a restart and a kill, at the same cost for every push. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { bareImages, seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { attachment, blob, image, index, push, pushBlob } from './images.ts';
import { listAll, send } from './rest.ts';

const test = suite<{ data: string }>('persistence');
const name = 'projects/example.com:p/locations/us/repositories/r';
const path = 'us/example.com/p/r/team/app';

test.before.each((context) => {
  context.data = mkdtempSync(join(tmpdir(), 'emulator-data-'));
});
test.after.each(({ data }) => rmSync(data, { recursive: true }));

async function snapshot({ url }: Emulator): Promise<unknown> {
  const { body: repository } = await send(`${url}/v1/${name}`);
  const { body: policy } = await send(`${url}/v1/${name}:getIamPolicy`);
  const lists = await Promise.all(
    ['packages', 'dockerImages', 'files', 'attachments'].map((list) =>
      listAll(`${url}/v1/${name}/${list}`, list),
    ),
  );
  return { repository, policy, lists: lists.map(({ items }) => items) };
}

test('a restart changes nothing', async ({ data }) => {
  const clock = drivenClock();
  const first = await startEmulator({ data, clock });
  seed(first.registry, name, { resource: { labels: { a: 'b' } } });
  const { url } = first;
  const both = index([image('one'), image('two', { architecture: 'arm64' })]);
  await push(url, path, both, 'v1');
  await push(url, path, attachment(both, 'sbom'));
  await push(url, path, image('one'), 'moved');
  await push(url, path, image('three'), 'moved');
  await push(url, path, image('gone'), 'gone');
  await pushBlob(url, path, blob('not used yet'));
  await send(`${url}/v1/${name}/packages/team%2Fapp/tags/gone`, 'DELETE');
  await send(`${url}/v1/${name}/packages/team%2Fapp/versions/${image('gone').digest}`, 'DELETE');
  await send(`${url}/v1/${name}:setIamPolicy`, 'POST', {
    policy: { bindings: [{ role: 'r', members: ['m'] }] },
  });
  seed(first.registry, 'projects/p/locations/us/repositories/deleted');
  await send(`${url}/v1/projects/p/locations/us/repositories/deleted`, 'DELETE');
  const before = await snapshot(first);
  await first.close();

  const second = await startEmulator({ data, clock: drivenClock({ start: clock.now() + 1000 }) });
  assert.equal(await snapshot(second), before);
  assert.is((await send(`${second.url}/v1/projects/p/locations/us/repositories/deleted`)).status, 404);
  assert.is(
    await (await fetch(`${second.url}/v2/${path}/blobs/${blob('not used yet').digest}`)).text(),
    'not used yet',
  );
  const pulled = await fetch(`${second.url}/v2/${path}/manifests/v1`);
  assert.equal(Buffer.from(await pulled.arrayBuffer()), Buffer.from(both.bytes));
  await push(second.url, path, image('four'), 'after');
  await second.close();
  const third = await startEmulator({ data });
  assert.is((await send(`${third.url}/v2/${path}/manifests/after`)).status, 200);
  await third.close();
});

test('what a kill left unfinished is dropped, and blobs that nobody wants with it', async ({ data }) => {
  const first = await startEmulator({ data });
  seed(first.registry, name);
  await push(first.url, path, image('one'), 'v1');
  await push(first.url, path, image('two'), 'v2');
  const { digest } = image('two');
  await send(`${first.url}/v1/${name}/packages/team%2Fapp/versions/${digest}?force=true`, 'DELETE');
  const before = await snapshot(first);
  const stray = first.registry.blobs.path(digest.slice(7));
  assert.ok(existsSync(stray));
  await first.close();
  const folder = join(data, 'registry', 'repositories');
  const [journal = ''] = readdirSync(folder);
  appendFileSync(join(folder, journal), '{"is":"version","package":"team/app","ver');
  const second = await startEmulator({ data });
  assert.equal(await snapshot(second), before);
  assert.not.ok(existsSync(stray));
  await second.close();
});

test('a push costs the same whatever is there, and what is gone is cleared away in the end', async ({
  data,
}) => {
  const first = await startEmulator({ data });
  seed(first.registry, name, { packages: { many: bareImages(3000) } });
  const folder = join(data, 'registry', 'repositories');
  const size = () => statSync(join(folder, readdirSync(folder)[0] ?? '')).size;
  const full = size();
  await push(first.url, path, image('one'), 'v1');
  assert.ok(size() - full < 2000, `${size() - full} bytes for one push`);
  await send(`${first.url}/v1/${name}/packages/many`, 'DELETE');
  await first.close();
  const second = await startEmulator({ data });
  assert.ok(size() < 3000, `${size()} bytes left`);
  assert.is((await send(`${second.url}/v2/${path}/manifests/v1`)).status, 200);
  await second.close();
});

test('without a folder nothing is left', async () => {
  const emulator = await startEmulator();
  const { dataDir } = emulator.context;
  assert.ok(existsSync(dataDir));
  await emulator.close();
  assert.not.ok(existsSync(dataDir));
});

test.run();
