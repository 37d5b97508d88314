import { hashWords } from '../../frames/row-sum/wide-hashes.ts';

/** The places of keys in open addressing. One is used for many ranges, one after the other. */
export class KeyTable {
  /** One more than the place of a key; 0: an empty slot. */
  #slots = new Int32Array();
  /** Of the key at a place: how often it has come again, at most 2. */
  #again = new Uint8Array();

  /** `first`: the first place of each key that comes more than once. `more`: how many times such keys come again. */
  repeats(words: Uint32Array): { readonly first: readonly number[]; readonly more: number } {
    const first: number[] = [];
    const keys = this.#begin(words);
    let more = 0;
    for (let key = 0; key < keys; key++) {
      const there = this.#put(words, key);
      if (there < 0) continue;
      more++;
      if (this.#again[there] === 0) first.push(there);
      this.#again[there] = 1;
    }
    return { first, more };
  }

  /** Moves the first two of equal keys to the front, and leaves out the others. @returns how many keys are left. */
  keepTwoOfEach(words: Uint32Array): number {
    const keys = this.#begin(words);
    let kept = 0;
    for (let key = 0; key < keys; key++) {
      // A key that is put lies at the front already: its place there is the one to remember.
      if (kept < key) words.copyWithin(hashWords * kept, hashWords * key, hashWords * (key + 1));
      const there = this.#put(words, kept);
      if (there < 0) kept++;
      else if (this.#again[there] === 0) {
        this.#again[there] = 1;
        kept++;
      }
    }
    return kept;
  }

  #begin(words: Uint32Array): number {
    const keys = words.length / hashWords;
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * keys)));
    if (this.#slots.length < size) this.#slots = new Int32Array(size);
    else this.#slots.fill(0);
    if (this.#again.length < keys) this.#again = new Uint8Array(keys);
    else this.#again.fill(0, 0, keys);
    return keys;
  }

  /** The place of an equal key that was put before; -1: there is none, and the key is put. */
  #put(words: Uint32Array, key: number): number {
    const [slots, mask, at] = [this.#slots, this.#slots.length - 1, hashWords * key];
    for (let slot = (words[at] as number) & mask; ; slot = (slot + 1) & mask) {
      const there = (slots[slot] as number) - 1;
      if (there < 0) {
        slots[slot] = key + 1;
        return -1;
      }
      if (isSame(words, hashWords * there, words, at)) return there;
    }
  }
}

export function isSame(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  return a[atA] === b[atB] && a[atA + 1] === b[atB + 1] && a[atA + 2] === b[atB + 2] && a[atA + 3] === b[atB + 3];
}
