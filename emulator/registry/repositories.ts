/** `projects.locations.repositories`: create, get, list, patch, delete, and copyRepository. */

import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { listAnswer } from '../paging.ts';
import { type Call, empty, json, operationOf, readBody, route, typePrefix } from './call.ts';
import { startCopy } from './copy.ts';
import { parseFilter } from './filter.ts';
import { isLocation } from './locations.ts';
import { parseRepositoryName, repositoryId } from './names.ts';
import { page } from './paging.ts';
import { repositoryResource } from './resources.ts';

/** Formats by their number in `Repository.Format`; those after RUBY are newer than the published client. */
const formats = new Map<string, number>([
  ['DOCKER', 1],
  ['MAVEN', 2],
  ['NPM', 3],
  ['APT', 5],
  ['YUM', 6],
  ['PYTHON', 8],
  ['KFP', 9],
  ['GO', 10],
  ['GENERIC', 11],
  ['RUBY', 12],
  ['GOOGET', -1],
  ['CONDA', -1],
]);
/** Modes by their number in `Repository.Mode`. */
const modes = new Map<string, number>([
  ['STANDARD_REPOSITORY', 1],
  ['VIRTUAL_REPOSITORY', 2],
  ['REMOTE_REPOSITORY', 3],
  ['AOSS_REPOSITORY', -1],
  ['ASSURED_OSS_REPOSITORY', -1],
]);

/** An enum by name or by number; unspecified is as good as absent. */
const enumOf = (values: ReadonlyMap<string, number>, name: string) =>
  v.pipe(
    v.union([v.string(), v.number()]),
    v.check(
      (given) =>
        given === 0 ||
        given === `${name.toUpperCase()}_UNSPECIFIED` ||
        (typeof given === 'string' ? values.has(given) : given > 0 && [...values.values()].includes(given)),
      `${typePrefix}.Repository.${name}`,
    ),
    v.transform((given) =>
      typeof given === 'string' && values.has(given)
        ? given
        : [...values].find(([, number]) => number === given)?.[0],
    ),
  );

const open = v.record(v.string(), v.unknown());
const settable = {
  description: v.optional(json.string),
  labels: v.optional(v.record(v.string(), v.string())),
  kmsKeyName: v.optional(json.string),
  dockerConfig: v.optional(v.strictObject({ immutableTags: v.optional(json.bool) })),
  mavenConfig: v.optional(open),
  virtualRepositoryConfig: v.optional(open),
  remoteRepositoryConfig: v.optional(open),
  cleanupPolicies: v.optional(v.record(v.string(), open)),
  cleanupPolicyDryRun: v.optional(json.bool),
  vulnerabilityScanningConfig: v.optional(open),
  disallowUnspecifiedMode: v.optional(json.bool),
};
const RepositoryBody = v.strictObject({
  ...settable,
  format: v.optional(enumOf(formats, 'Format')),
  mode: v.optional(enumOf(modes, 'Mode')),
  // Output only: taken and not looked at, as a client sends back what it got.
  name: v.optional(v.unknown()),
  createTime: v.optional(v.unknown()),
  updateTime: v.optional(v.unknown()),
  sizeBytes: v.optional(v.unknown()),
  satisfiesPzs: v.optional(v.unknown()),
  satisfiesPzi: v.optional(v.unknown()),
  registryUri: v.optional(v.unknown()),
});

const fullName = ([project, location, repository]: readonly string[]) =>
  `projects/${project}/locations/${location}/repositories/${repository}`;

/** The repository that a call's first three ids name. @throws GoogleError NOT_FOUND */
export const repositoryOf = ({ registry, ids }: Call) => registry.repository(fullName(ids));

function create(call: Call) {
  const { registry, ids, query } = call;
  const [project = '', location = ''] = ids;
  const { repositoryId: id = '' } = query;
  if (!repositoryId.test(id))
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `Invalid repository id "${id}": lower-case letters, digits, hyphens and dots, at most 63, beginning with a letter.`,
    );
  if (!isLocation(location))
    throw new GoogleError('INVALID_ARGUMENT', `${location} is not a valid location.`);
  const body = readBody(RepositoryBody, call.body);
  if (!body.format) throw new GoogleError('INVALID_ARGUMENT', 'Missing required field: repository.format');
  const now = new Date(registry.clock.now()).toISOString();
  const set = Object.fromEntries(
    Object.keys(settable).flatMap((key) => (key in body ? [[key, body[key as keyof typeof body]]] : [])),
  );
  const repository = registry.create(
    { project, location, repository: id },
    {
      format: body.format,
      mode: body.mode ?? 'STANDARD_REPOSITORY',
      ...set,
      createTime: now,
      updateTime: now,
    },
  );
  return operationOf(call, ids, { '@type': `${typePrefix}.Repository`, ...repositoryResource(repository) });
}

function list({ registry, ids: [project, location], query }: Call) {
  const parent = `projects/${project}/locations/${location}`;
  const filter = parseFilter(query.filter, ['name']);
  const listing = {
    after: (position?: string) => registry.list(parent, position),
    wanted: filter && (({ name }: { name: string }) => filter({ name })),
    scope: `${parent}/repositories ${query.filter ?? ''}`,
  };
  return listAnswer('repositories', page(listing, query, registry.behavior), repositoryResource);
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function patch(call: Call) {
  const repository = repositoryOf(call);
  const body: Record<string, unknown> = readBody(RepositoryBody, call.body);
  const mask = call.query.updateMask;
  const paths =
    mask && mask !== '*' ? mask.split(',').map(camel) : Object.keys(settable).filter((key) => key in body);
  const resource = structuredClone(repository.content.resource) as Record<string, unknown>;
  for (const path of paths) {
    const keys = path.split('.');
    if (!Object.hasOwn(settable, keys[0] ?? ''))
      throw new GoogleError('INVALID_ARGUMENT', `Invalid update mask: ${path} can't be updated.`);
    copyPath(body, resource, keys);
  }
  resource.updateTime = new Date(call.registry.clock.now()).toISOString();
  repository.record({ is: 'resource', resource });
  return repositoryResource(repository);
}

/** Sets one field of a resource to what the body has there; a field that the body lacks is unset. */
function copyPath(
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  [key = '', ...rest]: string[],
): void {
  const value = from[key];
  if (rest.length === 0 || typeof value !== 'object' || value === null) {
    if (value === undefined) delete to[key];
    else to[key] = value;
    return;
  }
  const inner = { ...(to[key] as Record<string, unknown> | undefined) };
  copyPath(value as Record<string, unknown>, inner, rest);
  to[key] = inner;
}

function remove(call: Call) {
  const { name } = repositoryOf(call);
  call.registry.delete(name);
  return operationOf(call, call.ids, empty);
}

const CopyBody = v.strictObject({
  sourceRepository: v.optional(json.string),
  // The example sends it and gcloud doesn't; whether the service needs or only tolerates it is unconfirmed.
  destinationRepository: v.optional(json.string),
  behavior: v.optional(
    v.strictObject({
      continueOnSkippedVersion: v.optional(json.bool),
      maxVersionAgeDays: v.optional(json.int32),
      allAttachmentsIncluded: v.optional(json.bool),
      allTagsExcluded: v.optional(json.bool),
    }),
    {},
  ),
});

function copy(call: Call) {
  const { registry } = call;
  const { sourceRepository, destinationRepository, behavior } = readBody(CopyBody, camelKeys(call.body));
  if (!sourceRepository)
    throw new GoogleError('INVALID_ARGUMENT', 'Missing required field: source_repository');
  if (!parseRepositoryName(sourceRepository))
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `Invalid source_repository "${sourceRepository}": expected projects/*/locations/*/repositories/*`,
    );
  if ((behavior.maxVersionAgeDays ?? 0) < 0)
    throw new GoogleError('INVALID_ARGUMENT', 'behavior.max_version_age_days must not be negative.');
  const destination = repositoryOf(call);
  if (destinationRepository !== undefined && destinationRepository !== destination.name)
    throw new GoogleError('INVALID_ARGUMENT', 'destination_repository differs from the one in the path.');
  return startCopy(registry, registry.repository(sourceRepository), destination, behavior);
}

/** Protobuf's JSON takes a field by its original name as well. */
function camelKeys(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [camel(key), camelKeys(value)]));
}

const collection = 'v1/projects/*/locations/*/repositories';

/** Routes of this resource. */
export const repositoryRoutes = [
  route(`POST ${collection}`, create, ['repositoryId']),
  route(`GET ${collection}`, list, ['pageSize', 'pageToken', 'filter', 'orderBy']),
  route(`GET ${collection}/*`, (call) => repositoryResource(repositoryOf(call))),
  route(`PATCH ${collection}/*`, patch, ['updateMask']),
  route(`DELETE ${collection}/*`, remove),
  route(`POST ${collection}/*:copyRepository`, copy),
];
