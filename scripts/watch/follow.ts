/** Follows an execution as it goes: steps as they are entered, progress as it is logged. */
import { setTimeout as pause } from 'node:timers/promises';
import { visible } from '../../job/log/logger.ts';
import { type Api, ApiError, mayPass } from '../cloud/api.ts';
import { chalk } from '../colours.ts';
import { bar } from './bar.ts';
import { type Execution, type Executions, isPassing, reasonOf } from './executions.ts';
import { isSystem, type LogEntry, messageOf, readLogs } from './logs.ts';
import { readSteps, type StepEntry } from './steps.ts';

/** How to follow. */
export interface FollowOptions {
  readonly api: Api;
  readonly executions: Executions;
  readonly say: (line: string) => void;
  /** Stops following, not the execution. */
  readonly signal: AbortSignal;
}

/** Seconds between looks: soon at first, then as often as the quota of Cloud Logging lets several people look. */
const looks = { first: 0.25, factor: 1.5, most: 3 };

/** Looks in a row that may go without an answer, over half a minute: a run takes hours, and a network comes back. */
const mostUnanswered = 15;

/**
 * Follows an execution to its end.
 *
 * @returns the execution, ended unless the signal fired or there was no answer for too long; then as it was last seen
 */
export async function follow(started: Execution, options: FollowOptions): Promise<Execution> {
  const { executions, signal, say } = options;
  const began = started.startTime ?? Date.now();
  const steps = stepFollower(started.name, began, options);
  const logs = logFollower(started.name, began, options);
  let execution = started;
  let unanswered = 0;
  for (let delay = looks.first; ; delay = Math.min(looks.most, delay * looks.factor)) {
    try {
      // First whether it is over, so that nothing that came before its end is missed.
      execution = await executions.get(started.name);
      unanswered = 0;
      await Promise.all([steps(), logs()]);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (unanswered === 0) say(chalk.yellow(`no answer, asking again: ${visible(reasonOf(error))}`));
      if (++unanswered > mostUnanswered) return execution;
    }
    const isOver = execution.state !== 'ACTIVE' && execution.state !== 'QUEUED';
    if (isOver || signal.aborted) return execution;
    await pause(delay * 1000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return execution;
  }
}

type Look = () => Promise<void>;

/** What may not be read is told once, and not asked again; what was not answered is, at the next look. */
function unlessRefused(what: string, say: FollowOptions['say'], look: Look): Look {
  let refused = false;
  return async () => {
    if (refused) return;
    try {
      await look();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mayPass(error)) return;
      refused = true;
      say(chalk.yellow(`${what} cannot be followed: ${visible(error.message)}`));
    }
  };
}

function stepFollower(execution: string, began: number, { api, say }: FollowOptions): Look {
  const entries = new Map<string, StepEntry>();
  return unlessRefused('steps', say, async () => {
    for (const entry of await readSteps(api, execution, entries.size)) {
      entries.set(entry.entryId ?? '', entry);
      const { createTime, routine, stepType } = entry;
      // Calls of subworkflows tell the story; what is within them is in the console.
      if (stepType !== 'STEP_SUBWORKFLOW_CALL' || createTime === undefined) continue;
      if (routine !== 'main' && routine !== 'replicate') continue;
      say(`${time(createTime, began)}  ${path(entry, entries).join(chalk.dim(' › '))}`);
    }
  });
}

/** The named calls that led to a step, outermost first. */
function path(entry: StepEntry, entries: ReadonlyMap<string, StepEntry>): string[] {
  const parent = entries.get(entry.navigationInfo?.parent ?? '');
  const above = parent ? path(parent, entries) : [];
  return entry.stepType === 'STEP_SUBWORKFLOW_CALL' ? [...above, entry.step ?? ''] : above;
}

function logFollower(execution: string, began: number, { api, say }: FollowOptions): Look {
  const seen = new Set<string>();
  let since: string | undefined;
  return unlessRefused('log entries', say, async () => {
    for (const entry of await readLogs(api, execution, since)) {
      const id = `${entry.insertId} ${entry.timestamp} ${messageOf(entry)}`;
      if (seen.has(id)) continue;
      seen.add(id);
      since = entry.timestamp;
      const line = progressLine(entry);
      if (line !== undefined) say(`${time(entry.timestamp, began)}  ${line}`);
    }
  });
}

/** What of the log is progress: what has started is told by the steps. */
function progressLine(entry: LogEntry): string | undefined {
  const { phase, counts = {} } = entry.jsonPayload?.replicator ?? {};
  // The job's own copy counts what it deals with, CopyRepository what is copied or skipped.
  const { copied = 0, skipped = 0, settled = copied + skipped, found = 0, total = found } = counts;
  // How it ended is told when it has.
  if (isSystem(entry)) return undefined;
  const message = messageOf(entry);
  switch (phase) {
    case 'await':
      return `${bar(settled, total)} ${message}`;
    case 'result':
      return chalk.bold(message);
    case 'run':
      // The table of results says it.
      return undefined;
    default:
      return entry.severity === 'WARNING' || entry.severity === 'ERROR' ? chalk.yellow(message) : undefined;
  }
}

function time(timestamp: string, began: number): string {
  const seconds = Math.max(0, (Date.parse(timestamp) - began) / 1000);
  return chalk.dim(`+${seconds.toFixed(1)} s`.padStart(9));
}
