import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTime, readManifest } from './manifest.ts';

const oci = 'application/vnd.oci.image.manifest.v1+json';
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('c'), size: 10 };

test('an image: what it refers to, once each, foreign layers apart', () => {
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest('a'), size: 5 };
  const foreign = { ...layer, digest: digest('b'), urls: ['https://example.com/layer'] };
  const {
    facts,
    blobs,
    config: read,
  } = readManifest(
    bytes({ schemaVersion: 2, config, layers: [layer, layer, foreign] }),
    `${oci}; charset=utf-8`,
  );
  assert.equal(facts, { mediaType: oci, size: 15 });
  assert.equal(blobs, [digest('c'), digest('a')]);
  assert.is(read, digest('c'));
});

test('an artifact with a subject; its type is its own or its config’s', () => {
  const subject = { mediaType: oci, digest: digest('d'), size: 1 };
  const own = readManifest(
    bytes({ mediaType: oci, artifactType: 'x/y', config: { ...config, mediaType: 'z/empty' }, subject }),
    undefined,
  );
  assert.equal(own.facts, { mediaType: oci, size: 0, artifactType: 'x/y', subject: digest('d') });
  assert.is(own.config, undefined);
  const other = readManifest(
    bytes({ config: { ...config, mediaType: 'application/vnd.cncf.helm.config' } }),
    oci,
  );
  assert.is(other.facts.artifactType, 'application/vnd.cncf.helm.config');
});

test('an index, in an index too', () => {
  const type = 'application/vnd.oci.image.index.v1+json';
  const platform = { architecture: 'amd64', os: 'linux' };
  const { facts, blobs } = readManifest(
    bytes({
      manifests: [
        { mediaType: type, digest: digest('e'), size: 1 },
        { mediaType: oci, digest: digest('f'), size: 2, platform },
      ],
    }),
    type,
  );
  assert.equal(facts.children, [
    { digest: digest('e'), mediaType: type },
    { digest: digest('f'), mediaType: oci, platform },
  ]);
  assert.equal(blobs, []);
});

test('schema 1 is taken, with its layers', () => {
  const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  const { facts, blobs } = readManifest(bytes({ fsLayers: [{ blobSum: digest('a') }] }), type);
  assert.is(facts.mediaType, type);
  assert.equal(blobs, [digest('a')]);
});

test('what can’t be taken says why', () => {
  const cases: [unknown, string | undefined, RegExp][] = [
    [{ config }, undefined, /no media type/],
    [{ mediaType: oci, config }, 'application/vnd.docker.distribution.manifest.v2+json', /sent as/],
    [{ config }, 'text/plain', /not supported: text\/plain/],
    [{}, oci, /no config/],
    [{}, 'application/vnd.oci.image.index.v1+json', /no manifests/],
    [{ config: { ...config, digest: 'md5:1' } }, oci, /config.digest: not a sha256 digest/],
    ['x', oci, /manifest: /],
  ];
  for (const [manifest, type, expected] of cases)
    assert.throws(
      () => readManifest(bytes(manifest), type),
      (error: Error) => expected.test(error.message),
    );
  assert.throws(() => readManifest(Buffer.from('{'), oci), /not JSON/);
});

test('the build time, where a config has one', () => {
  assert.is(buildTime(bytes({ created: '2025-01-01T00:00:00.123456789Z' })), '2025-01-01T00:00:00.123Z');
  assert.is(buildTime(bytes({ created: 'yesterday' })), undefined);
  assert.is(buildTime(Buffer.from('not json')), undefined);
});

test.run();
