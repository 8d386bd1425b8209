/** Log-based metrics, dashboards and alert policies as they are, in the names of what is wanted of them. */
import { markOf } from '../../generator/managed-by.ts';
import { type AlertKind, alertLabels, labelsOf } from '../../generator/monitoring/names.ts';
import type { WorkflowPlan } from '../../generator/plan.ts';
import { type Api, unlessDisabled } from '../cloud/api.ts';
import type { Found, MonitoringResource } from './resource.ts';

/** An alert policy, as far as it is looked at. */
interface Policy extends Record<string, unknown> {
  readonly name: string;
  readonly userLabels?: Readonly<Record<string, string>>;
}

/** Reads them, the policies of a project once for all. */
export function monitoringReader(api: Api) {
  const lists = new Map<string, Promise<Policy[]>>();
  const policiesOf = (project: string): Promise<Policy[]> => {
    const list =
      lists.get(project) ??
      api.list<Policy>('monitoring', `v3/projects/${project}/alertPolicies?pageSize=500`, 'alertPolicies');
    lists.set(project, list);
    return list;
  };

  const read = async ({ kind, key, project, fields }: MonitoringResource, plan: WorkflowPlan) => {
    switch (kind) {
      case 'logMetric': {
        const path = `v2/projects/${project}/metrics/${encodeURIComponent(key)}`;
        const there = await api.find<Record<string, unknown>>('logging', path);
        return there && foundAs(fields, there, String(there.description).startsWith(markOf(plan)));
      }
      case 'dashboard': {
        const path = `v1/projects/${project}/dashboards/${key}`;
        const there = await api.find<Record<string, unknown>>('monitoring', path);
        return there && foundAs(fields, there, carries(there.labels, labelsOf(plan)));
      }
      case 'alertPolicy': {
        const ours = (await policiesOf(project)).filter(({ userLabels }) =>
          carries(userLabels, alertLabels(plan, key as AlertKind)),
        );
        const [first] = ours;
        if (!first) return undefined;
        // More than one where an answer to a creation was lost.
        const there = { ...first, policies: ours.length };
        return { ...foundAs(fields, there, true), names: ours.map(({ name }) => name) };
      }
    }
  };

  /**
   * @returns undefined where there is no such thing
   * @throws ApiError where it can't be read
   */
  return (resource: MonitoringResource, plan: WorkflowPlan): Promise<Found | undefined> =>
    read(resource, plan).catch(unlessDisabled);
}

function carries(labels: unknown, ours: Readonly<Record<string, string>>): boolean {
  const there = (labels ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(ours).every(([key, value]) => there[key] === value);
}

function foundAs(
  fields: MonitoringResource['fields'],
  there: Record<string, unknown>,
  isOurs: boolean,
): Found {
  return { fields: partOf(fields, there) as Record<string, unknown>, isOurs };
}

/**
 * Of what is there what is wanted of it: a service adds fields of its own and leaves out those that have their default.
 * A list counts whole.
 */
export function partOf(wanted: unknown, there: unknown): unknown {
  if (Array.isArray(wanted))
    return Array.isArray(there)
      ? there.map((one, index) => partOf(wanted[index], one))
      : orEmpty(there, wanted);
  if (typeof wanted !== 'object' || wanted === null) return orEmpty(there, wanted);
  if (typeof there !== 'object' || there === null) return there;
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [
      key,
      partOf(value, (there as Record<string, unknown>)[key]),
    ]),
  );
}

/** What is left out is what is wanted, where that is the default of its type. */
function orEmpty(there: unknown, wanted: unknown): unknown {
  const isEmpty =
    wanted === '' || wanted === 0 || wanted === false || (Array.isArray(wanted) && wanted.length === 0);
  return there === undefined && isEmpty ? wanted : there;
}
