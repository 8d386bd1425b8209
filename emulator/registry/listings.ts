/** What is listed for a whole repository: `dockerImages`, `files` and `attachments`. */

import { GoogleError } from '../errors.ts';
import { listAnswer } from '../paging.ts';
import { type Call, route } from './call.ts';
import type { Owner, Package, StoredFile, Version } from './facts.ts';
import { parseFilter } from './filter.ts';
import { decodeId } from './names.ts';
import { page } from './paging.ts';
import { repositoryOf } from './repositories.ts';
import { notFound, type Repository } from './repository.ts';
import { attachmentResource, fileResource, imageResource } from './resources.ts';

const paging = ['pageSize', 'pageToken', 'orderBy'];
const repository = 'v1/projects/*/locations/*/repositories/*';

interface Held {
  holder: Package;
  version: Version;
}

function dockerOf(call: Call): Repository {
  const found = repositoryOf(call);
  if (found.format !== 'DOCKER')
    throw new GoogleError('FAILED_PRECONDITION', `${found.name} is not a DOCKER repository.`);
  return found;
}

/** All images, package by package, from after `PACKAGE@DIGEST`. */
function* imagesAfter({ content }: Repository, position: string | undefined): Generator<[string, Held]> {
  const at = position?.lastIndexOf('@') ?? -1;
  const from = at < 0 ? undefined : position?.slice(0, at);
  const after = position?.slice(at + 1);
  for (const [id, holder] of content.packages.entries(from, true))
    for (const [digest, version] of holder.versions.entries(id === from ? after : undefined))
      yield [`${id}@${digest}`, { holder, version }];
}

function listImages(call: Call) {
  const { query, registry } = call;
  const found = dockerOf(call);
  const listing = {
    after: (position?: string) => imagesAfter(found, position),
    scope: `${found.name}/dockerImages`,
  };
  return listAnswer('dockerImages', page(listing, query, registry.behavior), ({ holder, version }) =>
    imageResource(found, holder, version, registry.behavior.imageSubjectDigest),
  );
}

/** By digest, or by tag. */
function getImage(call: Call) {
  const found = dockerOf(call);
  const id = decodeId(call.ids[3] ?? '');
  const [, packageId = '', digest, tag = ''] = /^(.*?)(?:@(.*)|:([^:@/]*))$/.exec(id) ?? [];
  const holder = found.content.packages.get(packageId);
  const version = holder?.versions.get(digest ?? holder.tags.get(tag) ?? '');
  if (!holder || !version) throw notFound(`${found.name}/dockerImages/${id}`);
  return imageResource(found, holder, version, call.registry.behavior.imageSubjectDigest);
}

function listFiles(call: Call) {
  const { query, registry } = call;
  const found = repositoryOf(call);
  const filter = parseFilter<ReturnType<typeof fileResource>>(query.filter, ['name', 'owner']);
  const listing = {
    after: (position?: string) => found.content.files.entries(position),
    // A blob that was uploaded and not yet used is nobody's file.
    wanted: (file: StoredFile) => file.owners.length > 0 && (!filter || filter(fileResource(found, file))),
    scope: `${found.name}/files ${query.filter ?? ''}`,
  };
  return listAnswer('files', page(listing, query, registry.behavior), (file) => fileResource(found, file));
}

function getFile(call: Call) {
  const found = repositoryOf(call);
  const id = decodeId(call.ids[3] ?? '');
  const file = found.content.files.get(id);
  if (!file || file.owners.length === 0) throw notFound(`${found.name}/files/${id}`);
  return fileResource(found, file);
}

function listAttachments(call: Call) {
  const { query, registry } = call;
  const found = repositoryOf(call);
  const filter = parseFilter<ReturnType<typeof attachmentResource>>(query.filter, ['target', 'type', 'name']);
  const render = (each: Owner) => attachmentResource(found, each.package, each.version);
  const listing = {
    after: (position?: string) => found.content.attachments.entries(position),
    wanted: filter && ((each: Owner) => filter(render(each))),
    scope: `${found.name}/attachments ${query.filter ?? ''}`,
  };
  return listAnswer('attachments', page(listing, query, registry.behavior), render);
}

function getAttachment(call: Call) {
  const found = repositoryOf(call);
  const attachment = found.content.attachments.get(call.ids[3] ?? '');
  if (!attachment) throw notFound(`${found.name}/attachments/${call.ids[3]}`);
  return attachmentResource(found, attachment.package, attachment.version);
}

/** Routes of these resources. */
export const listingRoutes = [
  route(`GET ${repository}/dockerImages`, listImages, paging),
  route(`GET ${repository}/dockerImages/*`, getImage),
  route(`GET ${repository}/files`, listFiles, [...paging, 'filter']),
  route(`GET ${repository}/files/*`, getFile),
  route(`GET ${repository}/attachments`, listAttachments, [...paging, 'filter']),
  route(`GET ${repository}/attachments/*`, getAttachment),
];
