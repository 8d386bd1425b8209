/**
 * What a definition means: names, functions, arguments, jumps. The service refuses the same when a workflow is
 * deployed; what the documentation leaves open is refused too, so that what runs here is deployed there.
 */
import type { Action, Definition, Routine, Step, StepList } from '../definition.ts';
import { type Fault, type FaultCode, fault } from '../fault.ts';
import type { Position } from '../source/nodes.ts';
import { checkCall } from './calls.ts';
import { linkJumps } from './jumps.ts';
import { assigned, Names } from './names.ts';
import { checkCode, checkData } from './symbols.ts';

/** Collects faults with their place. */
export type Report = (code: FaultCode, at: Position, message: string) => void;

/** What a check is made in. */
export interface Checking {
  readonly definition: Definition;
  readonly names: Names;
  readonly report: Report;
}

/**
 * Checks a definition and links its jumps to their targets.
 *
 * @returns all that is wrong with it
 */
export function validate(definition: Definition): Fault[] {
  const faults: Fault[] = [];
  for (const routine of definition.routines.values()) new RoutineCheck(definition, routine, faults).run();
  return faults;
}

class RoutineCheck {
  readonly #definition: Definition;
  readonly #routine: Routine;
  readonly #faults: Fault[];
  readonly #seen = new Map<string, Position>();
  #step: string | undefined;

  constructor(definition: Definition, routine: Routine, faults: Fault[]) {
    this.#definition = definition;
    this.#routine = routine;
    this.#faults = faults;
  }

  run(): void {
    const { steps, params } = this.#routine;
    linkJumps(steps, (step, code, at, message) => {
      this.#step = step;
      this.#report(code, at, message);
    });
    const names = Names.routine(new Set([...params.map(({ name }) => name), ...assigned(steps)]));
    this.#list(steps, names);
  }

  readonly #report: Report = (code, at, message) => {
    this.#faults.push(fault(code, at, message, { workflow: this.#routine.name, step: this.#step }));
  };

  #list(list: StepList, names: Names): void {
    for (const step of list.steps) this.#one(step, names);
  }

  #one(step: Step, names: Names): void {
    const outer = this.#step;
    this.#step = step.name;
    if (!step.inline) this.#unique(step.name, step.at);
    this.#action(step.action, { definition: this.#definition, names, report: this.#report });
    this.#step = outer;
  }

  #unique(name: string, at: Position): void {
    const first = this.#seen.get(name);
    if (first)
      this.#report('duplicate', at, `duplicate step name '${name}' (the first is in line ${first.line})`);
    else this.#seen.set(name, at);
  }

  #action(action: Action, checking: Checking): void {
    const { names, report } = checking;
    switch (action.kind) {
      case 'assign':
        for (const { to, value } of action.assignments) {
          checkData(value, checking, 'assignment');
          for (const code of to.path) checkCode(code, checking, 'assignment target');
          names.write(to.name, to.at, report, to.path.length > 0);
        }
        return;
      case 'call':
        checkCall(action, checking);
        if (action.result) {
          for (const code of action.result.path) checkCode(code, checking, 'result');
          names.write(action.result.name, action.result.at, report, action.result.path.length > 0);
        }
        return;
      case 'switch':
        for (const { when, action: inner } of action.conditions) {
          checkData(when, checking, 'condition');
          this.#action(inner, checking);
        }
        return;
      case 'for':
        checkData(action.over.kind === 'in' ? action.over.list : action.over.ends, checking, 'loop');
        this.#list(action.body, names.block(assigned(action.body), loopVariables(action)));
        return;
      case 'parallel':
        this.#parallel(action, checking);
        return;
      case 'try':
        this.#try(action, checking);
        return;
      case 'raise':
        checkData(action.value, checking, 'raised value');
        return;
      case 'return':
        checkData(action.value, checking, 'return value');
        return;
      case 'steps':
        this.#list(action.body, names);
        return;
      case 'none':
        return;
    }
  }

  #parallel(action: Extract<Action, { kind: 'parallel' }>, checking: Checking): void {
    const { names, report } = checking;
    if (action.concurrency) checkData(action.concurrency, checking, 'concurrency_limit');
    for (const { name, at } of action.shared)
      if (!names.has(name))
        report('shared', at, `shared variable '${name}' is not defined before the parallel step`);
      else names.write(name, at, report, true);
    const shared = new Set(action.shared.map(({ name }) => name));
    if (action.work.kind === 'branches') {
      for (const { name, body, at } of action.work.branches) {
        this.#unique(name, at);
        this.#list(body, names.branch(assigned(body), shared));
      }
      return;
    }
    const { loop } = action.work;
    checkData(loop.over.kind === 'in' ? loop.over.list : loop.over.ends, checking, 'loop');
    this.#list(loop.body, names.branch(assigned(loop.body), shared, loopVariables(loop)));
  }

  #try(action: Extract<Action, { kind: 'try' }>, checking: Checking): void {
    const { names } = checking;
    this.#list(action.body, names);
    const { retry, except } = action;
    if (retry?.kind === 'policy') checkCode(retry.policy, checking, 'retry policy');
    else if (retry) {
      if (retry.predicate) checkCode(retry.predicate, checking, 'predicate');
      if (retry.maxRetries) checkData(retry.maxRetries, checking, 'max_retries');
      if (retry.backoff) checkData(retry.backoff, checking, 'backoff');
    }
    if (except)
      this.#list(
        except.body,
        names.block(assigned(except.body), new Set(except.as === undefined ? [] : [except.as])),
      );
  }
}

function loopVariables({ value, index }: { value: string; index?: string }): Set<string> {
  return new Set(index === undefined ? [value] : [value, index]);
}
