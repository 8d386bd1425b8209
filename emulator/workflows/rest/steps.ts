/** Step entries as the API shows them. */
import type { Execution } from '../execution.ts';
import type { StepEntry } from '../interpreter/history.ts';
import { toPlain } from '../json.ts';
import { timestamp } from '../workflow.ts';
import type { Fields } from './filter.ts';

/** Fields that step entries can be filtered and sorted by. */
export const stepFields: Fields<StepEntry> = {
  entryId: ({ id }) => id,
  createTime: ({ created }) => created,
  updateTime: ({ updated }) => updated,
  routine: ({ routine }) => routine,
  step: ({ step }) => step,
  stepType: ({ type }) => type,
  // Both `STATE_FAILED` and, as the documentation's example has it, `FAILED`.
  state: ({ state }) => state.replace(/^STATE_/, ''),
};

/** `StepEntry` as JSON; int64 fields are strings. */
export function stepResource({ record }: Execution, entry: StepEntry): Record<string, unknown> {
  const { id, routine, step, type, state, created, updated, exception, progress, thread } = entry;
  const { parent, previous, next, children, variables } = entry;
  return {
    name: `${record.name}/stepEntries/${id}`,
    createTime: timestamp(created),
    updateTime: timestamp(updated),
    routine,
    step,
    stepType: type,
    state,
    ...(exception !== undefined && { exception: { payload: exception } }),
    entryId: String(id),
    navigationInfo: {
      ...(parent !== undefined && { parent: String(parent) }),
      ...(children && { children: children.map(String) }),
      ...(previous !== undefined && { previous: String(previous) }),
      ...(next !== undefined && { next: String(next) }),
    },
    stepEntryMetadata: {
      threadId: String(thread),
      ...(progress && {
        progressType: progress.type,
        progressNumber: String(progress.number),
        // How many there will be is part of the detailed history only.
        ...(record.executionHistoryLevel === 'EXECUTION_HISTORY_DETAILED' &&
          progress.expected !== undefined && { expectedIteration: String(progress.expected) }),
      }),
    },
    ...(variables && { variableData: { variables: toPlain(variables) } }),
  };
}
