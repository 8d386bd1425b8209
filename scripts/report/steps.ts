/** What an execution did, step by step, as the Executions API keeps it. */
import type { Api } from '../cloud/api.ts';

/**
 * A step entry, as far as it is looked at: `projects.locations.workflows.executions.stepEntries` of Workflow
 * Executions v1.
 *
 * https://cloud.google.com/workflows/docs/reference/executions/rest/v1/projects.locations.workflows.executions.stepEntries
 */
export interface StepEntry {
  /** A number, from 1 in the order in which steps begin. */
  readonly entryId?: string;
  /** RFC 3339. */
  readonly createTime?: string;
  /** RFC 3339. Of a step that has ended: its end. */
  readonly updateTime?: string;
  readonly routine?: string;
  readonly step?: string;
  readonly stepType?: string;
  /** `STATE_IN_PROGRESS`, `STATE_SUCCEEDED`, `STATE_FAILED`. */
  readonly state?: string;
  readonly navigationInfo?: { readonly parent?: string };
  readonly stepEntryMetadata?: {
    readonly progressType?: string;
    /** Of an iteration: which, from 1. */
    readonly progressNumber?: string;
  };
}

/** Every entry of an execution. Needs `workflows.stepEntries.list`, which `roles/workflows.viewer` has. */
export function readSteps(api: Api, execution: string): Promise<StepEntry[]> {
  return api.list('workflowexecutions', `v1/${execution}/stepEntries?pageSize=1000`, 'stepEntries');
}
