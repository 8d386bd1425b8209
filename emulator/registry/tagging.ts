/** Putting tags on versions and taking them off. Immutable tags are neither moved nor removed, only added. */
import type { Behavior } from '../behavior.ts';
import type { Fact } from './facts.ts';
import type { Repository } from './repository.ts';

/** Why something was not done: a code of the Docker protocol, and a message. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** How an OCI tag may be spelled. */
export const tagId = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Puts a tag on a version that is there. Doing it again changes nothing. */
export function setTag(
  repository: Repository,
  packageId: string,
  tag: string,
  version: string,
  now: number,
  behavior: Behavior,
): Refusal | undefined {
  const before = repository.package(packageId).tags.get(tag);
  if (before === version) return undefined;
  if (before !== undefined && repository.immutableTags) return immutable('update', tag);
  const facts: Fact[] = [{ is: 'tag', package: packageId, tag, version }];
  if (behavior.retagTouchesUpdateTime) facts.push({ is: 'touched', package: packageId, version, at: now });
  repository.recordAll(facts);
  return undefined;
}

/** Takes a tag off. */
export function removeTag(repository: Repository, packageId: string, tag: string): Refusal | undefined {
  if (repository.immutableTags) return immutable('delete', tag);
  repository.record({ is: 'tag gone', package: packageId, tag });
  return undefined;
}

/** The message that Artifact Registry gives when a tag can't change. */
export function immutable(verb: 'update' | 'delete', tag: string): Refusal {
  return {
    code: 'MANIFEST_INVALID',
    message: `cannot ${verb} tag ${tag}. The repository has enabled tag immutability`,
  };
}
