/** What the workflow logs, in the shape of `generator/observability/entry.ts`. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import type { FieldName, Phase } from '../observability/entry.ts';
import { call } from '../workflow/build.ts';
import type { Call, Value } from '../workflow/steps.ts';

/** A phase that is known only when it comes: the command of the job, `mirror` or `verify`. */
type LaterPhase = Expression;

/** What an entry says beside the name, the execution and the phase. */
export type LogFields = { readonly [K in FieldName]?: Value };

/**
 * The map `replicator` of an entry.
 *
 * @param workflow the workflow's id
 */
export function entry(workflow: string, phase: Phase | LaterPhase, fields: LogFields): Value {
  const execution = ex`sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")`;
  return { name: workflow, execution, phase, ...fields };
}

/** A `sys.log` step whose `jsonPayload` is `{message, replicator}`. */
export function logEntry(name: string, severity: Value, message: Value, replicator: Value): Call {
  return call(name, 'sys.log', { severity, json: { message, replicator } });
}

/**
 * A `sys.log` step with all that is known when the workflow is compiled.
 *
 * @param name the step's name
 * @param workflow the workflow's id
 */
export function log(
  name: string,
  workflow: string,
  severity: Value,
  phase: Phase | LaterPhase,
  message: Value,
  fields: LogFields,
): Call {
  return logEntry(name, severity, message, entry(workflow, phase, fields));
}
