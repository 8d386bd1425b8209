/**
 * Repositories of Artifact Registry: one listing of `dockerImages` gives every digest, its tags and its times, so that
 * nothing is asked for each tag.
 */
import type { RepositoryName } from '../../generator/plan.ts';
import { entry } from '../difference/collect.ts';
import { VersionTable } from '../difference/version-table.ts';
import type { OciRegistry } from '../oci/registry.ts';
import type { OciRepository } from '../oci/repository.ts';
import type { Endpoints } from '../registry/endpoints.ts';
import { decodeId } from '../registry/names.ts';
import type { Registry, RepositoryFacts } from '../registry/registry.ts';
import type { Candidate } from './candidate.ts';
import type { Destination, DestinationPackage, Source } from './side.ts';

/** What a side of Artifact Registry is made of. */
export interface ArtifactRegistrySide {
  readonly registry: Registry;
  /** The Docker side of the repository's location. */
  readonly docker: OciRegistry;
  /** Path of the repository there, `acme/prod`. */
  readonly path: string;
  readonly name: RepositoryName;
}

/** The path of a repository on its Docker host. @returns origin and path, `https://us-docker.pkg.dev` and `acme/prod` */
export function dockerPath(endpoints: Endpoints, name: RepositoryName): { origin: string; path: string } {
  const url = new URL(endpoints.docker(name));
  return { origin: url.origin, path: url.pathname.slice('/v2/'.length) };
}

/** A source. @param attachments whether what is attached to others is copied too */
export function artifactRegistrySource(side: ArtifactRegistrySide, attachments: boolean): Source {
  const { registry, docker, path, name } = side;
  return {
    async *packages(isWanted, isSettled) {
      const attached = attachments ? undefined : await listAttachments(registry, name);
      const found = new Map<string, Candidate[]>();
      for await (const page of registry.versions(name, 'DOCKER'))
        for (const { package: packageId, version, tags, createTime, updateTime, subject } of page) {
          const id = decodeId(packageId);
          if (!isWanted(id)) continue;
          if (attached && (subject !== undefined || attached.has(`${packageId} ${version}`))) continue;
          const candidate = { digest: version, tags, time: Math.max(createTime, updateTime) };
          if (!isSettled(id, candidate)) entry(found, id, () => []).push(candidate);
        }
      for (const [id, candidates] of found)
        yield { id, candidates, repository: docker.repository(`${path}/${id}`), isWhole: true };
    },
  };
}

async function listAttachments(registry: Registry, name: RepositoryName): Promise<ReadonlySet<string>> {
  const attached = new Set<string>();
  for await (const page of registry.attachments(name))
    for (const { package: packageId, version } of page) attached.add(`${packageId} ${version}`);
  return attached;
}

/** What a package of the destination holds, packed: a million digests as texts would take a quarter of a gigabyte. */
interface Held {
  readonly versions: VersionTable;
  /** Number of the version that a tag is on. */
  readonly tags: Map<string, number>;
}

/** A destination, its listing read. */
export async function artifactRegistryDestination(
  { registry, docker, path, name }: ArtifactRegistrySide,
  { immutableTags }: Pick<RepositoryFacts, 'immutableTags'>,
): Promise<Destination> {
  const packages = new Map<string, Held>();
  for await (const page of registry.versions(name, 'DOCKER'))
    for (const { package: packageId, version, tags } of page) {
      const held = entry(packages, decodeId(packageId), () => ({
        versions: new VersionTable(),
        tags: new Map(),
      }));
      const number = held.versions.add(version);
      for (const tag of tags) held.tags.set(tag, number);
    }
  const opened = new Map<string, DestinationPackage>();
  const open = (id: string) =>
    entry(opened, id, () => packageOf(packages.get(id), () => docker.repository(`${path}/${id}`)));
  return { immutableTags, isOne: true, known: open, open: async (id) => open(id) };
}

function packageOf(held: Held | undefined, repository: () => OciRepository): DestinationPackage {
  let made: OciRepository | undefined;
  return {
    get repository() {
      made ??= repository();
      return made;
    },
    tag(tag) {
      const number = held?.tags.get(tag);
      return number === undefined ? undefined : held?.versions.id(number);
    },
    has: (digest) => (held?.versions.find(digest) ?? -1) >= 0,
  };
}
