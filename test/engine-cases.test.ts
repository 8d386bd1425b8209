/** The faults that people reported of other copiers, cases 6 to 19, each as its small input. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRepositoryName } from '../generator/resolve/repository-name.ts';
import {
  blobIn,
  copyAll,
  descriptorOf,
  imageIn,
  indexIn,
  missingIn,
  tagsOf,
  types,
} from '../job/engine/testing.ts';
import { readReference } from '../job/oci/reference.ts';
import { type FakeRegistry, startFakeRegistry, withTwoRegistries } from '../job/oci/testing.ts';

const test = suite('engine, cases');

const refuse = (
  response: Parameters<NonNullable<FakeRegistry['hook']>>[1],
  status: number,
  message: string,
  headers = {},
) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ errors: [{ code: 'TEST', message }] }));
  return true;
};

test('6: every type of manifest is asked for', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const made = [
      imageIn(from, ['a'], { tag: 'oci' }),
      from.manifest(
        'application/vnd.docker.distribution.manifest.list.v2+json',
        { schemaVersion: 2, manifests: [descriptorOf(from, imageIn(from, ['b']))] },
        'list',
      ),
    ];
    source.hook = ({ url, headers }, response) => {
      const held = from.manifests.get(
        from.tags.get(url.split('/').at(-1) ?? '') ?? url.split('/').at(-1) ?? '',
      );
      const isFit = !held || String(headers.accept).split(', ').includes(held.mediaType);
      return isFit ? false : refuse(response, 404, 'manifest unknown');
    };
    assert.is((await copyAll(source, destination)).error, undefined);
    assert.equal(Object.values(tagsOf(destination.repository('to/app'))).sort(), made.sort());
  }));

test('7: a blob goes up by one POST and one PUT', () =>
  withTwoRegistries(async (source, destination) => {
    imageIn(source.repository('from/app'), [Buffer.alloc(300_000, 'x')], { tag: '1' });
    assert.is((await copyAll(source, destination)).state, 'succeeded');
    const uploads = destination.came.filter(({ url }) => url.includes('/uploads/'));
    assert.equal(uploads.map(({ method }) => method).sort(), ['POST', 'POST', 'PUT', 'PUT']);
    for (const { method, headers } of uploads) {
      assert.is(headers['content-range'], undefined);
      if (method === 'PUT') assert.ok(Number(headers['content-length']) > 0);
    }
  }));

test('8: the first real error is what is read', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    for (let i = 0; i < 40; i++) imageIn(from, [`layer ${i}`], { tag: `v${i}` });
    let puts = 0;
    destination.hook = ({ method, url }, response) =>
      method === 'PUT' &&
      url.includes('/manifests/') &&
      puts++ === 5 &&
      refuse(response, 403, 'quota of the team');
    const outcome = await copyAll(source, destination);
    assert.is(outcome.state, 'partlyFailed');
    assert.match(outcome.error ?? '', /^may not push the manifest .*403: quota of the team$/);
    assert.is(outcome.failures.length, 1);
    assert.not.ok(/abort|cancel/i.test(JSON.stringify(outcome)));
  }));

test('9: where descriptor and blob differ in size the source is at fault, and the rest goes on', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const layer = { ...blobIn(from, Buffer.alloc(3106)), size: 311 };
    const config = blobIn(from, '{}', types.config);
    from.manifest(
      types.manifest,
      { schemaVersion: 2, mediaType: types.manifest, config, layers: [layer] },
      'bad',
    );
    imageIn(from, ['good'], { tag: 'good' });
    const outcome = await copyAll(source, destination);
    assert.is(outcome.state, 'partlyFailed');
    assert.match(
      outcome.error ?? '',
      /the source is at fault: the blob .* has 3106 bytes, its manifest says 311/,
    );
    assert.equal(
      outcome.failures.map(({ what }) => what),
      ['app:bad'],
    );
    assert.equal(Object.keys(tagsOf(destination.repository('to/app'))), ['good']);
  }));

test('10: foreign layers are copied where that is asked for, and refused with a reason otherwise', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const foreign = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const layer = { ...blobIn(from, 'windows', foreign), urls: ['https://example.com/layer'] };
    const config = blobIn(from, '{}', types.config);
    const content = { schemaVersion: 2, mediaType: types.manifest, config };
    from.manifest(types.manifest, { ...content, layers: [layer] }, 'held');
    const elsewhere = { ...layer, digest: `sha256:${'5'.repeat(64)}` };
    from.manifest(types.manifest, { ...content, layers: [elsewhere] }, 'elsewhere');
    const refused = await copyAll(source, destination);
    assert.match(refused.error ?? '', /has a foreign layer, sha256:.*--foreign-layers copies it/);
    const outcome = await copyAll(source, destination, { foreignLayers: true });
    assert.is(outcome.error, undefined);
    assert.ok(destination.repository('to/app').blobs.has(layer.digest));
    assert.equal(Object.keys(tagsOf(destination.repository('to/app'))), ['elsewhere', 'held']);
  }));

test('11: schema 1 is refused by name', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    from.manifest(type, { schemaVersion: 1, name: 'app', fsLayers: [] }, 'old');
    imageIn(from, ['new'], { tag: 'new' });
    const outcome = await copyAll(source, destination);
    assert.is(outcome.state, 'partlyFailed');
    assert.match(
      outcome.error ?? '',
      /app:old is an image of schema 1 \(.*prettyjws\), which is not supported/,
    );
  }));

test('12: an index in an index is copied with all below it', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const top = indexIn(from, [indexIn(from, [imageIn(from, ['deep'])])], 'nested');
    assert.is((await copyAll(source, destination)).error, undefined);
    assert.equal(tagsOf(destination.repository('to/app')), { nested: top });
    assert.equal(missingIn(destination.repository('to/app'), top), []);
  }));

const platforms = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
  { os: 'windows', architecture: 'amd64' },
];

function multiArch(from: ReturnType<FakeRegistry['repository']>, tag: string) {
  const images = platforms.map((platform) => imageIn(from, [`${tag} ${platform.os}`], { platform }));
  const attestations = images.map((image) =>
    imageIn(from, [`attests ${image}`], { platform: { os: 'unknown', architecture: 'unknown' } }),
  );
  const digest = indexIn(
    from,
    [
      ...images.map((image, i) => [image, { platform: platforms[i] }] as const),
      ...attestations.map(
        (attestation, i) =>
          [
            attestation,
            {
              platform: { os: 'unknown', architecture: 'unknown' },
              annotations: {
                'vnd.docker.reference.type': 'attestation-manifest',
                'vnd.docker.reference.digest': images[i],
              },
            },
          ] as const,
      ),
    ],
    tag,
  );
  return { digest, images, attestations };
}

test('13: an index is copied byte for byte, every platform with it', () =>
  withTwoRegistries(async (source, destination) => {
    const { digest } = multiArch(source.repository('from/app'), 'multi');
    assert.is((await copyAll(source, destination)).error, undefined);
    const to = destination.repository('to/app');
    assert.equal(tagsOf(to), { multi: digest });
    assert.is(to.manifests.size, 7);
    assert.equal(missingIn(to, digest), []);
  }));

test('14: attestations go with their platform', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const { images, attestations } = multiArch(from, 'multi');
    imageIn(from, ['alone'], { tag: 'windows-only', platform: platforms[2] as object });
    const filters = { platforms: { only: ['linux/amd64'], rewriteIndex: true } };
    const outcome = await copyAll(source, destination, { filters });
    assert.is(outcome.error, undefined);
    assert.is(outcome.counts.left, 1);
    const to = destination.repository('to/app');
    const digest = tagsOf(to).multi ?? '';
    assert.equal(
      to.read(digest).manifests.map((each: { digest: string }) => each.digest),
      [images[0], attestations[0]],
    );
    assert.is(to.manifests.size, 3);
    destination.came.length = 0;
    assert.is((await copyAll(source, destination, { filters })).counts.equal, 1);
    assert.not.ok(destination.came.some(({ method }) => method === 'PUT' || method === 'POST'));
  }));

test('14: without rewriteIndex an index is copied whole, or not at all', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const { digest } = multiArch(from, 'multi');
    const only = (platform: string) => ({
      filters: { platforms: { only: [platform], rewriteIndex: false } },
    });
    assert.is((await copyAll(source, destination, only('linux/s390x'))).counts.left, 1);
    assert.is(destination.repositories.size, 0);
    assert.is((await copyAll(source, destination, only('linux/arm64'))).error, undefined);
    assert.equal(tagsOf(destination.repository('to/app')), { multi: digest });
  }));

test('15: bytes and Content-Type stay the source’s', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    const image = imageIn(from, ['signed'], { tag: '1' });
    const simple = 'application/vnd.dev.cosign.simplesigning.v1+json';
    const signature = {
      schemaVersion: 2,
      config: blobIn(from, '{}', types.config),
      layers: [blobIn(from, '{"critical":{}}', simple)],
    };
    // No media type at the top, and spaces that no serializer would keep.
    const bytes = Buffer.from(`${JSON.stringify(signature, null, 3)}\n`);
    const tag = `${image.replace(':', '-')}.sig`;
    const sig = from.manifest(types.manifest, bytes, tag);
    const chart = {
      schemaVersion: 2,
      config: blobIn(from, '{"name":"c"}', 'application/vnd.cncf.helm.config.v1+json'),
      layers: [],
    };
    const helm = from.manifest(types.manifest, chart, 'chart-0.1.0');
    assert.is((await copyAll(source, destination)).error, undefined);
    const to = destination.repository('to/app');
    assert.equal(tagsOf(to), { '1': image, 'chart-0.1.0': helm, [tag]: sig });
    for (const digest of [image, sig, helm])
      assert.equal(to.manifests.get(digest), from.manifests.get(digest));
  }));

for (const [name, one, other] of [
  ['the list of both registries', true, true],
  ['the source’s list, a tag at the destination', true, false],
  ['a tag at the source', false, true],
  ['tags on both sides', false, false],
] as const)
  test(`16: each referrer is copied once, by ${name}`, () =>
    withTwoRegistries(
      async (source, destination) => {
        const from = source.repository('from/app');
        const image = imageIn(from, ['subject'], { tag: '1' });
        const subject = descriptorOf(from, image);
        const sbom = imageIn(from, ['sbom'], { subject, artifactType: 'application/vnd.example.sbom' });
        const onSbom = imageIn(from, ['signature of the sbom'], { subject: descriptorOf(from, sbom) });
        const tag = image.replace(':', '-');
        if (!one) {
          indexIn(from, [sbom], tag);
          indexIn(from, [onSbom], sbom.replace(':', '-'));
        }
        const outcome = await copyAll(source, destination);
        assert.is(outcome.error, undefined);
        const to = destination.repository('to/app');
        for (const digest of [image, sbom, onSbom]) {
          assert.equal(missingIn(to, digest), []);
          const puts = destination.came.filter(({ method, url }) => method === 'PUT' && url.endsWith(digest));
          assert.ok(puts.length <= 1, `${digest} was put ${puts.length} times`);
        }
        if (!other)
          for (const [of, by] of [
            [image, sbom],
            [sbom, onSbom],
          ] as const)
            assert.equal(
              to
                .read(to.tags.get(of.replace(':', '-')) ?? '')
                .manifests.map((each: { digest: string }) => each.digest),
              [by],
            );
        destination.came.length = 0;
        assert.is((await copyAll(source, destination)).error, undefined);
        assert.not.ok(destination.came.some(({ method }) => method === 'PUT' || method === 'POST'));
      },
      { referrers: one },
      { referrers: other },
    ));

test('17: every page of tags and repositories is read, and a link to another host is an error', () =>
  withTwoRegistries(
    async (source, destination) => {
      for (const app of ['a', 'b', 'c', 'd', 'e']) {
        const from = source.repository(`from/${app}`);
        for (let i = 0; i < 5; i++) imageIn(from, [`${app}${i}`], { tag: `v${i}` });
      }
      const outcome = await copyAll(source, destination);
      assert.is(outcome.error, undefined);
      assert.is(outcome.counts.tags, 25);
      const other = await startFakeRegistry();
      try {
        source.hook = ({ url }, response) => {
          if (!url.startsWith('/v2/from/c/tags/list')) return false;
          response.writeHead(200, { link: `<${other.origin}/v2/from/c/tags/list?n=2&last=v1>; rel="next"` });
          response.end(JSON.stringify({ tags: ['v0'] }));
          return true;
        };
        const refused = await copyAll(source, destination);
        assert.match(refused.error ?? '', /the link to the next page leads to another host/);
        assert.is(refused.state, 'partlyFailed');
        assert.is(other.came.length, 0);
      } finally {
        await other.stop();
      }
    },
    { pageSize: 2 },
  ));

test('18: a quota of twenty requests a second is kept to, and Retry-After honoured', () =>
  withTwoRegistries(async (source, destination) => {
    const from = source.repository('from/app');
    for (let i = 0; i < 6; i++) imageIn(from, [`layer ${i}`], { tag: `v${i}` });
    let refused = 0;
    let [second, count] = [0, 0];
    destination.hook = (_came, response) => {
      const now = Math.floor(Date.now() / 1000);
      if (now !== second) [second, count] = [now, 0];
      if (++count <= 20) return false;
      refused++;
      return refuse(response, 429, 'too many', { 'retry-after': '1' });
    };
    const outcome = await copyAll(source, destination);
    assert.is(outcome.error, undefined);
    assert.is(outcome.counts.tags, 6);
    assert.ok(refused > 0 && refused < 60, `${refused} requests were turned away`);
  }));

test('19: tag@digest and a slash at the end', () => {
  assert.equal(readReference('docker://Registry.example:5000/team/app/'), {
    host: 'registry.example:5000',
    path: 'team/app',
  });
  const digest = `sha256:${'a'.repeat(64)}`;
  assert.equal(readReference(`docker://registry.example/app:1.0@${digest}`), {
    host: 'registry.example',
    path: 'app',
    tag: '1.0',
    digest,
  });
  assert.match(JSON.stringify(readReference('docker://registry.example/app@sha256:12')), /is no digest/);
  const slash = readRepositoryName('europe-west1-docker.pkg.dev/acme/prod/');
  assert.equal('name' in slash && slash.name, {
    project: 'acme',
    location: 'europe-west1',
    repository: 'prod',
  });
  const both = readRepositoryName(`europe-west1-docker.pkg.dev/acme/prod/app:1@${digest}`);
  assert.match('message' in both ? both.message : '', /whole repositories are copied/);
});

test.run();
