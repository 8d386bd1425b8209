/** Artifact Registry's REST API, v1, as one service. */
import { Hono, type Context as HonoContext } from 'hono';
import { readJson } from '../read-json.ts';
import { readQuery, router } from './call.ts';
import { listingRoutes } from './listings.ts';
import { locationRoutes } from './locations.ts';
import { operationRoutes } from './operations.ts';
import { packageRoutes } from './packages.ts';
import { policyRoutes } from './policy.ts';
import type { Registry } from './registry.ts';
import { repositoryRoutes } from './repositories.ts';
import { tagRoutes } from './tags.ts';

const find = router([
  ...repositoryRoutes,
  ...packageRoutes,
  ...tagRoutes,
  ...listingRoutes,
  ...policyRoutes,
  ...operationRoutes,
  ...locationRoutes,
]);

/** The REST API of a registry. */
export function registryService(registry: Registry): Hono {
  const service = new Hono();
  const answer = async (c: HonoContext, next: () => Promise<void>) => {
    const url = new URL(c.req.url);
    const found = find(c.req.method, url.pathname);
    // Other services have paths of their own below a location.
    if (!found) return next();
    const query = readQuery(url.searchParams, found.route.parameters);
    const body = await readJson(c.req.raw);
    const result = found.route.handler({ registry, ids: found.ids, query, body });
    return c.body(JSON.stringify(result), 200, { 'content-type': 'application/json; charset=UTF-8' });
  };
  for (const version of ['v1', 'v1beta2']) {
    service.all(`/${version}/projects/:project/locations`, answer);
    service.all(`/${version}/projects/:project/locations/*`, answer);
  }
  return service;
}
