/** `repositories.packages.tags`. */

import * as v from 'valibot';
import { GoogleError } from '../errors.ts';
import { listAnswer } from '../paging.ts';
import { type Call, json, readBody, route } from './call.ts';
import { parseFilter } from './filter.ts';
import { decodeId, packageName, parseVersionName, tagName } from './names.ts';
import { packageOf, refused } from './packages.ts';
import { page } from './paging.ts';
import { notFound, type Repository } from './repository.ts';
import { tagResource } from './resources.ts';
import { removeTag, setTag, tagId } from './tagging.ts';

/** Formats whose versions can be tagged; of npm's it is not confirmed. */
const taggable: ReadonlySet<string> = new Set(['DOCKER', 'KFP', 'NPM']);

const TagBody = v.strictObject({ name: v.optional(json.string), version: v.optional(json.string) });

function list(call: Call) {
  const { query, registry } = call;
  const { repository, holder } = packageOf(call);
  const filter = parseFilter(query.filter, ['name', 'version']);
  const listing = {
    after: function* (position?: string) {
      for (const entry of holder.tags.entries(position)) yield [entry[0], entry] as [string, typeof entry];
    },
    wanted:
      filter && (([tag, version]: [string, string]) => filter(tagResource(repository, holder, tag, version))),
    scope: `${packageName(repository.name, holder.id)}/tags ${query.filter ?? ''}`,
  };
  return listAnswer('tags', page(listing, query, registry.behavior), ([tag, version]) =>
    tagResource(repository, holder, tag, version),
  );
}

function tagOf(call: Call) {
  const { repository, holder } = packageOf(call);
  const tag = decodeId(call.ids[4] ?? '');
  const version = holder.tags.get(tag);
  if (version === undefined) throw notFound(tagName(repository.name, holder.id, tag));
  return { repository, holder, tag, version };
}

function get(call: Call) {
  const { repository, holder, tag, version } = tagOf(call);
  return tagResource(repository, holder, tag, version);
}

/** The id of the version that a body names, which must be one of the package's. */
function versionIn(repository: Repository, packageId: string, name: string | undefined): string {
  if (!name) throw new GoogleError('INVALID_ARGUMENT', 'Missing required field: tag.version');
  const parsed = parseVersionName(repository.name, name);
  if (parsed?.packageId !== packageId)
    throw new GoogleError('INVALID_ARGUMENT', `tag.version is not of the same package: ${name}`);
  return repository.version(packageId, parsed.id).id;
}

function create(call: Call) {
  const { clock, behavior } = call.registry;
  const { repository, holder } = packageOf(call);
  if (!taggable.has(repository.format))
    throw new GoogleError(
      'FAILED_PRECONDITION',
      `Tags are not supported for ${repository.format} repositories.`,
    );
  const { tagId: tag = '' } = call.query;
  if (!tagId.test(tag)) throw new GoogleError('INVALID_ARGUMENT', `Invalid tag id "${tag}".`);
  const version = versionIn(repository, holder.id, readBody(TagBody, call.body).version);
  if (holder.tags.has(tag))
    throw new GoogleError(
      'ALREADY_EXISTS',
      `the tag already exists: ${tagName(repository.name, holder.id, tag)}`,
    );
  setTag(repository, holder.id, tag, version, clock.now(), behavior);
  return tagResource(repository, holder, tag, version);
}

function patch(call: Call) {
  const { clock, behavior } = call.registry;
  const { repository, holder, tag } = tagOf(call);
  const mask = call.query.updateMask;
  if (mask && mask !== 'version' && mask !== '*')
    throw new GoogleError('INVALID_ARGUMENT', `Invalid update mask: ${mask}; only version can be updated.`);
  const version = versionIn(repository, holder.id, readBody(TagBody, call.body).version);
  const refusal = setTag(repository, holder.id, tag, version, clock.now(), behavior);
  if (refusal) throw refused(refusal);
  return tagResource(repository, holder, tag, version);
}

function remove(call: Call) {
  const { repository, holder, tag } = tagOf(call);
  const refusal = removeTag(repository, holder.id, tag);
  if (refusal) throw refused(refusal);
  return {};
}

const tags = 'v1/projects/*/locations/*/repositories/*/packages/*/tags';

/** Routes of this resource. */
export const tagRoutes = [
  route(`GET ${tags}`, list, ['pageSize', 'pageToken', 'filter', 'orderBy']),
  route(`POST ${tags}`, create, ['tagId']),
  route(`GET ${tags}/*`, get),
  route(`PATCH ${tags}/*`, patch, ['updateMask']),
  route(`DELETE ${tags}/*`, remove),
];
