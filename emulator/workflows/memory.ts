/**
 * How much memory values take. Values never change, so a list or map is measured once; a copy with one thing
 * more or less is measured from the one it was copied from.
 */
import { isDict, isList, type Value } from './value.ts';

const known = new WeakMap<object, number>();

/** What an entry of a list or map costs beside its content. The service doesn't say; a word is a low guess. */
const entryCost = 8;

/** Notes the size of a list or map that is known from elsewhere, without what its last entry costs. */
export function remember(container: object, contentAndEntries: number): void {
  known.set(container, contentAndEntries + entryCost);
}

/** Bytes of a value: text as UTF-8, numbers as 8, keys and entries counted. */
export function sizeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'bigint':
    case 'number':
      return 8;
    case 'boolean':
      return 1;
    default: {
      if (value === null) return 0;
      if (value instanceof Uint8Array) return value.byteLength;
      const found = known.get(value);
      if (found !== undefined) return found;
      let size = 0;
      if (isList(value)) for (const item of value) size += entryCost + sizeOf(item);
      else if (isDict(value))
        for (const [key, item] of value) size += entryCost + Buffer.byteLength(key) + sizeOf(item);
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
  const added = old === undefined ? entryCost + (key === undefined ? 0 : Buffer.byteLength(key)) : 0;
  known.set(made, sizeOf(from) + added - (old === undefined ? 0 : sizeOf(old)) + sizeOf(value));
}
