/** A call of a routine: its scope's expressions call functions through it, and errors pass it on their way up. */

import { SleepCancelled } from '../../clock.ts';
import { callable } from '../callable.ts';
import type { Routine, Step } from '../definition.ts';
import { Cancelled, payloadText, systemError, typeError, WorkflowError } from '../errors.ts';
import type { Soon } from '../expression/evaluate.ts';
import { named, positional } from '../stdlib/library.ts';
import { type Dict, FunctionValue, type Value } from '../value.ts';
import type { StepEntry } from './history.ts';
import type { Machine, Thread } from './machine.ts';
import { type Functions, Scope } from './scope.ts';
import { runList } from './steps.ts';

/** One call of a routine, or a branch within it. */
export class Frame implements Functions {
  readonly machine: Machine;
  readonly thread: Thread;
  readonly routine: string;
  readonly depth: number;
  /** The step at work. */
  step: Step | undefined;
  /** The entry of the step at work, under which a call puts its own. */
  entry: StepEntry | undefined;

  constructor(thread: Thread, routine: string, depth: number) {
    this.machine = thread.machine;
    this.thread = thread;
    this.routine = routine;
    this.depth = depth;
  }

  get evaluatesAll(): boolean {
    return this.machine.outside.evaluatesAll;
  }

  /** Calls with arguments by position, from an expression. */
  call(name: string, args: Value[]): Soon<Value> {
    const routine = this.machine.definition.routines.get(name);
    if (routine) {
      if (args.length > routine.params.length)
        throw typeError(`${name}: takes ${routine.params.length} arguments at most; got ${args.length}`);
      return callRoutine(
        this,
        routine,
        new Map(args.map((value, index) => [routine.params[index]?.name ?? '', value])),
      );
    }
    const found = callable(name);
    if (!found) throw unknown(name);
    return found.run(positional(found, args), this.thread.host);
  }

  reference(name: string): Value | undefined {
    return this.machine.definition.routines.has(name) ? new FunctionValue(name) : undefined;
  }

  /** Calls with arguments by name, from a call step. */
  callNamed(name: string, args: Dict): Soon<Value> {
    const routine = this.machine.definition.routines.get(name);
    if (routine) return callRoutine(this, routine, args);
    const found = callable(name);
    if (!found) throw unknown(name);
    return found.run(named(found, args), this.thread.host);
  }

  /** Adds this frame to the stack of an error that leaves it. */
  leave(error: unknown): unknown {
    if (error instanceof SleepCancelled) return new Cancelled();
    if (error instanceof WorkflowError && this.step)
      error.frames.push({ step: this.step.name, routine: this.routine, position: this.step.at });
    return error;
  }
}

function unknown(name: string): WorkflowError {
  return typeError(`'${name}' is not a function`);
}

/**
 * Calls a routine.
 *
 * @throws WorkflowError what it raised, TypeError on wrong arguments, RecursionError
 */
async function callRoutine(caller: Frame, routine: Routine, args: Dict): Promise<Value> {
  const { machine, thread } = caller;
  if (caller.depth >= machine.limits.callDepth)
    throw systemError('RecursionError', `more than ${machine.limits.callDepth} calls within each other`);
  const { current, entry } = thread;
  const value = await runRoutine(
    new Frame(thread, routine.name, caller.depth + 1),
    routine,
    args,
    caller.entry,
  );
  // The caller's step is at work again; after an error the step that failed stays the last one.
  thread.current = current;
  thread.entry = entry;
  return value;
}

/** Runs a routine in a frame. */
export async function runRoutine(
  frame: Frame,
  routine: Routine,
  args: Dict,
  parent: StepEntry | undefined,
): Promise<Value> {
  for (const key of args.keys())
    if (!routine.params.some(({ name }) => name === key))
      throw typeError(`${routine.name}: unknown argument '${key}'`);
  const scope = Scope.routine(frame.machine.memory, frame);
  for (const { name, fallback } of routine.params) {
    // Null is a value: an argument that is given as null does not fall back.
    const value = args.has(name) ? args.get(name) : fallback;
    if (value === undefined) throw typeError(`${routine.name}: missing argument '${name}'`);
    scope.declare(name, value);
  }
  try {
    const done = await runList(routine.steps, frame, scope, parent);
    return done?.kind === 'return' ? done.value : null;
  } catch (error) {
    throw frame.leave(error);
  } finally {
    scope.end();
  }
}

/** What an entry shows of an error. */
export function exceptionOf(error: unknown): string {
  if (error instanceof WorkflowError) return payloadText(error.payload);
  return '"cancelled"';
}
