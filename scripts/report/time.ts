/** Points in time for people who may be anywhere: UTC, and what that was where the report was written. */

/** `2026-11-25 16:20:03 UTC`. @param time milliseconds since the epoch */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `17:20:03, UTC+01:00`; undefined where local time is UTC. */
export function local(time: number): string | undefined {
  const date = new Date(time);
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return undefined;
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = `UTC${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}, ${offset}`;
}

/** Both, as the heading of a report has them. */
export function whenever(time: number): string {
  const here = local(time);
  return here === undefined ? utc(time) : `${utc(time)} (${here})`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
