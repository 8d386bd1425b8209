/** Service Usage: which APIs of a project are enabled. Nothing is refused for an API that is not. */
import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { projectNumber } from '../projects/number.ts';
import { listPage, type RestCall, restRoute, restService } from '../rest.ts';

/** The REST API, v1. */
export function serviceUsageService(context: Context): Hono {
  const enabled = new Kept<true>(join(context.dataDir, 'services.json'));
  const resource = (project: string, id: string) => ({
    name: `projects/${projectNumber(project)}/services/${id}`,
    config: { name: id },
    state: enabled.get(`${project}/${id}`) ? 'ENABLED' : 'DISABLED',
    parent: `projects/${projectNumber(project)}`,
  });
  const enable = (project: string, ids: readonly string[]) => {
    for (const id of ids) {
      if (!/^[a-z][a-z0-9.-]*\.[a-z]+$/.test(id))
        throw new GoogleError('NOT_FOUND', `Not found or permission denied for service(s): ${id}.`);
      enabled.set(`${project}/${id}`, true);
    }
    const services = ids.map((id) => resource(project, id));
    return {
      name: 'operations/acf.p2-emulated',
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.api.serviceusage.v1.BatchEnableServicesResponse',
        services,
      },
    };
  };
  const list = ({ ids: [project = ''], query }: RestCall) => {
    const all = enabled
      .entries()
      .map(([name]) => name.split('/') as [string, string])
      .filter(([one]) => one === project)
      .map(([, id]) => resource(project, id));
    return listPage('services', query.get('filter') === 'state:DISABLED' ? [] : all, query);
  };
  const services = '/v1/projects/*/services';
  return restService([
    restRoute(`GET ${services}`, list),
    restRoute(`GET ${services}:batchGet`, ({ ids: [project = ''], query }) => ({
      services: query.getAll('names').map((name) => resource(project, name.slice(name.lastIndexOf('/') + 1))),
    })),
    restRoute(`GET ${services}/*`, ({ ids: [project = '', id = ''] }) => resource(project, id)),
    restRoute(`POST ${services}:batchEnable`, ({ ids: [project = ''], body: { serviceIds = [] } }) =>
      enable(project, serviceIds as string[]),
    ),
    restRoute(`POST ${services}/*:enable`, ({ ids: [project = '', id = ''] }) => enable(project, [id])),
    restRoute('GET /v1/operations/*', ({ ids: [id] }) => ({
      name: `operations/${id}`,
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    })),
  ]);
}
