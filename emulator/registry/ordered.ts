/**
 * A map that is read in the order of its keys. Listing a page must not cost as much as the whole list, whether
 * or not somebody writes between the pages, so the order is kept as a sorted array, additions wait until it is
 * next read, and removals leave a gap that reading skips.
 */
export class OrderedMap<V> {
  readonly #values = new Map<string, V>();
  #order: string[] = [];
  #added: string[] = [];
  #gaps = 0;

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  set(key: string, value: V): void {
    if (!this.#values.has(key)) this.#added.push(key);
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    const was = this.#values.delete(key);
    if (was) this.#gaps++;
    return was;
  }

  /** Values in no particular order, for work on all of them. */
  values(): Iterable<V> {
    return this.#values.values();
  }

  /**
   * Entries in the order of keys.
   *
   * @param from where to begin
   * @param inclusive whether an entry with that very key comes along
   */
  *entries(from?: string, inclusive = false): Generator<[string, V]> {
    const order = this.#sorted();
    let index = 0;
    if (from !== undefined) {
      let end = order.length;
      while (index < end) {
        const middle = (index + end) >>> 1;
        const key = order[middle] as string;
        if (key < from || (key === from && !inclusive)) index = middle + 1;
        else end = middle;
      }
    }
    for (let last: string | undefined; index < order.length; index++) {
      const key = order[index] as string;
      // A key that was removed and added again stands in the order twice.
      if (key === last) continue;
      last = key;
      const value = this.#values.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  #sorted(): string[] {
    if (this.#added.length > 0) {
      const added = this.#added.sort(compare);
      this.#order = this.#order.length === 0 ? added : merge(this.#order, added);
      this.#added = [];
    }
    if (this.#gaps > 1000 && this.#gaps > this.#order.length / 2) {
      this.#order = [...new Set(this.#order)].filter((key) => this.#values.has(key));
      this.#gaps = 0;
    }
    return this.#order;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = new Array(left.length + right.length);
  let l = 0;
  let r = 0;
  for (let index = 0; index < merged.length; index++) {
    const a = left[l];
    const b = right[r];
    if (b === undefined || (a !== undefined && a <= b)) {
      merged[index] = a as string;
      l++;
    } else {
      merged[index] = b;
      r++;
    }
  }
  return merged;
}
