/**
 * What may be deleted, in which order. Artifact Registry refuses to leave a reference dangling: a tag to its
 * version, an index to its children, an attachment to its subject. Codes and texts as people report them
 * (GoogleCloudPlatform/gcr-cleaner 118 and 130, genuinetools/reg 136, chainguard-dev/terraform-provider-cosign 577).
 */
import type { Behavior } from '../behavior.ts';
import type { Package, Version } from './facts.ts';
import type { Repository } from './repository.ts';
import { immutable, type Refusal } from './tagging.ts';

/**
 * Why a version can't be deleted.
 *
 * @param force drops its tags with it
 */
export function whyKept(
  repository: Repository,
  holder: Package,
  version: Version,
  behavior: Behavior,
  { force = false } = {},
): Refusal | undefined {
  const [tag] = holder.tagsOf(version.id);
  if (tag !== undefined) {
    if (repository.immutableTags) return immutable('delete', tag);
    if (!force)
      return { code: 'GOOGLE_MANIFEST_DANGLING_TAG', message: `Manifest is still referenced by tag: ${tag}` };
  }
  const parent = first(holder.parents.get(version.id));
  if (parent !== undefined)
    return {
      code: 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE',
      message: `Manifest is still referenced by one or more parent images: ${version.id} is referenced by image ${parent}`,
    };
  const referrer = first(holder.referrers.get(version.id));
  if (referrer !== undefined && behavior.subjectDelete === 'refused')
    return {
      code: 'GOOGLE_MANIFEST_REFERRING_MANIFEST',
      message: `Manifest ${version.id} is referred to by manifest ${referrer}`,
    };
  return undefined;
}

const first = (digests: readonly string[] | undefined) => digests && [...digests].sort()[0];

/** Deletes a version that nothing keeps, with its tags, and what goes along with it. */
export function deleteVersion(
  repository: Repository,
  holder: Package,
  version: Version,
  behavior: Behavior,
): void {
  repository.record({ is: 'version gone', package: holder.id, version: version.id });
  if (behavior.indexDeleteTakesChildren)
    for (const { digest } of version.image?.children ?? []) {
      const child = holder.versions.get(digest);
      if (child && !whyKept(repository, holder, child, behavior))
        deleteVersion(repository, holder, child, behavior);
    }
  if (behavior.emptyPackage === 'removed' && holder.versions.size === 0)
    repository.record({ is: 'package gone', package: holder.id });
}
