/** How a replicator does: its last runs, its followers, its schedule, and whether that is well. Pure. */
import { Cron } from 'croner';
import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { counted } from '../../job/print/quantity.ts';
import { workflowName } from '../deploy/names.ts';
import { type Row, type Summary, summaryOf } from './summary.ts';

/** An execution, as the REST API shows it in full. */
export interface ExecutionState {
  readonly name: string;
  readonly state: string;
  readonly createTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly result?: string;
  readonly error?: { readonly payload?: string };
}

/** A Scheduler job, as far as it is looked at. */
export interface SchedulerState {
  readonly state?: string;
  readonly scheduleTime?: string;
  readonly status?: { readonly code?: number; readonly message?: string };
}

/** A run. */
export interface RunStatus {
  readonly name: string;
  readonly link: string;
  readonly state: string;
  readonly message: string;
  readonly dryRun: boolean;
  readonly startTime: string | undefined;
  readonly seconds: number | undefined;
  readonly results: readonly (Row & { readonly deleted?: number })[];
}

/** A follower. */
export interface FollowerStatus {
  readonly id: string;
  readonly repository: string;
  /** Of the last run that did it. */
  readonly state: string;
  readonly copied: number | null;
  readonly skipped: number | null;
  readonly deleted: number | null;
  readonly seconds: number | null;
  /** What the leader held at this time is there; null where no run that is known succeeded. */
  readonly upTo: string | null;
  readonly behindSeconds: number | null;
  readonly error?: string;
}

/** Everything of one replicator. */
export interface ReplicatorStatus {
  readonly name: string;
  readonly workflow: string;
  readonly link: string;
  readonly healthy: boolean;
  /** Why it is not, or what a person should know. */
  readonly why: string;
  readonly schedule: {
    readonly cron: string;
    readonly timeZone: string;
    readonly state: string;
    readonly next: string | null;
  } | null;
  readonly followers: readonly FollowerStatus[];
  /** Newest first. */
  readonly runs: readonly RunStatus[];
}

/** What was read. */
export interface Read {
  /** Newest first. */
  readonly executions: readonly ExecutionState[];
  /** Undefined: there is no Scheduler job. */
  readonly scheduler: SchedulerState | undefined;
  /** By execution, versions deleted by repository. */
  readonly deleted: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly link: (execution: string) => string;
  readonly workflowLink: string;
}

/** The newest execution that was to change something, and has dealt with destinations. */
export function lastReal(executions: readonly ExecutionState[]): ExecutionState | undefined {
  return executions.find(({ state, result, error }) => {
    const { dryRun, results } = summaryOf({ state, result, error: error?.payload });
    return !dryRun && results.length > 0;
  });
}

/** @param now milliseconds since the epoch */
export function statusOf(plan: WorkflowPlan, read: Read, now: number): ReplicatorStatus {
  const runs = read.executions.map((execution) => runOf(execution, read));
  const followers = plan.destinations.map(({ id, repository }) =>
    followerOf(id, resourceName(repository), runs, now),
  );
  const { healthy, why } = health(plan, { runs, followers }, read.scheduler, now);
  const { schedule } = plan;
  return {
    name: plan.name,
    workflow: workflowName(plan),
    link: read.workflowLink,
    healthy,
    why,
    schedule: schedule
      ? {
          ...schedule,
          state: read.scheduler?.state ?? 'MISSING',
          next: read.scheduler?.state === 'PAUSED' ? null : nextRun(schedule, read.scheduler, now),
        }
      : null,
    followers,
    runs,
  };
}

function nextRun(
  { cron, timeZone }: NonNullable<WorkflowPlan['schedule']>,
  scheduler: SchedulerState | undefined,
  now: number,
): string | null {
  if (scheduler?.scheduleTime !== undefined) return scheduler.scheduleTime;
  if (!scheduler) return null;
  return new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(now))?.toISOString() ?? null;
}

function runOf(execution: ExecutionState, { deleted, link }: Read): RunStatus {
  const { name, state, startTime, endTime, result, error } = execution;
  const summary = summaryOf({ state, result, error: error?.payload });
  const seconds =
    startTime !== undefined && endTime !== undefined
      ? (Date.parse(endTime) - Date.parse(startTime)) / 1000
      : undefined;
  return {
    name,
    link: link(name),
    ...pick(summary),
    startTime: startTime ?? execution.createTime,
    seconds,
    results: summary.results.map((row) => {
      const count = deleted.get(name)?.get(row.repository);
      return count === undefined ? row : { ...row, deleted: count };
    }),
  };
}

function pick({ state, message, dryRun }: Summary) {
  return { state, message, dryRun };
}

/** The last run that did a follower, and the last that did it well. */
function followerOf(id: string, repository: string, runs: readonly RunStatus[], now: number): FollowerStatus {
  const rows = runs
    .filter(({ dryRun }) => !dryRun)
    .flatMap(({ results, startTime }) =>
      results.filter((row) => row.repository === repository).map((row) => ({ ...row, startTime })),
    );
  const [last] = rows;
  const good = rows.find(({ state }) => state === 'succeeded');
  const upTo = good ? (good.copyStartTime ?? good.startTime ?? null) : null;
  return {
    id,
    repository,
    state: last?.state ?? 'never run',
    copied: last?.copied ?? null,
    skipped: last?.skipped ?? null,
    deleted: last?.deleted ?? null,
    seconds: last?.seconds ?? null,
    upTo,
    behindSeconds: upTo === null ? null : Math.max(0, Math.round((now - Date.parse(upTo)) / 1000)),
    ...(last?.error !== undefined && { error: last.error }),
  };
}

/** Runs that say nothing of how well it does: checks only, those that gave way, those that are not over. */
const telling = ({ state, dryRun }: RunStatus) =>
  !dryRun && state !== 'dryRun' && state !== 'skipped' && state !== 'active';

function health(
  { schedule }: WorkflowPlan,
  { runs, followers }: Pick<ReplicatorStatus, 'runs' | 'followers'>,
  scheduler: SchedulerState | undefined,
  now: number,
): { healthy: boolean; why: string } {
  const bad = (why: string) => ({ healthy: false, why });
  const last = runs.find(telling);
  if (last && last.state !== 'succeeded') return bad(`the last run ${words(last.state)}: ${last.message}`);
  // The last run may have been asked for some of them alone.
  const failed = followers.find(({ state }) => state === 'failed' || state === 'partlyFailed');
  if (failed)
    return bad(`the last run of ${failed.id} ${words(failed.state)}: ${failed.error ?? 'see its log'}`);
  if (!schedule)
    return { healthy: true, why: last ? 'the last run succeeded' : 'never run; there is no schedule' };
  if (!scheduler) return bad('there is no Scheduler job; deploy it with: npm run deploy');
  if (scheduler.status?.code)
    return bad(
      `the Scheduler could not start the workflow: ${scheduler.status.message ?? `code ${scheduler.status.code}`}`,
    );
  const since = twoPeriodsBefore(schedule, now);
  const good = runs.find(({ state, dryRun }) => state === 'succeeded' && !dryRun);
  const when =
    good?.startTime === undefined ? undefined : Date.parse(good.startTime) + (good.seconds ?? 0) * 1000;
  if (when !== undefined && (since === undefined || when >= since))
    return { healthy: true, why: 'the last run succeeded' };
  return bad(
    when === undefined
      ? runs.length < 2
        ? 'no run has succeeded yet'
        : `of the last ${counted(runs.length, 'run')} none has succeeded`
      : `no run has succeeded since ${new Date(when).toISOString()}, more than two periods of the schedule`,
  );
}

/** On a schedule that is not regular a gap counts as one period, however long it is. */
function twoPeriodsBefore(
  { cron, timeZone }: NonNullable<WorkflowPlan['schedule']>,
  now: number,
): number | undefined {
  const [last, second, third] = new Cron(cron, { timezone: timeZone, paused: true })
    .previousRuns(3, new Date(now))
    .map((due) => due.getTime());
  if (last === undefined || second === undefined || third === undefined) return undefined;
  return Math.min(second, third + now - last);
}

function words(state: string): string {
  return state === 'partlyFailed' ? 'partly failed' : state === 'cancelled' ? 'was cancelled' : state;
}
