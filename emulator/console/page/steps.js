// @ts-check
/** The steps of an execution as a list, filtered by box, branch, state and name. */
import { get } from './api.js';
import { fill, h } from './dom.js';
import { duration, repositoryText, stepType } from './format.js';
import { VirtualList } from './list.js';
import { lookOf, mark } from './state.js';

/** @typedef {import('./api.js').StepRow} StepRow */

/**
 * @param {object} of
 * @param {string} of.execution
 * @param {() => { began: number, now: number }} of.times when the execution began, and what time it is there
 * @param {() => number | undefined} of.scope
 * @param {(row: StepRow, element: HTMLElement) => void} of.open
 * @param {() => void} of.unselect the box is not wanted any more
 * @param {AbortSignal} of.signal
 */
export function stepsPanel({ execution, times, scope, open, unselect, signal }) {
  let box = '';
  const search = h('input', {
    type: 'search',
    'aria-label': 'Search steps by name',
    placeholder: 'Search steps',
    oninput: () => list.reset(),
  });
  const state = h(
    'select',
    { 'aria-label': 'Which steps', onchange: () => list.reset() },
    h('option', { value: '' }, 'All steps'),
    h('option', { value: 'raised' }, 'Where errors began'),
    h('option', { value: 'failed' }, 'Failed'),
    h('option', { value: 'running' }, 'Running'),
  );
  const chosen = h('span', { class: 'chip-place' });
  const list = new VirtualList({
    signal,
    label: 'Steps, in the order in which they began',
    kind: 'steps',
    columns: ['State', 'Step', 'Kind', 'In', 'At', 'Took'],
    empty: 'No step is like that.',
    load: (offset, limit) =>
      get(
        'steps',
        { execution, box, scope: scope(), state: state.value, search: search.value.trim(), offset, limit },
        signal,
      ),
    cells: (/** @type {StepRow} */ row) => [
      mark(row.state),
      h(
        'span',
        { title: [`${row.routine} › ${row.step}`, row.error].filter(Boolean).join('\n') },
        h('span', { class: 'strong' }, row.step),
        h('span', { class: 'muted' }, ` ${row.routine}`),
        row.error === undefined ? null : h('span', { class: 'tone-failure' }, ` ${row.error}`),
      ),
      kindText(row),
      placeText(row),
      `+${duration(row.started - times().began)}`,
      row.ended === undefined ? '…' : duration(row.ended - row.started),
    ],
    className: ({ state: is }) => `row-${lookOf(is).tone}`,
    keyOf: ({ id }) => id,
    open,
  });
  const show = () => {
    fill(
      chosen,
      box &&
        h(
          'button',
          {
            type: 'button',
            class: 'chip',
            onclick: () => {
              set('');
              unselect();
              search.focus();
            },
          },
          `Only ${box.slice(box.lastIndexOf('>') + 1)}`,
          h('span', { 'aria-hidden': 'true' }, ' ×'),
          h('span', { class: 'unseen' }, ', show all steps'),
        ),
    );
  };
  /** @param {string} key */
  const set = (key) => {
    box = key;
    show();
    list.reset();
  };
  return {
    list,
    element: h(
      'div',
      {},
      h('div', { class: 'filters' }, search, state, chosen, list.countElement),
      list.element,
    ),
    /** Shows the steps of one box alone; of all for an empty key. */
    only: set,
  };
}

/** The branches and iterations that a step is in. @param {StepRow} row */
function placeText({ where }) {
  const text = where.map(repositoryText).join(' › ');
  return h('span', { title: text }, text);
}

/** @param {StepRow} row */
function kindText({ type, progress }) {
  if (!progress) return stepType(type);
  return `${stepType(type)} ${progress.number}${progress.expected === undefined ? '' : ` of ${progress.expected}`}`;
}
