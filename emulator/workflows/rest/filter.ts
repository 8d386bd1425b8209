/**
 * Filters of list requests: comparisons joined by AND, OR and NOT, with parentheses.
 *
 * https://google.aip.dev/160
 */
import { GoogleError } from '../../errors.ts';
import { holds } from '../../order.ts';

/** What a field may be compared as. */
type FieldValue = string | number | undefined;

/** The fields that can be filtered and sorted by, and how to read them. */
export type Fields<T> = Readonly<Record<string, (item: T) => FieldValue>>;

type Test<T> = (item: T) => boolean;

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', `Invalid filter: ${message}`);

const token = /\s*(?:(AND|OR|NOT)\b|([()])|(!=|<=|>=|=|<|>|:)|"((?:[^"\\]|\\.)*)"|([^\s()=<>!:"]+))/y;

/**
 * Makes a predicate of a filter; an empty one takes all.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function filter<T>(text: string, fields: Fields<T>): Test<T> {
  if (text.trim() === '') return () => true;
  const tokens: { kind: 'word' | 'bracket' | 'operator' | 'text'; text: string }[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw invalid(`unexpected '${text[at]}'`);
    const [, word, bracket, operator, quoted, bare] = found;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else tokens.push({ kind: 'text', text: quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '' });
  }
  let next = 0;
  const take = (kind: string, value?: string) => {
    const one = tokens[next];
    if (one?.kind !== kind || (value !== undefined && one.text !== value)) return undefined;
    next++;
    return one.text;
  };
  const any = (): Test<T> => {
    const tests = [all()];
    while (take('word', 'OR')) tests.push(all());
    return (item) => tests.some((test) => test(item));
  };
  const all = (): Test<T> => {
    const tests = [one()];
    while (take('word', 'AND') ?? (tokens[next] && tokens[next]?.text !== ')' && tokens[next]?.text !== 'OR'))
      tests.push(one());
    return (item) => tests.every((test) => test(item));
  };
  const one = (): Test<T> => {
    if (take('word', 'NOT')) {
      const test = one();
      return (item) => !test(item);
    }
    if (take('bracket', '(')) {
      const test = any();
      if (!take('bracket', ')')) throw invalid("a ')' is missing");
      return test;
    }
    const name = take('text');
    const operator = name === undefined ? undefined : take('operator');
    const value = operator === undefined ? undefined : take('text');
    if (name === undefined || operator === undefined || value === undefined)
      throw invalid(`expected FIELD OPERATOR VALUE in '${text}'`);
    return comparison(name, operator, value, fields);
  };
  const test = any();
  if (next < tokens.length) throw invalid(`unexpected '${tokens[next]?.text}'`);
  return test;
}

function comparison<T>(name: string, operator: string, value: string, fields: Fields<T>): Test<T> {
  const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
  const read = key === undefined ? undefined : fields[key];
  if (!read) throw invalid(`unknown field '${name}'; there are ${Object.keys(fields).join(', ')}`);
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
