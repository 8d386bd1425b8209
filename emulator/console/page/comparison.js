// @ts-check
/** A table of what repositories hold, side by side: searched, paged, only what differs, asked for anew as it changes. */
import { get, inOrder, later, repeat } from './api.js';
import { h, keyed } from './dom.js';
import { pager } from './pager.js';
import { note } from './route.js';

/** Rows of one page. */
const page = 100;

/**
 * @template {{ id: string }} Row
 * @typedef {object} Comparison
 * @property {string} path what is asked of the console
 * @property {Readonly<Record<string, string>>} query what it is asked for, beside what the filters say
 * @property {string} noun one of its rows: `package`
 * @property {string} label of the table's region
 * @property {string} caption
 * @property {(answer: any) => { items: readonly Row[], total: number }} rows
 * @property {(head: HTMLElement, answer: any) => void} showHead
 * @property {(row: Row, answer: any) => HTMLElement} rowOf
 */

/**
 * @template {{ id: string }} Row
 * @param {URLSearchParams} params as the page's address says what is searched, and whether only what differs is shown
 * @param {AbortSignal} signal
 * @param {Comparison<Row>} comparison
 * @returns what the page shows, and what keeps it true until the signal
 */
export function comparison(params, signal, { path, query, noun, label, caption, rows, showHead, rowOf }) {
  let mark = '';
  const ask = inOrder();
  const differing = h('input', {
    type: 'checkbox',
    id: 'differing',
    checked: params.get('differing') === 'true',
    onchange: () => again(true),
  });
  const search = h('input', {
    type: 'search',
    'aria-label': `Search ${noun}s`,
    placeholder: `Search ${noun}s`,
    value: params.get('search') ?? '',
    oninput: () => again(true),
  });
  const pages = pager(page, () => again(false));
  const head = h('tr', {});
  const body = h('tbody', {});
  const none = h('p', { class: 'list-empty', hidden: true }, `No ${noun} is like that.`);
  const once = async () => {
    const began = performance.now();
    const isDue = ask();
    const answer = await get(
      path,
      {
        ...query,
        since: mark,
        differing: differing.checked,
        search: search.value.trim(),
        offset: pages.offset,
        limit: page,
      },
      signal,
    );
    if (isDue() && answer.unchanged !== true) {
      mark = answer.mark;
      showHead(head, answer);
      const { items, total } = rows(answer);
      keyed(
        body,
        items,
        (/** @type {Row} */ { id }) => id,
        (/** @type {Row} */ row) => rowOf(row, answer),
      );
      none.hidden = total > 0;
      pages.show(total, noun);
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
  return {
    elements: [
      h(
        'div',
        { class: 'filters' },
        search,
        h('label', { for: 'differing', class: 'check' }, differing, 'Only what differs'),
        pages.element,
      ),
      h(
        'div',
        { class: 'table-frame', tabindex: '0', role: 'region', 'aria-label': label },
        h(
          'table',
          { class: 'compare' },
          h('caption', { class: 'unseen' }, caption),
          h('thead', {}, head),
          body,
        ),
      ),
      none,
    ],
    follow: () => repeat(signal, once),
  };
}
