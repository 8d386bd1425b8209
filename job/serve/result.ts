/** What a run over HTTP answers: the fields of the workflow's result, and what the mirror and verification did. */
import { resourceName } from '../../generator/plan.ts';
import { type Ending, goodState, type State, stateOf, summaryOf } from '../commands/ending.ts';
import type { CopyOutcome } from '../copy/outcome.ts';
import type { EndedRun } from '../metrics/metrics.ts';
import type { MirrorOutcome } from '../mirror/outcome.ts';
import type { JobRequest } from '../request.ts';
import type { VerifyReport } from '../verify/verify.ts';

/** What happened to one destination; what comes after a copy that failed is left out. */
export interface Done {
  readonly copy: CopyOutcome;
  readonly mirror?: MirrorOutcome;
  readonly verify?: VerifyReport;
  /** Why the mirror or the verification could not be done. */
  readonly error?: string;
  /** Of all that was done, the worst. */
  readonly ending: Ending;
}

/** One destination. */
export interface ResultRow {
  readonly destination: string;
  readonly state: CopyOutcome['state'];
  readonly copied: number;
  readonly skipped: number;
  readonly deleted: number;
  readonly operation: string | null;
  readonly copyStartTime: string | null;
  /** Of a copy that succeeded: how old the source's state was when it ended, in seconds. */
  readonly lagSeconds?: number;
  readonly skippedVersions: CopyOutcome['skippedVersions'];
  readonly mirror?: Pick<
    MirrorOutcome,
    'state' | 'created' | 'moved' | 'removed' | 'deleted' | 'bytes' | 'equal'
  > & {
    readonly kept: number;
    readonly refusals: readonly string[];
    /** In a dry run: what would be done. */
    readonly planned?: { readonly tags: number; readonly delete: number };
  };
  readonly verify?: { readonly state: VerifyReport['state']; readonly filesDiffering: number };
  readonly request?: CopyOutcome['request'];
  readonly error?: string;
}

/** The whole answer. */
export interface Result {
  readonly state: State | 'started' | 'dryRun';
  /** One line; names what failed and why. */
  readonly message: string;
  readonly source: string;
  readonly dryRun: boolean;
  readonly copied: number;
  readonly skipped: number;
  readonly deleted: number;
  readonly seconds: number;
  readonly results: readonly ResultRow[];
}

/** Puts the answer together. */
export function resultOf(request: JobRequest, done: readonly Done[], seconds: number): Result {
  const results = done.map(rowOf);
  const total = (field: 'copied' | 'skipped' | 'deleted') =>
    results.reduce((sum, row) => sum + row[field], 0);
  const endings = done.map(({ ending }) => ending);
  const state = stateOf(endings);
  const good = goodState(request);
  return {
    state: state === 'succeeded' ? good : state,
    message: summaryOf(endings, request.dryRun ? 'dry run' : 'copy', good === 'started' ? good : 'done'),
    source: resourceName(request.source),
    dryRun: request.dryRun,
    copied: total('copied'),
    skipped: total('skipped'),
    deleted: total('deleted'),
    seconds,
    results,
  };
}

function rowOf({ copy, mirror, verify, ending }: Done): ResultRow {
  const { copied, skipped, operation = null, copyStartTime = null, skippedVersions, request } = copy;
  const { lagSeconds } = copy;
  return {
    destination: ending.destination,
    state: ending.state === 'succeeded' ? copy.state : ending.state,
    copied,
    skipped,
    deleted: mirror?.deleted ?? 0,
    operation,
    copyStartTime,
    ...(lagSeconds !== undefined && { lagSeconds }),
    skippedVersions,
    ...(mirror && { mirror: mirrorOf(mirror) }),
    ...(verify && { verify: { state: verify.state, filesDiffering: verify.filesDiffering } }),
    ...(request && { request }),
    ...(ending.error !== undefined && { error: ending.error }),
  };
}

function mirrorOf({ planned, refusals, ...outcome }: MirrorOutcome): NonNullable<ResultRow['mirror']> {
  const { state, created, moved, removed, deleted, bytes, equal } = outcome;
  return {
    ...{ state, created, moved, removed, deleted, bytes, equal },
    kept: planned.kept.length,
    refusals: refusals.map(({ message }) => message),
    ...(state === 'dryRun' && { planned: { tags: planned.tags.length, delete: planned.delete.length } }),
  };
}

/** For the metrics. */
export function figuresOf({ state, results }: Result): Pick<EndedRun, 'state' | 'results'> {
  const rows = results.map(({ destination, state: its, copied, skipped, deleted, lagSeconds }) => ({
    destination,
    state: its,
    did: { copied, skipped, deleted, lagSeconds },
  }));
  return { state, results: rows };
}

/** 200: all is well; 202: all are started; 207: some failed, or in part; 502: all failed. */
export function statusOf({ state, results }: Result): 200 | 202 | 207 | 502 {
  if (state === 'started') return 202;
  if (state === 'succeeded' || state === 'dryRun') return 200;
  return results.every((row) => row.state === 'failed') ? 502 : 207;
}
