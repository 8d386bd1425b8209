/**
 * How much memory values take, by the documented table. Values never change, so a list or map is measured once; a
 * copy with one thing more or less is measured from the one it was copied from.
 *
 * https://cloud.google.com/workflows/docs/reference/syntax/variables#memory-usage
 */
import { isDict, isList, type Value } from './value.ts';

const known = new WeakMap<object, number>();

/** What every value costs beside its content. */
const base = 8;

/** Notes the size of a list that is known from elsewhere. */
export function remember(container: object, size: number): void {
  known.set(container, size);
}

/** Bytes of a text: what it costs, and its UTF-8. */
function textSize(text: string): number {
  return base + Buffer.byteLength(text);
}

/** Bytes of a value. */
export function sizeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return textSize(value);
    case 'bigint':
    case 'number':
    case 'boolean':
      return base;
    default: {
      if (value === null) return 0;
      if (value instanceof Uint8Array) return base + value.byteLength;
      const found = known.get(value);
      if (found !== undefined) return found;
      let size = base;
      if (isList(value)) for (const item of value) size += sizeOf(item);
      else if (isDict(value)) for (const [key, item] of value) size += textSize(key) + sizeOf(item);
      known.set(value, size);
      return size;
    }
  }
}

/** The size of a map in which a key's value was replaced, from the old map's. */
export function resized(
  made: object,
  from: Value,
  key: string | undefined,
  old: Value | undefined,
  value: Value,
): void {
  const added = old === undefined && key !== undefined ? textSize(key) : 0;
  known.set(made, sizeOf(from) + added - (old === undefined ? 0 : sizeOf(old)) + sizeOf(value));
}
