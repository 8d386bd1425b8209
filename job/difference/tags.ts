/** What becomes of tags that are not at the destination as at the source. Pure. */
import type { MirrorPlan } from '../../generator/plan.ts';
import type { OddTag } from './collect.ts';
import type { TagChange } from './difference.ts';
import { globs } from './glob.ts';
import { decodePackage, type Kept } from './keep.ts';
import { flags, type PackageIndex, type SourceIndex } from './source-index.ts';

/** Versions that stay with every tag on them: who put them there did so for a reason that outlives this run. */
const staysWithTags: ReadonlySet<string> = new Set(['newer-than-copy', 'protected-age', 'protected-package']);

/** Whether a source version is, or will be after the copy, at the destination. */
function arrives(index: PackageIndex, number: number, isExcluded: (number: number) => boolean): boolean {
  return (
    index.has(number, flags.matched) || !(index.has(number, flags.old | flags.late) || isExcluded(number))
  );
}

/**
 * @param isExcluded whether the copy leaves a version of the source out, beyond what its flags say
 * @param kept versions of the destination that stay although the source does not have them
 */
export function tagChanges(
  source: SourceIndex,
  oddTags: readonly OddTag[],
  policy: MirrorPlan,
  isExcluded: (packageId: string, version: string) => boolean,
  kept: (packageId: string, version: string) => Kept | undefined,
): TagChange[] {
  const isProtectedTag = globs(policy.protect.tags);
  const isProtectedPackage = globs(policy.protect.packages);
  const isProtected = (packageId: string, tag: string) =>
    isProtectedTag(tag) || isProtectedPackage(decodePackage(packageId));
  const changes: TagChange[] = [];
  const odd = new Set<string>();

  for (const { package: packageId, tag, from, to } of oddTags) {
    odd.add(`${packageId}\n${tag}`);
    if (isProtected(packageId, tag) || staysWithTags.has(kept(packageId, from)?.because ?? '')) continue;
    if (to === undefined) changes.push({ kind: 'remove', package: packageId, tag, from });
    else if (willArrive(source, packageId, to, isExcluded))
      changes.push({ kind: 'move', package: packageId, tag, from, to });
  }
  for (const [packageId, index] of source.packages)
    for (const [tag, number] of index.tags) {
      if (odd.has(`${packageId}\n${tag}`) || isProtected(packageId, tag)) continue;
      const version = index.versions.id(number);
      if (arrives(index, number, () => isExcluded(packageId, version)))
        changes.push({ kind: 'create', package: packageId, tag, to: version });
    }
  return changes;
}

function willArrive(
  source: SourceIndex,
  packageId: string,
  version: string,
  isExcluded: (packageId: string, version: string) => boolean,
): boolean {
  const index = source.packages.get(packageId);
  const number = index?.versions.find(version) ?? -1;
  return index !== undefined && number >= 0 && arrives(index, number, () => isExcluded(packageId, version));
}
