/**
 * Contents by their SHA-256, on disk, shared by all repositories. A blob appears at once or not at all: it is
 * written elsewhere and renamed when its digest is known. Nothing is held in memory.
 */
import { createHash, type Hash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** A blob that is being received. */
export interface Receiving {
  readonly path: string;
  readonly hash: Hash;
  size: number;
}

/** How much is gathered before it is written: sockets deliver pieces too small to be worth a system call each. */
const batch = 1 << 20;

/** The folder of contents. */
export class BlobStore {
  readonly #folder: string;
  readonly #incoming: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'sha256');
    this.#incoming = join(folder, 'incoming');
    // What an earlier process was receiving can't be continued: its sessions are gone.
    rmSync(this.#incoming, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    mkdirSync(this.#incoming, { recursive: true });
  }

  /** Where a content lies, given its SHA-256 in hex. */
  path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  has(sha256: string): boolean {
    return existsSync(this.path(sha256));
  }

  /** Length in bytes, undefined when the content is not there. */
  size(sha256: string): number | undefined {
    return statSync(this.path(sha256), { throwIfNoEntry: false })?.size;
  }

  /** A stream of a content, or of the bytes from `start` to `end` inclusive. */
  read(sha256: string, range?: { start: number; end: number }): Readable {
    return createReadStream(this.path(sha256), { ...range, highWaterMark: batch });
  }

  /** A small content as a whole. */
  bytes(sha256: string): Buffer | undefined {
    return this.has(sha256) ? readFileSync(this.path(sha256)) : undefined;
  }

  /** Keeps a small content. */
  put(content: Uint8Array): { sha256: string; size: number } {
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (!this.has(sha256)) {
      const path = join(this.#incoming, randomUUID());
      writeFileSync(path, content);
      this.#keep(path, sha256);
    }
    return { sha256, size: content.length };
  }

  /** Begins to receive a content of any size. */
  receive(): Receiving {
    return { path: join(this.#incoming, randomUUID()), hash: createHash('sha256'), size: 0 };
  }

  /**
   * Appends a stream to what is being received.
   *
   * @throws whatever the stream ends with; what was received is then incomplete and good only for {@link drop}
   */
  async fill(receiving: Receiving, source: Readable | AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(receiving.path, 'a');
    try {
      let pieces: Uint8Array[] = [];
      let gathered = 0;
      // One batch is written while the next is gathered and hashed.
      let writing: Promise<unknown> = Promise.resolve();
      const flush = async () => {
        await writing;
        const data = pieces;
        pieces = [];
        gathered = 0;
        writing = writeAll(file, data);
        writing.catch(() => {});
      };
      for await (const piece of source) {
        receiving.hash.update(piece);
        receiving.size += piece.length;
        pieces.push(piece);
        gathered += piece.length;
        if (gathered >= batch) await flush();
      }
      if (gathered > 0) await flush();
      await writing;
    } finally {
      await file.close();
    }
  }

  /** Keeps what was received under its SHA-256; it must be the one expected, or nothing is kept. */
  finish(receiving: Receiving, expected: string): boolean {
    const sha256 = receiving.hash.digest('hex');
    if (sha256 !== expected) {
      this.drop(receiving);
      return false;
    }
    if (receiving.size === 0 && !existsSync(receiving.path)) writeFileSync(receiving.path, '');
    this.#keep(receiving.path, sha256);
    return true;
  }

  #keep(path: string, sha256: string): void {
    const kept = this.path(sha256);
    mkdirSync(dirname(kept), { recursive: true });
    renameSync(path, kept);
  }

  drop(receiving: Receiving): void {
    rmSync(receiving.path, { force: true });
  }

  /** Loses a content, as a service may: versions that refer to it stay. */
  lose(sha256: string): void {
    rmSync(this.path(sha256), { force: true });
  }

  /** Removes every content that isn't wanted. */
  sweep(wanted: ReadonlySet<string>): void {
    for (const prefix of readdirSync(this.#folder))
      for (const sha256 of readdirSync(join(this.#folder, prefix)))
        if (!wanted.has(sha256)) rmSync(join(this.#folder, prefix, sha256));
  }
}

async function writeAll(
  file: { writev(buffers: Uint8Array[]): Promise<{ bytesWritten: number }> },
  pieces: Uint8Array[],
): Promise<void> {
  let rest = pieces;
  while (rest.length > 0) {
    let { bytesWritten } = await file.writev(rest);
    const left: Uint8Array[] = [];
    for (const piece of rest) {
      if (bytesWritten >= piece.length) bytesWritten -= piece.length;
      else {
        left.push(bytesWritten > 0 ? piece.subarray(bytesWritten) : piece);
        bytesWritten = 0;
      }
    }
    rest = left.filter((piece) => piece.length > 0);
  }
}
