// @ts-check
/** All repositories, with those that belong together compared. */
import { get, repeat } from './api.js';
import { compare } from './compare.js';
import { difference } from './difference.js';
import { fill, h, keyed } from './dom.js';
import { bytes, counted, lastPart, repositoryText } from './format.js';
import { href } from './route.js';

/**
 * @typedef {import('./api.js').RepositoryRow} RepositoryRow
 * @typedef {RepositoryRow & { missing?: number, extra?: number, different?: number }} GroupRow
 */

/** Groups that are compared on the page of all repositories. */
const most = 12;

/** @param {HTMLElement} root @param {URLSearchParams} params @param {AbortSignal} signal */
export async function showRepositories(root, params, signal) {
  document.title = 'Repositories · Emulator console';
  const names = params.get('compare')?.split(',') ?? [];
  if (names.length > 0) return compare(root, names, params, signal);
  const groups = h('div', { class: 'groups' });
  const none = h(
    'p',
    { class: 'notice', hidden: true },
    'There is no repository on this emulator yet. The terminal that runs it shows how gcloud makes one and skopeo fills it.',
  );
  const about = h(
    'p',
    { class: 'muted', hidden: true },
    'Grouped by what was copied from where, otherwise by name and format. A leader comes first.',
  );
  fill(root, h('h1', {}, 'Repositories'), about, none, groups);
  await repeat(signal, async () => {
    const began = performance.now();
    /** @type {{ repositories: RepositoryRow[] }} */
    const { repositories } = await get('repositories', {}, signal);
    none.hidden = repositories.length > 0;
    about.hidden = repositories.length === 0;
    const shown = [];
    for (const { title, rows } of grouped(repositories)) {
      // Many groups are many comparisons: the first ones are enough for a look.
      if (rows.length < 2 || shown.length >= most) shown.push({ title, rows });
      else {
        const names = rows.map(({ name }) => name).join(',');
        const { repositories: compared } = await get('compare', { repositories: names, limit: 0 }, signal);
        shown.push({ title, rows: /** @type {GroupRow[]} */ (compared) });
      }
    }
    keyed(groups, shown, ({ title }) => title, group);
    return Math.max(1000, 5 * (performance.now() - began));
  });
}

/**
 * What was copied belongs to where it was copied from. Others are taken together by name and format, and the leader
 * among them for the one that holds most, or is oldest.
 *
 * @param {readonly RepositoryRow[]} repositories
 */
function grouped(repositories) {
  const byName = new Map(repositories.map((one) => [one.name, one]));
  const sources = new Set(repositories.map(({ source }) => source));
  /** @type {Map<string, RepositoryRow[]>} */
  const groups = new Map();
  for (const one of repositories) {
    const { name, format } = rootOf(one, byName);
    const title = `${lastPart(name)} (${format})`;
    groups.set(title, [...(groups.get(title) ?? []), one]);
  }
  return [...groups].map(([title, rows]) => {
    const [leader] = [...rows].sort(
      (one, other) =>
        Number(sources.has(other.name)) - Number(sources.has(one.name)) ||
        other.versions - one.versions ||
        (one.created < other.created ? -1 : 1),
    );
    // The others in an order that copies do not change.
    return { title, rows: leader ? [leader, ...rows.filter((one) => one !== leader)] : [] };
  });
}

/** @param {RepositoryRow} row @param {ReadonlyMap<string, RepositoryRow>} byName */
function rootOf(row, byName) {
  let root = row;
  // As many steps as there are repositories: two may have been copied from each other.
  for (let left = byName.size; left > 0 && root.source !== undefined; left--)
    root = byName.get(root.source) ?? root;
  return root;
}

/** @param {{ title: string, rows: readonly GroupRow[] }} group */
function group({ title, rows }) {
  const names = rows.map(({ name }) => name);
  return h(
    'section',
    { class: 'panel', 'aria-label': title },
    h(
      'div',
      { class: 'heading' },
      h('h2', {}, title),
      h(
        'a',
        { href: href('repositories', { compare: names.join(',') }) },
        rows.length > 1 ? 'Compare side by side' : 'Look inside',
      ),
    ),
    h(
      'ul',
      { class: 'plain-list repositories' },
      ...rows.map((row, index) =>
        h(
          'li',
          { class: 'repository' },
          h(
            'a',
            {
              href: href('repositories', {
                compare: [row.name, ...names.filter((name) => name !== row.name)].join(','),
              }),
            },
            repositoryText(row.name),
          ),
          row.missing === undefined
            ? h('span')
            : index === 0
              ? h('span', { class: 'role' }, 'leader')
              : difference(row),
          h(
            'span',
            { class: 'muted' },
            sizeText(row),
            typeof row.description === 'string' && row.description !== '' ? ` · ${row.description}` : null,
          ),
        ),
      ),
    ),
  );
}

/** @param {RepositoryRow} row */
function sizeText({ packages, versions, tags, bytes: size }) {
  return `${counted(packages, 'package')} · ${counted(versions, 'version')} · ${counted(tags, 'tag')}${size > 0 ? ` · ${bytes(size)}` : ''}`;
}
