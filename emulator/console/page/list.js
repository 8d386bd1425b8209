// @ts-check
/**
 * A list of any length: only the rows in view are elements, and only those near them are asked for. Rows are of one
 * height. Arrow keys go from row to row, Enter opens one.
 */
import { inOrder, later } from './api.js';
import { fill, h, setText } from './dom.js';
import { count } from './format.js';

/** Rows asked for at once. */
const page = 100;
/** Rows kept above and below those in view. */
const margin = 8;

/**
 * @template T
 * @typedef {object} ListOptions
 * @property {string} label what the list is of
 * @property {string} kind a class: how wide the columns are
 * @property {readonly string[]} columns
 * @property {(offset: number, limit: number) => Promise<{ total: number, items: T[] }>} load
 * @property {(item: T) => readonly (import('./dom.js').Child)[]} cells one for each column
 * @property {(item: T) => string} [className] further classes of the row
 * @property {(item: T, row: HTMLElement) => void} open
 * @property {AbortSignal} [signal] fires when the page is left
 * @property {(item: T) => string | number} [keyOf] tells an item that has moved; the focus goes with it
 * @property {string} empty what to say of a list without rows
 */

/** @template T */
export class VirtualList {
  /** @type {ListOptions<T>} */
  #options;
  /** @type {Map<number, T[]>} */
  #pages = new Map();
  /** @type {Map<number, { row: HTMLElement, content: string }>} */
  #rows = new Map();
  /** @type {Set<number>} */
  #loading = new Set();
  #total = 0;
  #active = 0;
  #generation = 0;
  /** Of all pages: how many rows there are. */
  #ask = inOrder();
  /** Of each page. @type {Map<number, ReturnType<typeof inOrder>>} */
  #askPage = new Map();
  /** The active row is to have the focus and is not there yet. */
  #isAwaited = false;
  #height = 36;
  #body;
  #space;
  #note;
  #count;
  #refreshing = false;
  #again = false;

  /** @param {ListOptions<T>} options */
  constructor(options) {
    this.#options = options;
    this.#count = h('p', { class: 'list-count', role: 'status' });
    this.#note = h('p', { class: 'list-empty', hidden: true }, options.empty);
    this.#space = h('div', { class: 'list-space', role: 'rowgroup' });
    const head = h(
      'div',
      { class: 'list-head', role: 'row' },
      ...options.columns.map((title) => h('span', { role: 'columnheader' }, title)),
    );
    this.#body = h(
      'div',
      { class: `list list-${options.kind}`, role: 'grid', 'aria-label': options.label, tabindex: '0' },
      h('div', { role: 'rowgroup', class: 'list-headgroup' }, head),
      this.#space,
    );
    this.#body.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.#body.addEventListener('keydown', (event) => this.#key(event));
    // The list is one stop of the Tab key, and gives the focus to a row: on the way back it must not take it again.
    this.#body.addEventListener('focus', () => this.#focusRow(this.#active));
    this.#body.addEventListener('focusin', ({ target }) => {
      if (target !== this.#body) this.#body.tabIndex = -1;
    });
    this.#body.addEventListener('focusout', () => {
      this.#body.tabIndex = 0;
    });
    const { signal } = options;
    // What could not be had is asked for again.
    if (signal) document.addEventListener('reconnected', () => this.refresh(), { signal });
    // Rows are higher where the window is narrow.
    new ResizeObserver(() => this.#measure()).observe(this.#body);
    this.element = h('div', { class: 'list-frame' }, this.#body, this.#note);
    this.countElement = this.#count;
  }

  /** How many rows there are. */
  get total() {
    return this.#total;
  }

  /** Begins anew: other rows are wanted. Until they come, those of before stay, and are marked so. */
  reset() {
    this.#generation++;
    this.#body.ariaBusy = 'true';
    this.#pages.clear();
    this.#loading.clear();
    this.#active = 0;
    this.#body.scrollTop = 0;
    later(this.#load(0));
  }

  /** Asks again for the rows in view; those that changed are drawn anew. */
  refresh() {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    const [from, to] = this.#range();
    const near = new Set([Math.floor(from / page), Math.floor(Math.max(from, to - 1) / page)]);
    for (const index of this.#pages.keys()) if (!near.has(index)) this.#pages.delete(index);
    this.#refreshing = true;
    const all = Promise.all([...near].map((index) => this.#load(index)));
    later(
      all.finally(() => {
        this.#refreshing = false;
        if (!this.#again) return;
        this.#again = false;
        this.refresh();
      }),
    );
  }

  /** @param {number} index of a page */
  async #load(index) {
    const generation = this.#generation;
    const askPage = this.#askPage.get(index) ?? inOrder();
    this.#askPage.set(index, askPage);
    const [isNewest, isDue] = [this.#ask(), askPage()];
    this.#loading.add(index);
    try {
      const { total, items } = await this.#options.load(index * page, page);
      if (generation !== this.#generation || !isDue()) return;
      if (isNewest()) this.#total = total;
      this.#body.ariaBusy = null;
      const at = this.#moved(index, items);
      this.#pages.set(index, items);
      this.#show();
      if (at !== undefined || this.#isAwaited) this.#focusRow(at ?? this.#active);
    } finally {
      if (generation === this.#generation) this.#loading.delete(index);
    }
  }

  /** Where the item is now whose row has the focus; undefined where it has not moved. @param {number} index @param {T[]} items */
  #moved(index, items) {
    const { keyOf } = this.#options;
    const old = this.#pages.get(index)?.[this.#active - index * page];
    if (!keyOf || old === undefined || this.#rows.get(this.#active)?.row !== document.activeElement) return;
    const at = items.findIndex((item) => keyOf(item) === keyOf(old));
    return at < 0 || index * page + at === this.#active ? undefined : index * page + at;
  }

  #show() {
    setText(this.#count, count(this.#total));
    this.#note.hidden = this.#total > 0;
    this.#body.hidden = this.#total === 0;
    this.#body.setAttribute('aria-rowcount', String(this.#total + 1));
    this.#space.style.height = `${this.#total * this.#height}px`;
    this.#draw();
  }

  #measure() {
    const text = getComputedStyle(this.#body).getPropertyValue('--row');
    const height = Number.parseFloat(text) || 36;
    if (height !== this.#height) {
      this.#height = height;
      this.#space.style.height = `${this.#total * height}px`;
      for (const [index, { row }] of this.#rows) row.style.transform = `translateY(${index * height}px)`;
    }
    this.#draw();
  }

  /** @returns {[from: number, to: number]} */
  #range() {
    const { scrollTop, clientHeight } = this.#body;
    const from = Math.max(0, Math.floor(scrollTop / this.#height) - margin);
    const to = Math.min(this.#total, Math.ceil((scrollTop + clientHeight) / this.#height) + margin);
    return [Math.min(from, to), to];
  }

  #draw() {
    const [from, to] = this.#range();
    for (const [index, { row }] of this.#rows)
      if ((index < from || index >= to) && (index >= this.#total || !row.contains(document.activeElement))) {
        row.remove();
        this.#rows.delete(index);
      }
    const wanted = new Set();
    for (let index = from; index < to; index++) {
      const number = Math.floor(index / page);
      const item = this.#pages.get(number)?.[index % page];
      if (item === undefined) wanted.add(number);
      else this.#drawRow(index, item);
    }
    for (const number of wanted) if (!this.#loading.has(number)) later(this.#load(number));
  }

  /** @param {number} index @param {T} item */
  #drawRow(index, item) {
    const content = JSON.stringify(item);
    let drawn = this.#rows.get(index);
    if (drawn?.content === content) return;
    const { cells, className, columns } = this.#options;
    if (!drawn) {
      const row = h('div', {
        role: 'row',
        tabindex: '-1',
        'aria-rowindex': String(index + 2),
        onclick: (/** @type {MouseEvent} */ event) => this.#open(index, event),
      });
      row.style.transform = `translateY(${index * this.#height}px)`;
      drawn = { row, content };
      this.#rows.set(index, drawn);
      this.#insert(index, row);
    }
    drawn.content = content;
    const made = cells(item).map((cell, at) =>
      h('span', { role: 'gridcell', class: `cell cell-${at}`, 'data-column': columns[at] ?? '' }, cell),
    );
    fill(drawn.row, ...made);
    drawn.row.className = `list-row ${className?.(item) ?? ''}`;
  }

  /** Rows stand in the document in their order, whatever order they came in. @param {number} index @param {HTMLElement} row */
  #insert(index, row) {
    let after = -1;
    for (const other of this.#rows.keys()) if (other < index && other > after) after = other;
    const before = this.#rows.get(after)?.row;
    if (before) before.after(row);
    else this.#space.prepend(row);
  }

  /** @param {number} index @param {Event} event */
  #open(index, event) {
    // A link opens itself.
    if (event.target instanceof Element && event.target.closest('a, button')) return;
    const item = this.#pages.get(Math.floor(index / page))?.[index % page];
    const row = this.#rows.get(index)?.row;
    if (item === undefined || !row) return;
    this.#active = index;
    this.#options.open(item, row);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const visible = Math.max(1, Math.floor(this.#body.clientHeight / this.#height) - 2);
    const moves = /** @type {Readonly<Record<string, number>>} */ ({
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + visible,
      PageUp: this.#active - visible,
      Home: 0,
      End: this.#total - 1,
    });
    if (Object.hasOwn(moves, event.key)) {
      event.preventDefault();
      this.#focusRow(moves[event.key] ?? 0);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#open(this.#active, new Event('open'));
    }
  }

  /** @param {number} index */
  #focusRow(index) {
    if (this.#total === 0) return;
    this.#active = Math.max(0, Math.min(this.#total - 1, index));
    const head = /** @type {HTMLElement} */ (this.#body.firstElementChild).offsetHeight;
    const top = this.#active * this.#height;
    const { scrollTop, clientHeight } = this.#body;
    if (top < scrollTop) this.#body.scrollTop = top;
    else if (top + this.#height + head > scrollTop + clientHeight)
      this.#body.scrollTop = top + this.#height + head - clientHeight;
    this.#draw();
    const row = this.#rows.get(this.#active)?.row;
    // Until it comes another one has the focus; whoever has gone elsewhere meanwhile is left there.
    if (!this.#isAwaited || this.#body.contains(document.activeElement)) row?.focus({ preventScroll: true });
    this.#isAwaited = !row;
  }
}
