/** The routes by which a resource's policy is read, replaced and tried. */
import { GoogleError } from '../errors.ts';
import { type RestRoute, restRoute } from '../rest.ts';
import type { Policies } from './policies.ts';

/**
 * @param resource pattern of the resource's path
 * @param nameOf full name of a resource, of its ids; throws where there must be a resource and is none
 */
export function policyRoutes(
  resource: `/${string}`,
  policies: Policies,
  nameOf: (ids: readonly string[]) => string,
): RestRoute[] {
  return [
    restRoute(`GET ${resource}:getIamPolicy`, ({ ids }) => policies.get(nameOf(ids))),
    restRoute(`POST ${resource}:setIamPolicy`, ({ ids, body }) => policies.set(nameOf(ids), body)),
    // Who may do what is for `Iam`: here every permission is granted.
    restRoute(`POST ${resource}:testIamPermissions`, ({ ids, body: { permissions = [] } }) => {
      nameOf(ids);
      if (!Array.isArray(permissions))
        throw new GoogleError('INVALID_ARGUMENT', 'permissions must be a list of strings.');
      return permissions.length > 0 ? { permissions } : {};
    }),
  ];
}
