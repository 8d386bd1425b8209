/**
 * Module hooks of the thread that imports a config: they answer for the config's own modules from memory and
 * leave the rest to Node. Self-contained, since it is handed to that thread as text.
 */

type Context = { parentURL?: string | undefined };
type Next = (specifier: string, context: unknown) => unknown;

let sources: ReadonlyMap<string, string> = new Map();
let links: ReadonlyMap<string, string> = new Map();

/** Takes what `modules.ts` collected. */
export function initialize(data: { sources: typeof sources; links: typeof links }): void {
  sources = data.sources;
  links = data.links;
}

/** Node's `resolve` hook. */
export function resolve(specifier: string, context: Context, next: Next): unknown {
  const url = links.get(`${context.parentURL}\0${specifier}`) ?? specifier;
  return sources.has(url) ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
}

/** Node's `load` hook. */
export function load(url: string, context: unknown, next: Next): unknown {
  const source = sources.get(url);
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
}
