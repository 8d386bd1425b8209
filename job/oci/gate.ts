/** How many may do something at once: so many requests, so many bytes. First come, first served. */

/** Lets in as much as fits. */
export interface Gate {
  /**
   * Waits for a place.
   *
   * @param weight how much of the gate it takes; more than the gate has is all of it
   * @returns gives the place back; calling it twice does no harm
   */
  enter(weight?: number): Promise<() => void>;
  /** The other side has had too much: half as many for a while. It grows back with every one who leaves. */
  narrow(): void;
}

/** Narrowings within so many milliseconds are answers to one and the same rush. */
const sameRush = 500;

/** Makes a gate. @param capacity in whatever the weights are in, above 0 */
export function createGate(capacity: number, now: () => number = Date.now): Gate {
  let limit = capacity;
  let taken = 0;
  let narrowedAt = Number.NEGATIVE_INFINITY;
  const queue: { weight: number; start: () => void }[] = [];
  let head = 0;

  const fits = (weight: number) => taken === 0 || taken + weight <= limit;
  const advance = () => {
    for (let next = queue[head]; next && fits(next.weight); next = queue[head]) {
      taken += next.weight;
      head++;
      next.start();
    }
    // Taken off in portions: one at a time would move all the others each time.
    if (head > 1000 || head === queue.length) {
      queue.splice(0, head);
      head = 0;
    }
  };
  const leaver = (weight: number) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      taken -= weight;
      limit = Math.min(capacity, limit + capacity / (4 * limit));
      advance();
    };
  };
  return {
    enter(asked = 1) {
      const weight = Math.min(asked, capacity);
      if (head === queue.length && fits(weight)) {
        taken += weight;
        return Promise.resolve(leaver(weight));
      }
      return new Promise((resolve) => queue.push({ weight, start: () => resolve(leaver(weight)) }));
    },
    narrow() {
      if (now() - narrowedAt < sameRush) return;
      narrowedAt = now();
      limit = Math.max(1, limit / 2);
    },
  };
}
