// @ts-check
/** Executions, newest first: of one workflow or of all. */
import { get } from './api.js';
import { h } from './dom.js';
import { duration, lastPart, shortId, time } from './format.js';
import { VirtualList } from './list.js';
import { href } from './route.js';
import { lookOf, stateText } from './state.js';

/** @typedef {import('./api.js').ExecutionRow} ExecutionRow */

/**
 * @param {{ workflow?: string }} of
 * @param {AbortSignal} signal
 */
export function executionsList({ workflow }, signal) {
  let now = 0;
  const list = new VirtualList({
    signal,
    label: 'Executions, newest first',
    kind: workflow === undefined ? 'executions' : 'own-executions',
    columns: [
      'State',
      ...(workflow === undefined ? ['Workflow'] : []),
      'Execution',
      'Started',
      'Took',
      'Message',
    ],
    empty: 'Nothing has run yet.',
    load: async (offset, limit) => {
      const answer = await get('executions', { workflow, offset, limit }, signal);
      now = answer.now;
      return answer;
    },
    cells: (/** @type {ExecutionRow} */ row) => [
      stateText(row.state),
      ...(workflow === undefined ? [lastPart(row.workflow)] : []),
      h('a', { href: hrefOf(row), tabindex: '-1', class: 'mono' }, shortId(row.name)),
      time(row.started ?? row.created),
      row.started === undefined ? '' : duration((row.ended ?? now) - row.started),
      h('span', { title: row.message }, row.message ?? ''),
    ],
    className: ({ state }) => `row-${lookOf(state).tone}`,
    keyOf: ({ name }) => name,
    open: (row) => {
      location.hash = hrefOf(row);
    },
  });
  let isFirst = true;
  return {
    list,
    element: list.element,
    /** Asks again for what is in view. */
    refresh() {
      if (isFirst) list.reset();
      else list.refresh();
      isFirst = false;
    },
  };
}

/** @param {ExecutionRow} row */
function hrefOf({ name }) {
  return href('execution', { name });
}
