/**
 * `projects.locations.operations`, of whichever service started them. Whether Artifact Registry lists
 * operations is unconfirmed: its published surface has only `get`, so that a list is refused unless a switch
 * says otherwise. It gives the newest first.
 */

import { GoogleError } from '../errors.ts';
import { listAnswer } from '../paging.ts';
import { type Call, route } from './call.ts';
import { page } from './paging.ts';

const nameOf = ([project, location, id]: readonly string[]) =>
  `projects/${project}/locations/${location}/operations/${id}`;

function list({ registry, ids: [project, location], query }: Call) {
  const { operationsList } = registry.behavior;
  if (operationsList === 'unimplemented')
    throw new GoogleError('UNIMPLEMENTED', 'Operation is not implemented, or supported, or enabled.');
  if (operationsList === 'missing') throw new GoogleError('NOT_FOUND', 'Method not found.');
  const parent = `projects/${project}/locations/${location}`;
  const all = registry.operations.list(parent).reverse();
  const listing = {
    *after(position?: string) {
      const from = position === undefined ? 0 : all.findIndex(({ name }) => name === position) + 1;
      for (const operation of all.slice(from))
        yield [operation.name, operation] as [string, typeof operation];
    },
    scope: `${parent}/operations ${query.filter ?? ''}`,
  };
  return listAnswer('operations', page(listing, query, registry.behavior), (operation) => operation);
}

function remove({ registry, ids }: Call) {
  registry.operations.delete(nameOf(ids));
  return {};
}

const operations = 'v1/projects/*/locations/*/operations';

/** Routes of operations. */
export const operationRoutes = [
  route(`GET ${operations}`, list, ['pageSize', 'pageToken', 'filter', 'returnPartialSuccess']),
  route(`GET ${operations}/*`, ({ registry, ids }) => registry.operations.get(nameOf(ids))),
  route(`DELETE ${operations}/*`, remove),
];
