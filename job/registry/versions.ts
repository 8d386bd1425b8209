/** Versions from the API's resources: `DockerImage` of a listing, `Version` elsewhere. */

import type { Item } from './listing.ts';
import { encodeId, lastSegment, readVersionName } from './names.ts';
import type { VersionFacts } from './registry.ts';
import { readTime } from './time.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const marker = '/dockerImages/';
const none: readonly string[] = [];

/**
 * Makes a reader of pages of `dockerImages`. It is where a listing of a million images spends its time, so that it
 * makes no more of each than it has to.
 *
 * @param fail throws the error for a page that cannot be read
 */
export function imageReader(fail: (what: string) => Error): (page: readonly Item[]) => VersionFacts[] {
  // Images come package by package: one look at the package before saves a new text for each.
  let before = { start: -1, raw: '', id: '' };
  const known = new Map<string, string>();
  const packageAt = (name: string): { end: number; id: string } => {
    const { start, raw } = before;
    const end = start + raw.length;
    if (start >= 0 && name.charCodeAt(end) === 64 /* @ */ && name.startsWith(raw, start))
      return { end, id: before.id };
    const found = name.indexOf(marker);
    const at = name.lastIndexOf('@');
    if (found < 0 || at <= found + marker.length || at === name.length - 1)
      throw fail(`an image is named '${name.slice(0, 300)}'`);
    const from = found + marker.length;
    const text = name.slice(from, at);
    let id = known.get(text);
    if (id === undefined) {
      // A copy of its own: a piece of the name would keep that in memory.
      const own = Buffer.from(text).toString();
      // Should a service show the id decoded, with its slashes, it is still the one of `packages`.
      id = own.includes('/') ? encodeId(own) : own;
      known.set(own, id);
    }
    before = { start: from, raw: text, id };
    return { end: at, id };
  };
  return (page) =>
    page.map((image) => {
      const { name, tags, uploadTime, updateTime } = image;
      const { end, id } = packageAt(name);
      const createTime = readTime(uploadTime);
      const facts: Writable<VersionFacts> = {
        package: id,
        version: name.slice(end + 1),
        tags: Array.isArray(tags) ? tags : none,
        createTime,
        // Mostly the very same text.
        updateTime: updateTime === uploadTime ? createTime : readTime(updateTime),
        bytes: readBytes(image.imageSizeBytes),
        mediaType: typeof image.mediaType === 'string' ? image.mediaType : '',
      };
      if (facts.mediaType === '') delete facts.mediaType;
      const { imageManifests, subjectDigest } = image;
      if (Array.isArray(imageManifests)) {
        const children = imageManifests.map((each) => each?.digest);
        // One child without a digest, and the list is not to be relied upon.
        if (children.every((digest) => typeof digest === 'string')) facts.children = children;
      }
      if (typeof subjectDigest === 'string' && subjectDigest !== '') facts.subject = subjectDigest;
      return facts;
    });
}

/**
 * A `Version`.
 *
 * @param tags of the version where they were read apart; undefined: as `relatedTags` has them
 */
export function versionFacts(
  version: Item,
  fail: (what: string) => Error,
  tags: readonly string[] = relatedTags(version),
): VersionFacts {
  const ids = readVersionName(version.name);
  if (!ids) throw fail(`a version is named '${version.name.slice(0, 300)}'`);
  const metadata = (version.metadata ?? {}) as Readonly<Record<string, unknown>>;
  const { mediaType, imageSizeBytes } = metadata;
  const createTime = readTime(version.createTime);
  return {
    ...ids,
    tags,
    createTime,
    updateTime: version.updateTime === version.createTime ? createTime : readTime(version.updateTime),
    bytes: readBytes(imageSizeBytes),
    ...(typeof mediaType === 'string' && { mediaType }),
  };
}

/** Ids of the tags that a version shows in its full view: at most a hundred, of however many there are. */
export function relatedTags({ relatedTags: related }: Item): readonly string[] {
  if (!Array.isArray(related)) return none;
  return related.flatMap((tag) => (typeof tag?.name === 'string' ? [lastSegment(tag.name)] : []));
}

/** An int64, which JSON carries as text. */
export function readBytes(value: unknown): number {
  const bytes = Number(value ?? 0);
  return Number.isFinite(bytes) ? bytes : 0;
}
