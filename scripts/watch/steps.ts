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

/**
 * The entries of an execution, from its first step on. Needs `workflows.stepEntries.list`, which
 * `roles/workflows.viewer` has.
 *
 * @param execution full name
 * @param known how many were read before: only newer ones are
 */
export async function readSteps(api: Api, execution: string, known = 0): Promise<StepEntry[]> {
  const found: StepEntry[] = [];
  for (;;) {
    // `skip` counts anew on a page that a token names, so none is used.
    const skip = known + found.length;
    const { stepEntries = [], nextPageToken } = await api.get<{
      stepEntries?: StepEntry[];
      nextPageToken?: string;
    }>('workflowexecutions', `v1/${execution}/stepEntries?orderBy=entryId&skip=${skip}&pageSize=1000`);
    found.push(...stepEntries);
    if (!nextPageToken || stepEntries.length === 0) return found;
  }
}
