/**
 * Blobs: each is brought over once in a run, however many images share it. Small ones and large ones wait in lines
 * of their own, so that no layer of a gigabyte holds up a config of a kilobyte.
 */
import { type TransferOptions, transferBlob } from '../oci/blob.ts';
import { createGate } from '../oci/gate.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { OciRepository } from '../oci/repository.ts';
import type { Counts } from './progress.ts';

/** From this size on a blob is large: it is looked for before it is sent. */
const large = 1 << 20;
/** Small blobs on their way at once. */
const smallAtOnce = 32;
/** Bytes of large blobs on their way at once; a larger one goes alone. */
const bytesAtOnce = 1 << 30;
/** However small they are, so many streams at most: each holds a few hundred kilobytes. */
const streamsAtOnce = 8;

/** Brings blobs to one registry. */
export class Blobs {
  readonly #options: TransferOptions;
  readonly #counts: Counts;
  readonly #small = createGate(smallAtOnce);
  readonly #bytes = createGate(bytesAtOnce);
  readonly #streams = createGate(streamsAtOnce);
  /** Where a blob is at the destination, or will be. */
  readonly #homes = new Map<string, string | Promise<string>>();
  /** `PATH DIGEST` of what is there, or will be, in a repository beyond the first that has it. */
  readonly #others = new Map<string, Promise<void>>();
  /** `PATH DIGEST` of what could not be read from a repository of the source: it is not tried again for each image. */
  readonly #broken = new Map<string, unknown>();

  constructor(options: TransferOptions, counts: Counts) {
    this.#options = options;
    this.#counts = counts;
  }

  /** Sees that a repository has a blob. @throws OciError */
  async bring(source: OciRepository, destination: OciRepository, blob: Descriptor): Promise<void> {
    const { digest } = blob;
    const { path } = destination;
    const origin = `${source.path} ${digest}`;
    for (;;) {
      if (this.#broken.has(origin)) throw this.#broken.get(origin);
      const home = this.#homes.get(digest);
      if (home === undefined) {
        const work = this.#transfer(source, destination, blob).then(() => path);
        this.#homes.set(digest, work);
        try {
          await work;
          this.#homes.set(digest, path);
        } catch (error) {
          this.#homes.delete(digest);
          this.#broken.set(origin, error);
          throw error;
        }
        return;
      }
      let there: string;
      try {
        there = await home;
      } catch {
        // The first who tried has told; in another repository it may go better.
        continue;
      }
      if (there === path) return;
      const key = `${path} ${digest}`;
      let other = this.#others.get(key);
      if (!other) {
        other = this.#transfer(source, destination, blob, there);
        this.#others.set(key, other);
        other.catch(() => this.#others.delete(key));
      }
      return other;
    }
  }

  /** @param there a repository of the destination's registry that has it */
  async #transfer(
    source: OciRepository,
    destination: OciRepository,
    blob: Descriptor,
    there?: string,
  ): Promise<void> {
    const leave = await this.#enter(blob.size);
    const counts = this.#counts;
    counts.bytesWanted += blob.size;
    try {
      // Sent in vain it would cost more than the question; a small one is asked for by the request that begins it.
      const isThere =
        blob.size >= large && there === undefined && (await destination.blobSize(blob.digest)) === blob.size;
      const isNear = source.origin === destination.origin;
      const from = there ?? (isNear ? source.path : destination.path);
      const done = isThere ? 'there' : await transferBlob(source, destination, blob, from, this.#options);
      if (done === 'sent') counts.sent++;
      else {
        counts.there++;
        counts.bytesWanted -= blob.size;
      }
    } catch (error) {
      counts.bytesWanted -= blob.size;
      throw error;
    } finally {
      leave();
    }
  }

  async #enter(size: number): Promise<() => void> {
    if (size < large) return this.#small.enter();
    const leaveStream = await this.#streams.enter();
    const leaveBytes = await this.#bytes.enter(size);
    return () => {
      leaveBytes();
      leaveStream();
    };
  }
}
