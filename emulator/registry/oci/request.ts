/** What the handlers of the protocol share: whom a request is for, and its body as a stream. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Context } from 'hono';
import { imagePath, parseImagePath, repositoryName } from '../names.ts';
import type { Registry } from '../registry.ts';
import type { Repository } from '../repository.ts';
import { OciError } from './errors.ts';

/** Node's own request and response, absent when the request came from within the process. */
export interface Bindings {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

/** A request as Hono hands it over. */
export type OciContext = Context<{ Bindings: Bindings }>;

/** An image that a request is for. */
export interface Target {
  readonly registry: Registry;
  readonly repository: Repository;
  /** The package's id. */
  readonly image: string;
  /** `{location}/{project}/{repository}/{image}`, as it stands after `/v2/`. */
  readonly path: string;
}

/**
 * Finds the repository of a path.
 *
 * @throws OciError NAME_INVALID, NAME_UNKNOWN, UNSUPPORTED
 */
export function targetOf(registry: Registry, path: string, { write = false } = {}): Target {
  const parsed = parseImagePath(path);
  if (!parsed?.image)
    throw new OciError(
      400,
      'NAME_INVALID',
      'Missing image name. Pushes should be of the form docker push HOST-NAME/LOCATION/PROJECT-ID/REPOSITORY/IMAGE',
    );
  if (!parsed.image.split('/').every((part) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part)))
    throw new OciError(400, 'NAME_INVALID', `Invalid image name: ${parsed.image}`);
  const repository = registry.find(repositoryName(parsed));
  if (!repository) throw new OciError(404, 'NAME_UNKNOWN', `Repository "${parsed.repository}" not found`);
  if (repository.format !== 'DOCKER')
    throw new OciError(400, 'UNSUPPORTED', `Repository "${parsed.repository}" is not a Docker repository.`);
  if (write && repository.mode !== 'STANDARD_REPOSITORY')
    throw new OciError(405, 'UNSUPPORTED', `Repository "${parsed.repository}" is a ${repository.mode}.`);
  return { registry, repository, image: parsed.image, path: imagePath(parsed, parsed.image) };
}

/** The body as it comes in; Node's own stream where there is one, since web streams cost twice the time. */
export function bodyOf(c: OciContext): Readable {
  if (c.env?.incoming) return c.env.incoming;
  const { body } = c.req.raw;
  return body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]);
}

/** The body piece by piece, for a reader that may stop early: the connection stays good for the answer. */
export function piecesOf(c: OciContext): AsyncIterable<Uint8Array> {
  return bodyOf(c).iterator({ destroyOnReturn: false });
}

/** SHA-256 in hex of a digest. @throws OciError DIGEST_INVALID */
export function sha256Of(digest: string | undefined): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
  if (!hex) throw new OciError(400, 'DIGEST_INVALID', `Invalid digest: ${digest ?? 'none'}`);
  return hex;
}

/** The query of a request, each parameter once. */
export function queryOf(c: OciContext): URLSearchParams {
  return new URL(c.req.url).searchParams;
}
