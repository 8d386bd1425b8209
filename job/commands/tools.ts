/** What commands work with. */
import type { Log, LogFields } from '../log/log.ts';
import type { Trace } from '../log/trace.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Clock } from '../registry/clock.ts';
import type { Registry } from '../registry/registry.ts';

/** How a command shows what it found, beside its log. */
export interface Screen {
  /** Whether reports are read by people. On Cloud Run they are not: the log says all that matters. */
  readonly isForPeople: boolean;
  /**
   * A report. On Cloud Run it is a log entry, as its lines would be entries of their own.
   *
   * @param fields of that entry; left out: the log says the same, and there the report is not shown
   */
  report(text: string, fields?: LogFields): void;
  /** The document of `--json`. */
  document(value: unknown): void;
  /** What is going on, on a terminal; shown in place of what was shown before. Nothing elsewhere. */
  status(text: string): void;
  /** Whether {@link Screen.status} shows anything. */
  readonly hasStatus: boolean;
  /** Columns of a line. */
  readonly width: number;
}

/** What commands work with. */
export interface Tools {
  readonly registry: Registry;
  readonly log: Log;
  /** A log whose entries are shown with the request that they come from. */
  readonly traced: (trace: Trace | undefined) => Log;
  readonly clock: Clock;
  readonly screen: Screen;
  /** Counts the run. The server counts its runs itself. */
  readonly metrics: Metrics;
}
