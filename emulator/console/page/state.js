// @ts-check
/** How states look: a drawing, a word and a colour, never a colour alone. */
import { h, icon } from './dom.js';

/**
 * @typedef {'success' | 'failure' | 'active' | 'warning' | 'neutral' | 'none'} Tone
 * @typedef {{ readonly tone: Tone, readonly icon: import('./dom.js').IconName, readonly word: string }} Look
 */

/** States of executions, steps and destinations, as their sources call them. @type {Readonly<Record<string, Look>>} */
const looks = {
  ACTIVE: { tone: 'active', icon: 'running', word: 'running' },
  QUEUED: { tone: 'neutral', icon: 'ring', word: 'queued' },
  SUCCEEDED: { tone: 'success', icon: 'check', word: 'succeeded' },
  FAILED: { tone: 'failure', icon: 'cross', word: 'failed' },
  CANCELLED: { tone: 'neutral', icon: 'stop', word: 'cancelled' },
  UNAVAILABLE: { tone: 'warning', icon: 'warning', word: 'unavailable' },
  running: { tone: 'active', icon: 'running', word: 'running' },
  succeeded: { tone: 'success', icon: 'check', word: 'succeeded' },
  failed: { tone: 'failure', icon: 'cross', word: 'failed' },
  partlyFailed: { tone: 'warning', icon: 'warning', word: 'partly failed' },
  cancelled: { tone: 'neutral', icon: 'stop', word: 'cancelled' },
  stopped: { tone: 'neutral', icon: 'stop', word: 'stopped' },
  skipped: { tone: 'neutral', icon: 'minus', word: 'skipped' },
  dryRun: { tone: 'neutral', icon: 'ring', word: 'dry run' },
  refused: { tone: 'failure', icon: 'cross', word: 'refused' },
  equal: { tone: 'success', icon: 'check', word: 'equal' },
  different: { tone: 'warning', icon: 'warning', word: 'different' },
  unreached: { tone: 'none', icon: 'ring', word: 'not reached' },
};

/** @param {string} state @returns {Look} */
export function lookOf(state) {
  return Object.hasOwn(looks, state)
    ? /** @type {Look} */ (looks[state])
    : { tone: 'neutral', icon: 'ring', word: state };
}

/** A state in words, with its drawing and colour. @param {string} state */
export function badge(state) {
  const look = lookOf(state);
  return h('span', { class: `badge tone-${look.tone}` }, icon(look.icon), h('span', {}, look.word));
}

/** A state in words, with its drawing, as text among others. @param {string} state */
export function stateText(state) {
  const look = lookOf(state);
  return h(
    'span',
    { class: 'with-mark' },
    h('span', { class: `mark tone-${look.tone}` }, icon(look.icon)),
    look.word,
  );
}

/** A state's drawing alone, where its word is read but not shown. @param {string} state */
export function mark(state) {
  const look = lookOf(state);
  return h(
    'span',
    { class: `mark tone-${look.tone}`, title: look.word },
    icon(look.icon),
    h('span', { class: 'unseen' }, look.word),
  );
}

/** How loud a log entry is. @param {string} severity */
export function severityText(severity) {
  return h('span', { class: `severity severity-${severity.toLowerCase()}` }, severity);
}
