/** The helpers that stand in no module. https://cloud.google.com/workflows/docs/reference/stdlib/expression-helpers */
import { typeError } from '../errors.ts';
import { textOf } from '../expression/operators.ts';
import { integerRange, isDict, isList, typeOf } from '../value.ts';
import { define } from './library.ts';

const decimal = /^[+-]?\d+$/;
const float = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Characters of a string: code points, not UTF-16 units. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The helpers. */
export const helpers = [
  define('default', ['val?', 'defaultVal?'], (args) => args.any('val') ?? args.any('defaultVal')),
  define('double', ['x'], (args) => {
    const value = args.any('x');
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    if (typeof value !== 'string')
      throw typeError(`double: '${typeOf(value)}' can't become a double (a string or an integer can)`);
    if (!float.test(value.trim())) throw args.invalid(`could not convert string to double: '${value}'`);
    return Number(value);
  }),
  define('get_type', ['value?'], (args) => typeOf(args.any('value'))),
  // Both values are evaluated before the call, as documented; a condition of null counts as false.
  define('if', ['condition?', 'ifTrue?', 'ifFalse?'], (args) => {
    const condition = args.any('condition');
    if (condition !== null && typeof condition !== 'boolean')
      throw typeError(`if: 'condition' must be a boolean; got: ${typeOf(condition)}`);
    return args.any(condition ? 'ifTrue' : 'ifFalse');
  }),
  define('int', ['x'], (args) => {
    const value = args.any('x');
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw args.invalid(`could not convert ${value} to an integer`);
      return inRange(BigInt(Math.trunc(value)), () => args.invalid('integer overflow'));
    }
    if (typeof value !== 'string')
      throw typeError(`int: '${typeOf(value)}' can't become an integer (a string or a double can)`);
    if (!decimal.test(value.trim())) throw args.invalid(`could not convert string to integer: '${value}'`);
    return inRange(BigInt(value.trim().replace(/^\+/, '')), () => args.invalid('integer overflow'));
  }),
  define('keys', ['map'], (args) => [...args.map('map').keys()]),
  define('len', ['value'], (args) => {
    const value = args.any('value');
    if (typeof value === 'string') return BigInt(characters(value));
    if (isList(value)) return BigInt(value.length);
    if (isDict(value)) return BigInt(value.size);
    throw typeError(`len: '${typeOf(value)}' has no length (a list, map or string has)`);
  }),
  define('string', ['x'], (args) => {
    const text = textOf(args.any('x'));
    if (text === undefined)
      throw typeError(`string: '${typeOf(args.any('x'))}' can't become a string (use json.encode_to_string)`);
    return text;
  }),
];

function inRange(value: bigint, overflow: () => Error): bigint {
  if (value < integerRange.least || value > integerRange.most) throw overflow();
  return value;
}
