/** What the checker finds, as data. Codes are stable: they may be named in a script or a query. */
import type { ConfigPath } from '../plan.ts';

export type FindingCode =
  // names
  | 'step-name'
  | 'duplicate-step'
  | 'duplicate-routine'
  // references
  | 'unknown-function'
  | 'not-an-expression-function'
  | 'missing-argument'
  | 'unknown-argument'
  | 'dangling-next'
  | 'no-main'
  // variables
  | 'unknown-variable'
  | 'unassigned-variable'
  | 'unshared-write'
  | 'shadowed-variable'
  | 'unreachable-step'
  // limits
  | 'assignments'
  | 'conditions'
  | 'branches'
  | 'parallel-depth'
  | 'call-depth'
  | 'recursion'
  | 'parameters'
  | 'expression-length'
  | 'string-length'
  | 'text'
  | 'source-size'
  | 'execution-steps'
  // sense
  | 'retried-post';

/** One fault of a workflow and where it is. */
export interface Finding {
  readonly code: FindingCode;
  /** `main` or a subworkflow; `''` for the whole definition. */
  readonly routine: string;
  /** The step, `''` for the whole routine. */
  readonly step: string;
  readonly message: string;
  /** The config value that the step came from. */
  readonly origin: ConfigPath | undefined;
}

/** Takes a finding; each check is given one, so that all report everything. */
export type Report = (finding: Finding) => void;
