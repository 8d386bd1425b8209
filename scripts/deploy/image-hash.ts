/** A hash of what the job's image is built from: the same sources are built once. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What the Dockerfile takes. */
const parts = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'job', 'generator'];

/** @param root the checkout */
export async function imageHash(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts)
    for (const file of await filesOf(join(root, part))) {
      hash.update(`${relative(root, file).split(sep).join('/')}\0`);
      hash.update(await readFile(file));
    }
  return hash.digest('hex').slice(0, 16);
}

/** A file, or the files of a folder, in a fixed order; none where there is neither. */
async function filesOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
