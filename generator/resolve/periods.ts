/** How long a schedule's periods are, whatever its pattern. Pure: it looks at fixed years. */
import { Cron } from 'croner';

/** Whatever repeats within a year has been seen after it; a day more than the longest year and a month. */
const wholePattern = 400;
const start = Date.UTC(2024, 0, 1);
const day = 86_400_000;

/**
 * The longest time from one due moment of a schedule to the one that comes so many periods later, in seconds:
 * 172,800 for two periods of `0 3 * * *`, and 345,600 (Friday to Tuesday) for two of `0 3 * * 1-5`. Summer time is
 * left out of it.
 *
 * @param cron five fields that fire
 */
export function longestPeriods(cron: string, periods: number): number {
  const [minutes = '', hours = '', ...days] = cron.split(' ');
  // A day on which it fires looks like any other: one is enough for the times of day, midnights for the days.
  const inDay = firesFrom(`${minutes} ${hours} * * *`, (at) => at < start + day);
  const dates = firesFrom(
    `0 0 ${days.join(' ')}`,
    (at, seen) => at < start + wholePattern * day || (seen - 1) * inDay.length <= periods,
  );
  const many = inDay.length;
  const fire = (index: number) =>
    (dates[Math.floor(index / many)] ?? Number.NaN) + (inDay[index % many] ?? Number.NaN) - start;
  let longest = 0;
  for (let date = 0; date < dates.length; date++)
    // Spans that stay within a day are the same on every day.
    for (let index = date === 0 ? 0 : Math.max(0, many - periods); index < many; index++) {
      const span = fire(date * many + index + periods) - fire(date * many + index);
      if (span > longest) longest = span;
    }
  return longest / 1000;
}

function firesFrom(cron: string, isWanted: (at: number, seen: number) => boolean): number[] {
  // An offset, not the zone of that name: for a zone the library asks the calendar for each fire.
  const job = new Cron(cron, { mode: '5-part', utcOffset: 0, paused: true });
  const fires: number[] = [];
  let next = job.nextRun(new Date(start - 1000));
  while (next && isWanted(next.getTime(), fires.length)) {
    fires.push(next.getTime());
    next = job.nextRun(next);
  }
  return fires;
}
