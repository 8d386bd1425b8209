// @ts-check
/** Elements from plain values. Text is always text: nothing here reads markup, so that no name can become an element. */

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Readonly<Record<string, unknown>>} Props Attributes; `onclick` and its like are listeners, and `value`,
 *   `checked`, `disabled`, `hidden` and `open` properties.
 */

const properties = new Set(['value', 'checked', 'disabled', 'hidden', 'open']);

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (properties.has(name)) Object.assign(element, { [name]: value });
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} parent @param {readonly Child[]} children */
function append(parent, children) {
  for (const child of children)
    if (child !== null && child !== undefined && child !== false)
      parent.append(typeof child === 'number' ? String(child) : child);
}

/** A name of words and underscores, which may be broken after these alone. @param {string} name */
export function breakable(name) {
  const parts = name.split(/(?<=_)(?!_)/);
  return h('span', {}, ...parts.flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part])));
}

/** Replaces what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** Sets a text where it is another one, so that nothing is painted anew in vain. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of an element those of a list, by key: elements that stay are kept, with their focus.
 *
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Element} make
 */
export function keyed(parent, items, keyOf, make) {
  /** @type {Map<string, Element>} */
  const old = new Map();
  for (const child of parent.children) old.set(child.getAttribute('data-keyed') ?? '', child);
  /** @type {Element | null} */
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const content = JSON.stringify(item);
    let element = old.get(key);
    if (element && element.getAttribute('data-content') !== content) {
      const made = make(item);
      const hadFocus = element.contains(document.activeElement);
      if (at === element) at = element.nextElementSibling;
      element.replaceWith(made);
      if (hadFocus) focusWithin(made);
      element = made;
    }
    element ??= make(item);
    element.setAttribute('data-keyed', key);
    element.setAttribute('data-content', content);
    old.delete(key);
    if (element === at) at = at.nextElementSibling;
    else parent.insertBefore(element, at);
  }
  for (const element of old.values()) if (element.parentElement === parent) element.remove();
}

/** @param {Element} element */
function focusWithin(element) {
  const target = element.matches('a, button, [tabindex]')
    ? element
    : element.querySelector('a, button, [tabindex]');
  if (target instanceof HTMLElement) target.focus();
}

const svg = 'http://www.w3.org/2000/svg';

/** Drawings of 16 by 16, as lines. */
const drawings = {
  check: ['M3.5 8.5l3 3 6-7'],
  cross: ['M4.5 4.5l7 7', 'M11.5 4.5l-7 7'],
  running: ['M8 2.5a5.5 5.5 0 1 1-5.5 5.5'],
  ring: ['M8 3.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9'],
  stop: ['M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10', 'M4.6 4.6l6.8 6.8'],
  warning: ['M8 2.8l5.6 10.2H2.4z', 'M8 6.5v3', 'M8 11.2v.1'],
  chevron: ['M6 3.5l4.5 4.5L6 12.5'],
  arrow: ['M3 8h10', 'M9 4l4 4-4 4'],
  minus: ['M4 8h8'],
  plus: ['M4 8h8', 'M8 4v8'],
  retry: ['M13 8a5 5 0 1 1-1.6-3.7', 'M13 2.5v3h-3'],
};

/** @typedef {keyof typeof drawings} IconName */

/** A small drawing; what it means must stand beside it in words. @param {IconName} name */
export function icon(name) {
  const root = document.createElementNS(svg, 'svg');
  root.setAttribute('viewBox', '0 0 16 16');
  root.setAttribute('class', `icon icon-${name}`);
  root.setAttribute('aria-hidden', 'true');
  for (const d of drawings[name]) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('d', d);
    root.append(path);
  }
  return root;
}
