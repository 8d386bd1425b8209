/**
 * Every call to Artifact Registry that a workflow makes, in one table.
 *
 * Workflows has no connector for Artifact Registry (no page documents one), so each is plain REST with the
 * workflow's own identity. Should a connector come, its operation becomes one line here: replace the entry by
 * `connector('googleapis.artifactregistry.v1.…', 'name')`; nothing else changes, since callers read the
 * answer through {@link answerOf}.
 */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { call } from '../workflow/build.ts';
import type { Call, Value } from '../workflow/steps.ts';

const root = 'https://artifactregistry.googleapis.com/v1/';

interface Endpoint {
  /** The function that a step calls. */
  readonly function: string;
  /** Arguments that name the resource. */
  readonly target: (resource: Expression) => { readonly [name: string]: Value };
  /** Where the answer's body is in the result. */
  readonly answer: (result: Expression) => Expression;
}

function http(method: 'get' | 'post', url: (resource: Expression) => Expression): Endpoint {
  return {
    function: `http.${method}`,
    // 60 s: every call here is answered at once, and a hanging one should be given up well before the deadline.
    target: (resource) => ({ url: url(resource), auth: { type: 'OAuth2' }, timeout: 60 }),
    answer: (result) => ex`${result}.body`,
  };
}

const endpoints = {
  getRepository: http('get', (name) => ex`${root} + ${name}`),
  copyRepository: http('post', (name) => ex`${root} + ${name} + ":copyRepository"`),
  getOperation: http('get', (name) => ex`${root} + ${name}`),
  /** Below `projects/P/locations/L`. */
  listOperations: http('get', (parent) => ex`${root} + ${parent} + "/operations"`),
} satisfies Record<string, Endpoint>;

/** An operation of Artifact Registry that a workflow may call. */
export type Operation = keyof typeof endpoints;

/** The step that calls an operation on a resource. */
export function callApi(
  name: string,
  operation: Operation,
  resource: Expression,
  result: string,
  more: { readonly [name: string]: Value } = {},
): Call {
  const endpoint = endpoints[operation];
  return call(name, endpoint.function, { ...endpoint.target(resource), ...more }, result);
}

/** The body of what {@link callApi} stored in `result`. */
export function answerOf(operation: Operation, result: Expression): Expression {
  return endpoints[operation].answer(result);
}

/** The URL that an operation is sent to, for telling what would be posted. */
export function urlOf(operation: Operation, resource: Expression): Value {
  return endpoints[operation].target(resource).url ?? null;
}
