// @ts-check
/** Shows the page that the address names. */
import { Refused, repeat } from './api.js';
import { fill, h } from './dom.js';
import { showExecution } from './execution.js';
import { showPackage } from './package.js';
import { showRepositories } from './repositories.js';
import { current } from './route.js';
import { showRuns } from './runs.js';
import { scrollBack } from './scroll.js';
import { showWorkflow } from './workflow.js';

/** @type {Readonly<Record<string, { nav: string, show: (root: HTMLElement, params: URLSearchParams, signal: AbortSignal) => Promise<void> }>>} */
const pages = {
  '': { nav: 'runs', show: showRuns },
  workflow: { nav: 'runs', show: showWorkflow },
  execution: { nav: 'runs', show: showExecution },
  repositories: { nav: 'repositories', show: showRepositories },
  package: { nav: 'repositories', show: showPackage },
};

let leave = new AbortController();
let isFirst = true;

async function show() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const root = /** @type {HTMLElement} */ (document.getElementById('main'));
  const { page, params } = current();
  const found = Object.hasOwn(pages, page) ? pages[page] : undefined;
  for (const link of document.querySelectorAll('nav [data-page]'))
    if (link.getAttribute('data-page') === found?.nav) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  fill(root);
  // A reader of the screen goes on where the new page begins; at first the browser decides.
  if (!isFirst) root.focus({ preventScroll: true });
  isFirst = false;
  scrollBack(root, signal);
  try {
    if (!found) throw new Refused('There is no such page.', 404);
    await repeat(signal, () => found.show(root, params, signal).then(() => undefined));
  } catch (error) {
    if (signal.aborted) return;
    document.title = 'Emulator console';
    fill(
      root,
      h('h1', {}, 'Nothing to show'),
      h('p', { class: 'notice tone-failure' }, error instanceof Error ? error.message : String(error)),
      h('p', {}, h('a', { href: '#/' }, 'All workflows')),
    );
  }
}

window.addEventListener('hashchange', () => void show());
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // Its address is a place in the page, and the pages' addresses are what follows the same sign.
  event.preventDefault();
  document.getElementById('main')?.focus();
});
await show();
