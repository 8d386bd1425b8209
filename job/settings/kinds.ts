/**
 * Kinds of setting: how each is written on a command line or in a variable, and what it may be. A request's body
 * has the values themselves, so reading text and checking values are apart.
 */
import type { RepositoryName } from '../../generator/plan.ts';
import { describe, isRecord, listed, quote } from '../../generator/resolve/describe.ts';
import { readRepositoryName } from '../../generator/resolve/repository-name.ts';
import { nearest } from '../nearest.ts';

/** Why a value is not taken, and what would be right. */
export interface Refused {
  readonly refused: string;
  readonly hint: string;
}

/** One kind of setting. */
export interface Kind<T> {
  /** `switch`: a flag without a value; `list`: a flag that may be repeated. */
  readonly is: 'switch' | 'one' | 'list';
  /** What stands for the value in the help: `NAME`, `N`. */
  readonly placeholder: string;
  /** What a value is, in a few words: `a whole number from 0 to 36500`. */
  readonly what: string;
  /** Reads text into a value that {@link Kind.check} has still to look at. Lists read one element. */
  read(text: string): unknown;
  /** Checks a value, as a body of JSON has it. */
  check(value: unknown): { readonly value: T } | Refused;
  /** A value as it is shown in help and documents. */
  show(value: T): string;
}

/** The value of a kind. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never;

const refuse = (refused: string, hint: string): Refused => ({ refused, hint });
const notA = (value: unknown, what: string): Refused => refuse(`${describe(value)} is not ${what}`, `write ${what}`);

const YES = ['true', '1', 'yes'];
const NO = ['false', '0', 'no'];

/** Yes or no. */
export const onOff: Kind<boolean> = {
  is: 'switch',
  placeholder: '',
  what: 'true or false',
  read(text) {
    const word = text.trim().toLowerCase();
    return YES.includes(word) ? true : NO.includes(word) ? false : text;
  },
  check(value) {
    if (typeof value === 'boolean') return { value };
    const near = typeof value === 'string' ? nearest(value, [...YES, ...NO]) : undefined;
    const hint = near === undefined ? 'write true or false' : `did you mean ${near}?`;
    return refuse(`${describe(value)} is neither true nor false`, hint);
  },
  show: String,
};

/** A number in a range, both ends included. */
export function number(placeholder: string, min: number, max: number, isWhole = false): Kind<number> {
  const what = `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`;
  return {
    is: 'one',
    placeholder,
    what,
    // Number('') is 0, and Number takes hexadecimal and exponents, which nobody writes on purpose.
    read: (text) => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text),
    check(value) {
      if (typeof value !== 'number' || Number.isNaN(value)) return notA(value, what);
      if (value < min) return refuse(`${value} is below ${min}`, `write ${what}`);
      if (value > max) return refuse(`${value} is above ${max}`, `write ${what}`);
      if (isWhole && !Number.isInteger(value)) return refuse(`${value} is not whole`, `write ${what}`);
      return { value };
    },
    show: String,
  };
}

/** A whole number in a range, both ends included. */
export const whole = (placeholder: string, min: number, max: number) => number(placeholder, min, max, true);

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[]): Kind<W> {
  return {
    is: 'one',
    placeholder: words.join('|'),
    what: listed(words),
    read: (text) => text.trim(),
    check(value) {
      const word = words.find((each) => each === value);
      if (word !== undefined) return { value: word };
      const near = typeof value === 'string' ? nearest(value, words) : undefined;
      const hint = near === undefined ? `write ${listed(words)}` : `did you mean ${quote(near)}?`;
      return refuse(`${describe(value)} is not ${listed(words)}`, hint);
    },
    show: String,
  };
}

/**
 * Text of a certain form.
 *
 * @param what in words, for messages
 */
export function text(placeholder: string, what: string, form = /\S/): Kind<string> {
  return {
    is: 'one',
    placeholder,
    what,
    read: (given) => given,
    check: (value) => (typeof value === 'string' && form.test(value) ? { value } : notA(value, what)),
    show: String,
  };
}

/** Several of a kind. In a variable they are a JSON list, or stand with commas between them. */
export function list<T>(kind: Kind<T>, many: string): Kind<readonly T[]> {
  return {
    is: 'list',
    placeholder: kind.placeholder,
    what: many,
    read: kind.read,
    check(value) {
      if (!Array.isArray(value)) return notA(value, `a list of ${many}`);
      const values: T[] = [];
      for (const element of value) {
        const checked = kind.check(element);
        if ('refused' in checked) return checked;
        values.push(checked.value);
      }
      return { value: values };
    },
    show: (values) => (values.length === 0 ? 'none' : values.map(kind.show).join(', ')),
  };
}
