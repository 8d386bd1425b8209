/** What is going on, on a terminal: one line on stderr, with the seconds it takes. Nothing where nobody watches. */
import { duration } from '../job/print/quantity.ts';
import { statusLine } from '../job/print/screen.ts';

/** A line that tells what goes on. */
export interface Progress {
  /** Something begins. Several may go on at once. */
  begin(what: string): void;
  end(what: string): void;
  /** Prints a whole line, above what goes on. */
  readonly say: (text: string) => void;
  /** Takes the line away. */
  close(): void;
}

/** Progress of a command. */
export function createProgress(): Progress {
  const line = statusLine(process.stderr);
  const running = new Map<string, number>();
  const show = () => {
    const [first, ...others] = running;
    if (!first) return line.show('');
    const [what, began] = first;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    line.show(`${what} (${duration(Math.floor((Date.now() - began) / 1000))})${more}`);
  };
  const timer = line.isShown ? setInterval(show, 500).unref() : undefined;
  return {
    begin(what) {
      running.set(what, Date.now());
      show();
    },
    end(what) {
      running.delete(what);
      show();
    },
    say(text) {
      line.show('');
      console.log(text);
      show();
    },
    close() {
      clearInterval(timer);
      running.clear();
      line.show('');
    },
  };
}

/** Work that is told of while it goes on. */
export async function during<T>(progress: Progress | undefined, what: string, work: Promise<T>): Promise<T> {
  progress?.begin(what);
  try {
    return await work;
  } finally {
    progress?.end(what);
  }
}
