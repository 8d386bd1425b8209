/**
 * Content that is simply there, for tests, benchmarks and demonstrations: of any format, at any time, with or
 * without bytes. What it makes is what a push would have made.
 */
import { createHash } from 'node:crypto';
import type { Fact, FileFact, ImageFacts, Version } from './facts.ts';
import { parseRepositoryName, repositoryName } from './names.ts';
import type { Registry } from './registry.ts';
import type { Repository } from './repository.ts';

/** A version to be seeded. Times are milliseconds since the epoch, the clock's when absent. */
export interface VersionSeed {
  id: string;
  tags?: readonly string[];
  createTime?: number;
  updateTime?: number;
  annotations?: Readonly<Record<string, string>>;
  /** Files by name; a number gives a file of that size whose bytes don't exist. */
  files?: Readonly<Record<string, string | Uint8Array | number>>;
  /** For Docker: what the manifest says. Give `files` none; push over `/v2/` where the bytes matter. */
  image?: Partial<ImageFacts>;
}

/** A repository to be seeded; what is already there is added to. */
export interface RepositorySeed {
  /** Default DOCKER. */
  format?: string;
  /** Default STANDARD_REPOSITORY. */
  mode?: string;
  /** Further fields of the resource, such as `dockerConfig` or `labels`. */
  resource?: Readonly<Record<string, unknown>>;
  /** Versions by package. */
  packages?: Readonly<Record<string, Iterable<VersionSeed>>>;
}

/** Facts are written in portions, so that a million of them need not be held twice. */
const portion = 10_000;

/**
 * Makes a repository if it isn't there, and adds packages, versions, tags and files.
 *
 * @param name `projects/P/locations/L/repositories/R`
 */
export function seed(registry: Registry, name: string, what: RepositorySeed = {}): Repository {
  const { format = 'DOCKER', mode = 'STANDARD_REPOSITORY', resource, packages = {} } = what;
  const place = parseRepositoryName(name);
  if (!place) throw new Error(`not a repository's full name: ${name}`);
  const now = registry.clock.now();
  const time = new Date(now).toISOString();
  const repository =
    registry.find(repositoryName(place)) ??
    registry.create(place, { format, mode, ...resource, createTime: time, updateTime: time });
  let facts: Fact[] = [];
  for (const [packageId, versions] of Object.entries(packages))
    for (const version of versions) {
      facts.push({
        is: 'version',
        package: packageId,
        version: versionOf(registry, packageId, version, now),
      });
      for (const tag of version.tags ?? [])
        facts.push({ is: 'tag', package: packageId, tag, version: version.id });
      if (facts.length >= portion) {
        repository.recordAll(facts);
        facts = [];
      }
    }
  repository.recordAll(facts);
  return repository;
}

function versionOf(registry: Registry, packageId: string, given: VersionSeed, now: number): Version {
  const { id, createTime = now, updateTime = createTime, annotations, files = {}, image } = given;
  let bare = false;
  const kept = Object.entries(files).map(([name, content]): FileFact => {
    // A file's id names its package and version, as `files.list` has it for formats other than Docker.
    const fileId = `${packageId}:${id}:${name}`;
    if (typeof content !== 'number') return { id: fileId, ...registry.blobs.put(Buffer.from(content)) };
    bare = true;
    return { id: fileId, sha256: createHash('sha256').update(fileId).digest('hex'), size: content };
  });
  if (image && kept.length === 0) {
    bare = true;
    kept.push({ id, sha256: id.replace(/^sha256:/, ''), size: image.size ?? 0 });
  }
  return {
    id,
    createTime,
    updateTime,
    files: kept,
    ...(image && {
      image: { mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 0, ...image },
    }),
    ...(annotations && { annotations }),
    ...(bare && { bare: true as const }),
  };
}

/** A digest that is always the same for the same text, of something that need not exist. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Docker versions without bytes, to list, compare, copy and delete by the thousand.
 *
 * @param count how many
 * @param label makes their digests differ from others'
 * @param tags how many tags each has, `v{index}` and then `v{index}-{n}`
 */
export function* bareImages(count: number, label = 'image', tags = 1): Generator<VersionSeed> {
  for (let index = 0; index < count; index++)
    yield {
      id: digestOf(`${label} ${index}`),
      tags: Array.from({ length: tags }, (_, n) => (n === 0 ? `v${index}` : `v${index}-${n}`)),
      image: { size: 1000 + index },
    };
}
