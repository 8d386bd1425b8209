/**
 * The emulator's time. Everything that waits or stamps a time asks a clock, so that a test can drive twelve
 * hours of polling in milliseconds and a demo can run faster than the wall.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Rejects a sleep that was cut short. */
export class SleepCancelled extends Error {
  override name = 'SleepCancelled';
}

/** A source of time that can be waited on. All times are milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /**
   * Announces one line of work, such as a branch of an execution. A clock that skips idle time does so only
   * while every fiber sleeps or idles.
   */
  fiber(): Fiber;
  /**
   * Calls back after a time. Nobody waits for it: a clock that skips idle time does not skip it for an alarm's sake,
   * but rings on its way past.
   *
   * @returns a function that takes it back; calling it twice does no harm
   */
  alarm(milliseconds: number, ring: () => void): () => void;
  /** Lets go of timers, so that a process can end. */
  close(): void;
}

/** One line of work on a clock. */
export interface Fiber {
  /** Waits; rejects with {@link SleepCancelled} when the signal fires first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Waits for something that other fibers bring about: time may be skipped meanwhile. */
  idle<T>(work: Promise<T>): Promise<T>;
  /**
   * Waits for work done on its behalf, such as the answering of a request: while a fiber within it sleeps,
   * this one counts as asleep too, otherwise as busy.
   */
  lend<T>(work: () => Promise<T>): Promise<T>;
  /** The work is over. Calling it twice does no harm. */
  end(): void;
}

/** The wall clock, or `speed` times as fast from the moment it was made. */
export function realClock(speed = 1): Clock {
  const start = Date.now();
  const timers = new Set<() => void>();
  const now = () => start + (Date.now() - start) * speed;
  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(new SleepCancelled());
      const cancel = () => {
        finish();
        reject(new SleepCancelled());
      };
      const finish = () => {
        clearTimeout(timer);
        timers.delete(cancel);
        signal?.removeEventListener('abort', cancel);
      };
      const wake = now() + milliseconds;
      // A timer holds at most 2^31 - 1 ms; a sleep of a month needs several.
      const arm = (): NodeJS.Timeout =>
        setTimeout(
          () => {
            if (now() < wake) timer = arm();
            else {
              finish();
              resolve();
            }
          },
          Math.min(2 ** 31 - 1, Math.max(0, Math.ceil((wake - now()) / speed))),
        );
      let timer = arm();
      timers.add(cancel);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  return {
    now,
    fiber: () => ({ sleep, idle: (work) => work, lend: (work) => work(), end: () => {} }),
    alarm: (milliseconds, ring) => {
      const stop = new AbortController();
      sleep(milliseconds, stop.signal).then(ring, () => {});
      return () => stop.abort();
    },
    close: () => {
      for (const cancel of [...timers]) cancel();
    },
  };
}

interface Sleeper {
  wake: number;
  order: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** A fiber that waits for work on its behalf, how many fibers within it sleep, and whether it still waits. */
interface Loan {
  open: boolean;
  asleep: number;
}

/** A clock that stands still until it is driven. */
export interface DrivenClock extends Clock {
  /** Moves time forward, waking sleepers in order and letting what they start settle in between. */
  advance(milliseconds: number): Promise<void>;
}

/**
 * A clock for tests. With `auto`, idle time is skipped: once every fiber sleeps or idles, time jumps to the
 * next wake-up. Without, only {@link DrivenClock.advance} moves it.
 */
export function drivenClock({
  start = Date.UTC(2026, 0, 1),
  auto = false,
}: {
  start?: number;
  auto?: boolean;
} = {}): DrivenClock {
  let time = start;
  let order = 0;
  let busy = 0;
  let jump: NodeJS.Immediate | undefined;
  const sleepers = new Set<Sleeper>();
  const alarms = new Set<Sleeper>();
  const loans = new AsyncLocalStorage<Loan>();

  const next = () => {
    let first: Sleeper | undefined;
    for (const waiting of [sleepers, alarms])
      for (const one of waiting)
        if (!first || one.wake < first.wake || (one.wake === first.wake && one.order < first.order))
          first = one;
    return first;
  };
  const wake = (sleeper: Sleeper) => {
    sleepers.delete(sleeper);
    alarms.delete(sleeper);
    time = Math.max(time, sleeper.wake);
    sleeper.resolve();
  };
  const settle = () => {
    if (!auto || busy > 0 || sleepers.size === 0 || jump) return;
    // Later, so that work that ends one fiber and begins another in the same tick is seen whole.
    jump = setImmediate(() => {
      jump = undefined;
      const first = busy > 0 || sleepers.size === 0 ? undefined : next();
      if (!first) return;
      const isAlarm = alarms.has(first);
      wake(first);
      // An alarm keeps nobody busy by itself: what waited for time goes on waiting.
      if (isAlarm) settle();
    });
  };

  return {
    now: () => time,
    fiber() {
      let ended = false;
      busy++;
      const pause = () => {
        if (!ended) busy--;
        settle();
      };
      const resume = () => {
        if (!ended) busy++;
      };
      return {
        sleep: (milliseconds, signal) =>
          new Promise<void>((resolve, reject) => {
            if (signal?.aborted) return reject(new SleepCancelled());
            const cancel = () => {
              sleepers.delete(sleeper);
              sleeper.reject(new SleepCancelled());
            };
            const loan = loans.getStore();
            const finish = () => {
              signal?.removeEventListener('abort', cancel);
              if (loan && --loan.asleep === 0 && loan.open) busy++;
              resume();
            };
            const sleeper: Sleeper = {
              wake: time + Math.max(0, milliseconds),
              order: order++,
              resolve: () => {
                finish();
                resolve();
              },
              reject: (error) => {
                finish();
                reject(error);
              },
            };
            signal?.addEventListener('abort', cancel, { once: true });
            sleepers.add(sleeper);
            if (loan && loan.asleep++ === 0 && loan.open) busy--;
            pause();
          }),
        idle: async (work) => {
          pause();
          try {
            return await work;
          } finally {
            resume();
          }
        },
        lend: async (work) => {
          const loan: Loan = { open: true, asleep: 0 };
          try {
            return await loans.run(loan, work);
          } finally {
            loan.open = false;
            if (loan.asleep > 0) busy++;
          }
        },
        end: () => {
          if (ended) return;
          ended = true;
          busy--;
          settle();
        },
      };
    },
    alarm(milliseconds, ring) {
      const sleeper: Sleeper = {
        wake: time + Math.max(0, milliseconds),
        order: order++,
        resolve: ring,
        reject: () => {},
      };
      alarms.add(sleeper);
      return () => {
        alarms.delete(sleeper);
      };
    },
    async advance(milliseconds) {
      const until = time + milliseconds;
      for (;;) {
        // Work that was woken may take several turns of the loop before it sleeps again.
        for (let turn = 0; turn < 20 || busy > 0; turn++)
          await new Promise((resolve) => setImmediate(resolve));
        const first = next();
        if (!first || first.wake > until) break;
        wake(first);
      }
      time = until;
    },
    close() {
      if (jump) clearImmediate(jump);
      alarms.clear();
      for (const one of [...sleepers]) {
        sleepers.delete(one);
        one.reject(new SleepCancelled());
      }
    },
  };
}
