/**
 * Paths into a config, as problems carry them: `[1].destinations[0].copy.maxVersionAgeDays`. The empty path is
 * the whole config.
 */
import type { ConfigPath } from './plan.ts';

/** One step of a path: a field's name or an index. */
export type Key = string | number;

const PLAIN = /^[A-Za-z_$][\w$]*$/;
// A name, an index, or a quoted name such as `["a-b"]`.
const STEP = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;

/** The path of a field or element of the value at `path`. */
export function child(path: ConfigPath, ...keys: readonly Key[]): ConfigPath {
  let result = path;
  for (const key of keys) {
    if (typeof key === 'number') result += `[${key}]`;
    else if (!PLAIN.test(key)) result += `[${JSON.stringify(key)}]`;
    else result += result === '' ? key : `.${key}`;
  }
  return result;
}

/** The steps of a path, the inverse of {@link child}. */
export function keysOf(path: ConfigPath): Key[] {
  const keys: Key[] = [];
  for (const [, name, index, quoted] of path.matchAll(STEP)) {
    if (index !== undefined) keys.push(Number(index));
    else keys.push(quoted === undefined ? (name ?? '') : (JSON.parse(quoted) as string));
  }
  return keys;
}
