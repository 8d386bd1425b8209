/** Tags as versions: which is newer. @see https://semver.org/#spec-item-11 */

/** A tag that is a version. */
interface Version {
  readonly numbers: readonly number[];
  readonly before: readonly string[];
}

/** Reads `1.2.3`, `v1.2`, `1.2.3-rc.1`, `1.2.3_build`; undefined for what is no version. */
function read(tag: string): Version | undefined {
  // A tag can't have the + of a build; people write _ in its place. What follows it has no rank.
  const [, core = '', before = ''] =
    /^v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.-]+))?(?:[_+].*)?$/.exec(tag) ?? [];
  if (core === '') return undefined;
  return { numbers: core.split('.').map(Number), before: before === '' ? [] : before.split('.') };
}

/** Whether a tag is a version. */
export function isVersion(tag: string): boolean {
  return read(tag) !== undefined;
}

/**
 * Orders tags from the oldest to the newest. What is no version is older than all that are.
 *
 * @returns below 0: `one` is older
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [read(one), read(other)];
  if (!left || !right) return Number(left !== undefined) - Number(right !== undefined);
  for (let i = 0; i < 4; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  // What comes before a release has something behind its numbers.
  if (left.before.length === 0 || right.before.length === 0) return right.before.length - left.before.length;
  for (let i = 0; i < Math.max(left.before.length, right.before.length); i++) {
    const difference = compareParts(left.before[i], right.before[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  const [isNumber, isOther] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOther) return Number(one) - Number(other);
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}
