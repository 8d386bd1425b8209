/** What is wrong with a command line or the environment, all of it at once. */

/** One thing that is wrong. */
export interface Fault {
  /** Where: `--max-deletions`, `MAX_DELETIONS`, `mirror.maxDeletions`. */
  readonly at: string;
  /** What is wrong, naming the value. One line, no full stop. */
  readonly message: string;
  /** What would be right. One line. */
  readonly hint: string;
}

/** A fault on one line. */
export function printFault({ at, message, hint }: Fault): string {
  return `${at}: ${message}${hint === '' ? '' : `; ${hint}`}`;
}

/** A command line that cannot be understood: the command prints every fault and exits 64. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(printFault).join('\n'));
    this.faults = faults;
  }
}
