/**
 * The Cloud Run jobs of an emulator and their executions, apart from how they are asked for. Jobs are kept on disk;
 * executions and what they wrote, in memory.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { Execution } from './execution.ts';
import type { LogEntry } from './log.ts';
import { type Overrides, override } from './overrides.ts';
import { Pace } from './pace.ts';
import {
  type ExecutionReference,
  type JobFields,
  type JobResource,
  timestamp,
  unlessZero,
} from './resource.ts';
import { type JobRecord, Store } from './store.ts';

/** The program of a job's container and its arguments; those of the job come after them. */
export type RunCommand = (job: JobResource) => readonly string[];

/** How an emulator runs jobs. */
export interface RunOptions {
  /** Left out: the job's program from the sources, whatever image the job names. */
  readonly command?: RunCommand | undefined;
  /**
   * Milliseconds of the clock for each of the wall while a job's process runs, on a clock that skips idle time.
   * Left out: 1.
   */
  readonly speed?: number | undefined;
}

/** `job/cli.ts` of the sources, run as every script of the project is. */
const sources: RunCommand = () => [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../job/cli.ts', import.meta.url)),
];

/** Who does everything here: nobody is asked for a name. */
const creator = 'emulator@example.com';

/** Called with each log entry of any execution. */
export type LogFollower = (execution: Execution, entry: LogEntry) => void;

/** Jobs. */
export class Jobs {
  readonly #context: Context;
  readonly #host: () => string;
  readonly #command: RunCommand;
  readonly #pace: Pace;
  readonly #store: Store;
  readonly #jobs = new Map<string, JobRecord>();
  /** By name, oldest first. */
  readonly #executions = new Map<string, Execution>();
  /** Those that run, the deleted ones among them: their processes may take a while to end. */
  readonly #running = new Set<Execution>();
  readonly #followers = new Set<LogFollower>();
  /** Starts an execution apart from the request that asked for it, whose fiber must not wait for it. */
  readonly #apart = AsyncLocalStorage.snapshot();

  /** @param host `HOST:PORT` of the emulator, known once it listens */
  constructor(context: Context, host: () => string, { command = sources, speed = 1 }: RunOptions = {}) {
    this.#context = context;
    this.#host = host;
    this.#command = command;
    this.#pace = new Pace(context.clock, speed);
    this.#store = new Store(join(context.dataDir, 'run'));
    for (const job of this.#store.jobs()) this.#jobs.set(job.name, job);
  }

  /** All jobs of a parent `projects/P/locations/L`, by name; a location `-` stands for all. */
  list(parent: string): JobResource[] {
    const [, project, , location] = parent.split('/');
    return [...this.#jobs.values()]
      .filter(({ name }) => {
        const [, oneProject, , oneLocation] = name.split('/');
        return oneProject === project && (location === '-' || oneLocation === location);
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((job) => this.#resource(job));
  }

  /** @throws GoogleError NOT_FOUND */
  get(name: string): JobResource {
    return this.#resource(this.#job(name));
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS */
  create(name: string, fields: JobFields, validateOnly = false): JobResource {
    const id = name.slice(name.lastIndexOf('/') + 1);
    if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id))
      throw new GoogleError(
        'INVALID_ARGUMENT',
        `Invalid job id '${id}': only lowercase letters, digits and hyphens; it begins with a letter, ends with a letter or digit, and is shorter than 64 characters.`,
      );
    if (this.#jobs.has(name)) throw new GoogleError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
    const now = this.#context.clock.now();
    const job = { name, uid: randomUUID(), generation: 1, createTime: now, updateTime: now, fields };
    if (!validateOnly) this.#keep(job);
    return this.#resource(job);
  }

  /** Puts other fields in the place of a job's own. @throws GoogleError NOT_FOUND, ABORTED */
  update(name: string, fields: JobFields, etag: string | undefined, validateOnly = false): JobResource {
    const old = this.#job(name);
    checkEtag(this.#resource(old), etag);
    const changed = {
      ...old,
      generation: old.generation + 1,
      updateTime: this.#context.clock.now(),
      fields,
    };
    if (!validateOnly) this.#keep(changed);
    return this.#resource(changed);
  }

  /** Forgets a job and its executions; those that run are ended. @throws GoogleError NOT_FOUND, ABORTED */
  delete(name: string, etag: string | undefined, validateOnly = false): JobResource {
    const resource = this.get(name);
    checkEtag(resource, etag);
    if (validateOnly) return resource;
    for (const execution of this.executions(name)) this.#forget(execution);
    this.#jobs.delete(name);
    this.#store.remove(name);
    return resource;
  }

  /** Starts an execution. @throws GoogleError NOT_FOUND, INVALID_ARGUMENT, ABORTED */
  run(name: string, overrides: Overrides, etag?: string): Execution {
    const resource = this.get(name);
    checkEtag(resource, etag);
    const definition = {
      name: `${name}/executions/${name.slice(name.lastIndexOf('/') + 1)}-${suffix()}`,
      creator,
      template: override(resource.template, overrides),
    };
    const surroundings = {
      clock: this.#context.clock,
      pace: this.#pace,
      command: this.#command(resource),
      host: this.#host(),
      logged: (...entry: Parameters<LogFollower>) => {
        for (const follower of this.#followers) follower(...entry);
      },
    };
    const execution = this.#apart(() => new Execution(definition, surroundings));
    this.#executions.set(execution.name, execution);
    this.#running.add(execution);
    void execution.over.then(() => this.#running.delete(execution));
    return execution;
  }

  /** The executions of all jobs, oldest first. */
  all(): Execution[] {
    return [...this.#executions.values()];
  }

  /** Calls back for each line that an execution of any job writes. @returns a function that ends it */
  follow(follower: LogFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** The executions of a job, newest first; a job `-` stands for all. */
  executions(job: string): Execution[] {
    const [, project, , location, , id] = job.split('/');
    return [...this.#executions.values()]
      .filter(({ name }) => {
        const [, oneProject, , oneLocation, , oneJob] = name.split('/');
        return oneProject === project && oneLocation === location && (id === '-' || id === oneJob);
      })
      .reverse();
  }

  /** @throws GoogleError NOT_FOUND */
  execution(name: string): Execution {
    const execution = this.#executions.get(name);
    if (!execution) throw new GoogleError('NOT_FOUND', `Resource '${name}' was not found.`);
    return execution;
  }

  /** Forgets an execution; one that runs is ended. @throws GoogleError NOT_FOUND */
  deleteExecution(name: string): Execution {
    const execution = this.execution(name);
    this.#forget(execution);
    return execution;
  }

  #forget(execution: Execution): void {
    if (!execution.isOver && !execution.isCancelled) execution.cancel();
    this.#executions.delete(execution.name);
  }

  /** Ends all processes, and waits for that. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((execution) => execution.stop()));
  }

  #job(name: string): JobRecord {
    const job = this.#jobs.get(name);
    if (!job) throw new GoogleError('NOT_FOUND', `Resource '${name}' was not found.`);
    return job;
  }

  #keep(job: JobRecord): void {
    this.#jobs.set(job.name, job);
    this.#store.save(job);
  }

  #resource({ name, uid, generation, createTime, updateTime, fields }: JobRecord): JobResource {
    const [newest, ...older] = this.executions(name);
    return {
      launchStage: 'GA',
      ...fields,
      name,
      uid,
      generation: String(generation),
      observedGeneration: String(generation),
      createTime: timestamp(createTime),
      updateTime: timestamp(updateTime),
      creator,
      lastModifier: creator,
      terminalCondition: {
        type: 'Ready',
        state: 'CONDITION_SUCCEEDED',
        lastTransitionTime: timestamp(updateTime),
      },
      ...unlessZero('executionCount', older.length + (newest ? 1 : 0)),
      ...(newest && { latestCreatedExecution: referenceTo(newest) }),
      etag: Buffer.from(`${uid}/${generation}`).toString('base64'),
    };
  }
}

function referenceTo(execution: Execution): ExecutionReference {
  const { createTime, completionTime, succeededCount, taskCount, cancelledCount } = execution.toResource();
  const status = !execution.isOver
    ? 'RUNNING'
    : succeededCount === taskCount
      ? 'SUCCEEDED'
      : cancelledCount
        ? 'CANCELLED'
        : 'FAILED';
  return {
    name: execution.id,
    createTime,
    ...(completionTime !== undefined && { completionTime }),
    completionStatus: `EXECUTION_${status}`,
  };
}

function checkEtag(resource: { etag: string }, given: string | undefined): void {
  if (given === undefined || given === '' || given === resource.etag) return;
  throw new GoogleError('ABORTED', 'The etag is not that of the current version: read the resource again.');
}

/** Five characters as Kubernetes has them: no vowels, so that no word comes about. */
function suffix(): string {
  const characters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => characters[randomInt(characters.length)]).join('');
}
