/** The rows of a run's result, read with care: what a workflow returned is what somebody else wrote. Pure. */
import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import type { LogEntry } from '../watch/logs.ts';
import type { Row, Summary } from '../watch/summary.ts';

/** What an execution of the job came to. */
export interface JobOutcome {
  readonly command: 'copy' | 'mirror' | 'verify' | 'plan';
  readonly state: string;
  /** Full name of the Cloud Run execution. */
  readonly execution: string | undefined;
}

/** A destination's row. */
export interface ReportRow {
  /** Short name. */
  readonly destination: string;
  /** Full name. */
  readonly repository: string;
  readonly state: string;
  readonly copied: number | undefined;
  readonly skipped: number | undefined;
  readonly seconds: number | undefined;
  readonly operation: string | undefined;
  readonly error: string | undefined;
  readonly jobs: readonly JobOutcome[];
  /** A sample. */
  readonly skippedVersions: readonly { readonly version: string; readonly error: string }[];
}

/**
 * What the log tells of the destinations that have ended, where the run itself has no result: it goes on, or was
 * stopped.
 */
export function rowsInLog(plan: WorkflowPlan, entries: readonly LogEntry[]): ReportRow[] {
  const ids = new Map(plan.destinations.map(({ id, repository }) => [resourceName(repository), id]));
  return entries.flatMap(({ jsonPayload }) => {
    const fields: Readonly<Record<string, unknown>> = object(jsonPayload?.replicator);
    // The job's own results are parts of these.
    if (fields.phase !== 'result' || fields.command !== undefined) return [];
    const repository = text(fields.destination) ?? '';
    const { copied, skipped } = object(fields.counts);
    return [
      {
        destination: ids.get(repository) ?? repository,
        repository,
        state: text(fields.state) ?? '',
        copied: number(copied),
        skipped: number(skipped),
        seconds: number(fields.seconds),
        operation: text(fields.operation),
        error: text(fields.error),
        jobs: [],
        skippedVersions: [],
      },
    ];
  });
}

const commands = ['copy', 'mirror', 'verify', 'plan'] as const;

export function rowsOf({ results }: Pick<Summary, 'results'>): ReportRow[] {
  return results.map((row) => {
    const fields: Readonly<Record<string, unknown>> = object(row satisfies Row);
    return {
      destination: text(fields.destination) ?? '(not named)',
      repository: text(fields.repository) ?? '',
      state: text(fields.state) ?? 'failed',
      copied: number(fields.copied),
      skipped: number(fields.skipped),
      seconds: number(fields.seconds),
      operation: text(fields.operation),
      error: text(fields.error),
      jobs: commands.flatMap((command) => {
        if (fields[command] === undefined) return [];
        const { state, execution } = object(fields[command]);
        return [{ command, state: text(state) ?? '', execution: text(execution) }];
      }),
      skippedVersions: list(fields.skippedVersions).map((one) => {
        const { version, error } = object(one);
        return { version: text(version) ?? '?', error: text(error) ?? '?' };
      }),
    };
  });
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
