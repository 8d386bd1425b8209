/** What the source has and the destination has not. */
import type { RepositoryName } from '../../generator/plan.ts';
import type { Registry, RepositoryFacts } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';
import type { VersionEntry } from './difference.ts';
import { flags, type SourceIndex } from './source-index.ts';

/** What a copy should bring, and what its filters leave out. The index knows what the destination has. */
export async function missing(
  registry: Registry,
  request: JobRequest,
  leader: RepositoryFacts,
  index: SourceIndex,
) {
  const copy: VersionEntry[] = [];
  let excluded = 0;
  let attachments: Set<string> | undefined;
  const withAttachments = request.behavior.allAttachmentsIncluded === true || leader.format !== 'DOCKER';
  for (const [packageId, versions] of index.packages) {
    let tags: Map<number, string[]> | undefined;
    for (let number = 0; number < versions.versions.size; number++) {
      if (versions.has(number, flags.matched | flags.late)) continue;
      const version = versions.versions.id(number);
      // Asked for only where something is missing at all.
      if (!withAttachments) attachments ??= await readAttachments(registry, request.source);
      if (versions.has(number, flags.old) || isAttachment(packageId, number, version)) excluded++;
      else {
        tags ??= tagsByVersion(versions.tags);
        copy.push({
          package: packageId,
          version,
          tags: tags.get(number) ?? [],
          bytes: versions.bytes(number),
        });
      }
    }
  }
  function isAttachment(packageId: string, number: number, version: string): boolean {
    if (withAttachments) return false;
    return (
      (index.packages.get(packageId)?.has(number, flags.attachment) ?? false) ||
      (attachments?.has(`${packageId}\n${version}`) ?? false)
    );
  }
  const isExcluded = (packageId: string, version: string) =>
    isAttachment(packageId, index.packages.get(packageId)?.versions.find(version) ?? -1, version);
  return { copy, excluded, isExcluded };
}

function tagsByVersion(tags: ReadonlyMap<string, number>): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const [tag, number] of tags) found.set(number, [...(found.get(number) ?? []), tag]);
  return found;
}

async function readAttachments(registry: Registry, source: RepositoryName): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const page of registry.attachments(source))
    for (const one of page) found.add(`${one.package}\n${one.version}`);
  return found;
}
