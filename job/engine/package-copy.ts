/**
 * One package: brings its manifests over, children before parents, subjects before what is attached to them, and tags
 * last, so that a tag at the destination never leads to something that is not whole.
 */
import type { Content, Descriptor, Manifest } from '../oci/manifest.ts';
import { isIndexType } from '../oci/media-types.ts';
import { OciError } from '../oci/oci-error.ts';
import type { Candidate, Picked } from './candidate.ts';
import { ReferrersTag } from './referrers-tag.ts';
import type { Run } from './run.ts';
import type { DestinationPackage, SourcePackage } from './side.ts';
import { type Loaded, missingAt, SourceManifests } from './source-manifests.ts';
import { decideTags } from './tags.ts';

/** What holds for every image of a package. */
interface PackageKind {
  /** Tags at the destination can't be moved. */
  readonly immutableTags: boolean;
  /** Some tags alone are wanted. */
  readonly byTag: boolean;
  /** The destination is one repository: what may not be done to one package may be done to none. */
  readonly isOne: boolean;
}

/** Indexes in indexes go no deeper in anything that is not made to do harm. */
const deepest = 16;

/** Copies one package. */
export class PackageCopy {
  readonly #run: Run;
  readonly #source: SourcePackage;
  readonly #destination: DestinationPackage;
  readonly #picked: Picked;
  readonly #kind: PackageKind;
  readonly #manifests: SourceManifests;
  /** What is at the destination because of us, or will be. */
  readonly #brought = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Promise<boolean>>();
  readonly #referrersTag: ReferrersTag;
  /** What will be the answer to everything that is done to this package. */
  #refused: OciError | undefined;

  constructor(
    run: Run,
    source: SourcePackage,
    destination: DestinationPackage,
    picked: Picked,
    kind: PackageKind,
  ) {
    this.#run = run;
    this.#source = source;
    this.#destination = destination;
    this.#picked = picked;
    this.#kind = kind;
    this.#referrersTag = new ReferrersTag(source.repository, destination, run.referrersLists);
    this.#manifests = new SourceManifests(source.repository, run.request.filters);
  }

  /** What an image is called in messages. */
  label({ digest, tags: [tag] }: Candidate): string {
    const { id, repository } = this.#source;
    return `${id === '' ? repository.path : id}${tag === undefined ? `@${digest}` : `:${tag}`}`;
  }

  /** Copies one image with its tags. Never throws: what goes wrong is told to the run. */
  async copy(candidate: Candidate): Promise<void> {
    if (this.#run.fatal !== undefined) return;
    try {
      if (this.#refused) throw this.#refused;
      this.#run.settle(await this.#copy(candidate));
    } catch (error) {
      this.#run.progress.counts.settled++;
      this.#fail(candidate, error);
    }
  }

  #fail(candidate: Candidate, error: unknown): void {
    // Told once for all of them.
    if (this.#refused !== undefined && error instanceof OciError && error.reach === 'repository')
      this.#run.progress.counts.failed++;
    else this.#run.fail(this.label(candidate), error);
    if (!(error instanceof OciError) || error.reach !== 'repository') return;
    this.#refused = error;
    if (this.#kind.isOne) this.#run.stop(error);
  }

  async #copy(candidate: Candidate): Promise<'copied' | 'equal' | 'left'> {
    const { filters, dryRun } = this.#run.request;
    const wanted = filters.withTags ? candidate.tags : [];
    const there = new Map<string, string | undefined>();
    let { digest } = candidate;
    const isAsked = digest === undefined && candidate.tags.some((tag) => this.#destination.tag(tag) === null);
    // Asked side by side: where nothing has changed this is all there is to do.
    const [source] = await Promise.all([
      isAsked ? this.#source.repository.head(candidate.tags[0] as string) : undefined,
      ...wanted.map(async (tag) => there.set(tag, await this.#tagAt(tag))),
    ]);
    if (isAsked && !source) throw missingAt(this.label(candidate));
    digest ??= source?.digest;
    const isEqual =
      digest !== undefined &&
      wanted.every((tag) => there.get(tag) === digest) &&
      (wanted.length > 0 || (await this.#has(digest)));
    if (isEqual && digest !== undefined) {
      await this.#attachments(digest, source?.mediaType);
      return 'equal';
    }

    const loaded = await this.#manifests.load(digest ?? (candidate.tags[0] as string), this.label(candidate));
    const target = await this.#manifests.transform(loaded);
    if (!target) return 'left';
    const { manifest } = target;
    const {
      put: tags,
      kept,
      refused,
    } = decideTags(there, manifest.digest, this.#run.request.moved, this.#kind.immutableTags);
    this.#run.progress.counts.kept += kept;
    for (const [tag, why] of refused) this.#run.fail(this.label({ ...candidate, tags: [tag] }), why);
    const isThere = await this.#has(manifest.digest);
    if (isThere && tags.length === 0) {
      await this.#attachments(manifest.digest, manifest.mediaType);
      return 'equal';
    }
    if (dryRun) {
      this.#run.progress.counts.tags += tags.length;
      return 'copied';
    }
    await this.#put(candidate, target, tags, isThere);
    return 'copied';
  }

  /** The manifest at the destination, what is attached to it there too, and then its tags. */
  async #put(candidate: Candidate, target: Loaded, tags: readonly string[], isThere: boolean): Promise<void> {
    const { manifest } = target;
    const [first, ...others] = tags;
    const referrers = await this.#referrersOf(manifest.digest);
    if (!isThere) {
      // Under its tag at once, where nothing has to come before that: one request instead of two.
      const isFirst = await this.#bring(
        target,
        referrers.length > 0 ? manifest.digest : (first ?? manifest.digest),
      );
      await this.#attach(manifest.digest, referrers);
      await this.#childAttachments(target.content);
      if (isFirst && referrers.length === 0 && first !== undefined) this.#run.progress.counts.tags++;
      else if (first !== undefined) await this.#putTag(first, manifest);
    } else {
      await this.#attach(manifest.digest, referrers);
      await this.#childAttachments(target.content);
      if (first !== undefined) await this.#putTag(first, manifest);
    }
    for (const tag of others)
      try {
        await this.#putTag(tag, manifest);
      } catch (error) {
        // A tag that may not be moved keeps no other from it.
        this.#fail({ ...candidate, tags: [tag] }, error);
      }
  }

  async #putTag(tag: string, manifest: Manifest): Promise<void> {
    await this.#destination.repository.putManifest(tag, manifest);
    this.#run.progress.counts.tags++;
  }

  /** The digest that a tag is on at the destination. */
  async #tagAt(tag: string): Promise<string | undefined> {
    const known = this.#destination.tag(tag);
    return known === null ? (await this.#destination.repository.head(tag))?.digest : known;
  }

  /** Whether a manifest is at the destination; asked for at most once. */
  #has(digest: string): Promise<boolean> {
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
  async #bring(target: Loaded, reference: string, depth = 0): Promise<boolean> {
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
    if (await this.#has(digest)) return;
    const loaded = await this.#manifests.load(digest, this.label({ digest, tags: [], time: 0 }));
    await this.#bring(loaded, digest, depth);
  }

  /** What a manifest is attached to may be gone, or never have been: it is copied all the same. */
  async #ensureSubject({ digest }: Descriptor, depth: number): Promise<void> {
    if (this.#brought.has(digest) || (await this.#has(digest))) return this.#brought.get(digest);
    if ((await this.#source.repository.head(digest)) !== undefined) await this.#ensure(digest, depth);
  }

  /** What is attached to a manifest by the registry's own list, or by tags where only some tags are wanted. */
  async #referrersOf(digest: string): Promise<readonly Descriptor[]> {
    if (!this.#run.request.filters.attachments) return [];
    // A listing of everything has them already.
    if (this.#source.isWhole && !this.#kind.byTag) return [];
    return this.#referrersTag.referrers(digest);
  }

  /** Copies what is attached to a manifest that is there. */
  async #attach(digest: string, referrers: readonly Descriptor[]): Promise<void> {
    const tagged = this.#picked.attached.get(digest) ?? [];
    await Promise.all(tagged.map((candidate) => this.#extra(candidate)));
    await Promise.all(referrers.map((each) => this.#extra({ digest: each.digest, tags: [], time: 0 })));
    if (referrers.length === 0 || this.#run.request.dryRun) return;
    // One that could not be copied has been told of; nothing may lead to it.
    const isThere = await Promise.all(referrers.map((each) => this.#isThere(each.digest)));
    await this.#referrersTag.keep(
      digest,
      referrers.filter((_, index) => isThere[index]),
    );
  }

  /** Whether a manifest is at the destination by now. */
  async #isThere(digest: string): Promise<boolean> {
    const brought = this.#brought.get(digest);
    if (!brought) return this.#has(digest);
    return brought.then(
      () => true,
      () => false,
    );
  }

  #extra(candidate: Candidate): Promise<void> {
    this.#run.progress.counts.found++;
    return this.copy(candidate);
  }

  /** The same for a manifest that was equal already. */
  async #attachments(digest: string, mediaType: string | undefined): Promise<void> {
    await this.#attach(digest, await this.#referrersOf(digest));
    const isIndex = mediaType !== undefined && isIndexType(mediaType);
    if (!isIndex || !(await this.#hasAttachments())) return;
    await this.#childAttachments(
      (await this.#manifests.load(digest, this.label({ digest, tags: [], time: 0 }))).content,
    );
  }

  async #childAttachments({ children }: Content): Promise<void> {
    if (children.length === 0 || !(await this.#hasAttachments())) return;
    for (const { digest } of children) await this.#attach(digest, await this.#referrersOf(digest));
  }

  /** Whether what is attached to the images of an index has to be looked for. */
  async #hasAttachments(): Promise<boolean> {
    const { filters } = this.#run.request;
    if (!filters.attachments || (this.#source.isWhole && !this.#kind.byTag)) return false;
    return this.#picked.attached.size > 0 || this.#referrersTag.isListed();
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
