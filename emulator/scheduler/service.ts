/** Cloud Scheduler's REST API, v1. https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { listPage, restRoute, restService } from '../rest.ts';
import { Scheduler } from './scheduler.ts';

/** The REST API. */
export function schedulerService(context: Context): Hono {
  const scheduler = new Scheduler(context);
  const jobs = '/v1/projects/*/locations/*/jobs';
  const parent = ([project, location]: readonly string[]) => `projects/${project}/locations/${location}`;
  const name = (ids: readonly string[]) => `${parent(ids)}/jobs/${ids[2]}`;
  return restService([
    restRoute(`POST ${jobs}`, ({ ids, body }) => scheduler.create(parent(ids), body)),
    restRoute(`GET ${jobs}`, ({ ids, query }) => listPage('jobs', scheduler.list(parent(ids)), query)),
    restRoute(`GET ${jobs}/*`, ({ ids }) => scheduler.get(name(ids))),
    restRoute(`PATCH ${jobs}/*`, ({ ids, body, query }) =>
      scheduler.update(name(ids), body, query.get('updateMask')),
    ),
    restRoute(`DELETE ${jobs}/*`, ({ ids }) => {
      scheduler.delete(name(ids));
      return {};
    }),
    restRoute(`POST ${jobs}/*:pause`, ({ ids }) => scheduler.setState(name(ids), 'PAUSED')),
    restRoute(`POST ${jobs}/*:resume`, ({ ids }) => scheduler.setState(name(ids), 'ENABLED')),
    restRoute(`POST ${jobs}/*:run`, ({ ids }) => scheduler.run(name(ids))),
  ]);
}
