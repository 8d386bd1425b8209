// @ts-check
/** All workflows and what they ran. */
import { get, repeat } from './api.js';
import { fill, h, keyed } from './dom.js';
import { executionsList } from './executions-list.js';
import { counted, lastPart, placeText } from './format.js';
import { href } from './route.js';
import { badge } from './state.js';

/** @typedef {import('./api.js').WorkflowRow} WorkflowRow */

/** @param {HTMLElement} root @param {URLSearchParams} _params @param {AbortSignal} signal */
export async function showRuns(root, _params, signal) {
  document.title = 'Workflows · Emulator console';
  const cards = h('ul', { class: 'cards' });
  const none = h(
    'div',
    { class: 'notice', hidden: true },
    h('p', {}, 'No workflow is deployed on this emulator yet. Deploy what your config asks for:'),
    h('p', {}, h('code', {}, `REPLICATOR_EMULATOR_HOST=${location.host} npm run deploy`)),
    h('p', {}, 'Or see an emulator with something in it: ', h('code', {}, 'npm run demo -- --keep')),
  );
  const executions = executionsList({}, signal);
  const ran = h(
    'section',
    { hidden: true },
    h('div', { class: 'heading' }, h('h2', {}, 'Executions'), executions.list.countElement),
    executions.element,
  );
  fill(root, h('h1', {}, 'Workflows'), none, cards, ran);
  await repeat(signal, async () => {
    /** @type {{ workflows: WorkflowRow[] }} */
    const { workflows } = await get('workflows', {}, signal);
    none.hidden = workflows.length > 0;
    ran.hidden = workflows.length === 0;
    keyed(cards, workflows, ({ name }) => name, card);
    executions.refresh();
    return 1000;
  });
}

/** @param {WorkflowRow} workflow */
function card({ name, description, executions, failed, last }) {
  return h(
    'li',
    { class: 'card' },
    h('h3', {}, h('a', { href: href('workflow', { name }) }, lastPart(name))),
    h('p', { class: 'muted' }, placeText(name)),
    description ? h('p', { class: 'clamp' }, description) : null,
    h(
      'p',
      { class: 'card-foot' },
      last ? badge(last.state) : h('span', { class: 'muted' }, 'never ran'),
      h(
        'span',
        { class: 'muted' },
        executions === 0
          ? ''
          : `${counted(executions, 'execution')}${failed > 0 ? `, ${failed} failed` : ''}`,
      ),
    ),
  );
}
