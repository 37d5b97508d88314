/** A set of the hashes of keys, of 64 bits each. */
import { KeyTable } from './key-table.ts';

const tableBits = 8;
/** The number of bits of a second word that are left after the bits of the table’s number. */
const restBits = 32 - tableBits;
const restMask = 2 ** restBits - 1;
/** A bit that is set in the rest of each second word, so that the rest is never 0. */
const mark = 2 ** restBits;

/** A share of all keys: the `n`-th of `of`, counted from 0. */
export interface KeyShare {
  readonly n: number;
  readonly of: number;
}

/** Thrown by `add` if the set is full. The reader then starts again, and reads one share of the keys at a time. */
export class TooManyKeys extends Error {}

export interface KeySetOptions {
  /** The largest number of hashes in the set. */
  readonly most?: number;
  /** Hashes of other shares are ignored. */
  readonly share?: KeyShare;
}

/** A set has one table for each value of the first bits of a hash. The tables grow one by one, so that growing never needs the memory of two sets. */
export class KeySet {
  size = 0;
  readonly #tables: (KeyTable | undefined)[] = new Array(2 ** tableBits);
  readonly #most: number;
  readonly #share: KeyShare;

  constructor({ most = Number.POSITIVE_INFINITY, share = { n: 0, of: 1 } }: KeySetOptions = {}) {
    this.#most = most;
    this.#share = share;
  }

  /** @param hashes may contain duplicates. Throws `TooManyKeys`. */
  add(hashes: BigInt64Array): void {
    const words = wordsOf(hashes);
    for (let i = 0; i < words.length; i += 2) {
      const [low, high] = [words[i] as number, words[i + 1] as number];
      if (!this.#isMine(low)) continue;
      const table = this.#tables[high >>> restBits] ?? this.#newTable(high >>> restBits);
      const rest = (high & restMask) | mark;
      if (table.put(rest, low, rest) === 0 && ++this.size > this.#most) throw new TooManyKeys();
    }
  }

  /** For each hash of the share: 1 if the set lacks the hash, else 0. Hashes of other shares get 0. */
  missing(hashes: BigInt64Array): { readonly marks: Uint8Array; readonly count: number } {
    const words = wordsOf(hashes);
    const marks = new Uint8Array(hashes.length);
    let count = 0;
    for (let i = 0; i < marks.length; i++) {
      const [low, high] = [words[2 * i] as number, words[2 * i + 1] as number];
      if (!this.#isMine(low) || this.#has(low, high)) continue;
      marks[i] = 1;
      count++;
    }
    return { marks, count };
  }

  /** The positions in `hashes` of the hashes that the set has. Only for sets without shares. */
  placesIn(hashes: BigInt64Array): readonly number[] {
    if (this.size === 0) return [];
    const words = wordsOf(hashes);
    const places: number[] = [];
    for (let at = 0; at < hashes.length; at++) if (this.#has(words[2 * at] as number, words[2 * at + 1] as number)) places.push(at);
    return places;
  }

  has(hash: bigint): boolean {
    const [low = 0, high = 0] = wordsOf(BigInt64Array.of(hash));
    return this.#has(low, high);
  }

  /** All hashes, as base64 of their bytes. */
  toText(): string {
    const words = new Int32Array(2 * this.size);
    let at = 0;
    for (const [n, table] of this.#tables.entries())
      table?.each((low, rest) => {
        words[at++] = low;
        words[at++] = (n << restBits) | (rest & restMask);
      });
    return Buffer.from(words.buffer).toString('base64');
  }

  static fromText(text: string): KeySet {
    const keys = new KeySet();
    // The bytes are copied, because an array of 8-byte numbers can’t begin at every address.
    keys.add(new BigInt64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer));
    return keys;
  }

  #isMine(low: number): boolean {
    return this.#share.of === 1 || (low >>> 0) % this.#share.of === this.#share.n;
  }

  #has(low: number, high: number): boolean {
    return (this.#tables[high >>> restBits]?.get(low, (high & restMask) | mark) ?? 0) !== 0;
  }

  #newTable(n: number): KeyTable {
    const table = new KeyTable({ hash: 2, number: 'in the hash' });
    this.#tables[n] = table;
    return table;
  }
}

/** Two words per hash, with the low word first: all machines on which Node runs have this byte order. */
function wordsOf(hashes: BigInt64Array): Int32Array {
  return new Int32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
}
