/** Work that somebody may break off: with Ctrl-C, or as a pipeline does that was cancelled. */

/** Exit codes of a shell for a signal. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof codes;

/**
 * Does work. Broken off, it says what that means and exits, 130 after Ctrl-C.
 *
 * @param say prints a line
 * @param command the one that goes on where this stops
 * @param cleanUp called in the end, however it comes
 */
export async function untilInterrupted<T>(
  { say, command, cleanUp }: { say: (text: string) => void; command: string; cleanUp: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const stop = (signal: Signal) => {
    // What runs is a process of its own: on Ctrl-C it stops too, a signal to us alone does not reach it.
    say(`\nStopped. What was on its way may be done all the same. To go on: ${command}`);
    try {
      cleanUp();
    } catch {
      // A command that still runs may be writing where it was to be tidied up.
    }
    process.exit(codes[signal]);
  };
  const signals = Object.keys(codes) as Signal[];
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
    cleanUp();
  }
}
