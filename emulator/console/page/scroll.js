// @ts-check
/** How far a page was scrolled, kept in its entry of the history: going back leads to where one was. */

/** How long a page may take until it is as long as it was, in milliseconds. */
const patience = 5000;

history.scrollRestoration = 'manual';
window.addEventListener('scrollend', () => history.replaceState({ scroll: window.scrollY }, ''));

/**
 * Scrolls to where the page of this entry was left, or to its top. What it shows arrives piece by piece: it is scrolled
 * once it is long enough, unless somebody has moved meanwhile.
 *
 * @param {HTMLElement} root
 * @param {AbortSignal} signal fires when the page is left
 */
export function scrollBack(root, signal) {
  const top = Number(history.state?.scroll ?? 0);
  window.scrollTo(0, 0);
  if (!(top > 0)) return;
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const grown = new ResizeObserver(() => {
    if (document.documentElement.scrollHeight < top + window.innerHeight) return;
    grown.disconnect();
    window.scrollTo(0, top);
  });
  const stop = () => grown.disconnect();
  until.addEventListener('abort', stop);
  for (const moved of ['wheel', 'keydown', 'pointerdown'])
    window.addEventListener(moved, stop, { signal: until, passive: true });
  grown.observe(root);
}
