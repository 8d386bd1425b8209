/** Claims of a deploy: what a mirror would do is shown before it is let do it. */

import { resourceName, type WorkflowPlan } from '../../generator/plan.ts';
import { afterCopy } from '../../job/difference/difference.ts';
import { planDestination } from '../../job/difference/plan.ts';
import { visibleLines } from '../../job/log/logger.ts';
import { printPlan } from '../../job/print/plan.ts';
import { widthOf } from '../../job/print/screen.ts';
import { openRegistry } from '../../job/registry/open.ts';
import type { Session } from '../cloud/session.ts';
import { chalk } from '../colours.ts';
import { registryEnvironment } from '../plan/registry.ts';
import { toJobRequest } from '../plan/request.ts';
import type { Change } from './difference.ts';
import { workflowName } from './names.ts';
import type { Claim } from './resource.ts';

/** A claim that is to be made. */
export interface NewClaim {
  readonly plan: WorkflowPlan;
  readonly claim: Claim;
  /** The follower is made by the same deploy, and there is nothing in it. */
  readonly isNew: boolean;
}

/** The claims among the changes. */
export function claimsOf(plans: readonly WorkflowPlan[], changes: readonly Change[]): NewClaim[] {
  const created = new Set(
    changes.flatMap(({ action, resource }) =>
      action === 'create' && resource.kind === 'repository' ? [resource.name] : [],
    ),
  );
  return changes.flatMap(({ action, resource }) => {
    if (action !== 'create' || resource.kind !== 'claim') return [];
    const plan = plans.find((one) => workflowName(one) === resource.owner);
    if (!plan) return [];
    return [{ plan, claim: resource, isNew: created.has(resourceName(resource.repository)) }];
  });
}

/** Shows what a mirror would do in each follower. */
export async function showClaims(
  claims: readonly NewClaim[],
  { target }: Session,
  say: (text: string) => void,
): Promise<void> {
  const registry = openRegistry({ env: registryEnvironment(target) });
  const width = widthOf(process.stdout);
  for (const { plan, claim, isNew } of claims) {
    const destination = plan.destinations.find(
      ({ repository }) => resourceName(repository) === resourceName(claim.repository),
    );
    if (!destination) continue;
    say(`\n${chalk.bold(`To be claimed: ${resourceName(claim.repository)}`)}`);
    if (isNew) {
      say('It is made by this deploy, and empty.');
      continue;
    }
    const request = toJobRequest(plan, [destination]);
    const planned = afterCopy(await planDestination(registry, request, claim.repository));
    // That it is not claimed yet is no news here.
    const refusals = planned.refusals.filter(({ code }) => code !== 'no-claim');
    say(visibleLines(printPlan({ ...planned, refusals }, { width, all: false })));
  }
}
