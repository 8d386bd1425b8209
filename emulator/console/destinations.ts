/**
 * How far each destination is, from what the workflow and its jobs log: every entry whose `replicator` names a destination
 * counts, whatever else it tells.
 */
import type { Execution } from '../workflows/execution.ts';
import type { StepEntry } from '../workflows/interpreter/history.ts';
import { parentsOf } from './ancestry.ts';
import type { Logged } from './logged.ts';

/** What a job does for a destination: one command of it, of the last execution that was heard of. */
interface Stage {
  /** `copy`, `mirror`, `verify` or `plan`. */
  readonly command: string;
  /** `running` until its result, which may be `refused`, `equal` or `different`, too; `stopped` as a destination is. */
  state: string;
  counts: Record<string, number>;
  message: string;
  error?: string;
}

/** A destination as it was last heard of. */
export interface Destination {
  /** As the log entries call it. */
  readonly name: string;
  /** What was last at work, also after its end. */
  phase: string;
  /** `running` until an entry or the result says how it ended; `stopped` when the execution ended before. */
  state: string;
  /** Whatever was counted: `copied`, `skipped`, `total`, … */
  counts: Record<string, number>;
  seconds?: number;
  /** Without the destination's name and state before it. */
  message: string;
  error?: string;
  /** What jobs did for it, in the order in which they began. */
  readonly stages: Stage[];
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
  see(log: Logged, entries: readonly StepEntry[], version: number): void {
    const payload = 'jsonPayload' in log.payload ? fieldsOf(log.payload.jsonPayload) : undefined;
    const told = fieldsOf(payload?.replicator);
    const name = text(told?.destination);
    if (!payload || !told || name === undefined) return;
    const one = this.#of(name, version);
    const message = withoutName(text(payload.message) ?? '', name);
    if (log.job) seeJob(one, told, message);
    else {
      seeWorkflow(one, told, message, log);
      const entry = one.entry ?? scopeOf(log.entry, entries);
      if (entry === undefined) return;
      one.entry = entry;
      this.#byEntry.set(entry, name);
    }
  }

  /** What the end tells: rows of the result that name a destination, and what was left unfinished. */
  end({ record }: Execution, version: number): void {
    for (const row of rowsOf(record.result ?? record.error?.payload)) {
      const names = [text(row.repository), text(row.destination)].filter((name) => name !== undefined);
      const name = names.find((one) => this.all.has(one)) ?? names[0];
      if (name === undefined) continue;
      const one = this.#of(name, version);
      one.state = text(row.state) ?? one.state;
      count(one.counts, row);
      if (typeof row.seconds === 'number') one.seconds = row.seconds;
      const error = text(row.error);
      if (error !== undefined) one.error = error;
    }
    for (const one of this.all.values())
      for (const of of [one, ...one.stages])
        if (of.state === 'running') {
          of.state = 'stopped';
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
      one = {
        name,
        phase: '',
        state: 'running',
        counts: {},
        message: '',
        stages: [],
        changed: version,
      };
      this.all.set(name, one);
    }
    one.changed = version;
    return one;
  }
}

/** What the workflow says decides how a destination is. */
function seeWorkflow(one: Destination, told: Fields, message: string, log: Logged): void {
  const phase = text(told.phase);
  if (phase !== undefined && (phase !== 'result' || one.phase === '')) one.phase = phase;
  one.state = text(told.state) ?? one.state;
  count(one.counts, told);
  if (typeof told.seconds === 'number') one.seconds = told.seconds;
  one.message = message.startsWith(`${one.state}, `) ? message.slice(one.state.length + 2) : message;
  if (log.severity !== 'ERROR' && log.severity !== 'WARNING') return;
  one.error = text(told.error) ?? message;
  if (log.entry !== undefined) one.failedAt = log.entry;
}

/** What a job says tells of its own command; only a copy counts as the destination does. */
function seeJob(one: Destination, told: Fields, message: string): void {
  const command = text(told.command) ?? '';
  let stage = one.stages.find((other) => other.command === command);
  if (!stage) {
    stage = { command, state: 'running', counts: {}, message: '' };
    one.stages.push(stage);
  }
  if (one.state === 'running') one.phase = command;
  stage.message = message;
  count(stage.counts, told);
  if (command === 'copy') count(one.counts, told);
  if (told.phase !== 'result') return;
  stage.state = text(told.state) ?? stage.state;
  const error = text(told.error);
  if (error !== undefined) stage.error = withoutName(error, one.name);
}

function count(counts: Record<string, number>, told: Fields): void {
  Object.assign(counts, numbers(told), numbers(fieldsOf(told.counts) ?? {}));
}

/** A message that begins with the name of what it is about, as `us-central1-prod: `, without it. */
function withoutName(message: string, name: string): string {
  const [before = '', ...after] = message.split(': ');
  const location = /^projects\/[^/]+\/locations\/([^/]+)\//.exec(name)?.[1];
  const isName =
    before === name || (location !== undefined && !/\s/.test(before) && before.startsWith(`${location}-`));
  return isName && after.length > 0 ? after.join(': ') : message;
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
  const logging = id === undefined ? undefined : entries[id - 1];
  if (!logging) return undefined;
  const path = [...parentsOf(logging, entries), logging];
  const branch = path.find(
    ({ type, progress }) =>
      type === 'STEP_PARALLEL_BRANCH_ENTRY' || progress?.type === 'PROGRESS_TYPE_PARALLEL_FOR',
  );
  return (branch ?? path.find(({ type }) => type === 'STEP_SUBWORKFLOW_CALL'))?.id;
}
