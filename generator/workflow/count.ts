/** How much an execution takes at worst: steps, and what it holds in memory. */
import { Expression } from '../expression/tree.ts';
import type { Routine, Step, Value, Workflow } from './steps.ts';

/**
 * Most steps that an execution can take: every loop goes as far as it may, every `switch` takes its longest
 * case, every `try` its retries and its `except`.
 *
 * @throws RangeError where subworkflows call each other in a circle
 */
export function worstCaseSteps({ routines }: Workflow): number {
  const byName = new Map(routines.map((routine) => [routine.name, routine]));
  const counted = new Map<string, number>();
  const open = new Set<string>();

  const countRoutine = (name: string): number => {
    const routine = byName.get(name);
    if (!routine) return 0;
    const known = counted.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) throw new RangeError(`${name} calls itself`);
    open.add(name);
    const count = countSteps(routine.steps);
    open.delete(name);
    counted.set(name, count);
    return count;
  };
  const countSteps = (steps: readonly Step[]) => steps.reduce((sum, step) => sum + countStep(step), 0);
  const countStep = (step: Step): number => {
    switch (step.kind) {
      case 'call':
        return 1 + countRoutine(step.function);
      case 'switch':
        return 1 + Math.max(0, ...step.cases.map((one) => countSteps(one.steps)));
      case 'for':
      case 'parallelFor':
        // One more for each iteration: whether the loop itself is counted again is not documented.
        return 1 + step.atMost * (1 + countSteps(step.steps));
      case 'parallel':
        return 1 + step.branches.reduce((sum, branch) => sum + 1 + countSteps(branch.steps), 0);
      case 'try': {
        const once = countSteps(step.steps);
        const retries = step.retry ? step.retry.maxRetries * (once + countRoutine(step.retry.predicate)) : 0;
        return 1 + once + retries + (step.except ? countSteps(step.except.steps) : 0);
      }
      default:
        return 1;
    }
  };
  return countRoutine('main');
}

/** Bytes of a literal as JSON; an expression counts as nothing, it is what it gives that takes room. */
export function literalBytes(value: Value): number {
  if (value instanceof Expression) return 0;
  if (Array.isArray(value)) return 2 + value.reduce((sum: number, one) => sum + 1 + literalBytes(one), 0);
  if (typeof value === 'object' && value !== null)
    return (
      2 +
      Object.entries(value).reduce(
        (sum, [key, one]) => sum + Buffer.byteLength(key) + 4 + literalBytes(one),
        0,
      )
    );
  return Buffer.byteLength(JSON.stringify(value));
}

/** The routines of a workflow by name. */
export function routinesByName({ routines }: Workflow): ReadonlyMap<string, Routine> {
  return new Map(routines.map((routine) => [routine.name, routine]));
}
