/**
 * Kinds of setting: how each is written on a command line or in a variable, and what it may be. A request's body
 * has the values themselves, so reading text and checking values are apart.
 */
import { nearest } from '../../generator/nearest.ts';
import { type RepositoryName, resourceName } from '../../generator/plan.ts';
import { describe, isRecord, listed, quote } from '../../generator/resolve/describe.ts';
import { readRepositoryName, type Understood } from '../../generator/resolve/repository-name.ts';
import { isGoogleHost } from '../oci/host.ts';
import { readReference } from '../oci/reference.ts';

/** Why a value is not taken, and what would be right. */
export interface Refused {
  readonly refused: string;
  readonly hint: string;
}

/** One kind of setting. */
export interface Kind<T> {
  /** What stands for the value in the help: `NAME`, `N`. Empty for a flag without a value. */
  readonly placeholder: string;
  /** What a value is, in a few words: `a whole number from 0 to 36500`. */
  readonly what: string;
  /** What it may be, shorter, for help: `0 to 36500`. */
  readonly range?: string;
  /** Reads text into a value that {@link Kind.check} has still to look at. */
  read(text: string): unknown;
  /** Checks a value, as a body of JSON has it. */
  check(value: unknown): { readonly value: T } | Refused;
}

const refuse = (refused: string, hint: string): Refused => ({ refused, hint });
const notA = (value: unknown, what: string): Refused =>
  refuse(`${describe(value)} is not ${what}`, `write ${what}`);

const YES = ['true', '1', 'yes'];
const NO = ['false', '0', 'no'];

/** Yes or no: a flag alone, or a word in a variable. */
export const onOff: Kind<boolean> = {
  placeholder: '',
  what: 'true or false',
  read(text) {
    const word = text.trim().toLowerCase();
    return YES.includes(word) ? true : NO.includes(word) ? false : text;
  },
  check(value) {
    if (typeof value === 'boolean') return { value };
    // Only a body can have a word that would do as text.
    const meant = typeof value === 'string' ? onOff.read(value) : undefined;
    const near = typeof value === 'string' ? nearest(value, [...YES, ...NO]) : undefined;
    const guess = near === undefined ? 'write true or false' : `did you mean ${near}?`;
    const hint = typeof meant === 'boolean' ? `write ${meant}, without quotes` : guess;
    return refuse(`${describe(value)} is neither true nor false`, hint);
  },
};

/** A number in a range, both ends included. */
export function number(min: number, max: number, isWhole = false): Kind<number> {
  const what = `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`;
  // Number('') is 0, and Number takes hexadecimal and exponents, which nobody writes on purpose.
  const read = (given: string) => (/^[+-]?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given);
  return {
    placeholder: 'N',
    what,
    range: `${isWhole ? 'whole, ' : ''}${min} to ${max}`,
    read,
    check(value) {
      const meant = typeof value === 'string' ? read(value) : undefined;
      if (typeof meant === 'number')
        return refuse(`${describe(value)} is text`, `write ${meant}, without quotes`);
      if (typeof value !== 'number' || Number.isNaN(value)) return notA(value, what);
      if (value < min) return refuse(`${value} is below ${min}`, `write ${what}`);
      if (value > max) return refuse(`${value} is above ${max}`, `write ${what}`);
      if (isWhole && !Number.isInteger(value)) return refuse(`${value} is not whole`, `write ${what}`);
      return { value };
    },
  };
}

/** A whole number in a range, both ends included. */
export const whole = (min: number, max: number) => number(min, max, true);

/** One of a few words. */
export function choice<const W extends string>(...words: readonly W[]): Kind<W> {
  return {
    placeholder: words.join('|'),
    what: listed(words),
    read: (text) => text.trim(),
    check(value) {
      const word = words.find((each) => each === value);
      if (word !== undefined) return { value: word };
      const near = typeof value === 'string' ? nearest(value, words) : undefined;
      const hint = near === undefined ? `write ${listed(words)}` : `did you mean "${near}"?`;
      return refuse(`${describe(value)} is not ${listed(words)}`, hint);
    },
  };
}

/**
 * Text of a certain form.
 *
 * @param what in words, for messages
 */
export function text(placeholder: string, what: string, form = /\S/): Kind<string> {
  return {
    placeholder,
    what,
    read: (given) => given,
    check: (value) => (typeof value === 'string' && form.test(value) ? { value } : notA(value, what)),
  };
}

/** A repository that was named, and how. */
export interface NamedRepository extends Understood {
  /** As it was written. */
  readonly text: string;
  /** A place in another registry, `docker://HOST/PATH`; the name is empty then. */
  readonly registry?: { readonly host: string; readonly path: string };
}

/** A repository, in any form that a config takes. Whether its location exists is checked later. */
export const repository: Kind<NamedRepository> = {
  placeholder: 'NAME',
  what: 'a repository, projects/PROJECT/locations/LOCATION/repositories/REPOSITORY',
  read: (given) => given,
  check(given) {
    // A body may give the three parts, as a config may.
    const value = isParts(given) ? resourceName(given) : given;
    if (typeof value !== 'string') return notA(value, repository.what);
    const elsewhere = readRegistry(value);
    if (elsewhere) return elsewhere;
    const read = readRepositoryName(value);
    return 'name' in read ? { value: { ...read, text: value } } : refuse(read.message, read.hint);
  },
};

/** `docker://HOST/PATH` of a registry that is not Google's; undefined: it is a name of another kind. */
function readRegistry(text: string): { value: NamedRepository } | Refused | undefined {
  if (!/^docker:\/\//i.test(text)) return undefined;
  const read = readReference(text);
  if ('message' in read) return refuse(`malformed name ${quote(text)}: ${read.message}`, read.hint);
  const { host, path, tag, digest } = read;
  if (isGoogleHost(host)) return undefined;
  const whole = `docker://${host}${path === '' ? '' : `/${path}`}`;
  if (tag !== undefined || digest !== undefined)
    return refuse(
      `${quote(text)} names an image, but whole repositories are copied`,
      `write "${whole}"; --tag picks tags`,
    );
  return {
    value: { name: { project: '', location: '', repository: '' }, text: whole, registry: { host, path } },
  };
}

function isParts(value: unknown): value is RepositoryName {
  const parts = ['project', 'location', 'repository'];
  return (
    isRecord(value) &&
    Object.keys(value).length === parts.length &&
    parts.every((part) => typeof value[part] === 'string')
  );
}

/** A moment, in milliseconds since the epoch. */
export const moment: Kind<number> = {
  placeholder: 'TIME',
  what: 'a time as in RFC 3339, 2026-01-31T03:00:00Z',
  read: (given) => given,
  check(value) {
    const isTime =
      typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(value);
    const time = isTime ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? notA(value, moment.what) : { value: time };
  },
};

/** Fields of the API's `behavior`, as JSON. */
export function behavior(own: readonly string[]): Kind<Readonly<Record<string, unknown>>> {
  const what = 'an object of JSON';
  return {
    placeholder: 'JSON',
    what,
    read(given) {
      try {
        return JSON.parse(given) as unknown;
      } catch {
        return given;
      }
    },
    check(value) {
      if (!isRecord(value)) return refuse(`${describe(value)} is not ${what}`, `write {"field": "VALUE"}`);
      for (const field of Object.keys(value)) {
        // Google's JSON takes the name of the proto too.
        const known = own.find(
          (name) => name === field.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
        );
        if (known !== undefined)
          return refuse(`behavior names ${quote(field)}`, `it is a setting of its own, ${known}`);
        if (/^[A-Za-z]\w*$/.test(field) && !(field in Object.prototype)) continue;
        return refuse(`${quote(field)} can't be a field of the API`, 'write letters, digits and _');
      }
      return { value };
    },
  };
}
