/** How a run ends: its state, its exit code, and its last log entry. */
import type { Fields } from '../../generator/observability/entry.ts';
import type { Log } from '../log/log.ts';
import type { Did } from '../metrics/metrics.ts';
import { counted, duration } from '../print/quantity.ts';
import { exitCodes, type JobRequest } from '../request.ts';

/** How one destination, or all of them, ended. */
export type State = 'succeeded' | 'partlyFailed' | 'failed';

/** What one destination came to. */
export interface Ending {
  /** Full resource name. */
  readonly destination: string;
  readonly state: State;
  /** What went wrong, where something did. */
  readonly error?: string | undefined;
  /** For the metrics. */
  readonly did?: Did;
}

/** Partly failed as soon as not all ended alike. */
export function stateOf(endings: readonly Pick<Ending, 'state'>[]): State {
  const [first = 'succeeded', ...others] = new Set(endings.map(({ state }) => state));
  return others.length === 0 ? first : 'partlyFailed';
}

/** What a run of copies is called in which nothing went wrong. */
export function goodState({ dryRun, wait }: JobRequest): 'succeeded' | 'started' | 'dryRun' {
  if (dryRun) return 'dryRun';
  return wait ? 'succeeded' : 'started';
}

/** The exit code of a state. */
export function exitCodeOf(state: State): number {
  return { succeeded: exitCodes.done, partlyFailed: exitCodes.partlyFailed, failed: exitCodes.failed }[state];
}

/** One line: how it ended, and the first thing that went wrong. */
export function summaryOf(endings: readonly Ending[], what: string, good = 'done'): string {
  const wrong = endings.filter(({ state }) => state !== 'succeeded');
  const [first] = wrong;
  if (!first) return `${what}: ${counted(endings.length, 'destination')} ${good}`;
  const count = `${wrong.length} of ${counted(endings.length, 'destination')}`;
  const word = wrong.some(({ state }) => state === 'failed') ? 'failed' : 'partly failed';
  return `${what}: ${count} ${word}; ${first.destination}: ${first.error ?? 'see above'}`;
}

/** What the last entry carries. */
export interface Figures {
  readonly counts: NonNullable<Fields['counts']>;
  readonly bytes?: number;
  readonly deleteBytes?: number;
  readonly seconds: number;
}

/** How loud an end is. */
export const severities = { succeeded: 'INFO', partlyFailed: 'WARNING', failed: 'ERROR' } as const;

/** Ends a run: the last log entry, which carries the counts, and the exit code. */
export function end(
  log: Log,
  what: string,
  endings: readonly Ending[],
  figures: Figures,
  good?: string,
): number {
  const state = stateOf(endings);
  const error = endings.find((ending) => ending.error !== undefined)?.error;
  log(severities[state], `${summaryOf(endings, what, good)} (${duration(figures.seconds)})`, {
    phase: 'end',
    state,
    ...figures,
    ...(error !== undefined && { error }),
  });
  return exitCodeOf(state);
}
