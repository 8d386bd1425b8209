/**
 * One CopyRepository. What it copies is settled when it starts; how far it has come is a function of the
 * clock. Sources of what it does: copy-repository.md in the project's references; what is unconfirmed there is
 * a switch in behavior.ts. It lives in memory, as its operation does: a restart leaves it where it had come to.
 */
import { GoogleError } from '../errors.ts';
import { type OperationState, operationError } from '../operations.ts';
import type { Fact, Package, Version } from './facts.ts';
import { versionName } from './names.ts';
import type { Registry } from './registry.ts';
import { notFound, type Repository } from './repository.ts';

/** The request's `behavior`. */
export interface CopyBehavior {
  readonly continueOnSkippedVersion?: boolean | undefined;
  readonly maxVersionAgeDays?: number | undefined;
  readonly allAttachmentsIncluded?: boolean | undefined;
  readonly allTagsExcluded?: boolean | undefined;
}

interface Item {
  readonly packageId: string;
  readonly version: Version;
  readonly tags: readonly string[];
  /** Why the version can't be copied, if so. */
  readonly error?: GoogleError;
  /** Last of its package. */
  readonly last: boolean;
}

const day = 24 * 60 * 60 * 1000;
const samplesAtMost = 100;
const type = 'type.googleapis.com/google.devtools.artifactregistry.v1';
const time = (milliseconds: number) => new Date(milliseconds).toISOString();
/** An int64 as JSON carries it; zero is left out. */
const int64 = <K extends string>(name: K, value: number) =>
  (value > 0 ? { [name]: String(value) } : {}) as Partial<Record<K, string>>;

/** A copy from its start on. */
export class Copy {
  readonly #registry: Registry;
  readonly #source: string;
  readonly #destination: Repository;
  readonly #behavior: CopyBehavior;
  readonly #start: number;
  readonly #items: readonly Item[];
  readonly #packages: number;
  readonly #fail: { error: GoogleError; afterVersions: number } | undefined;
  /** Index of the next item; beyond the last it is the end that is due. */
  #next = 0;
  #ended: number | undefined;
  #failure: unknown;
  #copied = 0;
  #packagesDone = 0;
  #skipped = 0;
  readonly #samples: { version: string; error: { code: number; message: string } }[] = [];

  constructor(registry: Registry, source: Repository, destination: Repository, behavior: CopyBehavior) {
    this.#registry = registry;
    this.#source = source.name;
    this.#destination = destination;
    this.#behavior = behavior;
    this.#start = registry.clock.now();
    const rules = registry.faults.copies.filter((rule) => rule.hits(destination.name));
    const skips = rules.flatMap(({ skip }) => skip ?? []);
    const fail = rules.find((rule) => rule.fail)?.fail;
    this.#fail = fail && {
      error: new GoogleError(fail.status, fail.message),
      afterVersions: fail.afterVersions,
    };
    const packages = [...source.content.packages.entries()].map(([, holder]) =>
      this.#plan(source, holder, skips),
    );
    this.#items = packages.flat();
    this.#packages = packages.filter((items) => items.length > 0).length;
    registry.copies.add(this);
  }

  #plan(source: Repository, holder: Package, skips: readonly ((label: string) => boolean)[]): Item[] {
    const { maxVersionAgeDays = 0, allAttachmentsIncluded, allTagsExcluded } = this.#behavior;
    const oldest = maxVersionAgeDays > 0 ? this.#start - maxVersionAgeDays * day : Number.NEGATIVE_INFINITY;
    const chosen = new Set<string>();
    const order: Version[] = [];
    // Children before their index, subjects before what is attached: a follower never lists what it hasn't got.
    const choose = (version: Version, asChild: boolean) => {
      if (chosen.has(version.id)) return;
      const young = version.updateTime >= oldest;
      if (!young && !(asChild && this.#registry.behavior.copyOldChildren)) return;
      if (version.image?.subject && !allAttachmentsIncluded) return;
      chosen.add(version.id);
      const first = [...(version.image?.children ?? []).map(({ digest }) => digest), version.image?.subject];
      for (const digest of first) {
        const before = digest && holder.versions.get(digest);
        if (before) choose(before, digest !== version.image?.subject);
      }
      order.push(version);
    };
    for (const [, version] of holder.versions.entries()) choose(version, false);

    return order.map((version, index) => {
      const tags = holder.tagsOf(version.id);
      const name = versionName(source.name, holder.id, version.id);
      const labels = () => [`${holder.id}@${version.id}`, name, ...tags.map((tag) => `${holder.id}:${tag}`)];
      const lost = version.bare
        ? undefined
        : version.files.find((file) => !this.#registry.blobs.has(file.sha256));
      const error = skips.some((skip) => labels().some(skip))
        ? new GoogleError('FAILED_PRECONDITION', `Version ${name} could not be copied.`)
        : lost && new GoogleError('NOT_FOUND', `File ${lost.id} of version ${name} was not found.`);
      return {
        packageId: holder.id,
        version,
        tags: allTagsExcluded ? [] : tags,
        last: index === order.length - 1,
        ...(error && { error }),
      };
    });
  }

  /** When the next thing happens, in milliseconds since the epoch; infinite once the copy is over. */
  nextTime(): number {
    if (this.#ended !== undefined) return Number.POSITIVE_INFINITY;
    const { copyStartSeconds, copyVersionsPerSecond, copyMinimumSeconds } = this.#registry.behavior;
    const at = (items: number) =>
      this.#start + Math.ceil(1000 * (copyStartSeconds + items / copyVersionsPerSecond));
    if (this.#isToFail()) return at(this.#next);
    if (this.#next < this.#items.length) return at(this.#next + 1);
    return Math.max(at(this.#items.length), this.#start + 1000 * copyMinimumSeconds);
  }

  /** Does the next thing. Only {@link Registry.settle} calls this, when its time has come. */
  step(): void {
    const now = this.nextTime();
    const item = this.#items[this.#next];
    const lost = this.#registry.find(this.#destination.name) !== this.#destination;
    if (lost) this.#end(now, notFound(this.#destination.name));
    else if (this.#isToFail()) this.#end(now, this.#fail?.error);
    else if (!item) this.#end(now);
    else {
      this.#next++;
      this.#take(item, now);
    }
  }

  #isToFail(): boolean {
    return this.#fail !== undefined && this.#next >= Math.min(this.#fail.afterVersions, this.#items.length);
  }

  #take(item: Item, now: number): void {
    if (item.error && !this.#behavior.continueOnSkippedVersion) {
      this.#end(now, item.error);
      return;
    }
    if (item.error) this.#skip(item, item.error);
    else {
      this.#destination.recordAll(this.#arrival(item, now));
      this.#copied++;
    }
    if (item.last) this.#packagesDone++;
  }

  #skip({ packageId, version }: Item, error: GoogleError): void {
    this.#skipped++;
    if (this.#samples.length === samplesAtMost) return;
    const { code, message } = operationError(error);
    this.#samples.push({
      version: versionName(this.#source, packageId, version.id),
      error: { code, message },
    });
  }

  /** What the destination gains by one version. */
  #arrival({ packageId, version, tags }: Item, now: number): Fact[] {
    const facts: Fact[] = [];
    const holder = this.#destination.content.packages.get(packageId);
    const isThere = holder?.versions.has(version.id) === true;
    if (!isThere)
      facts.push({
        is: 'version',
        package: packageId,
        version: { ...version, createTime: now, updateTime: now },
      });
    let retagged = false;
    for (const tag of tags) {
      const before = holder?.tags.get(tag);
      const free = before === undefined;
      const move = this.#registry.behavior.existingTag === 'moved' && !this.#destination.immutableTags;
      if (before === version.id || !(free || move)) continue;
      facts.push({ is: 'tag', package: packageId, tag, version: version.id });
      retagged = true;
    }
    if (isThere && retagged && this.#registry.behavior.retagTouchesUpdateTime)
      facts.push({ is: 'touched', package: packageId, version: version.id, at: now });
    return facts;
  }

  #end(now: number, failure?: unknown): void {
    this.#ended = now;
    this.#failure = failure;
    this.#registry.copies.delete(this);
  }

  /** The operation's state. */
  state(): OperationState {
    this.#registry.settle();
    const failed = this.#failure !== undefined;
    const counts = {
      copyStartTime: time(this.#start),
      sourceRepository: this.#source,
      destinationRepository: this.#destination.name,
      ...int64('packagesCopiedCount', this.#packagesDone),
      ...int64('versionsCopiedCount', this.#copied),
      ...int64('skippedVersionErrorCount', this.#skipped),
      ...(this.#samples.length > 0 && { skippedVersionErrorSamples: this.#samples }),
    };
    const metadata = {
      '@type': `${type}.CopyRepositoryMetadata`,
      ...counts,
      ...int64('totalPackagesCount', this.#packages),
      ...int64('totalVersionsCount', this.#items.length),
      ...(failed && this.#ended !== undefined && { copyFailureTime: time(this.#ended) }),
    };
    if (this.#ended === undefined) return { metadata };
    if (failed) return { metadata, error: operationError(this.#failure) };
    const copyCompleteTime = time(this.#ended);
    return {
      metadata,
      response: { '@type': `${type}.CopyRepositoryResponse`, ...counts, copyCompleteTime },
    };
  }
}

/**
 * Starts a copy and its operation, at the destination.
 *
 * @throws GoogleError when the two don't go together
 */
export function startCopy(
  registry: Registry,
  source: Repository,
  destination: Repository,
  behavior: CopyBehavior,
) {
  if (source === destination)
    throw new GoogleError('INVALID_ARGUMENT', 'source_repository and destination_repository are the same.');
  if (source.format !== destination.format)
    throw new GoogleError(
      'INVALID_ARGUMENT',
      `The repositories' formats differ: ${source.name} is ${source.format}, ${destination.name} is ${destination.format}.`,
    );
  for (const { name, mode } of [source, destination])
    if (mode !== 'STANDARD_REPOSITORY')
      throw new GoogleError(
        'FAILED_PRECONDITION',
        `${name} is a ${mode}, only a STANDARD_REPOSITORY can be copied.`,
      );
  const copy = new Copy(registry, source, destination, behavior);
  if (destination.content.source !== source.name)
    destination.record({ is: 'source', repository: source.name });
  const { project, location } = destination.place;
  return registry.operations.start(`projects/${project}/locations/${location}`, () => copy.state());
}
