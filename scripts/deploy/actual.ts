/** What is there, read by REST: all at once, and in the names of what is wanted. */
import pMap from 'p-map';
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, ApiError } from '../cloud/api.ts';
import type { Wanted } from './desired.ts';
import type { Actual } from './difference.ts';
import { workflowName } from './names.ts';
import { concurrency, readBindings, targetsIn } from './read-bindings.ts';
import { monitoringReader } from './read-monitoring.ts';
import { readResource } from './read-resource.ts';
import { type Found, isMonitoring, type PolicyTarget } from './resource.ts';

/**
 * Reads everything that plans may have, and the roles of their accounts.
 *
 * @param mayBeHidden whether it counts as not there where it may not be seen; as a rule what is not wanted: who does
 *   without a job needs no role that sees one
 * @throws ApiError where something can't be read; a thing that is not there is no error
 */
export async function readActual(
  api: Api,
  plans: readonly WorkflowPlan[],
  wanted: readonly Wanted[],
  mayBeHidden: (one: Wanted) => boolean = ({ isWanted }) => !isWanted,
): Promise<Actual> {
  const found = await readResources(api, plans, wanted, mayBeHidden);
  const former = new Map<string, PolicyTarget[]>();
  for (const { resource } of wanted) {
    const source = resource.kind === 'workflow' && found.get(resource.id)?.fields.source;
    if (source) former.set(resource.owner, targetsIn(String(source)));
  }
  const bindings = await readBindings(api, plans, former, found);
  for (const binding of bindings) found.set(binding.id, { fields: {}, isOurs: true });
  return { found, bindings };
}

/** As {@link readActual} without roles: what is there, by the id of a resource. */
export async function readResources(
  api: Api,
  plans: readonly WorkflowPlan[],
  wanted: readonly Wanted[],
  mayBeHidden: (one: Wanted) => boolean,
): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const byOwner = new Map(plans.map((plan) => [workflowName(plan), plan]));
  const readMonitoring = monitoringReader(api);
  const readOne = async (asked: Wanted) => {
    const { resource } = asked;
    const plan = byOwner.get(resource.owner);
    const one = await (isMonitoring(resource) && plan
      ? readMonitoring(resource, plan)
      : readResource(api, resource, plan)
    ).catch((error: unknown): undefined => {
      if (!(error instanceof ApiError && error.status === 403 && mayBeHidden(asked))) throw error;
    });
    if (one) found.set(resource.id, one);
  };
  const readable = wanted.filter(({ resource }) => resource.kind !== 'binding');
  await pMap(readable, readOne, { concurrency });
  return found;
}
