/** `main`: the arguments, the older execution, every destination, the result. */
import { ex } from '../expression/parse.ts';
import { printExpression } from '../expression/print.ts';
import type { Expression } from '../expression/tree.ts';
import { stepName } from '../names.ts';
import { type DestinationPlan, resourceName, type WorkflowPlan } from '../plan.ts';
import {
  assign,
  attempt,
  call,
  check,
  give,
  parallel,
  parallelForEach,
  raise,
  routine,
} from '../workflow/build.ts';
import type { Branch, Routine, Step, Value } from '../workflow/steps.ts';
import { byJob } from './copy-by-job.ts';
import { cut } from './errors.ts';
import { errorLength } from './follow.ts';
import { followFlags } from './job-flags.ts';
import { log } from './log.ts';
import { tell } from './notify.ts';

/** More branches than the service takes by name become a parallel loop. */
export const mostBranches = 10;

/** @param concurrencyLimit most destinations at once, where memory asks for fewer than the service's 20 */
export function main(plan: WorkflowPlan, concurrencyLimit: number | undefined): Routine {
  const source = resourceName(plan.source);
  return routine(
    'main',
    ['given'],
    `Copies ${source} to ${plan.destinations.length === 1 ? 'one destination' : `${plan.destinations.length} destinations`}. Argument, optional: {"dryRun": true, "destinations": ["…"]}. Returns the table of results, or raises it when a destination failed.`,
    [
      assign('begin', {
        started: ex`sys.now()`,
        rows: {},
        // Until the arguments are read: a run that fails before is none that was meant to be dry.
        ...(plan.notify && { request: { dryRun: false } }),
      }),
      attempt(
        'run',
        [
          call('read_arguments', 'read_arguments', { given: ex`given` }, 'request'),
          ...(plan.overlap === 'skip' ? giveWay(plan, source) : []),
          ...copies(plan, source, concurrencyLimit),
          call(
            'summarise',
            'summarise',
            { request: ex`request`, source, rows: ex`rows`, started: ex`started` },
            'summary',
          ),
        ],
        {
          // A run that fails as a whole has its entry too: an argument that is refused, an overlap that cannot be seen.
          except: [
            call('describe', 'describe_error', { error: ex`error` }, 'why'),
            log('log_failure', plan.name, 'ERROR', 'run', cut(ex`why`, errorLength), {
              state: 'failed',
              counts: {},
              seconds,
              error: cut(ex`why`, errorLength),
            }),
            ...tell('tell_of_failure', plan, {
              state: 'failed',
              message: cut(ex`why`, errorLength),
              source,
              dryRun: ex`request.dryRun`,
              copied: 0,
              skipped: 0,
              results: [],
            }),
            raise('give_up', ex`error`),
          ],
        },
      ),
      // They are in the result now, and the message takes memory.
      ...(plan.notify ? [assign('let_go_of_rows', { rows: null })] : []),
      ...tell('tell_of_end', plan, ex`summary`),
      check(
        'fail_with_summary',
        ex`summary.state == "failed" or summary.state == "partlyFailed"`,
        raise('failed', ex`summary`),
      ),
      give('finished', ex`summary`),
    ],
  );
}

const seconds = ex`int(sys.now() - started)`;

function giveWay(plan: WorkflowPlan, source: string): Step[] {
  const result: Value = {
    state: 'skipped',
    message: ex`"gave way to an older execution that is still active: " + older`,
    source,
    dryRun: ex`request.dryRun`,
    copied: 0,
    skipped: 0,
    results: [],
  };
  return [
    call('look_for_older_execution', 'older_execution', {}, 'older'),
    check(
      'give_way',
      ex`older != null`,
      log('log_skipped', plan.name, 'NOTICE', 'run', ex`"gave way to an older execution: " + older`, {
        state: 'skipped',
        dryRun: ex`request.dryRun`,
        counts: {},
        seconds,
      }),
      // Not a success: whoever looks at freshness must not count it.
      ...(plan.notify?.on === 'always' ? tell('tell_of_skipped', plan, result) : []),
      give('skipped', result),
    ),
  ];
}

/** How the destinations of a group are done: by which routine, and what the steps that call it are called. */
interface Way {
  readonly routine: string;
  /** `copy_to_all`, `copy_to_us_central1_prod`. */
  readonly verb: string;
  /** Where many are done in a loop: the variable that holds them, and the step that keeps a row. */
  readonly list: { readonly name: string; readonly variable: Expression; readonly keep: string };
  /** Arguments besides the request, the source and the destination. */
  readonly more: (id: Expression | string) => { readonly [name: string]: Value };
}

const replicating: Way = {
  routine: 'replicate',
  verb: 'copy_to',
  list: { name: 'destinations', variable: ex`destinations`, keep: 'keep_row' },
  more: () => ({}),
};
const finishing: Way = {
  routine: 'finish',
  verb: 'finish',
  list: { name: 'copied_to', variable: ex`copied_to`, keep: 'keep_finished_row' },
  more: (id) => ({ row: ex`map.get(copied, ${id})` }),
};

function copies(plan: WorkflowPlan, source: string, concurrencyLimit: number | undefined): Step[] {
  const jobs = byJob(plan);
  const others = plan.destinations.filter((one) => !jobs.includes(one));
  const together = { plan, source, concurrencyLimit };
  if (jobs.length === 0) return each(others, replicating, together);
  const names = jobs.map(({ id, repository }) => ({ id, repository: resourceName(repository) }));
  const steps = [
    call('copy_by_job', 'copy_by_job', { request: ex`request`, source, destinations: names }, 'copied'),
    ...each(jobs, finishing, together),
  ];
  if (others.length === 0) return steps;
  const branches: Branch[] = [
    { name: 'by_copy_repository', steps: each(others, replicating, together) },
    { name: 'by_the_job', steps },
  ];
  return [parallel('copy_in_both_ways', { shared: ['rows'] }, branches)];
}

/** What all groups have in common. */
interface Together {
  readonly plan: WorkflowPlan;
  readonly source: string;
  readonly concurrencyLimit: number | undefined;
}

/** One plain call, named branches, or a parallel loop. */
function each(
  destinations: readonly DestinationPlan[],
  way: Way,
  { plan, source, concurrencyLimit }: Together,
): Step[] {
  const one = (destination: DestinationPlan) => doOne(destination, way, plan, source);
  const [only] = destinations;
  if (destinations.length === 1 && only) return one(only);
  const options = { shared: ['rows'], concurrencyLimit };
  if (destinations.length <= mostBranches)
    return [
      parallel(
        `${way.verb}_all`,
        options,
        destinations.map((destination) => ({ name: stepName(destination.id), steps: one(destination) })),
      ),
    ];
  const { name, variable, keep } = way.list;
  return [
    assign(`list_${name}`, {
      [name]: destinations.map((destination) => destinationValue(destination, plan, source)),
    }),
    parallelForEach(`${way.verb}_all`, options, 'destination', variable, destinations.length, [
      call(
        `${way.verb}_destination`,
        way.routine,
        { request: ex`request`, source, destination: ex`destination`, ...way.more(ex`destination.id`) },
        'row',
      ),
      assign(keep, { 'rows[destination.id]': ex`row` }),
    ]),
  ];
}

/** Each branch writes a key of its own: two never write the same place. */
function doOne(destination: DestinationPlan, way: Way, plan: WorkflowPlan, source: string): Step[] {
  const name = stepName(destination.id);
  const origin = destination.path;
  const args = {
    request: ex`request`,
    source,
    destination: destinationValue(destination, plan, source),
    ...way.more(destination.id),
  };
  return [
    { ...call(`${way.verb}_${name}`, way.routine, args, 'row'), origin },
    { ...assign(`keep_${name}`, { [printExpression(ex`rows[${destination.id}]`)]: ex`row` }), origin },
  ];
}

/**
 * What the routines need to know of a destination. The request's body stands here whole, so that the console shows
 * it.
 */
function destinationValue(destination: DestinationPlan, plan: WorkflowPlan, source: string): Value {
  const { id, repository, copy, mirror, verify } = destination;
  return {
    id,
    repository: resourceName(repository),
    ...(copy.engine === 'api' && {
      request: {
        sourceRepository: source,
        ...(Object.keys(copy.behavior).length > 0 && { behavior: copy.behavior }),
      },
      allowSkippedVersions: copy.allowSkippedVersions,
    }),
    // A mirror compares at its end: a verification after it would find the same.
    ...((mirror || verify) && { after: mirror ? 'mirror' : 'verify' }),
    ...(plan.job && { flags: followFlags(plan, destination) }),
  };
}
