// @ts-check
/** One step, or one log entry of a job, with all that is known of it, beside the page. */
import { get, inOrder, later } from './api.js';
import { fill, h } from './dom.js';
import { duration, jobText, pretty, stepType, time } from './format.js';
import { badge, severityText } from './state.js';

/**
 * @typedef {import('./api.js').StepDetails} StepDetails
 * @typedef {import('./api.js').LogRow} LogRow
 */

export class StepDrawer {
  #execution;
  #signal;
  /** @type {HTMLElement | undefined} */
  #back;
  #id = 0;
  #shown = '';
  #ask = inOrder();

  /**
   * @param {object} of
   * @param {string} of.execution
   * @param {(step: StepDetails) => void} of.opened
   * @param {() => void} of.closed
   * @param {AbortSignal} of.signal
   */
  constructor({ execution, opened, closed, signal }) {
    this.#execution = execution;
    this.#signal = signal;
    this.opened = opened;
    this.closed = closed;
    this.title = h('h2', { id: 'step-title', tabindex: '-1' });
    this.body = h('div', {
      class: 'drawer-body',
      tabindex: '0',
      role: 'region',
      'aria-label': 'Details',
    });
    this.element = h(
      'aside',
      { class: 'drawer', 'aria-labelledby': 'step-title', hidden: true },
      h(
        'div',
        { class: 'drawer-head' },
        this.title,
        h(
          'button',
          { type: 'button', class: 'close', onclick: () => this.close() },
          'Close',
          h('kbd', {}, 'Esc'),
        ),
      ),
      this.body,
    );
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape' && !this.element.hidden) this.close();
      },
      { signal },
    );
  }

  /**
   * Shows a step.
   *
   * @param {number} id
   * @param {HTMLElement} [back] what is focused again when it is closed
   */
  async open(id, back) {
    this.#id = id;
    const from = document.activeElement;
    if (back) this.#back = back;
    else if (from instanceof HTMLElement && !this.element.contains(from)) this.#back = from;
    this.#shown = '';
    if (!(await this.refresh())) return;
    this.element.hidden = false;
    this.title.focus({ preventScroll: true });
  }

  /** Shows a log entry that no step wrote. @param {LogRow} row @param {HTMLElement} back */
  openLog(row, back) {
    // A step that was shown is none any more, in the address too.
    this.closed();
    this.#id = 0;
    this.#back = back;
    fill(this.title, 'Log entry');
    fill(this.body, ...logParts(row));
    this.body.scrollTop = 0;
    this.element.hidden = false;
    this.title.focus({ preventScroll: true });
  }

  close() {
    this.#id = 0;
    this.element.hidden = true;
    const back = this.#back?.isConnected && this.#back !== document.body ? this.#back : undefined;
    (back ?? document.getElementById('main'))?.focus({ preventScroll: !back });
    this.closed();
  }

  /** Asks again for the step that is shown. @returns {Promise<boolean>} whether it is still the one */
  async refresh() {
    const id = this.#id;
    if (id === 0) return false;
    const isDue = this.#ask();
    /** @type {StepDetails} */
    const step = await get('step', { execution: this.#execution, id }, this.#signal);
    if (id !== this.#id) return false;
    const content = JSON.stringify(step);
    if (!isDue() || content === this.#shown) return true;
    const isNew = this.#shown === '';
    this.#shown = content;
    fill(this.title, `${step.step} `, h('span', { class: 'muted' }, `#${step.id}`));
    fill(this.body, ...this.#parts(step));
    if (isNew) {
      this.body.scrollTop = 0;
      this.opened(step);
    }
    return true;
  }

  /** @param {StepDetails} step */
  #parts(step) {
    const open = (/** @type {number} */ id) => later(this.open(id));
    return [
      h(
        'p',
        { class: 'drawer-state' },
        badge(step.state),
        h('span', { class: 'muted' }, stepType(step.type)),
        h('span', {}, tookText(step)),
      ),
      step.exception === undefined
        ? null
        : section('Error', h('p', { class: 'error-text' }, step.error ?? ''), code(pretty(step.exception))),
      section(
        'Where',
        h(
          'ol',
          { class: 'path' },
          ...step.parents.map((parent) => pathItem(parent, open)),
          h('li', { 'aria-current': 'step' }, step.step),
        ),
      ),
      step.logs.length === 0 ? null : section('Logged', ...step.logs.map(logged)),
      step.input === undefined ? null : section('Input', code(JSON.stringify(step.input, null, 2))),
      step.output === undefined || step.output === null
        ? null
        : section('Output', code(JSON.stringify(step.output, null, 2))),
      step.variables === undefined
        ? null
        : section('Variables afterwards', code(JSON.stringify(step.variables, null, 2))),
      step.input === undefined && step.variables === undefined && step.state !== 'running'
        ? h('p', { class: 'muted' }, 'Input, output and variables were not recorded: Run again records them.')
        : null,
      step.place === undefined ? null : section(`Source, line ${step.place.line}`, source(step.place.lines)),
      h(
        'p',
        { class: 'buttons' },
        step.previous === undefined
          ? null
          : h('button', { type: 'button', onclick: () => open(step.previous ?? 0) }, 'Step before'),
        step.next === undefined
          ? null
          : h('button', { type: 'button', onclick: () => open(step.next ?? 0) }, 'Step after'),
      ),
    ];
  }
}

/** @param {LogRow} row */
function logParts({ severity, message, json, timestamp, job }) {
  return [
    h('p', { class: 'drawer-state' }, severityText(severity), h('span', {}, time(timestamp))),
    h('p', { class: 'error-text' }, message),
    job ? section('From', h('p', {}, jobText(job))) : null,
    json === undefined ? null : section('Entry', code(JSON.stringify(json, null, 2))),
  ];
}

/** @param {StepDetails} step */
function tookText({ started, ended }) {
  return ended === undefined
    ? `since ${time(started)}`
    : `${time(started)}, took ${duration(ended - started)}`;
}

/** @param {StepDetails['parents'][number]} parent @param {(id: number) => void} open */
function pathItem({ id, step, type, number }, open) {
  const what = number === undefined ? step : `${step} ${stepType(type)} ${number}`;
  return h('li', {}, h('button', { type: 'button', class: 'plain', onclick: () => open(id) }, what));
}

/** @param {StepDetails['logs'][number]} log */
function logged({ severity, message, json }) {
  const tone = severity === 'ERROR' ? 'tone-failure' : severity === 'WARNING' ? 'tone-warning' : '';
  return json === undefined
    ? h('p', { class: `error-text ${tone}` }, message)
    : h('details', {}, h('summary', { class: tone }, message), code(JSON.stringify(json, null, 2)));
}

/** @param {string} title @param {...Node} children */
function section(title, ...children) {
  return h('section', {}, h('h3', {}, title), ...children);
}

/** Longer texts are cut: no value of a workflow is larger, all of them together may be. */
const longest = 200_000;

/** @param {string} text */
export function code(text) {
  const shown =
    text.length > longest ? `${text.slice(0, longest)}\n… ${text.length - longest} more characters` : text;
  return h('pre', { class: 'code', tabindex: '0' }, h('code', {}, shown));
}

/** @param {readonly { line: number, text: string }[]} lines */
function source(lines) {
  return h(
    'pre',
    { class: 'code source', tabindex: '0' },
    h('code', {}, lines.map(({ line, text }) => `${String(line).padStart(5)}  ${text}`).join('\n')),
  );
}
