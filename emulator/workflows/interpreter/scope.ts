/**
 * Variables, and what they may weigh. A routine has a scope; a loop, an `except` block and a parallel branch
 * each have one within it, which ends with them.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/variables#variable-scope
 */
import { indexError, keyError, limitError, typeError } from '../errors.ts';
import type { Environment, Soon } from '../expression/evaluate.ts';
import type { Limits } from '../limits.ts';
import { resized, sizeOf } from '../memory.ts';
import { type Dict, isDict, isList, typeOf, type Value } from '../value.ts';

/** The memory of an execution. */
export class Memory {
  readonly #limits: Limits;
  #used = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Bytes of all variables. */
  get used(): number {
    return this.#used;
  }

  /** @throws WorkflowError ResourceLimitError */
  replace(old: Value | undefined, value: Value): void {
    if (
      typeof value === 'string' &&
      value.length > this.#limits.string / 4 &&
      Buffer.byteLength(value) > this.#limits.string
    )
      throw limitError(`a string of ${Buffer.byteLength(value)} bytes is longer than ${this.#limits.string}`);
    const used = this.#used + sizeOf(value) - (old === undefined ? 0 : sizeOf(old));
    if (used > this.#limits.memory)
      throw limitError(`the variables take ${used} bytes; the limit is ${this.#limits.memory}`);
    this.#used = used;
  }

  free(value: Value): void {
    this.#used -= sizeOf(value);
  }
}

/** The functions that expressions may call or name. */
export interface Functions extends Pick<Environment, 'evaluatesAll'> {
  call(name: string, args: Value[]): Soon<Value>;
  /** A subworkflow named without a call, as a predicate is. */
  reference(name: string): Value | undefined;
}

/** A scope. */
export class Scope implements Environment {
  readonly #memory: Memory;
  readonly #functions: Functions;
  readonly #parent: Scope | undefined;
  /** Set at the edge of a parallel branch: what lies outside can be written only when it is named here. */
  readonly #shared: ReadonlySet<string> | undefined;
  readonly #values = new Map<string, Value>();

  private constructor(memory: Memory, functions: Functions, parent?: Scope, shared?: ReadonlySet<string>) {
    this.#memory = memory;
    this.#functions = functions;
    this.#parent = parent;
    this.#shared = shared;
  }

  /** The scope of a routine. */
  static routine(memory: Memory, functions: Functions): Scope {
    return new Scope(memory, functions);
  }

  /** The scope of a loop or an `except` block. */
  block(): Scope {
    return new Scope(this.#memory, this.#functions, this);
  }

  /** The scope of a parallel branch, whose expressions are evaluated in a frame of its own. */
  branch(functions: Functions, shared: ReadonlySet<string>): Scope {
    return new Scope(this.#memory, functions, this, shared);
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  read(name: string): Value {
    const value = this.#find(name);
    if (value !== undefined) return value;
    const reference = this.#functions.reference(name);
    if (reference === undefined) throw keyError(`variable not found: ${name}`);
    return reference;
  }

  get evaluatesAll(): boolean {
    return this.#functions.evaluatesAll;
  }

  call(name: string, args: Value[]): Soon<Value> {
    return this.#functions.call(name, args);
  }

  #find(name: string): Value | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const value = scope.#values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Sets a variable where it lives, or makes it here. */
  assign(name: string, value: Value): void {
    let outside = false;
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      if (scope.#values.has(name)) {
        if (outside) throw typeError(`variable '${name}' is written in a parallel branch and not shared`);
        scope.#set(name, value);
        return;
      }
      if (scope.#shared && !scope.#shared.has(name)) outside = true;
    }
    this.#set(name, value);
  }

  /** Makes a variable here, whatever lies outside. */
  declare(name: string, value: Value): void {
    this.#set(name, value);
  }

  #set(name: string, value: Value): void {
    this.#memory.replace(this.#values.get(name), value);
    this.#values.set(name, value);
  }

  /**
   * Sets a value below a variable. A missing key is made, and a missing map on the way to it; an index must
   * exist.
   *
   * @throws WorkflowError KeyError, IndexError, TypeError
   */
  assignPath(name: string, path: readonly Value[], value: Value): void {
    this.assign(name, replaced(this.read(name), path, 0, value));
  }

  /** All visible variables; values never change, so that they need no copy. */
  variables(): Dict {
    const all = new Map(this.#parent?.variables() ?? []);
    for (const [name, value] of this.#values) all.set(name, value);
    return all;
  }

  /** Lets go of all variables of this scope. */
  end(): void {
    for (const value of this.#values.values()) this.#memory.free(value);
    this.#values.clear();
  }
}

/** A copy of a value in which what lies at a path is another. */
function replaced(from: Value, path: readonly Value[], depth: number, value: Value): Value {
  if (depth === path.length) return value;
  const key = path[depth] as Value;
  if (isDict(from)) {
    if (typeof key !== 'string') throw typeError(`a key must be a string; got: ${typeOf(key)}`);
    const old = from.get(key);
    // A key that is missing on the way becomes a map.
    const below = replaced(
      old ?? (depth + 1 < path.length && old === undefined ? new Map() : null),
      path,
      depth + 1,
      value,
    );
    const made = new Map(from).set(key, below);
    resized(made, from, key, old, below);
    return made;
  }
  if (isList(from)) {
    if (typeof key !== 'bigint') throw typeError(`a list index must be an integer; got: ${typeOf(key)}`);
    const old = key < 0n ? undefined : from[Number(key)];
    if (old === undefined) throw indexError(`index out of range: ${key} (the list has ${from.length})`);
    const below = replaced(old, path, depth + 1, value);
    const made = from.with(Number(key), below);
    resized(made, from, undefined, old, below);
    return made;
  }
  throw typeError(`can't assign below '${typeOf(from)}' (a map or list is needed)`);
}
