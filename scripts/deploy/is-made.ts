/** Looks again at one thing that was to be made. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { readActual } from './actual.ts';
import { type Change, difference } from './difference.ts';

/** Whether it is there, ours, and as it was to be; false where that can't be seen. */
export async function isMade(
  api: Api,
  plans: readonly WorkflowPlan[],
  { resource }: Pick<Change, 'resource'>,
): Promise<boolean> {
  const wanted = [{ resource, isWanted: true }];
  try {
    const changes = difference(wanted, await readActual(api, plans, wanted), { adopt: false });
    return changes.some((change) => change.resource.id === resource.id && change.action === 'unchanged');
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
