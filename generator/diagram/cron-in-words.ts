/** A schedule in words, where it is one of the usual ones. */

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const short = days.map((day) => day.slice(0, 3).toLowerCase());

/**
 * `0 3 * * *` as `every day at 03:00`; undefined where the fields say more than a short sentence does.
 *
 * @param cron five fields of unix cron
 */
export function cronInWords(cron: string): string | undefined {
  const [minute = '', hour = '', date = '', month = '', weekday = '', ...more] = cron.trim().split(/\s+/);
  if (month !== '*' || more.length > 0) return undefined;
  if (date === '*' && weekday === '*') {
    if (hour === '*') return withinAnHour(minute);
    const step = /^\*\/(\d+)$/.exec(hour)?.[1];
    // Only a step that divides the day is the same pause each time.
    if (step !== undefined && isNumber(minute) && 24 % Number(step) === 0)
      return Number(step) === 1 ? withinAnHour(minute) : `every ${step} hours at :${minute.padStart(2, '0')}`;
  }
  const times = timesOf(minute, hour);
  if (times === undefined) return undefined;
  if (date === '*' && weekday === '*') return `every day at ${times}`;
  if (date === '*') {
    const names = weekdaysOf(weekday);
    return names && `${names} at ${times}`;
  }
  return weekday === '*' && isNumber(date) ? `on day ${Number(date)} of each month at ${times}` : undefined;
}

function withinAnHour(minute: string): string | undefined {
  if (minute === '*' || minute === '*/1') return 'every minute';
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (step !== undefined) return 60 % Number(step) === 0 ? `every ${step} minutes` : undefined;
  return isNumber(minute) ? `every hour at :${minute.padStart(2, '0')}` : undefined;
}

/** `03:00`, or `03:00, 15:00` for a list of hours; undefined for anything else. */
function timesOf(minute: string, hour: string): string | undefined {
  const hours = hour.split(',');
  if (!isNumber(minute) || !hours.every(isNumber) || hours.length > 4) return undefined;
  return hours.map((one) => `${one.padStart(2, '0')}:${minute.padStart(2, '0')}`).join(', ');
}

function weekdaysOf(field: string): string | undefined {
  const [from, to, ...more] = field.split('-').map(weekdayOf);
  if (from !== undefined && to !== undefined && more.length === 0) return `${from} to ${to}`;
  const names = field.split(',').map(weekdayOf);
  return names.every((name) => name !== undefined) ? names.map((name) => `${name}s`).join(', ') : undefined;
}

function weekdayOf(text: string): string | undefined {
  const name = short.indexOf(text.toLowerCase());
  if (name >= 0) return days[name];
  // Both 0 and 7 are Sunday.
  return /^[0-7]$/.test(text) ? days[Number(text) % 7] : undefined;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
