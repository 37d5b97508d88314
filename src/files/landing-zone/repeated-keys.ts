/** The hashes of keys that several rows may have, out of any number of rows: one bit for a slot of all hashes, and a set of the few whose slot came before. */

/** Hashes of one of `of` equal shares of all keys, from 0. */
export interface KeyShare {
  readonly n: number;
  readonly of: number;
}

/**
 * First every hash is added, in any order. Then the rows come again, the newest first: the first row of each key is kept. A hash is a pair of words, the low one
 * first, since a bigint for each would cost more than all the rest.
 */
export class RepeatedKeys {
  readonly #bits: Uint32Array;
  readonly #shift: number;
  readonly #share: KeyShare;
  readonly #most: number;
  /** Hashes that had no room in the set, each as often as it came: the rows have to be read again, with a share of the keys at a time. */
  left = 0;
  /** Pairs of words; a slot is empty where `#state` is 0. */
  #words = new Int32Array(2 * firstRoom);
  /** 1: the hash may be that of several rows. 2: its newest row has been seen. */
  #state = new Uint8Array(firstRoom);
  #size = 0;

  /** @param rows of all shares: 16 slots for each, and at most 32 MB. `most`: hashes in the set. */
  constructor({ rows, share, most }: { readonly rows: number; readonly share: KeyShare; readonly most: number }) {
    const slotBits = Math.min(28, Math.max(10, Math.ceil(Math.log2(rows + 1)) + 4));
    this.#bits = new Uint32Array(2 ** (slotBits - 5));
    this.#shift = 32 - slotBits;
    this.#share = share;
    this.#most = most;
  }

  add(hashes: BigInt64Array): void {
    const words = wordsOf(hashes);
    for (let i = 0; i < words.length; i += 2) {
      const low = words[i] as number;
      const high = words[i + 1] as number;
      if (!this.#isMine(low)) continue;
      const slot = high >>> this.#shift;
      const bit = 1 << (slot & 31);
      if (((this.#bits[slot >>> 5] as number) & bit) === 0) this.#bits[slot >>> 5] = (this.#bits[slot >>> 5] as number) | bit;
      else this.#put(low, high);
    }
  }

  /** For each row 1 if it is of the share and the newest of its key. @param hashes of rows that are all older than those of the calls before, the newest last. */
  newest(hashes: BigInt64Array): Uint8Array {
    const words = wordsOf(hashes);
    const marks = new Uint8Array(hashes.length);
    for (let row = hashes.length - 1; row >= 0; row--) {
      const low = words[2 * row] as number;
      if (!this.#isMine(low)) continue;
      const at = this.#find(low, words[2 * row + 1] as number);
      if (this.#state[at] === 2) continue;
      if (this.#state[at] === 1) this.#state[at] = 2;
      marks[row] = 1;
    }
    return marks;
  }

  #isMine(low: number): boolean {
    return this.#share.of === 1 || (low >>> 0) % this.#share.of === this.#share.n;
  }

  #put(low: number, high: number): void {
    const at = this.#find(low, high);
    if (this.#state[at] !== 0) return;
    if (this.#size === this.#most) {
      this.left++;
      return;
    }
    this.#words[2 * at] = low;
    this.#words[2 * at + 1] = high;
    this.#state[at] = 1;
    this.#size++;
    if (4 * this.#size > 3 * this.#state.length) this.#grow();
  }

  /** The place of a hash, or the empty one where it belongs. Rows of a share have the remainder of the low word in common, so the high one says where. */
  #find(low: number, high: number): number {
    const mask = this.#state.length - 1;
    let at = (high ^ (low >>> 3)) & mask;
    while (this.#state[at] !== 0 && (this.#words[2 * at] !== low || this.#words[2 * at + 1] !== high)) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [words, state] = [this.#words, this.#state];
    this.#words = new Int32Array(2 * words.length);
    this.#state = new Uint8Array(2 * state.length);
    for (let i = 0; i < state.length; i++) {
      if (state[i] === 0) continue;
      const at = this.#find(words[2 * i] as number, words[2 * i + 1] as number);
      this.#words[2 * at] = words[2 * i] as number;
      this.#words[2 * at + 1] = words[2 * i + 1] as number;
      this.#state[at] = state[i] as number;
    }
  }
}

const firstRoom = 1024;

const wordsOf = (hashes: BigInt64Array) => new Int32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
