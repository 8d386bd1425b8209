/**
 * A plan to a workflow. Pure: the same plan gives the same tree. Only what this plan needs is in it.
 */
import { child } from '../config-path.ts';
import type { Notice, Problem } from '../fault.ts';
import {
  type CopyPlan,
  type DestinationPlan,
  type PollPlan,
  resourceName,
  type WorkflowPlan,
} from '../plan.ts';
import { worstCaseSteps } from '../workflow/count.ts';
import type { Routine, Workflow } from '../workflow/steps.ts';
import { readArguments } from './arguments.ts';
import { awaitCopy, pollsUntilDeadline, sampleLength, samplesKept } from './await.ts';
import { findCopy, postCopy } from './copy.ts';
import { byJob, copyByJob, finish } from './copy-by-job.ts';
import { describeError, isTransient, notStarted } from './errors.ts';
import { explainJob, judgeTasks } from './explain-job.ts';
import { errorLength, planCopy, reconcile } from './follow.ts';
import { followFlags } from './job-flags.ts';
import { main } from './main.ts';
import { heldWhilePublished, notify } from './notify.ts';
import { olderExecution } from './overlap.ts';
import { preflight, readRepository } from './preflight.ts';
import { replicate } from './replicate.ts';
import { runJob } from './run-job.ts';
import { summarise } from './summary.ts';

/** Steps that a workflow may be planned to take: the service stops at 100,000. */
export const plannedSteps = 80_000;

/** Bytes that variables may be planned to take: the service stops at 512 KB. */
export const plannedMemory = 480 * 1024;

/** What compiling a plan gives. */
export interface Compiled {
  readonly workflow: Workflow;
  readonly notices: readonly Notice[];
  readonly problems: readonly Problem[];
}

export function compile(plan: WorkflowPlan): Compiled {
  const notices: Notice[] = [];
  const problems: Problem[] = [];
  const concurrencyLimit = limitForMemory(plan, notices, problems);
  const planned = routines(plan, concurrencyLimit);
  const poll = pollWithinSteps(plan, planned, notices, problems);
  const final = poll === plan.poll ? planned : routines({ ...plan, poll }, concurrencyLimit);
  return { workflow: { routines: final }, notices, problems };
}

function routines(plan: WorkflowPlan, concurrencyLimit: number | undefined): Routine[] {
  const ids = plan.destinations.map((destination) => destination.id);
  const jobs = byJob(plan);
  const isApiUsed = jobs.length < ids.length;
  return [
    main(plan, concurrencyLimit),
    readArguments(ids),
    ...(plan.overlap === 'skip' ? [olderExecution()] : []),
    ...(isApiUsed
      ? [replicate(plan.name, { plan: plan.job !== undefined, after: follows(plan, 'api') })]
      : []),
    ...(jobs.length > 0 ? [copyByJob(plan), finish(plan.name, follows(plan, 'job'))] : []),
    preflight(),
    readRepository(),
    ...(isApiUsed ? [postCopy(), findCopy(), polling(plan, pollsUntilDeadline(plan.poll))] : []),
    ...(follows(plan, 'api') || follows(plan, 'job') ? [reconcile(plan.name)] : []),
    ...(plan.job
      ? [
          planCopy(),
          runJob(plan, plan.job, {
            executions: ids.length + 1,
            destinations: Math.max(1, jobs.length),
          }),
          explainJob(plan),
          judgeTasks(jobs.length > 0 ? plan.job.tasks : 1, following(plan.destinations)),
        ]
      : []),
    summarise(plan.name, ids.length, jobs.length),
    ...(plan.notify ? [notify(plan, plan.notify, fitsMessage(plan))] : []),
    isTransient(),
    ...(isApiUsed ? [notStarted()] : []),
    describeError(),
  ];
}

/** The routine that polls. @param polls at most */
function polling({ name, poll, destinations }: WorkflowPlan, polls: number): Routine {
  return awaitCopy(name, poll, samplesKept(destinations.length), polls);
}

/** Whether any destination of an engine is mirrored or verified after its copy. */
function follows({ destinations }: WorkflowPlan, engine: CopyPlan['engine']): boolean {
  return destinations.some(({ copy, mirror, verify }) => copy.engine === engine && (mirror || verify));
}

/** Commands of the job that follow copies. A mirror verifies what it does. */
export function following(
  destinations: readonly Pick<DestinationPlan, 'mirror' | 'verify'>[],
): ('mirror' | 'verify')[] {
  return [
    ...(destinations.some(({ mirror }) => mirror) ? (['mirror'] as const) : []),
    ...(destinations.some(({ mirror, verify }) => verify && !mirror) ? (['verify'] as const) : []),
  ];
}

/**
 * Polls less often, where twelve hours of polling many destinations would be more steps than an execution
 * has. A longer pause only tells of the end a little later.
 *
 * @param planned the workflow with the pauses as planned: how often it polls stands in one routine alone
 */
function pollWithinSteps(
  plan: WorkflowPlan,
  planned: readonly Routine[],
  notices: Notice[],
  problems: Problem[],
): PollPlan {
  const { poll } = plan;
  const most = pollsUntilDeadline(poll);
  const polls = pollsThatFit(most, (polls) => {
    const other = polling(plan, polls);
    return worstCaseSteps({ routines: planned.map((one) => (one.name === other.name ? other : one)) });
  });
  const fits = (maxDelay: number) => pollsUntilDeadline({ ...poll, maxDelay }) <= polls;
  if (fits(poll.maxDelay)) return poll;
  const longest = poll.deadline;
  if (!fits(longest)) {
    problems.push({
      code: 'limit',
      path: child(plan.path, 'destinations'),
      message: `${plan.destinations.length} destinations take more than ${plannedSteps} of the 100000 steps that one execution has`,
      hint: 'share the destinations out among several replicators',
    });
    return poll;
  }
  let [tooShort, enough] = [poll.maxDelay, longest];
  while (enough - tooShort > 1) {
    const middle = Math.floor((tooShort + enough) / 2);
    if (fits(middle)) enough = middle;
    else tooShort = middle;
  }
  notices.push({
    path: child(plan.path, 'poll', 'maxDelay'),
    message: `poll.maxDelay raised from ${poll.maxDelay} s to ${enough} s in "${plan.name}": ${plan.destinations.length} destinations polled for ${poll.deadline} s would otherwise take more than ${plannedSteps} of the 100000 steps that one execution has`,
  });
  return { ...poll, maxDelay: enough };
}

/**
 * The most polls, from `most` down, that leave an execution within the planned steps; 0 where none do.
 *
 * @param steps what an execution may take with so many polls. It is the dearest of several ways through the workflow,
 *   each linear in polls, so it is convex: a line through the two points below where it is too much never goes too far
 */
function pollsThatFit(most: number, steps: (polls: number) => number): number {
  let polls = most;
  while (polls > 0) {
    const over = steps(polls) - plannedSteps;
    if (over <= 0) return polls;
    const perPoll = over + plannedSteps - steps(polls - 1);
    if (perPoll <= 0) return 0;
    polls -= Math.ceil(over / perPoll);
  }
  return 0;
}

/** Bytes of one skipped version in an operation: its name and a `google.rpc.Status`. */
const skippedInAnswer = 384;

/** Skipped versions that the API reports at most, once in the metadata and once in the response. */
const skippedReported = 100 * 2;

/** Bytes of an operation without skipped versions. */
const plainAnswer = 2 * 1024;

/** Bytes of a row of the results without skipped versions: names, an error of at most 800 characters. */
const plainRow = 1400;

/** Bytes that a row has more where the job takes part: its state, its execution, a message. */
const jobRow = 900;

/** Bytes of an operation that runs the job, without its arguments: the execution, once as metadata and once as response. */
const jobAnswer = 12 * 1024;

/** Bytes of what an execution holds besides rows and answers. */
const rest = 20 * 1024;

/** Bytes of a request's behaviour: more would leave no room for others in the source, which has 128 KB. */
const mostBehavior = 32 * 1024;

/** Bytes of what an execution holds to its end: what the steps are told of destinations, and the table of results. */
function heldBy(plan: WorkflowPlan) {
  const { destinations } = plan;
  const skips = destinations.filter(({ copy }) => copy.behavior.continueOnSkippedVersion === true).length;
  const sampleRow = samplesKept(destinations.length) * (2 * sampleLength + 40);
  const flags = destinations.map((one) => JSON.stringify(plan.job ? followFlags(plan, one) : []).length);
  const definitions = destinations.reduce(
    (sum, one) => sum + 2 * JSON.stringify([one.repository, one.copy, plan.source]).length,
    2 * flags.reduce((sum, bytes) => sum + bytes, 0),
  );
  const row = plainRow + (plan.job ? jobRow : 0);
  return { skips, flags, definitions, table: destinations.length * row + skips * sampleRow };
}

/** Whether the table of results can be published whole. Each error of it is in the message of the result too. */
function fitsMessage(plan: WorkflowPlan): boolean {
  const { definitions, table } = heldBy(plan);
  const result = table + plan.destinations.length * errorLength;
  return rest + definitions + heldWhilePublished * result <= plannedMemory;
}

/**
 * How many destinations may be copied to at once so that all variables fit in memory. Only where skipped
 * versions are allowed to pile up does an operation's answer hold many of them.
 *
 * @returns undefined where the service's own limit of 20 is low enough
 */
function limitForMemory(plan: WorkflowPlan, notices: Notice[], problems: Problem[]): number | undefined {
  const { destinations } = plan;
  for (const { path, copy } of destinations) {
    const text = JSON.stringify(copy.behavior);
    const bytes = Buffer.byteLength(text);
    if (bytes <= mostBehavior) continue;
    const isCommon = destinations.every((one) => JSON.stringify(one.copy.behavior) === text);
    problems.push({
      code: 'text',
      path: child(isCommon ? plan.path : path, 'copy', 'behavior'),
      message: `behavior has ${bytes} bytes, at most ${mostBehavior} can be sent`,
      hint: 'use shorter values',
    });
    return undefined;
  }
  const { skips, flags, definitions, table } = heldBy(plan);
  const held = rest + definitions + table;
  const copyAnswer = skips > 0 ? skippedReported * skippedInAnswer : plainAnswer;
  const answer = Math.max(copyAnswer, plan.job ? jobAnswer + 4 * Math.max(...flags) : 0);
  const fit = Math.floor((plannedMemory - held) / answer);
  if (fit < 1) {
    problems.push({
      code: 'limit',
      path: child(plan.path, 'destinations'),
      message: `the results of ${destinations.length} destinations do not fit in the 512 KB that an execution may hold`,
      hint: 'share the destinations out among several replicators',
    });
    return undefined;
  }
  if (fit >= Math.min(20, destinations.length)) return undefined;
  const reason = {
    copy: 'an operation that skips can report 100 versions',
    job: `the answer to running the job has some ${Math.ceil(answer / 1024)} KB`,
  };
  notices.push({
    path:
      answer > copyAnswer ? child(plan.path, 'job') : child(plan.path, 'copy', 'continueOnSkippedVersion'),
    message: `at most ${fit} ${fit === 1 ? 'destination is' : 'destinations are'} copied to at once in "${plan.name}": ${answer > copyAnswer ? reason.job : reason.copy}, and an execution may hold 512 KB`,
  });
  return fit;
}

/** How every file that is written from a config begins, after `# `. */
export function headingStart(config: string): string {
  return `Written by "npm run generate" from ${config}.`;
}

/** Lines at the top of the YAML. */
export function heading(plan: WorkflowPlan, config: string): string[] {
  const { length } = plan.destinations;
  return [
    `${headingStart(config)} Do not edit: the next run overwrites it.`,
    `${plan.name}: ${resourceName(plan.source)} to ${length === 1 ? 'one destination' : `${length} destinations`}.`,
  ];
}
