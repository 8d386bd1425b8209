// @ts-check
/** Goes through a long table page by page. */
import { h, setText } from './dom.js';
import { count, counted } from './format.js';

/** @param {number} size rows of a page @param {() => void} turned */
export function pager(size, turned) {
  const range = h('span', { class: 'muted', role: 'status' });
  const turn = (/** @type {number} */ by) => () => {
    made.offset = Math.max(0, made.offset + by);
    turned();
  };
  const back = h('button', { type: 'button', onclick: turn(-size), hidden: true }, 'Back');
  const forth = h('button', { type: 'button', onclick: turn(size), hidden: true }, 'Next');
  const made = {
    offset: 0,
    element: h('span', { class: 'pager' }, range, back, forth),
    /** @param {number} total @param {string} what one of it */
    show(total, what) {
      const focused = document.activeElement;
      back.hidden = made.offset === 0;
      forth.hidden = made.offset + size >= total;
      // A button that goes away leaves the focus to the other one.
      if (focused === forth && forth.hidden) back.focus();
      if (focused === back && back.hidden) forth.focus();
      const last = Math.min(total, made.offset + size);
      setText(
        range,
        total > size ? `${count(made.offset + 1)}–${count(last)} of ${count(total)}` : counted(total, what),
      );
    },
  };
  return made;
}
