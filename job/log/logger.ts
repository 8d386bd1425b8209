/** Writes log entries: lines of JSON as Cloud Logging reads them, or lines for people. */
import { stripVTControlCharacters } from 'node:util';
import type { Severity } from '../../generator/observability/entry.ts';
import { fieldBytes, fit, messageBytes } from './fit.ts';
import type { Log, LogFields } from './log.ts';
import { redact } from './redact.ts';
import type { Trace } from './trace.ts';

/** What every entry of a run carries. */
export interface LogContext {
  readonly command: string;
  /** The replicator's, where it is known. */
  readonly name?: string | undefined;
  /** The workflow execution that started the run. */
  readonly execution?: string | undefined;
}

/** A whole entry, as it is written: `jsonPayload` in Cloud Logging, which takes all but two of these out of it. */
interface LogEntry {
  readonly severity: Severity;
  readonly message: string;
  /** RFC 3339. */
  readonly time: string;
  readonly 'logging.googleapis.com/trace'?: string;
  readonly 'logging.googleapis.com/spanId'?: string;
  readonly 'logging.googleapis.com/trace_sampled'?: boolean;
  readonly replicator: LogContext & { readonly phase: LogFields['phase'] };
}

/** Takes a line, without its end. */
export type Write = (line: string) => void;

/**
 * Entries as JSON, one a line.
 *
 * @param trace of the request that all of them come from
 */
export function jsonLog(context: LogContext, write: Write, now: () => number = Date.now, trace?: Trace): Log {
  const traced = trace && {
    'logging.googleapis.com/trace': trace.name,
    ...(trace.spanId !== undefined && { 'logging.googleapis.com/spanId': trace.spanId }),
    ...(trace.isSampled !== undefined && { 'logging.googleapis.com/trace_sampled': trace.isSampled }),
  };
  return (severity, message, fields) => {
    const time = new Date(now()).toISOString();
    const entry: LogEntry = { severity, message, time, ...traced, replicator: { ...context, ...fields } };
    const shorten = (key: string, value: unknown) =>
      typeof value === 'string' ? fit(redact(value), key === 'message' ? messageBytes : fieldBytes) : value;
    write(JSON.stringify(entry, shorten));
  };
}

const COLORS: Readonly<Partial<Record<Severity, number>>> = { DEBUG: 2, NOTICE: 36, WARNING: 33, ERROR: 31 };

/** Entries for people: the message, with the severity before it where it is more than information. */
export function textLog(write: Write, hasColor = false): Log {
  return (severity, message) => {
    const color = COLORS[severity];
    const word = severity === 'INFO' ? '' : `${severity.toLowerCase()}: `;
    const shown = hasColor && color !== undefined ? `\u001b[${color}m${word}\u001b[0m` : word;
    write(shown + visible(redact(message)));
  };
}

/** Names come from elsewhere: control characters and direction marks would move the cursor or hide text. */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** As {@link visible}, for a text of several lines that has one line to be on. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

/** As {@link visible}, for a text of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/**
 * Whether a process logs for machines: on Cloud Run, and wherever nobody watches.
 *
 * @param format what was asked for
 */
export function isForMachines(
  format: 'auto' | 'text' | 'json',
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (format !== 'auto') return format === 'json';
  return isOnCloudRun(environment) || !isTerminal;
}

/** Cloud Run sets one of them, for a service or a job. */
export function isOnCloudRun(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(environment.K_SERVICE || environment.CLOUD_RUN_JOB);
}
