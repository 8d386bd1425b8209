/** Workflows and executions in lists, and the head of one execution. */
import type { Engine } from '../workflows/engine.ts';
import type { Execution } from '../workflows/execution.ts';
import type { Workflow } from '../workflows/workflow.ts';

/** A longer result is not read for its message: a list is asked for every second. */
const longestRead = 100_000;

/** The workflow of an execution. */
export function workflowOf({ record }: Execution): string {
  return record.name.split('/executions/', 1)[0] ?? '';
}

/** An execution as lists show it. Times are milliseconds since the epoch. */
export function executionRow(execution: Execution) {
  const { name, state, createTime, startTime, endTime, argument, result, error } = execution.record;
  return {
    name,
    workflow: workflowOf(execution),
    state,
    created: createTime,
    started: startTime,
    ended: endTime,
    argument: argument && argument.length > 200 ? `${argument.slice(0, 200)}…` : argument,
    message: messageOf(result) ?? messageOf(error?.payload) ?? error?.context.split('\n', 1)[0],
  };
}

/** All that the page shows of an execution beside its steps. */
export function executionHead(execution: Execution) {
  const { record } = execution;
  return {
    ...executionRow(execution),
    revision: record.workflowRevisionId,
    isOver: execution.isOver,
    argument: record.argument,
    result: record.result,
    error: record.error,
  };
}

/** A workflow as lists show it, with its executions counted and its last one. */
export function workflowRow(engine: Engine, workflow: Workflow) {
  const executions = engine.executions.list(workflow.name);
  const last = executions.at(-1);
  return {
    name: workflow.name,
    description: workflow.description,
    revision: workflow.revisionId,
    updated: Date.parse(workflow.updateTime),
    serviceAccount: workflow.serviceAccount,
    executions: executions.length,
    failed: executions.filter(({ record }) => record.state === 'FAILED').length,
    last: last && executionRow(last),
  };
}

/** What a result or an error says in one line: its `message`, or itself where it is a text. */
function messageOf(json: string | undefined): string | undefined {
  if (json === undefined || json.length > longestRead) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'string') return value;
    const message =
      value !== null && typeof value === 'object' && 'message' in value ? value.message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
