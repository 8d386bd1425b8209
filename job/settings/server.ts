/** What of a server's settings does not go together, above all: a server that anybody could call. */
import { isIP } from 'node:net';
import { nearest } from '../../generator/nearest.ts';
import { quote } from '../../generator/resolve/describe.ts';
import type { Field } from './field.ts';
import { type FieldName, fieldNames, fields, type Settings } from './fields.ts';
import type { Fault } from './usage-error.ts';

/** Says what is wrong with the settings of `serve`. */
export function checkServer(settings: Settings, at: (name: FieldName) => string, faults: Fault[]): void {
  checkCallers(settings, at, faults);
  checkFollowers(settings, at, faults);
  const known = fieldNames.map((name) => (fields[name] as Field).config).filter((path) => path !== undefined);
  for (const field of settings.allowOverrides) {
    if (known.includes(field)) continue;
    const near = nearest(field, known);
    const hint = near === undefined ? 'docs/job.md lists the fields of a body' : `did you mean ${near}?`;
    faults.push({ at: at('allowOverrides'), message: `there is no field ${quote(field)}`, hint });
  }
}

function checkCallers(
  { auth, audience, allowedEmails, emulatorHost, host }: Settings,
  at: (name: FieldName) => string,
  faults: Fault[],
): void {
  if (auth === 'google') {
    const others = "or say --auth cloud-run where Cloud Run's IAM checks callers";
    if (audience === undefined && !faults.some((fault) => fault.at === at('audience')))
      faults.push({ at: '--audience', message: 'missing', hint: `give this service's URL, ${others}` });
    // The signature and the audience alone prove nothing about who calls.
    if (allowedEmails.length === 0 && !faults.some((fault) => fault.at === at('allowedEmails'))) {
      const hint = 'name who may call: any Google account can have a token for any audience';
      faults.push({ at: '--allowed-email', message: 'missing', hint });
    }
  }
  if (auth === 'none' && emulatorHost === undefined && !isLoopback(host)) {
    const message = `anybody who reaches ${host} could start a copy`;
    const hint = 'it goes only with the emulator (--emulator-host) or a loopback address (--host 127.0.0.1)';
    faults.push({ at: at('auth'), message, hint });
  }
}

/** Whether an address can only be reached from the machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** A mirror and a verification need the end of the copy. */
export function checkFollowers(
  { wait, mirror, verify }: Settings,
  at: (name: FieldName) => string,
  faults: Fault[],
): void {
  if (wait || !(mirror || verify)) return;
  const follower = at(mirror ? 'mirror' : 'verify');
  const message = `${follower} follows a copy that was waited for`;
  faults.push({ at: at('wait'), message, hint: `wait, or do without ${follower}` });
}
