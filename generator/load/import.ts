/** Imports a config in a thread of its own and tells what came of it. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { erase, type Modules } from './modules.ts';
import type { Answer, Order, Portable } from './thread.ts';

/** What came of an import: the thread's answer, or that there was none. */
export type Imported =
  | Exclude<Answer, { kind: 'value' }>
  | { readonly kind: 'value'; readonly value: unknown; readonly exports: readonly string[] }
  /** The module waits for something that nothing will ever settle. */
  | { readonly kind: 'unsettled' }
  /** The module has not finished in the time given. */
  | { readonly kind: 'timeout'; readonly seconds: number };

/**
 * Imports the entry of `modules` and returns its default export.
 *
 * @param seconds when to give up
 */
export function importDefault({ entry, modules, links }: Modules, seconds: number): Promise<Imported> {
  const sources = new Map([...modules].map(([url, { code }]) => [url, code]));
  const order: Order = { hooks: dataUrl('./hooks.ts'), entry, sources, links };
  // No arguments of this process, so that no loader of its own comes between the thread and the hooks.
  const thread = new Worker(new URL(dataUrl('./thread.ts')), { workerData: order, execArgv: [] });
  return new Promise((resolve) => {
    const finish = (imported: Imported): void => {
      clearTimeout(timer);
      resolve(imported);
    };
    const timer = setTimeout(() => {
      finish({ kind: 'timeout', seconds });
      void thread.terminate();
    }, seconds * 1000);
    thread.on('message', (answer: Answer) => {
      finish(answer.kind === 'value' ? { ...answer, value: revive(answer.value) } : answer);
    });
    // A promise that the module started and nobody awaited, or a timer of it, has thrown.
    thread.on('error', ({ name, message, stack }) =>
      finish({ kind: 'error', name, message, stack: stack ?? '' }),
    );
    // After an answer this changes nothing.
    thread.on('exit', () => finish({ kind: 'unsettled' }));
  });
}

/** Puts a stand-in of the same kind where something was left out, so that checks find what they would have found. */
function revive({ copy, left }: Portable): unknown {
  const root = { copy };
  for (const { keys, what } of left) {
    let holder: Record<string | number, unknown> = root;
    const path = ['copy', ...keys];
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
    holder[path.at(-1) ?? 'copy'] = standIn(what);
  }
  return root.copy;
}

function standIn(what: string): unknown {
  if (what === 'function') return () => undefined;
  if (what === 'symbol') return Symbol(what);
  const named = { [what]: class {} };
  return Reflect.construct(named[what] ?? Object, []);
}

const urls = new Map<string, string>();

/** One of this folder's files as JavaScript in a URL: Node 20 loads no TypeScript in a thread. */
function dataUrl(file: string): string {
  let url = urls.get(file);
  if (url === undefined) {
    const { code } = erase(readFileSync(new URL(file, import.meta.url), 'utf8'), file);
    url = `data:text/javascript,${encodeURIComponent(code)}`;
    urls.set(file, url);
  }
  return url;
}
