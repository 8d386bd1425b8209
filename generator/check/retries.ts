/** A retry repeats only what may be done twice. */
import { printExpression } from '../expression/print.ts';
import { type Routine, type Try, type Workflow, walkSteps } from '../workflow/steps.ts';
import type { CheckOptions, Report } from './finding.ts';
import { notIdempotent, repeatingPredicates } from './library.ts';
import { tellOf } from './references.ts';

/** The generator's own predicate, for what is known to be turned away before anything starts. */
const notStarted = 'not_started';

/** Methods of connectors that make or start something. */
const makes = /^googleapis\..*\.(create|execute|import|insert|publish|run|send|submit)$/;

export function checkRetries({ routines }: Workflow, report: Report, options: CheckOptions = {}): void {
  for (const routine of routines)
    walkSteps(routine.steps, (step) => {
      if (step.kind === 'try' && step.retry) checkRetry(routine, step, report, options);
    });
}

function checkRetry(routine: Routine, step: Try, report: Report, { sourceLength }: CheckOptions): void {
  const name = predicateOf(step);
  // What a subworkflow of somebody else lets through is not known.
  const repeats = sourceLength ? name === undefined || repeatingPredicates.has(name) : name !== notStarted;
  if (!repeats) return;
  const tell = tellOf(report, routine, step);
  walkSteps(step.steps, (inner) => {
    if (inner.kind !== 'call') return;
    const called = inner.function;
    if (!notIdempotent.has(called) && !(sourceLength && makes.test(called))) return;
    if (called === 'http.request' && isSafe(inner.arguments.method)) return;
    const what = inner.inline ? called : inner.name;
    tell(
      'retried-post',
      `${what} is retried by ${name ?? 'every error'} although it may have been done the first time`,
      {
        subject: { of: inner, field: 'call' },
        hint: 'retry with http.default_retry_non_idempotent, or not at all',
      },
    );
  });
}

function isSafe(method: unknown): boolean {
  return (
    typeof method === 'string' && ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method.toUpperCase())
  );
}

/** The predicate of a retry, of a named policy too; undefined where every error is retried. */
function predicateOf({ retry }: Try): string | undefined {
  if (!retry) return undefined;
  if (!('policy' in retry) || !retry.policy) return retry.predicate;
  const policy = printExpression(retry.policy);
  if (policy === 'http.default_retry') return 'http.default_retry_predicate';
  return policy === 'http.default_retry_non_idempotent'
    ? 'http.default_retry_predicate_non_idempotent'
    : policy;
}
