/** What an execution of a generated workflow came to: its result, or the payload of its error. */

/** One destination's row. */
export interface Row {
  readonly destination: string;
  readonly repository: string;
  /** `succeeded`, `partlyFailed`, `failed`, `dryRun`. */
  readonly state: string;
  /** Null where the job counts in its own log. */
  readonly copied: number | null;
  readonly skipped: number | null;
  readonly seconds: number;
  readonly operation: string | null;
  readonly copyStartTime?: string | null;
  readonly error?: string;
  /** Of a dry run: what would be posted. */
  readonly request?: { readonly url: string; readonly body: unknown };
}

/** A run as a whole. */
export interface Summary {
  /** `succeeded`, `partlyFailed`, `failed`, `dryRun`, `skipped`, `cancelled`, `active`. */
  readonly state: string;
  readonly message: string;
  readonly dryRun: boolean;
  readonly results: readonly Row[];
}

/** What is known of an execution. */
export interface Ended {
  readonly state: string;
  readonly result?: string | undefined;
  readonly error?: string | undefined;
}

/** Reads what an execution returned or raised. An error that the workflow did not raise itself has no rows. */
export function summaryOf({ state, result, error }: Ended): Summary {
  if (state === 'ACTIVE' || state === 'QUEUED') return plain('active', 'still active');
  if (state === 'CANCELLED') return plain('cancelled', 'cancelled');
  const read = parse(result ?? error ?? '');
  if (isSummary(read)) return { ...read, dryRun: read.dryRun === true };
  const message =
    typeof read === 'object' && read !== null && 'message' in read
      ? String(read.message)
      : (error ?? result ?? state);
  return plain(state === 'SUCCEEDED' ? 'succeeded' : 'failed', message);
}

function plain(state: string, message: string): Summary {
  return { state, message, dryRun: false, results: [] };
}

function isSummary(value: unknown): value is Summary {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Summary).state === 'string' &&
    Array.isArray((value as Summary).results)
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Exit code of a command that waited for a run: giving way to an older one is no failure. */
export function exitCodeOf({ state }: Pick<Summary, 'state'>): number {
  if (state === 'succeeded' || state === 'dryRun' || state === 'skipped') return 0;
  return state === 'partlyFailed' ? 3 : 1;
}
