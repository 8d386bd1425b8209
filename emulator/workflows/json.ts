/**
 * JSON to values and back. `JSON.parse` would lose what the service keeps: `1` and `1.0` apart, and integers
 * of 64 bits.
 */
import { doubleText, integerRange, isDict, isList, typeOf, type Value } from './value.ts';

/** Text that isn't JSON, and where. */
export class JsonError extends Error {
  override name = 'JsonError';
  /** Characters from the start of the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at offset ${offset}`);
    this.offset = offset;
  }
}

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Characters of a string up to its end, an escape or a control character. */
const plain = /(?:[^"\\\p{Cc}]|[\u007f-\u009f])*/uy;
const blank = /[ \t\n\r]*/y;
const meanings: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Deeper nesting is refused, since a stack has an end. */
const maxDepth = 200;

/**
 * Parses a JSON text.
 *
 * @throws JsonError
 */
export function parseJson(text: string): Value {
  let at = 0;
  const fail = (what: string): never => {
    throw new JsonError(what, at);
  };
  const skip = () => {
    blank.lastIndex = at;
    blank.test(text);
    at = blank.lastIndex;
  };
  const word = <T>(literal: string, value: T): T => {
    if (!text.startsWith(literal, at)) fail('invalid literal');
    at += literal.length;
    return value;
  };
  const string = (): string => {
    let made = '';
    at++;
    for (;;) {
      plain.lastIndex = at;
      plain.test(text);
      made += text.slice(at, plain.lastIndex);
      at = plain.lastIndex;
      const next = text[at];
      if (next === '"') {
        at++;
        return made;
      }
      if (next !== '\\')
        return fail(next === undefined ? 'unterminated string' : 'control character in string');
      const mark = text[at + 1] ?? '';
      if (mark === 'u') {
        const digits = text.slice(at + 2, at + 6);
        if (!/^[\da-fA-F]{4}$/.test(digits)) return fail('invalid escape');
        made += String.fromCharCode(Number.parseInt(digits, 16));
        at += 6;
      } else {
        const meant = meanings[mark];
        if (meant === undefined) return fail('invalid escape');
        made += meant;
        at += 2;
      }
    }
  };
  const value = (depth: number): Value => {
    if (depth > maxDepth) fail('nested too deeply');
    skip();
    switch (text[at]) {
      case '{': {
        const made = new Map<string, Value>();
        at++;
        skip();
        if (text[at] === '}') {
          at++;
          return made;
        }
        for (;;) {
          skip();
          if (text[at] !== '"') fail('expected a key in quotes');
          const key = string();
          skip();
          if (text[at] !== ':') fail("expected ':'");
          at++;
          made.set(key, value(depth + 1));
          skip();
          const next = text[at];
          if (next !== ',' && next !== '}') fail("expected ',' or '}'");
          at++;
          if (next === '}') return made;
        }
      }
      case '[': {
        const made: Value[] = [];
        at++;
        skip();
        if (text[at] === ']') {
          at++;
          return made;
        }
        for (;;) {
          made.push(value(depth + 1));
          skip();
          const next = text[at];
          if (next !== ',' && next !== ']') fail("expected ',' or ']'");
          at++;
          if (next === ']') return made;
        }
      }
      case '"':
        return string();
      case 't':
        return word('true', true);
      case 'f':
        return word('false', false);
      case 'n':
        return word('null', null);
      default: {
        number.lastIndex = at;
        const found = number.exec(text);
        if (!found) return fail(text[at] === undefined ? 'unexpected end' : 'unexpected character');
        at = number.lastIndex;
        if (found[1] !== undefined || found[2] !== undefined) return Number(found[0]);
        const whole = BigInt(found[0]);
        // Beyond 64 bits there is only a double.
        return whole < integerRange.least || whole > integerRange.most ? Number(found[0]) : whole;
      }
    }
  };
  const made = value(0);
  skip();
  if (at < text.length) fail('unexpected character');
  return made;
}

/** A value that JSON cannot hold: bytes or a function. */
export class NotJson extends Error {
  override name = 'NotJson';
}

/** How {@link stringifyJson} breaks lines: `prefix` before each line but the first, `indent` for each level. */
export interface Indent {
  readonly prefix: string;
  readonly indent: string;
}

/**
 * Writes a value as JSON. Keys are sorted, as error payloads of the service show them.
 *
 * @throws NotJson on bytes and functions
 */
export function stringifyJson(value: Value, indent?: Indent): string {
  const write = (one: Value, level: number): string => {
    switch (typeof one) {
      case 'boolean':
      case 'bigint':
        return String(one);
      case 'number':
        if (!Number.isFinite(one)) throw new NotJson(`${doubleText(one)} can't be encoded as JSON`);
        return doubleText(one);
      case 'string':
        return JSON.stringify(one);
      default:
        if (one === null) return 'null';
        if (isList(one))
          return block(
            '[',
            one.map((item) => write(item, level + 1)),
            ']',
            level,
          );
        if (isDict(one))
          return block(
            '{',
            [...one.keys()]
              .sort()
              .map(
                (key) =>
                  `${JSON.stringify(key)}:${indent ? ' ' : ''}${write(one.get(key) ?? null, level + 1)}`,
              ),
            '}',
            level,
          );
        throw new NotJson(`${typeOf(one)} can't be encoded as JSON`);
    }
  };
  const block = (open: string, items: string[], close: string, level: number) => {
    if (!indent || items.length === 0) return `${open}${items.join(',')}${close}`;
    const line = (depth: number) => `\n${indent.prefix}${indent.indent.repeat(depth)}`;
    return `${open}${items.map((item) => line(level + 1) + item).join(',')}${line(level)}${close}`;
  };
  return write(value, 0);
}

/** A plain JavaScript value, as `JSON.parse` would give it: for REST answers and logs. Bytes become base64. */
export function toPlain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(toPlain);
  if (isDict(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value !== null && typeof value === 'object') return `function ${value.name}`;
  return value;
}
