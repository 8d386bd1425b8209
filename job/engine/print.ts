/** What a copy did, for people. */
import { counted, duration, size, thousands } from '../print/quantity.ts';
import { wrap } from '../print/wrap.ts';
import type { EngineOutcome } from './outcome.ts';

const STATES: Readonly<Record<EngineOutcome['state'], string>> = {
  succeeded: 'done',
  partlyFailed: 'partly failed',
  failed: 'failed',
  dryRun: 'dry run',
};

/** Failures that are shown; the log has every one. */
const shown = 20;

/** The report on one destination. */
export function printEngine(destination: string, outcome: EngineOutcome, width: number): string {
  const { state, counts, seconds, failures, error } = outcome;
  const { copied, equal, left, failed, tags, kept, sent, there, bytes } = counts;
  const verb = state === 'dryRun' ? 'to copy' : 'copied';
  const parts = [
    `${counted(copied, 'image')} ${verb}`,
    `${thousands(equal)} equal already`,
    ...(left > 0 ? [`${thousands(left)} left out by a filter`] : []),
    ...(failed > 0 ? [`${thousands(failed)} failed`] : []),
    counted(tags, 'tag'),
    ...(kept > 0 ? [`${counted(kept, 'tag')} kept as there`] : []),
    ...(state === 'dryRun'
      ? []
      : [`${counted(sent, 'blob')} sent (${size(bytes)}), ${thousands(there)} there already`]),
  ];
  const lines = wrap(`${destination}: ${STATES[state]} in ${duration(seconds)}: ${parts.join(', ')}`, width);
  const isListed = failures.some(({ why }) => why === error);
  if (error !== undefined && !isListed) lines.push(...wrap(error, width, 2));
  for (const { what, why } of failures.slice(0, shown)) lines.push(...wrap(`${what}: ${why}`, width, 2));
  if (failed > shown) lines.push(`  … ${thousands(failed - shown)} more; the log has them`);
  return lines.join('\n');
}
