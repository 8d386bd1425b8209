/**
 * Filters of Cloud Logging: comparisons of paths, joined by AND, OR and NOT, with parentheses.
 *
 * https://cloud.google.com/logging/docs/view/logging-query-language
 */
import { GoogleError } from '../errors.ts';
import { holds } from '../order.ts';

type Test = (entry: unknown) => boolean;

/** Severities in their order. */
const severities = [
  'DEFAULT',
  'DEBUG',
  'INFO',
  'NOTICE',
  'WARNING',
  'ERROR',
  'CRITICAL',
  'ALERT',
  'EMERGENCY',
];

const token =
  /\s*(?:(AND|OR|NOT)\b|([()])|(!=|<=|>=|=~|=|<|>|:)|((?:[A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*")(?:\.(?:[A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*"))*)|([^\s()=<>!:"]+))/y;

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', `Unparseable filter: ${message}`);

/** @throws GoogleError INVALID_ARGUMENT */
export function logFilter(text: string): Test {
  if (text.trim() === '') return () => true;
  const words: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw invalid(`unexpected '${text.slice(at, at + 20)}'`);
    words.push(found[0].trim());
  }
  let next = 0;
  const take = (word: string) => words[next] === word && ++next > 0;
  const any = (): Test => {
    const tests = [all()];
    while (take('OR')) tests.push(all());
    return (entry) => tests.some((test) => test(entry));
  };
  const all = (): Test => {
    const tests = [one()];
    while (take('AND') || (next < words.length && words[next] !== ')' && words[next] !== 'OR'))
      tests.push(one());
    return (entry) => tests.every((test) => test(entry));
  };
  const one = (): Test => {
    if (take('NOT')) {
      const test = one();
      return (entry) => !test(entry);
    }
    if (take('(')) {
      const test = any();
      if (!take(')')) throw invalid("a ')' is missing");
      return test;
    }
    const [path = '', operator = '', value] = words.slice(next, next + 3);
    if (value === undefined) throw invalid(`expected PATH OPERATOR VALUE in '${text}'`);
    next += 3;
    return comparison(pathOf(path), operator, unquoted(value));
  };
  const test = any();
  if (next < words.length) throw invalid(`unexpected '${words[next]}'`);
  return test;
}

function pathOf(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? []).map(unquoted);
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function comparison(path: readonly string[], operator: string, value: string): Test {
  return (entry) => {
    let field: unknown = entry;
    for (const key of path)
      field =
        typeof field === 'object' && field !== null ? (field as Record<string, unknown>)[key] : undefined;
    if (field === undefined) return operator === '!=';
    const text = String(field);
    if (operator === ':') return text.toLowerCase().includes(value.toLowerCase());
    if (operator === '=~') return new RegExp(value).test(text);
    return holds(operator, orderOf(path.join('.'), field, value));
  };
}

function orderOf(path: string, field: unknown, value: string): number {
  if (path === 'severity') return severities.indexOf(String(field)) - severities.indexOf(value.toUpperCase());
  if (path === 'timestamp') return Date.parse(String(field)) - Date.parse(value);
  if (typeof field === 'number') return field - Number(value);
  const text = String(field);
  return text === value ? 0 : text < value ? -1 : 1;
}
