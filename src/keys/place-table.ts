/** Gives each key hash a number, counted from 0 in the order of arrival. A hash has 128 bits, because no code compares the keys of two equal hashes. */
import { KeyTable } from './key-table.ts';

/** A share of all keys: the `n`-th of `of`, counted from 0. */
export interface PlaceShare {
  readonly n: number;
  readonly of: number;
}

/** The number of words of 32 bits in a hash. */
const width = 4;

export class PlaceTable {
  readonly #table = new KeyTable({ hash: width });
  readonly #share: PlaceShare;

  constructor(share: PlaceShare) {
    this.#share = share;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Whether the hash at position `at` of `words` belongs to this share. */
  isMine(words: Int32Array, at: number): boolean {
    return this.#share.of === 1 || ((words[width * at] as number) >>> 0) % this.#share.of === this.#share.n;
  }

  /** The number of the hash at position `at` of `words`. Undefined: the table lacks the hash. */
  get(words: Int32Array, at: number): number | undefined {
    const from = width * at;
    const number = this.#table.get(words[from] as number, words[from + 1] as number, words[from + 2] as number, words[from + 3] as number);
    return number === 0 ? undefined : number - 1;
  }

  /** Adds a hash that the table lacks. Returns the number of the hash. */
  add(words: Int32Array, at: number): number {
    const from = width * at;
    const number = this.#table.size + 1;
    this.#table.put(number, words[from] as number, words[from + 1] as number, words[from + 2] as number, words[from + 3] as number);
    return number - 1;
  }
}
