/**
 * One call of the REST API and the table that finds who answers it. The service reads paths, queries and
 * bodies by strict rules and says so in its own words; a client that misspells a field must hear of it here.
 */
import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { decodePath } from './names.ts';
import type { Registry } from './registry.ts';

/** A call that found its route. */
export interface Call {
  readonly registry: Registry;
  /** What stands in the place of each `*` of the route's pattern, as in a resource name. */
  readonly ids: readonly string[];
  /** Query parameters by their lower camel case name. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The body; an empty object when there is none. */
  readonly body: unknown;
}

/** Who answers: the result is sent as JSON. */
export type Handler = (call: Call) => unknown;

/** A route: `METHOD pattern`, with `*` for an id, then which query parameters it takes. */
export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly verb: string | undefined;
  readonly parameters: ReadonlySet<string>;
  readonly handler: Handler;
}

/** What every Google API takes besides. https://cloud.google.com/apis/docs/system-parameters */
const systemParameters = new Set([
  ...['$alt', 'alt', '$.xgafv', 'access_token', 'callback', '$callback', 'fields', '$fields', 'key', '$key'],
  ...['oauth_token', 'prettyPrint', '$prettyPrint', 'quotaUser', '$userProject', 'userProject'],
  ...['uploadType', 'upload_protocol', 'trace', '$apiVersion', 'userIp'],
]);

/** Makes a route. */
export function route(
  signature: `${string} ${string}`,
  handler: Handler,
  parameters: readonly string[] = [],
): Route {
  const [method = '', pattern = ''] = signature.split(' ');
  const [path = '', verb] = pattern.split(/:(?=[a-zA-Z]+$)/);
  return { method, segments: path.split('/'), verb, parameters: new Set(parameters), handler };
}

/** The verbs that routes have: a colon stands in version ids too. */
const verbs = (routes: readonly Route[]) => new Set(routes.flatMap(({ verb }) => (verb ? [verb] : [])));

/** Finds the route of a request; undefined when no route has that path. */
export function router(routes: readonly Route[]) {
  const known = verbs(routes);
  return (method: string, pathname: string): { route: Route; ids: string[] } | undefined => {
    const segments = decodePath(pathname);
    let verb: string | undefined;
    const last = segments.at(-1) ?? '';
    const colon = last.lastIndexOf(':');
    if (colon >= 0 && known.has(last.slice(colon + 1))) {
      verb = last.slice(colon + 1);
      segments[segments.length - 1] = last.slice(0, colon);
    }
    for (const each of routes) {
      if (each.method !== method || each.verb !== verb || each.segments.length !== segments.length) continue;
      const ids: string[] = [];
      const fits = each.segments.every((segment, index) => {
        const given = segments[index] as string;
        if (segment !== '*') return segment === given;
        ids.push(given);
        return given !== '';
      });
      if (fits) return { route: each, ids };
    }
    return undefined;
  };
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Reads the query. Field names may be in snake case too.
 *
 * @throws GoogleError INVALID_ARGUMENT for a parameter that the method doesn't have
 */
export function readQuery(
  search: URLSearchParams,
  parameters: ReadonlySet<string>,
): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = {};
  for (const [name, value] of search) {
    if (systemParameters.has(name)) continue;
    if (!parameters.has(camel(name)))
      throw new GoogleError(
        'INVALID_ARGUMENT',
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      );
    query[camel(name)] = value;
  }
  return query;
}

/**
 * Reads a body.
 *
 * @throws GoogleError INVALID_ARGUMENT in the words of Google's JSON parser
 */
export function readBody<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const messages = result.issues.map((issue) => {
    const keys = (issue.path ?? []).map(({ key }) => String(key));
    const last = keys.at(-1) ?? '';
    if (issue.type === 'strict_object' && issue.expected === 'never') {
      const above = keys.slice(0, -1).map(snake).join('.');
      return `Invalid JSON payload received. Unknown name "${last}"${above && ` at '${above}'`}: Cannot find field.`;
    }
    const where = keys.map(snake).join('.');
    if (issue.type === 'strict_object' && issue.received === 'undefined')
      return `Missing required field: ${where}`;
    return `Invalid value at '${where}' (${issue.message}), ${JSON.stringify(issue.input)}`;
  });
  throw new GoogleError('INVALID_ARGUMENT', messages.join('\n'));
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** JSON of protobuf's scalar types: an int32 may come as a string. */
export const json = {
  string: v.string('TYPE_STRING'),
  bool: v.boolean('TYPE_BOOL'),
  int32: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+$/), v.transform(Number))], 'TYPE_INT32'),
    v.integer('TYPE_INT32'),
    v.minValue(-(2 ** 31), 'TYPE_INT32'),
    v.maxValue(2 ** 31 - 1, 'TYPE_INT32'),
  ),
};

/** An operation that is done, or will be after the time that behavior gives. */
export function operationOf(
  { registry: { operations, clock, behavior } }: Pick<Call, 'registry'>,
  [project, location]: readonly string[],
  response: Record<string, unknown>,
  metadata: Record<string, unknown> = { '@type': `${typePrefix}.OperationMetadata` },
) {
  const done = clock.now() + 1000 * behavior.operationSeconds;
  return operations.start(`projects/${project}/locations/${location}`, (now) => ({
    metadata,
    ...(now >= done && { response }),
  }));
}

/** What `@type` begins with in this API's operations. */
export const typePrefix = 'type.googleapis.com/google.devtools.artifactregistry.v1';

/** The response of a delete's operation. */
export const empty = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
