/** Evaluates data: literals with expressions in them. */
import type { Code, Data } from '../definition.ts';
import { typeError } from '../errors.ts';
import { chain, chainAll, type Environment, type Soon } from '../expression/evaluate.ts';
import { typeOf, type Value } from '../value.ts';

/** The value of data. */
export function evaluateData(data: Data, environment: Environment): Soon<Value> {
  switch (data.kind) {
    case 'literal':
      return data.value;
    case 'code':
      return data.code.evaluate(environment);
    case 'list':
      return chainAll<Value>(
        data.items.map((item) => (inner) => evaluateData(item, inner)),
        environment,
        (values) => values,
      );
    case 'map': {
      const { entries } = data;
      const made = new Map<string, Value>();
      const from = (start: number): Soon<Value> => {
        for (let index = start; index < entries.length; index++) {
          const { key, value } = entries[index] as (typeof entries)[number];
          const soon = chain(keyOf(key, environment), (name) =>
            chain(evaluateData(value, environment), (one) => {
              made.set(name, one);
            }),
          );
          if (soon instanceof Promise) return soon.then(() => from(index + 1));
        }
        return made;
      };
      return from(0);
    }
  }
}

function keyOf(key: string | Code, environment: Environment): Soon<string> {
  if (typeof key === 'string') return key;
  return chain(key.evaluate(environment), (value) => {
    if (typeof value === 'string') return value;
    throw typeError(`a key must be a string; got: ${typeOf(value)}`);
  });
}

/** The values of several expressions, evaluated in order. */
export function evaluateAll<R>(
  codes: readonly Code[],
  environment: Environment,
  next: (values: Value[]) => Soon<R>,
): Soon<R> {
  return chainAll(
    codes.map(({ evaluate }) => evaluate),
    environment,
    next,
  );
}
