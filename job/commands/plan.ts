/** `plan`: what a copy and a mirror would do. */
import { resourceName } from '../../generator/plan.ts';
import { afterCopy, bytesOf, type Difference, isEqual } from '../difference/difference.ts';
import { planDestination } from '../difference/plan.ts';
import { printPlan, printTotals } from '../print/plan.ts';
import { counted } from '../print/quantity.ts';
import { exitCodes, type JobRequest } from '../request.ts';
import { eachDestination } from './each.ts';
import { end } from './ending.ts';
import type { Tools } from './tools.ts';

/** How it is shown. */
export interface PlanOptions {
  readonly json: boolean;
  readonly all: boolean;
  readonly detailedExitcode: boolean;
}

/** Shows the plan of every destination. @returns the exit code */
export async function plan(
  request: JobRequest,
  { registry, log, clock, screen }: Tools,
  { json, all, detailedExitcode }: PlanOptions,
): Promise<number> {
  const began = clock.now();
  const rows = await eachDestination(request.destinations, log, async (destination) => {
    screen.status(`comparing ${resourceName(destination)}`);
    const difference = afterCopy(await planDestination(registry, request, destination, clock.now()));
    const name = resourceName(destination);
    if (!json)
      screen.report(`${printPlan(difference, { width: screen.width, all })}\n`, {
        phase: 'plan',
        destination: name,
      });
    log('INFO', `${name}: ${planInWords(difference)}`, {
      phase: 'result',
      destination: name,
      state: isEqual(difference) ? 'equal' : 'different',
      ...figuresOf([difference]),
    });
    return difference;
  });
  const differences = rows.flatMap((row) => ('outcome' in row ? [row.outcome] : []));
  if (json)
    screen.document({
      source: resourceName(request.source),
      destinations: rows.map((row) => ({
        destination: resourceName(row.destination),
        ...('outcome' in row
          ? { equal: isEqual(row.outcome), difference: row.outcome }
          : { error: row.error }),
      })),
      totals: figuresOf(differences),
    });
  else if (differences.length > 1) screen.report(printTotals(differences), { phase: 'plan' });
  const endings = rows.map((row) => ({
    destination: resourceName(row.destination),
    ...('error' in row ? { state: 'failed' as const, error: row.error } : { state: 'succeeded' as const }),
  }));
  const code = end(log, 'plan', endings, {
    ...figuresOf(differences),
    seconds: (clock.now() - began) / 1000,
  });
  const isToDo = differences.some((difference) => !isEqual(difference));
  return code === exitCodes.done && detailedExitcode && isToDo ? exitCodes.differences : code;
}

/** The plan of a destination in a line. */
function planInWords(difference: Difference): string {
  if (isEqual(difference)) return 'nothing to do';
  const { copy, tags, delete: doomed } = difference;
  const refused = difference.refusals.length > 0 ? ' (refused)' : '';
  return `${counted(copy.length, 'version')} to copy, ${counted(tags.length, 'tag')} to change, ${counted(doomed.length, 'version')} to delete${refused}`;
}

/** What all plans come to. */
export function figuresOf(differences: readonly Difference[]) {
  const total = (value: (difference: Difference) => number) =>
    differences.reduce((sum, difference) => sum + value(difference), 0);
  const tags = (kind: string) => total((one) => one.tags.filter((change) => change.kind === kind).length);
  return {
    counts: {
      missing: total(({ copy }) => copy.length),
      createTags: tags('create'),
      moveTags: tags('move'),
      removeTags: tags('remove'),
      deleteVersions: total((one) => one.delete.length),
      kept: total(({ kept }) => kept.length),
    },
    bytes: total(({ copy }) => bytesOf(copy)),
    deleteBytes: total((one) => bytesOf(one.delete)),
  };
}
