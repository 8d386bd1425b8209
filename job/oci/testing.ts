/**
 * A registry in memory for tests: the distribution protocol with every request on record, and a hook before each
 * answer through which a test makes it misbehave.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came. */
export interface Came {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** A manifest that is kept. */
export interface Kept {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What a repository holds. */
export class FakeRepository {
  readonly manifests = new Map<string, Kept>();
  readonly tags = new Map<string, string>();
  readonly blobs = new Map<string, Buffer>();

  /** Puts a blob. @returns its digest */
  blob(content: string | Buffer): string {
    const bytes = Buffer.from(content);
    const digest = sha256(bytes);
    this.blobs.set(digest, bytes);
    return digest;
  }

  /** Puts a manifest, with a tag where one is given. @returns its digest */
  manifest(mediaType: string, content: unknown, tag?: string): string {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const digest = sha256(bytes);
    this.manifests.set(digest, { mediaType, bytes });
    if (tag !== undefined) this.tags.set(tag, digest);
    return digest;
  }

  /** What a manifest's bytes say. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into manifests of every shape
  read(digest: string): any {
    return JSON.parse(this.manifests.get(digest)?.bytes.toString('utf8') ?? '{}');
  }
}

/** How a registry is to be. */
export interface FakeOptions {
  /** It has the referrers API. */
  readonly referrers?: boolean;
  /** It takes blobs over from other repositories. */
  readonly mounts?: boolean;
  /** Entries of a page of tags and repositories. */
  readonly pageSize?: number;
  /** It lists its repositories. */
  readonly catalog?: boolean;
}

/** Does something in place of an answer. @returns whether it did */
export type Hook = (
  came: Came,
  response: ServerResponse,
  request: IncomingMessage,
) => boolean | Promise<boolean>;

/** A registry that runs. */
export interface FakeRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly origin: string;
  readonly came: Came[];
  hook: Hook | undefined;
  readonly repositories: Map<string, FakeRepository>;
  repository(path: string): FakeRepository;
  stop(): Promise<void>;
}

/** `sha256:…` */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Starts a registry. */
export async function startFakeRegistry(options: FakeOptions = {}): Promise<FakeRegistry> {
  const { referrers = false, mounts = true, pageSize = 1000, catalog = true } = options;
  const repositories = new Map<string, FakeRepository>();
  const came: Came[] = [];
  const repository = (path: string) => {
    const there = repositories.get(path) ?? new FakeRepository();
    repositories.set(path, there);
    return there;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const { pathname, searchParams: query } = new URL(url, 'http://registry');
    const send = (status: number, headers: Record<string, string> = {}, body: Buffer | string = '') => {
      response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
      response.end(method === 'HEAD' ? undefined : body);
    };
    const refuse = (status: number, code: string, message: string) =>
      send(status, { 'content-type': 'application/json' }, JSON.stringify({ errors: [{ code, message }] }));
    const page = (all: readonly string[], field: string) => {
      const last = query.get('last');
      const rest = last === null ? all : all.filter((each) => each > last);
      const some = rest.slice(0, pageSize);
      const link = `<${pathname}?n=${pageSize}&last=${encodeURIComponent(some.at(-1) ?? '')}>; rel="next"`;
      send(
        200,
        { 'content-type': 'application/json', ...(rest.length > some.length && { link }) },
        JSON.stringify({ [field]: some }),
      );
    };
    if (pathname === '/v2/') return send(200);
    if (pathname === '/v2/_catalog')
      return catalog
        ? page([...repositories.keys()].sort(), 'repositories')
        : refuse(404, 'UNSUPPORTED', 'no list');
    const [, path = '', kind = '', last = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs|tags|referrers)\/([^/]*)$/.exec(pathname) ?? [];
    const held = repositories.get(path);
    if (kind === 'tags')
      return held
        ? page([...held.tags.keys()].sort(), 'tags')
        : refuse(404, 'NAME_UNKNOWN', 'no such repository');
    if (kind === 'manifests' && method === 'PUT') {
      const bytes = await readAll(request);
      const digest = sha256(bytes);
      if (last.includes(':') && last !== digest) return refuse(400, 'DIGEST_INVALID', 'another digest');
      const into = repository(path);
      const json = JSON.parse(bytes.toString('utf8'));
      for (const child of json.manifests ?? [])
        if (!into.manifests.has(child.digest) && !last.startsWith('sha256-'))
          return refuse(404, 'MANIFEST_UNKNOWN', `no child ${child.digest}`);
      for (const blob of [json.config, ...(json.layers ?? [])].filter(Boolean))
        if (!into.blobs.has(blob.digest) && !blob.urls)
          return refuse(404, 'MANIFEST_BLOB_UNKNOWN', `no blob ${blob.digest}`);
      into.manifest(request.headers['content-type'] ?? '', bytes, last.includes(':') ? undefined : last);
      const subject = referrers && json.subject ? { 'oci-subject': json.subject.digest } : {};
      return send(201, { 'docker-content-digest': digest, ...subject });
    }
    if (kind === 'manifests') {
      const digest = last.includes(':') ? last : (held?.tags.get(last) ?? '');
      const manifest = held?.manifests.get(digest);
      if (!manifest) return refuse(404, 'MANIFEST_UNKNOWN', 'no such manifest');
      return send(
        200,
        {
          'content-type': manifest.mediaType,
          'content-length': String(manifest.bytes.length),
          'docker-content-digest': digest,
        },
        manifest.bytes,
      );
    }
    if (kind === 'blobs/uploads' && method === 'POST') {
      const [mount, from] = [query.get('mount'), query.get('from')];
      const taken =
        mounts && from !== null && mount !== null ? repositories.get(from)?.blobs.get(mount) : undefined;
      if (taken && mount !== null) {
        repository(path).blobs.set(mount, taken);
        return send(201, { 'docker-content-digest': mount });
      }
      return send(202, { location: `/v2/${path}/blobs/uploads/${randomUUID()}` });
    }
    if (kind === 'blobs/uploads' && method === 'PUT') {
      const bytes = await readAll(request);
      const digest = query.get('digest') ?? '';
      if (sha256(bytes) !== digest) return refuse(400, 'DIGEST_INVALID', 'another digest');
      repository(path).blobs.set(digest, bytes);
      return send(201, { 'docker-content-digest': digest });
    }
    if (kind === 'blobs/uploads') return send(204);
    if (kind === 'blobs') {
      const bytes = held?.blobs.get(last);
      if (!bytes) return refuse(404, 'BLOB_UNKNOWN', 'no such blob');
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
      if (Number.isNaN(start)) return send(200, { 'content-length': String(bytes.length) }, bytes);
      return send(
        206,
        { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
        bytes.subarray(start),
      );
    }
    if (kind === 'referrers' && referrers) {
      const manifests = [...(held?.manifests ?? [])].flatMap(([digest, { mediaType, bytes }]) => {
        const { subject, artifactType } = JSON.parse(bytes.toString('utf8'));
        return subject?.digest === last
          ? [{ mediaType, digest, size: bytes.length, ...(artifactType && { artifactType }) }]
          : [];
      });
      const mediaType = 'application/vnd.oci.image.index.v1+json';
      return send(
        200,
        { 'content-type': mediaType },
        JSON.stringify({ schemaVersion: 2, mediaType, manifests }),
      );
    }
    return send(404, { 'content-type': 'text/plain' }, '404 page not found');
  };

  const server = createServer(async (request, response) => {
    const seen: Came = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    came.push(seen);
    try {
      if (await fake.hook?.(seen, response, request)) return;
      await answer(request, response);
    } catch {
      // The client has gone, or a test's hook has failed: there is nobody to tell.
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: FakeRegistry = {
    host,
    origin: `http://${host}`,
    came,
    hook: undefined,
    repositories,
    repository,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Runs a test with a source and a destination of its own. */
export async function withTwoRegistries(
  body: (source: FakeRegistry, destination: FakeRegistry) => Promise<void>,
  one: FakeOptions = {},
  other: FakeOptions = {},
): Promise<void> {
  const [source, destination] = await Promise.all([startFakeRegistry(one), startFakeRegistry(other)]);
  try {
    await body(source, destination);
  } finally {
    await Promise.all([source.stop(), destination.stop()]);
  }
}
