/** Images made from nothing, and their push over the distribution protocol, as a client of any registry does it. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { send } from './rest.ts';

/** Media types of OCI. */
export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** A content and its digest. */
export interface Blob {
  bytes: Uint8Array;
  digest: string;
}

/** A manifest with everything that has to be pushed before it. */
export interface Artifact extends Blob {
  mediaType: string;
  blobs: Blob[];
  children: Artifact[];
  platform?: Record<string, string>;
}

/** `sha256:…` */
export const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A digest of nothing that there is, another one for each number. */
export const digest = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}`;

/** A blob of some text. */
export function blob(content: string | Uint8Array): Blob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { bytes, digest: digestOf(bytes) };
}

const descriptor = (mediaType: string, { bytes, digest }: Blob) => ({
  mediaType,
  digest,
  size: bytes.length,
});

/** A tar archive of one file. */
function tar(name: string, content: string): Uint8Array {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  const field = (text: string, at: number) => header.write(text, at, 'latin1');
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  field(name, 0);
  field(octal(0o644, 8), 100);
  field(octal(0, 8), 108);
  field(octal(0, 8), 116);
  field(octal(data.length, 12), 124);
  field(octal(0, 12), 136);
  field('        ', 148);
  field('0', 156);
  field('ustar\x0000', 257);
  field(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
  return Buffer.concat([header, data, padding, Buffer.alloc(1024)]);
}

/** An image of one layer, different for each text and architecture. */
export function image(
  text: string,
  {
    architecture = 'amd64',
    created = '2025-01-01T00:00:00Z',
    ...fields
  }: {
    architecture?: string;
    created?: string;
    annotations?: Record<string, string>;
    subject?: Artifact;
  } = {},
): Artifact {
  const archive = tar('hello.txt', `${text} ${architecture}\n`);
  const layer = blob(gzipSync(archive));
  const platform = { architecture, os: 'linux' };
  const config = blob(
    JSON.stringify({
      ...platform,
      created,
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
    }),
  );
  const { subject, annotations } = fields;
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(types.config, config),
      layers: [descriptor(types.layer, layer)],
      ...(subject && { subject: descriptor(subject.mediaType, subject) }),
      ...(annotations && { annotations }),
    }),
  );
  return { ...manifest, mediaType: types.manifest, blobs: [config, layer], children: [], platform };
}

/** An artifact attached to a manifest. */
export function attachment(
  subject: Artifact,
  text: string,
  artifactType = 'application/vnd.example.sbom',
): Artifact {
  const empty = blob('{}');
  const payload = blob(text);
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      artifactType,
      config: descriptor('application/vnd.oci.empty.v1+json', empty),
      layers: [descriptor('text/plain', payload)],
      subject: descriptor(subject.mediaType, subject),
      annotations: { 'org.example.about': text },
    }),
  );
  return { ...manifest, mediaType: types.manifest, blobs: [empty, payload], children: [] };
}

/** An index over images. */
export function index(children: Artifact[]): Artifact {
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.index,
      manifests: children.map((child) => ({
        ...descriptor(child.mediaType, child),
        ...(child.platform && { platform: child.platform }),
      })),
    }),
  );
  return { ...manifest, mediaType: types.index, blobs: [], children };
}

/** Pushes one blob by POST and PUT. */
export async function pushBlob(registry: string, path: string, { bytes, digest }: Blob): Promise<void> {
  const start = await send(`${registry}/v2/${path}/blobs/uploads/`, 'POST');
  expect(start.status, 202, start.body);
  const location = new URL(start.headers.get('location') ?? '', registry);
  location.searchParams.set('digest', digest);
  const end = await send(location.href, 'PUT', bytes);
  expect(end.status, 201, end.body);
}

/**
 * Pushes an artifact with all below it.
 *
 * @param registry `http://HOST`
 * @param path the image's path after `/v2/`
 * @param tag absent: by digest only
 * @returns its digest
 */
export async function push(
  registry: string,
  path: string,
  artifact: Artifact,
  tag?: string,
): Promise<string> {
  for (const child of artifact.children) await push(registry, path, child);
  for (const each of artifact.blobs) await pushBlob(registry, path, each);
  const { status, body } = await send(
    `${registry}/v2/${path}/manifests/${tag ?? artifact.digest}`,
    'PUT',
    artifact.bytes,
    { 'content-type': artifact.mediaType },
  );
  expect(status, 201, body);
  return artifact.digest;
}

function expect(status: number, wanted: number, body: unknown): void {
  if (status !== wanted) throw new Error(`expected ${wanted}, got ${status}: ${JSON.stringify(body)}`);
}

/** Writes artifacts as an OCI layout, from which skopeo copies `oci:FOLDER:NAME`. */
export function writeLayout(folder: string, artifacts: Readonly<Record<string, Artifact>>): void {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const write = (artifact: Artifact): void => {
    for (const each of [artifact, ...artifact.blobs])
      writeFileSync(join(blobs, each.digest.slice(7)), each.bytes);
    artifact.children.forEach(write);
  };
  Object.values(artifacts).forEach(write);
  const manifests = Object.entries(artifacts).map(([name, artifact]) => ({
    ...descriptor(artifact.mediaType, artifact),
    annotations: { 'org.opencontainers.image.ref.name': name },
  }));
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
