/**
 * A workflow as a tree of typed steps: what `compile` builds or `read` makes of a file, `check` looks at and `emit`
 * writes. Closed: a new kind of step does not compile until every one of them knows it.
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
  | DynamicMap
  | { readonly [key: string]: Value };

/**
 * A map with expressions for keys. A class of its own: the key of a plain map is a literal, whatever it contains.
 */
export class DynamicMap {
  readonly entries: readonly (readonly [key: Expression | string, value: Value])[];

  constructor(entries: readonly (readonly [key: Expression | string, value: Value])[]) {
    this.entries = entries;
  }
}

interface Named {
  /** Unique in its workflow or subworkflow; what the console shows. */
  readonly name: string;
  /** The config value that the step comes from, for messages. */
  readonly origin?: ConfigPath;
  /** Where to go on afterwards; left out, with the step below. */
  readonly next?: string;
  /** Written in place, in a case, a branch or a `try`: it bears the name of what it stands in. */
  readonly inline?: true;
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
  /** All arguments as one expression, instead of those. */
  readonly argumentsFrom?: Expression;
  /** Variable that takes what is returned, or a place in one. */
  readonly result?: string;
  /** Steps that it takes besides, at most: a connector that waits looks again and again, and each look counts. */
  readonly moreSteps?: number;
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

/**
 * What a `for` goes over: a list, or the numbers from one to another, both included. An expression may give both
 * ends.
 */
export type Over = { readonly in: Value } | { readonly range: readonly [Value, Value] | Expression };

interface Loop extends Named {
  readonly over: Over;
  /** Variable that holds the item. */
  readonly value: string;
  /** Variable that holds the item's place, from 0. */
  readonly index?: string;
  /** Most iterations, for counting what an execution may take; Infinity where nothing bounds them. */
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
  readonly concurrencyLimit?: Value;
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

/** A retry as files have it: a whole policy as an expression, or parts, each of which may be one or be left out. */
export interface LooseRetry {
  readonly policy?: Expression;
  readonly predicate?: string;
  readonly maxRetries?: Value;
  readonly backoff?: Value;
}

/** `try`, with `retry` and `except` where given. A retry does the whole of `steps` again. */
export interface Try extends Named {
  readonly kind: 'try';
  readonly steps: readonly Step[];
  readonly retry?: Retry | LooseRetry;
  readonly except?: { readonly as?: string; readonly steps: readonly Step[] };
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

/** Steps within a step. */
export interface Group extends Named {
  readonly kind: 'steps';
  readonly steps: readonly Step[];
}

export type Step =
  | Assign
  | Call
  | Switch
  | For
  | Parallel
  | ParallelFor
  | Try
  | Raise
  | Return
  | Next
  | Group;

/** `main` or a subworkflow. */
export interface Routine {
  readonly name: string;
  /** What it does, in a sentence or two: the comment above it. */
  readonly comment: string;
  readonly parameters: readonly string[];
  /** Values of parameters that need no argument. */
  readonly defaults?: { readonly [parameter: string]: Value };
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
    case 'steps':
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
      return step.argumentsFrom ? [step.argumentsFrom] : Object.values(step.arguments);
    case 'switch':
      return step.cases.flatMap(({ condition }) => (condition === true ? [] : [condition]));
    case 'for':
      return overValues(step.over);
    case 'parallelFor':
      return [...overValues(step.over), ...limitOf(step)];
    case 'parallel':
      return limitOf(step);
    case 'try':
      return step.retry ? retryValues(step.retry) : [];
    case 'raise':
    case 'return':
      return [step.value];
    default:
      return [];
  }
}

/** What a loop goes over, as values. */
export function overValues(over: Over): readonly Value[] {
  if ('in' in over) return [over.in];
  return over.range instanceof Expression ? [over.range] : over.range;
}

function limitOf({ concurrencyLimit }: Concurrent): readonly Value[] {
  return concurrencyLimit === undefined ? [] : [concurrencyLimit];
}

function retryValues(retry: Retry | LooseRetry): readonly Value[] {
  const { maxRetries, backoff } = retry;
  const policy = 'policy' in retry && retry.policy ? [retry.policy] : [];
  return [...policy, ...(maxRetries === undefined ? [] : [maxRetries]), ...(backoff ? [backoff] : [])];
}

/** Every expression and every literal in a value; keys only where they are expressions. */
export function leaves(value: Value): readonly (Expression | string | number | boolean | null)[] {
  if (value instanceof Expression || value === null || typeof value !== 'object') return [value];
  if (value instanceof DynamicMap)
    return value.entries.flatMap(([key, one]) => [
      ...(key instanceof Expression ? [key] : []),
      ...leaves(one),
    ]);
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(leaves);
}

/** Every literal key of the maps in a value. */
export function literalKeys(value: Value): readonly string[] {
  if (value instanceof Expression || value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(literalKeys);
  const entries = value instanceof DynamicMap ? value.entries : Object.entries(value);
  return entries.flatMap(([key, one]) => [...(typeof key === 'string' ? [key] : []), ...literalKeys(one)]);
}
