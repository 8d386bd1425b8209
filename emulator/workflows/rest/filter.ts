/** Filters and orders of list requests, over the fields that a service names. */
import { GoogleError } from '../../errors.ts';
import { type Comparison, holds, parseFilter, type Test } from '../../filter.ts';

/** What a field may be compared as. */
type FieldValue = string | number | undefined;

/** The fields that can be filtered and sorted by, and how to read them. */
export type Fields<T> = Readonly<Record<string, (item: T) => FieldValue>>;

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', `Invalid filter: ${message}`);

/**
 * Makes a predicate of a filter; an empty one takes all.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function filter<T>(text: string, fields: Fields<T>): Test<T> {
  return parseFilter(text, (one) => comparison(one, fields), invalid);
}

function comparison<T>({ path, operator, value }: Comparison, fields: Fields<T>): Test<T> {
  const name = path.join('.');
  const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
  const read = key === undefined ? undefined : fields[key];
  if (!read) throw invalid(`unknown field '${name}'; there are ${Object.keys(fields).join(', ')}`);
  if (operator === '=~') throw invalid("there is no operator '=~'");
  return (item) => {
    const field = read(item);
    if (operator === ':') return value === '*' ? field !== undefined : String(field ?? '').includes(value);
    if (field === undefined) return operator === '!=';
    // A star at either end stands for anything.
    if (operator === '=' && typeof field === 'string' && /^\*|\*$/.test(value)) return wild(value, field);
    return holds(operator, compare(field, typeof field === 'number' ? numberOf(value) : value));
  };
}

/** A number: seconds such as `12.5s`, a time, or just a number. */
function numberOf(value: string): number {
  const seconds = /^(-?\d+(?:\.\d+)?)s?$/.exec(value);
  const number = seconds ? Number(seconds[1]) : Date.parse(value);
  if (Number.isNaN(number)) throw invalid(`'${value}' is neither a number nor a time`);
  return number;
}

function wild(pattern: string, text: string): boolean {
  const core = pattern.replace(/^\*|\*$/g, '');
  if (pattern.startsWith('*') && pattern.endsWith('*')) return text.includes(core);
  return pattern.startsWith('*') ? text.endsWith(core) : text.startsWith(core);
}

function compare(a: FieldValue, b: FieldValue): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

/**
 * Makes a comparison of an `orderBy` such as `startTime desc, state`.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function order<T>(text: string, fields: Fields<T>): ((a: T, b: T) => number) | undefined {
  if (text.trim() === '') return undefined;
  const keys = text.split(',').map((part) => {
    const found = /^\s*([\w.]+)(?:\s+(asc|desc))?\s*$/i.exec(part);
    const key = Object.keys(fields).find((one) => one.toLowerCase() === found?.[1]?.toLowerCase());
    const read = key === undefined ? undefined : fields[key];
    if (!found || !read)
      throw new GoogleError(
        'INVALID_ARGUMENT',
        `Invalid order_by '${part.trim()}'; there are ${Object.keys(fields).join(', ')}`,
      );
    return { read, sign: found[2]?.toLowerCase() === 'desc' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { read, sign } of keys) {
      const result = compare(read(a), read(b));
      if (result !== 0) return sign * result;
    }
    return 0;
  };
}
