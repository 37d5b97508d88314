/** A set of the hashes of keys: 8 bytes a key while it grows, and searched without an object a key. */

const bits = 14;
const buckets = 1 << bits;
const firstRoom = 64;

/** Thrown by `add` when the set is full. The reader begins anew, with a share of the keys at a time. */
export class TooManyKeys extends Error {}

/**
 * Hashes lie in buckets by their first bits. A bucket is sorted when it is searched for the first time, and not added to after that.
 * The words of a hash are compared as integers of 32 bits, since a bigint for each would cost more than all the rest.
 */
export class KeyHashes {
  readonly #most: number;
  /** Those that have hashes, in the order of their first ones. */
  readonly #used: number[] = [];
  /** Pairs of words. No room is taken for buckets before the first hash: most sets of a comparison stay empty. */
  #words: (Int32Array | undefined)[] = [];
  #sizes = new Uint32Array(0);
  size = 0;

  /** @param most how many hashes it may hold. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Adds the hashes of a share. @param hashes with duplicates or without. Throws `TooManyKeys`. */
  add(hashes: BigInt64Array, share: Share): void {
    if (hashes.length > 0 && this.#sizes.length === 0) {
      this.#words = new Array(buckets);
      this.#sizes = new Uint32Array(buckets);
    }
    const words = wordsOf(hashes);
    for (let i = 0; i < hashes.length; i++) {
      const low = words[2 * i] as number;
      const high = words[2 * i + 1] as number;
      if (!isIn(share, low)) continue;
      if (this.size === this.#most) throw new TooManyKeys();
      this.#put(low, high);
    }
  }

  #put(low: number, high: number): void {
    const at = high >>> (32 - bits);
    const size = this.#sizes[at] as number;
    let words = this.#words[at];
    if (words === undefined || 2 * size === words.length) {
      const grown = new Int32Array(2 * (words === undefined ? firstRoom : Math.ceil(size * 1.5)));
      if (words === undefined) this.#used.push(at);
      else grown.set(words);
      this.#words[at] = grown;
      words = grown;
    }
    words[2 * size] = low;
    words[2 * size + 1] = high;
    this.#sizes[at] = size + 1;
    this.size++;
  }

  /** Sorts the buckets. Called once, between the last `add` and the first `has`. */
  sort(): void {
    for (const at of this.#used) {
      const { buffer } = this.#words[at] as Int32Array<ArrayBuffer>;
      new BigInt64Array(buffer, 0, this.#sizes[at]).sort();
    }
  }

  /** For each hash of the share 1 if it is not in the set, else 0. Also 0 for hashes of other shares. */
  missing(hashes: BigInt64Array, share: Share): { readonly marks: Uint8Array; readonly count: number } {
    const words = wordsOf(hashes);
    const marks = new Uint8Array(hashes.length);
    let count = 0;
    for (let i = 0; i < hashes.length; i++) {
      const low = words[2 * i] as number;
      if (!isIn(share, low) || this.#has(low, words[2 * i + 1] as number)) continue;
      marks[i] = 1;
      count++;
    }
    return { marks, count };
  }

  #has(low: number, high: number): boolean {
    const bucket = high >>> (32 - bits);
    const words = this.#words[bucket];
    if (words === undefined) return false;
    let [from, to] = [0, this.#sizes[bucket] as number];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const order = compared(words[2 * middle + 1] as number, high) || compared((words[2 * middle] as number) >>> 0, low >>> 0);
      if (order === 0) return true;
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return false;
  }
}

/** One of `of` equal shares of all keys, from 0. */
export interface Share {
  readonly n: number;
  readonly of: number;
}

export const allKeys: Share = { n: 0, of: 1 };

function isIn({ n, of }: Share, low: number): boolean {
  return of === 1 || (low >>> 0) % of === n;
}

function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Two words a hash, the low one first: as all machines that Node runs on have them. */
function wordsOf(hashes: BigInt64Array): Int32Array {
  return new Int32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
}
