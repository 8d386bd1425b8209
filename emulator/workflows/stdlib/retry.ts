/**
 * Retry policies: their predicates, and the named policies that bring both predicate and backoff.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/http/default_retry
 */
import { dict, FunctionValue, isDict, isList, type Value } from '../value.ts';
import { define, type LibraryFunction } from './library.ts';

/** Whether an error is an HttpError with one of the codes, or bears one of the other tags. */
function matches(error: Value, codes: readonly bigint[], tags: readonly string[]): boolean {
  if (!isDict(error)) return false;
  const given = error.get('tags') ?? null;
  const code = error.get('code');
  const has = (tag: string) => isList(given) && given.includes(tag);
  return (has('HttpError') && typeof code === 'bigint' && codes.includes(code)) || tags.some(has);
}

function predicate(name: string, decide: (error: Value) => boolean): LibraryFunction {
  return define(name, ['exception'], (args) => decide(args.any('exception')));
}

/** What `http.default_retry` repeats. */
export const isIdempotentRetry = (error: Value) =>
  matches(error, [429n, 502n, 503n, 504n], ['ConnectionError', 'ConnectionFailedError', 'TimeoutError']);
/** What `http.default_retry_non_idempotent` repeats. */
export const isNonIdempotentRetry = (error: Value) => matches(error, [429n, 503n], ['ConnectionFailedError']);

/** Functions of module retry, and the predicates of module http. */
export const retry = [
  predicate('http.default_retry_predicate', isIdempotentRetry),
  predicate('http.default_retry_predicate_non_idempotent', isNonIdempotentRetry),
  predicate('retry.always', () => true),
  predicate('retry.never', () => false),
];

/** `retry.default_backoff`, in seconds. */
export const defaultBackoff = dict({ initial_delay: 1n, max_delay: 60n, multiplier: 1.25 });

function policy(predicateName: string): Value {
  return dict({ backoff: defaultBackoff, max_retries: 5n, predicate: new FunctionValue(predicateName) });
}

/** Values of the standard library that aren't calls. */
export const constants: ReadonlyMap<string, Value> = new Map([
  ...retry.map(({ name }) => [name, new FunctionValue(name)] as const),
  ['retry.default_backoff', defaultBackoff],
  ['http.default_retry', policy('http.default_retry_predicate')],
  ['http.default_retry_non_idempotent', policy('http.default_retry_predicate_non_idempotent')],
]);
