/** Where the parts of a step tree stand in the file that they were read from. */
import type { Range } from './source.ts';

/** Places by the object that was read, a step or an expression, and by its fields. */
export class Places {
  readonly #whole = new WeakMap<object, Range>();
  readonly #fields = new WeakMap<object, Map<string, Range>>();

  /** Notes a place. @returns the object */
  set<T extends object>(of: T, range: Range): T {
    this.#whole.set(of, range);
    return of;
  }

  setField(of: object, field: string, range: Range): void {
    const fields = this.#fields.get(of) ?? new Map<string, Range>();
    this.#fields.set(of, fields.set(field, range));
  }

  /** The place of an object, or of a field of it where that is known. */
  get(of: object, field?: string): Range | undefined {
    return (field === undefined ? undefined : this.#fields.get(of)?.get(field)) ?? this.#whole.get(of);
  }
}
