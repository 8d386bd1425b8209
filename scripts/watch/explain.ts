/** A refusal for want of a permission, with the role that has it and how it is given. */
import type { WorkflowPlan } from '../../generator/plan.ts';
import { bindings } from '../deploy/bindings.ts';
import { accountEmail } from '../deploy/names.ts';
import { policyName, targetWords } from '../deploy/resource.ts';
import { grants } from '../permissions/grants.ts';

/** What to grant where a text says that permissions are missing; empty where it says nothing of the kind. */
export function explainDenied(text: string, plan: WorkflowPlan): string[] {
  const hints = new Set<string>();
  for (const [, permission = '', resource = ''] of text.matchAll(
    /[Pp]ermission ['"\\]*([a-zA-Z.]+)['"\\]* denied on resource ['"\\]*([^'"\\ ]+)/g,
  )) {
    const roles = new Set(
      grants.filter((grant) => grant.permissions.includes(permission)).map(({ role }) => role),
    );
    for (const { role, target, member } of bindings(plan)) {
      if (!roles.has(role)) continue;
      const name = policyName(target);
      if (resource !== name && !resource.startsWith(`${name}/`)) continue;
      hints.add(`${role} on ${targetWords(target)} is missing for ${member}; it is given by: npm run deploy`);
    }
  }
  return [...hints];
}

/** What the Scheduler's account needs, for a job of it that was refused. */
export function explainScheduler(plan: WorkflowPlan): string {
  return `roles/workflows.invoker on project ${plan.project} is missing for serviceAccount:${accountEmail(plan, 'scheduler')}; it is given by: npm run deploy`;
}
