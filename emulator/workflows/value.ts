/**
 * The values that a workflow computes with. An integer is a `bigint` and a double a `number`, so that the two
 * stay apart as the service keeps them. Lists and maps are never changed in place: an assignment below a
 * variable copies along its path. So a value can be handed from branch to branch, and its size be remembered.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/datatypes
 */
export type Value = null | boolean | bigint | number | string | Uint8Array | List | Dict | FunctionValue;

/** A list. */
export type List = readonly Value[];

/** A map, in the order of insertion. */
export type Dict = ReadonlyMap<string, Value>;

/** A function named without a call, as a retry policy names its predicate. */
export class FunctionValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What `get_type` answers, and what error messages call a value. */
export type TypeName =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'double'
  | 'string'
  | 'bytes'
  | 'list'
  | 'map'
  | 'function';

/** The type of a value. */
export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'integer';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'list';
      if (value instanceof Map) return 'map';
      return value instanceof Uint8Array ? 'bytes' : 'function';
  }
}

/** Whether a value is a list; narrows a readonly union, which `Array.isArray` doesn't. */
export function isList(value: Value): value is List {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isDict(value: Value): value is Dict {
  return value instanceof Map;
}

/** The range of an integer: 64 bits, signed. */
export const integerRange = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/** Whether two values are equal: integer and double by their number, lists and maps by their content. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left === 'bigint' && typeof right === 'number') return left === wholeOf(right);
  if (typeof left === 'number' && typeof right === 'bigint') return right === wholeOf(left);
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null));
  if (isDict(left) && isDict(right)) {
    if (left.size !== right.size) return false;
    for (const [key, item] of left) {
      const other = right.get(key);
      if (other === undefined || !isEqual(item, other)) return false;
    }
    return true;
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array)
    return Buffer.compare(Buffer.from(left), Buffer.from(right)) === 0;
  return false;
}

/** The integer that a double equals, if there is one. */
function wholeOf(number: number): bigint | undefined {
  return Number.isInteger(number) ? BigInt(number) : undefined;
}

/** A double as text: `0.1`, `1e+21`; one without a fraction reads as an integer does. */
export function doubleText(number: number): string {
  return Number.isFinite(number)
    ? String(number)
    : number > 0
      ? 'Infinity'
      : number < 0
        ? '-Infinity'
        : 'NaN';
}

/** A map from an object literal, for values that the emulator itself makes. */
export function dict(entries: Record<string, Value | undefined>): Dict {
  const made = new Map<string, Value>();
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) made.set(key, value);
  return made;
}
