/**
 * One pass over the destination against the source's index. What is equal is forgotten at once; what is left is
 * as large as the difference.
 */
import type { VersionFacts } from '../registry/registry.ts';
import type { Counts, KeptBecause } from './difference.ts';
import type { Kept } from './keep.ts';
import { flags, type SourceIndex } from './source-index.ts';

/** A tag of the destination that is not as at the source. */
export interface OddTag {
  readonly package: string;
  readonly tag: string;
  /** The version that it is on at the destination. */
  readonly from: string;
  /** Where the source has it; undefined: nowhere. */
  readonly to: string | undefined;
}

/** What one pass over the destination leaves. */
export class Collected {
  /** At the destination only, by package. */
  readonly extras = new Map<string, Map<string, VersionFacts>>();
  readonly oddTags: OddTag[] = [];
  /**
   * Versions that the source does not have and one of the source's refers to, by package: a child of an index, which
   * is incomplete at the source then, so that the child is all that is left of it, or the subject of an attachment.
   */
  readonly pinned = new Map<string, Map<string, Kept>>();
  /** Indexes that stay and whose listing does not say what they refer to, by package. */
  readonly opaque = new Map<string, string[]>();
  readonly #source: SourceIndex;
  readonly #isDocker: boolean;
  readonly #held = { versions: 0, tags: 0, bytes: 0 };

  constructor(source: SourceIndex, format: string) {
    this.#source = source;
    this.#isDocker = format === 'DOCKER';
  }

  get held(): Counts {
    return this.#held;
  }

  /** Takes in a page of the destination's listing; the source's index must be complete. */
  addPage(page: readonly VersionFacts[]): void {
    for (const facts of page) {
      const index = this.#source.packages.get(facts.package);
      const number = index?.versions.find(facts.version) ?? -1;
      // A version that two pages show, because something was pushed meanwhile, counts once; a tag that was found
      // right the first time would now seem to be one that the source does not have.
      const isKnown =
        index && number >= 0
          ? index.has(number, flags.matched)
          : this.extras.get(facts.package)?.has(facts.version);
      if (isKnown) continue;
      this.#held.versions++;
      this.#held.bytes += facts.bytes;
      this.#held.tags += facts.tags.length;
      if (index && number >= 0) {
        index.set(number, flags.matched);
        if (isIndex(facts) || (this.#isDocker && facts.mediaType === undefined)) this.#children(facts);
        if (facts.subject !== undefined)
          this.pin(facts.package, facts.subject, 'subject-of-kept', facts.version);
      } else entry(this.extras, facts.package, () => new Map()).set(facts.version, facts);
      for (const tag of facts.tags) {
        const target = index?.tags.get(tag);
        if (index && target !== undefined && target === number) index.tags.delete(tag);
        else {
          const to = index && target !== undefined ? index.versions.id(target) : undefined;
          this.oddTags.push({ package: facts.package, tag, from: facts.version, to });
        }
      }
    }
  }

  #children({ package: packageId, version, children }: VersionFacts): void {
    if (!children) {
      entry(this.opaque, packageId, () => []).push(version);
      return;
    }
    for (const child of children) this.pin(packageId, child, 'child-of-kept', version);
  }

  /** Keeps a version for the sake of one that refers to it and that the source has. */
  pin(packageId: string, version: string, because: KeptBecause, by: string): void {
    if ((this.#source.packages.get(packageId)?.versions.find(version) ?? -1) < 0)
      entry(this.pinned, packageId, () => new Map()).set(version, { because, by });
  }
}

/** Whether a manifest refers to other manifests. */
export function isIndex({ mediaType }: Pick<VersionFacts, 'mediaType'>): boolean {
  return (
    mediaType === 'application/vnd.oci.image.index.v1+json' ||
    mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'
  );
}

/** The value of a key, made where it is missing. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
