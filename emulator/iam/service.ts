/** IAM: service accounts, and the policies of everything but repositories, which keep their own. */
import type { Hono } from 'hono';
import { type RestRoute, restRoute, restService } from '../rest.ts';
import type { Policies } from './policies.ts';
import { policyRoutes } from './policy-routes.ts';
import type { ServiceAccounts } from './service-accounts.ts';

/** Where policies hang, and the version of the API that gcloud asks for them by. */
const resources = [
  '/v1/projects/*',
  '/v3/projects/*',
  '/v1/projects/*/serviceAccounts/*',
  '/v1/projects/*/locations/*/jobs/*',
  '/v1/projects/*/locations/*/services/*',
  '/v2/projects/*/locations/*/jobs/*',
  '/v2/projects/*/locations/*/services/*',
] as const;

/** The REST API. */
export function iamService(policies: Policies, accounts: ServiceAccounts): Hono {
  const routes: RestRoute[] = [...accounts.routes()];
  for (const resource of resources) {
    const [, , ...pattern] = resource.split('/');
    const name = (ids: readonly string[]) => {
      const left = [...ids];
      return pattern.map((segment) => (segment === '*' ? (left.shift() ?? '') : segment)).join('/');
    };
    routes.push(
      ...policyRoutes(resource, policies, name),
      restRoute(`POST ${resource}:getIamPolicy`, ({ ids }) => policies.get(name(ids))),
    );
  }
  return restService(routes);
}
