/** Files on this machine: how a path is shown, and writing what was generated, each file whole or not at all. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

/** A path as a person in this folder would type it: short where it lies below. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  if (short === '') return '.';
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** What became of one file. */
export interface FileChange {
  readonly name: string;
  readonly state: 'created' | 'updated' | 'unchanged' | 'removed';
}

/**
 * What writing `files` to `folder` would change.
 *
 * @param isOurs says of a file that is there and was not generated whether an earlier run wrote it; first by its name
 *   alone, then with its text
 */
export async function compareFiles(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
  isOurs: (name: string, text?: string) => boolean,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const { name, text } of files) {
    const there = await readText(join(folder, name));
    changes.push({ name, state: there === undefined ? 'created' : there === text ? 'unchanged' : 'updated' });
  }
  const names = new Set(files.map(({ name }) => name));
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    if (names.has(name) || !isOurs(name)) continue;
    const text = await readText(join(folder, name));
    if (text !== undefined && isOurs(name, text)) changes.push({ name, state: 'removed' });
  }
  return changes;
}

/** Carries the changes out. */
export async function writeFiles(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
  changes: readonly FileChange[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  for (const { name, state } of changes) {
    const path = join(folder, name);
    const text = texts.get(name);
    if (state === 'removed') await rm(path);
    else if (state !== 'unchanged' && text !== undefined) {
      // Under another name first: who reads it at this moment gets the old file or the new one.
      const partial = `${path}.${process.pid}.tmp`;
      await writeFile(partial, text);
      await rename(partial, path);
    }
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
