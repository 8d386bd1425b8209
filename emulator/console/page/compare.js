// @ts-check
/** Repositories side by side: the first one chosen is the leader, what the others lack or have more is marked. */
import { get, later, repeat } from './api.js';
import { difference } from './difference.js';
import { fill, h, keyed, setText } from './dom.js';
import { counted, repositoryText } from './format.js';
import { pager } from './pager.js';
import { href, note } from './route.js';

/**
 * @typedef {import('./api.js').RepositoryRow} RepositoryRow
 * @typedef {RepositoryRow & { missing: number, extra: number, different: number }} ComparedRow
 * @typedef {import('./api.js').PackageRow} PackageRow
 * @typedef {NonNullable<PackageRow['cells'][number]>} Counts
 */

/** Packages of one page. */
const page = 100;

/** @param {HTMLElement} root @param {readonly string[]} names @param {URLSearchParams} params @param {AbortSignal} signal */
export async function compare(root, names, params, signal) {
  let mark = '';
  const differing = h('input', {
    type: 'checkbox',
    id: 'differing',
    checked: params.get('differing') === 'true',
    onchange: () => again(true),
  });
  const search = h('input', {
    type: 'search',
    'aria-label': 'Search packages',
    placeholder: 'Search packages',
    value: params.get('search') ?? '',
    oninput: () => again(true),
  });
  const pages = pager(page, () => again(false));
  const head = h('tr', {});
  const body = h('tbody', {});
  const none = h('p', { class: 'list-empty', hidden: true }, 'No package is like that.');
  const gone = h('p', { class: 'notice tone-failure', hidden: true });
  fill(
    root,
    h('p', { class: 'crumbs' }, h('a', { href: '#/repositories' }, 'Repositories')),
    h('h1', {}, 'Side by side'),
    await choice(names, signal),
    gone,
    h(
      'div',
      { class: 'filters' },
      search,
      h('label', { for: 'differing', class: 'check' }, differing, 'Only what differs'),
      pages.element,
    ),
    h(
      'div',
      { class: 'table-frame', tabindex: '0', role: 'region', 'aria-label': 'Packages of the repositories' },
      h(
        'table',
        { class: 'compare' },
        h('caption', { class: 'unseen' }, 'Packages, by repository; the first is the leader'),
        h('thead', {}, head),
        body,
      ),
    ),
    none,
  );
  const once = async () => {
    const began = performance.now();
    const answer = await get(
      'compare',
      {
        repositories: names.join(','),
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
      gone.hidden = answer.missing.length === 0;
      setText(gone, `There is no repository ${answer.missing.map(repositoryText).join(', ')} now.`);
      showHead(head, answer.repositories);
      keyed(
        body,
        answer.packages.items,
        (/** @type {PackageRow} */ { id }) => id,
        (row) => packageRow(row, answer.repositories),
      );
      none.hidden = answer.packages.total > 0;
      pages.show(answer.packages.total, 'package');
    }
    // A comparison that takes long is asked for less often.
    return Math.max(1000, 5 * (performance.now() - began));
  };
  /** @param {boolean} fromStart */
  const again = (fromStart) => {
    if (fromStart) pages.offset = 0;
    mark = '';
    note({ differing: differing.checked, search: search.value.trim() });
    later(once());
  };
  await repeat(signal, once);
}

/** Which repositories are compared, and which of them leads. @param {readonly string[]} names @param {AbortSignal} signal */
async function choice(names, signal) {
  /** @type {{ repositories: RepositoryRow[] }} */
  const { repositories } = await get('repositories', {}, signal);
  const rows = repositories.map(({ name, format }) => {
    const chosen = h('input', {
      type: 'checkbox',
      name: 'chosen',
      value: name,
      checked: names.includes(name),
    });
    const leads = h('input', {
      type: 'radio',
      name: 'leader',
      value: name,
      checked: names[0] === name,
      'aria-label': `${repositoryText(name)} is the leader`,
      onchange: () => {
        chosen.checked = true;
      },
    });
    return {
      name,
      chosen,
      leads,
      element: h(
        'li',
        {},
        h('label', { class: 'check' }, leads, h('span', { 'aria-hidden': 'true' }, 'leader')),
        h('label', { class: 'check' }, chosen, repositoryText(name), h('span', { class: 'muted' }, format)),
      ),
    };
  });
  return h(
    'details',
    { class: 'panel' },
    h('summary', {}, 'Choose repositories'),
    h(
      'form',
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const leader = rows.find(({ leads }) => leads.checked)?.name;
          const others = rows
            .filter(({ chosen, name }) => chosen.checked && name !== leader)
            .map(({ name }) => name);
          const all = leader === undefined ? others : [leader, ...others];
          if (all.length > 0) location.hash = href('repositories', { compare: all.join(',') });
        },
      },
      h('ul', { class: 'plain-list choice' }, ...rows.map(({ element }) => element)),
      h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Compare')),
    ),
  );
}

/** @param {HTMLElement} head @param {readonly ComparedRow[]} repositories */
function showHead(head, repositories) {
  fill(
    head,
    h('th', { scope: 'col' }, 'Package'),
    ...repositories.map((one, index) =>
      h(
        'th',
        { scope: 'col' },
        h('span', { class: 'strong', title: one.name }, repositoryText(one.name)),
        h('span', { class: 'role' }, index === 0 ? 'leader' : h('span', {}, difference(one))),
        h('span', { class: 'muted' }, `${counted(one.versions, 'version')} · ${counted(one.tags, 'tag')}`),
      ),
    ),
  );
}

/** @param {PackageRow} row @param {readonly ComparedRow[]} repositories */
function packageRow({ id, cells }, repositories) {
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'a',
        { href: href('package', { package: id, compare: repositories.map(({ name }) => name).join(',') }) },
        id,
      ),
    ),
    ...cells.map((cell, index) =>
      h('td', {}, cell === null ? h('span', { class: 'muted' }, 'not here') : countsCell(cell, index === 0)),
    ),
  );
}

/** @param {Counts} counts @param {boolean} leads */
function countsCell(counts, leads) {
  return h(
    'span',
    { class: 'counts' },
    counts.versions + counts.tags === 0
      ? null
      : h('span', {}, `${counted(counts.versions, 'version')} · ${counted(counts.tags, 'tag')}`),
    leads ? null : difference(counts),
  );
}
