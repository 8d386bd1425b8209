/**
 * Every variable is assigned before it is used, on every path; a parallel branch writes only what is shared;
 * every step can be reached.
 *
 * One pass forward over each routine. A backward jump brings no fewer assigned variables than the place it
 * goes to had already, so only forward jumps have to be waited for.
 */
import { Expression, type Node, walk } from '../expression/tree.ts';
import { leaves, type Routine, type Step, type Value, type Workflow } from '../workflow/steps.ts';
import type { FindingCode, Report } from './finding.ts';

/** Names that are assigned; undefined where no path leads. */
type State = ReadonlySet<string> | undefined;

export function checkVariables({ routines }: Workflow, report: Report): void {
  for (const routine of routines) new Flow(routine, report).run();
}

/** Variables that a parallel branch must not write unless they are shared. */
interface Scope {
  readonly outer: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
}

class Flow {
  readonly #routine: Routine;
  readonly #report: Report;
  /** States that jump forward to a step, by its name. */
  readonly #arriving = new Map<string, State>();
  /** Every name that is assigned somewhere, to tell "never" from "not on every path". */
  readonly #everAssigned = new Set<string>();
  readonly #told = new Set<string>();

  constructor(routine: Routine, report: Report) {
    this.#routine = routine;
    this.#report = report;
  }

  run(): void {
    const { parameters, steps } = this.#routine;
    // Twice: the first pass learns every name that is assigned, the second reports.
    this.#block(steps, new Set(parameters), undefined, true);
    this.#arriving.clear();
    this.#block(steps, new Set(parameters), undefined, false);
  }

  #tell(quiet: boolean, code: FindingCode, step: Step, message: string): void {
    const key = `${code} ${step.name} ${message}`;
    if (quiet || this.#told.has(key)) return;
    this.#told.add(key);
    this.#report({ code, routine: this.#routine.name, step: step.name, message, origin: step.origin });
  }

  #block(steps: readonly Step[], entry: State, scope: Scope | undefined, quiet: boolean): State {
    let state = entry;
    for (const step of steps) {
      state = meet(state, this.#arriving.get(step.name));
      if (!state) {
        this.#tell(quiet, 'unreachable-step', step, `no path leads to ${step.name}`);
        return undefined;
      }
      state = this.#step(step, state, scope, quiet);
    }
    return state;
  }

  #step(step: Step, entry: ReadonlySet<string>, scope: Scope | undefined, quiet: boolean): State {
    const use = (value: Value, state: ReadonlySet<string>) => this.#use(step, value, state, quiet);
    const write = (name: string, state: ReadonlySet<string>) => this.#write(step, name, state, scope, quiet);
    switch (step.kind) {
      case 'assign': {
        let state = entry;
        for (const [target, value] of step.assignments) {
          use(value, state);
          const { node } = target;
          if (node.kind === 'variable') state = write(node.name, state);
          else {
            use(target, state);
            this.#mayWrite(step, rootOf(node), scope, quiet);
          }
        }
        return state;
      }
      case 'call':
        for (const value of Object.values(step.arguments)) use(value, entry);
        return step.result === undefined ? entry : write(step.result, entry);
      case 'switch': {
        let exit: State;
        let falls = true;
        for (const one of step.cases) {
          if (one.condition === true) falls = false;
          else use(one.condition, entry);
          const end = this.#block(one.steps, entry, scope, quiet);
          if (one.next === undefined) exit = meet(exit, end);
          else if (end) this.#go(one.next, end);
        }
        return falls ? meet(exit, entry) : exit;
      }
      case 'for':
      case 'parallelFor': {
        for (const value of 'in' in step.over ? [step.over.in] : step.over.range) use(value, entry);
        const inside = new Set([...entry, step.value, ...(step.index === undefined ? [] : [step.index])]);
        for (const name of [step.value, step.index])
          if (name !== undefined) this.#own(step, name, entry, quiet);
        this.#block(
          step.steps,
          inside,
          step.kind === 'for' ? scope : { outer: entry, shared: new Set(step.shared) },
          quiet,
        );
        // What is first assigned in the loop is the loop's own.
        return entry;
      }
      case 'parallel':
        for (const branch of step.branches)
          this.#block(branch.steps, entry, { outer: entry, shared: new Set(step.shared) }, quiet);
        return entry;
      case 'try': {
        const done = this.#block(step.steps, entry, scope, quiet);
        if (!step.except) return done;
        this.#own(step, step.except.as, entry, quiet);
        const caught = this.#block(step.except.steps, new Set([...entry, step.except.as]), scope, quiet);
        // What is first assigned in `except` is its own.
        return meet(done, caught && entry);
      }
      case 'raise':
      case 'return':
        use(step.value, entry);
        return undefined;
      case 'next':
        this.#go(step.to, entry);
        return undefined;
    }
  }

  #go(target: string, state: ReadonlySet<string>): void {
    this.#arriving.set(target, meet(this.#arriving.get(target), state));
  }

  #use(step: Step, value: Value, state: ReadonlySet<string>, quiet: boolean): void {
    for (const leaf of leaves(value)) {
      if (!(leaf instanceof Expression)) continue;
      walk(leaf.node, (node) => {
        if (node.kind !== 'variable' || state.has(node.name)) return;
        if (this.#everAssigned.has(node.name))
          this.#tell(
            quiet,
            'unassigned-variable',
            step,
            `${node.name} is not assigned on every path to ${step.name}`,
          );
        else this.#tell(quiet, 'unknown-variable', step, `there is no variable ${node.name}`);
      });
    }
  }

  /** A variable that a loop or an `except` brings: whether it would overwrite the outer one is not documented. */
  #own(step: Step, name: string, entry: ReadonlySet<string>, quiet: boolean): void {
    this.#everAssigned.add(name);
    if (entry.has(name))
      this.#tell(
        quiet,
        'shadowed-variable',
        step,
        `${name} is assigned already, and would be hidden or overwritten`,
      );
  }

  #mayWrite(step: Step, name: string, scope: Scope | undefined, quiet: boolean): void {
    if (scope?.outer.has(name) && !scope.shared.has(name))
      this.#tell(
        quiet,
        'unshared-write',
        step,
        `${name} belongs to the parent of a parallel branch and is not shared`,
      );
  }

  #write(
    step: Step,
    name: string,
    state: ReadonlySet<string>,
    scope: Scope | undefined,
    quiet: boolean,
  ): ReadonlySet<string> {
    this.#mayWrite(step, name, scope, quiet);
    this.#everAssigned.add(name);
    return state.has(name) ? state : new Set([...state, name]);
  }
}

/** The variable in which a target lies: `a` of `a.b[0]`. */
function rootOf(node: Node): string {
  if (node.kind === 'member' || node.kind === 'index') return rootOf(node.of);
  return node.kind === 'variable' ? node.name : '';
}

/** What is assigned whichever of two ways was taken. */
function meet(one: State, other: State): State {
  if (!one) return other;
  if (!other) return one;
  return new Set([...one].filter((name) => other.has(name)));
}
