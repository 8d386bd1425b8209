/**
 * What can be wrong with a config, as data. Every stage of the generator collects problems and goes on; the
 * command prints them all at once, each at its place in the source, and exits 1.
 */
import type { ConfigPath } from './plan.ts';

/**
 * Kinds of problem, each with what it means. Closed: a new one is added here, and so documented in
 * `docs/configuration.md`.
 */
export const PROBLEM_CODES = {
  // load
  'not-found': 'There is no such file.',
  syntax: 'The file, or one that it imports, is no TypeScript.',
  type: 'The compiler refuses a type: of a field, or of code beside the config.',
  throws: 'The module throws, ends the process, or never finishes.',
  'no-default-export': 'The module has no default export, or one that is no value: a function, a promise.',
  // resolve
  shape: 'A field is missing, or has another kind of value.',
  'unknown-field': 'There is no such field.',
  project: 'A project id breaks the rules, or is a number.',
  'repository-name': 'A repository name is in none of the forms, or names something in a repository.',
  location: 'Artifact Registry, or for a region Cloud Workflows, has no such location.',
  'same-as-source': 'A destination is the source itself.',
  'duplicate-destination': 'A repository is a destination twice, in one config or in two.',
  'duplicate-name': 'Two configs have the same name.',
  chain: 'A destination is the source of another config: their order is not defined.',
  cycle: 'Sources and destinations form a circle.',
  cron: 'The schedule is not five fields of unix cron, or never fires.',
  'time-zone': 'IANA has no such time zone.',
  'workflow-id': 'The name breaks the rules for a workflow id.',
  range: 'A number is out of its range, not whole, or contradicts another.',
  behavior: 'A behaviour field is not JSON, or has a setting of its own.',
  glob: 'A glob matches nothing.',
  job: 'A setting needs the Cloud Run job and there is none, or a setting of the job is none that Cloud Run takes.',
  topic: 'The name of a Pub/Sub topic breaks the rules.',
  // check
  limit: 'The workflow would go beyond a limit of Cloud Workflows.',
  text: 'A text cannot be written into a workflow.',
  internal: 'The generator itself is at fault; please report it.',
} as const;

/** A kind of problem. */
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Something wrong with a value of the config. */
export interface Problem {
  readonly code: ProblemCode;
  /** The value at fault, `''` for the whole config. */
  readonly path: ConfigPath;
  /** What is wrong, naming the value: `unknown location "europe-west11"`. No full stop, one line. */
  readonly message: string;
  /** What would be right, nearest valid value first: `did you mean "europe-west1"?`. One line. */
  readonly hint: string;
  /** The field itself is at fault, not what it is set to. */
  readonly isField?: boolean;
  /** A second value that has a part in it, as the other of two equal ones. */
  readonly also?: Related<ConfigPath>;
}

/** Another place that belongs to a problem, and what is there, in a few words: `first here`. */
export interface Related<Where> {
  readonly at: Where;
  readonly note: string;
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
export interface Fault extends Omit<Problem, 'also'> {
  readonly place: Place | undefined;
  readonly also?: Related<Place>;
}

/** A fault of the file itself, found before its value was looked at. */
export interface FileFault extends Fault {
  /**
   * Where the value is that the compiler objects to. Absent where the fault is not about what a field is set to,
   * which a check of the value finds as well.
   */
  readonly about?: readonly Extent[];
}

/** Part of a source file, over lines; lines and columns from 1, `to` behind the last character. */
export interface Extent {
  readonly file: string;
  readonly from: { readonly line: number; readonly column: number };
  readonly to: { readonly line: number; readonly column: number };
}

/** Something the generator changed or wants known, which does not stop it. */
export interface Notice {
  readonly path: ConfigPath;
  readonly message: string;
}
