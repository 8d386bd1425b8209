/** The two streams of a process: reports on one, log and status on the other. */
import type { Screen } from '../commands/tools.ts';
import type { Log } from '../log/log.ts';
import { visibleLines, type Write } from '../log/logger.ts';

/** A stream, as far as it is used. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where a process writes. */
export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** A line of the terminal that is written anew again and again. */
export interface StatusLine {
  /** Shows a text in place of the one before; empty shows none. */
  show(text: string): void;
  readonly isShown: boolean;
  /** Writes a whole line above it. */
  readonly above: Write;
}

/** Columns of a terminal that does not tell, or says 0. */
const FALLBACK = 80;
const CLEAR = '\r\u001b[2K';

/** A status line where the stream is a terminal, nothing elsewhere. */
export function statusLine(stream: Stream): StatusLine {
  const isTerminal = stream.isTTY === true;
  let shown = '';
  return {
    isShown: isTerminal,
    show(text) {
      if (!isTerminal || text === shown) return;
      // A line that wraps could not be cleared.
      const fitting = text.slice(0, Math.max(0, (stream.columns || FALLBACK) - 1));
      stream.write(CLEAR + fitting);
      shown = fitting;
    },
    above(line) {
      stream.write(shown === '' ? `${line}\n` : `${CLEAR}${line}\n${shown}`);
    },
  };
}

/** How wide lines may be where the output is no terminal: a file is read on any. */
const ELSEWHERE = 120;
/** Less would cut everything to nothing. */
const NARROWEST = 40;

/** How wide lines may be. */
export function widthOf({ isTTY, columns }: Pick<Stream, 'isTTY' | 'columns'>): number {
  return Math.max(NARROWEST, isTTY === true ? columns || FALLBACK : ELSEWHERE);
}

/**
 * The screen of a process.
 *
 * @param log where reports go on Cloud Run, whose every line of output is an entry; undefined elsewhere
 */
export function createScreen({ stdout }: Streams, status: StatusLine, log: Log | undefined): Screen {
  return {
    width: widthOf(stdout),
    isForPeople: log === undefined,
    report(text, fields) {
      status.show('');
      const shown = visibleLines(text);
      if (log && fields) log('INFO', shown.trimEnd(), fields);
      else if (!log) stdout.write(`${shown}\n`);
    },
    document(value) {
      status.show('');
      stdout.write(`${stdout.isTTY === true ? JSON.stringify(value, null, 2) : JSON.stringify(value)}\n`);
    },
    status: status.show,
    hasStatus: status.isShown,
  };
}
