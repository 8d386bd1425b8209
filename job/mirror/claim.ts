/** Claims a follower for its leader: only in a repository that carries the claim does a mirror delete. */
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { afterCopy, type Difference } from '../difference/difference.ts';
import { circleMessage, claimLabel, claimOf, isCircle } from '../difference/guards.ts';
import { planDestination } from '../difference/plan.ts';
import type { Log } from '../log/log.ts';
import { type Registry, RegistryError } from '../registry/registry.ts';
import type { JobRequest } from '../request.ts';

/** What claiming found and did. */
export interface ClaimOutcome {
  readonly destination: RepositoryName;
  readonly state: 'claimed' | 'already' | 'dryRun';
  /** What a mirror would do from now on: shown before the label is set. */
  readonly planned: Difference;
}

/**
 * Shows the plan, then sets the label.
 *
 * @param show called with the plan before anything is changed
 * @throws RegistryError where another leader has claimed the repository, or the source follows it
 */
export async function claimDestination(
  registry: Registry,
  request: JobRequest,
  destination: RepositoryName,
  { log, show }: { readonly log: Log; readonly show: (planned: Difference) => void },
): Promise<ClaimOutcome> {
  const { labels } = await registry.repository(destination);
  const [claim, ours] = [labels[claimLabel], claimOf(request.source)];
  if (claim !== undefined && claim !== ours)
    throw new RegistryError(
      'refused',
      0,
      `${resourceName(destination)} is claimed by another leader (label ${claimLabel}=${claim}): a repository follows one leader. Correct the destination, or remove the label by hand`,
    );
  if (isCircle(await registry.repository(request.source), destination))
    throw new RegistryError('refused', 0, circleMessage({ source: request.source, destination }));
  const planned = afterCopy(await planDestination(registry, request, destination));
  show(planned);
  if (claim === ours) return { destination, state: 'already', planned };
  if (request.dryRun) return { destination, state: 'dryRun', planned };
  log(
    'NOTICE',
    `${resourceName(destination)} is claimed as the follower of ${resourceName(request.source)}`,
    {
      phase: 'claim',
      destination: resourceName(destination),
    },
  );
  await registry.setLabels(destination, { [claimLabel]: ours });
  return { destination, state: 'claimed', planned };
}
