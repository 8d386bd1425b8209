/** `repositories.packages` and `repositories.packages.versions`. */

import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { listAnswer } from '../paging.ts';
import { type Call, empty, json, operationOf, readBody, route, typePrefix } from './call.ts';
import { deleteVersion, whyKept } from './deletion.ts';
import type { Package, Version } from './facts.ts';
import { parseFilter } from './filter.ts';
import { decodeId, packageName, parseVersionName, versionName } from './names.ts';
import { page } from './paging.ts';
import { repositoryOf } from './repositories.ts';
import { packageResource, versionResource } from './resources.ts';
import { immutable, type Refusal } from './tagging.ts';

/** The repository and package that a call's first four ids name. @throws GoogleError NOT_FOUND */
export function packageOf(call: Call) {
  const repository = repositoryOf(call);
  return { repository, holder: repository.package(decodeId(call.ids[3] ?? '')) };
}

/** A refusal in Google's shape; the Docker protocol's own codes mean nothing here. */
export const refused = ({ code, message }: Refusal) =>
  new GoogleError('FAILED_PRECONDITION', code.startsWith('GOOGLE_') ? `${code}: ${message}` : message);

function listPackages(call: Call) {
  const { query, registry } = call;
  const repository = repositoryOf(call);
  const filter = parseFilter(query.filter, ['name']);
  const listing = {
    after: (position?: string) => repository.content.packages.entries(position),
    wanted: filter && (({ id }: Package) => filter({ name: packageName(repository.name, id) })),
    scope: `${repository.name}/packages ${query.filter ?? ''}`,
  };
  return listAnswer('packages', page(listing, query, registry.behavior), (holder) =>
    packageResource(repository, holder),
  );
}

function getPackage(call: Call) {
  const { repository, holder } = packageOf(call);
  return packageResource(repository, holder);
}

/** A package goes as a whole: none of what its versions refer to stays behind. */
function deletePackage(call: Call) {
  const { repository, holder } = packageOf(call);
  const [tag] = holder.tags.entries();
  if (tag && repository.immutableTags) throw refused(immutable('delete', tag[0]));
  repository.record({ is: 'package gone', package: holder.id });
  return operationOf(call, call.ids, empty);
}

/** `view`, which clients with `enum-encoding=int` send as a number. */
function isFull(view: string | undefined): boolean {
  const views: Record<string, boolean> = {
    VERSION_VIEW_UNSPECIFIED: false,
    0: false,
    BASIC: false,
    1: false,
    FULL: true,
    2: true,
  };
  if (view === undefined || view === '') return false;
  const full = Object.hasOwn(views, view) ? views[view] : undefined;
  if (full === undefined)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `Invalid value at 'view' (${typePrefix}.VersionView), "${view}"`,
    );
  return full;
}

function listVersions(call: Call) {
  const { query, registry } = call;
  const { repository, holder } = packageOf(call);
  const full = isFull(query.view);
  const filter = parseFilter(query.filter, ['name']);
  const name = (id: string) => versionName(repository.name, holder.id, id);
  const listing = {
    after: (position?: string) => holder.versions.entries(position),
    wanted:
      filter &&
      (({ id, annotations }: Version) => filter({ name: name(id), ...(annotations && { annotations }) })),
    scope: `${packageName(repository.name, holder.id)}/versions ${query.filter ?? ''}`,
  };
  return listAnswer('versions', page(listing, query, registry.behavior), (version) =>
    versionResource(repository, holder, version, full),
  );
}

function versionOf(call: Call) {
  const { repository, holder } = packageOf(call);
  return { repository, holder, version: repository.version(holder.id, decodeId(call.ids[4] ?? '')) };
}

function getVersion(call: Call) {
  const { repository, holder, version } = versionOf(call);
  return versionResource(repository, holder, version, isFull(call.query.view));
}

function removeVersion(call: Call) {
  const { behavior } = call.registry;
  const { repository, holder, version } = versionOf(call);
  const refusal = whyKept(repository, holder, version, behavior, { force: call.query.force === 'true' });
  if (refusal) throw refused(refusal);
  deleteVersion(repository, holder, version, behavior);
  return operationOf(call, call.ids, empty);
}

/** How many versions one batch may name: the service's to decide, it says. */
const batchAtMost = 1000;

const BatchBody = v.strictObject({
  parent: v.optional(json.string),
  names: v.optional(v.array(json.string), []),
  validateOnly: v.optional(json.bool),
});

function batchDelete(call: Call) {
  const { registry } = call;
  const { repository, holder } = packageOf(call);
  const { names, validateOnly } = readBody(BatchBody, call.body);
  if (names.length === 0) throw new GoogleError('INVALID_ARGUMENT', 'Missing required field: names');
  if (names.length > batchAtMost)
    throw new GoogleError('INVALID_ARGUMENT', `At most ${batchAtMost} versions can be deleted in a batch.`);
  const failed = names.filter((name) => {
    const parsed = parseVersionName(repository.name, name);
    const version = parsed?.packageId === holder.id ? holder.versions.get(parsed.id) : undefined;
    if (!version || whyKept(repository, holder, version, registry.behavior)) return true;
    if (!validateOnly) deleteVersion(repository, holder, version, registry.behavior);
    return false;
  });
  return operationOf(call, call.ids, empty, {
    '@type': `${typePrefix}.BatchDeleteVersionsMetadata`,
    ...(failed.length > 0 && { failedVersions: failed }),
  });
}

const packages = 'v1/projects/*/locations/*/repositories/*/packages';
// `orderBy` is taken and changes nothing: what it may be is not documented.
const paging = ['pageSize', 'pageToken', 'filter', 'orderBy'];

/** Routes of these resources. */
export const packageRoutes = [
  route(`GET ${packages}`, listPackages, paging),
  route(`GET ${packages}/*`, getPackage),
  route(`DELETE ${packages}/*`, deletePackage),
  route(`GET ${packages}/*/versions`, listVersions, [...paging, 'view']),
  route(`POST ${packages}/*/versions:batchDelete`, batchDelete),
  route(`GET ${packages}/*/versions/*`, getVersion, ['view']),
  route(`DELETE ${packages}/*/versions/*`, removeVersion, ['force']),
];
