/**
 * What the job says while it works, as data: one shape for every entry, so that a query or a metric can rely on it.
 * The workflow's entries have the same shape.
 */

/** As Cloud Logging names them. `NOTICE` is for what a person should know although nothing is wrong. */
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

/** The stage of the work that an entry comes from. */
export type Phase =
  /** Before anything is done: settings, permissions, the repositories' own settings. */
  | 'preflight'
  /** A copy is started. */
  | 'copy'
  /** A copy goes on. */
  | 'await'
  /** What differs. */
  | 'plan'
  | 'claim'
  /** A change is about to be made. */
  | 'mirror'
  | 'verify'
  /** A destination, or the whole run, has ended. */
  | 'result'
  /** The HTTP server's own. */
  | 'serve';

/** What an entry says beside its message. All of it ends in `replicator`; nothing of it may be secret. */
export interface LogFields {
  readonly phase: Phase;
  /** Full resource name. Left out where an entry is about the whole run. */
  readonly destination?: string;
  /** `succeeded`, `partlyFailed`, `failed`, … of a result. */
  readonly state?: string;
  /** Numbers of things by what they are: `{ copied: 3, deleted: 0 }`. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly bytes?: number;
  readonly seconds?: number;
  /** Name of a long-running operation. */
  readonly operation?: string;
  /** RFC 3339. */
  readonly copyStartTime?: string;
  /** Of a change: what it is made to. */
  readonly package?: string;
  readonly version?: string;
  readonly tag?: string;
  /** Of a change: `delete-version`, `create-tag`, `move-tag`, `remove-tag`. */
  readonly action?: string;
  /** Of a tag that is moved or removed: the version it was on. */
  readonly from?: string;
  /** Of a tag that is created or moved: the version it is put on. */
  readonly to?: string;
  /** Why a change is made, or something is kept. */
  readonly because?: string;
  readonly error?: string;
}

/** Says something. Never throws, never waits. */
export type Log = (severity: Severity, message: string, fields: LogFields) => void;

/** Says nothing. */
export const silent: Log = () => {};
