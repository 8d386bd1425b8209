/** Looks again at one thing that was to be made. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import { readResources } from './actual.ts';
import { type Change, difference } from './difference.ts';

/** Whether it is there, ours, and as it was to be; false where that can't be seen. Roles are not looked at. */
export async function isMade(
  api: Api,
  plans: readonly WorkflowPlan[],
  { resource }: Pick<Change, 'resource'>,
): Promise<boolean> {
  const wanted = [{ resource, isWanted: true }];
  try {
    const found = await readResources(api, plans, wanted, () => false);
    const changes = difference(wanted, { found, bindings: [] }, { adopt: false });
    return changes.some(({ action }) => action === 'unchanged');
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
