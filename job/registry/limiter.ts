/**
 * Holds a process below its share of the quota. One limiter serves all clients of a process, since the quota is
 * the project's and knows no clients.
 *
 * Each quota is a bucket that says when its next request may go (the generic cell rate algorithm): requests go out
 * evenly, with room for a tenth of a second at once, never a minute's worth in a burst. All buckets run on one time
 * that stands still while the service asks us to wait, and runs slower after it has turned us away, so that those
 * who already have a place in the line keep their distance from one another.
 */
import type { Clock } from './clock.ts';

/** Requests that may be sent in a minute. Every request counts as one of `requests` too. */
export interface Limits {
  readonly requests: number;
  readonly writes: number;
  readonly deletes: number;
}

/** A tenth of what Artifact Registry gives a project in a region, so that pulls in production are not starved. */
export const defaultLimits: Limits = { requests: 6000, writes: 1800, deletes: 1800 };

/** What a request counts as. */
export type RequestKind = 'read' | 'write' | 'delete';

/** Lets requests through at a rate. */
export interface Limiter {
  /**
   * Waits for a request's turn.
   *
   * @param items how many the service may count it as: a batch is charged by item
   */
  acquire(kind: RequestKind, items?: number): Promise<void>;
  /**
   * The service has said 429: everybody waits, and is slower for a while.
   *
   * @param wait milliseconds that it asked for
   */
  turnedAway(wait?: number): void;
}

/** Milliseconds' worth of requests that may go at once. */
const burst = 100;
/** The slowest that a 429 makes us. */
const slowest = 1 / 64;
/** How much of the full pace comes back in a second. */
const recovery = 0.05;
/** 429s within so many milliseconds are answers to one and the same rush. */
const sameRush = 500;

class Bucket {
  readonly #interval: number;
  readonly #tolerance: number;
  #next = 0;

  constructor(perMinute: number) {
    this.#interval = 60_000 / perMinute;
    this.#tolerance = Math.max(0, burst - this.#interval);
  }

  /** Takes a place. @returns the time at which it is due */
  take(now: number, items: number): number {
    const due = this.#next - this.#tolerance;
    this.#next = Math.max(this.#next, now) + items * this.#interval;
    return due;
  }
}

/** Makes a limiter. @throws RangeError for a limit that would let nothing through */
export function createLimiter(limits: Limits, clock: Clock): Limiter {
  for (const [name, limit] of Object.entries(limits))
    if (!(limit > 0)) throw new RangeError(`limits.${name} is ${limit}; it must be above 0`);
  const requests = new Bucket(limits.requests);
  const special = { write: new Bucket(limits.writes), delete: new Bucket(limits.deletes) };
  const pace = createPace(clock);
  return {
    async acquire(kind, items = 1) {
      const now = pace.now();
      const due = Math.max(
        requests.take(now, items),
        kind === 'read' ? Number.NEGATIVE_INFINITY : special[kind].take(now, items),
      );
      // Waits again where the time stood still or slowed down meanwhile.
      for (let wait = pace.until(due); wait > 0; wait = pace.until(due)) await clock.sleep(wait);
    },
    turnedAway: pace.slowDown,
  };
}

/** The time that the buckets run on. */
function createPace(clock: Clock) {
  let real = clock.now();
  let own = 0;
  let speed = 1;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let slowedAt = Number.NEGATIVE_INFINITY;

  const now = () => {
    const present = clock.now();
    const from = Math.max(real, pausedUntil);
    if (present > from) {
      const passed = present - from;
      // The mean of the speed before and after: it comes back evenly.
      const after = Math.min(1, speed + (recovery * passed) / 1000);
      own += (passed * (speed + after)) / 2;
      speed = after;
    }
    real = Math.max(real, present);
    return own;
  };
  return {
    now,
    /** Real milliseconds until a time on this clock, if nothing comes in between. */
    until(due: number): number {
      const left = due - now();
      if (left <= 0) return 0;
      // Never less than a millisecond: rounding must not make this spin.
      return Math.max(1, Math.ceil(Math.max(0, pausedUntil - real) + left / speed));
    },
    slowDown(wait = 0): void {
      now();
      pausedUntil = Math.max(pausedUntil, real + wait);
      if (real - slowedAt < sameRush) return;
      slowedAt = real;
      speed = Math.max(slowest, speed / 2);
    },
  };
}
