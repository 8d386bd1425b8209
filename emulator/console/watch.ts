/**
 * Follows one execution for the page: how often each box was reached and how that ended, kept up to date with each
 * event, and a version that tells a page that it has missed something.
 */
import type { Jobs } from '../run/jobs.ts';
import type { Execution, ExecutionEvent } from '../workflows/execution.ts';
import type { StepEntry } from '../workflows/interpreter/history.ts';
import { familyOf } from './ancestry.ts';
import { Boxes } from './boxes.ts';
import { Destinations } from './destinations.ts';
import { JobLogs } from './job-logs.ts';
import type { Logged } from './logged.ts';

/** How often a box was reached, and how that ended. */
export interface Tally {
  running: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  /** How many of these were retries of a try block. */
  retries: number;
}

/** How an entry stands. A step that was cancelled failed with nothing that a workflow raised. */
export type EntryState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export function stateOf({ state, exception }: StepEntry): EntryState {
  if (state === 'STATE_IN_PROGRESS') return 'running';
  if (state === 'STATE_SUCCEEDED') return 'succeeded';
  return exception === '"cancelled"' ? 'cancelled' : 'failed';
}

const none = (): Tally => ({ running: 0, succeeded: 0, failed: 0, cancelled: 0, retries: 0 });

const watches = new WeakMap<Execution, Watch>();

/** One execution, followed from the first time that somebody looks at it. */
export class Watch {
  readonly execution: Execution;
  readonly destinations = new Destinations();
  /** What the workflow and its jobs logged, in the order in which it came. */
  readonly logs: Logged[];
  /** Grows with each event. */
  version = 1;
  readonly #boxes = new Boxes();
  readonly #tallies = new Map<string, Tally & { changed: number }>();
  readonly #running = new Set<number>();
  readonly #jobLogs: JobLogs;
  readonly #waiting = new Set<() => void>();

  private constructor(execution: Execution, jobs: Jobs) {
    this.execution = execution;
    for (const entry of execution.entries) this.#step(entry);
    // Entries that are there come at once and belong between the workflow's; later ones come as they are written.
    let isLive = false;
    this.logs = [...execution.logs];
    this.#jobLogs = new JobLogs(jobs, execution.id, (entry) => {
      this.logs.push(entry);
      if (isLive) this.#news(() => this.#log(entry));
    });
    isLive = true;
    this.logs.sort((one, other) => one.timestamp - other.timestamp);
    for (const log of this.logs) this.#log(log);
    if (execution.isOver) this.#end();
    else execution.follow((event) => this.#see(event));
  }

  static of(execution: Execution, jobs: Jobs): Watch {
    let watch = watches.get(execution);
    if (!watch) {
      watch = new Watch(execution, jobs);
      watches.set(execution, watch);
    }
    return watch;
  }

  #see(event: ExecutionEvent): void {
    this.#news(() => {
      if (event.kind === 'step') this.#step(event.entry);
      else if (event.kind === 'log') {
        this.logs.push(event.entry);
        this.#log(event.entry);
      } else if (this.execution.isOver) this.#end();
    });
  }

  #news(take: () => void): void {
    this.version++;
    take();
    for (const wake of this.#waiting) wake();
  }

  #log(log: Logged): void {
    this.destinations.see(log, this.execution.entries, this.version);
  }

  #end(): void {
    this.destinations.end(this.execution, this.version);
    this.#jobLogs.end();
  }

  #step(entry: StepEntry): void {
    const key = this.boxOf(entry);
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { ...none(), changed: 0 };
      this.#tallies.set(key, tally);
    }
    tally.changed = this.version;
    const state = stateOf(entry);
    if (this.#running.delete(entry.id)) tally.running--;
    else if (entry.type === 'STEP_RETRY') tally.retries++;
    tally[state]++;
    if (state === 'running') this.#running.add(entry.id);
  }

  /** The key of an entry's box. */
  boxOf(entry: StepEntry): string {
    return this.#boxes.of(entry, this.execution.entries);
  }

  /** The boxes that changed after a version, all of them after 0. */
  boxes(since: number): [string, Tally][] {
    return [...this.#tallies]
      .filter(([, { changed }]) => changed > since)
      .map(([key, { changed: _, ...tally }]) => [key, tally]);
  }

  /**
   * The boxes as one iteration, branch or call has them: what lies below its like elsewhere is left out, and all that
   * lies beside it stays.
   */
  boxesWithin(scope: StepEntry): [string, Tally][] {
    const { entries } = this.execution;
    const box = this.boxOf(scope);
    const alike = familyOf(entries, (entry) => this.boxOf(entry) === box);
    const within = familyOf(entries, ({ id }) => id === scope.id);
    const tallies = new Map<string, Tally>();
    for (const entry of entries) {
      const key = this.boxOf(entry);
      let tally = tallies.get(key);
      if (!tally) {
        tally = none();
        tallies.set(key, tally);
      }
      if (alike[entry.id] && !within[entry.id]) continue;
      tally[stateOf(entry)]++;
      if (entry.type === 'STEP_RETRY') tally.retries++;
    }
    return [...tallies];
  }

  /** Waits until there is something newer than a version, no longer than the given milliseconds of the wall clock. */
  async news(since: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.version > since || this.execution.isOver) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      // A page that waits keeps no emulator from ending.
      const timer = setTimeout(done, milliseconds).unref();
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
