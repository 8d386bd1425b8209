/** How much an execution takes at worst: steps, and what it holds in memory. */
import { Expression } from '../expression/tree.ts';
import type { Routine, Step, Value, Workflow } from './steps.ts';

/** Most steps of a block by the way out of it; undefined where it has no such way. */
interface Ways {
  /** On to what comes after the block. */
  readonly through: number | undefined;
  /** Out of the routine, by a `return`. */
  readonly returned: number | undefined;
  /** By a `raise`. What any step may raise besides is no longer than {@link through} or this. */
  readonly raised: number | undefined;
}

/**
 * Most steps that an execution can take: every loop goes as far as it may, every `switch` takes its longest
 * case, every `try` its retries and its `except`. Steps behind a `return` or `raise` are not counted with those
 * before it: a dry run is not the run that it stands in for.
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
    const count = longest(waysOf(routine.steps));
    open.delete(name);
    counted.set(name, count);
    return count;
  };
  const waysOf = (steps: readonly Step[]): Ways => {
    let ways: Ways = { through: 0, returned: undefined, raised: undefined };
    for (const step of steps) {
      const { through } = ways;
      if (through === undefined) break;
      const next = stepWays(step);
      ways = {
        through: after(through, next.through),
        returned: most(ways.returned, after(through, next.returned)),
        raised: most(ways.raised, after(through, next.raised)),
      };
    }
    return ways;
  };
  const stepWays = (step: Step): Ways => {
    switch (step.kind) {
      case 'call':
        return straight(1 + (step.moreSteps ?? 0) + countRoutine(step.function));
      case 'switch': {
        const cases = step.cases.map((one) => {
          const ways = waysOf(one.steps);
          // Wherever a `next` goes, what is counted up to there goes on.
          return one.next === undefined ? ways : { ...ways, through: ways.through ?? 0 };
        });
        const isSure = step.cases.some((one) => one.condition === true);
        return {
          through: after(1, most(isSure ? undefined : 0, ...cases.map((ways) => ways.through))),
          returned: after(1, most(...cases.map((ways) => ways.returned))),
          raised: after(1, most(...cases.map((ways) => ways.raised))),
        };
      }
      case 'for':
      case 'parallelFor':
        // One more for each iteration: whether the loop itself is counted again is not documented.
        return straight(1 + step.atMost * (1 + longest(waysOf(step.steps))));
      case 'parallel':
        return straight(
          1 + step.branches.reduce((sum, branch) => sum + 1 + longest(waysOf(branch.steps)), 0),
        );
      case 'try': {
        const body = waysOf(step.steps);
        const failed = most(body.through, body.raised) ?? 0;
        const { maxRetries = usualRetries, predicate = '' } = step.retry ?? { maxRetries: 0 };
        const times = typeof maxRetries === 'number' ? maxRetries : usualRetries;
        const retries = times === 0 ? 0 : times * (failed + countRoutine(predicate));
        const except = step.except && waysOf(step.except.steps);
        const before = 1 + retries;
        return {
          through: after(before, most(body.through, except && after(failed, except.through))),
          returned: after(before, most(body.returned, except && after(failed, except.returned))),
          raised: after(before, except ? after(failed, except.raised) : body.raised),
        };
      }
      case 'steps':
        return waysOf(step.steps);
      case 'return':
        return { through: undefined, returned: 1, raised: undefined };
      case 'raise':
        return { through: undefined, returned: undefined, raised: 1 };
      default:
        return straight(1);
    }
  };
  return countRoutine('main');
}

/** Retries of the library's own policies, for one that does not say how many. */
const usualRetries = 5;

const straight = (steps: number): Ways => ({ through: steps, returned: undefined, raised: undefined });

const after = (before: number, way: number | undefined) => (way === undefined ? undefined : before + way);

function most(...ways: (number | undefined)[]): number | undefined {
  const open = ways.filter((way) => way !== undefined);
  return open.length === 0 ? undefined : Math.max(...open);
}

const longest = ({ through, returned, raised }: Ways): number => most(through, returned, raised) ?? 0;

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
