// @ts-check
/** The head of an execution: its state, times, error, argument and result, and what can be done with it. */
import { post } from './api.js';
import { fill, h, setText } from './dom.js';
import { count, duration, lastPart, pretty, shortId, time } from './format.js';
import { href } from './route.js';
import { dryRunArgument, run } from './run-form.js';
import { badge } from './state.js';
import { code } from './step.js';

/**
 * @typedef {import('./api.js').ExecutionHead} ExecutionHead
 * @typedef {import('./api.js').News} News
 */

export class Head {
  knowsDryRun = false;
  #name;
  #workflow;
  #openStep;

  /**
   * @param {object} of
   * @param {string} of.name
   * @param {string} of.workflow
   * @param {(routine: string, step: string) => void} of.openStep
   */
  constructor({ name, workflow, openStep }) {
    this.#name = name;
    this.#workflow = workflow;
    this.#openStep = openStep;
    this.state = h('span');
    this.times = h('p', { class: 'muted' });
    this.buttons = h('div', { class: 'buttons' });
    this.fault = h('p', { class: 'fault', role: 'alert' });
    this.error = h('section', { class: 'panel error-panel', 'aria-label': 'Error', hidden: true });
    /** Argument and result, for a tab of their own. */
    this.data = h('div');
    this.elements = [
      h(
        'p',
        { class: 'crumbs' },
        h('a', { href: '#/' }, 'Workflows'),
        h('a', { href: href('workflow', { name: workflow }) }, lastPart(workflow)),
      ),
      h(
        'div',
        { class: 'title' },
        h('h1', {}, 'Execution ', h('span', { class: 'mono', title: lastPart(name) }, shortId(name))),
        this.state,
        this.buttons,
      ),
      this.times,
      this.fault,
      this.error,
    ];
  }

  /** @param {News} news */
  showTimes({ execution, now, steps }) {
    const { started, ended, created } = execution;
    const parts = [
      started === undefined ? `queued ${time(created)}` : `started ${time(started)}`,
      started === undefined
        ? ''
        : `${ended === undefined ? 'for' : 'took'} ${duration((ended ?? now) - started)}`,
      // Steps are kept in memory, executions with --data on disk.
      execution.isOver && steps === 0 ? 'its steps are not kept any more' : `${count(steps)} steps`,
    ];
    setText(this.times, parts.filter((part) => part !== '').join(' · '));
  }

  /** Shows a state that was not shown before. @param {ExecutionHead} head */
  show(head) {
    fill(this.state, badge(head.state));
    const again = (/** @type {() => string | undefined} */ argumentOf) => () =>
      this.#act(() => run(this.#workflow, argumentOf()));
    const focused = this.buttons.contains(document.activeElement)
      ? document.activeElement?.textContent
      : undefined;
    fill(
      this.buttons,
      head.isOver
        ? null
        : h(
            'button',
            {
              type: 'button',
              class: 'danger',
              onclick: () => this.#act(() => post('cancel', { execution: this.#name })),
            },
            'Cancel',
          ),
      h(
        'button',
        {
          type: 'button',
          title: 'With the same argument; records input, output and variables of each step',
          onclick: again(() => head.argument),
        },
        'Run again',
      ),
      this.knowsDryRun
        ? h(
            'button',
            {
              type: 'button',
              title: 'With the same argument and dryRun',
              onclick: again(() => dryRunArgument(head.argument)),
            },
            'Dry run',
          )
        : null,
    );
    if (focused) {
      // Where it is gone no other button takes its place: a second press of the key would do something else.
      const same = [...this.buttons.children].find(({ textContent }) => textContent === focused);
      const next = same ?? document.getElementById('main');
      /** @type {HTMLElement | null} */ (next)?.focus({ preventScroll: true });
    }
    this.error.hidden = head.error === undefined;
    if (head.error) fill(this.error, ...errorParts(head.error, head.message, this.#openStep));
    fill(
      this.data,
      h('h3', {}, 'Argument'),
      head.argument === undefined
        ? h('p', { class: 'muted' }, 'None was given.')
        : code(pretty(head.argument)),
      h('h3', {}, head.error ? 'Error' : 'Result'),
      head.result === undefined && !head.error
        ? h('p', { class: 'muted' }, head.isOver ? 'There is none.' : 'There is none yet.')
        : code(pretty(head.result ?? head.error?.payload ?? '')),
    );
  }

  /** @param {() => Promise<unknown>} action */
  async #act(action) {
    fill(this.fault);
    try {
      await action();
    } catch (error) {
      fill(
        this.fault,
        error instanceof SyntaxError ? 'The argument is no JSON.' : /** @type {Error} */ (error).message,
      );
    }
  }
}

/** @param {NonNullable<ExecutionHead['error']>} error @param {string | undefined} message @param {(routine: string, step: string) => void} open */
function errorParts({ context, stackTrace }, message, open) {
  return [
    h('p', { class: 'error-text' }, message ?? context.split('\n', 1)[0] ?? ''),
    stackTrace.elements.length === 0
      ? null
      : h(
          'ul',
          { class: 'stack' },
          ...stackTrace.elements.map(({ routine, step, position }) =>
            h(
              'li',
              {},
              h(
                'button',
                { type: 'button', class: 'plain', onclick: () => open(routine, step) },
                `${routine} › ${step}`,
              ),
              h('span', { class: 'muted' }, ` line ${position.line}`),
            ),
          ),
        ),
  ];
}
