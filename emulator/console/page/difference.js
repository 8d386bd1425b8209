// @ts-check
import { h, icon } from './dom.js';
import { count } from './format.js';

/** What differs, each in words. @param {{ missing?: number, extra?: number, different?: number }} counts */
export function difference({ missing = 0, extra = 0, different = 0 }) {
  if (missing + extra + different === 0)
    return h('span', { class: 'diff tone-success' }, icon('check'), 'equal');
  return h(
    'span',
    { class: 'diffs' },
    missing > 0
      ? h('span', { class: 'diff tone-failure' }, icon('minus'), `${count(missing)} missing`)
      : null,
    different > 0
      ? h('span', { class: 'diff tone-warning' }, icon('warning'), `${count(different)} different`)
      : null,
    extra > 0 ? h('span', { class: 'diff tone-active' }, icon('plus'), `${count(extra)} extra`) : null,
  );
}
