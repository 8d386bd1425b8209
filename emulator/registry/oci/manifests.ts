/** Manifests: pushed, pulled and deleted, by tag and by digest. */
import { createHash } from 'node:crypto';
import { deleteVersion, whyKept } from '../deletion.ts';
import type { Fact, FileFact, Package, Version } from '../facts.ts';
import { buildTime, ManifestInvalid, manifestSizeAtMost, readManifest } from '../manifest.ts';
import { immutable, type Refusal, removeTag, setTag, tagId } from '../tagging.ts';
import { OciError } from './errors.ts';
import { type OciContext, piecesOf, sha256Of, type Target } from './request.ts';

const isDigest = (reference: string) => reference.includes(':');

function find({ repository, image }: Target, reference: string): { holder: Package; version: Version } {
  const holder = repository.content.packages.get(image);
  const version = holder?.versions.get(isDigest(reference) ? reference : (holder.tags.get(reference) ?? ''));
  if (!holder || !version) throw new OciError(404, 'MANIFEST_UNKNOWN', `Failed to fetch "${reference}"`);
  return { holder, version };
}

/** HEAD and GET. A client that names types gets no other: Artifact Registry then has no such manifest. */
export function getManifest(c: OciContext, target: Target, reference: string): Response {
  const { version } = find(target, reference);
  const mediaType = version.image?.mediaType ?? '';
  if (!accepts(c.req.header('accept'), mediaType))
    throw new OciError(
      404,
      'MANIFEST_UNKNOWN',
      `Manifest "${reference}" has media type ${mediaType}, which the request doesn't accept`,
    );
  const { blobs } = target.registry;
  const size = blobs.size(sha256Of(version.id));
  if (size === undefined) throw new OciError(404, 'MANIFEST_UNKNOWN', `Failed to fetch "${reference}"`);
  const headers = {
    'content-type': mediaType,
    'content-length': String(size),
    'docker-content-digest': version.id,
    etag: `"${version.id}"`,
  };
  if (c.req.method === 'HEAD') return c.body(null, 200, headers);
  return c.body(new Uint8Array(blobs.bytes(sha256Of(version.id)) ?? []), 200, headers);
}

function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  return header.split(',').some((part) => {
    const type = part.split(';')[0]?.trim().toLowerCase();
    return (
      type === '*/*' ||
      type === mediaType ||
      (type === 'application/*' && mediaType.startsWith('application/'))
    );
  });
}

/** PUT: keeps the very bytes, once everything they refer to is there. */
export async function putManifest(c: OciContext, target: Target, reference: string): Promise<Response> {
  const { registry, repository, image, path } = target;
  const bytes = await readBytes(c);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (isDigest(reference)) {
    sha256Of(reference);
    if (reference !== digest)
      throw new OciError(400, 'DIGEST_INVALID', `The manifest has the digest ${digest}, not ${reference}.`);
  } else if (!tagId.test(reference)) throw new OciError(400, 'TAG_INVALID', `Invalid tag: ${reference}`);

  const manifest = read(bytes, c.req.header('content-type'));
  const holder = repository.content.packages.get(image);
  const before = isDigest(reference) ? undefined : holder?.tags.get(reference);
  if (before !== undefined && before !== digest && repository.immutableTags)
    throw refused(immutable('update', reference));

  const now = registry.clock.now();
  if (!holder?.versions.has(digest)) {
    for (const { digest: child } of manifest.facts.children ?? [])
      if (!holder?.versions.has(child))
        throw new OciError(404, 'MANIFEST_UNKNOWN', `Manifest ${child} of the index was not found`, {
          detail: child,
        });
    const blobs = manifest.blobs.map((blob): FileFact => {
      const stored = repository.content.files.get(blob);
      if (!stored || !registry.blobs.has(stored.file.sha256))
        throw new OciError(404, 'MANIFEST_BLOB_UNKNOWN', `Blob ${blob} was not found`, { detail: blob });
      return stored.file;
    });
    const { sha256, size } = registry.blobs.put(bytes);
    const config = manifest.config && registry.blobs.bytes(sha256Of(manifest.config));
    const built = config && buildTime(config);
    const version: Version = {
      id: digest,
      createTime: now,
      updateTime: now,
      files: [{ id: digest, sha256, size }, ...blobs],
      image: { ...manifest.facts, ...(built && { buildTime: built }) },
    };
    const facts: Fact[] = [{ is: 'version', package: image, version }];
    if (!isDigest(reference)) facts.push({ is: 'tag', package: image, tag: reference, version: digest });
    repository.recordAll(facts);
  } else if (!isDigest(reference)) setTag(repository, image, reference, digest, now, registry.behavior);
  return c.body(null, 201, {
    location: `/v2/${path}/manifests/${digest}`,
    'docker-content-digest': digest,
    'content-length': '0',
    ...(manifest.facts.subject && { 'oci-subject': manifest.facts.subject }),
  });
}

async function readBytes(c: OciContext): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of piecesOf(c)) {
      size += piece.length;
      if (size > manifestSizeAtMost) break;
      pieces.push(piece);
    }
  } catch (error) {
    throw new OciError(400, 'MANIFEST_INVALID', `The manifest broke off: ${(error as Error).message}`);
  }
  if (size > manifestSizeAtMost)
    throw new OciError(413, 'MANIFEST_INVALID', `The manifest is larger than ${manifestSizeAtMost} bytes.`);
  return Buffer.concat(pieces);
}

function read(bytes: Buffer, contentType: string | undefined) {
  try {
    return readManifest(bytes, contentType);
  } catch (error) {
    if (error instanceof ManifestInvalid) throw new OciError(400, 'MANIFEST_INVALID', error.message);
    throw error;
  }
}

const refused = ({ code, message }: Refusal) => new OciError(400, code, message);

/** DELETE: of a tag the tag alone; of a digest the version, if nothing refers to it. */
export function deleteManifest(c: OciContext, target: Target, reference: string): Response {
  const { registry, repository, image } = target;
  const { holder, version } = find(target, reference);
  if (isDigest(reference)) {
    const refusal = whyKept(repository, holder, version, registry.behavior);
    if (refusal) throw refused(refusal);
    deleteVersion(repository, holder, version, registry.behavior);
  } else {
    const refusal = removeTag(repository, image, reference);
    if (refusal) throw refused(refusal);
  }
  return c.body(null, 202);
}
