/** Blobs: whether they are there, and their bytes, whole or in part. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { OciError } from './errors.ts';
import { type OciContext, sha256Of, type Target } from './request.ts';

/** Up to how many bytes a blob is read at once. */
const wholeAtMost = 64 << 10;

/** HEAD and GET of a blob. */
export async function getBlob(c: OciContext, target: Target, digest: string): Promise<Response> {
  const { registry, repository, path } = target;
  const sha256 = sha256Of(digest);
  const size = repository.content.files.has(digest) ? registry.blobs.size(sha256) : undefined;
  if (size === undefined) throw new OciError(404, 'BLOB_UNKNOWN', `Failed to find blob ${digest}`);
  if (
    c.req.method === 'GET' &&
    registry.behavior.blobRedirect &&
    !c.req.path.startsWith('/artifacts-downloads/')
  )
    return c.body(null, 302, { location: `/artifacts-downloads/v2/${path}/blobs/${digest}` });

  const range = readRange(c.req.header('range'), size);
  if (range === 'unsatisfiable')
    throw new OciError(416, 'RANGE_INVALID', 'The range is beyond the blob.', {
      headers: { 'content-range': `bytes */${size}` },
    });
  const status = range ? 206 : 200;
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(range ? range.end - range.start + 1 : size),
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    'docker-distribution-api-version': 'registry/2.0',
    etag: `"${digest}"`,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  };
  if (c.req.method === 'HEAD') return c.body(null, status, headers);
  // Most configs and attachments: a stream would take longer to set up than to send.
  if (size <= wholeAtMost && !range)
    return c.body(new Uint8Array(registry.blobs.bytes(sha256) ?? []), status, headers);
  const bytes = registry.blobs.read(sha256, range);
  const { outgoing } = c.env ?? {};
  if (!outgoing) return c.body(Readable.toWeb(bytes) as ReadableStream, status, headers);
  outgoing.writeHead(status, headers);
  // A client may leave in the middle; that is its own affair.
  await pipeline(bytes, outgoing).catch(() => {});
  return RESPONSE_ALREADY_SENT;
}

/** DELETE of a blob. One that a manifest refers to stays: the service wouldn't lose an image's layer. */
export function deleteBlob(c: OciContext, { repository }: Target, digest: string): Response {
  const blob = repository.content.files.get(digest);
  if (!blob) throw new OciError(404, 'BLOB_UNKNOWN', `Failed to find blob ${digest}`);
  if (blob.owners.length > 0)
    throw new OciError(405, 'UNSUPPORTED', `Blob ${digest} is still referenced by a manifest.`);
  repository.record({ is: 'blob gone', file: digest });
  return c.body(null, 202);
}

/** One range of bytes; anything that is not one is ignored, as HTTP has it. */
function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}
