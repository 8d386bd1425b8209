import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cronInWords } from './cron-in-words.ts';

const test = suite('cron in words');

const told: readonly (readonly [cron: string, words: string | undefined])[] = [
  ['0 3 * * *', 'every day at 03:00'],
  ['5 0,12 * * *', 'every day at 00:05, 12:05'],
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['0 * * * *', 'every hour at :00'],
  ['30 */6 * * *', 'every 6 hours at :30'],
  ['0 */1 * * *', 'every hour at :00'],
  ['0 8 * * 1-5', 'Monday to Friday at 08:00'],
  ['0 8 * * MON,thu', 'Mondays, Thursdays at 08:00'],
  ['0 8 * * 7', 'Sundays at 08:00'],
  ['0 8 * * 0', 'Sundays at 08:00'],
  ['15 4 1 * *', 'on day 1 of each month at 04:15'],
];

for (const [cron, words] of told)
  test(`${cron} is ${words}`, () => {
    assert.is(cronInWords(cron), words);
  });

const untold = [
  // Not the same pause each time: 0, 7, 14, 21 and then 0 again.
  '0 */7 * * *',
  '*/25 * * * *',
  // Both fields set means either.
  '0 3 1 * 1',
  '0 3 * 1 *',
  '0 3 * * 1-3,5',
  '0 3 * * 1#2',
  '1,2 3 * * *',
  '0 6-20 * * *',
  '0 3 1,15 * *',
];

for (const cron of untold)
  test(`${cron} is left as it is`, () => {
    assert.is(cronInWords(cron), undefined);
  });

test.run();
