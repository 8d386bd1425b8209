/** IAM: service accounts, and the policies of everything but repositories, which keep their own. */
import type { Hono } from 'hono';
import { GoogleError } from '../errors.ts';
import { type RestRoute, restRoute, restService } from '../rest.ts';
import type { Policies } from './policies.ts';
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

/** The REST API. Who may do what is for {@link enforce}: here every permission is granted. */
export function iamService(policies: Policies, accounts: ServiceAccounts): Hono {
  const routes: RestRoute[] = [...accounts.routes()];
  for (const resource of resources) {
    const [, , ...pattern] = resource.split('/');
    const name = (ids: readonly string[]) => {
      const left = [...ids];
      return pattern.map((segment) => (segment === '*' ? (left.shift() ?? '') : segment)).join('/');
    };
    const get: RestRoute['handler'] = ({ ids }) => policies.get(name(ids));
    routes.push(
      restRoute(`GET ${resource}:getIamPolicy`, get),
      restRoute(`POST ${resource}:getIamPolicy`, get),
      restRoute(`POST ${resource}:setIamPolicy`, ({ ids, body }) => policies.set(name(ids), body)),
      restRoute(`POST ${resource}:testIamPermissions`, ({ body: { permissions = [] } }) => {
        if (!Array.isArray(permissions))
          throw new GoogleError('INVALID_ARGUMENT', 'permissions must be a list of strings.');
        return permissions.length > 0 ? { permissions } : {};
      }),
    );
  }
  return restService(routes);
}
