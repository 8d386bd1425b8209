/** IANA time zones. */
import { nearest } from '../nearest.ts';
import type { ConfigPath } from '../plan.ts';
import { quote } from './describe.ts';
import type { Report } from './report.ts';

/**
 * IANA's names without a slash. The runtime knows more (`PST`, `IST`), which are abbreviations of its own that
 * Cloud Scheduler does not take.
 */
const BARE = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran ' +
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK ' +
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu'
  ).split(' '),
);

/** Reports a time zone that is not one of IANA's. */
export function checkTimeZone(timeZone: string, path: ConfigPath, report: Report): void {
  if (timeZone.includes('/') ? isArea(timeZone) : BARE.has(timeZone)) return;
  report.problem('time-zone', path, `unknown time zone ${quote(timeZone)}`, hintFor(timeZone));
}

function isArea(timeZone: string): boolean {
  const resolved = resolve(timeZone);
  if (resolved === undefined || timeZone.startsWith('SystemV/')) return false;
  // The runtime doesn't mind the case, the Scheduler may.
  return resolved === timeZone || resolved.toLowerCase() !== timeZone.toLowerCase();
}

function resolve(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function hintFor(timeZone: string): string {
  const zones = ['Etc/UTC', 'UTC', ...Intl.supportedValuesOf('timeZone')];
  const lower = timeZone.trim().toLowerCase();
  const cities = new Map(zones.map((zone) => [zone.split('/').at(-1) ?? zone, zone]));
  const city = nearest(lower.replaceAll(' ', '_'), cities.keys());
  // `PST` and the like, which the runtime knows; it knows `+01:00` too, which is no name.
  const known = /^[A-Za-z]+$/.test(timeZone) ? resolve(timeZone) : undefined;
  const near = known ?? nearest(lower.replaceAll(' ', '_'), zones) ?? (city && cities.get(city));
  return near === undefined
    ? 'write an IANA name, as "Europe/Berlin", or "Etc/UTC"'
    : `did you mean "${near}"?`;
}
