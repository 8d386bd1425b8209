/**
 * HTTP with bodies of any size, both ways, over connections that are kept. Node's own client rather than `fetch`:
 * through web streams a blob takes more than twice the processor time.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Writable } from 'node:stream';
import { ConnectionError, TooLargeError } from '../registry/transport.ts';

/** A body that is made while it is sent. */
export interface Upload {
  /** Bytes. */
  readonly length: number;
  /**
   * Writes all of it, and waits where the other side is slower.
   *
   * @throws anything: the request is then broken off and ends in that error
   */
  write(out: Writable, signal: AbortSignal): Promise<void>;
}

/** A request. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | Upload | undefined;
  /** Milliseconds that the other side may be silent. */
  readonly idle: number;
  readonly signal?: AbortSignal | undefined;
}

/** The head of an answer; whoever has it reads the body, or destroys it. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** Sends a request. @throws ConnectionError, the signal's reason, or what an upload ends in */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;

/** Makes a wire. Idle connections don't keep the process alive. */
export function createWire(): Wire {
  const options = { keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' } as const;
  const plain = new HttpAgent(options);
  const secure = new HttpsAgent(options);
  return (wire) => {
    const { url, method, headers, body } = wire;
    const isSecure = url.protocol === 'https:';
    const length = body === undefined ? (/^(?:GET|HEAD)$/.test(method) ? undefined : 0) : body.length;
    const all: OutgoingHttpHeaders = { host: url.host, ...headers };
    if (length !== undefined) all['content-length'] = length;
    // The parts rather than the URL: taking it apart again would cost more than the request itself.
    const target = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      method,
      headers: all,
      agent: isSecure ? secure : plain,
    };
    return exchange(isSecure ? httpsRequest(target) : httpRequest(target), wire);
  };
}

function exchange(outgoing: ClientRequest, { body, idle, signal }: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let settled = false;
    const uploading = new AbortController();
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      act();
    };
    const fail = (error: Error) => {
      settle(() => reject(error));
      uploading.abort(error);
      outgoing.destroy();
    };
    const abort = () => fail(signal?.reason as Error);
    // While a body goes out its writer watches the other side.
    const timer = setTimeout(() => {
      if (isWriting) timer.refresh();
      else fail(new ConnectionError(`no answer in ${idle / 1000} s`, sent));
    }, idle);
    let isWriting = false;
    if (signal?.aborted) {
      abort();
      outgoing.on('error', () => {});
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) sent = true;
      else
        socket.once('connect', () => {
          sent = true;
        });
    });
    outgoing.on('error', (error) => fail(new ConnectionError(describe(error), sent)));
    outgoing.on('response', (answer) => {
      answer.on('error', () => {});
      settle(() => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }));
      // An answer before the end of what was sent: the other side wants no more of it.
      if (isWriting) {
        uploading.abort(new ConnectionError('the answer came before the end of what was sent', true));
        answer.once('end', () => outgoing.destroy());
      }
    });
    if (body === undefined || Buffer.isBuffer(body)) {
      outgoing.end(body);
      return;
    }
    isWriting = true;
    outgoing.flushHeaders();
    body.write(outgoing, uploading.signal).then(
      () => {
        isWriting = false;
        if (!settled) timer.refresh();
        outgoing.end();
      },
      (error: Error) => {
        isWriting = false;
        if (!settled) fail(error);
      },
    );
  });
}

/** A whole body. @param most bytes that it may have @throws ConnectionError where it breaks off, TooLargeError */
export function readBody({ body, headers }: WireAnswer, most: number, idle: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => stop(new ConnectionError(`nothing came for ${idle / 1000} s`, true)),
      idle,
    );
    let isOver = false;
    const stop = (error: Error) => {
      isOver = true;
      clearTimeout(timer);
      reject(error);
      body.destroy();
    };
    // The answer to a HEAD says how long a body would have been.
    if (most > 0 && Number(headers['content-length']) > most) {
      stop(new TooLargeError(`the answer has ${headers['content-length']} bytes, more than ${most}`));
      return;
    }
    body.on('data', (piece: Buffer) => {
      // A timer that was cleared would start again.
      if (isOver) return;
      size += piece.length;
      timer.refresh();
      if (size > most) stop(new TooLargeError(`the answer has more than ${most} bytes`));
      else pieces.push(piece);
    });
    body.on('error', (error) => stop(new ConnectionError(describe(error), true)));
    body.on('aborted', () => stop(new ConnectionError('the answer broke off', true)));
    body.on('end', () => {
      clearTimeout(timer);
      resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size));
    });
  });
}

/** An error of several tries (IPv6, then IPv4) has no message of its own. */
function describe(error: Error & { code?: string; errors?: readonly Error[] }): string {
  return (
    error.message || error.errors?.map(({ message }) => message).join(', ') || error.code || 'no connection'
  );
}
