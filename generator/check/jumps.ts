/** Where `next` goes. */
import { blocks, type Routine, type Step, type Workflow, walkSteps } from '../workflow/steps.ts';
import type { Report, Subject, Tell } from './finding.ts';
import { proposal, tellOf } from './references.ts';

/** What can be reached from a block. */
interface Reach {
  /** Steps beside and around. */
  readonly near: ReadonlySet<string>;
  /** Exits of a loop that are open here. */
  readonly exits: readonly string[];
}

export function checkJumps({ routines }: Workflow, report: Report): void {
  for (const routine of routines) {
    const all = new Set<string>();
    walkSteps(routine.steps, (step) => {
      if (!step.inline) all.add(step.name);
    });
    new Jumps(routine, all, report).block(routine.steps, { near: new Set(), exits: [] });
  }
}

class Jumps {
  readonly #routine: Routine;
  readonly #all: ReadonlySet<string>;
  readonly #report: Report;

  constructor(routine: Routine, all: ReadonlySet<string>, report: Report) {
    this.#routine = routine;
    this.#all = all;
    this.#report = report;
  }

  block(steps: readonly Step[], outer: Reach): void {
    const near = new Set([...outer.near, ...steps.map(({ name }) => name)]);
    for (const step of steps) {
      const reach = { ...outer, near };
      const tell = tellOf(this.#report, this.#routine, step);
      if (step.kind === 'next') this.#go(step.to, reach, tell, { of: step, field: 'next' });
      if (step.next !== undefined) this.#go(step.next, reach, tell, { of: step, field: 'next' });
      if (step.kind === 'switch')
        for (const one of step.cases)
          if (one.next !== undefined) this.#go(one.next, reach, tell, { of: one, field: 'next' });
      const inside = { near, exits: exitsWithin(step, outer.exits) };
      for (const below of blocks(step)) this.block(below, inside);
    }
  }

  #go(to: string, { near, exits }: Reach, tell: Tell, subject: Subject): void {
    if (to === 'end' || exits.includes(to) || near.has(to)) return;
    const { name } = this.#routine;
    if (this.#all.has(to)) {
      tell('far-jump', `next goes to ${to}, which stands within another step`, { subject });
      return;
    }
    tell('dangling-next', `next goes to ${to}, which is no step of ${name}`, {
      hint:
        to === 'break' || to === 'continue'
          ? `"${to}" is possible in a loop only`
          : proposal(to, [...near, ...this.#all, 'end', ...exits]),
      subject,
    });
  }
}

function exitsWithin({ kind }: Step, around: readonly string[]): readonly string[] {
  if (kind === 'for') return ['break', 'continue'];
  // Iterations that run at once have no order in which to break off.
  if (kind === 'parallelFor') return ['continue'];
  return kind === 'parallel' ? [] : around;
}
