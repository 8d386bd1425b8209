/** What runs one execution: its definition, budget, memory, history, and the lines of work in it. */
import { type Clock, type Fiber, SleepCancelled } from '../../clock.ts';
import type { Severity } from '../../logging/severity.ts';
import type { Callbacks } from '../callbacks.ts';
import type { Definition, Step } from '../definition.ts';
import { Cancelled, limitError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Host, LogPayload } from '../stdlib/library.ts';
import type { CallLogLevel } from '../workflow.ts';
import { History, type StepEntry } from './history.ts';
import { Memory } from './scope.ts';
import { Slots } from './slots.ts';

/** What the interpreter needs from outside. */
export interface Outside {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly callbacks: Callbacks;
  readonly callLogLevel: CallLogLevel | undefined;
  /** Whether step entries keep the variables that were in scope. */
  readonly isDetailed: boolean;
  /** Whether `and` and `or` evaluate both operands in any case. */
  readonly evaluatesAll: boolean;
  env(name: string): string | undefined;
  log(entry: Omit<LogEntry, 'timestamp'>): void;
  /** Sends a request; `signal` ends it. */
  send(request: Request, timeout: number, fiber: Fiber, signal: AbortSignal): Promise<Response>;
  /** Sees each step entry when it is made and when it ends. */
  step(entry: StepEntry): void;
}

/** Something that an execution logged. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Of `workflows.googleapis.com/…`: what the workflow itself logs, or its calls. */
  readonly log: 'executions' | 'engine_call';
  readonly severity: Severity;
  readonly payload: LogPayload;
  readonly routine: string;
  readonly step: string;
  /** The id of the step entry that wrote it. The API does not show it. */
  readonly entry?: number;
}

/** Steps between two turns of the event loop, so that a busy workflow lets others in and can be cancelled. */
const stepsPerTurn = 2_000;

/** One execution at work. */
export class Machine {
  readonly definition: Definition;
  readonly outside: Outside;
  readonly limits: Limits;
  readonly memory: Memory;
  readonly history: History;
  /** Branches and iterations that run at once, over all parallel steps. */
  readonly slots: Slots;
  readonly started: number;
  steps = 0;
  #threads = 0;
  /** Lines of work that aren't over. */
  readonly alive = new Set<Thread>();
  /** The step that was begun last. */
  last: { routine: string; step: string } | undefined;

  constructor(definition: Definition, outside: Outside) {
    this.definition = definition;
    this.outside = outside;
    this.limits = outside.limits;
    this.memory = new Memory(outside.limits);
    this.history = new History(() => outside.clock.now(), outside.step, outside.isDetailed);
    this.slots = new Slots(outside.limits.concurrency);
    this.started = outside.clock.now();
  }

  /**
   * Counts a step.
   *
   * @returns whether it is time to let the event loop turn
   * @throws Cancelled, WorkflowError ResourceLimitError
   */
  count(): boolean {
    if (this.outside.signal.aborted) throw new Cancelled();
    if (++this.steps > this.limits.steps)
      throw limitError(`the execution takes more than ${this.limits.steps} steps`);
    return this.steps % stepsPerTurn === 0;
  }

  /** Begins a line of work. */
  thread(parallelDepth: number): Thread {
    return new Thread(this, this.#threads++, parallelDepth);
  }

  /** Where the execution is: the steps of all lines of work that aren't waiting for others. */
  current(): { routine: string; step: string }[] {
    const now = [...this.alive].flatMap(({ waiting, current }) => (waiting || !current ? [] : [current]));
    return now.length > 0 ? now : this.last ? [this.last] : [];
  }
}

/** A line of work: the execution itself, or a branch of it. */
export class Thread {
  readonly machine: Machine;
  readonly id: number;
  readonly parallelDepth: number;
  readonly fiber: Fiber;
  readonly host: Host;
  /** Waits for branches of its own. */
  waiting = false;
  current: { routine: string; step: string } | undefined;
  /** The entry of that step. */
  entry: StepEntry | undefined;

  constructor(machine: Machine, id: number, parallelDepth: number) {
    const { outside } = machine;
    this.machine = machine;
    this.id = id;
    this.parallelDepth = parallelDepth;
    const fiber = outside.clock.fiber();
    this.fiber = fiber;
    this.host = {
      limits: machine.limits,
      now: () => outside.clock.now(),
      sleep: async (milliseconds, over) => {
        const left = machine.started + machine.limits.duration * 1000 - outside.clock.now();
        const signal = over ? AbortSignal.any([outside.signal, over]) : outside.signal;
        try {
          await fiber.sleep(Math.min(milliseconds, Math.max(0, left)), signal);
        } catch (error) {
          // What was waited for is there; anything else ends the execution.
          if (error instanceof SleepCancelled && over?.aborted && !outside.signal.aborted) return;
          throw error;
        }
        if (milliseconds > left)
          throw limitError(`the execution takes longer than ${machine.limits.duration} seconds`);
      },
      callbacks: outside.callbacks,
      env: (name) => outside.env(name),
      log: (severity, payload) =>
        outside.log({
          log: 'executions',
          severity,
          payload,
          routine: this.current?.routine ?? '',
          step: this.current?.step ?? '',
          ...(this.entry && { entry: this.entry.id }),
        }),
      fetch: (request, timeout) => outside.send(request, timeout, fiber, outside.signal),
    };
    machine.alive.add(this);
  }

  /** Notes where it is. */
  at(routine: string, step: Step): void {
    this.current = { routine, step: step.name };
    this.machine.last = this.current;
  }

  end(): void {
    this.machine.alive.delete(this);
    this.fiber.end();
  }
}
