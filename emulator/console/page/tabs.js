// @ts-check
/** Tabs, as the ARIA practices have them: arrow keys go from one to the next, Tab goes into what is shown. */
import { h } from './dom.js';

/**
 * @param {string} label
 * @param {readonly { id: string, title: string, element: HTMLElement }[]} tabs
 * @param {(id: string) => void} changed
 */
export function tabs(label, tabs, changed) {
  const buttons = tabs.map(({ id, title }) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${id}`,
        'aria-controls': `panel-${id}`,
        onclick: () => select(id),
      },
      title,
    ),
  );
  const panels = tabs.map(({ id, element }) =>
    h('div', { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}` }, element),
  );
  /** @type {(id: string) => void} */
  const select = (id) => {
    // An address may name one that is not there.
    if (!tabs.some((tab) => tab.id === id)) return select(tabs[0]?.id ?? '');
    tabs.forEach((tab, index) => {
      const is = tab.id === id;
      const button = buttons[index];
      const panel = panels[index];
      if (!button || !panel) return;
      button.setAttribute('aria-selected', String(is));
      button.tabIndex = is ? 0 : -1;
      panel.hidden = !is;
    });
    changed(id);
  };
  const bar = h('div', { role: 'tablist', 'aria-label': label, class: 'tabs' }, ...buttons);
  bar.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = (at + step + buttons.length) % buttons.length;
    select(tabs[next]?.id ?? '');
    buttons[next]?.focus();
  });
  return { element: h('div', { class: 'tabbed' }, bar, ...panels), select };
}
