/** Splits an expression into tokens. */
import { integerRange, type Value } from '../value.ts';
import { type BinaryOperator, ExpressionError } from './tree.ts';

/** What stands alone: operators, brackets, and the words that can't be names. */
export type Mark = BinaryOperator | 'not' | '(' | ')' | '[' | ']' | ',' | '.';

/** A token; `at` and `end` count characters from the start of the expression. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'symbol'; readonly symbol: Mark }
  | { readonly kind: 'end' }
);

const blank = /\s*/y;
const number = /(\d+)(\.\d+)?([eE][+-]?\d+)?/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const symbol = /==|!=|<=|>=|\/\/|[-+*/%<>()[\],.]/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Words with a meaning. Logical operators are lower-case or upper-case, never mixed. */
const words = new Map<string, { value: Value } | { symbol: Mark }>([
  ...['true', 'True', 'TRUE'].map((word) => [word, { value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { value: false }] as const),
  ...['null', 'Null', 'NULL'].map((word) => [word, { value: null }] as const),
  ...(['and', 'or', 'not', 'in'] as const).flatMap(
    (word) => [[word, { symbol: word }] as const, [word.toUpperCase(), { symbol: word }] as const] as const,
  ),
]);

/**
 * The tokens of an expression, the last one of kind `end`.
 *
 * @throws ExpressionError
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(blank, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
    const start = at;
    const token = next(text, start);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', at: text.length, end: text.length });
  return tokens;
}

function next(text: string, at: number): Token {
  if (text[at] === '"') {
    const { value, end } = quoted(text, at);
    return { kind: 'literal', value, at, end };
  }
  const digits = match(number, text, at);
  if (digits) return { kind: 'literal', value: numeric(digits, at), at, end: at + digits[0].length };
  const word = match(name, text, at)?.[0];
  if (word !== undefined) {
    const end = at + word.length;
    const meant = words.get(word);
    if (!meant) return { kind: 'name', name: word, at, end };
    return 'value' in meant
      ? { kind: 'literal', value: meant.value, at, end }
      : { kind: 'symbol', symbol: meant.symbol, at, end };
  }
  const mark = match(symbol, text, at)?.[0];
  if (mark !== undefined) return { kind: 'symbol', symbol: mark as Mark, at, end: at + mark.length };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw new ExpressionError(`token recognition error at: '${character}'${hint(character)}`, at);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What somebody may have meant by a character that the language lacks. */
function hint(character: string): string {
  switch (character) {
    case "'":
      return ' (strings stand in double quotes)';
    case '{':
    case '}':
      return ' (a map is written in an assign step, not in an expression)';
    case '&':
      return " (the operator is 'and')";
    case '|':
      return " (the operator is 'or')";
    case '!':
      return " (the operator is 'not')";
    case '=':
      return " (equality is '==')";
    default:
      return '';
  }
}

function numeric([text, , fraction, exponent]: RegExpExecArray, at: number): Value {
  if (fraction !== undefined || exponent !== undefined) return Number(text);
  const whole = BigInt(text);
  if (whole > integerRange.most) throw new ExpressionError(`integer ${text} has more than 64 bits`, at);
  return whole;
}

function quoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  let at = start + 1;
  for (;;) {
    const character = text[at];
    if (character === undefined) throw new ExpressionError('unterminated string', start);
    if (character === '"') return { value, end: at + 1 };
    if (character !== '\\') {
      value += character;
      at++;
      continue;
    }
    const mark = text[at + 1] ?? '';
    if (mark === 'u') {
      const digits = text.slice(at + 2, at + 6);
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw new ExpressionError('invalid unicode escape', at);
      value += String.fromCharCode(Number.parseInt(digits, 16));
      at += 6;
      continue;
    }
    const meant = escapes[mark];
    // A regular expression is written with its own backslashes: an unknown escape keeps both characters.
    value += meant ?? `\\${mark}`;
    at += 2;
    if (mark === '') throw new ExpressionError('unterminated string', start);
  }
}
