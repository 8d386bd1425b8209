/**
 * What can be wrong with a config, as data. Every stage of the generator collects faults and goes on; the
 * command prints them all at once and exits 1.
 */

/** Where a fault is in a source file: 1-based line and column, and the length to underline. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline, at least 1. */
  readonly length: number;
  /** The whole source line, for the caret. */
  readonly text: string;
}
