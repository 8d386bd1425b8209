/**
 * Brings manifests of one package over with all that they need: children before parents, subjects before what is
 * attached to them, blobs before either.
 */
import type { Descriptor } from '../oci/manifest.ts';
import { OciError } from '../oci/oci-error.ts';
import type { Run } from './run.ts';
import { type DestinationPackage, labelOf, type SourcePackage } from './side.ts';
import type { Loaded, SourceManifests } from './source-manifests.ts';

/** Indexes in indexes go no deeper in anything that is not made to do harm. */
const deepest = 16;

/** What is at the destination, and what is brought there. */
export class DestinationManifests {
  readonly #run: Run;
  readonly #source: SourcePackage;
  readonly #destination: DestinationPackage;
  readonly #manifests: SourceManifests;
  /** What is at the destination because of us, or will be. */
  readonly #brought = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(run: Run, source: SourcePackage, destination: DestinationPackage, manifests: SourceManifests) {
    this.#run = run;
    this.#source = source;
    this.#destination = destination;
    this.#manifests = manifests;
  }

  /** Whether a manifest is at the destination; asked for at most once. */
  has(digest: string): Promise<boolean> {
    const known = this.#destination.has(digest);
    if (known !== undefined) return Promise.resolve(known);
    let asked = this.#known.get(digest);
    if (!asked) {
      asked = this.#destination.repository.head(digest).then((head) => head !== undefined);
      this.#known.set(digest, asked);
    }
    return asked;
  }

  /**
   * Sees that a manifest is at the destination, with all that it needs.
   *
   * @param reference what it is put under, if it is this call that puts it
   * @returns whether it was
   */
  async bring(target: Loaded, reference: string, depth = 0): Promise<boolean> {
    const { digest } = target.manifest;
    const before = this.#brought.get(digest);
    if (before) {
      await before;
      return false;
    }
    const work = this.#prepare(target, depth).then(async () => {
      const { repository } = this.#destination;
      await repository.putManifest(reference, target.manifest);
    });
    this.#brought.set(digest, work);
    await work;
    return true;
  }

  async #prepare({ manifest, content }: Loaded, depth: number): Promise<void> {
    if (depth > deepest)
      throw new OciError(
        'malformed',
        200,
        `the source is at fault: ${manifest.digest} lies more than ${deepest} indexes deep`,
      );
    const { repository } = this.#source;
    const foreign = content.blobs.filter(({ isForeign }) => isForeign);
    if (foreign.length > 0 && !this.#run.request.foreignLayers)
      throw new OciError(
        'refused',
        0,
        `${repository.name}@${manifest.digest} has a foreign layer, ${foreign[0]?.digest}, whose publisher wants it to be fetched from elsewhere; --foreign-layers copies it`,
      );
    await settled([
      ...content.children.map((child) => this.#ensure(child.digest, depth + 1)),
      ...(content.subject ? [this.#ensureSubject(content.subject, depth + 1)] : []),
      ...content.blobs.map((blob) => this.#blob(blob, blob.isForeign)),
    ]);
  }

  async #blob(blob: Descriptor, isForeign: boolean): Promise<void> {
    try {
      await this.#run.blobs.bring(this.#source.repository, this.#destination.repository, blob);
    } catch (error) {
      // The source has never had it: it lies where its addresses say, for both.
      if (isForeign && error instanceof OciError && error.kind === 'not-found') return;
      throw error;
    }
  }

  /** Sees that a manifest that another refers to is at the destination. */
  async #ensure(digest: string, depth: number): Promise<void> {
    const before = this.#brought.get(digest);
    if (before) return before;
    if (await this.has(digest)) return;
    const loaded = await this.#manifests.load(digest, labelOf(this.#source, `@${digest}`));
    await this.bring(loaded, digest, depth);
  }

  /** What a manifest is attached to may be gone, or never have been: it is copied all the same. */
  async #ensureSubject({ digest }: Descriptor, depth: number): Promise<void> {
    if (this.#brought.has(digest) || (await this.has(digest))) return this.#brought.get(digest);
    if ((await this.#source.repository.head(digest)) !== undefined) await this.#ensure(digest, depth);
  }

  /** Whether a manifest is at the destination by now. */
  async isThere(digest: string): Promise<boolean> {
    const brought = this.#brought.get(digest);
    if (!brought) return this.has(digest);
    return brought.then(
      () => true,
      () => false,
    );
  }
}

/** Waits for all, and fails as the first of them did: what is under way is not left behind. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  let first: { readonly error: unknown } | undefined;
  await Promise.all(
    work.map((each) =>
      each.catch((error: unknown) => {
        first ??= { error };
      }),
    ),
  );
  if (first) throw first.error;
}
