/** Module text. https://cloud.google.com/workflows/docs/reference/stdlib/text */
import { indexError } from '../errors.ts';
import { dict } from '../value.ts';
import { type Args, define } from './library.ts';
import { regexp } from './regexp.ts';

/** Positions count characters, as `len` does: code points. */
function position(source: string, unit: number): bigint {
  let count = 0n;
  for (const _ of source.slice(0, unit)) count++;
  return count;
}

function pattern(args: Args): RegExp {
  return regexp(args.string('regexp'), (message) => args.invalid(message));
}

function charset(args: Args): string {
  const name = args.has('charset') ? args.string('charset') : 'UTF-8';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw args.invalid(`unknown charset '${name}'`);
  }
}

/** Functions of module text. */
export const text = [
  define('text.decode', ['data', 'charset?'], (args) => {
    const data = args.bytes('data');
    try {
      return new TextDecoder(charset(args), { fatal: true, ignoreBOM: true }).decode(data);
    } catch (error) {
      if (error instanceof TypeError) throw args.invalid('the bytes are not valid in this charset');
      throw error;
    }
  }),
  define('text.encode', ['data|text', 'charset?'], (args) => {
    const source = args.string('data');
    switch (charset(args)) {
      case 'utf-8':
        return Buffer.from(source);
      case 'utf-16le':
        return Buffer.from(source, 'utf16le');
      case 'windows-1252':
        return Buffer.from(source, 'latin1');
      default:
        throw args.invalid(`charset '${args.string('charset')}' is not emulated for encoding`);
    }
  }),
  define('text.find_all', ['source', 'substr'], (args) => {
    const source = args.string('source');
    const substr = args.string('substr');
    const found: bigint[] = [];
    if (substr === '') return found;
    for (let at = source.indexOf(substr); at >= 0; at = source.indexOf(substr, at + substr.length))
      found.push(position(source, at));
    return found;
  }),
  define('text.find_all_regex', ['source', 'regexp'], (args) => {
    const source = args.string('source');
    return [...source.matchAll(pattern(args))].map((found) =>
      dict({ index: position(source, found.index), match: found[0] }),
    );
  }),
  define('text.match_regex', ['source', 'regexp'], (args) => {
    const matcher = pattern(args);
    return matcher.test(args.string('source'));
  }),
  define('text.replace_all', ['source', 'substr', 'repl'], (args) => {
    const repl = args.string('repl');
    return args.string('source').replaceAll(args.string('substr'), () => repl);
  }),
  define('text.replace_all_regex', ['source', 'regexp|substr', 'repl'], (args) => {
    const repl = args.string('repl');
    // `\0` is the whole match, `\1` to `\9` are groups.
    return args
      .string('source')
      .replace(pattern(args), (...found: unknown[]) =>
        repl.replace(/\\([\d\\])/g, (_, digit: string) =>
          digit === '\\'
            ? '\\'
            : String((typeof found[Number(digit)] === 'string' ? found[Number(digit)] : '') ?? ''),
        ),
      );
  }),
  define('text.split', ['source', 'separator'], (args) => {
    const separator = args.string('separator');
    const source = args.string('source');
    return separator === '' ? [...source] : source.split(separator);
  }),
  define('text.substring', ['source', 'start', 'end'], (args) => {
    const source = [...args.string('source')];
    const start = args.integer('start');
    const end = args.integer('end');
    // An end behind the last character is taken for the last: Google's own samples cut a last chunk so.
    if (start < 0n || start > BigInt(source.length) || end < start)
      throw indexError(
        `text.substring: ${start} to ${end} is no part of a string of ${source.length} characters`,
      );
    return source.slice(Number(start), Number(end)).join('');
  }),
  define('text.to_lower', ['source'], (args) => args.string('source').toLowerCase()),
  define('text.to_upper', ['source'], (args) => args.string('source').toUpperCase()),
  define('text.url_decode', ['source'], (args) => {
    const source = args.string('source');
    if (/%(?![\da-fA-F]{2})/.test(source))
      throw args.invalid("'%' must be followed by two hexadecimal digits");
    const bytes = Buffer.concat(
      [...source.matchAll(/%(..)|[^%]+/gs)].map(([plain, hex]) =>
        hex === undefined ? Buffer.from(plain.replaceAll('+', ' ')) : Buffer.from(hex, 'hex'),
      ),
    );
    return bytes.toString('utf8');
  }),
  define('text.url_encode', ['source'], (args) => encode(args.string('source'))),
  define('text.url_encode_plus', ['source'], (args) => encode(args.string('source')).replaceAll('%20', '+')),
];

/** Percent-encodes all but unreserved characters. */
function encode(source: string): string {
  // A lone surrogate, which UTF-8 can't hold, becomes the replacement character.
  return encodeURIComponent(Buffer.from(source).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
