/**
 * The ids of many versions, each with a number. A million digests as strings would take a quarter of a gigabyte;
 * as the 32 bytes that they are, they take an eighth of that.
 */

const prefix = 'sha256:';
const words = 8;

/** Values of hexadecimal digits by character code, 255 for any other character. */
const hex = new Uint8Array(128).fill(255);
for (let digit = 0; digit < 16; digit++) hex[digit.toString(16).charCodeAt(0)] = digit;

/** Where the words of the digest being looked at are put. */
const scratch = new Uint32Array(words);

/** Reads a digest into {@link scratch}; false when the text is none. */
function readDigest(text: string): boolean {
  if (text.length !== prefix.length + 64 || !text.startsWith(prefix)) return false;
  for (let word = 0, at = prefix.length; word < words; word++) {
    let value = 0;
    for (const end = at + 8; at < end; at++) {
      const digit = hex[text.charCodeAt(at)] ?? 255;
      if (digit === 255) return false;
      value = (value << 4) | digit;
    }
    scratch[word] = value >>> 0;
  }
  return true;
}

/** Ids by number, numbers by id. Numbers count from 0 in the order of addition. */
export class VersionTable {
  /** The words of each digest; none for an id that is no digest. */
  #digests = new Uint32Array(words * 16);
  /** Numbers plus one by hash; 0 is free. */
  #slots = new Uint32Array(32);
  /** Ids that are no digests. */
  #others: Map<string, number> | undefined;
  #otherNames: Map<number, string> | undefined;
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The number of an id, -1 when it was not added. */
  find(id: string): number {
    if (!readDigest(id)) return this.#others?.get(id) ?? -1;
    return (this.#slots[this.#slot()] ?? 0) - 1;
  }

  /** Adds an id; one that is there keeps its number. */
  add(id: string): number {
    if (!readDigest(id)) {
      this.#others ??= new Map();
      this.#otherNames ??= new Map();
      const known = this.#others.get(id);
      if (known !== undefined) return known;
      // A copy: a piece of a longer string would keep all of that in memory.
      const own = Buffer.from(id).toString();
      this.#others.set(own, this.#count);
      this.#otherNames.set(this.#count, own);
      this.#grow();
      return this.#count++;
    }
    const slot = this.#slot();
    const there = this.#slots[slot] ?? 0;
    if (there > 0) return there - 1;
    this.#grow();
    this.#digests.set(scratch, this.#count * words);
    this.#slots[slot] = ++this.#count;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return this.#count - 1;
  }

  /** The id of a number. */
  id(number: number): string {
    const other = this.#otherNames?.get(number);
    if (other !== undefined) return other;
    let text = prefix;
    for (let word = 0; word < words; word++)
      text += (this.#digests[number * words + word] ?? 0).toString(16).padStart(8, '0');
    return text;
  }

  /** Where the digest in {@link scratch} is, or would be. */
  #slot(): number {
    const mask = this.#slots.length - 1;
    // A digest is evenly spread already: any of its words is a hash.
    let slot = (scratch[0] ?? 0) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? 0;
      if (number === 0 || this.#isAt(number - 1)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(number: number): boolean {
    for (let word = 0; word < words; word++)
      if (this.#digests[number * words + word] !== scratch[word]) return false;
    return true;
  }

  #grow(): void {
    if ((this.#count + 1) * words <= this.#digests.length) return;
    const larger = new Uint32Array(this.#digests.length * 2);
    larger.set(this.#digests);
    this.#digests = larger;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      if (this.#otherNames?.has(number)) continue;
      let slot = (this.#digests[number * words] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}
