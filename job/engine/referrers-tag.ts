/**
 * What is attached to manifests: asked of the source's registry where that has the list, and, where the destination's
 * has none, written down there under the tag `sha256-<hex>`, which clients then look at.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
import { digestOf } from '../oci/digest.ts';
import { type Descriptor, type Manifest, readContent } from '../oci/manifest.ts';
import { indexType } from '../oci/media-types.ts';
import type { OciRepository } from '../oci/repository.ts';
import type { DestinationPackage } from './side.ts';

/** Whether each of two registries has the list of what is attached; undefined: nobody has asked yet. */
export interface ReferrersLists {
  source?: Promise<boolean> | undefined;
  destination?: Promise<boolean> | undefined;
}

/** Referrers of one package. */
export class ReferrersTag {
  readonly #source: OciRepository;
  readonly #destination: DestinationPackage;
  readonly #lists: ReferrersLists;

  /** @param lists what is known of the two registries, shared by all packages */
  constructor(source: OciRepository, destination: DestinationPackage, lists: ReferrersLists) {
    this.#source = source;
    this.#destination = destination;
    this.#lists = lists;
  }

  /** Whether the source's registry lists what is attached, as far as is known. */
  async isListed(): Promise<boolean> {
    return (await this.#lists.source) === true;
  }

  /** What is attached to a manifest; nothing where the source has no list: its tags lead there then. */
  async referrers(digest: string): Promise<readonly Descriptor[]> {
    // One asks whether there is a list, and the others wait.
    const isFirst = this.#lists.source === undefined;
    if (!isFirst && !(await this.#lists.source)) return [];
    const asked = this.#source.referrers(digest);
    if (isFirst) {
      const lists = asked.then((found) => found !== undefined);
      this.#lists.source = lists;
      lists.catch(() => {
        if (this.#lists.source === lists) this.#lists.source = undefined;
      });
    }
    const once = new Map(((await asked) ?? []).map((each) => [each.digest, each]));
    once.delete(digest);
    return [...once.values()];
  }

  /** Sees that the destination leads from a manifest to what is attached to it. */
  async keep(digest: string, referrers: readonly Descriptor[]): Promise<void> {
    if (referrers.length === 0) return;
    const { repository } = this.#destination;
    this.#lists.destination ??= repository.referrers(digest).then((found) => found !== undefined);
    if (await this.#lists.destination) return;
    const tag = digest.replace(':', '-');
    // The source's own is copied as it is.
    if (await this.#source.head(tag)) return;
    const before = await repository.manifest(tag);
    const known = before ? readContent(before).children : [];
    const added = referrers.filter((each) => known.every((child) => child.digest !== each.digest));
    if (added.length > 0) await repository.putManifest(tag, indexOf([...known, ...added]));
  }
}

function indexOf(manifests: readonly Descriptor[]): Manifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  return { bytes, mediaType: indexType, digest: digestOf(bytes) };
}
