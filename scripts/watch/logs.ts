/** Log entries of runs, as Cloud Logging has them: the workflow's own, and those of the job that it ran. */
import type { Fields } from '../../generator/observability/entry.ts';
import { visibleLines } from '../../job/log/logger.ts';
import type { Api } from '../cloud/api.ts';
import { summaryOf } from './summary.ts';

/** An entry. */
export interface LogEntry {
  readonly logName?: string;
  readonly insertId?: string;
  readonly timestamp: string;
  readonly severity?: string;
  readonly textPayload?: string;
  readonly jsonPayload?: {
    readonly message?: string;
    readonly replicator?: Fields;
    /** Of Workflows' own entries, of an execution's start and end. */
    readonly state?: string;
    readonly failure?: { readonly exception?: string };
    /** Of Workflows' own entries, of a call. */
    readonly step?: string;
    readonly callee?: string;
    readonly exceptionRaised?: { readonly exception?: string };
  };
  readonly resource?: { readonly type?: string };
}

/** The entries of an execution: those that carry its id, whoever wrote them. */
export function executionFilter(execution: string): string {
  const id = execution.slice(execution.lastIndexOf('/') + 1);
  return `(labels."workflows.googleapis.com/execution_id"="${id}" OR jsonPayload.replicator.execution="${id}")`;
}

/** Most entries that are read of one execution. */
const most = 20_000;

/**
 * Entries, oldest first.
 *
 * @param execution full name
 * @param since only entries from this time on, RFC 3339
 */
export async function readLogs(api: Api, execution: string, since?: string): Promise<LogEntry[]> {
  const project = execution.split('/')[1] ?? '';
  const filter = [executionFilter(execution), ...(since === undefined ? [] : [`timestamp>="${since}"`])];
  const entries: LogEntry[] = [];
  let pageToken: string | undefined;
  do {
    const page: { entries?: LogEntry[]; nextPageToken?: string } = await api.ask(
      'logging',
      'v2/entries:list',
      {
        resourceNames: [`projects/${project}`],
        filter: filter.join(' AND '),
        orderBy: 'timestamp asc',
        pageSize: 1000,
        ...(pageToken !== undefined && { pageToken }),
      },
    );
    entries.push(...(page.entries ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken && entries.length < most);
  return entries;
}

/** Whether Workflows itself wrote an entry, of an execution's start or end. */
export function isSystem({ logName = '' }: LogEntry): boolean {
  return logName.endsWith('%2Fexecutions_system');
}

/** Characters kept of an exception's message. */
const exceptionLength = 200;

/** How Workflows' own entries read. */
const ends: Readonly<Record<string, string>> = {
  ACTIVE: 'the execution has begun',
  SUCCEEDED: 'the execution has succeeded',
  FAILED: 'the execution has failed',
  CANCELLED: 'the execution was cancelled',
};

/** How Workflows' entries of calls read, the step before and what it calls after them. */
const calls: Readonly<Record<string, string>> = {
  BEGUN: 'calls',
  SUCCEEDED: 'has called',
  EXCEPTION_RAISED: 'got an error from',
  EXCEPTION_HANDLED: 'has handled an error from',
};

/** What an entry says, as a terminal may be given it. */
export function messageOf(entry: LogEntry): string {
  return visibleLines(rawMessageOf(entry));
}

function rawMessageOf(entry: LogEntry): string {
  const { jsonPayload, textPayload } = entry;
  if (isSystem(entry)) {
    const { state = '', failure: { exception } = {} } = jsonPayload ?? {};
    return `${ends[state] ?? `the execution is ${state}`}${because(exception)}`;
  }
  const { state = '', step, callee, exceptionRaised } = jsonPayload ?? {};
  if (step !== undefined && callee !== undefined)
    return `${step} ${calls[state] ?? `is ${state} of`} ${callee}${because(exceptionRaised?.exception)}`;
  return jsonPayload?.message ?? textPayload ?? JSON.stringify(jsonPayload ?? '');
}

/** What an exception says, of a whole answer or table its message. */
function because(exception: string | undefined): string {
  if (exception === undefined) return '';
  const { message } = summaryOf({ state: 'FAILED', error: exception });
  return `: ${(message === exception ? messageWithin(exception) : message).slice(0, exceptionLength)}`;
}

/** The message of a table that Workflows has cut to what an entry takes, so that it is no JSON any more. */
function messageWithin(exception: string): string {
  // No more than JSON allows: the text may be anybody's, and never have been any.
  const [, text] =
    /^\{.*?"message":"((?:[^"\\\p{Cc}]|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*)/su.exec(exception) ?? [];
  return text === undefined ? exception : (JSON.parse(`"${text}"`) as string);
}

/** Versions that the job deleted, by the repository's full name, from the last entry of each destination. */
export function deletedIn(entries: readonly LogEntry[]): ReadonlyMap<string, number> {
  const deleted = new Map<string, number>();
  for (const { jsonPayload } of entries) {
    const { destination, counts } = jsonPayload?.replicator ?? {};
    if (destination !== undefined && counts?.deleted !== undefined) deleted.set(destination, counts.deleted);
  }
  return deleted;
}
