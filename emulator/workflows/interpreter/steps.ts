/** Runs lists of steps and the steps in them. */
import { SleepCancelled } from '../../clock.ts';
import { isConnector } from '../callable.ts';
import type { Action, Call, Data, Jump, JumpTarget, Place, Step, StepList } from '../definition.ts';
import { Cancelled, raised, typeError } from '../errors.ts';
import { chain, type Soon } from '../expression/evaluate.ts';
import { library } from '../stdlib/index.ts';
import { type Dict, isDict, typeOf, type Value } from '../value.ts';
import { logged } from './call-log.ts';
import { evaluateAll, evaluateData } from './data.ts';
import { exceptionOf, type Frame } from './frame.ts';
import type { StepEntry, StepType } from './history.ts';
import { runFor } from './loop.ts';
import { runParallel } from './parallel.ts';
import type { Scope } from './scope.ts';
import { runTry } from './try.ts';

/** How steps end when they don't just go on to the next one. */
export type Completion =
  | { readonly kind: 'goto'; readonly target: JumpTarget }
  | { readonly kind: 'end' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Value };

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Runs a list of steps from its first one.
 *
 * @returns undefined when the end of the list was reached
 */
export async function runList(
  list: StepList,
  frame: Frame,
  scope: Scope,
  parent: StepEntry | undefined,
): Promise<Completion | undefined> {
  let previous: StepEntry | undefined;
  for (let index = 0; index < list.steps.length; ) {
    const step = list.steps[index] as Step;
    if (frame.machine.count()) await turn();
    frame.step = step;
    frame.thread.at(frame.routine, step);
    const entry = frame.machine.history.begin(
      typeOfStep(step.action, frame),
      { routine: frame.routine, step: step.name, thread: frame.thread.id },
      parent,
      previous,
    );
    frame.entry = entry;
    frame.thread.entry = entry;
    previous = entry;
    let done: Completion | undefined;
    try {
      const soon = runAction(step.action, frame, scope, entry);
      done = soon instanceof Promise ? await soon : soon;
    } catch (error) {
      const meant = error instanceof SleepCancelled ? new Cancelled() : error;
      frame.machine.history.end(entry, exceptionOf(meant), scope);
      throw meant;
    }
    frame.machine.history.end(entry, undefined, scope);
    done ??= step.next && completionOf(step.next);
    if (!done) index++;
    else if (done.kind === 'goto' && done.target.list === list) index = done.target.index;
    else return done;
  }
  return undefined;
}

/** What a `next` does. */
function completionOf(jump: Jump): Completion {
  if (jump.kind !== 'step') return { kind: jump.kind };
  if (!jump.target) throw new Error(`next ${jump.name} was not linked`);
  return { kind: 'goto', target: jump.target };
}

function typeOfStep(action: Action, frame: Frame): StepType {
  switch (action.kind) {
    case 'assign':
      return 'STEP_ASSIGN';
    case 'call':
      return frame.machine.definition.routines.has(action.function)
        ? 'STEP_SUBWORKFLOW_CALL'
        : isConnector(action.function)
          ? 'STEP_CONNECTOR_CALL'
          : library.has(action.function)
            ? 'STEP_STD_LIB_CALL'
            : 'STEP_CALL';
    case 'switch':
      return 'STEP_SWITCH';
    case 'for':
      return 'STEP_FOR';
    case 'parallel':
      return action.work.kind === 'for' ? 'STEP_PARALLEL_FOR' : 'STEP_PARALLEL_BRANCH';
    case 'try':
      return 'STEP_TRY_RETRY_EXCEPT';
    case 'raise':
      return 'STEP_RAISE';
    case 'return':
      return 'STEP_RETURN';
    // A group of steps and a bare jump have no type of their own in the API.
    case 'steps':
    case 'none':
      return 'STEP_GOTO';
  }
}

/** Does what a step does. */
function runAction(
  action: Action,
  frame: Frame,
  scope: Scope,
  entry: StepEntry,
): Soon<Completion | undefined> {
  switch (action.kind) {
    case 'assign':
      return runAssign(action.assignments, 0, scope);
    case 'call':
      return runCall(action, frame, scope, entry);
    case 'switch':
      return runSwitch(action, frame, scope, entry);
    case 'for':
      return runFor(action, frame, scope, entry);
    case 'parallel':
      return runParallel(action, frame, scope, entry);
    case 'try':
      return runTry(action, frame, scope, entry);
    case 'raise':
      return chain(evaluateData(action.value, scope), (value) => {
        throw raised(value);
      });
    case 'return':
      return chain(evaluateData(action.value, scope), (value) => ({ kind: 'return' as const, value }));
    case 'steps':
      return runList(action.body, frame, scope, entry);
    case 'none':
      return undefined;
  }
}

function runAssign(
  assignments: readonly { readonly to: Place; readonly value: Data }[],
  from: number,
  scope: Scope,
): Soon<undefined> {
  for (let index = from; index < assignments.length; index++) {
    const { to, value } = assignments[index] as (typeof assignments)[number];
    const soon = chain(evaluateData(value, scope), (made) => put(to, made, scope));
    if (soon instanceof Promise) return soon.then(() => runAssign(assignments, index + 1, scope));
  }
  return undefined;
}

/** Puts a value where an assignment or result goes. */
function put({ name, path }: Place, value: Value, scope: Scope): Soon<undefined> {
  if (path.length === 0) {
    scope.assign(name, value);
    return undefined;
  }
  return evaluateAll(path, scope, (keys) => {
    scope.assignPath(name, keys, value);
    return undefined;
  });
}

function runCall(call: Call, frame: Frame, scope: Scope, entry: StepEntry): Soon<undefined> {
  const { isDetailed } = frame.machine.outside;
  return chain(argumentsOf(call, scope), (args) => {
    if (isDetailed) entry.input = args;
    return chain(
      logged(frame.thread, call.function, args, () => frame.callNamed(call.function, args)),
      (value) => {
        if (isDetailed) entry.output = value;
        return call.result ? put(call.result, value, scope) : undefined;
      },
    );
  });
}

function argumentsOf(call: Call, scope: Scope): Soon<Dict> {
  if (call.argsCode)
    return chain(call.argsCode.evaluate(scope), (args) => {
      if (isDict(args)) return args;
      throw typeError(`args must be a map; got: ${typeOf(args)}`);
    });
  const { args } = call;
  const made = new Map<string, Value>();
  const from = (start: number): Soon<Dict> => {
    for (let index = start; index < args.length; index++) {
      const { name, value } = args[index] as (typeof args)[number];
      const soon = evaluateData(value, scope);
      if (soon instanceof Promise)
        return soon.then((one) => {
          made.set(name, one);
          return from(index + 1);
        });
      made.set(name, soon);
    }
    return made;
  };
  return from(0);
}

async function runSwitch(
  { conditions }: Extract<Action, { kind: 'switch' }>,
  frame: Frame,
  scope: Scope,
  entry: StepEntry,
): Promise<Completion | undefined> {
  const { step } = frame;
  for (const [index, condition] of conditions.entries()) {
    const soon = evaluateData(condition.when, scope);
    const holds = soon instanceof Promise ? await soon : soon;
    if (typeof holds !== 'boolean') throw typeError(`a condition must be a boolean; got: ${typeOf(holds)}`);
    if (!holds) continue;
    const { history } = frame.machine;
    const inner = history.begin(
      'STEP_CONDITION',
      { routine: frame.routine, step: step?.name ?? '', thread: frame.thread.id },
      entry,
      undefined,
      { type: 'PROGRESS_TYPE_SWITCH', number: index + 1, expected: conditions.length },
    );
    try {
      const done = await runAction(condition.action, frame, scope, inner);
      history.end(inner);
      return done ?? (condition.next && completionOf(condition.next));
    } catch (error) {
      history.end(inner, exceptionOf(error));
      throw error;
    }
  }
  return undefined;
}
