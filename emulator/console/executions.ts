/** Workflows and executions in lists, and the head of one execution. */
import type { Engine } from '../workflows/engine.ts';
import type { Execution } from '../workflows/execution.ts';
import { workflowOf } from '../workflows/executions.ts';
import type { Workflow } from '../workflows/workflow.ts';
import { messageOf } from './message.ts';

/** An execution as lists show it. Times are milliseconds since the epoch. */
export function executionRow(execution: Execution) {
  const { name, state, createTime, startTime, endTime, argument, result, error } = execution.record;
  return {
    name,
    workflow: workflowOf(name),
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
