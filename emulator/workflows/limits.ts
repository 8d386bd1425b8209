/**
 * The limits of the service. Numbers: the protos for source and argument, the documentation for strings, and
 * where neither says, the public schema of definitions and the notes in our reference.
 *
 * https://cloud.google.com/workflows/quotas
 */
export interface Limits {
  /** Bytes of a source. */
  readonly source: number;
  /** Bytes of an execution's argument. */
  readonly argument: number;
  /** Bytes of all variables of an execution. */
  readonly memory: number;
  /** Bytes of a string. */
  readonly string: number;
  /** Bytes of an HTTP response. */
  readonly response: number;
  /** Characters of an expression. */
  readonly expression: number;
  /** Assignments in one step; conditions in one switch. */
  readonly assignments: number;
  readonly conditions: number;
  /** Branches of one parallel step, at least and at most. */
  readonly branches: { readonly least: number; readonly most: number };
  /** Branches and iterations of an execution that run at once; the others wait. */
  readonly concurrency: number;
  /** Parallel steps within each other. */
  readonly parallelDepth: number;
  /** Routines that have called each other. */
  readonly callDepth: number;
  /** Steps that an execution may take. */
  readonly steps: number;
  /** Parameters of `main` and of a subworkflow. */
  readonly mainParams: number;
  readonly params: number;
  /** Seconds of an HTTP request. */
  readonly httpTimeout: number;
  /** Seconds of an execution: a year. */
  readonly duration: number;
  /** Executions of a project and location that are active at once; the others are queued. */
  readonly activeExecutions: number;
  /** Errors of branches that an UnhandledBranchError names. */
  readonly branchErrors: number;
}

/** As the service has them. */
export const documentedLimits: Limits = {
  source: 128 * 1024,
  argument: 32 * 1024,
  memory: 512 * 1024,
  string: 256 * 1024,
  response: 2 * 1024 * 1024,
  expression: 400,
  assignments: 50,
  conditions: 50,
  branches: { least: 2, most: 10 },
  concurrency: 20,
  parallelDepth: 2,
  callDepth: 20,
  steps: 100_000,
  mainParams: 1,
  params: 10,
  httpTimeout: 1800,
  duration: 365 * 24 * 3600,
  activeExecutions: 10_000,
  branchErrors: 100,
};

/** Names of the limits, as they are lifted by. */
export const limitNames = Object.keys(documentedLimits) as readonly (keyof Limits)[];

/** The given limits lifted, `all` for all of them; undefined for a name that is none. */
export function lifted(names: readonly string[]): Partial<Limits> | undefined {
  const wanted = names.includes('all') ? limitNames : names;
  const made: Record<string, unknown> = {};
  for (const name of wanted) {
    if (!limitNames.some((one) => one === name)) return undefined;
    made[name] =
      name === 'branches' ? { least: 1, most: Number.POSITIVE_INFINITY } : Number.POSITIVE_INFINITY;
  }
  return made as Partial<Limits>;
}
