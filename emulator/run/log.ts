/**
 * What containers write, as Cloud Logging keeps it.
 *
 * https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
 */

/** One line. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly severity: string;
  /** `projects/P/traces/T`. */
  readonly trace?: string;
  readonly spanId?: string;
  readonly traceSampled?: boolean;
  /** A line that is a JSON object, without what the agent takes out of it. */
  readonly jsonPayload?: Readonly<Record<string, unknown>>;
  readonly textPayload?: string;
  readonly labels: { readonly task: string; readonly attempt: string; readonly stream: 'stdout' | 'stderr' };
}

/** Entries that are kept of an execution; the oldest go first. */
const kept = 20_000;

/** The log of one execution. */
export class Log {
  readonly #entries: LogEntry[] = [];
  readonly #added: (entry: LogEntry) => void;

  /** @param added called with each entry; nobody is told when absent */
  constructor(added: (entry: LogEntry) => void = () => {}) {
    this.#added = added;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** A line that a container wrote: a JSON object is taken apart, as the logging agent does. */
  add(timestamp: number, line: string, labels: LogEntry['labels']): void {
    const { severity = 'DEFAULT', ...payload } = parse(line);
    const entry = { timestamp, severity, ...payload, labels };
    this.#entries.push(entry);
    if (this.#entries.length > kept) this.#entries.shift();
    this.#added(entry);
  }
}

function parse(line: string): Omit<LogEntry, 'timestamp' | 'severity' | 'labels'> & { severity?: string } {
  if (!line.startsWith('{')) return { textPayload: line };
  try {
    const {
      severity,
      // The emulator's clock says when it came: with a driven one the process's own would be out of order.
      time: _,
      'logging.googleapis.com/trace': trace,
      'logging.googleapis.com/spanId': spanId,
      'logging.googleapis.com/trace_sampled': traceSampled,
      ...jsonPayload
    } = JSON.parse(line) as Record<string, unknown>;
    return {
      jsonPayload,
      ...(typeof severity === 'string' && { severity: severity.toUpperCase() }),
      ...(typeof trace === 'string' && { trace }),
      ...(typeof spanId === 'string' && { spanId }),
      ...(typeof traceSampled === 'boolean' && { traceSampled }),
    };
  } catch {
    return { textPayload: line };
  }
}
