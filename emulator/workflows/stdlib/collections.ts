/**
 * Modules list and map. All give a new list or map and leave what they were given.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/list and …/map
 */
import { typeError } from '../errors.ts';
import { remember, sizeOf } from '../memory.ts';
import { type Dict, isDict, isList, type List, typeOf, type Value } from '../value.ts';
import { define } from './library.ts';

function grown(made: List, from: List, by: Value): List {
  remember(made, sizeOf(from) + sizeOf(by));
  return made;
}

/** Functions of module list. */
export const list = [
  define('list.concat', ['objs', 'val'], (args) => {
    const objs = args.list('objs');
    const val = args.any('val');
    return grown([...objs, val], objs, val);
  }),
  define('list.prepend', ['objs', 'val'], (args) => {
    const objs = args.list('objs');
    const val = args.any('val');
    return grown([val, ...objs], objs, val);
  }),
];

function merged(first: Dict, second: Dict, nested: boolean): Dict {
  const made = new Map(first);
  for (const [key, value] of second) {
    const known = made.get(key) ?? null;
    made.set(key, nested && isDict(known) && isDict(value) ? merged(known, value, true) : value);
  }
  return made;
}

/** Functions of module map. */
export const map = [
  define('map.delete', ['map', 'key'], (args) => {
    const made = new Map(args.map('map'));
    made.delete(args.string('key'));
    return made;
  }),
  // Null where a key is missing, at any depth. What happens to a map that is null itself is not documented, so
  // that it is refused.
  define('map.get', ['map', 'keys|key'], (args) => {
    const keys = args.any('keys');
    let value: Value = args.map('map');
    for (const key of isList(keys) ? keys : [keys]) {
      if (typeof key !== 'string') throw typeError(`map.get: a key must be a string; got: ${typeOf(key)}`);
      if (!isDict(value)) return null;
      value = value.get(key) ?? null;
    }
    return value;
  }),
  define('map.merge', ['first', 'second'], (args) => merged(args.map('first'), args.map('second'), false)),
  define('map.merge_nested', ['first', 'second'], (args) =>
    merged(args.map('first'), args.map('second'), true),
  ),
];
