// @ts-check
/** The table of destinations: how far each is, the failed ones first. */
import { announce } from './api.js';
import { h } from './dom.js';
import { count, parted, repositoryText, withShortNames } from './format.js';
import { VirtualList } from './list.js';
import { badge, lookOf } from './state.js';

/** @typedef {import('./api.js').Destination} Destination */

/** @param {(destination: Destination, row: HTMLElement) => void} open */
export function destinationsTable(open) {
  /** @type {Map<string, Destination>} */
  const all = new Map();
  /** @type {Destination[]} */
  let sorted = [];
  const summary = h('span', { class: 'muted', role: 'status' });
  const list = new VirtualList({
    label: 'Destinations, the failed ones first',
    kind: 'destinations',
    columns: ['State', 'Destination', 'Progress', 'Phase', 'Took', 'Message'],
    empty: 'No destination has been heard of yet.',
    load: async (offset, limit) => ({ total: sorted.length, items: sorted.slice(offset, offset + limit) }),
    cells: (/** @type {Destination} */ row) => [
      badge(row.state),
      nameOf(row),
      progress(row),
      // Where it is, or where it went wrong.
      lookOf(row.state).tone === 'success' ? '' : row.phase,
      row.seconds === undefined ? '' : `${row.seconds} s`,
      h('span', { title: explanation(row) }, withShortNames(explanation(row))),
    ],
    className: ({ state }) => `row-${lookOf(state).tone}`,
    keyOf: ({ name }) => name,
    open,
  });
  return {
    summary,
    list,
    element: list.element,
    get size() {
      return all.size;
    },
    /** The destination whose steps are below an entry. @param {number} entry */
    at: (entry) => sorted.find((one) => one.entry === entry),
    /** Takes what changed. @param {readonly Destination[]} changed @param {boolean} isFirst */
    update(changed, isFirst) {
      if (changed.length === 0) return;
      const ended = changed.filter(
        ({ name, state }) => state !== 'running' && all.get(name)?.state !== state,
      );
      for (const one of changed) all.set(one.name, one);
      sorted = [...all.values()].sort((one, other) => rank(one) - rank(other));
      summary.textContent = summaryOf(sorted);
      if (!isFirst && ended.length > 0) announce(endText(ended));
      if (isFirst) list.reset();
      else list.refresh();
    },
  };
}

/** Cut in the middle where there is little room. @param {Destination} destination */
function nameOf({ name }) {
  const [place, id] = parted(repositoryText(name));
  return h('span', { title: name, class: 'strong parted' }, h('span', {}, place), h('span', {}, id));
}

/**
 * What there is to say of a destination: why it failed, a refused mirror in the job's own words; else what jobs do or
 * did for it; else what was said last.
 *
 * @param {Destination} destination
 */
export function explanation({ state, error, message, stages }) {
  const failed = stages.filter(({ state: is }) => ['failure', 'warning'].includes(lookOf(is).tone));
  if (failed.length > 0)
    return failed
      .map((stage) => `${stage.command} ${lookOf(stage.state).word}: ${stage.error ?? stage.message}`)
      .join(' · ');
  if (error !== undefined) return error;
  const told = state === 'running' ? stages.filter(({ state: is }) => is === 'running') : stages;
  return told.length === 0
    ? message
    : told.map(({ command, message: did }) => `${command}: ${did}`).join(' · ');
}

/** @param {readonly Destination[]} ended */
function endText(ended) {
  const [one] = ended;
  return ended.length === 1 && one
    ? `${repositoryText(one.name)}: ${lookOf(one.state).word}`
    : `${ended.length} destinations have ended`;
}

/** @param {Destination} destination */
function rank({ state }) {
  const { tone } = lookOf(state);
  return tone === 'failure' ? 0 : tone === 'warning' ? 1 : tone === 'active' ? 2 : 3;
}

/** @param {readonly Destination[]} all */
function summaryOf(all) {
  /** @type {Map<string, number>} */
  const states = new Map();
  for (const { state } of all) states.set(state, (states.get(state) ?? 0) + 1);
  return [...states].map(([state, number]) => `${count(number)} ${lookOf(state).word}`).join(', ');
}

/** @param {Destination} destination */
function progress({ counts, name, state }) {
  // A copy by the job tells those that were there apart, and of how many it knows so far.
  const { copied = 0, skipped = 0, equal = 0, found, total } = counts;
  const done = copied + skipped + equal;
  // One that ended tells what it did, and not always of how much.
  const all = total ?? (state === 'running' ? found : done);
  const text =
    all === undefined
      ? ''
      : `${count(done)} of ${count(Math.max(all, done))}${skipped > 0 ? `, ${count(skipped)} skipped` : ''}`;
  return h(
    'span',
    { class: 'progress', title: text },
    all === undefined || all === 0
      ? null
      : h('progress', { max: all, value: done, 'aria-label': `Versions copied to ${repositoryText(name)}` }),
    h('span', {}, text),
  );
}
