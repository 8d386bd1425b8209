/** A log entry of an execution, whether its workflow wrote it or a job that it started. */
import { messageIn } from './message.ts';

/** One entry. */
export interface Logged {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly severity: string;
  readonly payload: { readonly jsonPayload: unknown } | { readonly textPayload: string };
  /** Where in the workflow it was written; absent where a job wrote it. */
  readonly routine?: string;
  readonly step?: string;
  /** The id of the step entry that wrote it. */
  readonly entry?: number;
  /** The task that wrote it. */
  readonly job?: JobPlace;
}

/** A task of a job's execution. */
interface JobPlace {
  /** The last part of the execution's name. */
  readonly execution: string;
  readonly task: string;
  readonly attempt: string;
}

/** As the page shows it. */
export function logRow({ timestamp, severity, payload, routine, step, entry, job }: Logged) {
  const json = 'jsonPayload' in payload ? payload.jsonPayload : undefined;
  const message = 'textPayload' in payload ? payload.textPayload : (messageIn(json) ?? JSON.stringify(json));
  return { timestamp, severity, message, json, routine, step, entry, job };
}
