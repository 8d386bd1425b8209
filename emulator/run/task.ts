/** One task of an execution: a process, started again while it fails and retries are left. */
import type { Clock } from '../clock.ts';
import { rpcCodes } from '../errors.ts';
import type { Pace } from './pace.ts';
import { type Ended, type Program, startProgram } from './process.ts';
import type { Status } from './resource.ts';

/** Seconds between the signal that asks a container to end and the one that makes it. */
const grace = 10;

/** How an attempt ended. Without a status it was a success. */
export interface AttemptResult {
  readonly exitCode?: number;
  readonly status?: Status;
}

/** What a task needs of its execution. */
export interface TaskSettings {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly maxRetries: number;
  /** Milliseconds that an attempt may take. */
  readonly timeout: number;
  /** The program of an attempt. */
  readonly program: (task: number, attempt: number) => Program;
  /** Fires when the task is to end early. */
  readonly signal: AbortSignal;
  /** Fires, after that, when there is no more time for it to end by itself. */
  readonly kill: AbortSignal;
}

/** A task. Times are milliseconds since the epoch. */
export class Task {
  readonly index: number;
  state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled' = 'waiting';
  startTime: number | undefined;
  completionTime: number | undefined;
  retried = 0;
  result: AttemptResult | undefined;

  constructor(index: number) {
    this.index = index;
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.state !== 'waiting' && this.state !== 'running';
  }

  /** Runs it to its end; never rejects. */
  async run(settings: TaskSettings): Promise<void> {
    const { clock, pace, maxRetries, signal } = settings;
    if (signal.aborted) return this.#end(clock, 'cancelled');
    this.state = 'running';
    this.startTime = clock.now();
    const release = pace.hold();
    try {
      for (let attempt = 0; ; attempt++) {
        this.retried = attempt;
        this.result = await runAttempt(settings.program(this.index, attempt), settings);
        if (this.result.status === undefined) return this.#end(clock, 'succeeded');
        if (signal.aborted) return this.#end(clock, 'cancelled');
        if (attempt >= maxRetries) return this.#end(clock, 'failed');
      }
    } finally {
      release();
    }
  }

  #end(clock: Clock, state: 'succeeded' | 'failed' | 'cancelled'): void {
    this.state = state;
    this.completionTime = clock.now();
  }
}

async function runAttempt(program: Program, settings: TaskSettings): Promise<AttemptResult> {
  const { clock, timeout, signal, kill } = settings;
  const over = new AbortController();
  const running = startProgram(program);
  try {
    const first = await Promise.race([
      running.ended,
      wait(clock, timeout, over.signal).then(() => 'late' as const),
      fired(signal, over.signal).then(() => 'cancelled' as const),
    ]);
    if (typeof first !== 'string') return resultOf(first);
    running.kill('SIGTERM');
    await Promise.race([running.ended, wait(clock, grace * 1000, over.signal), fired(kill, over.signal)]);
    running.kill('SIGKILL');
    await running.ended;
    return first === 'late'
      ? { status: { code: rpcCodes.DEADLINE_EXCEEDED, message: 'The configured timeout was reached.' } }
      : { status: { code: rpcCodes.CANCELLED, message: 'The task was cancelled.' } };
  } finally {
    over.abort();
  }
}

function resultOf({ exitCode, signal, error }: Ended): AttemptResult {
  if (exitCode === 0) return {};
  const code = rpcCodes.ABORTED;
  if (exitCode !== undefined)
    return { exitCode, status: { code, message: 'The container exited with an error.' } };
  // Without a clean exit there is no exit code.
  const message = error ?? `Container terminated on signal ${signal ?? 'unknown'}.`;
  return { status: { code, message } };
}

/** Waits on the clock, in a fiber of its own; for ever once it is over. */
async function wait(clock: Clock, milliseconds: number, over: AbortSignal): Promise<void> {
  const fiber = clock.fiber();
  await fiber
    .sleep(milliseconds, over)
    .finally(() => fiber.end())
    .catch(() => new Promise<void>(() => {}));
}

function fired(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
