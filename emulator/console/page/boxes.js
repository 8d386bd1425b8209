// @ts-check
/** What the graph's boxes are made from: how they open, where a step is among them, and what their counts say. */
import { h, icon } from './dom.js';
import { count } from './format.js';

/**
 * @typedef {import('./api.js').GraphNode} GraphNode
 * @typedef {import('./api.js').Tally} Tally
 */

/**
 * Lets a box be opened and closed.
 *
 * @param {HTMLElement} head
 * @param {HTMLElement} box
 * @param {string} name
 * @param {() => HTMLElement} make
 * @param {boolean} isOpen
 */
export function foldable(head, box, name, make, isOpen) {
  /** @type {HTMLElement | undefined} */
  let inner;
  const toggle = h(
    'button',
    { type: 'button', class: 'fold', 'aria-expanded': 'false', 'aria-label': `Steps of ${name}` },
    icon('chevron'),
  );
  /** @param {boolean} open */
  const set = (open) => {
    toggle.setAttribute('aria-expanded', String(open));
    if (open && !inner) {
      inner = make();
      box.append(inner);
    }
    if (inner) inner.hidden = !open;
  };
  toggle.addEventListener('click', () => set(toggle.getAttribute('aria-expanded') !== 'true'));
  head.prepend(toggle);
  box.classList.add('foldable');
  if (isOpen) set(true);
  return () => set(true);
}

/** The keys of the steps and blocks around one of a routine, outermost first. @param {readonly GraphNode[]} nodes @param {string} local @returns {string[]} */
export function wayTo(nodes, local) {
  for (const node of nodes) {
    if (node.key === local) return [];
    for (const lane of node.lanes ?? []) {
      const around = node.key === undefined ? [] : [node.key];
      if (lane.key === local) return around;
      const own = [...around, lane.key];
      const inner = wayTo(lane.nodes, local);
      if (inner.length > 0 || lane.nodes.some(({ key }) => key === local)) return [...own, ...inner];
    }
  }
  return [];
}

/** @param {Tally} tally */
export function total({ running, succeeded, failed, cancelled }) {
  return running + succeeded + failed + cancelled;
}

/** What a box is in all: running while any of it runs, failed when any of it did. @param {Tally | undefined} tally */
export function stateOf(tally) {
  if (!tally || total(tally) === 0) return 'unreached';
  if (tally.running > 0) return 'running';
  if (tally.failed > 0) return 'failed';
  return tally.cancelled > 0 ? 'cancelled' : 'succeeded';
}

/** How often, where that is not once; what of it failed or was tried again. @param {Tally | undefined} tally */
export function tallyText(tally) {
  if (!tally) return '';
  const all = total(tally);
  const parts = [];
  if (all > 1) parts.push(`×${count(all)}`);
  if (tally.failed > 0 && all > 1) parts.push(`${count(tally.failed)} failed`);
  if (tally.retries > 0) parts.push(`${count(tally.retries)} retried`);
  return parts.join(' · ');
}

/** @param {string} local a key within its routine */
export function routineOf(local) {
  return local.slice(0, local.indexOf('/'));
}
