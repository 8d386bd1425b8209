/** What is deployed to Cloud Logging and Monitoring: each resource is a file that was generated. Pure. */
import { metricNames } from '../../generator/monitoring/files.ts';
import { alertKinds, dashboardId, fileNames, metricId } from '../../generator/monitoring/names.ts';
import type { WorkflowPlan } from '../../generator/plan.ts';
import type { Wanted } from './desired.ts';
import { workflowName } from './names.ts';
import type { MonitoringResource } from './resource.ts';

/** A generated file of a name; undefined where the config gives none. */
export type GeneratedFiles = (name: string) => { readonly text: string; readonly file: string } | undefined;

/** Everything of a plan that may be there; wanted is what there is a file of. */
export function monitoring(plan: WorkflowPlan, generated: GeneratedFiles): Wanted[] {
  const { project } = plan;
  const one = (kind: MonitoringResource['kind'], key: string, name: string, fileName: string): Wanted => {
    const found = generated(fileName);
    return {
      resource: {
        kind,
        id: `${kind} ${workflowName(plan)} ${key}`,
        name,
        owner: workflowName(plan),
        project,
        key,
        file: found?.file ?? '',
        fields: found ? fieldsOf(kind, JSON.parse(found.text, unlessAsked)) : {},
      },
      isWanted: found !== undefined,
    };
  };
  return [
    ...metricNames.map((metric) => {
      const id = metricId(plan, metric);
      return one('logMetric', id, `projects/${project}/metrics/${id}`, fileNames.metric(plan, metric));
    }),
    one(
      'dashboard',
      dashboardId(plan),
      `projects/${project}/dashboards/${dashboardId(plan)}`,
      fileNames.dashboard(plan),
    ),
    // The service names a policy: until it is there it has the replicator's name and its own.
    ...alertKinds.map((kind) =>
      one('alertPolicy', kind, `${kind} of ${plan.name} in project ${project}`, fileNames.alert(plan, kind)),
    ),
  ];
}

/** Some fields only say how to take the rest, and need not be told again. */
function unlessAsked(key: string, value: unknown): unknown {
  return key === 'disableMetricValidation' ? undefined : value;
}

function fieldsOf(
  kind: MonitoringResource['kind'],
  content: Record<string, unknown>,
): Record<string, unknown> {
  // The service answers with the project's number in it.
  const { name: _, ...fields } = content;
  return kind === 'alertPolicy' ? { ...fields, policies: 1 } : fields;
}
