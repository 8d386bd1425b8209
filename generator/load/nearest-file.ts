/** The file that was meant by a path to none. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearest } from '../nearest.ts';

/** Name of the TypeScript file in the path's folder that is nearest to it, or that is the only config there. */
export function nearestFile(path: string): string | undefined {
  const folder = dirname(path);
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => /(?<!\.d)\.m?ts$/.test(name));
  const configs = files.filter((name) => /\.config\.m?ts$/.test(name));
  // An ending that was left out is no misspelling.
  const near = files.find((name) => name === `${basename(path)}.ts`) ?? nearest(basename(path), files);
  return near ?? (path.endsWith('.config.ts') && configs.length === 1 ? configs[0] : undefined);
}
