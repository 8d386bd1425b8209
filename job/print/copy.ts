/** What copies did, for people. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import type { CopyOutcome } from '../copy/outcome.ts';
import type { CopyProgress } from '../registry/registry.ts';
import { counted, duration, thousands } from './quantity.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

const STATES: Readonly<Record<CopyOutcome['state'], string>> = {
  succeeded: 'done',
  partlyFailed: 'partly failed',
  failed: 'failed',
  started: 'started',
  dryRun: 'dry run',
};

/** A table of the destinations, and below it what was skipped, or goes on. What failed is in the log. */
export function printCopy(outcomes: readonly CopyOutcome[], width: number): string {
  const rows = outcomes.map(({ destination, state, copied, skipped, seconds }) => [
    resourceName(destination),
    STATES[state],
    thousands(copied),
    thousands(skipped),
    duration(seconds),
  ]);
  const columns = [{ cut: true }, {}, { right: true }, { right: true }, { right: true }];
  const lines = table([['destination', 'state', 'copied', 'skipped', 'time'], ...rows], columns, { width });
  for (const { destination, skippedVersions, state, operation, request } of outcomes) {
    const name = resourceName(destination);
    for (const skipped of skippedVersions)
      lines.push(...wrap(`skipped ${skipped.version}: ${skipped.error}`, width, 2));
    if (state === 'started') lines.push('', name, `  goes on as ${operation}`);
    if (request) lines.push('', `would POST ${request.url}`, `  ${JSON.stringify(request.body)}`);
  }
  return lines.join('\n');
}

/** How all copies go, in one line that is written again and again. */
export interface Progress {
  /** Takes what is new. @returns the line */
  update(destination: RepositoryName, progress: CopyProgress): string;
}

/**
 * @param destinations how many are copied to
 * @param elapsed seconds since the start
 */
export function copyProgressLine(destinations: number, elapsed: () => number): Progress {
  const seen = new Map<string, CopyProgress>();
  return {
    update(destination, progress) {
      seen.set(resourceName(destination), progress);
      const all = [...seen.values()];
      const sum = (value: (one: CopyProgress) => number) => all.reduce((total, one) => total + value(one), 0);
      const [finished, total] = [sum(({ copied, skipped }) => copied + skipped), sum((one) => one.total)];
      const share = total === 0 ? '' : ` (${Math.floor((100 * finished) / total)} %)`;
      const done = all.filter((one) => one.done).length;
      return `${done} of ${counted(destinations, 'destination')}, ${thousands(finished)} of ${counted(total, 'version')}${share}, ${duration(Math.round(elapsed()))}`;
    },
  };
}
