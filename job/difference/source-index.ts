/**
 * What the source holds, small enough that a million images fit beside the page that is being read: of each
 * version its id, size and a few bits, of each tag the number of its version.
 */
import type { VersionFacts } from '../registry/registry.ts';
import type { Counts } from './difference.ts';
import { VersionTable } from './version-table.ts';

/** Bits of a source version. */
export const flags = {
  /** The destination has it too. */
  matched: 1,
  /** The copy does not bring it: older than `maxVersionAgeDays`. */
  old: 2,
  /** Created or updated after the copy started: not missing yet. */
  late: 4,
  /** It says that it is attached to another version. */
  attachment: 8,
} as const;

/** One package of the source. */
export class PackageIndex {
  readonly versions = new VersionTable();
  /** Version number of each tag; a tag is taken out when the destination turns out to have it right. */
  readonly tags = new Map<string, number>();
  #flags = new Uint8Array(16);
  #bytes = new Float64Array(16);

  add(version: string, bytes: number, bits: number): number {
    const number = this.versions.add(version);
    if (number >= this.#flags.length) {
      const larger = new Uint8Array(this.#flags.length * 2);
      larger.set(this.#flags);
      this.#flags = larger;
      const sizes = new Float64Array(larger.length);
      sizes.set(this.#bytes);
      this.#bytes = sizes;
    }
    this.#flags[number] = bits;
    this.#bytes[number] = bytes;
    return number;
  }

  has(number: number, bit: number): boolean {
    return ((this.#flags[number] ?? 0) & bit) !== 0;
  }

  set(number: number, bit: number): void {
    this.#flags[number] = (this.#flags[number] ?? 0) | bit;
  }

  bytes(number: number): number {
    return this.#bytes[number] ?? 0;
  }
}

/** When a version counts as late or old; milliseconds since the epoch. */
export interface Times {
  /** Start of the copy. */
  readonly copyStart: number;
  /** What was last updated before this is not copied; `-Infinity` where all is. */
  readonly notBefore: number;
}

/** The whole source. */
export class SourceIndex {
  readonly packages = new Map<string, PackageIndex>();
  readonly #times: Times;
  readonly #held = { versions: 0, tags: 0, bytes: 0 };

  constructor(times: Times) {
    this.#times = times;
  }

  get held(): Counts {
    return this.#held;
  }

  /** Takes in a page of a listing. */
  addPage(page: readonly VersionFacts[]): void {
    for (const facts of page) {
      let index = this.packages.get(facts.package);
      if (!index) {
        index = new PackageIndex();
        this.packages.set(facts.package, index);
      }
      const { copyStart, notBefore } = this.#times;
      const newest = Math.max(facts.createTime, facts.updateTime);
      const bits =
        (newest < notBefore ? flags.old : 0) |
        (newest > copyStart ? flags.late : 0) |
        (facts.subject === undefined ? 0 : flags.attachment);
      const known = index.versions.size;
      const number = index.add(facts.version, facts.bytes, bits);
      // A version that two pages show, because something was pushed meanwhile, counts once.
      if (number === known) {
        this.#held.versions++;
        this.#held.bytes += facts.bytes;
      }
      for (const tag of facts.tags) {
        if (!index.tags.has(tag)) this.#held.tags++;
        index.tags.set(tag, number);
      }
    }
  }
}
