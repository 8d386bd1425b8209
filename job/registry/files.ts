/** Files from the API's resource. */
import type { Item } from './listing.ts';
import { lastSegment, readVersionName } from './names.ts';
import type { FileFacts } from './registry.ts';
import { readTime } from './time.ts';
import { readBytes } from './versions.ts';

/** Reads a `File`. */
export function fileFacts({ name, owner, hashes, sizeBytes, updateTime }: Item): FileFacts {
  const list = Array.isArray(hashes) ? hashes : [];
  return {
    file: lastSegment(name),
    ...readVersionName(owner),
    hashes: list
      .filter((hash) => typeof hash?.type === 'string' && typeof hash.value === 'string')
      .map(({ type, value }) => `${type}:${value}`)
      .sort(),
    bytes: readBytes(sizeBytes),
    updateTime: readTime(updateTime),
  };
}
