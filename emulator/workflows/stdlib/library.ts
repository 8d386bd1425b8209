/**
 * What a function of the standard library is, and what it may use of the execution that calls it.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/overview
 */
import type { Severity } from '../../logging/severity.ts';
import type { Callbacks } from '../callbacks.ts';
import { typeError, valueError } from '../errors.ts';
import type { Soon } from '../expression/evaluate.ts';
import type { Limits } from '../limits.ts';
import { type Dict, isDict, isList, type List, typeOf, type Value } from '../value.ts';

/** What `sys.log` writes: a text or a map. */
export type LogPayload = { readonly textPayload: string } | { readonly jsonPayload: unknown };

/** The execution that a function is called in. */
export interface Host {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits, no longer than until `over` fires; rejects when the execution is cancelled. */
  sleep(milliseconds: number, over?: AbortSignal): Promise<void>;
  /** The value of an environment variable. */
  env(name: string): string | undefined;
  log(severity: Severity, payload: LogPayload): void;
  /**
   * Sends a request, at most for the given seconds.
   *
   * @throws WorkflowError ConnectionFailedError, ConnectionError, TimeoutError
   */
  fetch(request: Request, timeout: number): Promise<Response>;
  readonly limits: Limits;
  readonly callbacks: Callbacks;
}

/** A parameter; without `optional` an argument is required. */
interface FunctionParam {
  readonly name: string;
  /** Another name under which a call step may give it. */
  readonly alias?: string;
  readonly optional?: true;
}

/** A function. */
export interface LibraryFunction {
  readonly name: string;
  readonly params: readonly FunctionParam[];
  /** Can only be called by a call step, never in an expression. */
  readonly blocking?: true;
  /** Takes whatever arguments: they are not known here. */
  readonly open?: true;
  readonly run: (args: Args, host: Host) => Soon<Value>;
}

/** Makes a function; `?` marks an optional parameter and `a|b` gives it a second name. */
export function define(
  name: string,
  params: readonly string[],
  run: LibraryFunction['run'],
  options: { blocking?: true } = {},
): LibraryFunction {
  return {
    name,
    params: params.map((text) => {
      const optional = text.endsWith('?');
      const [first = '', alias] = (optional ? text.slice(0, -1) : text).split('|');
      return {
        name: first,
        ...(alias !== undefined && { alias }),
        ...(optional && { optional: true as const }),
      };
    }),
    ...(options.blocking && { blocking: true }),
    run,
  };
}

/** Makes a function whose arguments are not known. */
export function defineOpen(name: string, run: LibraryFunction['run']): LibraryFunction {
  return { name, params: [], open: true, run };
}

/** Arguments by the names of their parameters. A getter throws TypeError when the type is wrong. */
export class Args {
  readonly #function: string;
  readonly #values: ReadonlyMap<string, Value>;

  constructor(functionName: string, values: ReadonlyMap<string, Value>) {
    this.#function = functionName;
    this.#values = values;
  }

  /** Any value; null when it was not given. */
  any(name: string): Value {
    return this.#values.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.any(name) !== null;
  }

  string(name: string): string {
    const value = this.any(name);
    return typeof value === 'string' ? value : this.#wrong(name, 'a string', value);
  }

  list(name: string): List {
    const value = this.any(name);
    return isList(value) ? value : this.#wrong(name, 'a list', value);
  }

  map(name: string): Dict {
    const value = this.any(name);
    return isDict(value) ? value : this.#wrong(name, 'a map', value);
  }

  /** An integer or double. */
  number(name: string): bigint | number {
    const value = this.any(name);
    return typeof value === 'bigint' || typeof value === 'number'
      ? value
      : this.#wrong(name, 'a number', value);
  }

  integer(name: string): bigint {
    const value = this.any(name);
    return typeof value === 'bigint' ? value : this.#wrong(name, 'an integer', value);
  }

  bytes(name: string): Uint8Array {
    const value = this.any(name);
    return value instanceof Uint8Array ? value : this.#wrong(name, 'bytes', value);
  }

  /** Bytes, or the UTF-8 of a string. */
  bytesOrText(name: string): Uint8Array {
    const value = this.any(name);
    return typeof value === 'string' ? Buffer.from(value) : this.bytes(name);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.any(name);
    if (value === null) return fallback;
    return typeof value === 'boolean' ? value : this.#wrong(name, 'a boolean', value);
  }

  /** A ValueError that names the function. */
  invalid(message: string): Error {
    return valueError(`${this.#function}: ${message}`);
  }

  #wrong(name: string, expected: string, value: Value): never {
    throw typeError(`${this.#function}: '${name}' must be ${expected}; got: ${typeOf(value)}`);
  }
}

/**
 * Arguments by position, as an expression gives them.
 *
 * @throws WorkflowError TypeError
 */
export function positional({ name, params, open }: LibraryFunction, given: readonly Value[]): Args {
  if (open) return new Args(name, new Map());
  if (given.length > params.length)
    throw typeError(`${name}: takes ${params.length} arguments at most; got ${given.length}`);
  const values = new Map<string, Value>();
  params.forEach((param, index) => {
    const value = given[index];
    if (value !== undefined) values.set(param.name, value);
    else if (!param.optional) throw typeError(`${name}: missing argument '${param.name}'`);
  });
  return new Args(name, values);
}

/**
 * Arguments by name, as a call step gives them.
 *
 * @throws WorkflowError TypeError
 */
export function named({ name, params, open }: LibraryFunction, given: Dict): Args {
  if (open) return new Args(name, given);
  const values = new Map<string, Value>();
  for (const [key, value] of given) {
    const param = params.find((one) => one.name === key || one.alias === key);
    if (!param) throw typeError(`${name}: unknown argument '${key}'`);
    values.set(param.name, value);
  }
  for (const param of params)
    if (!param.optional && !values.has(param.name))
      throw typeError(`${name}: missing argument '${param.name}'`);
  return new Args(name, values);
}
