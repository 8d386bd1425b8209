import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReport } from './report.ts';
import { checkTimeZone } from './time-zone.ts';

function hintFor(timeZone: string): string | undefined {
  const report = createReport();
  checkTimeZone(timeZone, 'schedule.timeZone', report);
  return report.problems[0]?.hint;
}

for (const zone of [
  'UTC',
  'Etc/UTC',
  'Europe/Berlin',
  'America/Argentina/Buenos_Aires',
  // Old names and new ones, whichever the runtime prefers.
  'Asia/Calcutta',
  'Asia/Kolkata',
  'US/Pacific',
  'Etc/GMT+3',
  'CET',
]) {
  test(`knows ${zone}`, () => assert.is(hintFor(zone), undefined));
}

for (const [zone, hint] of [
  ['Europe/Berln', 'did you mean "Europe/Berlin"?'],
  ['europe/berlin', 'did you mean "Europe/Berlin"?'],
  ['berlin', 'did you mean "Europe/Berlin"?'],
  ['America/New York', 'did you mean "America/New_York"?'],
  ['utc', 'did you mean "UTC"?'],
  ['PST', 'did you mean "America/Los_Angeles"?'],
  ['+01:00', 'write an IANA name, as "Europe/Berlin", or "Etc/UTC"'],
  ['', 'write an IANA name, as "Europe/Berlin", or "Etc/UTC"'],
  ['Europe/', 'write an IANA name, as "Europe/Berlin", or "Etc/UTC"'],
] as const) {
  test(`refuses "${zone}"`, () => assert.is(hintFor(zone), hint));
}

test.run();
