/**
 * Modules base64, hash, json and uuid.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/overview
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { typeError } from '../errors.ts';
import { type Indent, JsonError, NotJson, parseJson, stringifyJson } from '../json.ts';
import { isDict, typeOf, type Value } from '../value.ts';
import { type Args, define } from './library.ts';

/** Functions of module base64. */
export const base64 = [
  define('base64.decode', ['data', 'padding?'], (args) => {
    const data = args.string('data');
    const padding = args.boolean('padding', true);
    const right = padding
      ? data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data)
      : data.length % 4 !== 1 && /^[A-Za-z0-9+/]*$/.test(data);
    if (!right) throw args.invalid('the data is not valid Base64');
    return Buffer.from(data, 'base64');
  }),
  define('base64.encode', ['data', 'padding?'], (args) => {
    const encoded = Buffer.from(args.bytes('data')).toString('base64');
    return args.boolean('padding', true) ? encoded : encoded.replace(/=+$/, '');
  }),
];

const algorithms = ['MD5', 'SHA1', 'SHA256', 'SHA384', 'SHA512'] as const;

function algorithm(args: Args): string {
  const name = args.string('algorithm');
  const found = algorithms.find((one) => one === name.toUpperCase().replace(/^SHA-/, 'SHA'));
  if (!found) throw args.invalid(`unknown algorithm '${name}'; there are ${algorithms.join(', ')}`);
  return found.toLowerCase();
}

/** Functions of module hash. */
export const hash = [
  define('hash.compute_checksum', ['data', 'algorithm'], (args) =>
    createHash(algorithm(args)).update(args.bytesOrText('data')).digest(),
  ),
  define('hash.compute_hmac', ['key', 'data', 'algorithm'], (args) =>
    createHmac(algorithm(args), args.bytesOrText('key')).update(args.bytesOrText('data')).digest(),
  ),
];

/** `indent` is true for two spaces, or a map of `prefix` and `indent`. */
function indentation(args: Args): Indent | undefined {
  const given = args.any('indent');
  if (given === null || given === false) return undefined;
  if (given === true) return { prefix: '', indent: '  ' };
  if (!isDict(given)) throw typeError(`json: 'indent' must be a boolean or a map; got: ${typeOf(given)}`);
  const part = (name: string, fallback: string): string => {
    const value = given.get(name) ?? fallback;
    if (typeof value !== 'string') throw typeError(`json: '${name}' must be a string; got: ${typeOf(value)}`);
    return value;
  };
  return { prefix: part('prefix', ''), indent: part('indent', '  ') };
}

function encoded(args: Args): string {
  try {
    return stringifyJson(args.any('data'), indentation(args));
  } catch (error) {
    if (error instanceof NotJson) throw typeError(`json: ${error.message}`);
    throw error;
  }
}

/** Functions of module json. */
export const json = [
  define('json.decode', ['data'], (args): Value => {
    const data = args.any('data');
    try {
      return parseJson(typeof data === 'string' ? data : Buffer.from(args.bytes('data')).toString('utf8'));
    } catch (error) {
      if (error instanceof JsonError) throw args.invalid(`invalid JSON: ${error.message}`);
      throw error;
    }
  }),
  define('json.encode', ['data?', 'indent?'], (args) => Buffer.from(encoded(args))),
  define('json.encode_to_string', ['data?', 'indent?'], encoded),
];

/** Functions of module uuid. */
export const uuid = [define('uuid.generate', [], () => randomUUID())];
