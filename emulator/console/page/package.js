// @ts-check
/** One package side by side: each tag with the version that it names, or each version with its tags. */
import { get, later, repeat } from './api.js';
import { fill, h, icon, keyed } from './dom.js';
import { bytes, repositoryText, time, versionText } from './format.js';
import { pager } from './pager.js';
import { href, note } from './route.js';

/**
 * @typedef {import('./api.js').Cell} Cell
 * @typedef {{ state: Cell, version?: string, tags?: string[] }} PlaceCell
 * @typedef {{ id: string, created?: number, type?: string, bytes?: number, differs: boolean, cells: PlaceCell[] }} Row
 */

const page = 100;

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
  let mark = '';
  const differing = h('input', {
    type: 'checkbox',
    id: 'differing',
    checked: params.get('differing') === 'true',
    onchange: () => again(),
  });
  const search = h('input', {
    type: 'search',
    'aria-label': `Search ${by}`,
    placeholder: `Search ${by}`,
    value: params.get('search') ?? '',
    oninput: () => again(),
  });
  const pages = pager(page, () => again(false));
  const head = h('tr', {});
  const body = h('tbody', {});
  const none = h(
    'p',
    { class: 'list-empty', hidden: true },
    by === 'tags' ? 'No tag is like that.' : 'No version is like that.',
  );
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
    h(
      'div',
      { class: 'filters' },
      search,
      h('label', { for: 'differing', class: 'check' }, differing, 'Only what differs'),
      pages.element,
    ),
    h(
      'div',
      {
        class: 'table-frame',
        tabindex: '0',
        role: 'region',
        'aria-label': `${by} of ${id} in the repositories`,
      },
      h(
        'table',
        { class: 'compare' },
        h('caption', { class: 'unseen' }, `${by} by repository; the first is the leader`),
        h('thead', {}, head),
        body,
      ),
    ),
    none,
  );
  const once = async () => {
    const began = performance.now();
    const answer = await get(
      'package',
      {
        repositories: compare,
        package: id,
        by,
        since: mark,
        differing: differing.checked,
        search: search.value.trim(),
        offset: pages.offset,
        limit: page,
      },
      signal,
    );
    if (answer.unchanged !== true) {
      mark = answer.mark;
      fill(
        head,
        h('th', { scope: 'col' }, by === 'tags' ? 'Tag' : 'Version'),
        ...answer.repositories.map((/** @type {{ name: string }} */ { name }, /** @type {number} */ index) =>
          h(
            'th',
            { scope: 'col' },
            h('span', { class: 'strong', title: name }, repositoryText(name)),
            index === 0 ? h('span', { class: 'role' }, 'leader') : null,
          ),
        ),
      );
      keyed(
        body,
        answer.rows.items,
        (/** @type {Row} */ row) => row.id,
        (row) => rowOf(row, by),
      );
      none.hidden = answer.rows.total > 0;
      pages.show(answer.rows.total, by === 'tags' ? 'tag' : 'version');
    }
    return Math.max(1000, 5 * (performance.now() - began));
  };
  const again = (fromStart = true) => {
    if (fromStart) pages.offset = 0;
    mark = '';
    note({ differing: differing.checked, search: search.value.trim() });
    later(once());
  };
  await repeat(signal, once);
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
          ...tags.slice(0, 10).map((tag) => h('span', { class: 'tag' }, tag)),
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
