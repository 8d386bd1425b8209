/** What a setting is: one entry of the table that parsing, help, documents and messages are made from. */
import type { Kind } from './kinds.ts';

/** The commands of the job. */
export const commandNames = ['copy', 'plan', 'mirror', 'verify', 'serve'] as const;
export type CommandName = (typeof commandNames)[number];

/** Headings under which help and documents list settings. */
export const groups = [
  'Repositories',
  'What is copied',
  'Waiting for the copy',
  'What a mirror may delete',
  'The copy before',
  'The run',
  'Output',
  'Server',
] as const;
export type Group = (typeof groups)[number];

/**
 * What the body of a `POST /copy` may do to a setting, so that a caller never gets more than the operator gave:
 * take any value, choose from the operator's, add to them, only lower or raise a number, only turn it on or off.
 * Settings without one are not for callers.
 */
export type Override = 'any' | 'subset' | 'added' | 'lower' | 'higher' | 'younger' | 'on' | 'off';

interface Common {
  /** Without the dashes. */
  readonly flag: string;
  /** Environment variable. Undefined: an action of the moment, which must not lie in wait in a variable. */
  readonly env: string | undefined;
  readonly group: Group;
  readonly commands: readonly CommandName[];
  /** What it means, in sentences without a full stop at the end; the default is added. */
  readonly about: string;
  /** `s`, `days`. */
  readonly unit?: string;
  /** Whether the command cannot do without it. */
  readonly isRequired?: boolean;
  /** Where it is in the config, and so in a body: `mirror.maxDeletions`. */
  readonly config?: string;
  readonly override?: Override;
}

/** A setting with one value. */
export interface One<T, D = T> extends Common {
  readonly many: false;
  readonly kind: Kind<T>;
  /** Undefined: left out unless given. */
  readonly default: D;
}

/** A setting with several values: a flag that may be repeated, a variable that holds a list. */
export interface Many<T> extends Common {
  readonly many: true;
  readonly kind: Kind<T>;
  /** Environment variable for a single value. */
  readonly envOne?: string;
}

export type Field = One<unknown> | Many<unknown>;

/** What a field gives: its value, or its values. */
export type ValueOf<F> =
  F extends Many<infer T> ? readonly T[] : F extends One<infer T, infer D> ? T | D : never;

/** A setting that has a default. */
export function preset<T>(kind: Kind<T>, value: T, rest: Common): One<T> {
  return { many: false, kind, default: value, ...rest };
}

/** A setting that is left out unless given. */
export function optional<T>(kind: Kind<T>, rest: Common): One<T, undefined> {
  return { many: false, kind, default: undefined, ...rest };
}

/** A setting with several values, none unless given. */
export function many<T>(kind: Kind<T>, rest: Common & { envOne?: string }): Many<T> {
  return { many: true, kind, ...rest };
}

/** Whether a flag takes no value. */
export function isSwitch(field: Field): boolean {
  return field.kind.placeholder === '';
}

/** The flag as it is written: `--max-deletions`, and `--no-wait` for a switch that is on by default. */
export function writtenFlag(field: Field): string {
  const isOn = !field.many && isSwitch(field) && field.default === true;
  return `--${isOn ? 'no-' : ''}${field.flag}`;
}
