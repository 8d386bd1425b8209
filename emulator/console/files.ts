/** The page's own files: those of one folder by their exact names, so that no path leads elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

const folder = new URL('page/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the page; undefined when there is none of that name. */
export function pageFile(name: string): Response | undefined {
  const type = types[extname(name)];
  if (!type || !readdirSync(folder).includes(name)) return undefined;
  return new Response(new Uint8Array(readFileSync(new URL(name, folder))), {
    headers: { 'content-type': type },
  });
}
