// @ts-check
/** One workflow: run it, what it ran, what it does. */
import { get, repeat } from './api.js';
import { fill, h } from './dom.js';
import { executionsList } from './executions-list.js';
import { lastPart, placeText, time } from './format.js';
import { Graph } from './graph.js';
import { dryRunArgument, run } from './run-form.js';

/** @param {HTMLElement} root @param {URLSearchParams} params @param {AbortSignal} signal */
export async function showWorkflow(root, params, signal) {
  const name = params.get('name') ?? '';
  /** @type {import('./api.js').WorkflowPage} */
  const workflow = await get('workflow', { workflow: name }, signal);
  document.title = `${lastPart(name)} · Emulator console`;
  const executions = executionsList({ workflow: name }, signal);
  const graph = new Graph(workflow.routines, {});
  fill(
    root,
    h('p', { class: 'crumbs' }, h('a', { href: '#/' }, 'Workflows')),
    h('h1', {}, lastPart(name)),
    h(
      'p',
      { class: 'muted' },
      placeText(name),
      ` · revision ${workflow.revision} · deployed ${time(workflow.updated)} · runs as ${lastPart(workflow.serviceAccount)}`,
    ),
    workflow.description ? h('p', {}, workflow.description) : null,
    runForm(name, workflow.knowsDryRun),
    h('div', { class: 'heading' }, h('h2', {}, 'Executions'), executions.list.countElement),
    executions.element,
    h('div', { class: 'heading' }, h('h2', {}, 'Steps')),
    h(
      'div',
      { class: 'graph-frame', tabindex: '0', role: 'region', 'aria-label': 'Steps of the workflow' },
      graph.element,
    ),
  );
  await repeat(signal, async () => {
    executions.refresh();
    return 1000;
  });
}

/** @param {string} workflow @param {boolean} knowsDryRun */
function runForm(workflow, knowsDryRun) {
  const argument = h('textarea', {
    id: 'argument',
    rows: '2',
    spellcheck: 'false',
    class: 'mono',
    placeholder: '{}',
  });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const start = async (/** @type {(text: string) => string | undefined} */ argumentOf) => {
    try {
      fill(fault);
      await run(workflow, argumentOf(argument.value.trim()));
    } catch (error) {
      fill(
        fault,
        error instanceof SyntaxError ? 'The argument is no JSON.' : /** @type {Error} */ (error).message,
      );
    }
  };
  return h(
    'form',
    {
      class: 'panel run-form',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void start((text) => text || undefined);
      },
    },
    h('label', { for: 'argument' }, 'Argument (JSON, may be empty)'),
    argument,
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary' }, 'Run'),
      knowsDryRun ? h('button', { type: 'button', onclick: () => start(dryRunArgument) }, 'Dry run') : null,
    ),
    fault,
  );
}
