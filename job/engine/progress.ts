/** How far a copy has come, as numbers, a line of text, and a bar. */
import { counted, duration, size, thousands } from '../print/quantity.ts';

/** Numbers of one run. */
export interface Counts {
  /** Images and other manifests that were found to be copied, or not to be. */
  found: number;
  /** Of those, how many are settled: copied, equal, left out or failed. */
  settled: number;
  /** Manifests that were put. */
  copied: number;
  /** Found to be equal already. */
  equal: number;
  /** Left out by a filter. */
  left: number;
  failed: number;
  /** Tags that were created or moved. */
  tags: number;
  /** Tags that are on another manifest at the destination and were left there. */
  kept: number;
  /** Blobs that were sent, and that were there, or could be taken over within the destination. */
  sent: number;
  there: number;
  /** Bytes of blobs: passed on, and wanted so far. */
  bytes: number;
  bytesWanted: number;
}

/** Counts, and tells. */
export class Progress {
  readonly counts: Counts = {
    found: 0,
    settled: 0,
    copied: 0,
    equal: 0,
    left: 0,
    failed: 0,
    tags: 0,
    kept: 0,
    sent: 0,
    there: 0,
    bytes: 0,
    bytesWanted: 0,
  };
  /** Everything has been found. */
  isListed = false;
  readonly #now: () => number;
  readonly #start: number;
  /** Moments and bytes of the last while, for the rate. */
  #samples: { at: number; bytes: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  get seconds(): number {
    return (this.#now() - this.#start) / 1000;
  }

  /** Bytes a second over the last half minute. */
  rate(): number {
    const sample = { at: this.#now(), bytes: this.counts.bytes };
    this.#samples = [...this.#samples.filter(({ at }) => at > sample.at - 30_000), sample];
    const first = this.#samples.length > 1 ? this.#samples[0] : { at: this.#start, bytes: 0 };
    const passed = sample.at - (first?.at ?? sample.at);
    return passed > 0 ? Math.max(0, (1000 * (sample.bytes - (first?.bytes ?? 0))) / passed) : 0;
  }

  /** Seconds that are left at this rate; undefined while that can't be known. */
  remaining(): number | undefined {
    const { found, settled, bytes, bytesWanted } = this.counts;
    const rate = this.rate();
    if (!this.isListed || settled === 0) return undefined;
    const images = (this.seconds * (found - settled)) / settled;
    return Math.max(images, rate > 0 ? (bytesWanted - bytes) / rate : 0);
  }

  /** `12 of 40 images, 80 blobs, 1.5 MB at 300 kB/s, 5 s left`. */
  line(): string {
    const { found, settled, sent, bytes, failed } = this.counts;
    const left = this.remaining();
    return [
      `${thousands(settled)} of ${thousands(found)}${this.isListed ? '' : '+'} images`,
      `${counted(sent, 'blob')}, ${size(bytes)} at ${size(Math.round(this.rate()))}/s`,
      ...(failed > 0 ? [`${thousands(failed)} failed`] : []),
      ...(left === undefined ? [] : [`${duration(Math.ceil(left))} left`]),
    ].join(', ');
  }

  /** The line with a bar before it, for a terminal. */
  bar(width = 20): string {
    const { found, settled } = this.counts;
    const filled = found === 0 ? 0 : Math.floor((width * settled) / found);
    return `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${this.line()}`;
  }
}
