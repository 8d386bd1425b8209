/** Cloud Scheduler of one emulator: its jobs, and the alarms by which they fire. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Kept } from '../kept.ts';
import { applyMask } from '../rest.ts';
import { attempt } from './attempt.ts';
import { checkJob, type Job, nextDue, settable } from './job.ts';

/** Jobs by name. */
export class Scheduler {
  readonly #context: Context;
  readonly #jobs: Kept<Job>;
  readonly #alarms = new Map<string, () => void>();
  /** Fires apart from the request that set the alarm. */
  readonly #apart = AsyncLocalStorage.snapshot();

  constructor(context: Context) {
    this.#context = context;
    this.#jobs = new Kept(join(context.dataDir, 'scheduler.json'));
    for (const [name] of this.#jobs.entries()) this.#arm(name);
  }

  /** All jobs of `projects/P/locations/L`. */
  list(parent: string): Job[] {
    return this.#jobs.below(`${parent}/jobs/`);
  }

  /** @throws GoogleError NOT_FOUND */
  get(name: string): Job {
    const job = this.#jobs.get(name);
    if (!job) throw new GoogleError('NOT_FOUND', 'Job not found.');
    return job;
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS */
  create(parent: string, fields: Record<string, unknown>): Job {
    const name = typeof fields.name === 'string' ? fields.name : '';
    if (!name.startsWith(`${parent}/jobs/`) || !/^[A-Za-z0-9_-]{1,500}$/.test(name.slice(parent.length + 6)))
      throw new GoogleError('INVALID_ARGUMENT', `Invalid job name '${name}'.`);
    if (this.#jobs.get(name)) throw new GoogleError('ALREADY_EXISTS', `Job ${name} already exists.`);
    const given = applyMask({}, fields, undefined, settable);
    return this.#keep({ timeZone: 'Etc/UTC', ...given, name, state: 'ENABLED' } as unknown as Job);
  }

  /** Changes what the mask names, and nothing beside it. @throws GoogleError NOT_FOUND, INVALID_ARGUMENT */
  update(name: string, fields: Record<string, unknown>, mask: string | null): Job {
    return this.#keep(applyMask(this.get(name), fields, mask, settable));
  }

  /** @throws GoogleError NOT_FOUND */
  setState(name: string, state: Job['state']): Job {
    return this.#keep({ ...this.get(name), state });
  }

  /** @throws GoogleError NOT_FOUND */
  delete(name: string): void {
    this.get(name);
    this.#jobs.delete(name);
    this.#arm(name);
  }

  /** Fires at once, whatever the schedule says. @throws GoogleError NOT_FOUND */
  run(name: string): Job {
    const job = this.get(name);
    this.#fire(name);
    return job;
  }

  #keep(job: Job): Job {
    checkJob(job);
    const { now } = this.#context.clock;
    this.#jobs.set(job.name, { ...job, userUpdateTime: new Date(now()).toISOString() });
    this.#arm(job.name);
    return this.get(job.name);
  }

  /** Sets the alarm for the next time a job is due, if it is. */
  #arm(name: string): void {
    this.#alarms.get(name)?.();
    this.#alarms.delete(name);
    const job = this.#jobs.get(name);
    if (!job) return;
    const { clock } = this.#context;
    const due = job.state === 'ENABLED' ? nextDue(job, clock.now()) : undefined;
    const { scheduleTime: _, ...rest } = job;
    const next = due === undefined ? {} : { scheduleTime: new Date(due).toISOString() };
    this.#jobs.set(name, { ...rest, ...next } as Job);
    if (due === undefined) return;
    const ring = () => {
      this.#fire(name);
      this.#arm(name);
    };
    this.#alarms.set(
      name,
      clock.alarm(due - clock.now(), () => this.#apart(ring)),
    );
  }

  #fire(name: string): void {
    const job = this.#jobs.get(name);
    if (!job) return;
    void attempt(job, this.#context, (status) => {
      const now = this.#jobs.get(name);
      const lastAttemptTime = new Date(this.#context.clock.now()).toISOString();
      if (now) this.#jobs.set(name, { ...now, lastAttemptTime, status });
    }).catch((error: unknown) => {
      // A clock that was closed ends the pause between two attempts.
      if ((error as Error).name !== 'SleepCancelled') console.error(error);
    });
  }
}
