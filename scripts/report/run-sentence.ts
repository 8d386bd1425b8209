/** What happened in a run, for who reads nothing else. Pure. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { counted, duration, thousands } from '../../job/print/quantity.ts';
import type { DestinationOutcome } from '../plan/plan.ts';
import type { Summary } from '../watch/summary.ts';
import { differencesSentence } from './differences.ts';
import { type Content, html } from './html.ts';
import { stateWords } from './parts.ts';
import type { ReportRow } from './rows.ts';

/** What the sentence is about. */
export interface Told {
  readonly plan: WorkflowPlan;
  readonly summary: Summary;
  readonly rows: readonly ReportRow[];
  /** Undefined: it is not over, or not known. */
  readonly seconds: number | undefined;
  /** Of a dry run: what differs. */
  readonly outcomes: readonly DestinationOutcome[];
  /** Versions that a mirror deleted, by the repository's full name. */
  readonly deleted: ReadonlyMap<string, number>;
}

/** `the run partly failed`: after the replicator's name, the report's title. */
export function runTitle({ state }: Summary): string {
  switch (state) {
    case 'skipped':
      return 'gave way to an older run';
    case 'active':
      return 'the run goes on';
    case 'cancelled':
      return 'the run was cancelled';
    case 'dryRun':
      return 'dry run';
    default:
      return `the run ${stateWords(state)}`;
  }
}

export function runSentence(told: Told): Content {
  const { summary, rows, seconds } = told;
  const good = rows.filter(({ state }) => state === 'succeeded' || state === 'dryRun').length;
  const of =
    good === rows.length
      ? counted(rows.length, 'destination')
      : `${thousands(good)} of ${counted(rows.length, 'destination')}`;
  const took = seconds === undefined ? '' : ` after ${duration(seconds)}`;
  switch (summary.state) {
    case 'active':
      return html`Following the run was stopped, and the run itself <strong>goes on</strong>; ${soFar(rows)}.`;
    case 'cancelled':
      return html`The run was <strong>cancelled</strong>${took}. Copies that it had started go on inside Artifact Registry; they only add; ${soFar(rows)}.`;
    case 'skipped':
      return html`The run did <strong>nothing</strong>: it ${summary.message}.`;
    case 'dryRun':
      return html`A <strong>dry run</strong> changed nothing; ${of} would be copied to. ${told.outcomes.length > 0 && differencesSentence(told.outcomes)}`;
  }
  const state = html`<strong>${stateWords(summary.state)}</strong>`;
  if (rows.length === 0) return html`The run ${state}${took}: ${summary.message}`;
  return html`The run ${state}${took}: ${of} ${good === 1 ? 'was' : 'were'} brought up to date with <code>${told.plan.source.repository}</code>; ${amounts(told)}.`;
}

function soFar(rows: readonly ReportRow[]): string {
  return rows.length === 0 ? 'no destination had ended' : `${counted(rows.length, 'destination')} had ended`;
}

function amounts({ rows, deleted }: Told): string {
  const total = (value: (row: ReportRow) => number | undefined) =>
    rows.reduce((sum, row) => sum + (value(row) ?? 0), 0);
  const counting = rows.filter(({ copied }) => copied !== undefined);
  const skipped = total((row) => row.skipped);
  return [
    // The job counts what it copies in its own log.
    counting.length > 0
      ? `${counted(
          total((row) => row.copied),
          'version',
        )} copied`
      : 'copied by the job',
    skipped > 0 && `${thousands(skipped)} skipped`,
    deleted.size > 0 && `${thousands(total((row) => deleted.get(row.repository)))} deleted`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
