/** Module time. https://cloud.google.com/workflows/docs/reference/stdlib/time */
import { define } from './library.ts';

const timestamp = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Seconds since the epoch of an RFC 3339 timestamp; undefined when it is none. */
export function parseTimestamp(text: string): number | undefined {
  const found = timestamp.exec(text);
  if (!found) return undefined;
  const whole = Date.parse(`${text.slice(0, 19).toUpperCase()}${(found[8] ?? 'Z').toUpperCase()}`);
  return Number.isNaN(whole) ? undefined : whole / 1000 + Number(`0${found[7] ?? ''}`);
}

/** Hours and minutes by which a zone is ahead of UTC at a time, as `+02:00`; `Z` for UTC itself. */
function zoneOffset(milliseconds: number, timeZone: string): { minutes: number; text: string } {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(milliseconds)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  const [, sign = '+', hours = '00', rest = '00'] = found ?? [];
  const minutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(rest));
  return { minutes, text: minutes === 0 ? 'Z' : `${sign}${hours}:${rest}` };
}

/** Functions of module time. */
export const time = [
  define('time.format', ['seconds', 'timezone?'], (args) => {
    const given = args.number('seconds');
    const timeZone = args.has('timezone') ? args.string('timezone') : 'UTC';
    // Microseconds are as much as a double of this size tells.
    const micros = typeof given === 'bigint' ? given * 1_000_000n : BigInt(Math.round(given * 1e6));
    const second = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
    const fraction = String(micros - second * 1_000_000n)
      .padStart(6, '0')
      .replace(/0+$/, '');
    const milliseconds = Number(second) * 1000;
    let offset: { minutes: number; text: string };
    try {
      offset = zoneOffset(milliseconds, timeZone);
    } catch {
      throw args.invalid(
        Math.abs(milliseconds) > 8.64e15 ? `${given} is out of range` : `unknown time zone '${timeZone}'`,
      );
    }
    const local = new Date(milliseconds + offset.minutes * 60_000).toISOString().slice(0, 19);
    return `${local}${fraction && `.${fraction}`}${offset.text}`;
  }),
  define('time.parse', ['value'], (args) => {
    const value = args.string('value');
    const seconds = parseTimestamp(value);
    if (seconds === undefined) throw args.invalid(`'${value}' is not an RFC 3339 timestamp`);
    return seconds;
  }),
];
