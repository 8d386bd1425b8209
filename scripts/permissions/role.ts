/** What is said of every role in the tables, and when one is needed. */
import type { DestinationPlan, WorkflowPlan } from '../../generator/plan.ts';

/** When a role is needed: for people, and as the plan has it. */
interface Condition {
  /** In words; empty: always. */
  readonly when: string;
  /** Asked for every destination where the role is on destinations. */
  readonly applies: (plan: WorkflowPlan, destination: DestinationPlan | undefined) => boolean;
}

/** A role that somebody needs on something. */
export interface Role<Who, Where> extends Condition {
  readonly who: Who;
  readonly role: string;
  readonly on: Where;
  /** What it is needed for; it may permit more. */
  readonly permissions: readonly string[];
  readonly why: string;
}

export const always: Condition = { when: '', applies: () => true };

export const withJob: Condition = { when: 'with a `job`', applies: ({ job }) => job !== undefined };

export const withBuild: Condition = {
  when: 'with a `job` without `image`',
  applies: ({ job }) => job !== undefined && job.image === undefined,
};

export const withMonitoring: Condition = {
  when: 'unless `monitoring: false`',
  applies: ({ monitoring }) => monitoring !== undefined,
};

export const withNotify: Condition = {
  when: 'with `notify`',
  applies: ({ notify }) => notify !== undefined,
};
