/** Which variables are visible where. A name belongs to the outermost scope that assigns it. */
import type { Action, StepList } from '../definition.ts';
import type { Position } from '../source/nodes.ts';
import type { Report } from './validate.ts';

/** Names that steps assign in their own scope: not in a loop, an `except` block or a branch within. */
export function assigned(list: StepList): Set<string> {
  const names = new Set<string>();
  const see = (action: Action): void => {
    switch (action.kind) {
      case 'assign':
        for (const { to } of action.assignments) if (to.path.length === 0) names.add(to.name);
        return;
      case 'call':
        if (action.result?.path.length === 0) names.add(action.result.name);
        return;
      case 'switch':
        for (const condition of action.conditions) see(condition.action);
        return;
      case 'try':
      case 'steps':
        for (const step of action.body.steps) see(step.action);
        return;
      case 'for':
      case 'parallel':
      case 'raise':
      case 'return':
      case 'none':
        return;
    }
  };
  for (const { action } of list.steps) see(action);
  return names;
}

/** The names of a scope and of those around it. */
export class Names {
  readonly #own: ReadonlySet<string>;
  readonly #outer: Names | undefined;
  /** At the edge of a parallel branch: what of the outside it may write. */
  readonly #shared: ReadonlySet<string> | undefined;

  private constructor(own: ReadonlySet<string>, outer?: Names, shared?: ReadonlySet<string>) {
    this.#own = own;
    this.#outer = outer;
    this.#shared = shared;
  }

  /** A routine's names. */
  static routine(own: ReadonlySet<string>): Names {
    return new Names(own);
  }

  /** The names within a loop or `except` block; `declared` are its own whatever lies outside. */
  block(names: ReadonlySet<string>, declared: ReadonlySet<string> = new Set()): Names {
    return new Names(this.#new(names, declared), this);
  }

  /** What is made in a scope within this one: a name that is visible already is no new variable. */
  #new(names: ReadonlySet<string>, declared: ReadonlySet<string>): Set<string> {
    return new Set([...declared, ...[...names].filter((name) => !this.has(name))]);
  }

  /** The names within a parallel branch. */
  branch(
    names: ReadonlySet<string>,
    shared: ReadonlySet<string>,
    declared: ReadonlySet<string> = new Set(),
  ): Names {
    return new Names(this.#new(names, declared), this, shared);
  }

  has(name: string): boolean {
    return this.#own.has(name) || (this.#outer?.has(name) ?? false);
  }

  /** All visible names. */
  all(): string[] {
    return [...this.#own, ...(this.#outer?.all() ?? [])];
  }

  /** Checks that a variable may be written; one that is written below must exist. */
  write(name: string, at: Position, report: Report, below: boolean): void {
    if (!this.has(name)) {
      if (below) report('symbol', at, `variable '${name}' is assigned below but never itself`);
      return;
    }
    // The edges between here and the scope that the name belongs to.
    let edge = false;
    let one: Names | undefined = this;
    while (one && !one.#own.has(name)) {
      if (one.#shared && !one.#shared.has(name)) edge = true;
      one = one.#outer;
    }
    if (edge)
      report(
        'shared',
        at,
        `variable '${name}' is defined outside of the parallel step: name it in 'shared' to assign it in a branch`,
      );
  }
}
