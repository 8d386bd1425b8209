/** What containers write, as Cloud Logging keeps it. */

/** One line. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly severity: string;
  /** A line that is a JSON object, without its severity. */
  readonly jsonPayload?: Readonly<Record<string, unknown>>;
  readonly textPayload?: string;
  readonly labels: { readonly task: string; readonly attempt: string; readonly stream: 'stdout' | 'stderr' };
}

/** Entries that are kept of an execution; the oldest go first. */
const kept = 20_000;

/** The log of one execution. */
export class Log {
  readonly #entries: LogEntry[] = [];

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** A line that a container wrote: a JSON object is taken apart, as the logging agent does. */
  add(timestamp: number, line: string, labels: LogEntry['labels']): void {
    const { severity = 'DEFAULT', ...payload } = parse(line);
    this.#entries.push({ timestamp, severity, ...payload, labels });
    if (this.#entries.length > kept) this.#entries.shift();
  }
}

function parse(line: string): Omit<LogEntry, 'timestamp' | 'severity' | 'labels'> & { severity?: string } {
  if (!line.startsWith('{')) return { textPayload: line };
  try {
    const { severity, ...jsonPayload } = JSON.parse(line) as Record<string, unknown>;
    return { jsonPayload, ...(typeof severity === 'string' && { severity: severity.toUpperCase() }) };
  } catch {
    return { textPayload: line };
  }
}
