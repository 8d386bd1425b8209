/**
 * How far each destination is, from what the workflow logs: every entry whose `replicator` names a destination counts,
 * whatever else it tells.
 */
import type { Execution } from '../workflows/execution.ts';
import type { StepEntry } from '../workflows/interpreter/history.ts';
import type { LogEntry } from '../workflows/interpreter/machine.ts';

/** A destination as it was last heard of. */
export interface Destination {
  /** As the log entries call it. */
  readonly name: string;
  phase: string;
  /** `running` until an entry or the result says how it ended; `stopped` when the execution ended before. */
  state: string;
  /** Whatever was counted: `copied`, `skipped`, `total`, … */
  counts: Record<string, number>;
  seconds?: number;
  message: string;
  error?: string;
  /** Milliseconds since the epoch. */
  updated: number;
  /** The step entry that all of its steps are below: its branch or iteration, or its call. */
  entry?: number;
  /** The step entry that logged the error. */
  failedAt?: number;
  /** The version of the watch at which it changed last. */
  changed: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The destinations of one execution, in the order in which they were first heard of. */
export class Destinations {
  readonly all = new Map<string, Destination>();
  readonly #byEntry = new Map<number, string>();

  /** Takes note of a log entry. */
  see(log: LogEntry, entries: readonly StepEntry[], version: number): void {
    const payload = 'jsonPayload' in log.payload ? fieldsOf(log.payload.jsonPayload) : undefined;
    const told = fieldsOf(payload?.replicator);
    const name = text(told?.destination);
    if (!payload || !told || name === undefined) return;
    const one = this.#of(name, version);
    one.phase = text(told.phase) ?? one.phase;
    one.state = text(told.state) ?? one.state;
    Object.assign(one.counts, numbers(told), numbers(fieldsOf(told.counts) ?? {}));
    const seconds = told.seconds;
    if (typeof seconds === 'number') one.seconds = seconds;
    one.message = text(payload.message) ?? '';
    if (log.severity === 'ERROR' || log.severity === 'WARNING') {
      one.error = text(told.error) ?? one.message;
      if (log.entry !== undefined) one.failedAt = log.entry;
    }
    one.updated = log.timestamp;
    const entry = one.entry ?? scopeOf(log.entry, entries);
    if (entry === undefined) return;
    one.entry = entry;
    this.#byEntry.set(entry, name);
  }

  /** What the end tells: rows of the result that name a destination, and what was left unfinished. */
  end({ record }: Execution, version: number): void {
    for (const row of rowsOf(record.result ?? record.error?.payload)) {
      const names = [text(row.repository), text(row.destination)].filter((name) => name !== undefined);
      const name = names.find((one) => this.all.has(one)) ?? names[0];
      if (name === undefined) continue;
      const one = this.#of(name, version);
      one.state = text(row.state) ?? one.state;
      Object.assign(one.counts, numbers(row), numbers(fieldsOf(row.counts) ?? {}));
      if (typeof row.seconds === 'number') one.seconds = row.seconds;
      const error = text(row.error);
      if (error !== undefined) one.error = error;
    }
    for (const one of this.all.values())
      if (one.state === 'running') {
        one.state = 'stopped';
        one.changed = version;
      }
  }

  /** The destination whose steps are below an entry. */
  at(entry: number): string | undefined {
    return this.#byEntry.get(entry);
  }

  #of(name: string, version: number): Destination {
    let one = this.all.get(name);
    if (!one) {
      one = { name, phase: '', state: 'running', counts: {}, message: '', updated: 0, changed: version };
      this.all.set(name, one);
    }
    one.changed = version;
    return one;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numbers(fields: Fields): Record<string, number> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0] !== 'seconds',
    ),
  );
}

function rowsOf(json: string | undefined): Fields[] {
  try {
    const results = fieldsOf(JSON.parse(json ?? 'null'))?.results;
    return Array.isArray(results) ? results.map(fieldsOf).filter((row) => row !== undefined) : [];
  } catch {
    // Not every workflow gives what a replicator does.
    return [];
  }
}

/** The outermost branch or iteration around an entry; without one, the outermost call. */
function scopeOf(id: number | undefined, entries: readonly StepEntry[]): number | undefined {
  let branch: number | undefined;
  let call: number | undefined;
  for (let entry = id === undefined ? undefined : entries[id - 1]; entry; ) {
    if (entry.type === 'STEP_PARALLEL_BRANCH_ENTRY' || entry.progress?.type === 'PROGRESS_TYPE_PARALLEL_FOR')
      branch = entry.id;
    if (entry.type === 'STEP_SUBWORKFLOW_CALL') call = entry.id;
    entry = entry.parent === undefined ? undefined : entries[entry.parent - 1];
  }
  return branch ?? call;
}
