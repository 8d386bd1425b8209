/** Unix cron: five fields, each checked for itself so that the message can name it, then whether it ever fires. */
import { Cron } from 'croner';
import type { ConfigPath } from '../plan.ts';
import { quote } from './describe.ts';
import type { Report } from './report.ts';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names in the order of their numbers, from `min`. */
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  // Sunday is 0 and 7.
  { name: 'day of week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

const ORDER = 'minute, hour, day of month, month, day of week, as "0 3 * * *"';

/** The expression with single spaces; reports what is wrong with it. */
export function readCron(cron: string, path: ConfigPath, report: Report): string {
  const words = cron
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const expression = words.join(' ');
  const problem = (message: string, hint: string): string => {
    report.problem('cron', path, message, hint);
    return expression;
  };
  if (words.length === 0) return problem('the cron expression is empty', `write five fields: ${ORDER}`);
  const [first = ''] = words;
  if (first.startsWith('@')) {
    const fields = NICKNAMES.get(first.toLowerCase());
    return problem(
      `${quote(cron)} is a nickname, not five fields`,
      `write ${fields ? `"${fields}"` : ORDER}`,
    );
  }
  if (words.length === 6) {
    const rest = words.slice(1).join(' ');
    return problem(`${quote(cron)} has six fields; seconds are not supported`, `did you mean "${rest}"?`);
  }
  if (words.length !== 5)
    return problem(`${quote(cron)} has ${words.length} fields, not five`, `write ${ORDER}`);
  const before = words.flatMap((word, i) => {
    const field = FIELDS[i];
    const fault = field && faultOf(word, field);
    return fault ? [fault] : [];
  });
  for (const { message, hint } of before) problem(message, hint);
  if (before.length === 0 && !fires(expression)) {
    problem(`${quote(cron)} never fires: there is no such day`, 'choose a day that the month has');
  }
  return expression;
}

interface FieldFault {
  message: string;
  hint: string;
}

function faultOf(word: string, field: Field): FieldFault | undefined {
  for (const item of word.split(',')) {
    const fault = itemFault(item, field);
    if (fault) return fault;
  }
  return undefined;
}

function itemFault(item: string, field: Field): FieldFault | undefined {
  const { name, min, max } = field;
  const range = `${min} to ${max}${field.names.length > 0 ? `, or ${field.names[0]} to ${field.names.at(-1)}` : ''}`;
  const match = /^(\*|([a-z\d]+)(?:-([a-z\d]+))?)(?:\/(\d+))?$/i.exec(item);
  const [, , from, to, step] = match ?? [];
  const isWord = (word = '0'): boolean => /^\d+$/.test(word) || field.names.includes(word.toLowerCase());
  if (!match || !isWord(from) || !isWord(to)) {
    const message = item === '' ? `${name} has an empty part` : `${name} ${quote(item)} is not unix cron`;
    return { message, hint: `write ${range}, *, a list as 1,2, a range as 1-5, or a step as */2` };
  }
  for (const word of [from, to]) {
    if (word === undefined || numberOf(word, field) !== undefined) continue;
    return { message: `${name} ${word} is out of range`, hint: `write ${range}` };
  }
  if (step !== undefined && from !== undefined && to === undefined) {
    return {
      message: `${name} ${quote(item)} has a step without a range`,
      hint: `write ${from}-${max}/${step}`,
    };
  }
  if (step !== undefined && (Number(step) < 1 || Number(step) > max)) {
    return { message: `${name} ${quote(item)} has a step of ${step}`, hint: `write a step from 1 to ${max}` };
  }
  if (from !== undefined && to !== undefined && (numberOf(from, field) ?? 0) > (numberOf(to, field) ?? 0)) {
    return { message: `${name} ${quote(item)} goes backwards`, hint: `write ${from}-${max},${min}-${to}` };
  }
  return undefined;
}

function numberOf(word: string, { min, max, names }: Field): number | undefined {
  const index = names.indexOf(word.toLowerCase());
  const number = index >= 0 ? index + min : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

/** Whether there is any moment, from a fixed one on, at which the expression fires. */
function fires(expression: string): boolean {
  try {
    const job = new Cron(expression, { mode: '5-part', timezone: 'Etc/UTC', paused: true });
    return job.nextRun(new Date('2024-01-01T00:00:00Z')) !== null;
  } catch {
    return false;
  }
}
