/**
 * Filters of Cloud Logging, over the paths of an entry.
 *
 * https://cloud.google.com/logging/docs/view/logging-query-language
 */
import { GoogleError } from '../errors.ts';
import { type Comparison, holds, parseFilter, type Test } from '../filter.ts';
import { severities } from './severity.ts';

const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', `Unparseable filter: ${message}`);

/**
 * Makes a predicate of a filter; an empty one takes all.
 *
 * @throws GoogleError INVALID_ARGUMENT
 */
export function logFilter(text: string): Test<unknown> {
  return parseFilter(text, comparison, invalid);
}

function comparison({ path, operator, value }: Comparison): Test<unknown> {
  const order = orderBy(path.join('.'), value);
  const pattern = operator === '=~' ? patternOf(value) : undefined;
  return (entry) => {
    let field: unknown = entry;
    for (const key of path)
      field =
        typeof field === 'object' && field !== null ? (field as Record<string, unknown>)[key] : undefined;
    if (field === undefined) return operator === '!=';
    if (operator === ':') return value === '*' || lower(field).includes(lower(value));
    if (operator === '=~') return pattern?.test(String(field)) === true;
    return holds(operator, order(field));
  };
}

function patternOf(value: string): RegExp {
  try {
    return new RegExp(value);
  } catch {
    throw invalid(`'${value}' is no regular expression`);
  }
}

/** How a field compares to a value: below 0, 0, above 0, or NaN. Texts compare whatever their case. */
function orderBy(path: string, value: string): (field: unknown) => number {
  if (path === 'severity') {
    const rank = rankOf(value);
    if (rank < 0) throw invalid(`'${value}' is no severity`);
    return (field) => rankOf(String(field)) - rank;
  }
  if (path === 'timestamp') {
    const time = Date.parse(value);
    if (Number.isNaN(time)) throw invalid(`'${value}' is no time`);
    return (field) => Date.parse(String(field)) - time;
  }
  const [text, number] = [lower(value), Number(value)];
  return (field) => {
    if (typeof field === 'number') return field - number;
    const own = lower(field);
    return own === text ? 0 : own < text ? -1 : 1;
  };
}

function rankOf(severity: string): number {
  return (severities as readonly string[]).indexOf(severity.toUpperCase());
}

function lower(value: unknown): string {
  return String(value).toLowerCase();
}
