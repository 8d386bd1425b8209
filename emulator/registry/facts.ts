/**
 * What is known of one repository's content, and the facts that it grows from. A repository is the sum of its
 * facts: applying them again in order gives it back, which is all that its persistence consists of.
 */
import { createHash } from 'node:crypto';
import { OrderedMap } from './ordered.ts';

/** A file of a version: its id in the repository, SHA-256 in hex, and length in bytes. */
export interface FileFact {
  readonly id: string;
  readonly sha256: string;
  readonly size: number;
}

/** A manifest that an index lists. */
export interface Child {
  readonly digest: string;
  readonly mediaType?: string;
  readonly platform?: Readonly<Record<string, unknown>>;
}

/** What a Docker manifest says about itself. */
export interface ImageFacts {
  readonly mediaType: string;
  /** Sum of the layers' sizes, in bytes. */
  readonly size: number;
  readonly artifactType?: string;
  /** Digest of the manifest that this one is attached to. */
  readonly subject?: string;
  /** An index's manifests. */
  readonly children?: readonly Child[];
  /** RFC 3339, from the image's config. */
  readonly buildTime?: string;
  /** The manifest's own. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A version. Times are milliseconds since the epoch. */
export interface Version {
  readonly id: string;
  readonly createTime: number;
  updateTime: number;
  readonly files: readonly FileFact[];
  readonly image?: ImageFacts;
  /** What clients have set on the version, which a manifest's annotations are not. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Seeded without content: its facts can be listed and copied, its bytes can't be had. */
  readonly bare?: true;
}

/** One change. `at` is in milliseconds since the epoch. */
export type Fact =
  | { is: 'version'; package: string; version: Version }
  | { is: 'tag'; package: string; tag: string; version: string }
  | { is: 'blob'; at: number; file: FileFact }
  | { is: 'touched'; package: string; version: string; at: number }
  | { is: 'tag gone'; package: string; tag: string }
  | { is: 'version gone'; package: string; version: string }
  | { is: 'package'; package: string; at: number }
  | { is: 'package gone'; package: string }
  | { is: 'blob gone'; file: string }
  /** A copy from another repository was started. */
  | { is: 'source'; repository: string }
  | { is: 'resource'; resource: Readonly<Record<string, unknown>> }
  | { is: 'policy'; policy: Readonly<Record<string, unknown>>; revision: number };

/** A package with its versions and tags. */
export class Package {
  readonly id: string;
  readonly createTime: number;
  readonly versions = new OrderedMap<Version>();
  /** Tag to version id. */
  readonly tags = new OrderedMap<string>();
  /** Version id to its tags. */
  readonly tagged = new Map<string, string[]>();
  /** Digest to the indexes that list it. */
  readonly parents = new Map<string, string[]>();
  /** Digest to the versions attached to it. */
  readonly referrers = new Map<string, string[]>();
  updateTime: number;

  constructor(id: string, createTime: number) {
    this.id = id;
    this.createTime = createTime;
    this.updateTime = createTime;
  }

  /** Tags of a version, sorted. */
  tagsOf(version: string): string[] {
    return [...(this.tagged.get(version) ?? [])].sort();
  }
}

/** Who a file belongs to. */
export interface Owner {
  readonly package: Package;
  readonly version: Version;
}

/** A file of a repository and the versions it belongs to; none yet for a blob that was only uploaded. */
export interface StoredFile {
  readonly file: FileFact;
  readonly createTime: number;
  /** Oldest first. */
  readonly owners: Owner[];
}

// Arrays, as most have one element: a set for each of a million versions would take more than the versions do.
const addTo = (map: Map<string, string[]>, key: string, value: string) => {
  const values = map.get(key);
  if (!values) map.set(key, [value]);
  else if (!values.includes(value)) values.push(value);
};

const removeFrom = (map: Map<string, string[]>, key: string, value: string) => {
  const values = map.get(key);
  const index = values?.indexOf(value) ?? -1;
  if (!values || index < 0) return;
  if (values.length === 1) map.delete(key);
  else values.splice(index, 1);
};

/** The content of a repository. */
export class Content {
  readonly packages = new OrderedMap<Package>();
  /** By id. */
  readonly files = new OrderedMap<StoredFile>();
  /** Versions with a subject, by {@link attachmentId}. */
  readonly attachments = new OrderedMap<Owner>();
  /** Sum of the files' sizes. */
  bytes = 0;
  resource: Readonly<Record<string, unknown>> = {};
  policy: Readonly<Record<string, unknown>> = {};
  policyRevision = 0;
  /** Name of the repository that was copied from last. */
  source: string | undefined;

  apply(fact: Fact): void {
    switch (fact.is) {
      case 'version':
        this.#addVersion(this.#package(fact.package, fact.version.createTime), fact.version);
        break;
      case 'tag':
        this.#setTag(this.packages.get(fact.package), fact.tag, fact.version);
        break;
      case 'blob':
        if (!this.files.has(fact.file.id)) this.#store({ file: fact.file, createTime: fact.at, owners: [] });
        break;
      case 'touched':
        this.#touch(this.packages.get(fact.package), fact.version, fact.at);
        break;
      case 'tag gone':
        this.#removeTag(this.packages.get(fact.package), fact.tag);
        break;
      case 'version gone':
        this.#removeVersion(this.packages.get(fact.package), fact.version);
        break;
      case 'package':
        this.#package(fact.package, fact.at);
        break;
      case 'package gone':
        this.#removePackage(fact.package);
        break;
      case 'blob gone':
        this.#unstore(fact.file);
        break;
      case 'source':
        this.source = fact.repository;
        break;
      case 'resource':
        this.resource = fact.resource;
        break;
      case 'policy':
        this.policy = fact.policy;
        this.policyRevision = fact.revision;
    }
  }

  /** The fewest facts that give this content. */
  *facts(): Generator<Fact> {
    yield { is: 'resource', resource: this.resource };
    if (this.source !== undefined) yield { is: 'source', repository: this.source };
    if (this.policyRevision > 0) yield { is: 'policy', policy: this.policy, revision: this.policyRevision };
    for (const file of this.files.values())
      if (file.owners.length === 0) yield { is: 'blob', at: file.createTime, file: file.file };
    for (const holder of this.packages.values()) {
      yield { is: 'package', package: holder.id, at: holder.createTime };
      for (const version of holder.versions.values()) yield { is: 'version', package: holder.id, version };
      for (const [tag, version] of holder.tags.entries())
        yield { is: 'tag', package: holder.id, tag, version };
    }
  }

  #store(stored: StoredFile): void {
    this.files.set(stored.file.id, stored);
    this.bytes += stored.file.size;
  }

  #unstore(id: string): void {
    this.bytes -= this.files.get(id)?.file.size ?? 0;
    this.files.delete(id);
  }

  #package(id: string, at: number): Package {
    let holder = this.packages.get(id);
    if (!holder) {
      holder = new Package(id, at);
      this.packages.set(id, holder);
    }
    return holder;
  }

  #removePackage(id: string): void {
    const holder = this.packages.get(id);
    for (const version of [...(holder?.versions.values() ?? [])]) this.#removeVersion(holder, version.id);
    this.packages.delete(id);
  }

  #touch(holder: Package | undefined, id: string, at: number): void {
    const version = holder?.versions.get(id);
    if (!holder || !version) return;
    version.updateTime = at;
    holder.updateTime = at;
  }

  #addVersion(holder: Package, version: Version): void {
    if (holder.versions.has(version.id)) return;
    holder.versions.set(version.id, version);
    holder.updateTime = Math.max(holder.updateTime, version.updateTime);
    for (const file of version.files) {
      const owner = { package: holder, version };
      const stored = this.files.get(file.id);
      if (stored) stored.owners.push(owner);
      else this.#store({ file, createTime: version.createTime, owners: [owner] });
    }
    for (const child of version.image?.children ?? []) addTo(holder.parents, child.digest, version.id);
    const subject = version.image?.subject;
    if (subject) {
      addTo(holder.referrers, subject, version.id);
      this.attachments.set(attachmentId(holder.id, version.id), { package: holder, version });
    }
  }

  #removeVersion(holder: Package | undefined, id: string): void {
    const version = holder?.versions.get(id);
    if (!holder || !version) return;
    for (const tag of holder.tagsOf(id)) this.#removeTag(holder, tag);
    holder.versions.delete(id);
    for (const file of version.files) {
      const stored = this.files.get(file.id);
      if (!stored) continue;
      const index = stored.owners.findIndex((owner) => owner.version === version);
      if (index >= 0) stored.owners.splice(index, 1);
      if (stored.owners.length === 0) this.#unstore(file.id);
    }
    for (const child of version.image?.children ?? []) removeFrom(holder.parents, child.digest, id);
    const subject = version.image?.subject;
    if (subject) {
      removeFrom(holder.referrers, subject, id);
      this.attachments.delete(attachmentId(holder.id, id));
    }
  }

  #setTag(holder: Package | undefined, tag: string, version: string): void {
    if (!holder?.versions.has(version)) return;
    this.#removeTag(holder, tag);
    holder.tags.set(tag, version);
    addTo(holder.tagged, version, tag);
  }

  #removeTag(holder: Package | undefined, tag: string): void {
    const version = holder?.tags.get(tag);
    if (!holder || version === undefined) return;
    holder.tags.delete(tag);
    removeFrom(holder.tagged, version, tag);
  }
}

/** The id under which a version with a subject is listed as an attachment. */
export function attachmentId(packageId: string, versionId: string): string {
  return createHash('sha256').update(`${packageId}\0${versionId}`).digest('hex').slice(0, 32);
}
