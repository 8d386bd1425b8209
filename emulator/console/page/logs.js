// @ts-check
/** What an execution logged. */
import { get } from './api.js';
import { h } from './dom.js';
import { duration } from './format.js';
import { VirtualList } from './list.js';

/** @typedef {import('./api.js').LogRow} LogRow */

/**
 * @param {object} of
 * @param {string} of.execution
 * @param {() => { began: number, now: number }} of.times
 * @param {(row: LogRow, element: HTMLElement) => void} of.open
 * @param {AbortSignal} of.signal
 */
export function logsPanel({ execution, times, open, signal }) {
  const severity = h(
    'select',
    { 'aria-label': 'Which log entries', onchange: () => list.reset() },
    h('option', { value: '' }, 'All entries'),
    ...['ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'].map((value) => h('option', { value }, value)),
  );
  const list = new VirtualList({
    label: 'Log entries, oldest first',
    kind: 'logs',
    columns: ['Severity', 'At', 'Message', 'Step'],
    empty: 'Nothing was logged.',
    load: (offset, limit) => get('logs', { execution, severity: severity.value, offset, limit }, signal),
    cells: (/** @type {LogRow} */ row) => [
      h('span', { class: `severity severity-${row.severity.toLowerCase()}` }, row.severity),
      `+${duration(row.timestamp - times().began)}`,
      h('span', { title: row.message }, row.message),
      `${row.routine} › ${row.step}`,
    ],
    open,
  });
  return {
    list,
    element: h('div', {}, h('div', { class: 'filters' }, severity, list.countElement), list.element),
  };
}
