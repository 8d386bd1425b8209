/** An execution of a job: its tasks, what they wrote, and what it comes to. */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import type { Clock } from '../clock.ts';
import { GoogleError, rpcCodes } from '../errors.ts';
import { tokenOf } from '../iam/caller.ts';
import { conditionsOf, outcomeOf } from './conditions.ts';
import { Log, type LogEntry } from './log.ts';
import type { Pace } from './pace.ts';
import type { Program } from './process.ts';
import {
  type ExecutionResource,
  type ExecutionTemplate,
  type TaskResource,
  timestamp,
  unlessZero,
} from './resource.ts';
import { Task } from './task.ts';

/** Processes of one execution that run at once, whatever its parallelism: this is one machine. */
const mostAtOnce = 16;

/** Milliseconds of `600s`. */
const milliseconds = (duration: string): number => Number.parseFloat(duration) * 1000;

/** What an execution needs of its emulator. */
export interface Surroundings {
  readonly clock: Clock;
  readonly pace: Pace;
  /** The program and its arguments, for the container that the job has. */
  readonly command: readonly string[];
  /** `HOST:PORT` of the emulator. */
  readonly host: string;
  /** Called with each line that is written. */
  readonly logged: (execution: Execution, entry: LogEntry) => void;
}

/** What an execution is of. */
export interface Definition {
  /** `projects/P/locations/L/jobs/J/executions/E` */
  readonly name: string;
  readonly creator: string;
  readonly template: ExecutionTemplate;
}

/** An execution. */
export class Execution {
  readonly name: string;
  readonly log: Log;
  readonly tasks: readonly Task[];
  /** Settles when it has ended. */
  readonly over: Promise<void>;
  readonly createTime: number;
  readonly #definition: Definition;
  readonly #surroundings: Surroundings;
  readonly #uid = randomUUID();
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  #completionTime: number | undefined;

  /** Starts it. */
  constructor(definition: Definition, surroundings: Surroundings) {
    this.name = definition.name;
    this.#definition = definition;
    this.#surroundings = surroundings;
    this.log = new Log((entry) => surroundings.logged(this, entry));
    this.createTime = surroundings.clock.now();
    const { taskCount = 1, parallelism = 0 } = definition.template;
    this.tasks = Array.from({ length: taskCount }, (_, index) => new Task(index));
    setMaxListeners(0, this.#stop.signal, this.#kill.signal);
    // Held from the first moment, so that a clock that skips idle time sees it.
    const release = surroundings.pace.hold();
    const concurrency = Math.min(parallelism || taskCount, taskCount, mostAtOnce);
    this.over = pMap(this.tasks, (task) => task.run(this.#taskSettings()), { concurrency })
      .then(() => {
        this.#completionTime = surroundings.clock.now();
      })
      .finally(release);
  }

  get isOver(): boolean {
    return this.#completionTime !== undefined;
  }

  /** What the operation of the run says: nothing yet, the end, or why it failed. */
  get operation(): { response?: true; error?: { code: number; message: string } } {
    if (!this.isOver) return {};
    const { state, message } = outcomeOf(this.id, this.tasks);
    if (state === 'succeeded') return { response: true };
    return { error: { code: state === 'cancelled' ? rpcCodes.CANCELLED : rpcCodes.ABORTED, message } };
  }

  /** The last part of its name. */
  get id(): string {
    return this.name.slice(this.name.lastIndexOf('/') + 1);
  }

  /** Whether it has been asked to end early. */
  get isCancelled(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Asks its tasks to end: with a signal, and ten seconds later with another. @throws GoogleError FAILED_PRECONDITION */
  cancel(): void {
    if (this.isOver)
      throw new GoogleError('FAILED_PRECONDITION', `Execution ${this.name} has already completed.`);
    this.#stop.abort();
  }

  /** Ends its processes at once, and waits for that. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#kill.abort();
    await this.over;
  }

  #taskSettings() {
    const { clock, pace } = this.#surroundings;
    const { maxRetries = 3, timeout = '600s' } = this.#definition.template.template;
    return {
      clock,
      pace,
      maxRetries,
      timeout: milliseconds(timeout),
      program: (task: number, attempt: number) => this.#program(task, attempt),
      signal: this.#stop.signal,
      kill: this.#kill.signal,
    };
  }

  #program(task: number, attempt: number): Program {
    const { clock, command, host } = this.#surroundings;
    const { containers, serviceAccount } = this.#definition.template.template;
    const [container] = containers;
    const { args = [], env = [] } = container ?? {};
    return {
      command: [...command, ...args],
      env: {
        ...Object.fromEntries(env.map(({ name, value = '' }) => [name, value])),
        CLOUD_RUN_JOB: this.name.split('/')[5] ?? '',
        CLOUD_RUN_EXECUTION: this.id,
        CLOUD_RUN_TASK_INDEX: String(task),
        CLOUD_RUN_TASK_COUNT: String(this.tasks.length),
        CLOUD_RUN_TASK_ATTEMPT: String(attempt),
        REPLICATOR_EMULATOR_HOST: host,
        ...(serviceAccount && { REPLICATOR_EMULATOR_TOKEN: tokenOf(serviceAccount) }),
      },
      onLine: (line, stream) =>
        this.log.add(clock.now(), line, { task: String(task), attempt: String(attempt), stream }),
    };
  }

  /** As the API shows it. */
  toResource(): ExecutionResource {
    const { labels, annotations, parallelism = 0, template } = this.#definition.template;
    const [, project, , location, , job = ''] = this.name.split('/');
    const count = (state: Task['state']) => this.tasks.filter((task) => task.state === state).length;
    const started = this.tasks.flatMap(({ startTime }) => startTime ?? []);
    const now = this.#completionTime ?? this.#surroundings.clock.now();
    return {
      name: this.name,
      uid: this.#uid,
      creator: this.#definition.creator,
      generation: '1',
      observedGeneration: '1',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      createTime: timestamp(this.createTime),
      ...(started.length > 0 && { startTime: timestamp(Math.min(...started)) }),
      ...(this.#completionTime !== undefined && { completionTime: timestamp(this.#completionTime) }),
      updateTime: timestamp(now),
      launchStage: 'GA',
      job,
      parallelism: parallelism || this.tasks.length,
      taskCount: this.tasks.length,
      template,
      ...(!this.isOver && { reconciling: true as const }),
      conditions: conditionsOf(this),
      ...unlessZero('runningCount', count('running')),
      ...unlessZero('succeededCount', count('succeeded')),
      ...unlessZero('failedCount', count('failed')),
      ...unlessZero('cancelledCount', count('cancelled')),
      ...unlessZero('retriedCount', this.tasks.filter(({ retried }) => retried > 0).length),
      logUri: `https://console.cloud.google.com/run/jobs/executions/details/${location}/${this.id}?project=${project}`,
      etag: Buffer.from(`${this.#uid}/${this.isOver}`).toString('base64'),
    };
  }

  /** Its tasks as the API shows them, by their index. */
  taskResources(): TaskResource[] {
    return this.tasks.map((task) => this.#taskResource(task));
  }

  #taskResource(task: Task): TaskResource {
    const execution = this.toResource();
    const { containers, maxRetries = 3, timeout = '600s', serviceAccount } = execution.template;
    const { startTime, completionTime, result } = task;
    const name = `${this.name}/tasks/${this.id}-task${task.index}`;
    return {
      name,
      uid: `${this.#uid}-${task.index}`,
      generation: '1',
      observedGeneration: '1',
      createTime: execution.createTime,
      ...(startTime !== undefined && { startTime: timestamp(startTime) }),
      ...(completionTime !== undefined && { completionTime: timestamp(completionTime) }),
      updateTime: timestamp(completionTime ?? startTime ?? this.createTime),
      job: execution.job,
      execution: this.id,
      containers,
      ...unlessZero('maxRetries', maxRetries),
      timeout,
      ...(serviceAccount !== undefined && { serviceAccount }),
      ...(!task.isOver && { reconciling: true as const }),
      conditions: conditionsOf({
        id: this.id,
        createTime: this.createTime,
        tasks: [task],
        isOver: task.isOver,
        isCancelled: this.isCancelled,
      }),
      ...unlessZero('index', task.index),
      ...unlessZero('retried', task.retried),
      ...(result && { lastAttemptResult: result }),
      logUri: execution.logUri,
      etag: Buffer.from(`${name}/${task.state}/${task.retried}`).toString('base64'),
    };
  }
}
