/** The Cloud Run Admin API as one service, as far as jobs go. */
import { Hono, type Context as HonoContext } from 'hono';
import { GoogleError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import { readJson } from '../read-json.ts';
import { readQuery } from '../registry/call.ts';
import type { Jobs } from './jobs.ts';
import { timestamp } from './resource.ts';
import { find } from './routes.ts';

/** The REST API, and what the emulator has beside it: what an execution has written. */
export function runService(jobs: Jobs, operations: Operations): Hono {
  const service = new Hono();
  const answer = async (c: HonoContext) => {
    const url = new URL(c.req.url);
    const found = find(c.req.method, url.pathname);
    // Whoever comes after this answers in the shape of images, which are below /v2/ too.
    if (!found) throw new GoogleError('NOT_FOUND', `There is no method at ${url.pathname}.`);
    const query = readQuery(url.searchParams, found.route.parameters);
    const body = await readJson(c.req.raw);
    const result = found.route.handler({ jobs, operations, name: found.name, query, body });
    return c.body(JSON.stringify(result), 200, { 'content-type': 'application/json; charset=UTF-8' });
  };
  service.all('/v2/projects/:project/locations/*', answer);

  // The emulator's own; the service has it in Cloud Logging.
  service.get(
    '/emulator/v2/projects/:project/locations/:location/jobs/:job/executions/:execution/logs',
    (c) => {
      const { project, location, job, execution } = c.req.param();
      const name = `projects/${project}/locations/${location}/jobs/${job}/executions/${execution}`;
      const entries = jobs
        .execution(name)
        .log.entries.map((entry) => ({ ...entry, timestamp: timestamp(entry.timestamp) }));
      return c.json({ entries });
    },
  );
  return service;
}
