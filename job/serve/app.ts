/** The server's routes. */
import { type Context, Hono } from 'hono';
import type { Tools } from '../commands/tools.ts';
import type { Log } from '../log/log.ts';
import { traceOf } from '../log/trace.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { JobRequest } from '../request.ts';
import type { FieldName, Settings } from '../settings/fields.ts';
import { fields } from '../settings/fields.ts';
import { toRequest } from '../settings/request.ts';
import { checkFollowers } from '../settings/server.ts';
import { type Fault, printFault } from '../settings/usage-error.ts';
import { readBody } from './body.ts';
import type { Guard } from './identity.ts';
import { applyOverrides } from './overrides.ts';
import { readJson } from './read-json.ts';
import { figuresOf, type Result, statusOf } from './result.ts';
import { run } from './run.ts';

/** What the routes work with. */
export interface Server {
  readonly settings: Settings;
  readonly tools: Tools;
  readonly guard: Guard;
  readonly metrics: Metrics;
  /** Where traces are; undefined while it is not known. */
  readonly project: () => string | undefined;
  /** All figures, in Prometheus' text format. */
  readonly figures: () => Promise<string>;
  /** Aborted as soon as no new run may begin. */
  readonly draining: AbortSignal;
  /** Aborted when a running one is not waited for any longer. */
  readonly givingUp: AbortSignal;
}

/** The routes, and the run that is going on. */
export interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Undefined while nothing runs. */
  readonly running: () => Promise<unknown> | undefined;
}

/** Makes the routes. */
export function createApp(server: Server): App {
  const { settings, tools, guard, metrics, figures, project, draining, givingUp } = server;
  const app = new Hono();
  let running: Promise<Result> | undefined;

  /** Runs, and gives up waiting when the server has to go. */
  const start = async (request: JobRequest, followers: Pick<Settings, 'mirror' | 'verify'>, log: Log) => {
    const began = tools.clock.now();
    metrics.began();
    const work = run(request, followers, { ...tools, log });
    running = work;
    const over = new AbortController();
    const given = new Promise<undefined>((resolve) => {
      givingUp.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
    });
    let result: Result | undefined;
    try {
      result = await Promise.race([work, given]);
      return result;
    } finally {
      running = undefined;
      over.abort();
      const seconds = (tools.clock.now() - began) / 1000;
      // A run that was given up has no result.
      metrics.ended({ state: 'failed', results: [], ...(result && figuresOf(result)), seconds });
    }
  };

  app.use(async (c, next) => {
    c.header('cache-control', 'no-store');
    // Connections that are kept would outlive the server.
    if (draining.aborted) c.header('connection', 'close');
    await next();
  });

  app.get('/healthz', (c) =>
    draining.aborted
      ? c.json({ status: 'draining' }, 503)
      : c.json({ status: 'ok', running: running !== undefined }),
  );

  const logOf = ({ req }: Context) => tools.traced(traceOf((name) => req.header(name), project()));

  const guarded = async (c: Context): Promise<Response | undefined> => {
    const turned = await guard(c.req.header('authorization'));
    if (!turned) return undefined;
    logOf(c)('WARNING', `turned away: ${turned.message}`, { phase: 'serve' });
    const response = refuse(turned.status, turned.message);
    if (turned.status === 401) response.headers.set('www-authenticate', 'Bearer');
    return response;
  };

  app.get('/metrics', async (c) => {
    const turned = await guarded(c);
    if (turned) return turned;
    return c.text(await figures(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  app.post('/copy', async (c) => {
    // No page of a browser has any business here, and its forms need no leave to post.
    if (c.req.header('origin') !== undefined) return refuse(403, 'requests of web pages are not taken');
    const turned = await guarded(c);
    if (turned) return turned;
    if (draining.aborted) return refuse(503, 'the server is going down');
    const read = await readJson(c.req.raw);
    if ('refused' in read) return refuse(read.status, read.refused);
    const asked = understand(settings, read.json);
    if ('faults' in asked) return refuse(400, 'the body is not right', asked.faults);
    // Nothing may come between this and the start.
    if (running) return refuse(409, 'a copy is running: one at a time');
    if (draining.aborted) return refuse(503, 'the server is going down');
    const result = await start(asked.request, asked.followers, logOf(c));
    if (!result)
      return refuse(
        503,
        'the server goes down before the copy is done; what was started goes on in Artifact Registry',
      );
    return c.json(result, statusOf(result));
  });

  for (const [path, method] of [
    ['/copy', 'POST'],
    ['/healthz', 'GET'],
    ['/metrics', 'GET'],
  ] as const)
    app.all(path, () => {
      const response = refuse(405, `${path} takes ${method} only`);
      response.headers.set('allow', method);
      return response;
    });
  app.notFound(() => refuse(404, 'there are POST /copy, GET /healthz and GET /metrics'));
  app.onError((error, c) => {
    logOf(c)('ERROR', error.message, { phase: 'serve', error: error.message });
    return refuse(500, 'a fault of the program; its log says more');
  });
  return { fetch: (request) => app.fetch(request), running: () => running };
}

type Asked =
  | { readonly request: JobRequest; readonly followers: Pick<Settings, 'mirror' | 'verify'> }
  | { readonly faults: readonly Fault[] };

/** A body over the configured settings, or all that is wrong with it. */
function understand(configured: Settings, body: unknown): Asked {
  const faults: Fault[] = [];
  const overrides = body === undefined ? {} : readBody(body, faults);
  const settings = applyOverrides(configured, overrides, faults);
  const at = (name: FieldName): string => {
    const field = fields[name];
    return 'config' in field ? field.config : name;
  };
  // What is wrong with one field would only be told again.
  if (faults.length > 0) return { faults };
  checkFollowers(settings, at, faults);
  const { request } = toRequest('copy', settings, at, faults);
  return faults.length > 0 ? { faults } : { request, followers: settings };
}

function refuse(code: number, message: string, faults?: readonly Fault[]): Response {
  const told = faults && { faults: faults.map((fault) => ({ ...fault, text: printFault(fault) })) };
  return Response.json({ error: { code, message, ...told } }, { status: code });
}
