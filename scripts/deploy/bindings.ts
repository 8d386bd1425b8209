/** Roles of our accounts, from the table of roles. Pure. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { grants, type Who } from '../permissions/grants.ts';
import { accountEmail, workflowName } from './names.ts';
import { type Binding, bindingOf, type PolicyTarget } from './resource.ts';

/** Every binding that a plan asks for. */
export function bindings(plan: WorkflowPlan): Binding[] {
  const made = new Map<string, Binding>();
  const add = (target: PolicyTarget, role: string, who: Who) => {
    const member = `serviceAccount:${accountEmail(plan, who)}`;
    const binding = bindingOf(workflowName(plan), plan.project, target, role, member);
    made.set(binding.id, binding);
  };
  for (const { who, role, on, applies } of grants)
    if (on === 'destination') {
      for (const destination of plan.destinations)
        if (applies(plan, destination))
          add({ on: 'repository', repository: destination.repository }, role, who);
    } else if (applies(plan, undefined)) add(targetOf(plan, on), role, who);
  return [...made.values()];
}

function targetOf(plan: WorkflowPlan, on: 'project' | 'source' | 'job' | 'topic'): PolicyTarget {
  switch (on) {
    case 'project':
      return { on, project: plan.project };
    case 'source':
      return { on: 'repository', repository: plan.source };
    case 'job':
      return { on, project: plan.project, region: plan.region, job: plan.name };
    case 'topic':
      return { on, topic: plan.notify?.topic ?? '' };
  }
}
