/** A request to the emulator, answered: by its service, or with a fault in its place or on top. */
import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import type { Clock } from './clock.ts';
import { answerError } from './errors.ts';
import type { Effect, Faults } from './faults.ts';
import type { Iam } from './iam/enforce.ts';
import type { Bindings } from './registry/oci/request.ts';

/** A request that was answered, for a test that counts them. */
export interface Answered {
  readonly method: string;
  /** As it came, without scheme and host. */
  readonly path: string;
  readonly query: string;
  /** HTTP status; 0 when the connection was dropped by a fault. */
  readonly status: number;
}

/** Answers a request. */
export type Answer = (request: Request, bindings: Bindings) => Promise<Response>;

/** Answers requests by the services, with faults on top and roles enforced where `iam` does. */
export function answerer(
  app: Hono<{ Bindings: Bindings }>,
  faults: Faults,
  clock: Clock,
  iam: Iam | undefined,
  onRequest: ((answered: Answered) => void) | undefined,
): Answer {
  const afterFault = async (request: Request, bindings: Bindings, effect: Effect): Promise<Response> => {
    if (effect.delay) {
      const fiber = clock.fiber();
      await fiber.sleep(effect.delay * 1000, request.signal).finally(() => fiber.end());
    }
    if (effect.reset) return drop(bindings);
    if (effect.status !== undefined) return refuse(request, effect, effect.status);
    if (effect.truncate === undefined) return app.fetch(request, bindings);
    const { outgoing, ...incoming } = bindings;
    return truncate(await app.fetch(request, incoming), effect.truncate, outgoing);
  };
  return async (request, bindings) => {
    const { pathname, search } = new URL(request.url);
    let status = 0;
    try {
      const effect = faults.match(request.method, pathname + search);
      const refusal = effect ? undefined : await iam?.check(request).catch(answerError);
      if (refusal) {
        status = refusal.status;
        return refusal;
      }
      const response = effect
        ? await afterFault(request, bindings, effect)
        : await app.fetch(request, bindings);
      const sent = response === RESPONSE_ALREADY_SENT || response.headers.has('x-hono-already-sent');
      const { outgoing } = bindings;
      status = sent && outgoing ? (outgoing.headersSent ? outgoing.statusCode : 0) : response.status;
      return response;
    } finally {
      onRequest?.({ method: request.method, path: pathname, query: search, status });
    }
  };
}

/** What fetch rejects with when the other side hangs up. */
const dropped = () =>
  new TypeError('fetch failed', {
    cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  });

function drop({ incoming }: Bindings): Response {
  if (!incoming) throw dropped();
  incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

function refuse(request: Request, { headers, body }: Effect, status: number): Response {
  if (typeof body === 'string') return new Response(body, { status, ...(headers && { headers }) });
  const { pathname } = new URL(request.url);
  const isOci = /^\/(?:v2(?!\/projects\/)|artifacts-uploads|artifacts-downloads)(?:\/|$)/.test(pathname);
  const message = `Fault on order: ${status}`;
  const shape = isOci
    ? { errors: [{ code: ociCodes[status] ?? 'UNKNOWN', message }] }
    : { error: { code: status, message, status: googleStatuses[status] ?? 'UNKNOWN' } };
  return Response.json(body ?? shape, { status, ...(headers && { headers }) });
}

const googleStatuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};
const ociCodes: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NAME_UNKNOWN',
  405: 'UNSUPPORTED',
  429: 'TOOMANYREQUESTS',
};

/** Sends the head and the first bytes, then hangs up. */
async function truncate(
  response: Response,
  bytes: number,
  outgoing: ServerResponse | undefined,
): Promise<Response> {
  const head = new Uint8Array(bytes);
  let length = 0;
  if (response.body)
    for await (const piece of response.body) {
      const part = piece.subarray(0, bytes - length);
      head.set(part, length);
      length += part.length;
      if (length === bytes) break;
    }
  const start = head.subarray(0, length);
  if (outgoing) {
    const headers = Object.fromEntries(response.headers);
    // Without a length the client couldn't tell that something is missing.
    headers['content-length'] ??= String(length + 1);
    outgoing.writeHead(response.status, headers);
    outgoing.write(start, () => outgoing.socket?.destroy());
    return RESPONSE_ALREADY_SENT;
  }
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(start),
    pull: (controller) => controller.error(dropped()),
  });
  return new Response(body, response);
}
