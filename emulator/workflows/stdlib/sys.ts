/** Module sys. https://cloud.google.com/workflows/docs/reference/stdlib/sys */
import { type Severity, severities } from '../../logging/severity.ts';
import { keyError, payloadText, typeError } from '../errors.ts';
import { textOf } from '../expression/operators.ts';
import { toPlain } from '../json.ts';
import { isDict, typeOf, type Value } from '../value.ts';
import { type Args, define, type LogPayload } from './library.ts';
import { parseTimestamp } from './time.ts';

/** Seconds of a sleep at most: a year, as long as an execution may last. */
const longest = 31_536_000;

function payload(value: Value): LogPayload {
  if (isDict(value)) return { jsonPayload: toPlain(value) };
  return { textPayload: textOf(value) ?? payloadText(value) };
}

function logged(args: Args): LogPayload {
  const json = args.any('json');
  if (json === null) return payload(args.has('text') ? args.any('text') : args.any('data'));
  if (!isDict(json)) throw typeError(`sys.log: 'json' must be a map; got: ${typeOf(json)}`);
  return { jsonPayload: toPlain(json) };
}

/** Functions of module sys. */
export const sys = [
  define('sys.get_env', ['name', 'default|default_value?'], (args, host) => {
    const name = args.string('name');
    const value = host.env(name) ?? args.any('default');
    if (value === null) throw keyError(`environment variable not found: ${name}`);
    return value;
  }),
  define(
    'sys.log',
    ['data?', 'severity?', 'text?', 'json?', 'timeout?'],
    (args, host) => {
      host.log(severity(args), logged(args));
      return null;
    },
    { blocking: true },
  ),
  define('sys.now', [], (_, host) => host.now() / 1000),
  define(
    'sys.sleep',
    ['seconds'],
    async (args, host) => {
      const seconds = Number(args.number('seconds'));
      if (!(seconds >= 0 && seconds <= longest))
        throw args.invalid(`'seconds' must be between 0 and ${longest}; got: ${seconds}`);
      await host.sleep(seconds * 1000);
      return null;
    },
    { blocking: true },
  ),
  define(
    'sys.sleep_until',
    ['time'],
    async (args, host) => {
      const text = args.string('time');
      const seconds = parseTimestamp(text);
      if (seconds === undefined) throw args.invalid(`'${text}' is not an RFC 3339 timestamp`);
      const wait = seconds * 1000 - host.now();
      if (wait > longest * 1000) throw args.invalid(`'${text}' is more than a year away`);
      if (wait > 0) await host.sleep(wait);
      return null;
    },
    { blocking: true },
  ),
];

function severity(args: Args): Severity {
  if (!args.has('severity')) return 'DEFAULT';
  const given = args.string('severity').toUpperCase();
  const found = severities.find((one) => one === given);
  if (!found) throw args.invalid(`unknown severity '${given}'; there are ${severities.join(', ')}`);
  return found;
}
