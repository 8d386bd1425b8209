// @ts-check
/** One package side by side: each tag with the version that it names, or each version with its tags. */
import { comparison } from './comparison.js';
import { fill, h, icon } from './dom.js';
import { bytes, repositoryText, time, versionText } from './format.js';
import { href } from './route.js';

/**
 * @typedef {import('./api.js').Cell} Cell
 * @typedef {{ state: Cell, version?: string, tags?: string[] }} PlaceCell
 * @typedef {{ id: string, created?: number, type?: string, bytes?: number, differs: boolean, cells: PlaceCell[] }} Row
 */

/** How a cell compares with the leader's. @type {Readonly<Record<Cell, { tone: string, icon: import('./dom.js').IconName, word: string }>>} */
const looks = {
  same: { tone: 'success', icon: 'check', word: 'same' },
  different: { tone: 'warning', icon: 'warning', word: 'other digest' },
  missing: { tone: 'failure', icon: 'minus', word: 'missing here' },
  extra: { tone: 'active', icon: 'plus', word: 'extra here' },
  absent: { tone: 'none', icon: 'minus', word: 'not here' },
};

/** @param {HTMLElement} root @param {URLSearchParams} params @param {AbortSignal} signal */
export async function showPackage(root, params, signal) {
  const id = params.get('package') ?? '';
  const compare = params.get('compare') ?? '';
  const by = params.get('by') === 'versions' ? 'versions' : 'tags';
  document.title = `${id} · Emulator console`;
  const { elements, follow } = comparison(params, signal, {
    path: 'package',
    query: { repositories: compare, package: id, by },
    noun: by === 'tags' ? 'tag' : 'version',
    label: `${by} of ${id} in the repositories`,
    caption: `${by} by repository; the first is the leader`,
    rows: ({ rows }) => rows,
    showHead: (head, { repositories }) => showHead(head, by === 'tags' ? 'Tag' : 'Version', repositories),
    rowOf: (/** @type {Row} */ row) => rowOf(row, by),
  });
  const link = (/** @type {string} */ what, /** @type {string} */ title) =>
    h(
      'a',
      {
        href: href('package', { package: id, compare, by: what }),
        'aria-current': what === by ? 'page' : undefined,
      },
      title,
    );
  fill(
    root,
    h(
      'p',
      { class: 'crumbs' },
      h('a', { href: '#/repositories' }, 'Repositories'),
      h('a', { href: href('repositories', { compare }) }, 'Side by side'),
    ),
    h('h1', {}, id),
    h(
      'nav',
      { class: 'tabs', 'aria-label': 'What is compared' },
      link('tags', 'Tags'),
      link('versions', 'Versions'),
    ),
    ...elements,
  );
  await follow();
}

/** @param {HTMLElement} head @param {string} title @param {readonly { name: string }[]} repositories */
function showHead(head, title, repositories) {
  fill(
    head,
    h('th', { scope: 'col' }, title),
    ...repositories.map(({ name }, index) =>
      h(
        'th',
        { scope: 'col' },
        h('span', { class: 'strong', title: name }, repositoryText(name)),
        index === 0 ? h('span', { class: 'role' }, 'leader') : null,
      ),
    ),
  );
}

/** @param {Row} row @param {string} by */
function rowOf({ id, created, type, bytes: size, cells }, by) {
  const about =
    by === 'tags'
      ? null
      : h(
          'span',
          { class: 'muted about' },
          [created === undefined ? '' : time(created), size ? bytes(size) : '', type ?? '']
            .filter((text) => text !== '')
            .join(' · '),
        );
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h('span', { class: by === 'tags' ? '' : 'mono', title: id }, by === 'tags' ? id : versionText(id)),
      about,
    ),
    ...cells.map((cell, index) => h('td', {}, placeCell(cell, index === 0))),
  );
}

/** @param {PlaceCell} cell @param {boolean} leads */
function placeCell({ state, version, tags }, leads) {
  const look = looks[state];
  return h(
    'span',
    { class: 'counts' },
    version === undefined ? null : h('span', { class: 'mono', title: version }, versionText(version)),
    tags === undefined || tags.length === 0
      ? null
      : h(
          'span',
          { class: 'tags' },
          ...tags.slice(0, 10).map((tag) => h('span', { class: 'tag', title: tag }, tag)),
          tags.length > 10 ? h('span', { class: 'muted' }, `and ${tags.length - 10} more`) : null,
        ),
    leads && state === 'same' && version !== undefined
      ? null
      : h(
          'span',
          { class: `diff tone-${look.tone}` },
          icon(look.icon),
          leads && state === 'same' ? 'here' : look.word,
        ),
  );
}
