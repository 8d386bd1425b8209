/** What all packages of a copy share: what is asked for, the counts, the failures, and the end of it all. */
import { OciError } from '../oci/oci-error.ts';
import { RegistryError } from '../registry/registry.ts';
import type { Blobs } from './blobs.ts';
import { type Failed, failuresKept } from './outcome.ts';
import type { Progress } from './progress.ts';
import type { ReferrersLists } from './referrers-tag.ts';
import type { EngineRequest } from './request.ts';

/** So many images in a row that found a side out of reach, and none that got through: it is down. */
const unreachableAtMost = 3;

/** One copy to one destination. */
export class Run {
  readonly request: EngineRequest;
  readonly progress: Progress;
  readonly blobs: Blobs;
  readonly failures: Failed[] = [];
  readonly referrersLists: ReferrersLists = {};
  /** What stopped it. */
  fatal: Error | undefined;
  readonly #stop: (reason: Error) => void;
  readonly #onFailure: (failed: Failed) => void;
  #unreachable = 0;

  /** @param stop breaks off every request that is under way */
  constructor(
    request: EngineRequest,
    progress: Progress,
    blobs: Blobs,
    stop: (reason: Error) => void,
    onFailure: (failed: Failed) => void,
  ) {
    this.request = request;
    this.progress = progress;
    this.blobs = blobs;
    this.#stop = stop;
    this.#onFailure = onFailure;
  }

  /** An image is settled without a failure. */
  settle(as: 'copied' | 'equal' | 'left'): void {
    this.#unreachable = 0;
    this.progress.counts[as]++;
    this.progress.counts.settled++;
  }

  /**
   * Something could not be copied. What befalls all the others too stops them.
   *
   * @param what `team/app:1.0`
   */
  fail(what: string, error: unknown): void {
    // What was broken off because of another failure says nothing of itself.
    if (this.fatal !== undefined) return;
    if (!(error instanceof RegistryError)) {
      this.stop(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.progress.counts.failed++;
    const failed = { what, why: error.message };
    if (this.failures.length < failuresKept) this.failures.push(failed);
    this.#onFailure(failed);
    this.#unreachable = error.kind === 'unavailable' ? this.#unreachable + 1 : 0;
    const reachesAll = error instanceof OciError && error.reach === 'run';
    if (reachesAll || this.#unreachable >= unreachableAtMost) this.stop(error);
  }

  /** Ends everything. */
  stop(reason: Error): void {
    if (this.fatal !== undefined) return;
    this.fatal = reason;
    this.#stop(reason);
  }
}
