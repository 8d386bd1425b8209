/** When a request that failed is sent again, and how long to wait before. */

/** How often and how long. Times in milliseconds. */
export interface RetryPolicy {
  /** Requests in all, the first included. */
  readonly attempts: number;
  /** The longest wait before the second request; it doubles with each. */
  readonly firstDelay: number;
  /** The longest wait before any. */
  readonly maxDelay: number;
  /** The longest that a `Retry-After` is taken at its word: an answer must not stop us for a day. */
  readonly maxRetryAfter: number;
}

/** Eight requests over half a minute on average, a minute at most. */
export const defaultRetry: RetryPolicy = {
  attempts: 8,
  firstDelay: 500,
  maxDelay: 30_000,
  maxRetryAfter: 120_000,
};

/** Answers that go away by themselves. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** What became of a request that did not succeed. */
export type Failure =
  /** An answer of this status. `wait`: what its Retry-After asks for, in milliseconds. */
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly said: string;
      readonly wait: number | undefined;
    }
  /** No whole answer. `sent`: the service may have got the request. */
  | { readonly is: 'connection'; readonly sent: boolean; readonly said: string };

/**
 * Whether the same request may succeed a moment later.
 *
 * @param repeatable whether doing it twice is the same as doing it once; other requests are sent again only where
 *   nothing can have started
 */
export function mayRetry(failure: Failure, repeatable: boolean): boolean {
  if (failure.is === 'connection') return repeatable || !failure.sent;
  return repeatable ? passing.has(failure.status) : failure.status === 429;
}

/** Whether a request that failed like this may have been done all the same. */
export function isUnclear(failure: Failure): boolean {
  if (failure.is === 'connection') return failure.sent;
  return failure.status !== 429 && passing.has(failure.status);
}

/**
 * The wait before the next request, in milliseconds: any length up to a bound that doubles (full jitter, which
 * spreads those who failed together), or what the service asked for where that is longer.
 *
 * @param failed requests that have failed so far, at least 1
 * @param random a number from 0 up to 1
 */
export function retryDelay(
  policy: RetryPolicy,
  failed: number,
  failure: Failure,
  random: () => number,
): number {
  const bound = Math.min(policy.maxDelay, policy.firstDelay * 2 ** (failed - 1));
  return Math.max(random() * bound, (failure.is === 'answer' && failure.wait) || 0);
}

/**
 * What a `Retry-After` header asks for, in milliseconds: whole seconds, or a date.
 *
 * @param now milliseconds since the epoch
 * @returns undefined where there is none, or it can't be read
 */
export function readRetryAfter(
  header: string | undefined,
  now: number,
  { maxRetryAfter }: RetryPolicy,
): number | undefined {
  const text = header?.trim() ?? '';
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(0, wait), maxRetryAfter);
}
