/**
 * A folder belongs to one emulator at a time: a second one would sweep away what the first is receiving, and each
 * would write over what the other keeps. The file says whose the folder is. A process that was killed leaves it
 * behind: then nobody of that id listens at that port, and the next emulator takes the folder over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

interface Owner {
  readonly process: number;
  /** Of 127.0.0.1. It tells an emulator from a later process that got the same id. */
  readonly port: number;
}

/**
 * Takes a folder, which is made when it is not there.
 *
 * @param port where the emulator that takes it already listens
 * @returns lets go of it
 * @throws Error when another emulator has it
 */
export async function takeFolder(folder: string, port: number): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'emulator.lock');
  const own = `${path}.${process.pid}-${port}`;
  const text = JSON.stringify({ process: process.pid, port } satisfies Owner);
  writeFileSync(own, text);
  try {
    // A link is made only where nothing is, and has its content from the first moment.
    while (!link(own, path)) {
      const found = read(path);
      if (found === undefined) continue;
      const owner = ownerOf(found);
      // Where this one listens, no other does.
      if (owner && owner.port !== port && (await lives(owner)))
        throw new Error(`the folder ${folder} is in use by another emulator (process ${owner.process})`);
      removeStale(path, found, `${own}.stale`);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (read(path) === text) rmSync(path, { force: true });
  };
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of two that find the same stale file one may come late, and meets the other's: that goes back. */
function removeStale(path: string, found: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== found) link(aside, path);
  rmSync(aside, { force: true });
}

function ownerOf(text: string): Owner | undefined {
  try {
    const { process, port } = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(process) && Number.isInteger(port) ? ({ process, port } as Owner) : undefined;
  } catch {
    return undefined;
  }
}

async function lives({ process: id, port }: Owner): Promise<boolean> {
  try {
    process.kill(id, 0);
  } catch (error) {
    // Another user's process is there, and may not be signalled.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
