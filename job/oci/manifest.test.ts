import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readContent } from './manifest.ts';
import { indexType } from './media-types.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const read = (content: unknown, type = mediaType) =>
  readContent({
    bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    mediaType: type,
  });

test('what an image refers to, each blob once', () => {
  const layer = { mediaType: 'l', digest: digest('1'), size: 5 };
  const { blobs, children, config, subject } = read({
    config: { mediaType: 'c', digest: digest('2'), size: 2 },
    layers: [layer, layer, { ...layer, digest: digest('3'), urls: ['https://x'] }],
    subject: { mediaType, digest: digest('4'), size: 7 },
  });
  assert.equal(
    blobs.map((each) => [each.digest, each.isForeign]),
    [
      [digest('2'), false],
      [digest('1'), false],
      [digest('3'), true],
    ],
  );
  assert.equal(children, []);
  assert.is(config?.mediaType, 'c');
  assert.is(subject?.digest, digest('4'));
});

test('what an index refers to, with platforms', () => {
  const { children } = read(
    {
      manifests: [
        {
          mediaType,
          digest: digest('1'),
          size: 1,
          platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
        },
        { mediaType, digest: digest('2'), size: 1, annotations: { a: 'b', n: 5 } },
      ],
    },
    indexType,
  );
  assert.equal(children[0]?.platform, { os: 'linux', architecture: 'arm', variant: 'v7' });
  assert.equal(children[1]?.annotations, { a: 'b' });
});

test('what makes no sense is named', () => {
  for (const [content, message] of [
    ['no json', /is no JSON$/],
    ['[]', /is no JSON object/],
    [{ layers: 'x' }, /'layers' of the manifest is no list/],
    [{ layers: [null] }, /'layers\[0\]' of the manifest is no descriptor/],
    [{ layers: [{ digest: 5, size: 1 }] }, /'layers\[0\]' has 5 for a digest/],
    [{ layers: [{ digest: digest('1'), size: 1.5 }] }, /has 1\.5 for a size/],
    [
      {
        layers: [
          { digest: digest('1'), size: 1 },
          { digest: digest('1'), size: 2 },
        ],
      },
      /two sizes, 1 and 2/,
    ],
  ] as const)
    assert.throws(() => read(content), message);
});

test.run();
