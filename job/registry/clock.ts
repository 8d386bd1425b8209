/** Time as the job's waiting sees it, so that a test can skip it. */

/** Tells the time and waits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits; nothing or less than nothing is no wait at all. */
  sleep(milliseconds: number): Promise<void>;
}

/** A timer holds at most this much. */
const longest = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: Date.now,
  async sleep(milliseconds) {
    for (let left = milliseconds; left > 0; left -= longest)
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, longest)));
  },
};
