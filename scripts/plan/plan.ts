/** What a run of a whole config would do, computed as the job computes it. Changes nothing. */
import { type DestinationPlan, resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { afterCopy, type Difference, isEqual } from '../../job/difference/difference.ts';
import { planDestination } from '../../job/difference/plan.ts';
import type { Registry } from '../../job/registry/registry.ts';
import { toJobRequest } from './request.ts';

/** The plan of one follower, or why there is none. */
export type DestinationOutcome = {
  readonly plan: WorkflowPlan;
  readonly destination: DestinationPlan;
} & ({ readonly difference: Difference; readonly extras: number } | { readonly error: string });

/**
 * Plans every follower, one after the other: each comparison may hold a million versions.
 *
 * @param begin called before each
 */
export async function* planAll(
  plans: readonly WorkflowPlan[],
  registry: Registry,
  begin: (destination: DestinationPlan) => void,
): AsyncGenerator<DestinationOutcome> {
  for (const plan of plans)
    for (const destination of plan.destinations) {
      begin(destination);
      try {
        const request = toJobRequest(plan, [destination]);
        const whole = await planDestination(registry, request, destination.repository);
        yield { plan, destination, difference: asRun(whole, destination), extras: whole.delete.length };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        yield { plan, destination, error: message };
      }
    }
}

/** What a run would do of a difference: without a mirror a copy adds and nothing is moved or deleted. */
function asRun(whole: Difference, { mirror }: DestinationPlan): Difference {
  if (mirror) return afterCopy(whole);
  return {
    ...whole,
    tags: whole.tags.filter(({ kind }) => kind === 'create'),
    delete: [],
    kept: [],
    refusals: [],
    warnings: [],
  };
}

/** Whether there is anything to do. */
export function isToDo(outcomes: readonly DestinationOutcome[]): boolean {
  return outcomes.some((outcome) => 'difference' in outcome && !isEqual(outcome.difference));
}

/** The document of `--json`. */
export function toDocument(plans: readonly WorkflowPlan[], outcomes: readonly DestinationOutcome[]) {
  return {
    replicators: plans.map((plan) => ({
      name: plan.name,
      source: resourceName(plan.source),
      destinations: outcomes
        .filter((outcome) => outcome.plan === plan)
        .map((outcome) => ({
          id: outcome.destination.id,
          destination: resourceName(outcome.destination.repository),
          mirrored: outcome.destination.mirror !== undefined,
          ...('error' in outcome
            ? { error: outcome.error }
            : {
                equal: isEqual(outcome.difference) && outcome.extras === 0,
                extras: outcome.extras,
                difference: outcome.difference,
              }),
        })),
    })),
  };
}
