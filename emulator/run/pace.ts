/**
 * How real processes and the emulator's clock get along. A process lives by the wall: it can neither be hurried nor
 * told that time was skipped. So while one runs, a clock that skips idle time doesn't skip: it goes at the wall's
 * pace, or at a multiple of it, so that a test can have a program run for 40 minutes of the clock in half a second.
 * What waits on the clock meanwhile (a poll, a delayed answer, a task's timeout) wakes in its turn.
 *
 * A clock that is only moved by hand stays under the hand: it can't get ahead of a running process, and a process
 * goes on while it stands still. The wall clock goes by itself and needs no pace.
 */
import { type Clock, SleepCancelled } from '../clock.ts';

/** Milliseconds of the wall between two steps of the clock. */
const tick = 5;

/** Lets the clock go with the wall while something runs. */
export class Pace {
  readonly #clock: Clock;
  readonly #speed: number;
  #held = 0;
  #stop = new AbortController();

  /** @param speed milliseconds of the clock for each of the wall */
  constructor(clock: Clock, speed: number) {
    this.#clock = clock;
    this.#speed = speed;
  }

  /** Something runs from now on. @returns a function that says that it is over; calling it twice does no harm */
  hold(): () => void {
    if (this.#held++ === 0) {
      this.#stop = new AbortController();
      // Made at once, so that not a moment is skipped before the first step.
      void this.#keep(this.#clock.fiber(), this.#stop.signal);
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#held === 0) this.#stop.abort();
    };
  }

  async #keep(fiber: ReturnType<Clock['fiber']>, signal: AbortSignal): Promise<void> {
    const [wall, start] = [performance.now(), this.#clock.now()];
    try {
      while (!signal.aborted) {
        await pause(signal);
        const ahead = start + (performance.now() - wall) * this.#speed - this.#clock.now();
        if (ahead > 0) await fiber.sleep(ahead, signal);
      }
    } catch (error) {
      if (!(error instanceof SleepCancelled)) throw error;
    } finally {
      fiber.end();
    }
  }
}

/** One tick of the wall, or until the signal. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, tick);
    signal.addEventListener('abort', end, { once: true });
  });
}
