/**
 * What workflow and job log: one shape for every entry, so that a query, a metric or an alert can rely on it. Every
 * entry is `{severity, message, replicator: {phase, …}}`; {@link fields} lists what may be in `replicator`, and
 * {@link phases} which of it, by whom. `docs/observability.md` shows both tables, and a test holds every entry against
 * them.
 */

/** As Cloud Logging names them. `NOTICE` is for what a person should know although nothing is wrong. */
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

/** How a destination, a command or a run ended, or what a comparison found. */
export const states = {
  succeeded: 'all was done',
  partlyFailed: 'some destinations, or some of what was to be done, and not all',
  failed: 'it was not done',
  skipped: 'a run gave way to an older one that was still active; no success and no failure',
  dryRun: 'nothing was to be changed',
  started: 'a copy that was not waited for',
  refused: 'a guard of the mirror forbade to delete; see `reason`',
  equal: 'a comparison found no difference',
  different: 'a comparison found a difference',
} as const;

/** Why a mirror was not let delete: one for each guard. */
export const reasons = {
  'no-claim': 'the follower does not carry the claim',
  'claimed-by-another': "the follower is another leader's",
  circle: 'the leader is itself claimed as the follower of this follower',
  format: 'nothing is known of deleting in this format',
  'empty-source': 'the leader is empty',
  'copy-incomplete': 'the leader has versions that the follower has not',
  'immutable-tags': "the follower's tags can neither be moved nor removed",
  'delete-limit': 'more deletions than `mirror.maxDeletions`',
  'delete-share': 'a larger share than `mirror.maxDeletionShare`',
  'unreadable-manifest': 'what a manifest in the package refers to is not known',
} as const;

export type Reason = keyof typeof reasons;

/** What `counts` may count. */
export const counts = {
  destinations: 'destinations of the run',
  failed: 'destinations that failed',
  partlyFailed: 'destinations that failed in part',
  copied: 'versions copied',
  skipped: 'versions that could not be copied',
  total: 'versions that there are to copy',
  equal: 'versions that the follower had',
  found: 'versions found at the leader so far',
  settled: 'versions of them that are dealt with',
  tags: 'tags set by a copy; in a verification, tags that differ',
  blobs: 'blobs sent',
  missing: 'versions that only the leader has',
  extra: 'versions that only the follower has',
  createTags: 'tags to create',
  moveTags: 'tags to move',
  removeTags: 'tags to remove',
  deleteVersions: 'versions to delete',
  kept: 'versions that only the follower has and that stay',
  created: 'tags created',
  moved: 'tags moved',
  removed: 'tags removed',
  deleted: 'versions deleted',
  notDone: 'changes that were planned and not made',
  files: 'files that differ',
  filesCompared: 'files that were compared',
} as const;

/** What a field holds. `bytes` are whole; `seconds` may have a fraction. */
type Kind =
  | 'text'
  | 'flag'
  | 'bytes'
  | 'seconds'
  /** RFC 3339. */
  | 'time'
  /** `projects/P/locations/L/repositories/R`, or `host/path` of a registry that is none of Google's. */
  | 'repository'
  | 'phase'
  | 'state'
  | 'reason'
  | 'action'
  | 'counts';

/** A field of `replicator`. */
interface Field {
  readonly type: Kind;
  readonly about: string;
}

/** Everything that `replicator` may hold. */
export const fields = {
  name: { type: 'text', about: "the replicator's name; the workflow's, too" },
  execution: {
    type: 'text',
    about: "the id of the workflow's execution: it finds all entries of a run, whoever wrote them",
  },
  command: { type: 'text', about: "what the job was called for; the workflow's entries have none" },
  phase: { type: 'phase', about: 'the stage of the work, see above' },
  destination: {
    type: 'repository',
    about: 'full resource name of the follower; absent where an entry is about all of them',
  },
  state: { type: 'state', about: 'how it ended, see below' },
  dryRun: { type: 'flag', about: 'whether nothing was to be changed, whatever came of it' },
  counts: { type: 'counts', about: 'numbers of things, see below; those that are not known are absent' },
  bytes: { type: 'bytes', about: 'bytes sent by a copy, to be copied by a plan, deleted by a mirror' },
  bytesWanted: { type: 'bytes', about: 'bytes that are known to be sent in all' },
  bytesPerSecond: { type: 'bytes', about: 'how fast, of late' },
  deleteBytes: { type: 'bytes', about: 'bytes that a plan would delete' },
  seconds: { type: 'seconds', about: 'how long it took, or has been going on' },
  secondsLeft: { type: 'seconds', about: 'how long it may still take' },
  lagSeconds: {
    type: 'seconds',
    about: "of a copy that succeeded: how old the leader's state that it brought was when it ended",
  },
  operation: { type: 'text', about: 'name of the CopyRepository operation' },
  copyStartTime: { type: 'time', about: 'what was pushed to the leader later was not copied' },
  package: { type: 'text', about: "of a change or refusal: the package's id" },
  version: { type: 'text', about: 'of a change: the version' },
  tag: { type: 'text', about: 'of a change: the tag' },
  action: { type: 'action', about: '`delete-version`, `create-tag`, `move-tag` or `remove-tag`' },
  from: { type: 'text', about: 'of a tag that is moved or removed: the version it was on' },
  to: { type: 'text', about: 'of a tag that is created or moved: the version it is put on' },
  because: { type: 'text', about: 'why a change is made' },
  reason: { type: 'reason', about: 'which guard forbade to delete, see below' },
  error: { type: 'text', about: 'what went wrong' },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof fields;

interface Values {
  text: string;
  flag: boolean;
  bytes: number;
  seconds: number;
  time: string;
  repository: string;
  phase: Phase;
  state: keyof typeof states;
  reason: Reason;
  action: 'delete-version' | 'create-tag' | 'move-tag' | 'remove-tag';
  counts: { readonly [K in keyof typeof counts]?: number };
}

/** Fields by name, each of its type. */
export type Fields = { readonly [K in FieldName]?: Values[(typeof fields)[K]['type']] };

/**
 * What one program writes in a phase. Beside it, the workflow's entries always have `name` and `execution`, the job's
 * `command` and, where they were told, `name` and `execution`.
 */
interface Shape {
  readonly severities: readonly Severity[];
  readonly always: readonly FieldName[];
  readonly sometimes: readonly FieldName[];
}

interface PhaseEntry {
  readonly about: string;
  readonly workflow?: Shape;
  readonly job?: Shape;
}

const shape = <A extends FieldName, S extends FieldName>(
  severities: readonly Severity[],
  always: readonly A[],
  sometimes: readonly S[],
) => ({ severities, always, sometimes });

/** The stage of the work that an entry comes from, and what an entry of it tells. */
export const phases = {
  preflight: {
    about: 'before anything is done: how a repository that was written in another form was read',
    job: shape(['NOTICE'], [], []),
  },
  copy: {
    about: 'a copy is started; by the job, a version could not be copied',
    workflow: shape(['INFO'], [], ['destination', 'operation', 'counts']),
    job: shape(['INFO', 'WARNING'], ['destination'], ['operation', 'error']),
  },
  await: {
    about: 'a copy goes on',
    workflow: shape(['INFO'], ['destination', 'operation', 'counts'], []),
    job: shape(
      ['INFO'],
      ['destination', 'counts'],
      ['operation', 'bytes', 'bytesWanted', 'bytesPerSecond', 'seconds', 'secondsLeft'],
    ),
  },
  plan: {
    about: 'what differs, in a line or whole; what works against a mirror',
    job: shape(['INFO', 'WARNING'], [], ['destination', 'counts', 'bytes', 'reason']),
  },
  claim: {
    about: 'whether a follower carries the claim that lets a mirror delete',
    job: shape(['INFO', 'NOTICE'], [], ['destination']),
  },
  mirror: {
    about:
      'the workflow: a mirror is started; the job: a change is about to be made, or a guard forbids to delete, and `reason` is which',
    workflow: shape(['INFO'], ['destination'], []),
    job: shape(
      ['NOTICE', 'ERROR'],
      ['destination'],
      ['action', 'package', 'version', 'tag', 'from', 'to', 'bytes', 'because', 'reason'],
    ),
  },
  verify: {
    about: 'the workflow: a verification is started; the job: what it found to differ',
    workflow: shape(['INFO'], ['destination'], []),
    job: shape(['INFO'], ['destination'], []),
  },
  result: {
    about:
      'a destination has ended: the workflow writes exactly one for each destination of a run, the job one for each of a command',
    workflow: shape(
      ['INFO', 'WARNING', 'ERROR'],
      ['destination', 'state', 'dryRun', 'counts', 'seconds'],
      ['operation', 'lagSeconds', 'error'],
    ),
    job: shape(
      ['INFO', 'WARNING', 'ERROR'],
      ['destination', 'state'],
      ['dryRun', 'counts', 'bytes', 'deleteBytes', 'seconds', 'operation', 'copyStartTime', 'error'],
    ),
  },
  end: {
    about:
      'a command of the job, or a run of its server, has ended: one for each task, with the totals of it',
    job: shape(
      ['INFO', 'WARNING', 'ERROR'],
      ['state'],
      ['counts', 'bytes', 'deleteBytes', 'seconds', 'error'],
    ),
  },
  run: {
    about:
      "the workflow's run has ended: exactly one for each execution, unless the service itself stopped it (its `executions_system` log tells of those)",
    workflow: shape(
      ['INFO', 'NOTICE', 'WARNING', 'ERROR'],
      ['state', 'counts', 'seconds'],
      ['dryRun', 'error'],
    ),
  },
  notify: {
    about: 'a message about the run could not be published',
    workflow: shape(['WARNING'], ['error'], []),
  },
  metrics: {
    about:
      "metrics could not be sent to the collector that OpenTelemetry's variables name, or are sent again",
    job: shape(['INFO', 'WARNING'], [], ['error']),
  },
  process: {
    about: 'a warning of Node, or of a package by way of it',
    job: shape(['WARNING'], [], []),
  },
  serve: {
    about: "the HTTP server's own",
    job: shape(['INFO', 'NOTICE', 'WARNING', 'ERROR'], [], ['error']),
  },
} as const satisfies Readonly<Record<string, PhaseEntry>>;

export type Phase = keyof typeof phases;
