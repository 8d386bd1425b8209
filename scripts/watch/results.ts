/** The results of a run as a table. */

import { visibleLine } from '../../job/log/logger.ts';
import { duration } from '../../job/print/quantity.ts';
import { table } from '../../job/print/table.ts';
import { wrap } from '../../job/print/wrap.ts';
import { chalk } from '../colours.ts';
import type { Summary } from './summary.ts';

/** How to print. */
export interface ResultsOptions {
  readonly width: number;
  /** Versions that a mirror deleted, by the repository's full name. */
  readonly deleted: ReadonlyMap<string, number>;
}

/** One line a destination, and below them what would be posted and what went wrong, whole. */
export function printResults(
  { state, message, results }: Summary,
  { width, deleted }: ResultsOptions,
): string {
  const count = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(value);
  const hasDeleted = results.some(({ repository }) => deleted.has(repository));
  const rows = results.map((row) => [
    row.destination,
    row.state,
    count(row.copied),
    count(row.skipped),
    ...(hasDeleted ? [count(deleted.get(row.repository))] : []),
    duration(row.seconds),
  ]);
  const head = ['destination', 'state', 'copied', 'skipped', ...(hasDeleted ? ['deleted'] : []), 'time'];
  const columns = head.map((_, index) => (index < 2 ? { cut: index === 0 } : { right: true }));
  const errors = results.flatMap(({ destination, error }) =>
    error === undefined ? [] : wrap(`${destination}: ${visibleLine(error)}`, width),
  );
  const requests = results.flatMap(({ request }) =>
    request
      ? [`would POST ${visibleLine(request.url)}`, `  ${visibleLine(JSON.stringify(request.body))}`]
      : [],
  );
  return [
    ...(rows.length > 0 ? [...table([head, ...rows], columns, { width }), ''] : []),
    ...(requests.length > 0 ? [...requests, ''] : []),
    ...(errors.length > 0 ? [...errors, ''] : []),
    `${colour(state)(state)}  ${visibleLine(message)}`,
  ].join('\n');
}

function colour(state: string): (text: string) => string {
  if (state === 'succeeded' || state === 'dryRun') return chalk.green;
  return state === 'skipped' || state === 'partlyFailed' || state === 'active' ? chalk.yellow : chalk.red;
}
