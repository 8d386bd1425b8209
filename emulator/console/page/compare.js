// @ts-check
/** Repositories side by side: the first one chosen is the leader, what the others lack or have more is marked. */
import { get } from './api.js';
import { comparison } from './comparison.js';
import { difference } from './difference.js';
import { fill, h, setText } from './dom.js';
import { counted, repositoryText } from './format.js';
import { href } from './route.js';

/**
 * @typedef {import('./api.js').RepositoryRow} RepositoryRow
 * @typedef {RepositoryRow & { missing: number, extra: number, different: number }} ComparedRow
 * @typedef {import('./api.js').PackageRow} PackageRow
 * @typedef {NonNullable<PackageRow['cells'][number]>} Counts
 */

/** @param {HTMLElement} root @param {readonly string[]} names @param {URLSearchParams} params @param {AbortSignal} signal */
export async function compare(root, names, params, signal) {
  const gone = h('p', { class: 'notice tone-failure', hidden: true });
  const { elements, follow } = comparison(params, signal, {
    path: 'compare',
    query: { repositories: names.join(',') },
    noun: 'package',
    label: 'Packages of the repositories',
    caption: 'Packages, by repository; the first is the leader',
    rows: ({ packages }) => packages,
    showHead(head, { missing, repositories }) {
      gone.hidden = missing.length === 0;
      setText(gone, `There is no repository ${missing.map(repositoryText).join(', ')} now.`);
      showHead(head, repositories);
    },
    rowOf: (/** @type {PackageRow} */ row, { repositories }) => packageRow(row, repositories),
  });
  fill(
    root,
    h('p', { class: 'crumbs' }, h('a', { href: '#/repositories' }, 'Repositories')),
    h('h1', {}, 'Side by side'),
    await choice(names, signal),
    gone,
    ...elements,
  );
  await follow();
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
