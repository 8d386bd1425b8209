/** Cloud Logging's REST API, v2: log-based metrics. */
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { listPage, restRoute, restService } from '../rest.ts';
import { LogMetrics } from './metrics.ts';

/** The REST API. */
export function logMetricsService(context: Context): Hono {
  const kept = new LogMetrics(context);
  const metrics = '/v2/projects/*/metrics';
  // gcloud encodes the slash of an id twice, other clients once.
  const idOf = (text = '') => text.replaceAll('%2F', '/');
  return restService([
    restRoute(`GET ${metrics}`, ({ ids: [project = ''], query }) =>
      listPage('metrics', kept.list(project), query),
    ),
    restRoute(`POST ${metrics}`, ({ ids: [project = ''], body }) => kept.create(project, body)),
    restRoute(`GET ${metrics}/*`, ({ ids: [project = '', id] }) => kept.get(project, idOf(id))),
    restRoute(`PUT ${metrics}/*`, ({ ids: [project = '', id], body }) =>
      kept.update(project, idOf(id), body),
    ),
    restRoute(`DELETE ${metrics}/*`, ({ ids: [project = '', id] }) => {
      kept.delete(project, idOf(id));
      return {};
    }),
  ]);
}
