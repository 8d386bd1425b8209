/**
 * A registry in a few maps, for properties over many small worlds. It knows the rules of deleting and nothing of
 * HTTP; each call can be made to fail or to be the last.
 */

import type { RepositoryName } from '../generator/plan.ts';
import { resourceName } from '../generator/plan.ts';
import {
  type CopyProgress,
  type Registry,
  RegistryError,
  type RepositoryFacts,
  type Stays,
  type VersionFacts,
} from '../job/registry/registry.ts';

/** One repository of the model. */
export interface ModelRepository {
  format: string;
  mode: string;
  labels: Record<string, string>;
  immutableTags: boolean;
  deletingPolicies: string[];
  /** Versions by package and id; tags are kept apart. */
  versions: Map<string, Map<string, Omit<VersionFacts, 'tags' | 'package' | 'version'>>>;
  tags: Map<string, Map<string, string>>;
}

export function modelRepository(more: Partial<ModelRepository> = {}): ModelRepository {
  return {
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    labels: {},
    immutableTags: false,
    deletingPolicies: [],
    versions: new Map(),
    tags: new Map(),
    ...more,
  };
}

/** A call that changes something. */
export interface Write {
  readonly call: 'createTag' | 'moveTag' | 'deleteTag' | 'deleteVersions' | 'setLabels';
  readonly package: string;
  readonly ids: readonly string[];
}

/** Called before each request; throws to make it fail. */
export type Before = (call: keyof Registry, args: readonly unknown[]) => void;

export class ModelRegistry implements Registry {
  readonly repositories = new Map<string, ModelRepository>();
  readonly writes: Write[] = [];
  readonly deleted: { package: string; version: string }[] = [];
  before: Before = () => {};
  /** Versions on a page. */
  pageSize = 2;
  /** Whether listings show what indexes refer to, and what attachments are attached to. */
  shows = { children: true, subject: true };
  /** Whether batches delete nothing, so that each version is deleted alone. */
  oneByOne = false;

  #find(name: RepositoryName): ModelRepository {
    const found = this.repositories.get(resourceName(name));
    if (!found) throw new RegistryError('not-found', 404, `no repository ${resourceName(name)}`);
    return found;
  }

  async repository(name: RepositoryName): Promise<RepositoryFacts> {
    this.before('repository', [name]);
    const { format, mode, labels, immutableTags, deletingPolicies } = this.#find(name);
    return { name, format, mode, labels: { ...labels }, immutableTags, deletingPolicies };
  }

  async permissions(_: RepositoryName, wanted: readonly string[]): Promise<ReadonlySet<string>> {
    this.before('permissions', [wanted]);
    return new Set(wanted);
  }

  async setLabels(name: RepositoryName, labels: Readonly<Record<string, string>>): Promise<void> {
    this.before('setLabels', [name, labels]);
    this.writes.push({ call: 'setLabels', package: '', ids: Object.keys(labels) });
    Object.assign(this.#find(name).labels, labels);
  }

  async *versions(name: RepositoryName): AsyncIterable<readonly VersionFacts[]> {
    const repository = this.#find(name);
    const all = [...repository.versions].flatMap(([packageId, versions]) =>
      [...versions.keys()].map((version) => this.#facts(repository, packageId, version)),
    );
    for (let at = 0; at === 0 || at < all.length; at += this.pageSize) {
      this.before('versions', [name]);
      yield all.slice(at, at + this.pageSize).map((facts) => {
        const { children, subject, ...rest } = facts;
        return {
          ...rest,
          ...(this.shows.children && children && { children }),
          ...(this.shows.subject && subject !== undefined && { subject }),
        };
      });
    }
  }

  #facts(repository: ModelRepository, packageId: string, version: string): VersionFacts {
    const facts = repository.versions.get(packageId)?.get(version);
    if (!facts) throw new Error(`no ${packageId}@${version}`);
    const tags = [...(repository.tags.get(packageId) ?? [])]
      .filter(([, id]) => id === version)
      .map(([tag]) => tag);
    return { package: packageId, version, tags, ...facts };
  }

  async *files(): AsyncIterable<never[]> {}

  async *attachments(name: RepositoryName) {
    this.before('attachments', [name]);
    yield [...this.#find(name).versions].flatMap(([packageId, versions]) =>
      [...versions]
        .filter(([, { subject }]) => subject !== undefined)
        .map(([version]) => ({ package: packageId, version })),
    );
  }

  async version(name: RepositoryName, packageId: string, version: string): Promise<VersionFacts | undefined> {
    this.before('version', [name, packageId, version]);
    const repository = this.#find(name);
    return repository.versions.get(packageId)?.has(version)
      ? this.#facts(repository, packageId, version)
      : undefined;
  }

  async tag(name: RepositoryName, packageId: string, tag: string): Promise<string | undefined> {
    this.before('tag', [name, packageId, tag]);
    return this.#find(name).tags.get(packageId)?.get(tag);
  }

  async manifest(name: RepositoryName, packageId: string, digest: string) {
    this.before('manifest', [name, packageId, digest]);
    const facts = this.#find(name).versions.get(packageId)?.get(digest);
    if (!facts) return undefined;
    return { mediaType: facts.mediaType ?? '', children: facts.children ?? [], subject: facts.subject };
  }

  async createTag(name: RepositoryName, packageId: string, tag: string, version: string): Promise<void> {
    this.#putTag('createTag', name, packageId, tag, version);
  }

  async moveTag(name: RepositoryName, packageId: string, tag: string, version: string): Promise<void> {
    this.#putTag('moveTag', name, packageId, tag, version);
  }

  #putTag(
    call: 'createTag' | 'moveTag',
    name: RepositoryName,
    packageId: string,
    tag: string,
    version: string,
  ): void {
    this.before(call, [name, packageId, tag, version]);
    const repository = this.#find(name);
    if (!repository.versions.get(packageId)?.has(version))
      throw new RegistryError('not-found', 404, 'no such version');
    if (call === 'moveTag' && repository.immutableTags) throw new RegistryError('refused', 400, 'immutable');
    this.writes.push({ call, package: packageId, ids: [tag] });
    const tags = repository.tags.get(packageId) ?? new Map<string, string>();
    repository.tags.set(packageId, tags.set(tag, version));
  }

  async deleteTag(name: RepositoryName, packageId: string, tag: string): Promise<void> {
    this.before('deleteTag', [name, packageId, tag]);
    const repository = this.#find(name);
    if (repository.immutableTags) throw new RegistryError('refused', 400, 'immutable');
    this.writes.push({ call: 'deleteTag', package: packageId, ids: [tag] });
    repository.tags.get(packageId)?.delete(tag);
  }

  async deleteVersions(name: RepositoryName, packageId: string, versions: readonly string[], stays?: Stays) {
    this.before('deleteVersions', [name, packageId, versions]);
    this.writes.push({ call: 'deleteVersions', package: packageId, ids: versions });
    const repository = this.#find(name);
    const there = repository.versions.get(packageId);
    const left = new Map<string, string>();
    for (const version of versions) {
      if (this.oneByOne) this.before('deleteVersions', [name, packageId, [version]]);
      const why = this.oneByOne ? await stays?.(version) : undefined;
      if (why !== undefined) {
        left.set(version, why);
        continue;
      }
      const tagged = [...(repository.tags.get(packageId)?.values() ?? [])].includes(version);
      const parent = [...(there ?? [])].find(
        ([id, { children, subject }]) =>
          id !== version && (children?.includes(version) || subject === version),
      );
      if (tagged) left.set(version, 'GOOGLE_MANIFEST_DANGLING_TAG');
      else if (parent) left.set(version, `GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE ${parent[0]}`);
      else if (there?.delete(version)) this.deleted.push({ package: packageId, version });
    }
    return left;
  }

  async copy(): Promise<string> {
    throw new Error('the model does not copy');
  }

  async findCopy(): Promise<undefined> {
    return undefined;
  }

  async copyProgress(): Promise<CopyProgress> {
    throw new Error('the model does not copy');
  }
}

/** What CopyRepository does at its worst: versions arrive, a tag that is there already stays where it is. */
export function copyAll(source: ModelRepository, destination: ModelRepository): void {
  for (const [packageId, versions] of source.versions)
    for (const [version, facts] of versions) {
      const there = destination.versions.get(packageId) ?? new Map();
      destination.versions.set(packageId, there);
      if (!there.has(version)) there.set(version, facts);
    }
  for (const [packageId, tags] of source.tags)
    for (const [tag, version] of tags) {
      const there = destination.tags.get(packageId) ?? new Map<string, string>();
      destination.tags.set(packageId, there);
      if (!there.has(tag)) there.set(tag, version);
    }
}
