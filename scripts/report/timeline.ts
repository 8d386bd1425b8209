/** When each destination was at which stage, from the step entries of an execution. Pure. */
import { byJob } from '../../generator/compile/copy-by-job.ts';
import { stepName } from '../../generator/names.ts';
import type { DestinationPlan, WorkflowPlan } from '../../generator/plan.ts';
import type { StepEntry } from '../watch/steps.ts';

/** What a destination goes through; of a dry run the last is `plan`. */
export type StageName = 'preflight' | 'copy' | 'mirror' | 'verify' | 'plan';

/** A stage. Times are milliseconds since the epoch. */
export interface Stage {
  readonly name: StageName;
  readonly start: number;
  /** Where it has not ended: as far as is known. */
  readonly end: number;
  readonly isOver: boolean;
  readonly failed: boolean;
}

/** A destination's time. */
export interface Lane {
  /** Short name. */
  readonly destination: string;
  /** In the order in which they began; at least one. */
  readonly stages: readonly Stage[];
  /** When the copy's operation was looked at. */
  readonly polls: readonly number[];
}

/** A run's time. */
export interface Timeline {
  readonly start: number;
  readonly end: number;
  readonly lanes: readonly Lane[];
}

/** What is known of the run besides its steps, in milliseconds since the epoch. */
export interface Span {
  readonly start: number | undefined;
  /** Undefined: it goes on. */
  readonly end: number | undefined;
}

/**
 * @param failed short names of destinations that did not succeed: their last stage is where they stopped
 * @returns undefined where no destination had begun
 */
export function timelineOf(
  plan: WorkflowPlan,
  entries: readonly StepEntry[],
  span: Span,
  failed: ReadonlySet<string>,
): Timeline | undefined {
  const steps = entries.map(stepOf).sort((one, other) => one.id - other.id);
  const start = span.start ?? steps.reduce((first, step) => Math.min(first, step.start), Number.MAX_VALUE);
  // The clock here may be another than the service's: what has not ended lasts until the last thing that is known.
  const end = span.end ?? steps.reduce((last, step) => Math.max(last, step.end), start);
  const owned = owners(plan, steps);
  const lanes = plan.destinations.flatMap((destination) => {
    const own = steps.filter((step) => owned(step)?.includes(destination.id));
    const lane = laneOf(destination, own, end, failed.has(destination.id));
    return lane ? [lane] : [];
  });
  return lanes.length === 0 ? undefined : { start, end: Math.max(end, ...lanes.map(lastEnd)), lanes };
}

const lastEnd = ({ stages }: Lane) => Math.max(...stages.map(({ end }) => end));

/** A step entry with its numbers read. */
interface Step {
  readonly id: number;
  readonly parent: number | undefined;
  /** `replicate.wait_for_copy` */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly isOver: boolean;
  readonly failed: boolean;
  /** Number of an iteration, from 1. */
  readonly iteration: number | undefined;
}

function stepOf(entry: StepEntry): Step {
  const start = Date.parse(entry.createTime ?? '') || 0;
  const parent = entry.navigationInfo?.parent;
  const { progressType, progressNumber } = entry.stepEntryMetadata ?? {};
  const iterates = progressType === 'PROGRESS_TYPE_FOR' || progressType === 'PROGRESS_TYPE_PARALLEL_FOR';
  return {
    id: Number(entry.entryId ?? 0),
    parent: parent === undefined ? undefined : Number(parent),
    path: `${entry.routine}.${entry.step}`,
    start,
    end: Math.max(start, Date.parse(entry.updateTime ?? '') || start),
    isOver: entry.state !== 'STATE_IN_PROGRESS',
    failed: entry.state === 'STATE_FAILED',
    iteration: iterates && progressNumber !== undefined ? Number(progressNumber) : undefined,
  };
}

/**
 * Says which destinations a step works for: by the name of the branch's step, or by the number of the iteration where
 * they are done in a loop. What is within a step works for the same.
 *
 * @param steps parents before their children
 */
function owners(plan: WorkflowPlan, steps: readonly Step[]): (step: Step) => readonly string[] | undefined {
  const jobs = byJob(plan);
  const others = plan.destinations.filter((one) => !jobs.includes(one));
  const ids = (destinations: readonly DestinationPlan[]) => destinations.map(({ id }) => id);
  const named = new Map<string, readonly string[]>();
  for (const { id } of plan.destinations)
    for (const verb of ['copy_to', 'finish']) named.set(`main.${verb}_${stepName(id)}`, [id]);
  /** Loops, by the path of their iterations: what they go through. */
  const loops: ReadonlyMap<string, readonly string[]> = new Map([
    ['main.copy_to_all', ids(others)],
    ['main.finish_all', ids(jobs)],
    ['copy_by_job.each_destination', ids(jobs)],
  ]);
  const owned = new Map<number, readonly string[]>();
  for (const step of steps) {
    const id = step.iteration === undefined ? undefined : loops.get(step.path)?.[step.iteration - 1];
    const inherited = step.parent === undefined ? undefined : owned.get(step.parent);
    const own =
      named.get(step.path) ??
      (id === undefined ? inherited : [id]) ??
      // One execution of the job copies to all of its destinations.
      (step.path === 'copy_by_job.copy' ? ids(jobs) : undefined);
    if (own) owned.set(step.id, own);
  }
  return ({ id }) => owned.get(id);
}

/** Steps of the generated workflow that are a stage's; the compiler's files `replicate`, `follow`, `copy-by-job`. */
function stageName(path: string, { mirror }: DestinationPlan): StageName | undefined {
  switch (path) {
    case 'replicate.check_repositories':
    case 'copy_by_job.check_repositories':
      return 'preflight';
    case 'replicate.start_copy':
    case 'replicate.wait_for_copy':
    case 'copy_by_job.copy':
      return 'copy';
    case 'replicate.reconcile':
    case 'finish.reconcile':
      return mirror ? 'mirror' : 'verify';
    case 'replicate.plan':
    case 'finish.plan':
      return 'plan';
    default:
      return undefined;
  }
}

function laneOf(
  destination: DestinationPlan,
  steps: readonly Step[],
  now: number,
  failed: boolean,
): Lane | undefined {
  const stages = new Map<StageName, Stage>();
  for (const step of steps) {
    const name = stageName(step.path, destination);
    if (name === undefined) continue;
    const before = stages.get(name);
    const end = step.isOver ? step.end : Math.max(now, step.end);
    stages.set(name, {
      name,
      start: before?.start ?? step.start,
      end: Math.max(end, before?.end ?? end),
      isOver: step.isOver,
      failed: step.failed,
    });
  }
  const last = [...stages.values()].at(-1);
  if (!last) return undefined;
  const polls = steps.filter(({ path }) => path === 'await_copy.get_operation').map(({ start }) => start);
  return {
    destination: destination.id,
    stages: [...stages.values()].map((stage) =>
      stage === last && failed ? { ...stage, failed: true } : stage,
    ),
    polls,
  };
}
