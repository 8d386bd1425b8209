import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { all, failureOf, refused, repository, type Scripted, scriptedRegistry } from './testing.ts';

const test = suite('listing');

const image = (name: string, more: Record<string, unknown> = {}) => ({
  name: `projects/acme/locations/us/repositories/prod/dockerImages/${name}`,
  uploadTime: '2025-01-02T03:04:05.678Z',
  updateTime: '2025-01-02T03:04:05.678901Z',
  imageSizeBytes: '12',
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  ...more,
});

/** Lists what a script of pages has. */
function listing(...pages: readonly Scripted[]) {
  const { registry, sent, clock } = scriptedRegistry(({ url }, index) =>
    /\/prod(\?|$)/.test(url) ? { body: { name: 'x' } } : (pages[index] ?? refused(400, 'no such page')),
  );
  return { work: all(registry.versions(repository, 'DOCKER')), sent, clock };
}

const page = (body: unknown): Scripted => ({ body });

test('goes on until a page has no token, past short and empty ones', async () => {
  const { work, sent } = listing(
    page({ dockerImages: [image('a@sha256:1')], nextPageToken: 'p/1' }),
    page({ nextPageToken: 'p2' }),
    page({ dockerImages: [], nextPageToken: 'p3' }),
    page({ dockerImages: [image('a@sha256:2')], nextPageToken: '' }),
  );
  assert.equal(
    (await work).map(({ version }) => version),
    ['sha256:1', 'sha256:2'],
  );
  const base = 'https://artifactregistry.googleapis.com/v1/projects/acme/locations/us/repositories/prod';
  assert.equal(
    sent.map(({ url }) => url),
    ['', '&pageToken=p%2F1', '&pageToken=p2', '&pageToken=p3'].map(
      (token) => `${base}/dockerImages?pageSize=1000${token}`,
    ),
  );
});

test('never ends early without a word', async () => {
  const first = page({ dockerImages: [image('a@sha256:1')], nextPageToken: 'p1' });
  const broken: [Scripted, RegExp][] = [
    [page('<html>sign in</html>'), /no JSON/],
    [page(''), /no JSON/],
    [page('[]'), /no JSON object/],
    [page('null'), /no JSON object/],
    [page({ dockerImages: {} }), /'dockerImages' is no list/],
    [page({ dockerImages: [{}] }), /has no name/],
    [page({ dockerImages: [null] }), /has no name/],
    [page({ dockerImages: [image('nothing')] }), /an image is named/],
    [page({ nextPageToken: 5 }), /page token is no text/],
    [page({ nextPageToken: 'p1' }), /same page token again/],
    [{ status: 302, headers: { location: 'https://example.org/' } }, /redirect/],
  ];
  for (const [second, text] of broken) {
    const error = await failureOf(listing(first, second).work);
    assert.is(error.kind, 'malformed', String(text));
    assert.match(error.message, text);
  }
  // A token that comes back later is a circle too.
  const circle = ['p1', 'p2', 'p1'].map((nextPageToken) => page({ nextPageToken }));
  assert.match((await failureOf(listing(...circle).work)).message, /same page token again/);
});

test('a page that fails fails the listing, after all retries', async () => {
  const { work, sent } = listing(
    page({ dockerImages: [image('a@sha256:1')], nextPageToken: 'p1' }),
    refused(403),
  );
  assert.is((await failureOf(work)).kind, 'permission');
  assert.is(sent.length, 2);
});

test('an empty listing beside a 403 is no empty repository', async () => {
  for (const format of ['DOCKER', 'MAVEN']) {
    const { registry } = scriptedRegistry(({ url }) => (/\/prod$/.test(url) ? refused(403) : {}));
    const error = await failureOf(all(registry.versions(repository, format)));
    assert.is(error.kind, 'permission');
    assert.match(
      error.message,
      /grant roles\/artifactregistry\.reader on projects\/acme\/locations\/us\/repositories\/prod/,
    );
    assert.is((await failureOf(all(registry.files(repository)))).kind, 'permission');
  }
});

test('an empty listing of a repository that can be read is empty', async () => {
  const { registry, sent } = scriptedRegistry(({ url }) =>
    /\/prod$/.test(url) ? { body: { name: 'x' } } : {},
  );
  assert.equal(await all(registry.versions(repository, 'DOCKER')), []);
  // The listing, and a look at the repository; once it was seen, no other.
  assert.is(sent.length, 2);
  assert.equal(await all(registry.versions(repository, 'DOCKER')), []);
  assert.is(sent.length, 3);
});

test('reads what an image shows', async () => {
  const index = 'application/vnd.oci.image.index.v1+json';
  const { work } = listing(
    page({
      dockerImages: [
        image('team%2Fapp@sha256:1', { tags: ['b', 'a'], subjectDigest: 'sha256:9', newer: { field: 1 } }),
        image('team%2Fapp@sha256:2', { mediaType: index, imageManifests: [{ digest: 'sha256:1' }] }),
        image('team%2Fapp@sha256:3', { mediaType: index, imageManifests: [{ digest: 'sha256:1' }, {}] }),
        image('te@sha256:4', { mediaType: undefined, uploadTime: undefined, imageSizeBytes: undefined }),
        // Should the service show the package decoded: it is the same package.
        image('team/app@sha256:5'),
      ],
    }),
  );
  const time = Date.UTC(2025, 0, 2, 3, 4, 5, 678);
  const common = { package: 'team%2Fapp', tags: [], createTime: time, updateTime: time, bytes: 12 };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  assert.equal(await work, [
    { ...common, version: 'sha256:1', tags: ['b', 'a'], mediaType, subject: 'sha256:9' },
    { ...common, version: 'sha256:2', mediaType: index, children: ['sha256:1'] },
    { ...common, version: 'sha256:3', mediaType: index },
    { ...common, package: 'te', version: 'sha256:4', createTime: 8.64e15, bytes: 0 },
    { ...common, version: 'sha256:5', mediaType },
  ]);
});

test('asks for the next page while the first is looked at, and for no more', async () => {
  const { registry, sent } = scriptedRegistry((_, index) => ({
    body: { dockerImages: [image(`a@sha256:${index}`)], nextPageToken: `p${index}` },
  }));
  for await (const _ of registry.versions(repository, 'DOCKER')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    break;
  }
  assert.is(sent.length, 2);
});

const versionOf = (packageId: string, id: string, more: Record<string, unknown> = {}) => ({
  name: `projects/acme/locations/us/repositories/prod/packages/${packageId}/versions/${id}`,
  createTime: '2025-01-01T00:00:00Z',
  updateTime: '2025-01-01T00:00:00Z',
  ...more,
});

test('other formats are listed package by package, with names as they came', async () => {
  const { registry, sent } = scriptedRegistry(({ url }) => {
    if (url.includes('/packages?'))
      return { body: { packages: [{ name: 'x/packages/com.acme:lib' }, { name: 'x/packages/@a%2Fb' }] } };
    const [, packageId = ''] = /packages\/([^/]+)\/versions/.exec(url) ?? [];
    return { body: { versions: [versionOf(packageId, '1.0%2B5')] } };
  });
  const found = await all(registry.versions(repository, 'MAVEN'));
  assert.equal(
    new Set(found.map((each) => `${each.package} ${each.version}`)),
    new Set(['com.acme:lib 1.0%2B5', '@a%2Fb 1.0%2B5']),
  );
  assert.is(sent.length, 3);
  assert.ok(sent.every(({ url }) => !url.includes('view=')));
  assert.ok(sent.some(({ url }) => url.includes('/packages/@a%2Fb/versions?pageSize=1000')));
});

test('a name arrives as it came: a path is decoded once on the way, all but an encoded slash', async () => {
  const { registry, sent } = scriptedRegistry(({ url }) =>
    url.includes('/packages?')
      ? { body: { packages: [{ name: 'x/packages/g%2B%2B%2Flib' }] } }
      : { body: { versions: [versionOf('g%2B%2B%2Flib', '1%5E2')] } },
  );
  assert.is((await all(registry.versions(repository, 'YUM'))).length, 1);
  await failureOf(registry.version(repository, 'g%2B%2B%2Flib', '1~2%2B%C3%A9'));
  const parent = '/v1/projects/acme/locations/us/repositories/prod/packages/g%252B%252B%2Flib/versions';
  assert.equal(
    sent.slice(1).map(({ url }) => new URL(url).pathname),
    [parent, `${parent}/1~2%252B%25C3%25A9`],
  );
});

test('a format that may have tags shows them, more than a hundred too', async () => {
  const tag = (id: string) => ({ name: `x/packages/a/tags/${id}`, version: 'x/packages/a/versions/1' });
  const many = Array.from({ length: 150 }, (_, index) => tag(`t${index}`));
  // KFP: the client of Kubeflow Pipelines tags its templates through this very API.
  for (const format of ['SOMETHING_NEW', 'NPM', 'KFP']) {
    const { registry, sent } = scriptedRegistry(({ url }) => {
      if (url.includes('/packages?')) return { body: { packages: [{ name: 'x/packages/a' }] } };
      if (url.includes('/tags?')) return { body: { tags: many } };
      return {
        body: {
          versions: [
            versionOf('a', '1', { relatedTags: many.slice(0, 100) }),
            versionOf('a', '2', { relatedTags: [tag('two')] }),
          ],
        },
      };
    });
    const found = await all(registry.versions(repository, format));
    assert.equal(
      found.map(({ tags }) => tags.length),
      [150, 1],
      format,
    );
    assert.ok(sent.some(({ url }) => url.endsWith('/packages/a/versions?pageSize=1000&view=FULL')));
    assert.is(sent.length, 3);
  }
});

test('files have their hashes, and the version that owns them', async () => {
  const { registry } = scriptedRegistry(() => ({
    body: {
      files: [
        {
          name: 'x/files/com%2Facme%2Flib.jar',
          owner: 'x/packages/com.acme:lib/versions/1.0',
          sizeBytes: '5',
          hashes: [
            { type: 'SHA256', value: 'bb' },
            { type: 'MD5', value: 'aa' },
          ],
          updateTime: '2025-01-01T00:00:00Z',
        },
        { name: 'x/files/index', owner: 'x/packages/com.acme:lib' },
      ],
    },
  }));
  assert.equal(await all(registry.files(repository)), [
    {
      file: 'com%2Facme%2Flib.jar',
      package: 'com.acme:lib',
      version: '1.0',
      hashes: ['MD5:aa', 'SHA256:bb'],
      bytes: 5,
      updateTime: Date.UTC(2025, 0, 1),
    },
    { file: 'index', hashes: [], bytes: 0, updateTime: 8.64e15 },
  ]);
});

test('attachments are the versions that they are', async () => {
  const { registry } = scriptedRegistry(() => ({
    body: {
      attachments: [{ name: 'x/a', ociVersionName: 'x/packages/a%2Fb/versions/sha256:1' }, { name: 'x/b' }],
    },
  }));
  assert.equal(await all(registry.attachments(repository)), [{ package: 'a%2Fb', version: 'sha256:1' }]);
});

test.run();
