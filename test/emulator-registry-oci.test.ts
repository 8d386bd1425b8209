/** The distribution protocol as clients speak it, and where Artifact Registry differs from other registries. */
import { request } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drivenClock } from '../emulator/clock.ts';
import { bareImages, seed } from '../emulator/registry/seed.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';
import {
  type Artifact,
  attachment,
  type Blob,
  blob,
  digestOf,
  image,
  index,
  push,
  pushBlob,
  types,
} from './images.ts';
import { send } from './rest.ts';

const name = 'projects/p/locations/us/repositories/r';
const path = 'us/p/r/app';

async function using(
  body: (v2: string, emulator: Emulator) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  const emulator = await startEmulator({ clock: drivenClock(), ...options });
  seed(emulator.registry, name);
  try {
    await body(`${emulator.url}/v2`, emulator);
  } finally {
    await emulator.close();
  }
}

const code = (answer: { body: { errors?: { code: string }[] } }) => answer.body.errors?.[0]?.code;

async function session(v2: string, image = path): Promise<string> {
  const { status, headers } = await send(`${v2}/${image}/blobs/uploads/`, 'POST');
  assert.is(status, 202);
  assert.ok(headers.get('docker-upload-uuid'));
  return new URL(headers.get('location') ?? '', v2).href;
}

const withDigest = (location: string, digest: string) => `${location}?${new URLSearchParams({ digest })}`;

test('the ping, the empty catalog, and what is not there', () =>
  using(async (v2) => {
    for (const address of [v2, `${v2}/`]) {
      const { status, headers } = await send(address);
      assert.is(status, 200);
      assert.is(headers.get('docker-distribution-api-version'), 'registry/2.0');
    }
    assert.equal((await send(`${v2}/_catalog`)).body, { repositories: [] });
    const absent = `sha256:${'0'.repeat(64)}`;
    for (const [address, status, expected] of [
      [`us/p/none/app/manifests/v1`, 404, 'NAME_UNKNOWN'],
      [`us/p/r/manifests/v1`, 400, 'NAME_INVALID'],
      [`us/p/r/App/manifests/v1`, 400, 'NAME_INVALID'],
      [`${path}/manifests/v1`, 404, 'MANIFEST_UNKNOWN'],
      [`${path}/blobs/${absent}`, 404, 'BLOB_UNKNOWN'],
      [`${path}/blobs/md5:1`, 400, 'DIGEST_INVALID'],
      [`${path}/tags/list`, 404, 'NAME_UNKNOWN'],
      [`${path}/nothing`, 404, 'NAME_UNKNOWN'],
    ] as const) {
      const answer = await send(`${v2}/${address}`);
      assert.is(answer.status, status, address);
      assert.is(code(answer), expected, address);
    }
    const upload = await send(`${v2}/us/p/none/app/blobs/uploads/`, 'POST');
    assert.equal([upload.status, code(upload)], [404, 'NAME_UNKNOWN']);
    assert.is((await send(`${v2}/${path}/tags/list`, 'DELETE')).status, 405);
  }));

test('a repository of another format or mode takes no images', () =>
  using(async (v2, { registry }) => {
    seed(registry, 'projects/p/locations/us/repositories/npm', { format: 'NPM' });
    seed(registry, 'projects/p/locations/us/repositories/remote', { mode: 'REMOTE_REPOSITORY' });
    assert.is((await send(`${v2}/us/p/npm/app/manifests/v1`)).status, 400);
    assert.is((await send(`${v2}/us/p/remote/app/blobs/uploads/`, 'POST')).status, 405);
    assert.is((await send(`${v2}/us/p/remote/app/manifests/v1`)).status, 404);
  }));

test('a blob goes up in one PUT, in one POST, or in one PATCH and an empty PUT', () =>
  using(async (v2) => {
    const check = async ({ digest, bytes }: Blob) => {
      const got = await fetch(`${v2}/${path}/blobs/${digest}`);
      assert.is(got.status, 200);
      assert.is(got.headers.get('docker-content-digest'), digest);
      assert.equal(Buffer.from(await got.arrayBuffer()), Buffer.from(bytes));
      const head = await send(`${v2}/${path}/blobs/${digest}`, 'HEAD');
      assert.is(head.headers.get('content-length'), String(bytes.length));
    };
    const put = blob('by put');
    await pushBlob(v2.replace('/v2', ''), path, put);
    await check(put);

    const posted = blob('by post');
    const post = await send(`${v2}/${path}/blobs/uploads/?digest=${posted.digest}`, 'POST', posted.bytes);
    assert.is(post.status, 201);
    assert.is(post.headers.get('location'), `/v2/${path}/blobs/${posted.digest}`);
    await check(posted);

    const patched = blob(Buffer.alloc(3_000_000, 'x'));
    const location = await session(v2);
    const patch = await send(location, 'PATCH', patched.bytes);
    assert.is(patch.status, 202);
    assert.is(patch.headers.get('range'), '0-2999999');
    const status = await send(location);
    assert.equal([status.status, status.headers.get('range')], [204, '0-2999999']);
    assert.is((await send(withDigest(location, patched.digest), 'PUT')).status, 201);
    await check(patched);
    assert.is(code(await send(withDigest(location, patched.digest), 'PUT')), 'BLOB_UPLOAD_UNKNOWN');

    const nothing = blob('');
    await pushBlob(v2.replace('/v2', ''), path, nothing);
    await check(nothing);
  }));

test('chunks are refused: a Content-Range, a second PATCH, a PUT with more', () =>
  using(async (v2) => {
    const whole = blob('0123456789');
    const ranged = await session(v2);
    const first = await send(ranged, 'PATCH', '01234', { 'content-range': '0-4' });
    assert.equal([first.status, code(first)], [416, 'BLOB_UPLOAD_INVALID']);
    assert.is((await send(withDigest(ranged, whole.digest), 'PUT', whole.bytes)).status, 201);

    const twice = await session(v2);
    assert.is((await send(twice, 'PATCH', '01234')).status, 202);
    const second = await send(twice, 'PATCH', '56789');
    assert.equal([second.status, second.headers.get('range')], [416, '0-4']);
    for (const more of ['56789', Buffer.alloc(20 << 20)])
      assert.is((await send(withDigest(twice, whole.digest), 'PUT', more)).status, 416);
  }));

test('a wrong digest keeps nothing; a session can be given up', () =>
  using(async (v2) => {
    const { bytes } = blob('content');
    const other = digestOf(Buffer.from('other'));
    const location = await session(v2);
    assert.is(code(await send(location, 'PUT', bytes)), 'DIGEST_INVALID');
    const wrong = await send(withDigest(location, other), 'PUT', bytes);
    assert.equal([wrong.status, code(wrong)], [400, 'DIGEST_INVALID']);
    assert.is((await send(`${v2}/${path}/blobs/${other}`)).status, 404);
    assert.is((await send(withDigest(location, digestOf(bytes)), 'PUT', bytes)).status, 404);
    const given = await session(v2);
    assert.is((await send(given, 'DELETE')).status, 204);
    assert.is((await send(given)).status, 404);
    assert.is((await send(given, 'OPTIONS')).status, 404 + 1);
  }));

test('an upload that breaks off leaves nothing behind', () =>
  using(async (v2) => {
    const { bytes, digest } = blob(Buffer.alloc(100_000, 'y'));
    const location = await session(v2);
    await new Promise<void>((resolve) => {
      const sending = request(withDigest(location, digest), {
        method: 'PUT',
        headers: { 'content-length': bytes.length },
      });
      sending.on('error', () => resolve());
      sending.write(bytes.subarray(0, 50_000), () => setTimeout(() => sending.destroy(), 20));
    });
    for (let turn = 0; turn < 50 && (await send(location)).status !== 404; turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.is((await send(location)).status, 404);
    assert.is((await send(`${v2}/${path}/blobs/${digest}`)).status, 404);
    await pushBlob(v2.replace('/v2', ''), path, { bytes, digest });
  }));

test('ranges of a blob', () =>
  using(async (v2) => {
    const { digest } = blob('0123456789');
    await pushBlob(v2.replace('/v2', ''), path, blob('0123456789'));
    for (const [range, status, text, contentRange] of [
      ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
      ['bytes=7-', 206, '789', 'bytes 7-9/10'],
      ['bytes=-3', 206, '789', 'bytes 7-9/10'],
      ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
      ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
      ['bytes=4-2', 200, '0123456789', null],
      ['bytes=0-1,3-4', 200, '0123456789', null],
      ['items=0-1', 200, '0123456789', null],
    ] as const) {
      const { body, ...answer } = await send(`${v2}/${path}/blobs/${digest}`, 'GET', undefined, { range });
      assert.equal([answer.status, body], [status, text], range);
      assert.is(answer.headers.get('content-range'), contentRange, range);
    }
    for (const range of ['bytes=10-', 'bytes=-0']) {
      const beyond = await send(`${v2}/${path}/blobs/${digest}`, 'GET', undefined, { range });
      assert.equal([beyond.status, beyond.headers.get('content-range')], [416, 'bytes */10'], range);
    }
  }));

test('a blob is mounted from another image, of another repository too; otherwise it must be sent', () =>
  using(async (v2, { registry, url }) => {
    seed(registry, 'projects/example.com:q/locations/europe/repositories/s');
    const layer = blob('layer');
    await pushBlob(url, path, layer);
    const mount = (to: string, from?: string, digest = layer.digest) =>
      send(
        `${v2}/${to}/blobs/uploads/?${new URLSearchParams({ mount: digest, ...(from && { from }) })}`,
        'POST',
      );
    for (const to of ['us/p/r/other', 'europe/example.com/q/s/app']) {
      assert.is((await mount(to, path)).status, 201);
      assert.is((await send(`${v2}/${to}/blobs/${layer.digest}`)).body, 'layer');
    }
    for (const from of [undefined, 'us/p/none/app', 'nonsense'])
      assert.is((await mount(path, from)).status, 202);
    assert.is((await mount(path, path, digestOf(Buffer.from('absent')))).status, 202);
    assert.is((await mount(path, path, 'sha256:short')).status, 400);
  }));

test('a blob is deleted unless a manifest needs it', () =>
  using(async (v2, { url }) => {
    const loose = blob('loose');
    await pushBlob(url, path, loose);
    assert.is((await send(`${v2}/${path}/blobs/${loose.digest}`, 'DELETE')).status, 202);
    assert.is((await send(`${v2}/${path}/blobs/${loose.digest}`)).status, 404);
    assert.is((await send(`${v2}/${path}/blobs/${loose.digest}`, 'DELETE')).status, 404);
    const one = image('one');
    await push(url, path, one);
    assert.is((await send(`${v2}/${path}/blobs/${one.blobs[0]?.digest}`, 'DELETE')).status, 405);
  }));

test('blobs may be behind a redirect, as Artifact Registry has them', () =>
  using(
    async (v2, { url }) => {
      const layer = blob('layer');
      await pushBlob(url, path, layer);
      const { status, headers } = await send(`${v2}/${path}/blobs/${layer.digest}`);
      assert.is(status, 302);
      assert.match(headers.get('location') ?? '', /^\/artifacts-downloads\//);
      assert.is(await (await fetch(`${v2}/${path}/blobs/${layer.digest}`)).text(), 'layer');
      assert.is((await send(`${v2}/${path}/blobs/${layer.digest}`, 'HEAD')).status, 200);
    },
    { behavior: { blobRedirect: true } },
  ));

test('a manifest keeps its bytes and type, and answers only to who accepts it', () =>
  using(async (v2, { url }) => {
    const one = image('one', { annotations: { spaced: '  yes  ' } });
    const pushed = await push(url, path, one, 'v1');
    assert.is(pushed, one.digest);
    for (const reference of ['v1', one.digest]) {
      const got = await fetch(`${v2}/${path}/manifests/${reference}`);
      assert.is(got.headers.get('content-type'), types.manifest);
      assert.is(got.headers.get('docker-content-digest'), one.digest);
      assert.equal(Buffer.from(await got.arrayBuffer()), Buffer.from(one.bytes));
      const head = await send(`${v2}/${path}/manifests/${reference}`, 'HEAD');
      assert.equal([head.status, head.headers.get('content-length')], [200, String(one.bytes.length)]);
    }
    const docker = 'application/vnd.docker.distribution.manifest.v2+json';
    for (const [accept, status] of [
      [`${docker}, ${types.manifest};q=0.9`, 200],
      ['application/*', 200],
      ['*/*', 200],
      [docker, 404],
      [`${types.index}, ${docker}`, 404],
    ] as const) {
      const answer = await send(`${v2}/${path}/manifests/v1`, 'GET', undefined, { accept });
      assert.is(answer.status, status, accept);
      if (status === 404) assert.is(code(answer), 'MANIFEST_UNKNOWN');
    }
  }));

test('a manifest is refused until all it refers to is there, and when it is not what it says', () =>
  using(async (v2, { url }) => {
    const put = (artifact: Artifact, reference = artifact.digest, type = artifact.mediaType) =>
      send(`${v2}/${path}/manifests/${reference}`, 'PUT', artifact.bytes, { 'content-type': type });
    const one = image('one');
    const missing = await put(one);
    assert.equal([missing.status, code(missing)], [404, 'MANIFEST_BLOB_UNKNOWN']);
    assert.is(missing.body.errors[0].detail, one.blobs[0]?.digest);
    const both = index([one]);
    assert.is(code(await put(both)), 'MANIFEST_UNKNOWN');
    for (const each of one.blobs) await pushBlob(url, path, each);
    assert.is(code(await put(one, both.digest)), 'DIGEST_INVALID');
    assert.is(code(await put(one, '.bad')), 'TAG_INVALID');
    assert.is(code(await put(one, 'v1', types.index)), 'MANIFEST_INVALID');
    for (const size of [(4 << 20) + 1, 20 << 20])
      assert.is((await put({ ...one, bytes: Buffer.alloc(size, ' ') }, 'v1')).status, 413);
    const done = await put(one, 'v1');
    assert.is(done.status, 201);
    assert.is(done.headers.get('location'), `/v2/${path}/manifests/${one.digest}`);
    assert.is((await put(one, 'v2')).status, 201);
    assert.is((await put(both)).status, 201);
    const attached = attachment(one, 'x');
    for (const each of attached.blobs) await pushBlob(url, path, each);
    assert.is((await put(attached)).headers.get('oci-subject'), one.digest);
    const foreign: Artifact = {
      ...one,
      ...blob(
        JSON.stringify({
          schemaVersion: 2,
          config: { mediaType: types.config, digest: one.blobs[0]?.digest, size: 1 },
          layers: [
            { mediaType: types.layer, digest: digestOf(Buffer.from('far')), size: 3, urls: ['https://x/y'] },
          ],
        }),
      ),
    };
    assert.is((await put(foreign)).status, 201);
  }));

test('deleting by tag takes the tag, by digest the version, once nothing refers to it', () =>
  using(async (v2, { url }) => {
    const remove = (reference: string) => send(`${v2}/${path}/manifests/${reference}`, 'DELETE');
    const one = image('one');
    const both = index([one]);
    await push(url, path, both, 'v1');
    for (const [reference, expected] of [
      [both.digest, 'GOOGLE_MANIFEST_DANGLING_TAG'],
      [one.digest, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE'],
    ] as const) {
      const answer = await remove(reference);
      assert.equal([answer.status, code(answer)], [400, expected]);
    }
    assert.is((await remove('v1')).status, 202);
    assert.is((await send(`${v2}/${path}/manifests/${both.digest}`)).status, 200);
    assert.is((await remove(both.digest)).status, 202);
    assert.is((await remove(one.digest)).status, 202);
    assert.is(code(await remove(one.digest)), 'MANIFEST_UNKNOWN');
  }));

test('immutable tags: pushed again as they are, not over', () =>
  using(async (v2, { registry, url }) => {
    seed(registry, 'projects/p/locations/us/repositories/fixed', {
      resource: { dockerConfig: { immutableTags: true } },
    });
    const fixed = 'us/p/fixed/app';
    await push(url, fixed, image('one'), 'v1');
    await push(url, fixed, image('one'), 'v1');
    await push(url, fixed, image('one'), 'v2');
    const two = image('two');
    for (const each of two.blobs) await pushBlob(url, fixed, each);
    const over = await send(`${v2}/${fixed}/manifests/v1`, 'PUT', two.bytes, {
      'content-type': two.mediaType,
    });
    assert.equal([over.status, code(over)], [400, 'MANIFEST_INVALID']);
    assert.is((await send(`${v2}/${fixed}/manifests/${two.digest}`)).status, 404);
    assert.is((await send(`${v2}/${fixed}/manifests/v1`, 'DELETE')).status, 400);
  }));

test('tags come in order, by pages that a Link connects, 10,000 at most', () =>
  using(async (v2, { registry }) => {
    seed(registry, name, { packages: { app: bareImages(2, 'x', 6000) } });
    const seen: string[] = [];
    let pages = 0;
    for (let address = `${v2}/${path}/tags/list`; address; pages++) {
      const { body, headers } = await send(address);
      assert.is(body.name, path);
      seen.push(...body.tags);
      const link = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      address = link ? new URL(link, v2).href : '';
    }
    assert.is(pages, 2);
    assert.is(new Set(seen).size, 12_000);
    assert.equal(seen, [...seen].sort());
    const few = await send(`${v2}/${path}/tags/list?n=2&last=v1`);
    assert.equal(few.body.tags, ['v1-1', 'v1-10']);
    assert.match(few.headers.get('link') ?? '', /n=2&last=v1-10/);
    assert.equal((await send(`${v2}/${path}/tags/list?n=0`)).body.tags, []);
    assert.is((await send(`${v2}/${path}/tags/list?n=x`)).status, 400);
  }));

test('referrers, all and of one type', () =>
  using(async (v2, { url }) => {
    const one = image('one');
    await push(url, path, one, 'v1');
    const empty = await send(`${v2}/${path}/referrers/${one.digest}`);
    assert.equal(empty.body, { schemaVersion: 2, mediaType: types.index, manifests: [] });
    const sbom = attachment(one, 'sbom');
    const signature = attachment(one, 'signature', 'application/vnd.example.signature');
    await push(url, path, sbom);
    await push(url, path, signature);
    const all = await send(`${v2}/${path}/referrers/${one.digest}`);
    assert.is(all.headers.get('content-type'), types.index);
    assert.is(all.body.manifests.length, 2);
    const some = await send(
      `${v2}/${path}/referrers/${one.digest}?artifactType=application/vnd.example.sbom`,
    );
    assert.is(some.headers.get('oci-filters-applied'), 'artifactType');
    assert.equal(some.body.manifests, [
      {
        mediaType: types.manifest,
        digest: sbom.digest,
        size: sbom.bytes.length,
        artifactType: 'application/vnd.example.sbom',
        annotations: { 'org.example.about': 'sbom' },
      },
    ]);
    const orphan = await send(`${v2}/us/p/r/none/referrers/${one.digest}`);
    assert.equal([orphan.status, orphan.body.manifests], [200, []]);
  }));

test('putting a tag on what is there touches its update time, or doesn’t', async () => {
  for (const retagTouchesUpdateTime of [false, true])
    await using(
      async (_, { url, clock }) => {
        const digest = await push(url, path, image('one'), 'v1');
        await (clock as ReturnType<typeof drivenClock>).advance(60_000);
        await push(url, path, image('one'), 'v2');
        const { body } = await send(`${url}/v1/${name}/packages/app/versions/${digest}`);
        assert.is(body.createTime, '2026-01-01T00:00:00.000Z');
        assert.is(body.updateTime, `2026-01-01T00:0${retagTouchesUpdateTime ? 1 : 0}:00.000Z`);
      },
      { behavior: { retagTouchesUpdateTime } },
    );
});

test('images without bytes are listed but can’t be pulled', () =>
  using(async (v2, { registry, url }) => {
    const bare = [...bareImages(1)];
    seed(registry, name, { packages: { app: bare } });
    assert.is(code(await send(`${v2}/${path}/manifests/v0`)), 'MANIFEST_UNKNOWN');
    assert.is((await send(`${v2}/${path}/blobs/${bare[0]?.id}`)).status, 404);
    assert.is((await send(`${url}/v1/${name}/dockerImages`)).body.dockerImages.length, 1);
  }));

test.run();
