/** Stacks of errors, read for the frames in a config's modules. */
import { SourceMap } from 'node:module';
import type { Place } from '../fault.ts';
import type { Modules } from './modules.ts';
import { placeAt } from './place.ts';
import { host } from './program.ts';
import { ts } from './ts-morph.ts';

const FRAME = /(file:\/\/[^\s()]+?):(\d+)(?::(\d+))?(?=\)|\s|$)/g;

/** Places of the frames that lie in the config's modules, innermost first, in their TypeScript source. */
export function framesIn(stack: string, { modules }: Modules): Place[] {
  return [...stack.matchAll(FRAME)].flatMap(([, url = '', line = '1', column = '1']) => {
    const module = modules.get(url);
    if (module === undefined) return [];
    const { file, map } = module;
    const entry = new SourceMap(JSON.parse(map)).findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalLine' in entry)) return [];
    const source = ts.createSourceFile(file, host.readFile(file) ?? '', ts.ScriptTarget.ESNext);
    return [placeAt(source, entry.originalLine + 1, entry.originalColumn + 1)];
  });
}
