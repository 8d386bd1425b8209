import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { longestPeriods } from './periods.ts';

const hour = 3600;
const day = 24 * hour;

const cases: readonly (readonly [cron: string, periods: number, seconds: number])[] = [
  ['0 3 * * *', 1, day],
  ['0 3 * * *', 2, 2 * day],
  ['*/15 * * * *', 2, hour / 2],
  ['* * * * *', 100, 100 * 60],
  // Friday to Tuesday.
  ['0 3 * * 1-5', 2, 4 * day],
  ['0,30 0,12 * * *', 1, 11.5 * hour],
  // The pause is within the day, among many due moments.
  ['0-30 0,12 * * *', 1, 11.5 * hour],
  ['0 8-18 * * *', 1, 14 * hour],
  ['0 8-18 * * *', 2, 15 * hour],
  ['0 8-18 * * *', 11, day],
  ['0 0 1 * *', 1, 31 * day],
  // July and August, or December and January.
  ['0 0 1 * *', 2, 62 * day],
  ['0 0 1 1 *', 2, 731 * day],
  // 2024 and 2028.
  ['0 0 29 2 *', 1, 1461 * day],
  // The first of the month, or a Monday: a week at most.
  ['0 0 1 * 1', 1, 7 * day],
  ['* * * 1 *', 1, 335 * day + 60],
];

for (const [cron, periods, seconds] of cases)
  test(`${cron}, ${periods}`, () => {
    assert.is(longestPeriods(cron, periods), seconds);
  });

test.run();
