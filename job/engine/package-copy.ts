/**
 * One package: its images with what is attached to them, and tags last, so that a tag at the destination never leads to
 * something that is not whole.
 */
import type { Content, Descriptor, Manifest } from '../oci/manifest.ts';
import { isIndexType } from '../oci/media-types.ts';
import { OciError } from '../oci/oci-error.ts';
import type { Candidate, Picked } from './candidate.ts';
import { DestinationManifests } from './destination-manifests.ts';
import { ReferrersTag } from './referrers-tag.ts';
import type { Run } from './run.ts';
import { type DestinationPackage, labelOf, type SourcePackage } from './side.ts';
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

/** Copies one package. */
export class PackageCopy {
  readonly #run: Run;
  readonly #source: SourcePackage;
  readonly #destination: DestinationPackage;
  readonly #picked: Picked;
  readonly #kind: PackageKind;
  readonly #manifests: SourceManifests;
  readonly #destinationManifests: DestinationManifests;
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
    this.#destinationManifests = new DestinationManifests(run, source, destination, this.#manifests);
  }

  /** What an image is called in messages. */
  label({ digest, tags: [tag] }: Candidate): string {
    return labelOf(this.#source, tag === undefined ? `@${digest}` : `:${tag}`);
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
      (wanted.length > 0 || (await this.#destinationManifests.has(digest)));
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
    const isThere = await this.#destinationManifests.has(manifest.digest);
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
      const atOnce = referrers.length === 0 && this.#run.request.moved === 'update' ? first : undefined;
      const isFirst = await this.#destinationManifests.bring(target, atOnce ?? manifest.digest);
      await this.#attach(manifest.digest, referrers);
      await this.#childAttachments(target.content);
      if (isFirst && atOnce !== undefined) this.#run.progress.counts.tags++;
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
    const { moved } = this.#run.request;
    if (moved !== 'update') {
      // Somebody may have put it there since the destination was listed, and to put it is to move it.
      const head = await this.#destination.repository.head(tag);
      const there = new Map([[tag, head?.digest]]);
      const { kept, refused } = decideTags(there, manifest.digest, moved, this.#kind.immutableTags);
      this.#run.progress.counts.kept += kept;
      for (const [, why] of refused) throw why;
      if (head !== undefined) return;
    }
    await this.#destination.repository.putManifest(tag, manifest);
    this.#run.progress.counts.tags++;
  }

  /** The digest that a tag is on at the destination. */
  async #tagAt(tag: string): Promise<string | undefined> {
    const known = this.#destination.tag(tag);
    return known === null ? (await this.#destination.repository.head(tag))?.digest : known;
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
    const isThere = await Promise.all(
      referrers.map((each) => this.#destinationManifests.isThere(each.digest)),
    );
    await this.#referrersTag.keep(
      digest,
      referrers.filter((_, index) => isThere[index]),
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
      (await this.#manifests.load(digest, labelOf(this.#source, `@${digest}`))).content,
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
