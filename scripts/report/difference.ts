/** What differs between a follower and its leader, or what a mirror changed. */
import { bytesOf, type Difference, isEqual, type TagChange } from '../../job/difference/difference.ts';
import { packageName, versionName } from '../../job/print/name.ts';
import { keptWords } from '../../job/print/plan.ts';
import { counted, size, thousands } from '../../job/print/quantity.ts';
import type { Change } from './changes.ts';
import { type Content, html } from './html.ts';
import { list, name, names } from './lists.ts';
import { table } from './parts.ts';

/** How lists are shown. */
export interface Limits {
  /** Rows that each list may show. */
  readonly limit: number;
  /** Where the rest is to be found. */
  readonly rest: string;
}

/** How many lists a difference has. */
export function listsIn({ copy, tags, delete: doomed, kept }: Difference): number {
  return [copy, tags, doomed, kept].filter(({ length }) => length > 0).length;
}

/** A difference in one sentence. */
export function sentenceOf(difference: Difference): string {
  const { copy, tags, delete: doomed } = difference;
  if (isEqual(difference)) return 'Nothing to do.';
  const parts = [
    copy.length > 0 && `${counted(copy.length, 'version')} to copy (${size(bytesOf(copy))})`,
    tags.length > 0 && `${counted(tags.length, 'tag')} to change`,
    doomed.length > 0 && `${counted(doomed.length, 'version')} to delete (${size(bytesOf(doomed))})`,
  ];
  return `${parts.filter((part) => part !== false).join(', ')}.`;
}

/** @param extras versions that only the follower has and that stay because it is not mirrored */
export function differenceView(difference: Difference, extras: number, limits: Limits): Content {
  const { copy, tags, delete: doomed, kept, excluded, held, refusals, warnings } = difference;
  const sides = [
    ['leader', held.source],
    ['follower', held.destination],
  ] as const;
  return html`<p>${sentenceOf(difference)}${extras > 0 && ` ${counted(extras, 'version')} that the leader does not have stay: this follower is not mirrored.`}${excluded > 0 && ` ${counted(excluded, 'version')} left out by the filters of the copy.`}</p>
${refusals.length > 0 && html`<div class="remark bad"><p>${refusals.some((one) => one.package === undefined) ? 'Nothing would be deleted:' : 'Not everything would be deleted:'}</p><ul>${refusals.map(({ message }) => html`<li>${message}</li>`)}</ul></div>`}
${warnings.length > 0 && html`<div class="remark fair"><p>Works against the mirror:</p><ul>${warnings.map(({ message }) => html`<li>${message}</li>`)}</ul></div>`}
${table({
  caption: 'What both sides hold',
  columns: [
    { name: 'side' },
    { name: 'versions', right: true },
    { name: 'tags', right: true },
    { name: 'size', right: true },
  ],
  rows: sides.map(([side, { versions, tags: tagged, bytes }]) => [
    side,
    thousands(versions),
    thousands(tagged),
    size(bytes),
  ]),
  className: 'small',
})}
${versions(`To copy: ${counted(copy.length, 'version')}, ${size(bytesOf(copy))}`, copy, limits)}
${list({
  heading: tagHeading(tags),
  items: tags,
  columns: [{ name: 'change' }, { name: 'tag' }, { name: 'from' }, { name: 'to' }],
  row: (change) => [
    change.kind,
    code(`${packageName(change.package)}:${change.tag}`),
    'from' in change && code(versionName(change.from)),
    'to' in change && code(versionName(change.to)),
  ],
  ...limits,
})}
${versions(`To delete: ${counted(doomed.length, 'version')}, ${size(bytesOf(doomed))}`, doomed, limits)}
${list({
  heading: `Kept: ${counted(kept.length, 'version')} that the leader does not have`,
  items: kept,
  columns: [{ name: 'package' }, { name: 'version' }, { name: 'why' }],
  row: (entry) => [
    code(packageName(entry.package)),
    code(versionName(entry.version)),
    name(keptWords(entry)),
  ],
  ...limits,
})}`;
}

function tagHeading(tags: readonly TagChange[]): string {
  const count = (kind: TagChange['kind']) => thousands(tags.filter((change) => change.kind === kind).length);
  return `Tags: ${count('create')} to create, ${count('move')} to move, ${count('remove')} to remove`;
}

function versions(heading: string, items: Difference['copy'], limits: Limits): Content {
  return list({
    heading,
    items,
    columns: [{ name: 'package' }, { name: 'version' }, { name: 'tags' }, { name: 'size', right: true }],
    row: ({ package: id, version, tags, bytes }) => [
      code(packageName(id)),
      code(versionName(version)),
      names(tags),
      size(bytes),
    ],
    ...limits,
  });
}

function code(text: string): Content {
  return html`<code>${name(text)}</code>`;
}

const actions: Readonly<Record<string, string>> = {
  'create-tag': 'create tag',
  'move-tag': 'move tag',
  'remove-tag': 'remove tag',
  'delete-version': 'delete version',
};

/** What a mirror changed at one follower. */
export function changesView(changes: readonly Change[], limits: Limits): Content {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  return list({
    heading: `${counted(count('delete-version'), 'version')} deleted; tags: ${thousands(count('create-tag'))} created, ${thousands(count('move-tag'))} moved, ${thousands(count('remove-tag'))} removed`,
    items: changes,
    columns: [{ name: 'change' }, { name: 'of' }, { name: 'from' }, { name: 'to' }],
    row: ({ action, package: id, version, tag, from, to }) => [
      actions[action] ?? action,
      code(
        tag === undefined ? `${packageName(id)}@${versionName(version ?? '')}` : `${packageName(id)}:${tag}`,
      ),
      from !== undefined && code(versionName(from)),
      to !== undefined && code(versionName(to)),
    ],
    ...limits,
  });
}
