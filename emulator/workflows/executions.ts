/** The executions of an emulator: started, queued, followed, cancelled. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import type { Catalog } from './catalog.ts';
import { systemError } from './errors.ts';
import { Execution, type ExecutionRecord, isArgument } from './execution.ts';
import type { Limits } from './limits.ts';
import type { Fetch } from './network.ts';
import type { Store } from './store.ts';
import { type CallLogLevel, checkLabels, type HistoryLevel, parts } from './workflow.ts';

/** What a new execution is given. */
export interface NewExecution {
  /** JSON text. */
  readonly argument?: string;
  readonly callLogLevel?: CallLogLevel;
  readonly executionHistoryLevel?: HistoryLevel;
  readonly labels?: Record<string, string>;
}

/** What executions share. */
export interface ExecutionsOptions {
  readonly context: Context;
  readonly limits: Limits;
  readonly fetch: Fetch | undefined;
  readonly store: Store;
  readonly catalog: Catalog;
}

/** Executions. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #executions = new Map<string, Execution>();
  /** The same by workflow: lists of one are asked for again and again. */
  readonly #byWorkflow = new Map<string, Set<Execution>>();
  readonly #queue: { execution: Execution; start: () => void }[] = [];
  /** How many are active, by `projects/P/locations/L`. */
  readonly #active = new Map<string, number>();
  /** Runs an execution apart from the request that started it, whose fiber must not wait for it. */
  readonly #apart = AsyncLocalStorage.snapshot();
  #sequence = 0;

  constructor(options: ExecutionsOptions) {
    this.#options = options;
    for (const record of options.store.executions()) this.#restore(record);
  }

  /** What was active when the emulator stopped can't go on: its place in the definition is lost. */
  #restore(record: ExecutionRecord): void {
    const { store, context } = this.#options;
    const execution = new Execution(record);
    this.#sequence = Math.max(this.#sequence, record.sequence);
    this.#add(execution);
    if (execution.isOver) return;
    const error = systemError('SystemError', 'the emulator was stopped while the execution was active');
    record.state = 'FAILED';
    record.endTime = context.clock.now();
    record.error = error.toExecutionError();
    store.saveExecution(record);
  }

  /** The executions of all workflows, oldest first. */
  all(): Execution[] {
    return [...this.#executions.values()];
  }

  /** The executions of a workflow, oldest first. */
  list(workflow: string): Execution[] {
    return [...(this.#byWorkflow.get(workflow) ?? [])];
  }

  /** @throws GoogleError NOT_FOUND */
  get(name: string): Execution {
    const execution = this.#executions.get(name);
    if (!execution) throw new GoogleError('NOT_FOUND', `Execution ${name} was not found.`);
    return execution;
  }

  /**
   * Starts an execution of a workflow's latest revision.
   *
   * @param workflow `projects/P/locations/L/workflows/W`
   * @throws GoogleError NOT_FOUND, INVALID_ARGUMENT
   */
  start(
    workflow: string,
    { argument, callLogLevel, executionHistoryLevel, labels }: NewExecution = {},
  ): Execution {
    const { catalog, context, limits } = this.#options;
    const { revisionId, ...own } = catalog.get(workflow);
    if (argument !== undefined && Buffer.byteLength(argument) > limits.argument)
      throw new GoogleError('INVALID_ARGUMENT', `The argument has more than ${limits.argument} bytes.`);
    if (argument !== undefined && !isArgument(argument))
      throw new GoogleError('INVALID_ARGUMENT', 'The argument must be a JSON value as a string.');
    if (labels) checkLabels(labels);
    const level = callLogLevel ?? own.callLogLevel;
    const history = executionHistoryLevel ?? own.executionHistoryLevel;
    const merged = { ...own.labels, ...labels };
    const execution = new Execution({
      name: `${workflow}/executions/${randomUUID()}`,
      sequence: ++this.#sequence,
      state: 'QUEUED',
      createTime: context.clock.now(),
      ...(argument !== undefined && { argument }),
      workflowRevisionId: revisionId,
      ...(level && { callLogLevel: level }),
      ...(history && { executionHistoryLevel: history }),
      ...(Object.keys(merged).length > 0 && { labels: merged }),
    });
    this.#add(execution);
    this.#enqueue(execution, workflow, own.userEnvVars ?? {}, own.serviceAccount);
    return execution;
  }

  #add(execution: Execution): void {
    const { name } = execution.record;
    const workflow = workflowOf(name);
    this.#executions.set(name, execution);
    this.#byWorkflow.set(workflow, (this.#byWorkflow.get(workflow) ?? new Set()).add(execution));
  }

  #enqueue(
    execution: Execution,
    workflow: string,
    userEnvVars: Record<string, string>,
    serviceAccount: string,
  ): void {
    const { catalog, context, limits, fetch, store } = this.#options;
    const surroundings = {
      context,
      limits,
      fetch,
      definition: catalog.definition(workflow),
      userEnvVars,
      serviceAccount,
    };
    const where = parentOf(execution);
    const start = () => {
      this.#active.set(where, (this.#active.get(where) ?? 0) + 1);
      this.#apart(() =>
        execution.start(surroundings, () => {
          this.#active.set(where, (this.#active.get(where) ?? 1) - 1);
          if (this.#executions.has(execution.record.name)) store.saveExecution(execution.record);
          this.#next();
        }),
      );
      store.saveExecution(execution.record);
    };
    this.#queue.push({ execution, start });
    this.#next();
    if (execution.record.state === 'QUEUED') store.saveExecution(execution.record);
  }

  /** Starts what waits, as far as the number of active executions of its project and location lets it. */
  #next(): void {
    for (const waiting of [...this.#queue]) {
      const active = this.#active.get(parentOf(waiting.execution)) ?? 0;
      if (active >= this.#options.limits.activeExecutions) continue;
      this.#queue.splice(this.#queue.indexOf(waiting), 1);
      waiting.start();
    }
  }

  /** Cancels an execution, and waits until it has ended. @throws GoogleError NOT_FOUND, FAILED_PRECONDITION when it is over */
  async cancel(name: string): Promise<Execution> {
    const execution = this.get(name);
    if (execution.isOver)
      throw new GoogleError(
        'FAILED_PRECONDITION',
        `Execution ${name} has already finished: ${execution.record.state}.`,
      );
    await this.#stop(execution);
    return execution;
  }

  async #stop(execution: Execution): Promise<void> {
    const waiting = this.#queue.findIndex((one) => one.execution === execution);
    if (waiting < 0) return execution.cancel();
    this.#queue.splice(waiting, 1);
    const { context, store } = this.#options;
    execution.drop(context.clock.now());
    store.saveExecution(execution.record);
  }

  /** Cancels and forgets all executions of a workflow. */
  async deleteAll(workflow: string): Promise<void> {
    for (const execution of this.list(workflow)) {
      if (!execution.isOver) await this.#stop(execution);
      this.#executions.delete(execution.record.name);
      this.#byWorkflow.get(workflow)?.delete(execution);
      this.#options.store.removeExecution(execution.record.name);
    }
  }
}

/** The workflow of an execution, by the execution's name. */
export function workflowOf(execution: string): string {
  return execution.slice(0, execution.lastIndexOf('/executions/'));
}

function parentOf({ record }: Execution): string {
  const { project, location } = parts(record.name);
  return `projects/${project}/locations/${location}`;
}
