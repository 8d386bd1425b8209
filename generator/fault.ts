/**
 * What can be wrong with a config, as data. Every stage of the generator collects problems and goes on; the
 * command prints them all at once, each at its place in the source, and exits 1.
 */
import type { ConfigPath } from './plan.ts';

/** Kinds of problem. Closed: a new one is added here and documented in `docs/configuration.md`. */
export type ProblemCode =
  // load
  | 'not-found'
  | 'syntax'
  | 'type'
  | 'throws'
  | 'no-default-export'
  // resolve
  | 'shape'
  | 'unknown-field'
  | 'repository-name'
  | 'location'
  | 'same-as-source'
  | 'duplicate-destination'
  | 'duplicate-name'
  | 'chain'
  | 'cycle'
  | 'cron'
  | 'time-zone'
  | 'workflow-id'
  | 'range'
  | 'behavior'
  | 'not-yet'
  // check
  | 'limit'
  | 'text'
  | 'internal';

/** Something wrong with a value of the config. */
export interface Problem {
  readonly code: ProblemCode;
  /** The value at fault, `''` for the whole config. */
  readonly path: ConfigPath;
  /** What is wrong, naming the value: `unknown location "europe-west11"`. No full stop, one line. */
  readonly message: string;
  /** What would be right, nearest valid value first: `did you mean "europe-west1"?`. One line. */
  readonly hint: string;
}

/** Where something is in a source file: 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline on that line, at least 1. */
  readonly length: number;
  /** The whole source line. */
  readonly text: string;
}

/** A problem and its place, ready to print. */
export interface Fault extends Problem {
  readonly place: Place | undefined;
}

/** Something the generator changed or wants known, which does not stop it. */
export interface Notice {
  readonly path: ConfigPath;
  readonly message: string;
}
