/**
 * What the operators do. The tables of implicit conversions are the documented ones where we could read them:
 * `+` joins a string with an integer, double or boolean; integer and double together make a double.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/datatypes#implicit-conversions
 */
import { indexError, keyError, systemError, typeError, valueError } from '../errors.ts';
import { doubleText, integerRange, isDict, isEqual, isList, typeOf, type Value } from '../value.ts';
import type { BinaryOperator } from './tree.ts';

/** Operators that always evaluate both sides. */
export type StrictOperator = Exclude<BinaryOperator, 'and' | 'or'>;

/**
 * Applies an operator.
 *
 * @throws WorkflowError TypeError, ZeroDivisionError, ValueError on overflow
 */
export function applyBinary(operator: StrictOperator, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      if (typeof left === 'string' || typeof right === 'string') return joined(left, right);
      return arithmetic('+', left, right);
    case '-':
    case '*':
    case '/':
    case '//':
    case '%':
      return arithmetic(operator, left, right);
    case '==':
      return equal(operator, left, right);
    case '!=':
      return !equal(operator, left, right);
    case '<':
      return compare(operator, left, right) < 0;
    case '<=':
      return compare(operator, left, right) <= 0;
    case '>':
      return compare(operator, left, right) > 0;
    case '>=':
      return compare(operator, left, right) >= 0;
    case 'in':
      return contains(left, right);
  }
}

function unsupported(operator: BinaryOperator, left: Value, right: Value) {
  return typeError(`unsupported operand types for ${operator}: '${typeOf(left)}' and '${typeOf(right)}'`);
}

/** The text that `+` and `string()` make of a value; undefined for what has none. */
export function textOf(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return doubleText(value);
    default:
      return undefined;
  }
}

function joined(left: Value, right: Value): string {
  const before = textOf(left);
  const after = textOf(right);
  if (before === undefined || after === undefined) throw unsupported('+', left, right);
  return before + after;
}

type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%';

function arithmetic(operator: Arithmetic, left: Value, right: Value): bigint | number {
  if (typeof left === 'bigint' && typeof right === 'bigint') return whole(operator, left, right);
  if (!isNumber(left) || !isNumber(right)) throw unsupported(operator, left, right);
  const a = Number(left);
  const b = Number(right);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0) throw systemError('ZeroDivisionError', `division by zero in ${operator}`);
      return operator === '/' ? a / b : operator === '//' ? Math.floor(a / b) : a % b;
  }
}

function whole(operator: Arithmetic, a: bigint, b: bigint): bigint | number {
  switch (operator) {
    case '+':
      return within(a + b);
    case '-':
      return within(a - b);
    case '*':
      return within(a * b);
    default: {
      if (b === 0n) throw systemError('ZeroDivisionError', `division by zero in ${operator}`);
      if (operator === '/') return Number(a) / Number(b);
      if (operator === '%') return a % b;
      const cut = a / b;
      return within(a % b !== 0n && a < 0n !== b < 0n ? cut - 1n : cut);
    }
  }
}

/** An integer that 64 bits hold. Whether the service wraps is not documented; an error loses nothing silently. */
function within(number: bigint): bigint {
  if (number < integerRange.least || number > integerRange.most) throw valueError('integer overflow');
  return number;
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function equal(operator: '==' | '!=', left: Value, right: Value): boolean {
  // The tables give null against anything, and no other pair of types but integer and double.
  if (
    left !== null &&
    right !== null &&
    typeOf(left) !== typeOf(right) &&
    !(isNumber(left) && isNumber(right))
  )
    throw unsupported(operator, left, right);
  return isEqual(left, right);
}

function compare(operator: BinaryOperator, left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right))
    return left < right ? -1 : left > right ? 1 : left >= right ? 0 : Number.NaN;
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  throw unsupported(operator, left, right);
}

function contains(item: Value, container: Value): boolean {
  if (isList(container)) return container.some((one) => isEqual(one, item));
  if (!isDict(container))
    throw typeError(`the argument of 'in' must be a map or a list; got: ${typeOf(container)}`);
  if (typeof item !== 'string') throw typeError(`a key must be a string; got: ${typeOf(item)}`);
  return container.has(item);
}

/**
 * Unary minus and `not`.
 *
 * @throws WorkflowError TypeError
 */
export function applyUnary(operator: '-' | 'not', of: Value): Value {
  if (operator === 'not') {
    if (typeof of === 'boolean') return !of;
  } else if (typeof of === 'bigint') return within(-of);
  else if (typeof of === 'number') return -of;
  throw typeError(`unsupported operand type for ${operator}: '${typeOf(of)}'`);
}

/**
 * `of.key` and `of["key"]` of a map, `of[0]` of a list.
 *
 * @throws WorkflowError KeyError, IndexError, TypeError
 */
export function applyIndex(of: Value, index: Value): Value {
  if (isDict(of)) {
    if (typeof index !== 'string') throw typeError(`a key must be a string; got: ${typeOf(index)}`);
    const value = of.get(index);
    if (value === undefined) throw keyError(`key not found: ${index}`);
    return value;
  }
  if (isList(of)) {
    if (typeof index !== 'bigint') throw typeError(`a list index must be an integer; got: ${typeOf(index)}`);
    const value = index < 0n ? undefined : of[Number(index)];
    if (value === undefined) throw indexError(`index out of range: ${index} (the list has ${of.length})`);
    return value;
  }
  throw typeError(
    typeof index === 'string'
      ? `'${typeOf(of)}' has no key '${index}'`
      : `'${typeOf(of)}' can't be indexed by '${typeOf(index)}'`,
  );
}
