/**
 * What nobody outside Google has confirmed about the services, each as a switch. The default is the side that
 * is harder on a client, so that what works here works on either side; tests run both.
 */

import { didYouMean } from './nearest.ts';

/** How one switch may be set: named values, yes or no, or a number. */
interface Switch<T> {
  readonly default: T;
  readonly values?: readonly T[];
  readonly minimum?: number;
  readonly about: string;
}

const choice = <const T extends string>(
  values: readonly T[],
  preset: NoInfer<T>,
  about: string,
): Switch<T> => ({
  default: preset,
  values,
  about,
});
const yesNo = (preset: boolean, about: string): Switch<boolean> => ({
  default: preset,
  values: [false, true],
  about,
});
const quantity = (preset: number, about: string, minimum = 0): Switch<number> => ({
  default: preset,
  minimum,
  about,
});

/** Every switch, with its default and what it means. */
export const switches = {
  existingTag: choice(
    ['kept', 'moved'],
    'kept',
    'CopyRepository finds a tag at the destination on another version: the tag is kept there, or moved',
  ),
  retagTouchesUpdateTime: yesNo(
    false,
    'putting a tag on a version that is already there sets its updateTime, which maxVersionAgeDays looks at',
  ),
  copyOldChildren: yesNo(
    false,
    'with maxVersionAgeDays, a young index brings its older children along instead of leaving them out',
  ),
  copyVersionsPerSecond: quantity(50, 'how fast CopyRepository goes', 0.001),
  copyStartSeconds: quantity(1, 'time before CopyRepository has copied anything'),
  copyMinimumSeconds: quantity(2, 'the least time that a CopyRepository operation takes'),
  indexDeleteTakesChildren: yesNo(
    false,
    'deleting an index deletes its children that are untagged and have no other parent',
  ),
  subjectDelete: choice(
    ['refused', 'allowed'],
    'refused',
    'a version that attachments refer to is deleted: 400 GOOGLE_MANIFEST_REFERRING_MANIFEST, or done, which leaves them dangling',
  ),
  emptyPackage: choice(
    ['kept', 'removed'],
    'kept',
    'what becomes of a package when its last version is deleted',
  ),
  operationsList: choice(
    ['unimplemented', 'missing', 'available'],
    'unimplemented',
    'GET …/operations: 501 UNIMPLEMENTED, 404 as for a path that does not exist, or the list',
  ),
  operationSeconds: quantity(
    0,
    'time until operations other than copies are done; their effect is there at once',
  ),
  imageSubjectDigest: yesNo(false, "dockerImages carry subjectDigest, as newer services' do"),
  blobRedirect: yesNo(
    false,
    'GET of a blob answers 302 to a download URL, as Artifact Registry does for layers',
  ),
  operands: choice(
    ['needed', 'all'],
    'needed',
    "'and' and 'or' of a workflow evaluate their right operand where the left one leaves it open, as other languages do, or always",
  ),
  pages: choice(
    ['full', 'short'],
    'full',
    'lists fill each page, or return short and empty pages that still have a token',
  ),
} satisfies Record<string, Switch<string> | Switch<boolean> | Switch<number>>;

type Widen<T> = T extends boolean ? boolean : T extends number ? number : T;

/** How the emulated services behave where it is not known how the real ones do. */
export type Behavior = {
  -readonly [K in keyof typeof switches]: Widen<(typeof switches)[K]['default']>;
};

/** The defaults, with some replaced. */
export function behaviorWith(changes: Partial<Behavior> = {}): Behavior {
  const presets = Object.fromEntries(Object.entries(switches).map(([name, one]) => [name, one.default]));
  return { ...presets, ...changes } as Behavior;
}

/**
 * Reads `NAME=VALUE`.
 *
 * @throws Error that says what would be right, with the nearest name
 */
export function parseBehavior(settings: readonly string[]): Partial<Behavior> {
  const changes: Record<string, unknown> = {};
  for (const setting of settings) {
    const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(setting) ?? [];
    const one: Switch<unknown> | undefined = Object.hasOwn(switches, name)
      ? switches[name as keyof Behavior]
      : undefined;
    if (!one) throw new Error(`there is no behavior '${name}'${didYouMean(name, Object.keys(switches))}`);
    if (one.values) {
      const value = one.values.find((each) => String(each) === text);
      if (value === undefined)
        throw new Error(`behavior '${name}' is one of ${one.values.join(', ')}, not '${text}'`);
      changes[name] = value;
    } else {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const least = one.minimum ?? 0;
      if (!Number.isFinite(value) || value < least)
        throw new Error(`behavior '${name}' is a number of at least ${least}, not '${text}'`);
      changes[name] = value;
    }
  }
  return changes as Partial<Behavior>;
}
