/** One call: its turn at the limiter, its credentials, its repetitions, and the error that it ends in. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import type { Limiter, RequestKind } from './limiter.ts';
import { malformed, type Purpose, readError, refusal, unclear } from './refusal.ts';
import { type Failure, isUnclear, mayRetry, type RetryPolicy, readRetryAfter, retryDelay } from './retry.ts';
import { ConnectionError, TooLargeError, type Transport, type WireAnswer } from './transport.ts';

/** What is asked. */
export interface Ask extends Purpose {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly kind: RequestKind;
  /** How many requests the service may count it as; 1 where it is left out. */
  readonly items?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Doing it twice is not the same as doing it once: it is sent again only where nothing can have started. */
  readonly once?: boolean;
  /** Largest answer, in bytes; 64 MiB where it is left out. */
  readonly maxBytes?: number;
  /** A redirect is an answer that the caller looks at; otherwise it is none that the API promises. */
  readonly mayRedirect?: boolean;
}

/** An answer of success, or a redirect where the caller looks at those. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that was answered, or not, for whoever counts them. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  /** HTTP status, 0 where there was no answer. */
  readonly status: number;
  readonly milliseconds: number;
  /** 1 for the first request, 2 when it is sent again, … */
  readonly attempt: number;
}

/** What a call goes through. */
export interface CallOptions {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly limiter: Limiter;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds for each request. */
  readonly timeout: number;
  readonly observe: (sent: Sent) => void;
}

/**
 * Asks, as often as it takes.
 *
 * @throws RegistryError
 */
export type Call = (ask: Ask) => Promise<Reply>;

const maxBytes = 64 * 2 ** 20;
// Google's servers pack answers only for clients whose name says so, besides the header that asks for it.
const userAgent = 'artifact-registry-cron-replicator (gzip)';

/** Makes the function that every request goes through. */
export function createCall(options: CallOptions): Call {
  const { credentials, limiter, retry, clock, random } = options;

  /** Sends a request; another time, with a new token, where the token was not accepted. */
  const send = async (ask: Ask, attempt: number): Promise<WireAnswer> => {
    const url = new URL(ask.url);
    for (const isStale of [false, true]) {
      const authorization = await credentials.authorization(url, isStale);
      const answer = await sendOnce(options, ask, attempt, authorization);
      if (answer.status !== 401 || isStale || authorization === undefined) return answer;
    }
    throw new Error('unreachable');
  };

  return async (ask) => {
    for (let attempt = 1; ; attempt++) {
      await limiter.acquire(ask.kind, ask.items);
      let failure: Failure;
      try {
        const answer = await send(ask, attempt);
        if (answer.status < (ask.mayRedirect ? 400 : 300)) return answer;
        if (answer.status < 400) throw malformed(ask, 'the answer is a redirect', answer.status);
        const wait = readRetryAfter(answer.headers['retry-after'], clock.now(), retry);
        failure = { is: 'answer', status: answer.status, said: readError(answer.body).said, wait };
        if (answer.status === 404) failure = ownWords(ask, answer, failure);
        if (answer.status === 429) limiter.turnedAway(wait);
      } catch (error) {
        if (error instanceof TooLargeError) throw malformed(ask, error.message);
        if (!(error instanceof ConnectionError)) throw error;
        failure = { is: 'connection', sent: error.sent, said: error.message };
      }
      if (!mayRetry(failure, !ask.once) || attempt >= retry.attempts)
        throw ask.once && isUnclear(failure) ? unclear(ask, failure) : refusal(ask, failure, attempt);
      await clock.sleep(retryDelay(retry, attempt, failure, random));
    }
  };
}

/** A 404 lets deletes happen: it counts only where the service itself says it, in its own shape. */
function ownWords(ask: Ask, answer: WireAnswer, failure: Failure): Failure {
  const { isService, said, code } = readError(answer.body);
  if (isService && (code === undefined || code === 404)) return failure;
  throw malformed(ask, `a 404 that is not the service's own: ${said || 'empty'}`, 404);
}

async function sendOnce(
  { transport, timeout, clock, observe }: CallOptions,
  ask: Ask,
  attempt: number,
  authorization: string | undefined,
): Promise<WireAnswer> {
  const { method, url, body, once } = ask;
  const start = clock.now();
  let status = 0;
  try {
    const answer = await transport({
      method,
      url,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...ask.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      ownConnection: once,
      timeout,
      maxBytes: ask.maxBytes ?? maxBytes,
    });
    status = answer.status;
    return answer;
  } finally {
    observe({ method, url, status, milliseconds: clock.now() - start, attempt });
  }
}

/**
 * The JSON object of an answer.
 *
 * @throws RegistryError `malformed` for anything else
 */
export function jsonObject(ask: Purpose, { body, status }: Reply): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed(ask, `the answer is no JSON: ${body.subarray(0, 100).toString('utf8')}`, status);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(ask, 'the answer is no JSON object', status);
  return value as Record<string, unknown>;
}
