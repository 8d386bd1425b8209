/**
 * The thread that imports a config. A thread, so that the module can call `process.exit`, wait for ever, loop for
 * ever or leave timers behind without taking the command along. Self-contained, since it is started from text.
 */
import * as nodeModule from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is given. */
export interface Order {
  /** `hooks.ts` as a `data:` URL. */
  readonly hooks: string;
  /** URL of the config. */
  readonly entry: string;
  /** Source of each module by its URL. */
  readonly sources: ReadonlyMap<string, string>;
  /** URL of an imported module by importer and specifier. */
  readonly links: ReadonlyMap<string, string>;
}

/** What the thread answers, once. No answer: the module never finished. */
export type Answer =
  /** The default export, and the names of all exports. */
  | { readonly kind: 'value'; readonly value: Portable; readonly exports: readonly string[] }
  /** An `Error` was thrown. */
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly stack: string }
  /** Something else was thrown, shown here as text. */
  | { readonly kind: 'thrown'; readonly text: string }
  /** `process.exit` was called. */
  | { readonly kind: 'exit'; readonly call: string; readonly stack: string };

/** A value without what can't be posted to another thread, and what was left out where. */
export interface Portable {
  readonly copy: unknown;
  readonly left: readonly { readonly keys: readonly (string | number)[]; readonly what: string }[];
}

function portable(value: unknown): Portable {
  const left: { keys: readonly (string | number)[]; what: string }[] = [];
  const seen = new Map<object, unknown>();
  const leave = (keys: readonly (string | number)[], what: string): undefined => {
    left.push({ keys, what });
  };
  const copyOf = (value: unknown, keys: readonly (string | number)[]): unknown => {
    if (typeof value === 'function' || typeof value === 'symbol') return leave(keys, typeof value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    if (Array.isArray(value)) {
      const copy: unknown[] = [];
      seen.set(value, copy);
      for (let i = 0; i < value.length; i++) copy.push(copyOf(value[i], [...keys, i]));
      return copy;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      return leave(keys, value.constructor?.name || 'object of a class');
    }
    const copy: Record<string, unknown> = {};
    seen.set(value, copy);
    for (const [key, item] of Object.entries(value)) {
      // Not an assignment: to `__proto__` that would do something else.
      const content = { value: copyOf(item, [...keys, key]), enumerable: true, writable: true };
      Object.defineProperty(copy, key, content);
    }
    return copy;
  };
  return { copy: copyOf(value, []), left };
}

function answerTo(thrown: unknown): Answer {
  if (thrown instanceof Error) {
    return {
      kind: 'error',
      name: String(thrown.name),
      message: String(thrown.message),
      stack: String(thrown.stack ?? ''),
    };
  }
  try {
    return {
      kind: 'thrown',
      text: typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown)),
    };
  } catch {
    return { kind: 'thrown', text: Object.prototype.toString.call(thrown) };
  }
}

type Register = (hooks: object) => void;

async function run({ hooks, entry, sources, links }: Order): Promise<void> {
  const exit = process.exit.bind(process);
  const answer = (message: Answer): void => parentPort?.postMessage(message);
  // The frame that matters is the config's, which may stand below many of a library's.
  Error.stackTraceLimit = 100;
  // Hooks in this very thread where Node has them (22.15), which is faster; else in a thread of Node's.
  const { registerHooks } = nodeModule as { registerHooks?: Register };
  if (registerHooks) {
    const module = await import(hooks);
    module.initialize({ sources, links });
    registerHooks({ resolve: module.resolve, load: module.load });
  } else {
    nodeModule.register(hooks, { data: { sources, links } });
  }
  process.exit = (code) => {
    const stack = new Error().stack ?? '';
    // Node itself calls it too, after an error that nobody caught.
    if (stack.includes('file:')) answer({ kind: 'exit', call: `process.exit(${code ?? ''})`, stack });
    return exit(code);
  };
  try {
    const module = await import(entry);
    answer({ kind: 'value', value: portable(module.default), exports: Object.keys(module) });
  } catch (thrown) {
    answer(answerTo(thrown));
  }
  exit(0);
}

void run(workerData as Order);
