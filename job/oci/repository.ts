/** One repository of a registry, by the OCI distribution protocol: manifests, tags, referrers, blobs. */
import type { Scope } from './auth/authenticator.ts';
import type { Ask, Caller, Reply } from './call.ts';
import { digestOf, isDigest } from './digest.ts';
import { mayLeadTo } from './host.ts';
import { type Descriptor, descriptor, type Manifest, manifestAtMost } from './manifest.ts';
import { indexType, manifestTypes } from './media-types.ts';
import { malformedBy, OciError } from './oci-error.ts';
import { readPages } from './pages.ts';
import { isTag } from './reference.ts';
import type { Upload, WireAnswer } from './wire.ts';

/** A manifest that is there, without its bytes. */
export interface ManifestHead {
  readonly digest: string;
  readonly mediaType: string;
}

/** Where an upload goes on; or the blob is there without one. */
export type UploadStart = { readonly is: 'there' } | { readonly is: 'session'; readonly url: URL };

/** A repository. Every call is limited and retried inside, but for those of uploads, and throws an OciError. */
export interface OciRepository {
  /** Path in the registry. */
  readonly path: string;
  /** `HOST/PATH`, for messages. */
  readonly name: string;
  readonly origin: string;
  /** Every tag, in the order that the registry gives; undefined where there is no such repository. */
  tags(): Promise<string[] | undefined>;
  /** What a tag or digest is; undefined where it is not there. */
  head(reference: string): Promise<ManifestHead | undefined>;
  /** A manifest whose bytes have been held against its digest; undefined where it is not there. */
  manifest(reference: string): Promise<Manifest | undefined>;
  /**
   * Puts a manifest, under a tag or under its digest.
   *
   * @returns whether the registry has taken note of its subject, so that referrers lists it
   */
  putManifest(reference: string, manifest: Manifest): Promise<boolean>;
  /** What is attached to a manifest; undefined where the registry has no such list. */
  referrers(digest: string): Promise<Descriptor[] | undefined>;
  /** Size of a blob, undefined where it is not there; `NaN` where the registry does not say. */
  blobSize(digest: string): Promise<number | undefined>;
  /** The bytes of a blob from an offset on. Status 200: from the beginning, whatever was asked for. */
  openBlob(digest: string, offset: number): Promise<WireAnswer>;
  /**
   * Begins to upload a blob, or takes it over from another repository where the registry can.
   *
   * @param from path of a repository of this registry that may have it; its own does too
   */
  startUpload(digest: string, from?: string): Promise<UploadStart>;
  /** Sends a blob in one piece. Not sent again: the session is spent. */
  finishUpload(session: URL, digest: string, body: Buffer | Upload): Promise<void>;
  /** Gives an upload up. Never fails. */
  cancelUpload(session: URL): Promise<void>;
}

const tagsAtMost = 1_000_000;
const referrersAtMost = 10_000;

/**
 * A repository.
 *
 * @param origin of the registry
 * @param path whose form has been checked
 */
export function createRepository(caller: Caller, origin: string, path: string): OciRepository {
  const host = new URL(origin).host;
  const name = `${host}/${path}`;
  const { idle } = caller.options;
  const base = `${origin}/v2/${path}`;
  const read: Scope = { path, write: false };
  const write: Scope = { path, write: true };
  const labelOf = (reference: string) => `${name}${isDigest(reference) ? '@' : ':'}${reference}`;

  const urlOf = (reference: string): URL => {
    // What came from elsewhere becomes part of a path here.
    if (!isTag(reference) && !isDigest(reference))
      throw malformedBy(
        { verb: 'read', on: name },
        `${JSON.stringify(reference).slice(0, 100)} is no tag and no digest`,
      );
    return new URL(`${base}/manifests/${reference}`);
  };
  const blobUrl = (digest: string): URL => {
    if (!isDigest(digest))
      throw malformedBy({ verb: 'read', on: name }, `${JSON.stringify(digest).slice(0, 100)} is no digest`);
    return new URL(`${base}/blobs/${digest}`);
  };

  const askManifest = (method: 'GET' | 'HEAD', reference: string) =>
    caller.ask({
      method,
      url: urlOf(reference),
      scope: read,
      headers: { accept: manifestTypes },
      expect: [200, 404],
      maxBytes: manifestAtMost,
      verb: 'read the manifest',
      on: labelOf(reference),
    });

  const manifest: OciRepository['manifest'] = async (reference) => {
    const { status, body, headers } = await askManifest('GET', reference);
    if (status === 404) return undefined;
    const fail = (what: string) => malformedBy({ verb: 'read the manifest', on: labelOf(reference) }, what);
    const said = headers['docker-content-digest'];
    const wanted = isDigest(reference) ? reference : isDigest(said) ? said : undefined;
    const digest = digestOf(body, wanted);
    if (wanted !== undefined && digest !== wanted)
      throw fail(`the source is at fault: its bytes have the digest ${digest}, not ${wanted}`);
    return { digest, bytes: body, mediaType: mediaTypeOf(headers['content-type'], body, fail) };
  };

  return {
    path,
    name,
    origin,
    manifest,

    async tags() {
      const ask = {
        url: new URL(`${base}/tags/list?n=10000`),
        scope: read,
        verb: 'list the tags of',
        on: name,
      };
      const tags: string[] = [];
      const isThere = await readPages(caller, ask, ({ tags: page }) => {
        // An empty list is null with some.
        for (const tag of list(page, 'tags', ask)) {
          if (!isTag(tag)) throw malformedBy(ask, `${JSON.stringify(tag)?.slice(0, 100)} is no tag`);
          tags.push(tag);
        }
        if (tags.length > tagsAtMost) throw malformedBy(ask, `there are more than ${tagsAtMost} tags`);
      });
      return isThere ? [...new Set(tags)] : undefined;
    },

    async head(reference) {
      const { status, headers } = await askManifest('HEAD', reference);
      if (status === 404) return undefined;
      const digest = headers['docker-content-digest'];
      const mediaType = headers['content-type'];
      if (isDigest(digest) && mediaType !== undefined)
        return { digest: isDigest(reference) ? reference : digest, mediaType: bare(mediaType) };
      // Some registries leave it out.
      return manifest(reference);
    },

    async putManifest(reference, { bytes, mediaType, digest }) {
      const ask: Ask = {
        method: 'PUT',
        url: urlOf(reference),
        scope: write,
        headers: { 'content-type': mediaType },
        body: bytes,
        expect: [200, 201, 202],
        verb: 'push the manifest',
        on: labelOf(reference),
      };
      const { headers } = await caller.ask(ask);
      const kept = headers['docker-content-digest'];
      if (kept !== undefined && kept !== digest && String(kept).split(':')[0] === digest.split(':')[0])
        throw malformedBy(ask, `the registry has made ${kept} of ${digest}`);
      return headers['oci-subject'] !== undefined;
    },

    async referrers(digest) {
      const ask = {
        url: new URL(`${base}/referrers/${digest}`),
        scope: read,
        verb: 'list the referrers of',
        on: labelOf(digest),
      };
      const found: Descriptor[] = [];
      const isThere = await readPages(caller, ask, ({ manifests }, { headers }) => {
        // A page for people, of whatever answers where there is no such list.
        if (bare(headers['content-type'] ?? '') !== indexType)
          throw malformedBy(ask, 'the answer is no index');
        for (const [index, each] of list(manifests, 'manifests', ask).entries())
          found.push(descriptor(each, `manifests[${index}]`));
        if (found.length > referrersAtMost) throw malformedBy(ask, `there are more than ${referrersAtMost}`);
      });
      return isThere ? found : undefined;
    },

    async blobSize(digest) {
      const { status, headers } = await caller.ask({
        method: 'HEAD',
        url: blobUrl(digest),
        scope: write,
        expect: [200, 404],
        verb: 'look for the blob',
        on: labelOf(digest),
      });
      if (status === 404) return undefined;
      return headers['content-length'] === undefined ? Number.NaN : Number(headers['content-length']);
    },

    openBlob(digest, offset) {
      return caller.open({
        method: 'GET',
        url: blobUrl(digest),
        scope: read,
        ...(offset > 0 && { headers: { range: `bytes=${offset}-` } }),
        expect: offset > 0 ? [200, 206] : [200],
        verb: 'read the blob',
        on: labelOf(digest),
      });
    },

    async startUpload(digest, from) {
      if (!isDigest(digest)) throw malformedBy({ verb: 'push to', on: name }, 'a blob has no digest');
      const url = new URL(`${base}/blobs/uploads/`);
      if (from !== undefined) url.search = `?mount=${digest}&from=${encodeURIComponent(from)}`;
      const ask: Ask = {
        method: 'POST',
        url,
        scope: from === undefined ? write : { ...write, from },
        expect: [201, 202],
        verb: 'push the blob',
        on: labelOf(digest),
      };
      let reply: Reply;
      try {
        reply = await caller.ask(ask);
      } catch (error) {
        // One that will not take blobs over is to say 202; some say that they don't understand.
        const isRefused = error instanceof OciError && [400, 404, 405, 415, 422].includes(error.status);
        if (from === undefined || !isRefused) throw error;
        reply = await caller.ask({ ...ask, url: new URL(`${base}/blobs/uploads/`), expect: [202] });
      }
      if (reply.status === 201) return { is: 'there' };
      return { is: 'session', url: sessionUrl(ask, reply.headers.location) };
    },

    async finishUpload(session, digest, body) {
      const url = new URL(session);
      url.searchParams.set('digest', digest);
      await caller.ask({
        method: 'PUT',
        url,
        scope: write,
        headers: { 'content-type': 'application/octet-stream' },
        body,
        expect: [201, 202, 204],
        verb: 'push the blob',
        on: labelOf(digest),
        once: true,
      });
    },

    async cancelUpload(url) {
      const { auth, wire } = caller.options;
      try {
        const authorization = await auth.authorization(url, write);
        const answer = await wire({
          method: 'DELETE',
          url,
          headers: { ...(authorization !== undefined && { authorization }) },
          idle: Math.min(idle, 5000),
        });
        answer.body.resume();
      } catch {
        // The registry clears up after a while.
      }
    },
  };
}

function sessionUrl(ask: Ask, location: string | undefined): URL {
  const fail = (what: string): OciError => malformedBy(ask, what, 202);
  if (location === undefined || !URL.canParse(location, ask.url.href))
    throw fail('the upload has no address');
  const url = new URL(location, ask.url);
  if (!mayLeadTo(ask.url, url))
    throw fail(`the upload's address is ${url.protocol}//${url.host}, which is not encrypted`);
  return url;
}

const bare = (contentType: string) => (contentType.split(';')[0] ?? '').trim();

/** The type that the registry gives; the manifest's own where it gives none. */
function mediaTypeOf(header: string | undefined, bytes: Buffer, fail: (what: string) => OciError): string {
  const type = bare(header ?? '');
  if (type !== '' && type !== 'application/json' && type !== 'text/plain') return type;
  let own: unknown;
  try {
    own = (JSON.parse(bytes.toString('utf8')) as { mediaType?: unknown } | null)?.mediaType;
  } catch {
    // Said below.
  }
  if (typeof own === 'string' && own !== '') return own;
  throw fail('it has no media type');
}

function list(value: unknown, field: string, ask: Pick<Ask, 'verb' | 'on'>): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformedBy(ask, `'${field}' is no list`);
  return value;
}
