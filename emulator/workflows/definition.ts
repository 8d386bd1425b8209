/**
 * A definition as a tree: what the parser makes of a source, the validator checks and the interpreter runs.
 * Each step knows its place, each jump its target.
 */
import type { Evaluate } from './expression/evaluate.ts';
import type { Expression } from './expression/tree.ts';
import type { Position } from './source/nodes.ts';
import type { Value } from './value.ts';

/** A definition. */
export interface Definition {
  readonly main: Routine;
  /** All routines by name, `main` among them. */
  readonly routines: ReadonlyMap<string, Routine>;
}

/** `main` or a subworkflow. */
export interface Routine {
  readonly name: string;
  readonly params: readonly Param[];
  readonly steps: StepList;
  readonly at: Position;
}

/** A parameter; without a default an argument is required. */
export interface Param {
  readonly name: string;
  readonly fallback?: Value;
  readonly at: Position;
}

/** Steps that follow each other. */
export interface StepList {
  readonly steps: readonly Step[];
}

/** An expression in a source. */
export interface Code {
  readonly text: string;
  readonly expression: Expression;
  readonly evaluate: Evaluate;
  readonly at: Position;
  /** The place of a character of the expression. */
  readonly place: (offset: number) => Position;
}

/** A value as a source writes it: a literal, an expression, or a list or map with expressions in it. */
export type Data =
  | { readonly kind: 'literal'; readonly value: Value; readonly at: Position }
  | { readonly kind: 'code'; readonly code: Code }
  | { readonly kind: 'list'; readonly items: readonly Data[]; readonly at: Position }
  | {
      readonly kind: 'map';
      readonly entries: readonly { readonly key: string | Code; readonly value: Data }[];
      readonly at: Position;
    };

/** Where an assignment or result goes: a variable, or a key or index below it. */
export interface Place {
  readonly name: string;
  readonly path: readonly Code[];
  readonly at: Position;
}

/** Where `next` leads. `step` is filled by the validator. */
export type Jump = { readonly at: Position } & (
  | { readonly kind: 'end' | 'break' | 'continue' }
  | { readonly kind: 'step'; readonly name: string; target?: JumpTarget }
);

/** A step of a list. */
export interface JumpTarget {
  readonly list: StepList;
  readonly index: number;
}

/** What a step does. */
export type Action =
  | { readonly kind: 'assign'; readonly assignments: readonly { readonly to: Place; readonly value: Data }[] }
  | Call
  | { readonly kind: 'switch'; readonly conditions: readonly Condition[] }
  | For
  | Parallel
  | Try
  | { readonly kind: 'raise'; readonly value: Data }
  | { readonly kind: 'return'; readonly value: Data }
  | { readonly kind: 'steps'; readonly body: StepList }
  | { readonly kind: 'none' };

/** A step. */
export interface Step {
  readonly name: string;
  /** Written in place under `try`, without a name of its own: it bears that of the step around it. */
  readonly inline?: true;
  readonly action: Action;
  readonly next?: Jump;
  readonly at: Position;
}

/** A call of a subworkflow, function or connector. */
export interface Call {
  readonly kind: 'call';
  readonly function: string;
  readonly functionAt: Position;
  readonly args: readonly { readonly name: string; readonly value: Data; readonly at: Position }[];
  /** Where the whole map of arguments is an expression. */
  readonly argsCode?: Code;
  readonly result?: Place;
}

/** One case of a switch. `action` is what it does in place, `none` when it only jumps. */
export interface Condition {
  readonly when: Data;
  readonly action: Action;
  readonly next?: Jump;
  readonly at: Position;
}

/** A loop, over a list or a range with both ends in it. */
export interface For {
  readonly kind: 'for';
  readonly value: string;
  readonly index?: string;
  readonly over:
    | { readonly kind: 'in'; readonly list: Data }
    | { readonly kind: 'range'; readonly ends: Data };
  readonly body: StepList;
  readonly at: Position;
}

/** A parallel step. */
export interface Parallel {
  readonly kind: 'parallel';
  readonly shared: readonly { readonly name: string; readonly at: Position }[];
  readonly concurrency?: Data;
  readonly work:
    | { readonly kind: 'branches'; readonly branches: readonly Branch[] }
    | { readonly kind: 'for'; readonly loop: For };
  readonly at: Position;
}

/** A named branch. */
export interface Branch {
  readonly name: string;
  readonly body: StepList;
  readonly at: Position;
}

/** A try block, with what it does on an error. */
export interface Try {
  readonly kind: 'try';
  readonly body: StepList;
  readonly retry?: Retry;
  readonly except?: { readonly as?: string; readonly body: StepList; readonly at: Position };
  readonly at: Position;
}

/** A retry policy: a whole one by name, or its parts. */
export type Retry =
  | { readonly kind: 'policy'; readonly policy: Code }
  | {
      readonly kind: 'parts';
      readonly predicate?: Code;
      readonly maxRetries?: Data;
      readonly backoff?: Data;
      readonly at: Position;
    };
