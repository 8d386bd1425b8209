/** What is special about a destination, in a line each. Nothing is said of what the API does by itself. */
import type { CopyPlan, DestinationPlan, EngineCopyPlan, Json, MirrorPlan } from '../plan.ts';

export function settingsInWords({ copy, mirror, verify }: DestinationPlan): string[] {
  return [
    ...(copy.engine === 'job' ? ['copied by the job'] : []),
    ...copyInWords(copy),
    ...filtersInWords(copy.own),
    ...(mirror ? mirrorInWords(mirror) : []),
    ...(verify && !mirror ? ['verified after the copy'] : []),
  ];
}

function copyInWords({ behavior, allowSkippedVersions }: CopyPlan): string[] {
  const words = Object.entries(behavior).map(([field, value]) => behaviorInWords(field, value));
  return [...words, ...(allowSkippedVersions ? ['skipped versions leave it a success'] : [])];
}

function behaviorInWords(field: string, value: Json): string {
  if (field === 'maxVersionAgeDays' && typeof value === 'number')
    return value === 0 ? 'versions of any age' : `only versions of the last ${count(value, 'day')}`;
  if (value === true && field === 'continueOnSkippedVersion') return 'goes on past versions it cannot copy';
  if (value === true && field === 'allAttachmentsIncluded') return 'with attachments';
  if (value === true && field === 'allTagsExcluded') return 'without tags';
  const isPlain = typeof value === 'string' && /^\P{Cc}+$/u.test(value);
  return `${field}: ${isPlain ? value : JSON.stringify(value)}`;
}

function filtersInWords(own: EngineCopyPlan): string[] {
  const lines: string[] = [];
  if (own.packages) lines.push(`only packages ${own.packages.join(', ')}`);
  if (own.tags) lines.push(`only tags ${own.tags.join(', ')}`);
  if (own.newestTags !== undefined)
    lines.push(
      `only the newest ${count(own.newestTags, 'tag')} by ${own.newestBy === 'time' ? 'time' : 'version'}`,
    );
  if (own.platforms)
    lines.push(`only ${own.platforms.join(', ')}${own.rewriteIndex ? ', indexes rewritten' : ''}`);
  if (own.moved === 'keep') lines.push('keeps tags that moved');
  if (own.moved === 'fail') lines.push('fails where a tag moved');
  if (own.foreignLayers) lines.push('with foreign layers');
  return lines;
}

function mirrorInWords({ maxDeletions, maxDeletionShare, allowEmptySource, protect }: MirrorPlan): string[] {
  const percent = Number((maxDeletionShare * 100).toFixed(4));
  const kept = [
    ...(protect.tags.length > 0 ? [`tags ${protect.tags.join(', ')}`] : []),
    ...(protect.packages.length > 0 ? [`packages ${protect.packages.join(', ')}`] : []),
    ...(protect.newerThanDays > 0 ? [`what is newer than ${count(protect.newerThanDays, 'day')}`] : []),
  ];
  return [
    `mirror: deletes at most ${maxDeletions}, at most ${percent} %`,
    ...(kept.length > 0 ? [`never deletes ${kept.join('; ')}`] : []),
    ...(allowEmptySource ? ['an empty leader may empty it'] : []),
  ];
}

/** `1 day`, `2 days`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
