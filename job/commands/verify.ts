/** `verify`: every destination compared with the source. */
import { resourceName } from '../../generator/plan.ts';
import type { Log } from '../log/log.ts';
import { endedRun } from '../metrics/metrics.ts';
import { printVerify } from '../print/verify.ts';
import type { JobRequest } from '../request.ts';
import { describeVerify, type VerifyReport, verifyDestination } from '../verify/verify.ts';
import { eachDestination, type Row } from './each.ts';
import { type Ending, end } from './ending.ts';
import { figuresOf } from './plan.ts';
import type { Tools } from './tools.ts';

/** How it is shown. */
export interface VerifyOptions {
  readonly json: boolean;
  readonly all: boolean;
}

/** Verifies every destination. @returns the exit code */
export async function verify(
  request: JobRequest,
  tools: Tools,
  { json, all }: VerifyOptions,
): Promise<number> {
  const { registry, log, clock, screen, metrics } = tools;
  const began = clock.now();
  const rows = await eachDestination(request.destinations, log, async (destination) => {
    screen.status(`comparing ${resourceName(destination)}`);
    const report = await verifyDestination(registry, request, destination, () => clock.now());
    const fields = { phase: 'verify', destination: resourceName(destination) } as const;
    if (!json && (screen.isForPeople || report.state === 'different'))
      screen.report(printVerify(report, { width: screen.width, all }), fields);
    logVerify(report, log);
    return report;
  });
  if (json)
    screen.document({
      source: resourceName(request.source),
      destinations: rows.map((row) => ({
        ...('outcome' in row ? row.outcome : { state: 'failed', error: row.error }),
        destination: resourceName(row.destination),
      })),
    });
  const reports = rows.flatMap((row) => ('outcome' in row ? [row.outcome] : []));
  const endings = verifyEndings(rows);
  const seconds = (clock.now() - began) / 1000;
  metrics.ended(endedRun(endings, seconds));
  return end(log, 'verify', endings, { counts: verifyCounts(reports), seconds });
}

/** The entry of one destination that was verified. */
export function logVerify(report: VerifyReport, log: Log): void {
  const { destination, state, seconds } = report;
  log(state === 'equal' ? 'INFO' : 'ERROR', describeVerify(report), {
    phase: 'result',
    destination: resourceName(destination),
    state,
    counts: verifyCounts([report]),
    seconds,
  });
}

/** How each destination ended: one that differs has failed. */
export function verifyEndings(rows: readonly Row<VerifyReport>[]): Ending[] {
  return rows.map((row) => {
    const destination = resourceName(row.destination);
    if ('error' in row) return { destination, state: 'failed', error: row.error };
    if (row.outcome.state === 'equal') return { destination, state: 'succeeded' };
    return { destination, state: 'failed', error: describeVerify(row.outcome) };
  });
}

/** What all verifications found. */
export function verifyCounts(reports: readonly VerifyReport[]) {
  const total = (value: (report: VerifyReport) => number) =>
    reports.reduce((sum, report) => sum + value(report), 0);
  const { missing, createTags, moveTags, removeTags, deleteVersions, kept } = figuresOf(
    reports.map(({ difference }) => difference),
  ).counts;
  return {
    missing,
    extra: deleteVersions,
    tags: createTags + moveTags + removeTags,
    files: total(({ filesDiffering }) => filesDiffering),
    filesCompared: total(({ filesCompared }) => filesCompared),
    kept,
  };
}
