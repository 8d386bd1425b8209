// @ts-check
/** What the console asks the emulator for. */
import { setText } from './dom.js';

/**
 * @typedef {ReturnType<typeof import('../executions.ts').executionRow>} ExecutionRow
 * @typedef {ReturnType<typeof import('../executions.ts').executionHead>} ExecutionHead
 * @typedef {ReturnType<typeof import('../executions.ts').workflowRow>} WorkflowRow
 * @typedef {ReturnType<typeof import('../steps.ts').stepRow>} StepRow
 * @typedef {ReturnType<typeof import('../steps.ts').stepDetails>} StepDetails
 * @typedef {ReturnType<typeof import('../steps.ts').iterationRow>} IterationRow
 * @typedef {ReturnType<typeof import('../logged.ts').logRow>} LogRow
 * @typedef {import('../watch.ts').Tally} Tally
 * @typedef {import('../destinations.ts').Destination} Destination
 * @typedef {import('../graph.ts').GraphRoutine} GraphRoutine
 * @typedef {import('../graph.ts').GraphNode} GraphNode
 * @typedef {import('../graph.ts').GraphLane} GraphLane
 * @typedef {import('../compare.ts').PackageRow} PackageRow
 * @typedef {import('../compare.ts').Cell} Cell
 *
 * @typedef {WorkflowRow & { routines: GraphRoutine[], knowsDryRun: boolean }} WorkflowPage
 * @typedef {{ version: number, now: number, execution: ExecutionHead, boxes: [string, Tally][], scope?: StepRow,
 *   destinations: Destination[], steps: number, logs: number }} News
 * @typedef {{ name: string, format: string, description?: unknown, packages: number, versions: number,
 *   tags: number, bytes: number, created: string, source?: string }} RepositoryRow
 */

/**
 * A part of a list.
 *
 * @template T
 * @typedef {{ total: number, offset: number, items: T[] }} Windowed
 */

/** @typedef {Readonly<Record<string, string | number | boolean | undefined>>} Params */

/**
 * Asks for something.
 *
 * @param {string} path below `/console/api/`
 * @param {Params} [params] those that are undefined or empty are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 * @throws {Error} with what the emulator says
 */
export async function get(path, params = {}, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '' && value !== false) query.set(name, String(value));
  return read(fetch(`/console/api/${path}?${query}`, signal ? { signal } : {}));
}

/** Asks to do something. @param {string} path @param {unknown} body @returns {Promise<any>} */
export async function post(path, body) {
  return read(
    fetch(`/console/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

/**
 * Answers may overtake each other, and one that was asked for before one that is shown must not take its place.
 *
 * @returns called with each question, gives what is called once with its answer: whether that is still to be shown
 */
export function inOrder() {
  let asked = 0;
  let shown = 0;
  return () => {
    const mine = ++asked;
    return () => {
      if (mine < shown) return false;
      shown = mine;
      return true;
    };
  };
}

/** What the emulator refused. */
export class Refused extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The emulator did not answer, or not to the end. */
class Unreachable extends Error {}

/** @param {Promise<Response>} answer */
async function read(answer) {
  const response = await answer.catch(lost);
  const body = await response.json().catch(lost);
  connected(true);
  if (response.ok) return body;
  throw new Refused(body?.error?.message ?? `The emulator answered ${response.status}.`, response.status);
}

/** @param {Error} error @returns {never} */
function lost(error) {
  // Who leaves a page is not waiting for its answers any more.
  if (error.name === 'AbortError') throw error;
  connected(false);
  throw new Unreachable('The emulator does not answer.', { cause: error });
}

/** Milliseconds until an emulator that did not answer is asked again. */
const patience = 2000;

/** Shows whether the emulator answers; who has waited for it hears of `reconnected`. @param {boolean} is */
function connected(is) {
  const line = document.getElementById('connection');
  if (!line || line.hidden === is) return;
  line.hidden = is;
  setText(line, is ? '' : 'The emulator does not answer; trying again.');
  if (is) document.dispatchEvent(new Event('reconnected'));
  else void untilAnswered(line);
}

/** A page whose execution is over asks for nothing by itself. @param {HTMLElement} line */
async function untilAnswered(line) {
  while (!line.hidden) {
    await new Promise((resolve) => setTimeout(resolve, patience));
    await fetch('/console/icon.svg', { method: 'HEAD' }).then(
      () => connected(true),
      () => {},
    );
  }
}

/**
 * Does something again and again until the signal fires; two seconds later where the emulator did not answer.
 *
 * @param {AbortSignal} signal
 * @param {() => Promise<number | undefined>} once gives the milliseconds until the next time; undefined ends it
 */
export async function repeat(signal, once) {
  while (!signal.aborted) {
    let pause;
    try {
      pause = await once();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Unreachable)) throw error;
      pause = patience;
    }
    if (pause === undefined) return;
    await sleep(pause, signal);
    // A page that nobody sees asks for nothing.
    if (document.hidden) await shown(signal);
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
function shown(signal) {
  return new Promise((resolve) => {
    const done = () => {
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
  });
}

/**
 * Lets something go on by itself. What becomes of it is seen on the page: that the emulator does not answer is shown
 * there, and a page that was left needs nothing any more.
 *
 * @param {Promise<unknown>} work
 */
export function later(work) {
  work.catch((error) => {
    if (error instanceof Unreachable || error instanceof Refused || error.name === 'AbortError') return;
    console.error(error);
  });
}

/** Tells a screen reader. @param {string} text */
export function announce(text) {
  const line = document.getElementById('announcer');
  if (line) setText(line, text);
}
