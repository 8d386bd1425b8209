/** What the workflow logs: one shape for every entry, so that a query or a metric can rely on it. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { call } from '../workflow/build.ts';
import type { Call, Value } from '../workflow/steps.ts';

/** The stage of the work that an entry comes from. */
export type Phase = 'overlap' | 'copy' | 'await' | 'result';

/** A phase that is known only when it comes: the command of the job, `mirror` or `verify`. */
type LaterPhase = Expression;

/**
 * A `sys.log` step whose `jsonPayload` is `{message, replicator: {name, execution, phase, …}}`.
 *
 * @param name the step's name
 * @param workflow the workflow's id
 * @param fields further fields of `replicator`: `destination`, counts, seconds
 */
export function log(
  name: string,
  workflow: string,
  severity: Value,
  phase: Phase | LaterPhase,
  message: Value,
  fields: { readonly [name: string]: Value },
): Call {
  const execution = ex`sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")`;
  return call(name, 'sys.log', {
    severity,
    json: { message, replicator: { name: workflow, execution, phase, ...fields } },
  });
}
