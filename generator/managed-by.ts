/** How what we deploy is known again. */
import type { WorkflowPlan } from './plan.ts';

/** The label by which everything is known that we deploy and that can carry one. */
export const managedBy = { key: 'managed-by', value: 'artifact-registry-cron-replicator' } as const;

/** What a description begins with where there are no labels: service accounts, Scheduler jobs, log-based metrics. */
export function markOf({ name, region }: Pick<WorkflowPlan, 'name' | 'region'>): string {
  return `[${managedBy.value} ${region}/${name}]`;
}

/** Whose a description is, where it begins with a mark. */
export function markedAs(description: string): Pick<WorkflowPlan, 'name' | 'region'> | undefined {
  const [, value, region, name] = /^\[([\w-]+) ([^/\s]+)\/([^\]\s]+)\]/.exec(description) ?? [];
  return value === managedBy.value && region && name ? { name, region } : undefined;
}
