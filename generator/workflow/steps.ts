/**
 * A workflow as a tree of typed steps: what `compile` builds, `check` looks at and `emit` writes. Closed: a new
 * kind of step does not compile until every one of them knows it.
 */
import { Expression } from '../expression/tree.ts';
import type { ConfigPath } from '../plan.ts';

/**
 * A value in a step: a literal as plain data, or an expression. A plain string is always a literal, whatever
 * it contains.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly Value[]
  | { readonly [key: string]: Value };

interface Named {
  /** Unique in its workflow or subworkflow; what the console shows. */
  readonly name: string;
  /** The config value that the step comes from, for messages. */
  readonly origin?: ConfigPath;
}

/** `assign`: at most 50 targets, each a variable or a place in one. */
export interface Assign extends Named {
  readonly kind: 'assign';
  readonly assignments: readonly (readonly [target: Expression, value: Value])[];
}

/** `call` of a library function, a connector or a subworkflow. */
export interface Call extends Named {
  readonly kind: 'call';
  readonly function: string;
  readonly arguments: { readonly [name: string]: Value };
  /** Variable that takes what is returned. */
  readonly result?: string;
}

/** One condition of a `switch`, and what is done when it is the first that holds. */
export interface Case {
  readonly condition: Expression | true;
  readonly steps: readonly Step[];
  /** Where to go on afterwards; left out, with the step after the switch. */
  readonly next?: string;
}

export interface Switch extends Named {
  readonly kind: 'switch';
  readonly cases: readonly Case[];
}

/** What a `for` goes over: a list, or the whole numbers from one to another, both included. */
export type Over = { readonly in: Value } | { readonly range: readonly [Value, Value] };

interface Loop extends Named {
  readonly over: Over;
  /** Variable that holds the item. */
  readonly value: string;
  /** Variable that holds the item's place, from 0. */
  readonly index?: string;
  /** Most iterations, for counting what an execution may take. */
  readonly atMost: number;
  readonly steps: readonly Step[];
}

export interface For extends Loop {
  readonly kind: 'for';
}

interface Concurrent extends Named {
  /** Variables of the parent that the branches may write. */
  readonly shared: readonly string[];
  /** Most branches or iterations at once; left out, the service's 20. */
  readonly concurrencyLimit?: number;
}

export interface Branch {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** `parallel` with 2 to 10 named branches. */
export interface Parallel extends Concurrent {
  readonly kind: 'parallel';
  readonly branches: readonly Branch[];
}

/** `parallel` over a list. */
export interface ParallelFor extends Concurrent, Loop {
  readonly kind: 'parallelFor';
}

export interface Retry {
  /** A subworkflow or library function that is given the error and says whether to try again. */
  readonly predicate: string;
  readonly maxRetries: number;
  /** Seconds, and what they are multiplied by. */
  readonly backoff: { readonly initialDelay: number; readonly maxDelay: number; readonly multiplier: number };
}

/** `try`, with `retry` and `except` where given. A retry does the whole of `steps` again. */
export interface Try extends Named {
  readonly kind: 'try';
  readonly steps: readonly Step[];
  readonly retry?: Retry;
  readonly except?: { readonly as: string; readonly steps: readonly Step[] };
}

export interface Raise extends Named {
  readonly kind: 'raise';
  readonly value: Value;
}

export interface Return extends Named {
  readonly kind: 'return';
  readonly value: Value;
}

/** Goes to another step, or to `break`, `continue`, `end`. */
export interface Next extends Named {
  readonly kind: 'next';
  readonly to: string;
}

export type Step = Assign | Call | Switch | For | Parallel | ParallelFor | Try | Raise | Return | Next;

/** `main` or a subworkflow. */
export interface Routine {
  readonly name: string;
  /** What it does, in a sentence or two: the comment above it. */
  readonly comment: string;
  readonly parameters: readonly string[];
  readonly steps: readonly Step[];
}

/** A whole definition; `main` first. */
export interface Workflow {
  readonly routines: readonly Routine[];
}

/** The step lists directly below a step. */
export function blocks(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'switch':
      return step.cases.map((one) => one.steps);
    case 'for':
    case 'parallelFor':
      return [step.steps];
    case 'parallel':
      return step.branches.map((branch) => branch.steps);
    case 'try':
      return step.except ? [step.steps, step.except.steps] : [step.steps];
    default:
      return [];
  }
}

/** Calls `visit` for each step and all below it, outermost first. */
export function walkSteps(
  steps: readonly Step[],
  visit: (step: Step, depth: number) => void,
  depth = 0,
): void {
  for (const step of steps) {
    visit(step, depth);
    for (const block of blocks(step)) walkSteps(block, visit, depth + 1);
  }
}

/** The values that a step holds itself, not those of the steps below it. */
export function values(step: Step): readonly Value[] {
  switch (step.kind) {
    case 'assign':
      return step.assignments.map(([, value]) => value);
    case 'call':
      return Object.values(step.arguments);
    case 'switch':
      return step.cases.flatMap(({ condition }) => (condition === true ? [] : [condition]));
    case 'for':
    case 'parallelFor':
      return 'in' in step.over ? [step.over.in] : step.over.range;
    case 'raise':
    case 'return':
      return [step.value];
    default:
      return [];
  }
}

/** Every expression and every literal string in a value. */
export function leaves(value: Value): readonly (Expression | string | number | boolean | null)[] {
  if (value instanceof Expression || value === null || typeof value !== 'object') return [value];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(leaves);
}
