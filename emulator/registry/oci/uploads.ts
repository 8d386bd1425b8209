/**
 * Uploads of blobs. Artifact Registry takes a blob in one piece: in the POST, in the PUT that follows it, or in
 * one streamed PATCH before an empty PUT, which is how skopeo and docker do it. It does not take chunks; its
 * documentation says so (cloud.google.com/artifact-registry/docs/reference/docker-api) without saying what it
 * answers, and people report no more than that it fails (kitops-ml/kitops 777). 416 is what the OCI
 * specification has for a chunk that can't be taken, so that is what a second PATCH or one with a Content-Range
 * gets here.
 *
 * Sessions live under `/artifacts-uploads/`, outside `/v2/`, as the service's own: a client must follow the
 * Location it is given.
 */
import { randomUUID } from 'node:crypto';
import type { Receiving } from '../blobs.ts';
import type { Registry } from '../registry.ts';
import type { Repository } from '../repository.ts';
import { OciError } from './errors.ts';
import { bodyOf, type OciContext, piecesOf, queryOf, sha256Of, type Target, targetOf } from './request.ts';

interface Session {
  readonly id: string;
  readonly target: Target;
  readonly receiving: Receiving;
  state: 'new' | 'busy' | 'patched';
}

/** The uploads of one registry that are under way. */
export class Uploads {
  readonly #registry: Registry;
  readonly #sessions = new Map<string, Session>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** POST: a mount, a whole blob, or a session. */
  async start(c: OciContext, target: Target): Promise<Response> {
    const query = queryOf(c);
    const mount = query.get('mount');
    if (mount && this.#mount(target, mount, query.get('from'))) return created(c, target, mount);
    const session: Session = {
      id: randomUUID(),
      target,
      receiving: this.#registry.blobs.receive(),
      state: 'new',
    };
    const digest = query.get('digest');
    if (digest) {
      sha256Of(digest);
      await this.#fill(session, c);
      return this.#finish(session, digest, c);
    }
    this.#sessions.set(session.id, session);
    return c.body(null, 202, { ...this.#headers(session), 'content-length': '0' });
  }

  /** GET: how far a session has come. */
  status(c: OciContext, id: string): Response {
    return c.body(null, 204, this.#headers(this.#session(id)));
  }

  /** PATCH: the whole blob as a stream, once. */
  async patch(c: OciContext, id: string): Promise<Response> {
    const session = this.#session(id);
    if (c.req.header('content-range') !== undefined || session.state !== 'new') throw this.#chunked(session);
    await this.#fill(session, c);
    return c.body(null, 202, { ...this.#headers(session), 'content-length': '0' });
  }

  /** PUT: the end of a session, with the whole blob if there was no PATCH. */
  async finish(c: OciContext, id: string): Promise<Response> {
    const session = this.#session(id);
    const digest = queryOf(c).get('digest') ?? undefined;
    sha256Of(digest);
    if (session.state === 'busy') throw this.#chunked(session);
    if (session.state === 'new') await this.#fill(session, c);
    else for await (const piece of piecesOf(c)) if (piece.length > 0) throw this.#chunked(session);
    return this.#finish(session, digest as string, c);
  }

  /** DELETE: gives a session up. */
  cancel(c: OciContext, id: string): Response {
    this.#drop(this.#session(id));
    return c.body(null, 204);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw new OciError(404, 'BLOB_UPLOAD_UNKNOWN', `Upload ${id} not found`);
    return session;
  }

  #headers({ id, target, receiving }: Session): Record<string, string> {
    const { project, repository } = target.repository.place;
    return {
      location: `/artifacts-uploads/namespaces/${encodeURIComponent(project)}/repositories/${repository}/uploads/${id}`,
      range: `0-${Math.max(0, receiving.size - 1)}`,
      'docker-upload-uuid': id,
    };
  }

  #chunked(session: Session): OciError {
    return new OciError(
      416,
      'BLOB_UPLOAD_INVALID',
      'Chunked uploads are not supported: send the blob in one PUT, or in one PATCH without Content-Range.',
      { headers: this.#headers(session) },
    );
  }

  async #fill(session: Session, c: OciContext): Promise<void> {
    session.state = 'busy';
    try {
      await this.#registry.blobs.fill(session.receiving, bodyOf(c));
    } catch (error) {
      this.#drop(session);
      throw new OciError(400, 'BLOB_UPLOAD_INVALID', `The upload broke off: ${(error as Error).message}`);
    }
    session.state = 'patched';
  }

  #finish(session: Session, digest: string, c: OciContext): Response {
    const { receiving, target } = session;
    const sha256 = sha256Of(digest);
    this.#sessions.delete(session.id);
    // The repository may have been deleted while the blob came in.
    const { repository } = targetOf(this.#registry, target.path, { write: true });
    if (!this.#registry.blobs.finish(receiving, sha256))
      throw new OciError(400, 'DIGEST_INVALID', `The blob does not have the digest ${digest}.`);
    keep(this.#registry, repository, digest, receiving.size);
    return created(c, target, digest);
  }

  #drop(session: Session): void {
    this.#sessions.delete(session.id);
    this.#registry.blobs.drop(session.receiving);
  }

  /** Takes a blob over from another image, of whichever repository, without its bytes being sent. */
  #mount({ registry, repository }: Target, digest: string, from: string | null): boolean {
    sha256Of(digest);
    if (!from) return false;
    let source: Target;
    try {
      source = targetOf(registry, from);
    } catch {
      // The client then uploads, as if it had not asked.
      return false;
    }
    const blob = source.repository.content.files.get(digest);
    if (!blob || !registry.blobs.has(blob.file.sha256)) return false;
    keep(registry, repository, digest, blob.file.size);
    return true;
  }
}

function keep(registry: Registry, repository: Repository, digest: string, size: number): void {
  if (repository.content.files.has(digest)) return;
  repository.record({
    is: 'blob',
    at: registry.clock.now(),
    file: { id: digest, sha256: sha256Of(digest), size },
  });
}

function created(c: OciContext, target: Target, digest: string): Response {
  return c.body(null, 201, {
    location: `/v2/${target.path}/blobs/${digest}`,
    'docker-content-digest': digest,
    'content-length': '0',
  });
}
