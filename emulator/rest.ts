/** REST services made of a table of routes, for those that need no rules of their own for queries and bodies. */
import { Hono } from 'hono';
import { GoogleError } from './errors.ts';
import { listAnswer, page } from './paging.ts';
import { readJson } from './read-json.ts';
import { decodeId } from './registry/names.ts';

/** A call that found its route. */
export interface RestCall {
  /** What stands in the place of each `*` of the pattern, decoded. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  /** The body; an empty object when there is none. */
  readonly body: Record<string, unknown>;
  /** As it came: `Authorization`, `Host`. */
  readonly headers: Headers;
}

/** A route: `METHOD pattern`, with `*` for an id and an optional `:verb` at the end. */
export interface RestRoute {
  readonly method: string;
  readonly segments: readonly string[];
  readonly verb: string | undefined;
  readonly handler: (call: RestCall) => unknown;
}

/** Makes a route. A handler that returns a Response answers for itself; anything else is sent as JSON. */
export function restRoute(signature: `${string} /${string}`, handler: RestRoute['handler']): RestRoute {
  const [method = '', pattern = ''] = signature.split(' ');
  const [path = '', verb] = pattern.split(/:(?=[a-zA-Z]+$)/);
  return { method, segments: path.slice(1).split('/'), verb, handler };
}

/** What of a path stands in the place of the `*` of a pattern; undefined where the two don't fit. */
export function matchPath(
  { segments, verb }: Pick<RestRoute, 'segments' | 'verb'>,
  pathname: string,
): string[] | undefined {
  const given = pathname.slice(1).split('/');
  if (given.length !== segments.length) return undefined;
  const last = given.at(-1) ?? '';
  if (verb !== undefined) {
    if (!last.endsWith(`:${verb}`)) return undefined;
    given[given.length - 1] = last.slice(0, -verb.length - 1);
  }
  const ids: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const text = decodeId(given[index] ?? '');
    if (segment !== '*') {
      if (segment !== text) return undefined;
    } else if (text === '') return undefined;
    else ids.push(text);
  }
  return ids;
}

/** A service. A request that no route is for goes on to the next service. */
export function restService(routes: readonly RestRoute[]): Hono {
  // Verbs first: without one, `acme:getIamPolicy` would be a project with a colon in its name.
  const sorted = [...routes].sort((one, other) => Number(!one.verb) - Number(!other.verb));
  const service = new Hono();
  service.use('*', async (c, next) => {
    const url = new URL(c.req.url);
    for (const { method, handler, ...pattern } of sorted) {
      const ids = method === c.req.method ? matchPath(pattern, url.pathname) : undefined;
      if (!ids) continue;
      const isBare = method === 'GET' || method === 'DELETE';
      const body = isBare ? {} : await readJson(c.req.raw);
      const result = await handler({ ids, query: url.searchParams, body, headers: c.req.raw.headers });
      if (result instanceof Response) return result;
      return c.body(JSON.stringify(result), 200, { 'content-type': 'application/json; charset=UTF-8' });
    }
    return next();
  });
  return service;
}

/**
 * Puts the fields that a mask names from one resource into another: a field that `from` lacks is unset. Without a
 * mask every field that is given is taken.
 *
 * @param settable the fields that a client may set; others in the mask are refused
 * @throws GoogleError INVALID_ARGUMENT
 */
export function applyMask<T extends Record<string, unknown>>(
  to: T,
  from: Record<string, unknown>,
  mask: string | null | undefined,
  settable: readonly string[],
): T {
  const paths = mask
    ? mask.split(',').map((path) => camel(path.trim()))
    : Object.keys(from).filter((key) => settable.includes(key));
  const result: Record<string, unknown> = structuredClone(to);
  for (const path of paths) {
    const [first = '', ...rest] = path.split('.');
    if (!settable.includes(first))
      throw new GoogleError('INVALID_ARGUMENT', `Invalid field mask: '${path}' can't be changed.`);
    setPath(result, from, [first, ...rest]);
  }
  return result as T;
}

function setPath(to: Record<string, unknown>, from: Record<string, unknown>, [key = '', ...rest]: string[]) {
  const value = from[key];
  if (rest.length === 0 || typeof value !== 'object' || value === null) {
    // A message that is absent has no field to set: the path is unset.
    if (rest.length > 0 && typeof to[key] === 'object' && to[key] !== null)
      setPath(to[key] as Record<string, unknown>, {}, rest);
    else if (value === undefined) delete to[key];
    else to[key] = value;
    return;
  }
  const inner = { ...(to[key] as Record<string, unknown> | undefined) };
  setPath(inner, value as Record<string, unknown>, rest);
  to[key] = inner;
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * A page of a list whose items have names.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function listPage<T extends { name?: string }>(
  field: string,
  items: readonly T[],
  query: URLSearchParams,
): Record<string, unknown> {
  const pageSize = query.get('pageSize') ?? '';
  if (!/^\d*$/.test(pageSize)) throw new GoogleError('INVALID_ARGUMENT', `Invalid page size: ${pageSize}`);
  const shown = page(items, ({ name = '' }) => name, {
    size: Number(pageSize),
    token: query.get('pageToken') ?? '',
    query: [field],
    defaultSize: 500,
    maxSize: 1000,
  });
  return listAnswer(field, shown);
}
