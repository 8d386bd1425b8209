/** Artifact Registry's resources as its REST API writes them: times in RFC 3339, int64 as strings. */
import type { Package, StoredFile, Version } from './facts.ts';
import { attachmentId } from './facts.ts';
import { encodeId, packageName, registryUri, tagName, versionName } from './names.ts';
import type { Repository } from './repository.ts';

const time = (milliseconds: number) => new Date(milliseconds).toISOString();

/** How many tags a version's `relatedTags` holds at most. */
const relatedTagsAtMost = 100;

/** `Repository` */
export function repositoryResource(repository: Repository) {
  const { content, name, place, format } = repository;
  return {
    name,
    ...content.resource,
    ...(content.bytes > 0 && { sizeBytes: String(content.bytes) }),
    registryUri: registryUri(place, format),
  };
}

/** `Package` */
export function packageResource(repository: Repository, holder: Package) {
  return {
    name: packageName(repository.name, holder.id),
    displayName: holder.id,
    createTime: time(holder.createTime),
    updateTime: time(holder.updateTime),
  };
}

/** `Tag` */
export function tagResource(repository: Repository, holder: Package, tag: string, version: string) {
  return {
    name: tagName(repository.name, holder.id, tag),
    version: versionName(repository.name, holder.id, version),
  };
}

/** `Version`; tags only in the FULL view. */
export function versionResource(repository: Repository, holder: Package, version: Version, full: boolean) {
  const tags = full ? holder.tagsOf(version.id).slice(0, relatedTagsAtMost) : [];
  const image = version.image && {
    name: imageName(repository, holder, version),
    mediaType: version.image.mediaType,
    imageSizeBytes: String(version.image.size),
    ...(version.image.buildTime && { buildTime: version.image.buildTime }),
    ...(version.image.artifactType && { artifactType: version.image.artifactType }),
  };
  return {
    name: versionName(repository.name, holder.id, version.id),
    createTime: time(version.createTime),
    updateTime: time(version.updateTime),
    ...(tags.length > 0 && {
      relatedTags: tags.map((tag) => tagResource(repository, holder, tag, version.id)),
    }),
    ...(image && { metadata: image }),
    ...(version.annotations && { annotations: version.annotations }),
  };
}

function imageName(repository: Repository, holder: Package, version: Version): string {
  return `${repository.name}/dockerImages/${encodeId(`${holder.id}@${version.id}`)}`;
}

/** `DockerImage` */
export function imageResource(
  repository: Repository,
  holder: Package,
  version: Version,
  withSubject: boolean,
) {
  const { image } = version;
  const tags = holder.tagsOf(version.id);
  return {
    name: imageName(repository, holder, version),
    uri: `${registryUri(repository.place, repository.format)}/${holder.id}@${version.id}`,
    ...(tags.length > 0 && { tags }),
    imageSizeBytes: String(image?.size ?? 0),
    uploadTime: time(version.createTime),
    mediaType: image?.mediaType,
    ...(image?.buildTime && { buildTime: image.buildTime }),
    updateTime: time(version.updateTime),
    ...(image?.artifactType && { artifactType: image.artifactType }),
    ...(withSubject && image?.subject && { subjectDigest: image.subject }),
    ...(image?.children &&
      image.children.length > 0 && {
        imageManifests: image.children.map(({ digest, mediaType, platform = {} }) => ({
          architecture: platform.architecture,
          os: platform.os,
          digest,
          mediaType,
          osVersion: platform['os.version'],
          osFeatures: platform['os.features'],
          variant: platform.variant,
        })),
      }),
  };
}

/** `File` */
export function fileResource(repository: Repository, { file, createTime, owners: [owner] }: StoredFile) {
  return {
    name: `${repository.name}/files/${encodeId(file.id)}`,
    sizeBytes: String(file.size),
    hashes: [{ type: 'SHA256', value: Buffer.from(file.sha256, 'hex').toString('base64') }],
    createTime: time(createTime),
    updateTime: time(createTime),
    ...(owner && { owner: versionName(repository.name, owner.package.id, owner.version.id) }),
  };
}

/** `Attachment`, as the service derives it from a version with a subject. */
export function attachmentResource(repository: Repository, holder: Package, version: Version) {
  return {
    name: `${repository.name}/attachments/${attachmentId(holder.id, version.id)}`,
    target: versionName(repository.name, holder.id, version.image?.subject ?? ''),
    ...(version.image?.artifactType && { type: version.image.artifactType }),
    ...(version.image?.annotations && { annotations: version.image.annotations }),
    createTime: time(version.createTime),
    updateTime: time(version.updateTime),
    files: version.files.map((file) => `${repository.name}/files/${encodeId(file.id)}`),
    ociVersionName: versionName(repository.name, holder.id, version.id),
  };
}
