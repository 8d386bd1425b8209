/**
 * Try, retry and except. A retry runs the whole block again.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/retrying
 */
import type { Retry, Try } from '../definition.ts';
import { typeError, valueError, WorkflowError } from '../errors.ts';
import { defaultBackoff } from '../stdlib/retry.ts';
import { FunctionValue, isDict, typeOf, type Value } from '../value.ts';
import { evaluateData } from './data.ts';
import { exceptionOf, type Frame } from './frame.ts';
import type { StepEntry } from './history.ts';
import type { Scope } from './scope.ts';
import { type Completion, runList } from './steps.ts';

/** A retry policy, evaluated. Delays are milliseconds. */
interface Policy {
  readonly predicate: string | undefined;
  readonly maxRetries: number;
  readonly initialDelay: number;
  readonly maxDelay: number;
  readonly multiplier: number;
}

/** Runs a try block with its retries, then its except block when nothing helped. */
export async function runTry(
  action: Try,
  frame: Frame,
  scope: Scope,
  entry: StepEntry,
): Promise<Completion | undefined> {
  const { step } = frame;
  const { history } = frame.machine;
  const where = { routine: frame.routine, step: step?.name ?? '', thread: frame.thread.id };
  let policy: Policy | undefined;
  for (let attempt = 0; ; attempt++) {
    const tried = history.begin(
      attempt === 0 ? 'STEP_TRY' : 'STEP_RETRY',
      where,
      entry,
      undefined,
      ...(attempt === 0 ? [] : [{ type: 'PROGRESS_TYPE_RETRY' as const, number: attempt }]),
    );
    try {
      const done = await runList(action.body, frame, scope, tried);
      history.end(tried);
      return done;
    } catch (error) {
      history.end(tried, exceptionOf(error));
      // A cancelled execution is no error that a workflow could catch.
      if (!(error instanceof WorkflowError)) throw error;
      frame.step = step;
      frame.entry = entry;
      if (action.retry) policy ??= await policyOf(action.retry, scope);
      if (policy && attempt < policy.maxRetries && (await matches(policy, error, frame))) {
        await frame.thread.host.sleep(
          Math.min(policy.maxDelay, policy.initialDelay * policy.multiplier ** attempt),
        );
        continue;
      }
      if (!action.except) throw error;
      return runExcept(action.except, error, frame, scope, entry);
    }
  }
}

async function runExcept(
  { as, body }: NonNullable<Try['except']>,
  error: WorkflowError,
  frame: Frame,
  outer: Scope,
  entry: StepEntry,
): Promise<Completion | undefined> {
  const { history } = frame.machine;
  const inner = history.begin(
    'STEP_EXCEPT',
    { routine: frame.routine, step: frame.step?.name ?? '', thread: frame.thread.id },
    entry,
    undefined,
  );
  const scope = outer.block();
  try {
    if (as !== undefined) scope.declare(as, error.payload);
    const done = await runList(body, frame, scope, inner);
    history.end(inner);
    return done;
  } catch (again) {
    history.end(inner, exceptionOf(again));
    throw again;
  } finally {
    scope.end();
  }
}

async function matches({ predicate }: Policy, error: WorkflowError, frame: Frame): Promise<boolean> {
  if (predicate === undefined) return true;
  const answer = await frame.call(predicate, [error.payload]);
  if (typeof answer === 'boolean') return answer;
  throw typeError(`the predicate ${predicate} must return a boolean; got: ${typeOf(answer)}`);
}

async function policyOf(retry: Retry, scope: Scope): Promise<Policy> {
  if (retry.kind === 'policy') {
    const policy = await retry.policy.evaluate(scope);
    if (!isDict(policy)) throw typeError(`retry must be a policy; got: ${typeOf(policy)}`);
    return made(policy.get('predicate'), policy.get('max_retries'), policy.get('backoff'));
  }
  const part = async (data: Retry & { kind: 'parts' }, name: 'maxRetries' | 'backoff') =>
    data[name] === undefined ? undefined : evaluateData(data[name], scope);
  return made(
    retry.predicate ? await retry.predicate.evaluate(scope) : undefined,
    await part(retry, 'maxRetries'),
    await part(retry, 'backoff'),
  );
}

/** What isn't given is as in the default policies: 5 retries, 1 s, ×1.25, 60 s. */
function made(
  predicate: Value | undefined,
  maxRetries: Value | undefined,
  backoff: Value | undefined,
): Policy {
  if (predicate !== undefined && !(predicate instanceof FunctionValue))
    throw typeError(`predicate must be a function; got: ${typeOf(predicate)}`);
  if (backoff !== undefined && !isDict(backoff))
    throw typeError(`backoff must be a map; got: ${typeOf(backoff)}`);
  const delay = (name: string) => number(backoff?.get(name) ?? defaultBackoff.get(name) ?? null, name);
  return {
    predicate: predicate?.name,
    maxRetries: maxRetries === undefined ? 5 : number(maxRetries, 'max_retries'),
    initialDelay: delay('initial_delay') * 1000,
    maxDelay: delay('max_delay') * 1000,
    multiplier: delay('multiplier'),
  };
}

function number(value: Value, name: string): number {
  if (typeof value !== 'bigint' && typeof value !== 'number')
    throw typeError(`${name} must be a number; got: ${typeOf(value)}`);
  if (value < 0) throw valueError(`${name} must not be negative; got: ${value}`);
  return Number(value);
}
