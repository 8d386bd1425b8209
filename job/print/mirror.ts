/** What a mirror did, for people. */
import { resourceName } from '../../generator/plan.ts';
import type { KeptBecause } from '../difference/difference.ts';
import type { MirrorOutcome } from '../mirror/outcome.ts';
import { packageName } from './name.ts';
import { counted, duration, size, thousands } from './quantity.ts';
import { wrap } from './wrap.ts';

/** Changes not made that are shown. */
const SHOWN = 10;

/** A destination after a mirror. */
export function printMirror(outcome: MirrorOutcome, { width, all }: { width: number; all: boolean }): string {
  const { destination, created, moved, removed, deleted, bytes, equal, unseen, notDone, planned, seconds } =
    outcome;
  const tags = `tags: ${thousands(created)} created, ${thousands(moved)} moved, ${thousands(removed)} removed`;
  const lines = [
    resourceName(destination),
    `  ${tags}; ${counted(deleted, 'version')} deleted (${size(bytes)}); ${duration(seconds)}`,
    `  ${ending(outcome)}${equal === true ? '; equal to the source, but for what is kept' : ''}`,
  ];
  const kept = keptCounts(planned.kept);
  if (kept.length > 0)
    lines.push(`  kept: ${kept.map(([because, count]) => `${thousands(count)} ${because}`).join(', ')}`);
  if (unseen !== undefined) lines.push(...wrap(`what was changed was not seen again: ${unseen}`, width, 2));
  for (const { message } of outcome.refusals) lines.push(...wrap(`refused: ${message}`, width, 2));
  const shown = all || notDone.length <= SHOWN + 1 ? notDone : notDone.slice(0, SHOWN);
  for (const { what, why } of shown) lines.push(...wrap(`not done: ${packageName(what)}: ${why}`, width, 2));
  if (shown.length < notDone.length)
    lines.push(`  … ${thousands(notDone.length - shown.length)} more; --all shows them`);
  return lines.join('\n');
}

function ending({ state, equal }: MirrorOutcome): string {
  switch (state) {
    case 'succeeded':
      return 'done';
    case 'partlyFailed':
      return equal === false ? 'not done: it still differs' : 'partly done';
    case 'refused':
      return 'nothing was deleted, removed or moved away';
    case 'dryRun':
      return 'dry run: nothing was changed';
  }
}

/** How many are kept for each reason. */
export function keptCounts(kept: readonly { readonly because: KeptBecause }[]): [KeptBecause, number][] {
  const counts = new Map<KeptBecause, number>();
  for (const { because } of kept) counts.set(because, (counts.get(because) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}
