/**
 * Artifact Registry's repositories, whatever protocol they are reached by. It is the one door to a repository:
 * whoever looks at one first sees what running copies have brought about by then, so that a copy needs no timer.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Behavior } from '../behavior.ts';
import type { Clock } from '../clock.ts';
import { GoogleError } from '../errors.ts';
import type { CopyRule } from '../faults.ts';
import type { Operations } from '../operations.ts';
import { BlobStore } from './blobs.ts';
import type { Copy } from './copy.ts';
import { Journal } from './journal.ts';
import { type Place, parseRepositoryName, repositoryName } from './names.ts';
import { OrderedMap } from './ordered.ts';
import { notFound, Repository } from './repository.ts';

/** What a registry is made of. */
export interface RegistryOptions {
  clock: Clock;
  operations: Operations;
  /** Its own folder; what is there is read. */
  folder: string;
  behavior: Behavior;
  /** Rules under which copies skip or fail, as they are when a copy starts. */
  faults: { readonly copies: readonly CopyRule[] };
}

/** All repositories of all projects. */
export class Registry {
  readonly clock: Clock;
  readonly operations: Operations;
  readonly behavior: Behavior;
  readonly faults: RegistryOptions['faults'];
  readonly blobs: BlobStore;
  /** Copies that are not over, oldest first. */
  readonly copies = new Set<Copy>();
  readonly #folder: string;
  readonly #repositories = new OrderedMap<Repository>();
  #settling = false;

  constructor({ clock, operations, folder, behavior, faults }: RegistryOptions) {
    this.clock = clock;
    this.operations = operations;
    this.behavior = behavior;
    this.faults = faults;
    this.#folder = join(folder, 'repositories');
    mkdirSync(this.#folder, { recursive: true });
    this.blobs = new BlobStore(join(folder, 'blobs'));
    this.#load();
  }

  #load(): void {
    const wanted = new Set<string>();
    for (const file of readdirSync(this.#folder)) {
      const place = file.endsWith('.jsonl') && parseRepositoryName(decodeURIComponent(file.slice(0, -6)));
      if (!place) continue;
      const repository = new Repository(place, this.#journal(place));
      repository.load();
      this.#repositories.set(repository.name, repository);
      for (const stored of repository.content.files.values()) wanted.add(stored.file.sha256);
    }
    this.blobs.sweep(wanted);
  }

  #journal(place: Place): Journal {
    return new Journal(join(this.#folder, `${encodeURIComponent(repositoryName(place))}.jsonl`));
  }

  /** Lets running copies catch up with the clock, in the order of time across all of them. */
  settle(): void {
    if (this.#settling || this.copies.size === 0) return;
    this.#settling = true;
    try {
      const now = this.clock.now();
      for (;;) {
        let next: Copy | undefined;
        let due = now;
        for (const copy of this.copies) {
          const time = copy.nextTime();
          if (time < due || (time === due && !next)) {
            next = copy;
            due = time;
          }
        }
        if (!next) return;
        next.step();
      }
    } finally {
      this.#settling = false;
    }
  }

  find(name: string): Repository | undefined {
    this.settle();
    return this.#repositories.get(name);
  }

  /** @throws GoogleError NOT_FOUND */
  repository(name: string): Repository {
    const found = this.find(name);
    if (!found) throw notFound(name);
    return found;
  }

  /** Repositories of all projects in the order of their names. */
  all(): Repository[] {
    this.settle();
    return [...this.#repositories.entries()].map(([, repository]) => repository);
  }

  /** Repositories of `projects/P/locations/L` in the order of their names, from after the given one. */
  *list(parent: string, after?: string): Generator<[string, Repository]> {
    this.settle();
    const prefix = `${parent}/repositories/`;
    for (const entry of this.#repositories.entries(after ?? prefix)) {
      if (!entry[0].startsWith(prefix)) return;
      yield entry;
    }
  }

  /** @throws GoogleError ALREADY_EXISTS */
  create(place: Place, resource: Readonly<Record<string, unknown>>): Repository {
    const repository = new Repository(place, this.#journal(place));
    if (this.find(repository.name))
      throw new GoogleError('ALREADY_EXISTS', `the repository already exists: ${repository.name}`);
    // A journal may have been left by a process that was killed while it removed the repository.
    repository.remove();
    repository.record({ is: 'resource', resource });
    this.#repositories.set(repository.name, repository);
    return repository;
  }

  /** Removes a repository and all its content. @throws GoogleError NOT_FOUND */
  delete(name: string): void {
    this.repository(name).remove();
    this.#repositories.delete(name);
  }
}
