// @ts-check
/** One execution, followed from start to end. */
import { announce, get, later, repeat } from './api.js';
import { destinationsTable } from './destinations.js';
import { fill, h } from './dom.js';
import { Head } from './execution-head.js';
import { lastPart, shortId } from './format.js';
import { Graph } from './graph.js';
import { Iterations } from './iterations.js';
import { logsPanel } from './logs.js';
import { note } from './route.js';
import { scopeBar } from './scope-bar.js';
import { lookOf } from './state.js';
import { StepDrawer } from './step.js';
import { stepsPanel } from './steps.js';
import { tabs } from './tabs.js';

/**
 * @typedef {import('./api.js').ExecutionHead} ExecutionHead
 * @typedef {import('./api.js').News} News
 * @typedef {import('./api.js').StepRow} StepRow
 */

/** @param {HTMLElement} root @param {URLSearchParams} params @param {AbortSignal} signal */
export async function showExecution(root, params, signal) {
  const name = params.get('name') ?? '';
  const workflow = name.split('/executions/', 1)[0] ?? '';
  const page = new ExecutionPage(name, workflow, signal);
  page.scope = Number(params.get('scope')) || undefined;
  const first = await page.ask();
  if (!first.scope) page.scope = undefined;
  const drawn = await get('workflow', { workflow, revision: first.execution.revision }, signal);
  page.build(root, drawn, first.execution);
  page.take(first, true);
  page.tab.select(params.get('tab') ?? 'steps');
  const [step, box] = [Number(params.get('step')), params.get('box')];
  if (box) page.choose(box);
  if (step > 0) later(page.drawer.open(step));
  await page.follow();
}

class ExecutionPage {
  /** @type {number | undefined} */
  scope;
  /** @type {ExecutionHead | undefined} */
  #head;
  #version = 0;
  #now = 0;
  #steps = -1;
  #logs = -1;
  /** Ends a wait for news, where others are wanted now. */
  #waiting = new AbortController();
  /** @type {Iterations[]} */
  #iterations = [];

  /** @param {string} name @param {string} workflow @param {AbortSignal} signal */
  constructor(name, workflow, signal) {
    this.name = name;
    this.workflow = workflow;
    this.signal = signal;
    const times = () => ({ began: this.#head?.started ?? this.#head?.created ?? 0, now: this.#now });
    this.drawer = new StepDrawer({
      execution: name,
      opened: (step) => {
        note({ step: step.id });
        this.graph.reveal(step.box);
      },
      closed: () => note({ step: undefined }),
      signal,
    });
    this.steps = stepsPanel({
      execution: name,
      times,
      scope: () => this.scope,
      open: (row, element) => later(this.drawer.open(row.id, element)),
      unselect: () => {
        this.graph.select('');
        note({ box: undefined });
      },
      signal,
    });
    this.logs = logsPanel({
      execution: name,
      times,
      open: (row, element) => {
        if (row.entry === undefined) this.drawer.openLog(row, element);
        else later(this.drawer.open(row.entry, element));
      },
      signal,
    });
    this.destinations = destinationsTable((one, row) => later(this.openDestination(one, row)));
    this.head = new Head({
      name,
      workflow,
      openStep: (routine, step) => later(this.#findStep(routine, step)),
    });
    this.scopeBar = scopeBar(() => later(this.show(undefined)));
    this.destinationsSection = h(
      'section',
      { hidden: true, 'aria-labelledby': 'destinations-title' },
      h(
        'div',
        { class: 'heading' },
        h('h2', { id: 'destinations-title' }, 'Destinations'),
        this.destinations.summary,
      ),
      this.destinations.element,
    );
    this.graph = new Graph([], {});
    this.tab = tabs(
      'What to look at',
      [
        { id: 'steps', title: 'Steps', element: this.steps.element },
        { id: 'logs', title: 'Log entries', element: this.logs.element },
        { id: 'data', title: 'Argument and result', element: this.head.data },
      ],
      (id) => {
        note({ tab: id === 'steps' ? undefined : id });
        if (id === 'logs') this.logs.list.refresh();
        if (id === 'steps') this.steps.list.refresh();
      },
    );
  }

  /** @param {HTMLElement} root @param {import('./api.js').WorkflowPage} drawn @param {ExecutionHead} head */
  build(root, drawn, head) {
    document.title = `${lastPart(this.workflow)} ${shortId(this.name)} · Emulator console`;
    this.head.knowsDryRun = drawn.knowsDryRun;
    this.graph = new Graph(drawn.routines, {
      select: (box) => this.choose(box),
      iterations: (box) => {
        const made = new Iterations({
          execution: this.name,
          box,
          scope: () => this.scope,
          open: (row) => later(this.show(row.id)),
          signal: this.signal,
        });
        this.#iterations.push(made);
        return made.element;
      },
    });
    fill(
      root,
      ...this.head.elements,
      this.destinationsSection,
      h(
        'div',
        { class: 'two' },
        h(
          'section',
          { 'aria-labelledby': 'graph-title' },
          h(
            'div',
            { class: 'heading' },
            h('h2', { id: 'graph-title' }, 'Workflow'),
            h('span', { class: 'muted' }, `revision ${head.revision}`),
          ),
          this.scopeBar.element,
          h(
            'div',
            {
              class: 'graph-frame',
              tabindex: '0',
              role: 'region',
              'aria-label': 'Steps of the workflow with their states',
            },
            this.graph.element,
          ),
        ),
        h(
          'section',
          { class: 'lists', 'aria-label': 'Steps, log entries, argument and result' },
          this.tab.element,
        ),
      ),
      this.drawer.element,
    );
    this.steps.list.reset();
    this.logs.list.reset();
  }

  /** @returns {Promise<News>} */
  ask(signal = this.signal) {
    return get(
      'execution',
      { execution: this.name, since: this.#version || undefined, scope: this.scope },
      signal,
    );
  }

  async follow() {
    if (this.#head?.isOver) return;
    // A browser has few connections to one server, whatever its tabs: one that nobody sees holds none.
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.hidden) this.#waiting.abort();
      },
      { signal: this.signal },
    );
    await repeat(this.signal, async () => {
      const waiting = new AbortController();
      this.#waiting = waiting;
      /** @type {News} */
      let news;
      try {
        news = await this.ask(AbortSignal.any([this.signal, waiting.signal]));
      } catch (error) {
        if (waiting.signal.aborted) return 0;
        throw error;
      }
      // An emulator that was started again has kept no steps: what is shown of them is not so any more.
      if (news.execution.isOver && news.steps === 0) window.dispatchEvent(new Event('hashchange'));
      else this.take(news, false);
      return news.execution.isOver ? undefined : 0;
    });
  }

  /** Takes what is new. @param {News} news @param {boolean} isFirst */
  take(news, isFirst) {
    const { execution, boxes, destinations, version, now, scope } = news;
    const old = this.#head?.state;
    this.#head = execution;
    this.#now = now;
    if (old !== execution.state) {
      this.head.show(execution);
      if (!isFirst) announce(`Execution ${lookOf(execution.state).word}`);
    }
    this.head.showTimes(news);
    this.graph.update(boxes, isFirst || this.#version === 0 || scope !== undefined);
    this.#version = version;
    this.destinationsSection.hidden = this.destinations.size === 0 && destinations.length === 0;
    this.destinations.update(destinations, isFirst);
    this.scopeBar.update(scope, scope && this.destinations.at(scope.id));
    if (isFirst) return;
    if (news.steps !== this.#steps || boxes.length > 0) this.steps.list.refresh();
    if (news.logs !== this.#logs) this.logs.list.refresh();
    this.#steps = news.steps;
    this.#logs = news.logs;
    for (const one of this.#iterations) if (one.element.isConnected) void one.refresh();
    if (boxes.length > 0) later(this.drawer.refresh());
  }

  /** Shows what lies below one entry alone: an iteration, a branch, a call. @param {number | undefined} scope */
  async show(scope) {
    this.scope = scope;
    note({ scope });
    this.#version = 0;
    this.#waiting.abort();
    const news = await this.ask();
    // Another one was chosen, or something newer came, while this was on its way.
    if (scope !== this.scope) return;
    if (news.version >= this.#version) this.take(news, false);
    this.steps.list.reset();
  }

  /** Shows the steps of one box. @param {string} box */
  choose(box) {
    note({ box });
    this.graph.reveal(box);
    this.tab.select('steps');
    this.steps.only(box);
  }

  /** Shows what a destination did: where its error began, or all of its steps. @param {import('./api.js').Destination} destination @param {HTMLElement} row */
  async openDestination({ entry, state, error, failedAt }, row) {
    if (entry === undefined) return;
    this.steps.only('');
    await this.show(entry);
    this.tab.select('steps');
    const { tone } = lookOf(state);
    if (tone !== 'failure' && tone !== 'warning') return;
    const { items } = await get(
      'steps',
      { execution: this.name, scope: entry, state: 'raised', limit: 500 },
      this.signal,
    );
    if (this.scope !== entry) return;
    // Errors are caught on the way, too. The one that it failed of is told in its error; the last one, if it was tried
    // again. Where none is, a step has said so without raising anything.
    const found = items.filter((/** @type {StepRow} */ item) => item.error && error?.includes(item.error));
    const last = found.at(-1)?.id ?? failedAt ?? items.at(-1)?.id;
    if (last) await this.drawer.open(last, row);
  }

  /** Opens the last entry of a step. @param {string} routine @param {string} step */
  async #findStep(routine, step) {
    const { items } = await get(
      'steps',
      { execution: this.name, state: 'failed', search: step, limit: 500 },
      this.signal,
    );
    const found = items
      .filter((/** @type {StepRow} */ row) => row.routine === routine && row.step === step)
      .at(-1);
    if (found) await this.drawer.open(found.id);
  }
}
