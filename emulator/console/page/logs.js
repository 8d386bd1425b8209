// @ts-check
/** What an execution logged. */
import { get } from './api.js';
import { h } from './dom.js';
import { duration, jobText, withShortNames } from './format.js';
import { VirtualList } from './list.js';
import { severityText } from './state.js';

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
    ...['ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG', 'DEFAULT'].map((value) =>
      h('option', { value }, value),
    ),
  );
  const list = new VirtualList({
    signal,
    label: 'Log entries, oldest first',
    kind: 'logs',
    columns: ['Severity', 'At', 'Message', 'From'],
    empty: 'Nothing was logged.',
    load: (offset, limit) => get('logs', { execution, severity: severity.value, offset, limit }, signal),
    cells: (/** @type {LogRow} */ row) => [
      severityText(row.severity),
      `+${duration(row.timestamp - times().began)}`,
      h('span', { title: row.message }, withShortNames(row.message)),
      h('span', { title: originText(row) }, originText(row)),
    ],
    open,
  });
  return {
    list,
    element: h('div', {}, h('div', { class: 'filters' }, severity, list.countElement), list.element),
  };
}

/** The step that wrote an entry, or the task of a job. @param {LogRow} row */
function originText({ routine, step, job }) {
  return job ? jobText(job) : `${routine} › ${step}`;
}
