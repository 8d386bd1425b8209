/**
 * One request to a registry: its turn at limiter and gate, its credentials, redirects, repetitions, and the error
 * that it ends in.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../registry/clock.ts';
import type { Limiter } from '../registry/limiter.ts';
import { readError } from '../registry/refusal.ts';
import { type Failure, mayRetry, type RetryPolicy, readRetryAfter, retryDelay } from '../registry/retry.ts';
import { ConnectionError, TooLargeError } from '../registry/transport.ts';
import type { Authenticator, Scope } from './auth/authenticator.ts';
import type { Gate } from './gate.ts';
import { mayLeadTo } from './host.ts';
import {
  isOutOfSpace,
  malformedBy,
  type OciError,
  type Purpose,
  type Remedies,
  refusedBy,
} from './oci-error.ts';
import { readBody, type Upload, type Wire, type WireAnswer } from './wire.ts';

/** What is asked. */
export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly scope: Scope;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Upload;
  /** Statuses that are answers; any other is a failure. */
  readonly expect: readonly number[];
  /** Largest answer, in bytes; 64 KiB where it is left out. */
  readonly maxBytes?: number;
  /** Completes "cannot …". */
  readonly verb: string;
  readonly on: string;
  /** Not sent again: a session of an upload is spent by the first. */
  readonly once?: boolean;
}

/** An answer, complete. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where it came from in the end. */
  readonly url: URL;
}

/** What calls go through; one for each registry, and one limiter and gate for all. */
export interface CallOptions {
  readonly wire: Wire;
  readonly auth: Authenticator;
  readonly limiter: Limiter;
  readonly gate: Gate;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds that a server may be silent. */
  readonly idle: number;
  readonly remedies: Remedies;
  /** Ends everything: what is under way is broken off, and rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every request that was sent. Status 0: no answer. */
  readonly observe?:
    | ((sent: { readonly method: string; readonly url: URL; readonly status: number }) => void)
    | undefined;
}

/** Asks a registry. @throws OciError, or the signal's reason */
export interface Caller {
  readonly options: CallOptions;
  /** Asks, as often as it takes, for a whole answer. */
  ask(ask: Ask): Promise<Reply>;
  /** The same, up to the head: the body is the caller's to read. */
  open(ask: Ask): Promise<WireAnswer & { readonly url: URL }>;
}

const wholeAtMost = 64 << 10;
const redirectsAtMost = 5;
/** A server that says when to come again may say so more often than one that fails. */
const turnedAwayAtMost = 30;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Makes the function that every request to a registry goes through. */
export function createCaller(options: CallOptions): Caller {
  const { limiter, gate, retry, clock, random, remedies, signal } = options;

  const repeat = async <T>(ask: Ask, read: (answer: WireAnswer & { url: URL }) => Promise<T>): Promise<T> => {
    const purpose: Purpose = { verb: ask.verb, on: ask.on, remedies };
    const isWrite = ask.method !== 'GET' && ask.method !== 'HEAD';
    let failed = 0;
    let turnedAway = 0;
    for (;;) {
      signal?.throwIfAborted();
      await limiter.acquire(isWrite ? 'write' : 'read');
      const failure = await attempt(ask, purpose, read);
      if ('done' in failure) return failure.done;
      const is429 = failure.is === 'answer' && failure.status === 429;
      if (is429) turnedAway++;
      else failed++;
      const passing = mayRetry(failure, true) && !(failure.is === 'answer' && isOutOfSpace(failure));
      if (!passing || ask.once || failed >= retry.attempts || turnedAway >= turnedAwayAtMost)
        throw refusedBy(purpose, failure, failed + turnedAway, { passing, isWrite });
      await pause(clock, retryDelay(retry, Math.min(failed + turnedAway, 8), failure, random), signal);
    }
  };

  /** Sends it once, or what a redirect or a 401 makes of once. */
  const attempt = async <T>(
    ask: Ask,
    purpose: Purpose,
    read: (answer: WireAnswer & { url: URL }) => Promise<T>,
  ): Promise<Failure | { readonly done: T }> => {
    const leave = await gate.enter();
    try {
      const answer = await follow(options, ask, purpose);
      if (ask.expect.includes(answer.status)) return { done: await read(answer) };
      const body = await readBody(answer, wholeAtMost, options.idle).catch(() => Buffer.alloc(0));
      const wait = readRetryAfter(answer.headers['retry-after'], clock.now(), retry);
      if (answer.status === 429) {
        limiter.turnedAway(wait);
        gate.narrow();
      }
      return { is: 'answer', status: answer.status, said: readError(body).said, wait };
    } catch (error) {
      if (error instanceof TooLargeError) throw malformedBy(purpose, error.message);
      if (!(error instanceof ConnectionError) || signal?.aborted) throw error;
      return { is: 'connection', sent: error.sent, said: error.message };
    } finally {
      leave();
    }
  };

  return {
    options,
    ask: (ask) =>
      repeat(ask, async (answer) => ({
        status: answer.status,
        headers: answer.headers,
        url: answer.url,
        body: await readBody(answer, ask.method === 'HEAD' ? 0 : (ask.maxBytes ?? wholeAtMost), options.idle),
      })),
    open: (ask) => repeat(ask, async (answer) => answer),
  };
}

/**
 * Sends a request, once more with other credentials after a 401, and follows redirects. Credentials go to the
 * registry alone, wherever this leads.
 */
async function follow(options: CallOptions, ask: Ask, purpose: Purpose): Promise<WireAnswer & { url: URL }> {
  let { url } = ask;
  let signedIn = 0;
  let hops = 0;
  for (;;) {
    const authorization = await options.auth.authorization(url, ask.scope);
    const answer = await send(options, ask, url, authorization);
    if (answer.status === 401 && signedIn < 2) {
      const challenge = answer.headers['www-authenticate'];
      // One 401 tells what is wanted, a second that a token has been taken back.
      if (await options.auth.challenged(url, ask.scope, challenge, authorization)) {
        signedIn++;
        if (!ask.once) {
          answer.body.resume();
          continue;
        }
      }
    }
    if (!redirects.has(answer.status) || ask.expect.includes(answer.status)) return { ...answer, url };
    answer.body.destroy();
    url = nextHop(ask, purpose, url, answer);
    if (++hops > redirectsAtMost)
      throw malformedBy(purpose, `more than ${redirectsAtMost} redirects`, answer.status);
  }
}

function nextHop(ask: Ask, purpose: Purpose, url: URL, { headers, status }: WireAnswer): URL {
  const fail = (what: string): OciError => malformedBy(purpose, what, status);
  if (ask.method !== 'GET' && ask.method !== 'HEAD') throw fail('a write is answered by a redirect');
  const { location = '' } = headers;
  if (!URL.canParse(location, url.href)) throw fail('a redirect leads nowhere');
  const next = new URL(location, url);
  if (!mayLeadTo(url, next))
    throw fail(`a redirect leads to ${next.protocol}//${next.host}, which is not encrypted`);
  return next;
}

async function send(
  { wire, idle, signal, observe }: CallOptions,
  { method, headers, body }: Ask,
  url: URL,
  authorization: string | undefined,
): Promise<WireAnswer> {
  let status = 0;
  try {
    const answer = await wire({
      method,
      url,
      headers: { ...headers, 'user-agent': userAgent, ...(authorization !== undefined && { authorization }) },
      body,
      idle,
      signal,
    });
    status = answer.status;
    return answer;
  } finally {
    observe?.({ method, url, status });
  }
}

/** Milliseconds after which somebody who waits looks whether all is over. */
const slice = 500;

/** Waits. @throws the signal's reason soon after it was given */
export async function pause(
  clock: Pick<Clock, 'sleep'>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let left = milliseconds; left > 0; left -= slice) {
    signal?.throwIfAborted();
    await clock.sleep(Math.min(left, slice));
  }
}

const userAgent = 'artifact-registry-cron-replicator';
