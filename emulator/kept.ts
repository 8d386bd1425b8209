/** A small table that survives a restart of an emulator with `--data`: one JSON file, written whole at each change. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Values by name, in the order of their names. */
export class Kept<T> {
  readonly #file: string;
  readonly #values: Map<string, T>;

  /** @param file read when it is there; its folder is made with the first change */
  constructor(file: string) {
    this.#file = file;
    this.#values = new Map(
      existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, T>) : [],
    );
  }

  get(name: string): T | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: T): void {
    this.#values.set(name, value);
    this.#write();
  }

  /** @returns whether it was there */
  delete(name: string): boolean {
    const was = this.#values.delete(name);
    if (was) this.#write();
    return was;
  }

  entries(): [string, T][] {
    return [...this.#values].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** Those whose names begin so: with the parent's, its collection and a slash, all of that parent. */
  below(prefix: string): T[] {
    return this.entries().flatMap(([name, value]) => (name.startsWith(prefix) ? [value] : []));
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    // Written aside first: who is killed in the middle leaves the old file or the new one.
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#values)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
