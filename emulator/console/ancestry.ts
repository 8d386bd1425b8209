/** Which step entries are above another, and which below. Ids count from 1, and a parent's is below its children's. */
import type { StepEntry } from '../workflows/interpreter/history.ts';

/** The entry that another one is directly below. */
export function parentOf({ parent }: StepEntry, entries: readonly StepEntry[]): StepEntry | undefined {
  return parent === undefined ? undefined : entries[parent - 1];
}

/** The entries around one, outermost first. */
export function parentsOf(entry: StepEntry, entries: readonly StepEntry[]): StepEntry[] {
  const found: StepEntry[] = [];
  for (let one = parentOf(entry, entries); one; one = parentOf(one, entries)) found.unshift(one);
  return found;
}

/** By id, 1 for the entries that are tops and for all below them, 0 for the others. */
export function familyOf(entries: readonly StepEntry[], isTop: (entry: StepEntry) => boolean): Uint8Array {
  const family = new Uint8Array(entries.length + 1);
  for (const entry of entries) family[entry.id] = family[entry.parent ?? 0] || isTop(entry) ? 1 : 0;
  return family;
}
