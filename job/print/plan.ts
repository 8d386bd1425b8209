/** A difference for people. */
import { resourceName } from '../../generator/plan.ts';
import {
  bytesOf,
  type Difference,
  isEqual,
  type KeptBecause,
  type KeptEntry,
  type TagChange,
  type VersionEntry,
} from '../difference/difference.ts';
import { packageName, versionName } from './name.ts';
import { counted, size, thousands } from './quantity.ts';
import { type Column, table } from './table.ts';
import { wrap } from './wrap.ts';

/** How to print. */
export interface PrintOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Print lists whole. */
  readonly all: boolean;
}

/** Rows of a list that are shown without `--all`. */
const SHOWN = 10;

/** Why something stays, in words; the name of what keeps it follows. */
const KEPT: Readonly<Record<KeptBecause, string>> = {
  'protected-tag': 'protected tag',
  'protected-package': 'protected package',
  'protected-age': 'younger than protect.newerThanDays',
  'newer-than-copy': 'newer than the start of the copy',
  'child-of-kept': 'part of an index that stays:',
  'refers-to-kept': 'attached to a version that stays:',
  'subject-of-kept': 'a version that stays is attached to it:',
  'tag-of-source': 'waits for the version of tag',
};

/** The plan of one destination. */
export function printPlan(difference: Difference, options: PrintOptions): string {
  const { source, destination, format, copy, tags, delete: doomed, kept, excluded } = difference;
  const lines = [`${resourceName(destination)} (${format})`, `follows ${resourceName(source)}`, ''];
  lines.push(...held(difference, options), '');
  if (isEqual(difference) && difference.refusals.length === 0)
    lines.push(
      `Nothing to do: the destination holds what the source holds${kept.length > 0 ? ', and what is kept' : ''}.`,
    );
  if (copy.length > 0)
    lines.push(
      `To copy: ${counted(copy.length, 'version')}, ${size(bytesOf(copy))}`,
      ...versions(copy, options),
    );
  if (tags.length > 0) lines.push(tagSummary(tags), ...tagChanges(tags, options));
  if (doomed.length > 0)
    lines.push(
      `To delete: ${counted(doomed.length, 'version')}, ${size(bytesOf(doomed))}`,
      ...versions(doomed, options),
    );
  if (kept.length > 0)
    lines.push(
      `Kept: ${counted(kept.length, 'version')} that the source does not have`,
      ...keptRows(kept, options),
    );
  if (excluded > 0) lines.push(`Left out by the filters of the copy: ${counted(excluded, 'version')}`);
  lines.push(...told(difference, options));
  return lines.join('\n');
}

/** What all plans come to, in a line. */
export function printTotals(differences: readonly Difference[]): string {
  const total = (value: (difference: Difference) => number) =>
    differences.reduce((sum, difference) => sum + value(difference), 0);
  const versions = (of: 'copy' | 'delete') =>
    `${counted(
      total((difference) => difference[of].length),
      'version',
    )} to ${of} (${size(total((difference) => bytesOf(difference[of])))})`;
  const tags = counted(
    total((difference) => difference.tags.length),
    'tag',
  );
  return `In all: ${versions('copy')}, ${tags} to change, ${versions('delete')}.`;
}

function held({ held: { source, destination } }: Difference, { width }: PrintOptions): string[] {
  const row = (name: string, { versions, tags, bytes }: typeof source): string[] => [
    name,
    thousands(versions),
    thousands(tags),
    size(bytes),
  ];
  const columns: Column[] = [{}, { right: true }, { right: true }, { right: true }];
  const rows = [['', 'versions', 'tags', 'size'], row('source', source), row('destination', destination)];
  return table(rows, columns, { width, indent: 2 });
}

function versions(entries: readonly VersionEntry[], options: PrintOptions): string[] {
  const rows = shown(entries, options).map(({ package: id, version, tags, bytes }) => [
    packageName(id),
    versionName(version),
    tags.join(', '),
    size(bytes),
  ]);
  const columns: Column[] = [{}, {}, { cut: true }, { right: true }];
  return [...table(rows, columns, { width: options.width, indent: 2 }), ...more(entries, options)];
}

function tagSummary(tags: readonly TagChange[]): string {
  const count = (kind: TagChange['kind']) => thousands(tags.filter((change) => change.kind === kind).length);
  return `Tags: ${count('create')} to create, ${count('move')} to move, ${count('remove')} to remove`;
}

function tagChanges(tags: readonly TagChange[], options: PrintOptions): string[] {
  const rows = shown(tags, options).map((change) => [
    change.kind,
    `${packageName(change.package)}:${change.tag}`,
    'from' in change ? versionName(change.from) : '',
    'to' in change ? `→ ${versionName(change.to)}` : '',
  ]);
  return [
    ...table(rows, [{}, { cut: true }, {}, {}], { width: options.width, indent: 2 }),
    ...more(tags, options),
  ];
}

function keptRows(kept: readonly KeptEntry[], options: PrintOptions): string[] {
  const rows = shown(kept, options).map((entry) => [
    packageName(entry.package),
    versionName(entry.version),
    keptWords(entry),
  ]);
  return [
    ...table(rows, [{}, {}, { cut: true }], { width: options.width, indent: 2 }),
    ...more(kept, options),
  ];
}

/** Why something stays, with the name of what keeps it. */
export function keptWords({ because, by }: KeptEntry): string {
  const isNamed = because !== 'protected-age' && because !== 'newer-than-copy';
  return isNamed ? `${KEPT[because]} ${versionName(by)}` : KEPT[because];
}

/**
 * Refusals and warnings: of the whole destination all of them, since they are what a person has to act on. One of each
 * package may come a thousand times.
 */
function told({ refusals, warnings }: Difference, options: PrintOptions): string[] {
  const say = (entries: readonly { readonly code: string; readonly message: string }[]) =>
    entries.flatMap(({ code, message }) => wrap(`${code}: ${message}`, options.width, 2));
  const all = refusals.filter((refusal) => refusal.package === undefined);
  const single = refusals.filter((refusal) => refusal.package !== undefined);
  const whole = all.length > 0;
  return [
    ...(refusals.length > 0
      ? [
          `Refused: ${whole ? 'nothing' : 'not everything'} would be deleted`,
          ...say([...all, ...shown(single, options)]),
          ...more(single, options),
        ]
      : []),
    ...(warnings.length > 0 ? ['Warnings', ...say(warnings)] : []),
  ];
}

function shown<T>(entries: readonly T[], { all }: PrintOptions): readonly T[] {
  // One that would be hidden alone is shown instead of the line that says so.
  return all || entries.length <= SHOWN + 1 ? entries : entries.slice(0, SHOWN);
}

function more(entries: readonly unknown[], options: PrintOptions): string[] {
  const hidden = entries.length - shown(entries, options).length;
  return hidden === 0 ? [] : [`  … ${thousands(hidden)} more; --all shows them, --json has everything`];
}
