/**
 * Callbacks of executions: listed as the API has them, and received at their endpoints.
 *
 * https://cloud.google.com/workflows/docs/reference/executions/rest/v1/projects.locations.workflows.executions.callbacks
 */
import type { Hono, Context as HonoContext } from 'hono';
import { listAnswer, page } from '../../paging.ts';
import type { Engine } from '../engine.ts';
import { stringifyJson } from '../json.ts';
import { bodyOf, canonicalHeader } from '../stdlib/http.ts';
import { dict, type Value } from '../value.ts';
import { integerQuery } from './request.ts';
import { parentOf } from './workflows.ts';

/** A request as `events.await_callback` returns it. */
async function received(c: HonoContext, now: number): Promise<Value> {
  const headers: Record<string, Value> = {};
  for (const [name, value] of c.req.raw.headers) headers[canonicalHeader(name)] = [value];
  const bytes = Buffer.from(await c.req.arrayBuffer());
  const { pathname, search } = new URL(c.req.url);
  return dict({
    http_request: dict({
      body: bodyOf(bytes, c.req.header('content-type') ?? null),
      headers: dict(headers),
      method: c.req.method,
      query: dict(c.req.query()),
      url: pathname + search,
    }),
    received_time: new Date(now).toISOString(),
    type: 'HTTP',
  });
}

/** Mounts the API. */
export function mountCallbacks(app: Hono, engine: Engine): void {
  const collection = '/v1/projects/:project/locations/:location/workflows/:workflow/executions/:execution';
  const executionOf = (c: HonoContext) =>
    engine.executions.get(
      `${parentOf(c)}/workflows/${c.req.param('workflow')}/executions/${c.req.param('execution')}`,
    );

  app.get(`${collection}/callbacks`, (c) => {
    const all = executionOf(c).callbacks.list((payload) => stringifyJson(payload));
    const shown = page(all, ({ name }) => name, {
      size: integerQuery(c, 'pageSize'),
      token: c.req.query('pageToken') ?? '',
      query: [c.req.path],
      defaultSize: 100,
      maxSize: 1000,
    });
    return c.json(listAnswer('callbacks', shown));
  });

  app.all(`${collection}/callbacks/:callback`, async (c) => {
    const { callbacks } = executionOf(c);
    callbacks.receive(c.req.param('callback'), c.req.method, await received(c, engine.now()));
    return c.json({});
  });
}
