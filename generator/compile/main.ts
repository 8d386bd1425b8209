/** `main`: the arguments, the older execution, every destination, the result. */
import { ex } from '../expression/parse.ts';
import { printExpression } from '../expression/print.ts';
import { stepName } from '../names.ts';
import { type DestinationPlan, resourceName, type WorkflowPlan } from '../plan.ts';
import { assign, call, check, give, parallel, parallelForEach, raise, routine } from '../workflow/build.ts';
import type { Routine, Step, Value } from '../workflow/steps.ts';

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
      call('read_arguments', 'read_arguments', { given: ex`given` }, 'request'),
      ...(plan.overlap === 'skip' ? giveWay(source) : []),
      assign('no_results_yet', { rows: {} }),
      ...copies(plan, source, concurrencyLimit),
      call('summarise', 'summarise', { request: ex`request`, source, rows: ex`rows` }, 'summary'),
      check(
        'fail_with_summary',
        ex`summary.state == "failed" or summary.state == "partlyFailed"`,
        raise('failed', ex`summary`),
      ),
      give('finished', ex`summary`),
    ],
  );
}

function giveWay(source: string): Step[] {
  return [
    call('look_for_older_execution', 'older_execution', {}, 'older'),
    check(
      'give_way',
      ex`older != null`,
      // Not a success: whoever looks at freshness must not count it.
      give('skipped', {
        state: 'skipped',
        message: ex`"gave way to an older execution that is still active: " + older`,
        source,
        dryRun: ex`request.dryRun`,
        copied: 0,
        skipped: 0,
        results: [],
      }),
    ),
  ];
}

function copies(
  { destinations }: WorkflowPlan,
  source: string,
  concurrencyLimit: number | undefined,
): Step[] {
  const [only] = destinations;
  if (destinations.length === 1 && only) return copyTo(only, source);
  if (destinations.length <= mostBranches)
    return [
      parallel(
        'copy_to_all',
        { shared: ['rows'], concurrencyLimit },
        destinations.map((destination) => ({
          name: stepName(destination.id),
          steps: copyTo(destination, source),
        })),
      ),
    ];
  return [
    assign('list_destinations', { destinations: destinations.map((one) => destinationValue(one, source)) }),
    parallelForEach(
      'copy_to_all',
      { shared: ['rows'], concurrencyLimit },
      'destination',
      ex`destinations`,
      destinations.length,
      [
        call(
          'copy_to_destination',
          'replicate',
          { request: ex`request`, source, destination: ex`destination` },
          'row',
        ),
        assign('keep_row', { 'rows[destination.id]': ex`row` }),
      ],
    ),
  ];
}

/** Each branch writes a key of its own: two never write the same place. */
function copyTo(destination: DestinationPlan, source: string): Step[] {
  const name = stepName(destination.id);
  const origin = destination.path;
  const args = { request: ex`request`, source, destination: destinationValue(destination, source) };
  return [
    { ...call(`copy_to_${name}`, 'replicate', args, 'row'), origin },
    { ...assign(`keep_${name}`, { [printExpression(ex`rows[${destination.id}]`)]: ex`row` }), origin },
  ];
}

/** What `replicate` needs to know. The request's body stands here whole, so that the console shows it. */
function destinationValue({ id, repository, copy }: DestinationPlan, source: string): Value {
  return {
    id,
    repository: resourceName(repository),
    request: {
      sourceRepository: source,
      ...(Object.keys(copy.behavior).length > 0 && { behavior: copy.behavior }),
    },
    allowSkippedVersions: copy.allowSkippedVersions,
  };
}
