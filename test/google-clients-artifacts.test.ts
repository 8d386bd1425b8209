/** Google's own client for Artifact Registry, as the job uses it, against the emulator. */
import { ArtifactRegistryClient } from '@google-cloud/artifact-registry';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answered } from '../emulator/answer.ts';
import { bareImages, digestOf, seed } from '../emulator/registry/seed.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { image, push } from './images.ts';

const test = suite('Google’s client');
const place = 'projects/p/locations/us';
const name = `${place}/repositories/r`;
const parent = `${name}/packages/team%2Fapp`;

let emulator: Emulator;
let client: ArtifactRegistryClient;
const requests: Answered[] = [];

test.before(async () => {
  emulator = await startEmulator({ onRequest: (answered) => requests.push(answered) });
  client = new ArtifactRegistryClient({
    apiEndpoint: '127.0.0.1',
    port: emulator.port,
    protocol: 'http',
    fallback: true,
    projectId: 'p',
    // The client wants somebody who signs its requests; the emulator looks at no signature.
    authClient: {
      getRequestHeaders: async () => new Headers(),
      fetch: (url: string, options: RequestInit) => fetch(url, options),
    } as never,
  });
});
test.after(async () => {
  await client.close();
  await emulator.close();
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

const idOf = (full: string | null | undefined) => full?.split('/').at(-1);

test('pages rightly through 3,000 versions, tags and images', async () => {
  seed(emulator.registry, name, { packages: { 'team/app': bareImages(3000) } });
  requests.length = 0;
  const versions = await all(client.listVersionsAsync({ parent, pageSize: 1000, view: 'FULL' }));
  assert.is(requests.length, 3);
  assert.is(new Set(versions.map((each) => each.name)).size, 3000);
  const first = versions.find((each) => idOf(each.name) === digestOf('image 0'));
  assert.is(idOf(first?.relatedTags?.[0]?.name), 'v0');
  const tags = await all(client.listTagsAsync({ parent, pageSize: 700 }));
  assert.is(new Set(tags.map((each) => each.name)).size, 3000);
  const images = await all(client.listDockerImagesAsync({ parent: name, pageSize: 1000 }));
  assert.is(new Set(images.map((each) => each.name)).size, 3000);
  assert.is(Number(images[0]?.imageSizeBytes) >= 1000, true);
  const files = await all(client.listFilesAsync({ parent: name, pageSize: 1000 }));
  assert.is(new Set(files.map((each) => each.name)).size, 3000);
  assert.is(files[0]?.hashes?.[0]?.type, 'SHA256');
});

test('names that it returned are used as they are', async () => {
  const [version] = await client.getVersion({ name: `${parent}/versions/${digestOf('image 1')}`, view: 2 });
  assert.is(version.name, `${parent}/versions/${digestOf('image 1')}`);
  assert.is(version.relatedTags?.length, 1);
  const [tag] = await client.getTag({ name: `${parent}/tags/v1` });
  assert.is(tag.version, version.name);
});

test('operations, tags and deletes', async () => {
  const [creating] = await client.createRepository({
    parent: place,
    repositoryId: 'made',
    repository: { format: 'DOCKER', labels: { a: 'b' } },
  });
  const [made] = await creating.promise();
  assert.is(made.name, `${place}/repositories/made`);
  // With enum-encoding=int the client may hand out numbers.
  assert.ok(['DOCKER', 1].includes(made.format ?? ''));
  const repositories = await all(client.listRepositoriesAsync({ parent: place, pageSize: 1 }));
  assert.equal(
    repositories.map((each) => idOf(each.name)),
    ['made', 'r'],
  );

  const [one, two] = [image('one'), image('two')];
  await push(emulator.url, 'us/p/made/a/b', one, 'v1');
  await push(emulator.url, 'us/p/made/a/b', two);
  const at = `${place}/repositories/made/packages/a%2Fb`;
  const [created] = await client.createTag({
    parent: at,
    tagId: 'new',
    tag: { version: `${at}/versions/${two.digest}` },
  });
  assert.is(created.name, `${at}/tags/new`);
  const [moved] = await client.updateTag({
    tag: { name: `${at}/tags/new`, version: `${at}/versions/${one.digest}` },
    updateMask: { paths: ['version'] },
  });
  assert.is(idOf(moved.version), one.digest);
  const names = [one, two].map(({ digest }) => `${at}/versions/${digest}`);
  const [batch] = await client.batchDeleteVersions({ parent: at, names });
  const [, metadata] = await batch.promise();
  assert.equal((metadata as { failedVersions?: string[] }).failedVersions, [names[0]]);
  await client.deleteTag({ name: `${at}/tags/new` });
  const [deleting] = await client.deleteVersion({ name: names[0] ?? '', force: true });
  await deleting.promise();
  assert.equal(await all(client.listVersionsAsync({ parent: at })), []);
});

test('errors carry the code of their status', async () => {
  const cases: [() => Promise<unknown>, number, RegExp][] = [
    [() => client.getRepository({ name: `${place}/repositories/none` }), 5, /not found/],
    [() => client.listVersions({ parent: `${name}/packages/none` }), 5, /not found/],
    [() => client.deleteVersion({ name: `${parent}/versions/${digestOf('image 2')}` }), 9, /DANGLING_TAG/],
  ];
  for (const [work, code, text] of cases) {
    const error = await work().then(
      () => ({ code: 0, message: 'nothing failed' }),
      (failed: { code: number; message: string }) => failed,
    );
    assert.match(error.message, text);
    // google.rpc.Code, since this authClient's fetch, like the platform's, doesn't throw on a status.
    assert.is(error.code, code);
  }
});

test.run();
