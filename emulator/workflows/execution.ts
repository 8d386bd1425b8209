/** An execution: its record, and how it runs. */

import { setMaxListeners } from 'node:events';
import type { Context } from '../context.ts';
import { GoogleError } from '../errors.ts';
import { tokenOf } from '../iam/caller.ts';
import { projectNumber } from '../projects/number.ts';
import { Callbacks } from './callbacks.ts';
import type { Definition } from './definition.ts';
import { Cancelled, type ExecutionError, limitError, systemError, WorkflowError } from './errors.ts';
import { Frame, runRoutine } from './interpreter/frame.ts';
import type { StepEntry } from './interpreter/history.ts';
import { type LogEntry, Machine } from './interpreter/machine.ts';
import { NotJson, parseJson, stringifyJson } from './json.ts';
import type { Limits } from './limits.ts';
import { type Fetch, send } from './network.ts';
import type { Value } from './value.ts';
import { type CallLogLevel, type HistoryLevel, parts, timestamp } from './workflow.ts';

/** `Execution.State`, in the order of its numbers. */
export const executionStates = [
  'STATE_UNSPECIFIED',
  'ACTIVE',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'UNAVAILABLE',
  'QUEUED',
] as const;
/** The state of an execution. */
type ExecutionState = (typeof executionStates)[number];

/** What is kept of an execution. Times are milliseconds since the epoch. */
export interface ExecutionRecord {
  readonly name: string;
  /** Position among all executions, by their creation. */
  readonly sequence: number;
  state: ExecutionState;
  readonly createTime: number;
  startTime?: number;
  endTime?: number;
  /** JSON text. */
  readonly argument?: string;
  /** JSON text. */
  result?: string;
  error?: ExecutionError;
  readonly workflowRevisionId: string;
  readonly callLogLevel?: CallLogLevel;
  readonly executionHistoryLevel?: HistoryLevel;
  readonly labels?: Record<string, string>;
  currentSteps?: { routine: string; step: string }[];
}

/** `google.cloud.workflows.executions.v1.Execution`, as JSON. */
export type ExecutionResource = Omit<
  ExecutionRecord,
  'sequence' | 'createTime' | 'startTime' | 'endTime' | 'currentSteps'
> & {
  createTime: string;
  startTime?: string;
  endTime?: string;
  /** Seconds, as `12.345s`. */
  duration?: string;
  status?: { currentSteps: { routine: string; step: string }[] };
};

/** What happens in an execution, for those who follow it. */
export type ExecutionEvent =
  | { readonly kind: 'step'; readonly entry: StepEntry }
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'state'; readonly execution: ExecutionResource };

/** What an execution needs of its workflow and emulator. */
export interface Surroundings {
  readonly context: Context;
  readonly limits: Limits;
  readonly fetch: Fetch | undefined;
  readonly definition: Definition;
  readonly userEnvVars: Record<string, string>;
  /** Whom it acts as, `projects/P/serviceAccounts/EMAIL`. */
  readonly serviceAccount: string;
}

/** An execution. One that was read from disk has no history. */
export class Execution {
  readonly record: ExecutionRecord;
  readonly logs: LogEntry[] = [];
  readonly callbacks: Callbacks;
  readonly #controller = new AbortController();
  readonly #followers = new Set<(event: ExecutionEvent) => void>();
  #machine: Machine | undefined;
  #forgotten = false;
  /** Settles when it has ended. */
  readonly over: Promise<void>;
  #settle: () => void = () => {};

  constructor(record: ExecutionRecord) {
    this.record = record;
    this.callbacks = new Callbacks(record.name);
    this.over = new Promise((resolve) => {
      this.#settle = resolve;
    });
    // Each request in flight listens, and there may be as many as there are branches.
    setMaxListeners(0, this.#controller.signal);
  }

  /** Its step entries, oldest first; empty when it was read from disk. */
  get entries(): readonly StepEntry[] {
    return this.#forgotten ? [] : (this.#machine?.history.entries ?? []);
  }

  /** Deletes its step entries. @throws GoogleError FAILED_PRECONDITION while it runs */
  forget(): void {
    if (!this.isOver)
      throw new GoogleError('FAILED_PRECONDITION', `Execution ${this.record.name} has not finished.`);
    this.#forgotten = true;
  }

  /** Whether it has ended. */
  /** The last part of its name. */
  get id(): string {
    return this.record.name.slice(this.record.name.lastIndexOf('/') + 1);
  }

  get isOver(): boolean {
    return this.record.state !== 'ACTIVE' && this.record.state !== 'QUEUED';
  }

  /** Bytes that its variables take now. */
  get memory(): number {
    return this.#machine?.memory.used ?? 0;
  }

  /** Calls back for each step, log entry and change of state. @returns a function that ends it */
  follow(follower: (event: ExecutionEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  #tell(event: ExecutionEvent): void {
    for (const follower of this.#followers) follower(event);
  }

  /** As the API shows it. */
  toResource(): ExecutionResource {
    const { sequence: _, createTime, startTime, endTime, currentSteps, ...rest } = this.record;
    const steps = this.isOver ? currentSteps : this.#machine?.current();
    return {
      ...rest,
      createTime: timestamp(createTime),
      ...(startTime !== undefined && { startTime: timestamp(startTime) }),
      ...(endTime !== undefined && { endTime: timestamp(endTime) }),
      ...(startTime !== undefined &&
        endTime !== undefined && { duration: `${Number(((endTime - startTime) / 1000).toFixed(9))}s` }),
      ...(steps && steps.length > 0 && { status: { currentSteps: steps } }),
    };
  }

  /** Starts it; `ended` is called when it is over. */
  start(surroundings: Surroundings, ended: () => void): void {
    const { clock } = surroundings.context;
    this.record.state = 'ACTIVE';
    this.record.startTime = clock.now();
    const machine = this.#machineIn(surroundings);
    this.#machine = machine;
    // Made at once, so that a clock that skips idle time sees the execution from its first moment.
    const thread = machine.thread(0);
    this.#tell({ kind: 'state', execution: this.toResource() });
    void this.#run(machine, thread)
      .then((result) => this.#end(clock.now(), { state: 'SUCCEEDED', result }))
      .catch((error: unknown) => {
        // A clock that was closed ends all sleeps: the emulator stops, and the execution stays as it is.
        if (error instanceof Cancelled && !this.#controller.signal.aborted) return;
        this.#end(clock.now(), failure(error));
      })
      .finally(() => {
        thread.end();
        ended();
        this.#settle();
      });
  }

  /** Asks it to stop: in the middle of a sleep or call, otherwise before its next step. */
  async cancel(): Promise<void> {
    this.#controller.abort();
    await this.over;
  }

  /** Ends one that never started. */
  drop(now: number): void {
    this.#end(now, failure(new Cancelled()));
    this.#settle();
  }

  #end(now: number, outcome: Partial<ExecutionRecord>): void {
    Object.assign(this.record, outcome, { endTime: now });
    this.callbacks.close();
    const steps = this.#machine?.current();
    if (steps) this.record.currentSteps = steps;
    this.#tell({ kind: 'state', execution: this.toResource() });
  }

  #machineIn({ context, limits, fetch, definition, userEnvVars, serviceAccount }: Surroundings): Machine {
    const account = serviceAccount.slice(serviceAccount.lastIndexOf('/') + 1);
    const { record } = this;
    const { project, location, workflow } = parts(record.name);
    const env = new Map([
      ...Object.entries(userEnvVars),
      ['GOOGLE_CLOUD_PROJECT_ID', project],
      ['GOOGLE_CLOUD_PROJECT_NUMBER', projectNumber(project)],
      ['GOOGLE_CLOUD_LOCATION', location],
      ['GOOGLE_CLOUD_SERVICE_ACCOUNT_NAME', serviceAccount],
      ['GOOGLE_CLOUD_WORKFLOW_ID', workflow],
      ['GOOGLE_CLOUD_WORKFLOW_REVISION_ID', record.workflowRevisionId],
      ['GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID', this.id],
      ['GOOGLE_CLOUD_WORKFLOW_EXECUTION_ATTEMPT', '1'],
    ]);
    return new Machine(definition, {
      clock: context.clock,
      limits,
      evaluatesAll: context.behavior.operands === 'all',
      signal: this.#controller.signal,
      callbacks: this.callbacks,
      callLogLevel: record.callLogLevel,
      isDetailed: record.executionHistoryLevel === 'EXECUTION_HISTORY_DETAILED',
      env: (name) => env.get(name),
      log: (entry) => {
        if (context.iam && !context.iam.has(account, 'logging.logEntries.create', `projects/${project}`))
          throw systemError(
            'AuthError',
            `Permission 'logging.logEntries.create' denied on resource 'projects/${project}' (or it may not exist).`,
          );
        const stamped = { timestamp: context.clock.now(), ...entry };
        this.logs.push(stamped);
        this.#tell({ kind: 'log', entry: stamped });
      },
      send: (request, timeout, fiber, signal) => {
        // A token names who bears it; what is sent without one stays without.
        if (request.headers.get('authorization')?.endsWith('emulated-access-token'))
          request.headers.set('authorization', `Bearer ${tokenOf(account)}`);
        return send(context, fetch, request, timeout, fiber, signal);
      },
      step: (entry) => {
        if (this.#followers.size > 0) this.#tell({ kind: 'step', entry });
      },
    });
  }

  async #run(machine: Machine, thread: ReturnType<Machine['thread']>): Promise<string> {
    const { main } = machine.definition;
    const argument: Value = this.record.argument === undefined ? null : parseJson(this.record.argument);
    // A workflow without a parameter ignores its argument.
    const args = new Map(main.params.map(({ name }) => [name, argument]));
    const frame = new Frame(thread, 'main', 1);
    const result = await runRoutine(frame, main, args, undefined);
    return resultText(result, machine.limits);
  }
}

function resultText(result: Value, limits: Limits): string {
  let text: string;
  try {
    text = stringifyJson(result);
  } catch (error) {
    if (error instanceof NotJson) throw systemError('TypeError', `the result ${error.message}`);
    throw error;
  }
  if (Buffer.byteLength(text) > limits.memory)
    throw limitError(`the result has more than ${limits.memory} bytes`);
  return text;
}

function failure(error: unknown): Partial<ExecutionRecord> {
  if (error instanceof WorkflowError) return { state: 'FAILED', error: error.toExecutionError() };
  if (error instanceof Cancelled) {
    const message = 'Execution was cancelled.';
    return {
      state: 'CANCELLED',
      error: { payload: JSON.stringify({ message }), context: message, stackTrace: { elements: [] } },
    };
  }
  // A fault of the emulator's own: told to whoever runs it, and to the workflow by its tag alone.
  console.error(error);
  return {
    state: 'FAILED',
    error: systemError('SystemError', 'internal error of the emulator').toExecutionError(),
  };
}

/** Whether a text is a JSON value that an execution can take. */
export function isArgument(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
