/**
 * Expressions as functions. Most need no waiting and give their value at once; one that calls a subworkflow or
 * a connector gives a promise. So a step without such a call costs no turn of the event loop.
 */
import { typeError } from '../errors.ts';
import { typeOf, type Value } from '../value.ts';
import { applyBinary, applyIndex, applyUnary } from './operators.ts';
import { dotted, type Expression } from './tree.ts';

/** A value, or the promise of one. */
export type Soon<T> = T | Promise<T>;

/** What an expression is evaluated in. */
export interface Environment {
  /** Whether `and` and `or` evaluate their right operand even where the left one decides. */
  readonly evaluatesAll: boolean;
  /** Whether a variable of this name is visible and has a value. */
  has(name: string): boolean;
  /** @throws WorkflowError KeyError when there is no such variable, or none yet */
  read(name: string): Value;
  /** Calls a function by its whole name, with arguments by position. */
  call(name: string, args: Value[]): Soon<Value>;
}

/** An expression, ready to be evaluated. */
export type Evaluate = (environment: Environment) => Soon<Value>;

/** Continues with a value, at once when it is there. */
export function chain<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Continues with all values of a list, evaluated one after the other. */
export function chainAll<R>(
  evaluates: readonly Evaluate[],
  environment: Environment,
  next: (values: Value[]) => Soon<R>,
): Soon<R> {
  const values: Value[] = [];
  const step = (from: number): Soon<R> => {
    for (let index = from; index < evaluates.length; index++) {
      const value = (evaluates[index] as Evaluate)(environment);
      if (value instanceof Promise)
        return value.then((one) => {
          values.push(one);
          return step(index + 1);
        });
      values.push(value);
    }
    return next(values);
  };
  return step(0);
}

/**
 * Makes a function of an expression.
 *
 * @param constant the value of a name of the standard library, such as `http.default_retry`
 */
export function compile(expression: Expression, constant: (name: string) => Value | undefined): Evaluate {
  const down = (one: Expression): Evaluate => {
    switch (one.kind) {
      case 'literal': {
        const { value } = one;
        return () => value;
      }
      case 'name': {
        const { name } = one;
        return (environment) => environment.read(name);
      }
      case 'member': {
        const { key } = one;
        const of = down(one.of);
        const member: Evaluate = (environment) => chain(of(environment), (value) => applyIndex(value, key));
        const name = dotted(one);
        const known = name === undefined ? undefined : constant(name);
        if (known === undefined) return member;
        const root = name?.split('.', 1)[0] ?? '';
        return (environment) => (environment.has(root) ? member(environment) : known);
      }
      case 'index': {
        const of = down(one.of);
        const index = down(one.index);
        return (environment) =>
          chain(of(environment), (value) => chain(index(environment), (key) => applyIndex(value, key)));
      }
      case 'list': {
        const items = one.items.map(down);
        return (environment) => chainAll<Value>(items, environment, (values) => values);
      }
      case 'call': {
        const { name } = one;
        const args = one.args.map(down);
        return (environment) => chainAll(args, environment, (values) => environment.call(name, values));
      }
      case 'unary': {
        const { operator } = one;
        const of = down(one.of);
        return (environment) => chain(of(environment), (value) => applyUnary(operator, value));
      }
      case 'binary': {
        const { operator } = one;
        const left = down(one.left);
        const right = down(one.right);
        if (operator === 'and' || operator === 'or') {
          const decided = operator === 'or';
          return (environment) =>
            chain(left(environment), (value) => {
              const isDecided = truth(operator, value) === decided;
              if (isDecided && !environment.evaluatesAll) return decided;
              return chain(right(environment), (other) => {
                const last = truth(operator, other);
                return isDecided ? decided : last;
              });
            });
        }
        return (environment) =>
          chain(left(environment), (value) =>
            chain(right(environment), (other) => applyBinary(operator, value, other)),
          );
      }
    }
  };
  return down(expression);
}

function truth(operator: string, value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw typeError(`unsupported operand type for ${operator}: '${typeOf(value)}' (expecting boolean)`);
}
