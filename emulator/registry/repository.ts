/** One repository: its place, its content, and the journal that keeps it. */
import { GoogleError } from '../errors.ts';
import { Content, type Fact, type Package, type Version } from './facts.ts';
import type { Journal } from './journal.ts';
import { type Place, packageName, repositoryName, versionName } from './names.ts';

/** What is said of something that isn't there. */
export function notFound(name: string): GoogleError {
  return new GoogleError('NOT_FOUND', `Requested entity was not found: ${name}`);
}

/** A repository of any format. */
export class Repository {
  readonly place: Place;
  readonly name: string;
  readonly content = new Content();
  /** Grows with each change since the emulator started, for those who look again and again. */
  changes = 0;
  readonly #journal: Journal;

  constructor(place: Place, journal: Journal) {
    this.place = place;
    this.name = repositoryName(place);
    this.#journal = journal;
  }

  /** Reads what was kept; a journal that mostly tells of what is gone is written anew. */
  load(): void {
    let count = this.#journal.replay((fact) => this.content.apply(fact));
    for (const _ of this.content.facts()) count--;
    if (count > 1000) this.#journal.replace(this.content.facts());
  }

  /** Makes changes and keeps them. */
  record(...facts: readonly Fact[]): void {
    this.recordAll(facts);
  }

  /** As {@link record}, for many. */
  recordAll(facts: readonly Fact[]): void {
    this.#journal.append(facts);
    this.changes++;
    for (const fact of facts) this.content.apply(fact);
  }

  /** Removes what is kept. */
  remove(): void {
    this.#journal.remove();
  }

  /** `DOCKER`, `MAVEN`, … */
  get format(): string {
    return String(this.content.resource.format);
  }

  /** `STANDARD_REPOSITORY`, … */
  get mode(): string {
    return String(this.content.resource.mode);
  }

  /** Whether a tag may neither be moved nor removed. */
  get immutableTags(): boolean {
    const docker = this.content.resource.dockerConfig as { immutableTags?: boolean } | undefined;
    return docker?.immutableTags === true;
  }

  /** @throws GoogleError NOT_FOUND */
  package(id: string): Package {
    const found = this.content.packages.get(id);
    if (!found) throw notFound(packageName(this.name, id));
    return found;
  }

  /** @throws GoogleError NOT_FOUND */
  version(packageId: string, id: string): Version {
    const found = this.package(packageId).versions.get(id);
    if (!found) throw notFound(versionName(this.name, packageId, id));
    return found;
  }
}
