/** Where a report goes: looked at before anything runs, written whole or not at all. */
import { constants } from 'node:fs';
import { access, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { size } from '../../job/print/quantity.ts';
import { fromCaller, UsageError } from '../flags.ts';

/** A place that a report can be written to. */
export interface ReportFile {
  readonly path: string;
  /** Replaces what is there. @returns bytes written */
  write(text: string): Promise<number>;
}

/**
 * Looks whether a report can be written. Nothing is left behind, and a file that is there stays as it is until the
 * report is written.
 *
 * @param name as it was given: relative to where the command was called
 * @throws UsageError that says why it cannot be
 */
export async function reportFile(name: string): Promise<ReportFile> {
  const refuse = (why: string) => new UsageError(`--report ${JSON.stringify(name)}: ${why}`);
  const given = fromCaller(name);
  // A file of another kind that was named by mistake would be gone.
  if (!['.html', '.htm'].includes(extname(given).toLowerCase()))
    throw refuse('a report is a file of HTML; give it a name that ends in .html');
  const there = await lstat(given).catch(() => undefined);
  // What a link leads to is replaced, not the link.
  const path = there ? await realpath(given).catch(() => given) : given;
  const target = there?.isSymbolicLink() ? await lstat(path).catch(() => undefined) : there;
  if (target?.isDirectory()) throw refuse('this is a folder; give the name of a file in it');
  if (target && !target.isFile()) throw refuse('this is no ordinary file, and would be replaced by one');
  try {
    if (target) await access(path, constants.W_OK);
    // The only way to know: a folder's mode says nothing of a disk that is full or read-only.
    await writeBeside(path, '', (partial) => rm(partial));
  } catch (error) {
    throw refuse(reasonOf(error as NodeJS.ErrnoException, path));
  }
  return {
    path,
    async write(text) {
      await writeBeside(path, text, (partial) => rename(partial, path));
      return Buffer.byteLength(text);
    },
  };
}

/** Writes a file beside another one, and says what becomes of it. */
async function writeBeside(
  path: string,
  text: string,
  then: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const file = await open(partial, 'wx');
  try {
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await then(partial);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, path: string): string {
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(path)}`;
    case 'ENOTDIR':
      return `${dirname(path)} is no folder`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `it may not be written (${code})`;
    default:
      return `it cannot be written: ${message}`;
  }
}

/** Says where a report is, or why there is none: on stderr, as what the command found is on stdout. */
export async function tellReport({ path }: ReportFile, writing: Promise<number>): Promise<boolean> {
  try {
    console.error(`report: ${path} (${size(await writing)})`);
    return true;
  } catch (error) {
    console.error(`There is no report: ${(error as Error).message}`);
    return false;
  }
}
