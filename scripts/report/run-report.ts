/** The report on a run. Pure. */
import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { counted, duration, thousands } from '../../job/print/quantity.ts';
import type { DestinationOutcome } from '../plan/plan.ts';
import { type LogEntry, messageOf } from '../watch/logs.ts';
import type { Summary } from '../watch/summary.ts';
import { changesIn } from './changes.ts';
import { changesView } from './difference.ts';
import { differencesView, limitsFor } from './differences.ts';
import { type Content, html, link } from './html.ts';
import type { Links } from './links.ts';
import { fitting, rowsEach } from './lists.ts';
import { printPage } from './page.ts';
import { badge, drawing, facts, section, stateWords, table } from './parts.ts';
import type { ReportRow } from './rows.ts';
import { runSentence, runTitle } from './run-sentence.ts';
import { whenever } from './time.ts';
import type { Timeline } from './timeline.ts';
import { timelineView } from './timeline-view.ts';

/** What is known of a run. */
export interface RunFacts {
  readonly plan: WorkflowPlan;
  readonly summary: Summary;
  /** Of a run that has no result: those that the log tells of. */
  readonly rows: readonly ReportRow[];
  /** Full name of the execution. */
  readonly execution: string;
  /** Milliseconds since the epoch. */
  readonly start: number | undefined;
  /** Undefined: it goes on. */
  readonly end: number | undefined;
  readonly timeline: Timeline | undefined;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  /** Versions that a mirror deleted, by the repository's full name. */
  readonly deleted: ReadonlyMap<string, number>;
  /** Of a dry run: what differs. */
  readonly outcomes: readonly DestinationOutcome[];
  /** What to do about what went wrong. */
  readonly hints: readonly string[];
  /** What could not be read, and why. */
  readonly gaps: readonly string[];
  readonly links: Links;
  /** The plan's drawing, an `<svg>` element. */
  readonly diagram: string;
  /** Milliseconds since the epoch. */
  readonly written: number;
}

/** @returns the text of an HTML file */
export function runReport(run: RunFacts): string {
  return fitting((rows) => print(run, rows));
}

/** @param most rows of all lists of changes together */
function print(run: RunFacts, most: number): string {
  const { rows } = run;
  return printPage({
    title: `${run.plan.name}: ${runTitle(run.summary)}`,
    kind: run.summary.dryRun ? 'Replication, dry run' : 'Replication',
    sentence: runSentence({ ...run, seconds: secondsOf(run) }),
    body: [
      overview(run),
      wrong(run, rows),
      rows.length > 0 && section('destinations', 'Destinations', results(run, rows)),
      run.timeline && section('timeline', 'Timeline', timelineView(run.timeline)),
      changed(run, most),
      section('graph', 'Graph', drawing(run.diagram, `Graph of ${run.plan.name}`)),
    ],
    written: run.written,
  });
}

function secondsOf({ start, end }: RunFacts): number | undefined {
  return start === undefined || end === undefined ? undefined : (end - start) / 1000;
}

function overview({ plan, summary, execution, start, end, links, gaps }: RunFacts): Content {
  const id = execution.slice(execution.lastIndexOf('/') + 1);
  const logs = link(links.logs(execution), 'log entries');
  return html`<section aria-label="Overview">
${facts([
  ['State', badge(summary.state)],
  ['Leader', html`<code>${resourceName(plan.source)}</code>`],
  ['Started', start !== undefined && whenever(start)],
  ['Ended', end !== undefined ? whenever(end) : 'not yet'],
  [
    'Execution',
    html`${link(links.execution(execution), id)}${logs === 'log entries' ? '' : html`, ${logs}`}`,
  ],
])}
${gaps.length > 0 && html`<div class="remark fair"><p>Not in this report:</p><ul>${gaps.map((gap) => html`<li>${gap}</li>`)}</ul></div>`}
</section>
`;
}

/** Log entries that are shown of those that warn. */
const mostWarnings = 40;

/** The workflow's own results are in its rows; what the job says of its part is not. */
function isWarning({ severity, jsonPayload, textPayload }: LogEntry): boolean {
  if (severity !== 'WARNING' && severity !== 'ERROR') return false;
  const fields = jsonPayload?.replicator;
  if (!fields) return textPayload !== undefined;
  return fields.command !== undefined
    ? fields.phase !== 'end'
    : !['result', 'run'].includes(fields.phase ?? '');
}

function wrong({ summary, entries, hints }: RunFacts, rows: readonly ReportRow[]): Content {
  const failing = rows.filter(({ error }) => error !== undefined);
  const samples = rows.filter(({ skippedVersions }) => skippedVersions.length > 0);
  const isWhole = rows.length === 0 && summary.state === 'failed';
  const warnings = entries.filter(isWarning);
  if (failing.length + samples.length + warnings.length === 0 && !isWhole) return undefined;
  const shown = warnings.slice(0, mostWarnings);
  return section(
    'errors',
    'What went wrong',
    isWhole && html`<p class="error">${summary.message}</p>`,
    failing.map(
      ({ destination, state, error }) =>
        html`<div class="problem" id="error-${destination}"><h3>${destination} ${badge(state)}</h3><p class="error">${error}</p></div>`,
    ),
    hints.length > 0 &&
      html`<div class="remark fair"><p>What to do:</p><ul>${hints.map((hint) => html`<li>${hint}</li>`)}</ul></div>`,
    samples.map(
      ({ destination, skipped, skippedVersions }) =>
        html`<h3>Skipped at ${destination}</h3><p>${counted(skipped ?? skippedVersions.length, 'version')}; the first of them:</p><ul>${skippedVersions.map(
          ({ version, error }) => html`<li><code>${version}</code>: ${error}</li>`,
        )}</ul>`,
    ),
    shown.length > 0 &&
      html`<h3>Warnings in the log</h3><ul class="log">${shown.map(
        (entry) =>
          html`<li><time datetime="${entry.timestamp}">${entry.timestamp.slice(11, 19)}</time> ${messageOf(entry).slice(0, 1000)}</li>`,
      )}</ul>${warnings.length > shown.length && html`<p class="rest">${thousands(warnings.length - shown.length)} more are in the log.</p>`}`,
  );
}

function results({ summary, deleted, links }: RunFacts, rows: readonly ReportRow[]): Content {
  const count = (value: number | undefined) => (value === undefined ? undefined : thousands(value));
  const has = (isThere: (row: ReportRow) => boolean) => rows.some(isThere);
  const hasDeleted = has(({ repository }) => deleted.has(repository));
  const hasJobs = has(({ jobs }) => jobs.length > 0);
  const hasOperation = has(({ operation }) => operation !== undefined);
  return table({
    caption: summary.dryRun ? 'What came of each destination' : 'What came of each destination, in versions',
    columns: [
      { name: 'destination' },
      { name: 'state' },
      ...(summary.dryRun
        ? []
        : [
            { name: 'copied', right: true },
            { name: 'skipped', right: true },
          ]),
      ...(hasDeleted ? [{ name: 'deleted', right: true }] : []),
      { name: 'time', right: true },
      ...(hasOperation ? [{ name: 'operation' }] : []),
      ...(hasJobs ? [{ name: 'job' }] : []),
    ],
    rows: rows.map((row) => [
      html`<strong>${row.destination}</strong><br><small>${repository(row.repository, links)}</small>`,
      row.error === undefined
        ? badge(row.state)
        : html`<a href="#error-${row.destination}">${badge(row.state)}</a>`,
      ...(summary.dryRun ? [] : [count(row.copied), count(row.skipped)]),
      ...(hasDeleted ? [count(deleted.get(row.repository))] : []),
      row.seconds === undefined ? undefined : duration(row.seconds),
      ...(hasOperation
        ? [
            row.operation !== undefined &&
              html`<small><code>${row.operation.slice(row.operation.lastIndexOf('/') + 1)}</code></small>`,
          ]
        : []),
      ...(hasJobs
        ? [
            row.jobs.map(
              ({ command, state, execution }) =>
                html`<div>${link(execution === undefined ? undefined : links.job(execution), command)}: ${stateWords(state)}</div>`,
            ),
          ]
        : []),
    ]),
    className: 'results',
  });
}

function repository(full: string, links: Links): Content {
  const [, project] = full.split('/');
  return project === undefined ? full : link(links.repositories(project), full);
}

function changed({ rows, outcomes, entries, execution }: RunFacts, most: number): Content {
  if (outcomes.length > 0)
    return section('differences', 'Differences', differencesView(outcomes, limitsFor(outcomes, most)));
  const changes = changesIn(entries);
  if (changes.size === 0) return undefined;
  const names = new Map(rows.map((row) => [row.repository, row.destination]));
  const limits = {
    limit: rowsEach(changes.size, most),
    rest: `All of them: npm run logs -- --execution ${execution.slice(execution.lastIndexOf('/') + 1)}`,
  };
  return section(
    'changes',
    'What the mirror changed',
    html`<p>Tags and versions at the followers. What a copy added is counted above.</p>`,
    [...changes].map(
      ([repository, made]) =>
        html`<div class="of-follower"><h3>${names.get(repository) ?? repository}</h3>${changesView(made, limits)}</div>`,
    ),
  );
}
