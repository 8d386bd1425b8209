/** Reads what a report on a run needs besides its result, and writes it. */
import { setTimeout as pause } from 'node:timers/promises';
import { drawDiagram } from '../../generator/diagram/draw.ts';
import type { DestinationState } from '../../generator/diagram/state.ts';
import type { WorkflowPlan } from '../../generator/plan.ts';
import { openRegistry } from '../../job/registry/open.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import type { Target } from '../cloud/target.ts';
import { type DestinationOutcome, planAll } from '../plan/plan.ts';
import { registryEnvironment } from '../plan/registry.ts';
import type { Execution } from '../watch/executions.ts';
import { deletedIn, type LogEntry, readLogs } from '../watch/logs.ts';
import { readSteps } from '../watch/steps.ts';
import type { Summary } from '../watch/summary.ts';
import type { ReportFile } from './file.ts';
import { linksFor } from './links.ts';
import { type ReportRow, rowsInLog, rowsOf } from './rows.ts';
import { runReport } from './run-report.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** A run that is over, or is no longer followed. */
export interface RunToReport {
  readonly plan: WorkflowPlan;
  readonly execution: Execution;
  readonly summary: Summary;
  /** Log entries that were read already; those that are missing are read. */
  readonly entries: readonly LogEntry[];
  /** Short names of the destinations that were asked for; empty: all. */
  readonly chosen: readonly string[];
  readonly hints: readonly string[];
  readonly api: Api;
  readonly target: Target;
}

/** @returns bytes written */
export async function writeRunReport(file: ReportFile, run: RunToReport): Promise<number> {
  const { plan, execution, summary, chosen, hints, api, target } = run;
  const gaps: string[] = [];
  const [steps, entries, outcomes] = await Promise.all([
    unlessRefused('the timeline', gaps, () => readSteps(api, execution.name)),
    unlessRefused('what the log tells', gaps, () => readEntries(run, gaps)),
    summary.dryRun ? differences(plan, chosen, target) : [],
  ]);
  const rows = summary.results.length > 0 ? rowsOf(summary) : rowsInLog(plan, entries);
  const span = { start: execution.startTime, end: execution.endTime };
  const timeline = timelineOf(plan, steps, span, notGood(rows));
  // What a run that is over has left open is not running.
  const states = statesOf(rows, span.end === undefined ? timeline : undefined);
  return file.write(
    runReport({
      plan,
      summary,
      rows,
      execution: execution.name,
      ...span,
      timeline,
      entries,
      deleted: deletedIn(entries),
      outcomes,
      hints,
      gaps,
      links: linksFor(target),
      diagram: await drawDiagram(plan, { states }),
      written: Date.now(),
    }),
  );
}

/** What may not be read is a gap in the report, and no reason not to write it. */
async function unlessRefused<T>(
  what: string,
  gaps: string[],
  read: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    gaps.push(`${what}: ${error.message}`);
    return [];
  }
}

/** Entries take a moment to be found by a query: how long the last of a run is waited for, in milliseconds. */
const patience = 10_000;

/** Whether the entry is there that a run ends with, which tells that the others are. */
function isWhole(entries: readonly LogEntry[]): boolean {
  return entries.some(({ jsonPayload }) => jsonPayload?.replicator?.phase === 'run');
}

/** The entries of a run. */
async function readEntries(
  { api, execution, summary: { state }, entries: known }: RunToReport,
  gaps: string[],
): Promise<readonly LogEntry[]> {
  if (isWhole(known)) return known;
  const isEnded = state !== 'active' && state !== 'cancelled';
  for (const until = Date.now() + patience; ; await pause(1000)) {
    const entries = await readLogs(api, execution.name);
    if (!isEnded || isWhole(entries)) return entries;
    if (Date.now() < until) continue;
    gaps.push('the last entries of the log: they had not arrived when this was written');
    return entries;
  }
}

/** What a dry run would do, as `npm run plan` finds it. */
async function differences(
  plan: WorkflowPlan,
  chosen: readonly string[],
  target: Target,
): Promise<DestinationOutcome[]> {
  const registry = openRegistry({ env: registryEnvironment(target) });
  const destinations = plan.destinations.filter(({ id }) => chosen.length === 0 || chosen.includes(id));
  const outcomes: DestinationOutcome[] = [];
  for await (const outcome of planAll([{ ...plan, destinations }], registry, () => {}))
    outcomes.push(outcome);
  return outcomes;
}

function notGood(rows: readonly ReportRow[]): ReadonlySet<string> {
  return new Set(
    rows.filter(({ state }) => state === 'failed' || state === 'partlyFailed').map((row) => row.destination),
  );
}

const drawn: readonly string[] = [
  'succeeded',
  'partlyFailed',
  'failed',
  'dryRun',
] satisfies DestinationState[];

function statesOf(
  rows: readonly ReportRow[],
  timeline: Timeline | undefined,
): ReadonlyMap<string, DestinationState> {
  const states = new Map<string, DestinationState>();
  for (const { destination, stages } of timeline?.lanes ?? [])
    if (stages.some(({ isOver }) => !isOver)) states.set(destination, 'running');
  for (const { destination, state } of rows)
    if (drawn.includes(state)) states.set(destination, state as DestinationState);
  return states;
}
