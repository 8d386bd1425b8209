import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCron } from './cron.ts';
import { createReport } from './report.ts';

function problemsOf(cron: string): string[] {
  const report = createReport();
  readCron(cron, 'schedule.cron', report);
  return report.problems.map(({ message, hint }) => `${message} | ${hint}`);
}

const good = [
  '0 3 * * *',
  '*/15 * * * *',
  '0-30/10 8-18 1,15 jan-mar,DEC mon-fri',
  '59 23 31 12 7',
  '0 0 29 2 *',
  // Either the day of the month or the day of the week.
  '0 0 31 2 1',
  '0 0 * * SUN',
];

for (const cron of good) test(`takes ${cron}`, () => assert.equal(problemsOf(cron), []));

test('puts single spaces', () => {
  assert.is(readCron('  0\t3  * * * ', '', createReport()), '0 3 * * *');
});

const bad: readonly [cron: string, problem: RegExp][] = [
  ['', /empty/],
  ['0 3 * *', /4 fields, not five/],
  ['0 0 3 * * *', /six fields; seconds are not supported \| did you mean "0 3 \* \* \*"/],
  ['0 0 0 1 1 * 2026', /7 fields/],
  ['@hourly', /nickname.*"0 \* \* \* \*"/],
  ['@reboot', /nickname.*minute, hour/],
  ['every 24 hours', /3 fields/],
  ['60 * * * *', /minute 60 is out of range \| write 0 to 59/],
  ['* 24 * * *', /hour 24 is out of range/],
  ['* * 0 * *', /day of month 0 is out of range/],
  ['* * * 13 *', /month 13 is out of range/],
  ['* * * * 8', /day of week 8 is out of range/],
  ['0 22-4 * * *', /goes backwards \| write 22-23,0-4/],
  ['5/15 * * * *', /step without a range \| write 5-59\/15/],
  ['*/0 * * * *', /a step of 0/],
  ['*/60 * * * *', /a step of 60/],
  ['1,,2 * * * *', /an empty part/],
  ['-1 * * * *', /not unix cron/],
  ['0 0 L * *', /day of month "L" is not unix cron/],
  ['0 0 15W * *', /not unix cron/],
  ['0 0 ? * *', /not unix cron/],
  ['0 0 * * 5#2', /not unix cron/],
  ['0 0 * foo *', /month "foo" is not unix cron/],
  ['0 0 31 2 *', /never fires/],
  ['0 0 31 4,6,9,11 *', /never fires/],
];

for (const [cron, problem] of bad) {
  test(`refuses ${cron}`, () => {
    const problems = problemsOf(cron);
    assert.is(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', problem);
  });
}

test('finds a fault in each field', () => assert.is(problemsOf('60 24 0 13 8').length, 5));

test.run();
