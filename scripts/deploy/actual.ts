/** What is there, read by REST: all at once, and in the names of what is wanted. */
import pMap from 'p-map';
import type { RepositoryName, WorkflowPlan } from '../../generator/plan.ts';
import type { Api } from '../cloud/api.ts';
import type { Wanted } from './desired.ts';
import type { Actual } from './difference.ts';
import { workflowName } from './names.ts';
import { concurrency, readBindings, repositoriesIn } from './read-bindings.ts';
import { readResource } from './read-resource.ts';
import type { Found } from './resource.ts';

/**
 * Reads everything that plans may have.
 *
 * @throws ApiError where something can't be read; a thing that is not there is no error
 */
export async function readActual(
  api: Api,
  plans: readonly WorkflowPlan[],
  wanted: readonly Wanted[],
): Promise<Actual> {
  const found = new Map<string, Found>();
  const byOwner = new Map(plans.map((plan) => [workflowName(plan), plan]));
  const former = new Map<string, RepositoryName[]>();
  const readOne = async ({ resource }: Wanted) => {
    const plan = byOwner.get(resource.owner);
    const one = await readResource(api, resource, plan);
    if (!one) return;
    found.set(resource.id, one);
    if (resource.kind === 'workflow') former.set(resource.owner, repositoriesIn(String(one.fields.source)));
  };
  const readable = wanted.filter(({ resource }) => resource.kind !== 'binding');
  await pMap(readable, readOne, { concurrency });
  const bindings = await readBindings(api, plans, former, found);
  for (const binding of bindings) found.set(binding.id, { fields: {}, isOurs: true });
  return { found, bindings };
}
