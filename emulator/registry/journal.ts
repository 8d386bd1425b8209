/**
 * A repository's facts on disk: a file with one JSON document a line, only ever appended to, so that a push
 * costs the same whatever the repository already holds. A line that a killed process left unfinished is not a
 * fact and is cut off.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import type { Fact } from './facts.ts';

/** How many bytes are read or written at a time. */
const chunk = 1 << 20;

/** The facts of one repository, as a file. */
export class Journal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether anything was ever written. */
  exists(): boolean {
    return existsSync(this.#path);
  }

  /**
   * Hands over every fact in order.
   *
   * @returns how many there were
   */
  replay(apply: (fact: Fact) => void): number {
    if (!this.exists()) return 0;
    const file = openSync(this.#path, 'r');
    let count = 0;
    let whole = 0;
    try {
      const size = fstatSync(file).size;
      const buffer = Buffer.allocUnsafe(chunk);
      let rest: Buffer = Buffer.alloc(0);
      for (let position = 0; position < size; ) {
        const length = readSync(file, buffer, 0, chunk, position);
        if (length === 0) break;
        position += length;
        const data = Buffer.concat([rest, buffer.subarray(0, length)]);
        const end = data.lastIndexOf(10) + 1;
        for (const line of data.toString('utf8', 0, end).split('\n'))
          if (line !== '') {
            apply(JSON.parse(line) as Fact);
            count++;
          }
        rest = data.subarray(end);
        whole += end;
      }
    } finally {
      closeSync(file);
    }
    truncateSync(this.#path, whole);
    return count;
  }

  /** Adds facts at the end. */
  append(facts: Iterable<Fact>): void {
    write(facts, (text) => appendFileSync(this.#path, text));
  }

  /** Writes facts in place of all there are; the old ones stay until the new ones are whole. */
  replace(facts: Iterable<Fact>): void {
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, 'w');
    try {
      write(facts, (text) => writeSync(file, text));
    } finally {
      closeSync(file);
    }
    renameSync(fresh, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function write(facts: Iterable<Fact>, out: (text: string) => void): void {
  let text = '';
  for (const fact of facts) {
    text += `${JSON.stringify(fact)}\n`;
    if (text.length >= chunk) {
      out(text);
      text = '';
    }
  }
  if (text !== '') out(text);
}
