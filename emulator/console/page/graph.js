// @ts-check
/**
 * A workflow as boxes in boxes: steps below each other, branches and conditions side by side, a subworkflow inside the
 * step that calls it. What is closed has no elements yet.
 */
import { foldable, routineOf, stateOf, tallyText, total, wayTo } from './boxes.js';
import { breakable, fill, h, icon, setText } from './dom.js';
import { count } from './format.js';
import { lookOf } from './state.js';

/**
 * @typedef {import('./api.js').GraphRoutine} GraphRoutine
 * @typedef {import('./api.js').GraphNode} GraphNode
 * @typedef {import('./api.js').GraphLane} GraphLane
 * @typedef {import('./api.js').Tally} Tally
 *
 * @typedef {object} GraphOptions
 * @property {(box: string, name: string) => void} [select] a box was chosen
 * @property {(box: string) => HTMLElement} [iterations] what shows the iterations of a loop
 */

/** Steps of one list that are drawn at once. */
const most = 150;

/** @typedef {{ element: HTMLElement, mark: HTMLElement, tally: HTMLElement, open?: () => void, opensWhenReached?: boolean, loop?: HTMLElement }} Box */

export class Graph {
  /** @type {Map<string, GraphRoutine>} */
  #routines;
  #options;
  /** @type {Map<string, Tally>} */
  #tallies = new Map();
  /** @type {Map<string, Box>} */
  #boxes = new Map();
  #selected = '';

  /** @param {readonly GraphRoutine[]} routines `main` first @param {GraphOptions} options */
  constructor(routines, options) {
    this.#routines = new Map(routines.map((routine) => [routine.name, routine]));
    this.#options = options;
    this.element = this.#list(routines[0]?.nodes ?? [], '', 0);
    this.element.classList.add('graph');
  }

  /** Takes what changed; `all` forgets what was known before. @param {readonly [string, Tally][]} changed @param {boolean} all */
  update(changed, all) {
    const old = all ? new Set(this.#tallies.keys()) : new Set();
    for (const [key, tally] of changed) {
      this.#tallies.set(key, tally);
      old.delete(key);
      this.#show(key);
    }
    for (const key of old) {
      this.#tallies.delete(key);
      this.#show(key);
    }
  }

  /** Opens everything on the way to a box, and shows it. @param {string} key */
  reveal(key) {
    const calls = key.split('>');
    for (let length = 1; length <= calls.length; length++) {
      const step = calls.slice(0, length).join('>');
      this.#draw(step);
      if (length < calls.length) this.#boxes.get(step)?.open?.();
    }
    this.select(key);
    const { element } = this.#boxes.get(key) ?? {};
    const frame = element?.closest('.graph-frame');
    if (!element || !frame) return;
    // The frame scrolls and not the page around it; at once, so that it stays there when a box above grows.
    const top = element.getBoundingClientRect().top - frame.getBoundingClientRect().top - 60;
    frame.scrollBy({ top });
  }

  /** Opens the blocks around a step, whose calls are open already. @param {string} key */
  #draw(key) {
    if (this.#boxes.has(key)) return;
    const calls = key.slice(0, key.lastIndexOf('>') + 1);
    const local = key.slice(calls.length);
    const routine = this.#routines.get(routineOf(local));
    for (const above of wayTo(routine?.nodes ?? [], local)) this.#boxes.get(calls + above)?.open?.();
  }

  /** Marks a box as chosen; none for an empty key. @param {string} key */
  select(key) {
    this.#boxes.get(this.#selected)?.element.classList.remove('selected');
    this.#selected = key;
    this.#boxes.get(key)?.element.classList.add('selected');
  }

  /** @param {string} key */
  #show(key) {
    const box = this.#boxes.get(key);
    // A workflow that is only looked at has no states.
    if (!box || !this.#options.select) return;
    const tally = this.#tallies.get(key);
    const state = stateOf(tally);
    const look = lookOf(state);
    if (box.element.dataset.state !== state) {
      box.element.dataset.state = state;
      box.element.dataset.tone = look.tone;
      fill(box.mark, icon(look.icon), h('span', { class: 'unseen' }, look.word));
    }
    setText(box.tally, tallyText(tally));
    if (box.opensWhenReached && state !== 'unreached') {
      box.opensWhenReached = false;
      box.open?.();
    }
    if (box.loop && tally && total(tally) > 1) {
      box.loop.replaceWith(this.#options.iterations?.(key) ?? '');
      delete box.loop;
    }
  }

  /**
   * @param {readonly GraphNode[]} nodes
   * @param {string} calls the path of calls above
   * @param {number} depth
   * @returns {HTMLElement}
   */
  #list(nodes, calls, depth) {
    const list = h(
      'ol',
      { class: 'flow' },
      ...nodes.slice(0, most).map((node) => this.#node(node, calls, depth)),
    );
    /** @param {number} from */
    const more = (from) => {
      if (from >= nodes.length) return;
      const item = h('li', { class: 'more' });
      item.append(
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              item.remove();
              list.append(...nodes.slice(from, from + most).map((node) => this.#node(node, calls, depth)));
              more(from + most);
            },
          },
          `${count(nodes.length - from)} more steps`,
        ),
      );
      list.append(item);
    };
    more(most);
    return list;
  }

  /** @param {GraphNode} node @param {string} calls @param {number} depth @returns {HTMLElement} */
  #node(node, calls, depth) {
    const key = node.key === undefined ? undefined : calls + node.key;
    const routine = node.calls === undefined ? undefined : this.#routines.get(node.calls);
    // A routine that calls itself is drawn once: its further calls are counted in the first one's boxes.
    const isWithin = routine && `>${calls}${node.key ?? ''}`.includes(`>${routine.name}/`);
    const mark = h('span', { class: 'mark' });
    const tally = h('span', { class: 'tally' });
    const detail = node.detail === node.name ? '' : node.detail;
    const words = [
      mark,
      h(
        'span',
        { class: 'box-words' },
        h('span', { class: 'box-name' }, breakable(node.name)),
        detail ? h('span', { class: 'box-detail', title: detail }, detail) : null,
      ),
      tally,
    ];
    const { select } = this.#options;
    const chosen = select && key !== undefined;
    const head = h(
      'div',
      { class: 'box-head' },
      chosen
        ? h(
            'button',
            { type: 'button', class: 'box-button', onclick: () => this.#choose(key, node.name) },
            ...words,
          )
        : h('div', { class: 'box-button' }, ...words),
      node.next ? this.#jump(node.next, `${calls}${routineOf(node.key ?? '')}/${node.next}`) : null,
    );
    const box = h('li', { class: `box kind-${node.kind}` }, head);
    /** @type {Box} */
    const known = { element: box, mark, tally };
    const makeInner =
      routine && key !== undefined && !isWithin
        ? () =>
            h(
              'div',
              { class: 'lanes' },
              h('div', { class: 'lane lane-call' }, this.#list(routine.nodes, `${key}>`, depth + 1)),
            )
        : node.lanes &&
          (() =>
            h(
              'div',
              { class: 'lanes' },
              .../** @type {readonly GraphLane[]} */ (node.lanes).map((lane) =>
                this.#lane(lane, calls, depth + 1),
              ),
            ));
    if (makeInner) {
      const isCall = routine !== undefined;
      if (isCall) box.classList.add('calls');
      known.open = foldable(head, box, node.name, makeInner, !isCall && depth < 4);
    }
    if (key !== undefined) this.#register(key, known);
    return box;
  }

  /** @param {GraphLane} lane @param {string} calls @param {number} depth */
  #lane(lane, calls, depth) {
    const key = calls + lane.key;
    const mark = h('span', { class: 'mark' });
    const tally = h('span', { class: 'tally' });
    const loop = lane.kind === 'loop' && this.#options.iterations ? h('div') : undefined;
    const { select } = this.#options;
    const words = [mark, h('span', { class: 'lane-title', title: lane.title }, breakable(lane.title)), tally];
    const head = h(
      'div',
      { class: 'box-head' },
      select
        ? h(
            'button',
            { type: 'button', class: 'box-button', onclick: () => this.#choose(key, lane.title) },
            ...words,
          )
        : h('div', { class: 'box-button' }, ...words),
      lane.next ? this.#jump(lane.next, `${calls}${routineOf(lane.key)}/${lane.next}`) : null,
    );
    const element = h('section', { class: `lane lane-${lane.kind}` }, head, loop);
    /** @type {Box} */
    const known = { element, mark, tally, ...(loop && { loop }) };
    if (lane.nodes.length > 0) {
      const make = () => this.#list(lane.nodes, calls, depth);
      // What did not happen is one line, until it happens after all.
      const mayNotHappen = select && (lane.kind === 'condition' || lane.kind === 'except');
      if (mayNotHappen) {
        known.open = foldable(head, element, lane.title, make, this.#tallies.has(key));
        known.opensWhenReached = !this.#tallies.has(key);
      } else element.append(make());
    }
    // The block of a step without conditions bears the step's own key.
    if (lane.kind !== 'steps') this.#register(key, known);
    return element;
  }

  /** @param {string} key @param {Box} box */
  #register(key, box) {
    this.#boxes.set(key, box);
    this.#show(key);
    if (key === this.#selected) box.element.classList.add('selected');
  }

  /** @param {string} key @param {string} name */
  #choose(key, name) {
    this.select(key);
    this.#options.select?.(key, name);
  }

  /** @param {string} next @param {string} target the key of the step that it leads to */
  #jump(next, target) {
    if (next === 'end' || next === 'break' || next === 'continue')
      return h('span', { class: 'jump' }, icon('arrow'), next);
    return h(
      'button',
      { type: 'button', class: 'jump', title: `Goes on at ${next}`, onclick: () => this.reveal(target) },
      icon('arrow'),
      next,
    );
  }
}
