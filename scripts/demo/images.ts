/** Real images of what is installed: layers are the npm packages in `node_modules`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type TarFile, tar } from './tar.ts';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
  signature: 'application/vnd.dev.cosign.artifact.sig.v1+json',
  payload: 'application/vnd.dev.cosign.simplesigning.v1+json',
} as const;

/** Some bytes and what they are called. */
export interface Content {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** A manifest, what it needs to be there before it, and the tags it gets. */
export interface Image {
  readonly package: string;
  readonly manifest: Content;
  readonly blobs: readonly Content[];
  readonly tags: readonly string[];
}

export function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)));
}

function descriptor({ mediaType, digest, bytes }: Content) {
  return { mediaType, digest, size: bytes.length };
}

/** Every file of an installed npm package that suits a layer, in a fixed order. */
function filesOf(module: string): TarFile[] {
  const folder = join(modules, module);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: `app/node_modules/${module}/${relative(folder, path)}`,
      bytes: readFileSync(path),
    }));
}

function layer(files: readonly TarFile[]): { blob: Content; diff: string } {
  const archive = tar(files);
  // Level 1: the demo is about copying, not about packing.
  return {
    blob: content(mediaTypes.layer, gzipSync(archive, { level: 1 })),
    diff: content('', archive).digest,
  };
}

/**
 * An image of some layers.
 *
 * @param architecture as in a platform: `amd64`, `arm64`
 */
function image(
  name: string,
  layers: readonly { blob: Content; diff: string }[],
  tags: readonly string[],
  architecture = 'amd64',
): Image {
  const config = json(mediaTypes.config, {
    architecture,
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: ['node', '/app/index.js'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diff }) => diff) },
  });
  const blobs = [config, ...layers.map(({ blob }) => blob)];
  const manifest = json(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(config),
    layers: layers.map(({ blob }) => descriptor(blob)),
  });
  return { package: name, manifest, blobs, tags };
}

function index(
  name: string,
  children: readonly [architecture: string, image: Image][],
  tags: readonly string[],
): Image {
  const manifest = json(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: children.map(([architecture, { manifest }]) => ({
      ...descriptor(manifest),
      platform: { os: 'linux', architecture },
    })),
  });
  return { package: name, manifest, blobs: [], tags };
}

/** A signature in the shape that cosign gives it: an artifact that refers to its subject. */
function signature(subject: Image): Image {
  const config = json(mediaTypes.empty, {});
  const payload = json(mediaTypes.payload, {
    critical: {
      identity: { 'docker-reference': subject.package },
      image: { 'docker-manifest-digest': subject.manifest.digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const manifest = json(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaTypes.signature,
    config: descriptor(config),
    layers: [descriptor(payload)],
    subject: descriptor(subject.manifest),
  });
  return { package: subject.package, manifest, blobs: [config, payload], tags: [] };
}

/** What the leader of the demo holds, in an order in which it can be pushed. */
export function demoImages(): Image[] {
  const images: Image[] = [];
  const shared = layer(filesOf('croner'));
  for (const [name, module, versions] of [
    ['web/hono', 'hono', ['1.0.0', '1.1.0', '1.2.0']],
    ['tools/yaml', 'yaml', ['2.0.0', '2.1.0']],
    ['tools/valibot', 'valibot', ['0.9.0', '1.0.0', '1.1.0']],
    ['zx', 'zx', ['8.0.0', '8.1.0']],
  ] as const) {
    const code = layer(filesOf(module));
    for (const version of versions) {
      const own = layer([{ path: 'app/VERSION', bytes: Buffer.from(`${name} ${version}\n`) }]);
      const latest = version === versions.at(-1) ? ['latest'] : [];
      images.push(image(name, [shared, code, own], [version, ...latest]));
    }
  }
  const platforms = (['amd64', 'arm64'] as const).map((architecture): [string, Image] => {
    const own = layer([{ path: 'app/PLATFORM', bytes: Buffer.from(`linux/${architecture}\n`) }]);
    return [architecture, image('web/hono', [shared, own], [], architecture)];
  });
  images.push(...platforms.map(([, one]) => one), index('web/hono', platforms, ['multi']));
  const signed = images.find((one) => one.package === 'zx');
  if (signed) images.push(signature(signed));
  return images;
}
