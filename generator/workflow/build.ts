/** Short ways to write steps down, so that a subworkflow in `compile/` reads like the YAML it becomes. */
import { parseExpression } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import type {
  Assign,
  Branch,
  Call,
  Case,
  For,
  Parallel,
  ParallelFor,
  Raise,
  Retry,
  Return,
  Routine,
  Step,
  Switch,
  Try,
  Value,
} from './steps.ts';

/** @param assignments by target, a variable or a place in one, as the generator's own source */
export function assign(name: string, assignments: Record<string, Value>): Assign {
  return {
    kind: 'assign',
    name,
    assignments: Object.entries(assignments).map(([target, value]) => [parseExpression(target), value]),
  };
}

export function call(name: string, target: string, args: Record<string, Value>, result?: string): Call {
  return { kind: 'call', name, function: target, arguments: args, ...(result !== undefined && { result }) };
}

export function choose(name: string, ...cases: Case[]): Switch {
  return { kind: 'switch', name, cases };
}

/** A case of a `switch` that does some steps. */
export function when(condition: Expression, ...steps: Step[]): Case {
  return { condition, steps };
}

/** A case of a `switch` that goes to a step, or to `break`, `continue`, `end`. */
export function whenGo(condition: Expression, next: string, ...steps: Step[]): Case {
  return { condition, steps, next };
}

/** The last case of a `switch`: what is done when no other holds. */
export function otherwise(...steps: Step[]): Case {
  return { condition: true, steps };
}

/** `if condition then steps`, as a switch of one case. */
export function check(name: string, condition: Expression, ...steps: Step[]): Switch {
  return choose(name, when(condition, ...steps));
}

export function forEach(
  name: string,
  value: string,
  list: Value,
  atMost: number,
  steps: Step[],
  index?: string,
): For {
  return {
    kind: 'for',
    name,
    value,
    over: { in: list },
    atMost,
    steps,
    ...(index !== undefined && { index }),
  };
}

/** `for` over the numbers 1 to `to`. */
export function countTo(name: string, value: string, to: number, steps: Step[]): For {
  return { kind: 'for', name, value, over: { range: [1, to] }, atMost: to, steps };
}

export function parallel(
  name: string,
  options: { shared: string[]; concurrencyLimit?: number | undefined },
  branches: Branch[],
): Parallel {
  return { kind: 'parallel', name, ...concurrency(options), branches };
}

export function parallelForEach(
  name: string,
  options: { shared: string[]; concurrencyLimit?: number | undefined },
  value: string,
  list: Value,
  atMost: number,
  steps: Step[],
): ParallelFor {
  return { kind: 'parallelFor', name, ...concurrency(options), value, over: { in: list }, atMost, steps };
}

function concurrency(options: { shared: string[]; concurrencyLimit?: number | undefined }) {
  const { shared, concurrencyLimit } = options;
  return { shared, ...(concurrencyLimit !== undefined && { concurrencyLimit }) };
}

/** @param as variable that holds the error in `except` */
export function attempt(
  name: string,
  steps: Step[],
  { retry, except, as = 'error' }: { retry?: Retry; except?: Step[]; as?: string },
): Try {
  return {
    kind: 'try',
    name,
    steps,
    ...(retry && { retry }),
    ...(except && { except: { as, steps: except } }),
  };
}

export function raise(name: string, value: Value): Raise {
  return { kind: 'raise', name, value };
}

export function give(name: string, value: Value): Return {
  return { kind: 'return', name, value };
}

export function routine(name: string, parameters: string[], comment: string, steps: Step[]): Routine {
  return { name, parameters, comment, steps };
}
