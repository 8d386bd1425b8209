/**
 * What a workflow may call, by name.
 *
 * Source: https://cloud.google.com/workflows/docs/reference/stdlib/overview and
 * https://cloud.google.com/workflows/docs/reference/syntax/expressions (which of them block), read 2026-11.
 */

/** Functions that may stand in an expression, with their parameters in order; `?` marks those that may be left out. */
const inExpressions = {
  default: 'val? defaultVal?',
  double: 'x',
  get_type: 'value?',
  if: 'condition? ifTrue? ifFalse?',
  int: 'x',
  keys: 'map',
  len: 'value',
  string: 'x',
  'base64.decode': 'data padding?',
  'base64.encode': 'data padding?',
  'hash.compute_checksum': 'data algorithm',
  'hash.compute_hmac': 'key data algorithm',
  'http.default_retry_predicate': 'exception',
  'http.default_retry_predicate_non_idempotent': 'exception',
  'json.decode': 'data',
  'json.encode': 'data indent?',
  'json.encode_to_string': 'data indent?',
  'list.concat': 'objs val',
  'list.prepend': 'objs val',
  'map.delete': 'map key',
  'map.get': 'map keys',
  'map.merge': 'first second',
  'map.merge_nested': 'first second',
  'math.abs': 'x',
  'math.floor': 'x',
  'math.max': 'x y',
  'math.min': 'x y',
  'retry.always': 'exception',
  'retry.never': 'exception',
  'sys.get_env': 'name default?',
  'sys.now': '',
  'text.decode': 'data charset?',
  'text.encode': 'data charset?',
  'text.find_all': 'source substr',
  'text.find_all_regex': 'source regexp',
  'text.match_regex': 'source regexp',
  'text.replace_all': 'source substr repl',
  'text.replace_all_regex': 'source regexp repl',
  'text.split': 'source separator',
  'text.substring': 'source start end',
  'text.to_lower': 'source',
  'text.to_upper': 'source',
  'text.url_decode': 'source',
  'text.url_encode': 'source',
  'text.url_encode_plus': 'source',
  'time.format': 'seconds timezone?',
  'time.parse': 'value',
  'uuid.generate': '',
} as const;

const request = 'body? headers? query? auth? timeout? private_service_name? ca_certificate?';

/** Functions that only a `call` step may call, since they block. */
const inSteps = {
  'events.await_callback': 'callback timeout?',
  'events.create_callback_endpoint': 'http_callback_method?',
  'experimental.executions.map': 'workflow_id arguments timeout? location? project_id?',
  'experimental.executions.run': 'workflow_id argument? timeout? location? project_id?',
  'http.delete': `url ${request}`,
  'http.get': `url ${request}`,
  'http.patch': `url ${request}`,
  'http.post': `url ${request}`,
  'http.put': `url ${request}`,
  'http.request': `method url ${request}`,
  'sys.log': 'data? severity? text? json? timeout?',
  'sys.sleep': 'seconds',
  'sys.sleep_until': 'time',
} as const;

/** Functions whose parameters are not listed here. https://cloud.google.com/workflows/docs/reference/stdlib/overview */
const withoutParameters = [
  'gke.await_job',
  'gke.create_job',
  'gke.delete_job',
  'gke.request',
  'shell.gcloud',
  'shell.kubectl',
] as const;

/** Other names of parameters, which call steps in Google's samples use. */
const aliases: Readonly<Record<string, string>> = { default_value: 'default', key: 'keys', text: 'data' };

/** A parameter of a library function. */
export interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
}

const functions = new Map<string, readonly Parameter[]>(
  Object.entries({ ...inExpressions, ...inSteps }).map(([name, text]) => [
    name,
    text
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => ({ name: one.replace('?', ''), isRequired: !one.endsWith('?') })),
  ]),
);

/** The parameters of a function, in order; undefined where they are not known. */
export function parametersOf(name: string): readonly Parameter[] | undefined {
  return functions.get(name);
}

/** The name of a parameter, for an argument that may have another one. */
export function parameterName(name: string): string {
  return aliases[name] ?? name;
}

/** Functions that may stand in an expression. */
export const expressionFunctions: ReadonlySet<string> = new Set(Object.keys(inExpressions));

/** Functions that only a `call` step may call. */
export const blockingFunctions: ReadonlySet<string> = new Set([
  ...Object.keys(inSteps),
  ...withoutParameters,
]);

/** Values of the library that are named without a call. */
export const libraryConstants: ReadonlySet<string> = new Set([
  'http.default_retry',
  'http.default_retry_non_idempotent',
  'retry.default_backoff',
  'http.default_retry_predicate',
  'http.default_retry_predicate_non_idempotent',
  'retry.always',
  'retry.never',
]);

/** What `retry` may name as a predicate besides a subworkflow. */
export const retryPredicates: ReadonlySet<string> = new Set([
  'http.default_retry_predicate',
  'http.default_retry_predicate_non_idempotent',
  'retry.always',
  'retry.never',
]);

/** Predicates that let a call through which may have been done. */
export const repeatingPredicates: ReadonlySet<string> = new Set([
  'http.default_retry_predicate',
  'retry.always',
]);

/** Calls that may change something although their answer was lost. */
export const notIdempotent: ReadonlySet<string> = new Set([
  'googleapis.run.v2.projects.locations.jobs.run',
  'http.post',
  'http.patch',
  'http.request',
]);
