/**
 * Every variable is assigned before it is used, on every path; a parallel branch writes only what is shared;
 * every step can be reached.
 *
 * Goes over each routine forward, again and again until no jump brings anything new to the place it goes to.
 */
import { Expression } from '../expression/tree.ts';
import {
  leaves,
  overValues,
  type Routine,
  type Step,
  type Value,
  values,
  type Workflow,
} from '../workflow/steps.ts';
import type { FindingCode, Report, Subject } from './finding.ts';
import { assignedIn, rootName, rootOf, variablesIn } from './names-in.ts';
import { proposal } from './references.ts';

/** Names that are assigned; undefined where no path leads. */
type State = ReadonlySet<string> | undefined;

export function checkVariables({ routines }: Workflow, report: Report): void {
  const names = new Set(routines.map(({ name }) => name));
  for (const routine of routines) new Flow(routine, names, report).run();
}

/** Variables that a parallel branch must not write unless they are shared. */
interface Scope {
  readonly outer: ReadonlySet<string>;
  readonly shared: ReadonlySet<string>;
}

class Flow {
  readonly #routine: Routine;
  readonly #functions: ReadonlySet<string>;
  readonly #report: Report;
  /** States that jump to a step, by its name. */
  readonly #arriving = new Map<string, State>();
  /** Every name that is assigned somewhere, to tell "never" from "not on every path". */
  readonly #everAssigned = new Set<string>();
  readonly #told = new Set<string>();
  /** Set until all is known that the findings rest on. */
  #quiet = true;
  #changed = false;
  /** Names that the blocks around assign, the innermost last: what is not among them cannot be seen. */
  readonly #visible: ReadonlySet<string>[] = [];

  /** @param functions subworkflows, which may be named as predicates are */
  constructor(routine: Routine, functions: ReadonlySet<string>, report: Report) {
    this.#routine = routine;
    this.#functions = functions;
    this.#report = report;
  }

  run(): void {
    const { parameters, steps } = this.#routine;
    const entry = new Set(parameters);
    for (const name of parameters) this.#everAssigned.add(name);
    this.#visible.push(entry);
    do {
      this.#changed = false;
      this.#within(steps, [], entry, undefined);
    } while (this.#changed);
    this.#quiet = false;
    this.#within(steps, [], entry, undefined);
  }

  #tell(
    code: FindingCode,
    step: Step,
    message: string,
    subject: Subject = { of: step },
    hint?: string,
  ): void {
    const key = `${code} ${step.name} ${message}`;
    if (this.#quiet || this.#told.has(key)) return;
    this.#told.add(key);
    this.#report({
      code,
      routine: this.#routine.name,
      step: step.name,
      message,
      origin: step.origin,
      subject,
      ...(hint !== undefined && { hint }),
    });
  }

  /** A block with variables of its own: a routine, a loop, an `except`, a branch. */
  #within(steps: readonly Step[], own: readonly string[], entry: State, scope: Scope | undefined): State {
    this.#visible.push(new Set([...own, ...assignedIn(steps)]));
    const exit = this.#block(steps, entry, scope);
    this.#visible.pop();
    return exit;
  }

  #block(steps: readonly Step[], entry: State, scope: Scope | undefined): State {
    let state = entry;
    // Steps behind one that cannot be reached are not told of one by one.
    let isTold = entry === undefined;
    for (const step of steps) {
      state = meet(state, step.inline ? undefined : this.#arriving.get(step.name));
      if (!state) {
        if (!isTold) this.#tell('unreachable-step', step, `no path leads to ${step.name}`);
        isTold = true;
        continue;
      }
      isTold = false;
      state = this.#step(step, state, scope);
      if (step.next === undefined) continue;
      if (state) this.#go(step.next, state);
      state = undefined;
    }
    return state;
  }

  #step(step: Step, entry: ReadonlySet<string>, scope: Scope | undefined): State {
    switch (step.kind) {
      case 'assign': {
        let state = entry;
        for (const [target, value] of step.assignments) {
          this.#use(step, value, state);
          const { node } = target;
          if (node.kind === 'variable') state = this.#write(step, node.name, state, scope);
          else {
            this.#use(step, target, state);
            this.#mayWrite(step, rootOf(node), scope);
          }
        }
        return state;
      }
      case 'call':
        for (const value of values(step)) this.#use(step, value, entry);
        return step.result === undefined ? entry : this.#write(step, rootName(step.result), entry, scope);
      case 'switch':
        return this.#switch(step, entry, scope);
      case 'for':
      case 'parallelFor': {
        for (const value of overValues(step.over)) this.#use(step, value, entry);
        const own = step.index === undefined ? [step.value] : [step.value, step.index];
        for (const name of own) this.#own(step, name, entry);
        const inner = step.kind === 'for' ? scope : this.#branch(step, step.shared, entry);
        this.#within(step.steps, own, new Set([...entry, ...own]), inner);
        // What is first assigned in the loop is the loop's own.
        return entry;
      }
      case 'parallel':
        for (const branch of step.branches)
          this.#within(branch.steps, [], entry, this.#branch(step, step.shared, entry));
        return entry;
      case 'try': {
        for (const value of values(step)) this.#use(step, value, entry);
        const done = this.#block(step.steps, entry, scope);
        if (!step.except) return done;
        const { as } = step.except;
        if (as !== undefined) this.#own(step, as, entry);
        const own = as === undefined ? [] : [as];
        const caught = this.#within(step.except.steps, own, new Set([...entry, ...own]), scope);
        // What is first assigned in `except` is its own.
        return meet(done, caught && entry);
      }
      case 'steps':
        return this.#block(step.steps, entry, scope);
      case 'raise':
      case 'return':
        this.#use(step, step.value, entry);
        return undefined;
      case 'next':
        this.#go(step.to, entry);
        return undefined;
    }
  }

  #switch(
    step: Extract<Step, { kind: 'switch' }>,
    entry: ReadonlySet<string>,
    scope: Scope | undefined,
  ): State {
    let exit: State;
    let falls = true;
    for (const one of step.cases) {
      if (one.condition === true) falls = false;
      else this.#use(step, one.condition, entry);
      const end = this.#block(one.steps, entry, scope);
      if (one.next === undefined) exit = meet(exit, end);
      else if (end) this.#go(one.next, end);
    }
    return falls ? meet(exit, entry) : exit;
  }

  #branch(step: Step, shared: readonly string[], entry: ReadonlySet<string>): Scope {
    for (const name of shared)
      if (!entry.has(name))
        this.#tell('unknown-variable', step, `the shared variable ${name} is not assigned before`, {
          of: step,
          word: name,
        });
    return { outer: entry, shared: new Set(shared) };
  }

  #go(target: string, state: ReadonlySet<string>): void {
    const before = this.#arriving.get(target);
    const now = meet(before, state);
    if (now?.size === before?.size) return;
    this.#arriving.set(target, now);
    this.#changed = true;
  }

  #use(step: Step, value: Value, state: ReadonlySet<string>): void {
    for (const leaf of leaves(value)) {
      if (!(leaf instanceof Expression)) continue;
      for (const name of variablesIn(leaf.node, state)) {
        if (state.has(name) || this.#functions.has(name)) continue;
        const subject = { of: leaf, word: name };
        if (this.#visible.some((names) => names.has(name)))
          this.#tell(
            'unassigned-variable',
            step,
            `${name} is not assigned on every path to ${step.name}`,
            subject,
          );
        else if (this.#everAssigned.has(name))
          this.#tell(
            'out-of-scope-variable',
            step,
            `${name} is assigned only within a loop, an except or a branch, and ends with it`,
            subject,
            'assign it before',
          );
        else {
          const hint = proposal(name, [...this.#everAssigned, ...this.#functions]);
          this.#tell('unknown-variable', step, `there is no variable ${name}`, subject, hint);
        }
      }
    }
  }

  /** A variable that a loop or an `except` brings: whether it would overwrite the outer one is not documented. */
  #own(step: Step, name: string, entry: ReadonlySet<string>): void {
    this.#everAssigned.add(name);
    if (entry.has(name))
      this.#tell(
        'shadowed-variable',
        step,
        `${name} is assigned already, and would be hidden or overwritten`,
      );
  }

  #mayWrite(step: Step, name: string, scope: Scope | undefined): void {
    if (scope?.outer.has(name) && !scope.shared.has(name))
      this.#tell(
        'unshared-write',
        step,
        `${name} belongs to the parent of a parallel branch and is not shared`,
        { of: step },
        `name it in "shared" of the parallel step`,
      );
  }

  #write(
    step: Step,
    name: string,
    state: ReadonlySet<string>,
    scope: Scope | undefined,
  ): ReadonlySet<string> {
    this.#mayWrite(step, name, scope);
    this.#everAssigned.add(name);
    return state.has(name) ? state : new Set([...state, name]);
  }
}

/** What is assigned whichever of two ways was taken. */
function meet(one: State, other: State): State {
  if (!one) return other;
  if (!other) return one;
  return new Set([...one].filter((name) => other.has(name)));
}
