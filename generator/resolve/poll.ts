/** Numbers and how they fit together: waiting for a copy. */
import { child } from '../config-path.ts';
import type { ConfigPath, PollPlan } from '../plan.ts';
import { isRecord } from './describe.ts';
import type { Report } from './report.ts';

/** What a number may be. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** Reports a number outside its range. */
export function checkRange(
  value: unknown,
  { min, max, whole }: Range,
  path: ConfigPath,
  report: Report,
): void {
  // NaN is a fault of shape.
  if (typeof value !== 'number' || Number.isNaN(value)) return;
  const hint = `write a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
  const name = /[^.]*$/.exec(path)?.[0];
  if (value < min) report.problem('range', path, `${name} ${value} is below ${min}`, hint);
  else if (value > max) report.problem('range', path, `${name} ${value} is above ${max}`, hint);
  else if (whole && !Number.isInteger(value))
    report.problem('range', path, `${name} ${value} is not whole`, hint);
}

const RANGES: Readonly<Record<keyof PollPlan, Range>> = {
  initialDelay: { min: 1, max: 3600 },
  multiplier: { min: 1, max: 10 },
  maxDelay: { min: 1, max: 3600 },
  deadline: { min: 60, max: 2_592_000 },
};

/** The default of each field. */
const POLL: PollPlan = { initialDelay: 5, multiplier: 1.5, maxDelay: 30, deadline: 43_200 };

function isIn(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

/** Fills the defaults in and reports what is out of range or contradicts itself. */
export function readPoll(value: unknown, path: ConfigPath, report: Report): PollPlan {
  const given = isRecord(value) ? value : {};
  const poll = { ...POLL };
  for (const field of Object.keys(RANGES) as (keyof PollPlan)[]) {
    const number = given[field];
    checkRange(number, RANGES[field], child(path, field), report);
    if (typeof number === 'number') poll[field] = number;
  }
  const atMost = (field: keyof PollPlan, limit: keyof PollPlan): void => {
    if (!(poll[field] > poll[limit])) return;
    // What is out of range by itself has been told.
    if (!isIn(poll[field], RANGES[field]) || !isIn(poll[limit], RANGES[limit])) return;
    // The one that was written is the one to blame.
    const blamed = given[limit] === undefined ? field : limit;
    const origin = given[limit] === undefined ? ', its default' : '';
    const message = `${field} ${poll[field]} is above ${limit} ${poll[limit]}${origin}`;
    report.problem(
      'range',
      child(path, blamed),
      message,
      `raise ${limit} to ${poll[field]} or more, or lower ${field}`,
    );
  };
  atMost('initialDelay', 'maxDelay');
  atMost('initialDelay', 'deadline');
  return poll;
}
