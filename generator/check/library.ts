/**
 * What a workflow may call, by name.
 *
 * Source: https://cloud.google.com/workflows/docs/reference/stdlib/overview and
 * https://cloud.google.com/workflows/docs/reference/syntax/expressions (which of them block), read 2026-11.
 */

/** Functions that may stand in an expression. */
export const expressionFunctions: ReadonlySet<string> = new Set([
  'default',
  'double',
  'get_type',
  'if',
  'int',
  'keys',
  'len',
  'string',
  'base64.decode',
  'base64.encode',
  'hash.compute_checksum',
  'hash.compute_hmac',
  'json.decode',
  'json.encode',
  'json.encode_to_string',
  'list.concat',
  'list.prepend',
  'map.delete',
  'map.get',
  'map.merge',
  'map.merge_nested',
  'math.abs',
  'math.floor',
  'math.max',
  'math.min',
  'sys.get_env',
  'sys.now',
  'text.decode',
  'text.encode',
  'text.find_all',
  'text.find_all_regex',
  'text.match_regex',
  'text.replace_all',
  'text.replace_all_regex',
  'text.split',
  'text.substring',
  'text.to_lower',
  'text.to_upper',
  'text.url_decode',
  'text.url_encode',
  'text.url_encode_plus',
  'time.format',
  'time.parse',
  'uuid.generate',
]);

/** Functions that only a `call` step may call, since they block. */
export const blockingFunctions: ReadonlySet<string> = new Set([
  'events.await_callback',
  'events.create_callback_endpoint',
  'http.delete',
  'http.get',
  'http.patch',
  'http.post',
  'http.put',
  'http.request',
  'sys.log',
  'sys.sleep',
  'sys.sleep_until',
]);

/** What `retry` may name as a predicate besides a subworkflow. */
export const retryPredicates: ReadonlySet<string> = new Set([
  'http.default_retry_predicate',
  'http.default_retry_predicate_non_idempotent',
]);

/** Calls that may change something although their answer was lost. */
export const notIdempotent: ReadonlySet<string> = new Set(['http.post', 'http.patch', 'http.request']);

/** Connectors that the generator uses. */
export const connectors: ReadonlySet<string> = new Set([
  'googleapis.workflowexecutions.v1.projects.locations.workflows.executions.get',
  'googleapis.workflowexecutions.v1.projects.locations.workflows.executions.list',
]);
