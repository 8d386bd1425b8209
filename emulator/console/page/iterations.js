// @ts-check
/** The iterations of a loop as a grid of small states: any number of them, a page at a time. */
import { get, inOrder } from './api.js';
import { fill, h, icon } from './dom.js';
import { pager } from './pager.js';
import { lookOf } from './state.js';

/** @typedef {import('./api.js').IterationRow} IterationRow */

const page = 200;

export class Iterations {
  #execution;
  #box;
  #signal;
  #scope;
  #search = '';
  #ask = inOrder();
  #shown = '';

  /**
   * @param {object} of
   * @param {string} of.execution
   * @param {string} of.box the loop's
   * @param {() => number | undefined} of.scope the entry that all steps shown are below
   * @param {(row: IterationRow) => void} of.open
   * @param {AbortSignal} of.signal
   */
  constructor({ execution, box, scope, open, signal }) {
    this.#execution = execution;
    this.#box = box;
    this.#scope = scope;
    this.#signal = signal;
    this.open = open;
    this.search = h('input', {
      type: 'search',
      'aria-label': 'Search iterations by number or destination',
      placeholder: 'number or destination',
      oninput: () => {
        this.#search = this.search.value.trim();
        this.pages.offset = 0;
        void this.refresh();
      },
    });
    this.pages = pager(page, () => void this.refresh());
    this.grid = h('div', { class: 'iterations-grid', role: 'group', 'aria-label': 'Iterations' });
    this.grid.addEventListener('keydown', (event) => this.#key(event));
    this.element = h(
      'div',
      { class: 'iterations' },
      h('div', { class: 'iterations-head' }, this.search, this.pages.element),
      this.grid,
    );
    void this.refresh();
  }

  /** Asks again for what is shown. @returns {Promise<void>} */
  async refresh() {
    /** @type {import('./api.js').Windowed<IterationRow>} */
    let answer;
    const isDue = this.#ask();
    try {
      answer = await get(
        'iterations',
        {
          execution: this.#execution,
          box: this.#box,
          scope: this.#scope(),
          search: this.#search,
          offset: this.pages.offset,
          limit: page,
        },
        this.#signal,
      );
    } catch {
      // Whoever follows the execution says so.
      return;
    }
    // Fewer than there were before the page that is shown: below another iteration, say.
    if (this.pages.offset > 0 && this.pages.offset >= answer.total) {
      this.pages.offset = 0;
      return this.refresh();
    }
    const content = JSON.stringify(answer);
    if (!isDue() || content === this.#shown) return;
    this.#shown = content;
    const { total, items } = answer;
    this.pages.show(total, 'iteration');
    const focused = this.grid.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-number')
      : undefined;
    fill(this.grid, ...items.map((row, index) => this.#cell(row, index)));
    if (focused)
      /** @type {HTMLElement | null} */ (
        this.grid.querySelector(`[data-number="${Number(focused)}"]`)
      )?.focus();
  }

  /** @param {IterationRow} row @param {number} index */
  #cell(row, index) {
    const look = lookOf(row.state);
    const text = `${row.number}${row.name && ` ${row.name}`}: ${look.word}`;
    const cell = h('button', {
      type: 'button',
      class: `iteration tone-${look.tone}`,
      'data-number': row.number,
      'aria-label': text,
      title: text,
      tabindex: index === 0 ? '0' : '-1',
      onclick: () => this.open(row),
    });
    // What went well is a plain square, all else has its drawing as well as its colour.
    if (look.tone !== 'success') cell.append(icon(look.icon));
    return cell;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const cells = /** @type {HTMLElement[]} */ ([...this.grid.children]);
    // The rows are as long as the window lets them be.
    const first = cells.findIndex(({ offsetTop }) => offsetTop > (cells[0]?.offsetTop ?? 0));
    const row = first < 0 ? cells.length : first;
    const at = cells.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const moves = /** @type {Readonly<Record<string, number>>} */ ({
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + row,
      ArrowUp: at - row,
      Home: 0,
      End: cells.length - 1,
    });
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    cells[moves[event.key] ?? 0]?.focus();
  }
}
