/** Numbers for people. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `512 bytes`, `1.5 MB`: powers of a thousand, as Artifact Registry is billed. */
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0];
  // What would round up to a thousand is one of the next.
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `1,234,567`. */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 version`, `1,200 versions`. */
export function counted(value: number, one: string, more = `${one}s`): string {
  return `${thousands(value)} ${value === 1 ? one : more}`;
}

/** `4 s`, `2 min 5 s`, `3 h 20 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const exact = Number(seconds.toFixed(1));
  if (whole < 60) return `${exact < 10 ? exact : whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours === 0 ? `${minutes} min ${whole % 60} s` : `${hours} h ${minutes} min`;
}
