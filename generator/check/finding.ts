/** What the checker finds, as data. Codes are stable: they may be named in a script or a query. */
import type { ConfigPath } from '../plan.ts';

/** How bad it is: an error is refused by the service, a warning is accepted and likely to go wrong. */
export type Severity = 'error' | 'warning';

/**
 * Kinds of finding, each with what it means. Closed: a new one is added here, and so documented in
 * `docs/workflow-findings.md`.
 */
export const FINDINGS = {
  // the file
  syntax: { severity: 'error', about: 'The file is no YAML or JSON.' },
  shape: { severity: 'error', about: 'A part is missing, or is of another kind than it must be.' },
  'unknown-key': { severity: 'error', about: 'There is no such key in a step or block.' },
  expression: { severity: 'error', about: 'An expression is not well formed.' },
  mangled: {
    severity: 'warning',
    about: 'YAML takes the text for something else, or ends it early: it needs quotes.',
  },
  'embedded-expression': {
    severity: 'warning',
    about: 'An expression within a longer text: only a whole value is one, so the text is sent as it is.',
  },
  // names
  'step-name': {
    severity: 'error',
    about: 'A step that the generator made has a name that breaks its rules.',
  },
  'duplicate-step': { severity: 'error', about: 'Two steps of one list have the same name.' },
  'repeated-step': {
    severity: 'warning',
    about:
      'A step within another one has a name that the workflow has already: whether that is allowed is not documented.',
  },
  'duplicate-routine': { severity: 'error', about: 'Two subworkflows have the same name.' },
  // references
  'unknown-function': { severity: 'error', about: 'There is no function or subworkflow of this name.' },
  'unknown-connector': { severity: 'error', about: 'The service of a connector has no such method.' },
  'undocumented-connector': {
    severity: 'warning',
    about: 'A connector of a service that is not among the documented ones known here.',
  },
  'not-an-expression-function': {
    severity: 'error',
    about: 'A function that blocks, as `http.get` does, stands in an expression instead of a step.',
  },
  'missing-argument': { severity: 'error', about: 'A call lacks an argument.' },
  'unknown-argument': { severity: 'error', about: 'What is called has no such parameter, or fewer of them.' },
  'dangling-next': {
    severity: 'error',
    about: '`next` goes to a step that is not there, or out of no loop.',
  },
  'far-jump': {
    severity: 'warning',
    about: '`next` goes into another block: only steps beside this one and around it are sure to be reached.',
  },
  'no-main': { severity: 'error', about: 'There is no `main`.' },
  // variables
  'unknown-variable': { severity: 'error', about: 'A variable that is never assigned.' },
  'out-of-scope-variable': {
    severity: 'error',
    about: 'A variable that ends with the loop, the `except` or the branch in which it was first assigned.',
  },
  'unassigned-variable': {
    severity: 'warning',
    about: 'A variable is not assigned on every path to its use.',
  },
  'unshared-write': {
    severity: 'error',
    about: 'A parallel branch writes a variable of its parent that is not in `shared`.',
  },
  'shadowed-variable': {
    severity: 'warning',
    about: 'A loop or an `except` brings a variable that is assigned already.',
  },
  'unreachable-step': { severity: 'warning', about: 'No path leads to a step.' },
  // limits
  assignments: { severity: 'error', about: 'More than 50 assignments in a step.' },
  conditions: { severity: 'error', about: 'More than 50 conditions in a `switch`.' },
  branches: { severity: 'error', about: 'Fewer than 2 or more than 10 branches.' },
  'parallel-depth': {
    severity: 'warning',
    about: 'More than two parallel steps within each other: fails when it runs.',
  },
  'call-depth': {
    severity: 'warning',
    about: 'Calls within each other go deeper than 20: fails when it runs.',
  },
  recursion: {
    severity: 'warning',
    about: 'Subworkflows call each other in a circle, so steps cannot be counted.',
  },
  parameters: { severity: 'error', about: 'More than one parameter of `main`, or ten of a subworkflow.' },
  'expression-length': { severity: 'error', about: 'An expression of more than 400 characters.' },
  'string-length': { severity: 'error', about: 'A text of more than 256 KB.' },
  text: { severity: 'error', about: 'A text from a config cannot be written into a workflow.' },
  'source-size': { severity: 'error', about: 'The file has more than 128 KB.' },
  'execution-steps': { severity: 'warning', about: 'An execution may take more than 100,000 steps.' },
  // sense
  'retried-post': {
    severity: 'warning',
    about: 'A retry may repeat a call that was done although its answer was lost.',
  },
  'logged-secret': { severity: 'warning', about: '`sys.log` writes what looks like a secret.' },
} as const satisfies Record<string, { severity: Severity; about: string }>;

export type FindingCode = keyof typeof FINDINGS;

/** One fault of a workflow and where it is. */
export interface Finding {
  readonly code: FindingCode;
  /** `main` or a subworkflow; `''` for the whole definition. */
  readonly routine: string;
  /** The step, `''` for the whole routine. */
  readonly step: string;
  readonly message: string;
  /** What would be right: `did you mean "http.get"?`. */
  readonly hint?: string;
  /** The config value that the step came from. */
  readonly origin: ConfigPath | undefined;
  /** The step, expression or other part of the tree that it is about, for its place in a file. */
  readonly subject?: Subject;
}

/** A part of a step tree. */
export interface Subject {
  readonly of: object;
  /** A field of it, as `next`. */
  readonly field?: string;
  /** A word of its text. */
  readonly word?: string;
}

/** Takes a finding; each check is given one, so that all report everything. */
export type Report = (finding: Finding) => void;

/** Takes a finding of one step. */
export type Tell = (
  code: FindingCode,
  message: string,
  more?: { readonly hint?: string | undefined; readonly subject?: Subject | undefined },
) => void;

/** How a workflow came to be, for the rules that are not the same for files and for our own trees. */
export interface CheckOptions {
  /** The length of an expression as a file has it; given, the tree was read from a file. */
  readonly sourceLength?: (expression: object) => number | undefined;
}
