/**
 * The rows whose key another row has as well, by the hashes of the keys, which are given once. Beyond a bound they wait in scratch, divided into shares by the hash,
 * and one share is in memory at a time.
 */
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { RowMarks } from './row-marks.ts';
import { ShareSpool } from './share-spool.ts';

/** The two words of a hash, and the place of its row. */
const words = 3;
/** For all shares together, where there are several. */
const bufferBytes = 4 * 1024 * 1024;

export class RepeatedHashes implements AsyncDisposable {
  readonly #shares: number;
  readonly #spool: ShareSpool;
  readonly #room: number;
  readonly #records: (Uint32Array | undefined)[];
  readonly #sizes: Uint32Array;

  /** @param rows of which at most `mostHeld` are looked at together. Places are numbers below 2^32. */
  constructor(scratch: Scratch, { rows, mostHeld }: { readonly rows: number; readonly mostHeld: number }) {
    this.#shares = Math.max(1, Math.ceil(rows / mostHeld));
    this.#spool = new ShareSpool(scratch, this.#shares);
    const atOnce = this.#shares === 1 ? rows : Math.min(mostHeld, Math.floor(bufferBytes / (4 * words * this.#shares)));
    this.#room = words * Math.max(1, atOnce);
    this.#records = new Array(this.#shares);
    this.#sizes = new Uint32Array(this.#shares);
  }

  /** @param hashes are used up: the collector would see small objects, and come late. `from`: the place of the first of these rows. */
  async add(hashes: BigInt64Array, from: number): Promise<void> {
    const halves = new Uint32Array(hashes.buffer, hashes.byteOffset, 2 * hashes.length);
    for (let i = 0; i < hashes.length; i++) {
      const low = halves[2 * i] as number;
      const share = low % this.#shares;
      if (this.#sizes[share] === this.#room) await this.#flush(share);
      let records = this.#records[share];
      if (records === undefined) {
        records = new Uint32Array(this.#room);
        this.#records[share] = records;
      }
      const at = this.#sizes[share] as number;
      records[at] = low;
      records[at + 1] = halves[2 * i + 1] as number;
      records[at + 2] = from + i;
      this.#sizes[share] = at + words;
    }
    letGoOfBytes(hashes);
  }

  /** Called once, after the last `add`. */
  async mark(marks: RowMarks): Promise<void> {
    const table = new HashTable();
    for (let share = 0; share < this.#shares; share++) {
      const spooled = await this.#spool.read(share);
      const pieces = [new Uint32Array(spooled.buffer, 0, spooled.byteLength / 4), this.#held(share)];
      table.begin(pieces.reduce((sum, { length }) => sum + length, 0) / words);
      for (const piece of pieces) table.mark(piece, marks);
      letGoOfBytes(spooled);
      this.#records[share] = undefined;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#spool[Symbol.asyncDispose]();
  }

  #held(share: number): Uint32Array {
    return this.#records[share]?.subarray(0, this.#sizes[share]) ?? new Uint32Array();
  }

  async #flush(share: number): Promise<void> {
    const held = this.#held(share);
    this.#sizes[share] = 0;
    await this.#spool.append(share, new Uint8Array(held.buffer, held.byteOffset, held.byteLength));
  }
}

/** Hashes with the place of the first row of each, in open addressing. */
class HashTable {
  #records = new Uint32Array();
  #slots = 0;

  begin(hashes: number): void {
    this.#slots = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * hashes)));
    if (this.#records.length < words * this.#slots) this.#records = new Uint32Array(words * this.#slots);
    else this.#records.fill(0, 0, words * this.#slots);
  }

  /** Marks each row whose hash is there, and the first row of that hash. */
  mark(records: Uint32Array, marks: RowMarks): void {
    const [table, mask] = [this.#records, this.#slots - 1];
    for (let i = 0; i < records.length; i += words) {
      const low = records[i] as number;
      const high = records[i + 1] as number;
      const row = records[i + 2] as number;
      let slot = (high ^ (low >>> 5)) & mask;
      // The place is kept as one more than it is: 0 is an empty slot.
      for (; table[words * slot + 2] !== 0; slot = (slot + 1) & mask)
        if (table[words * slot] === low && table[words * slot + 1] === high) break;
      const at = words * slot;
      if (table[at + 2] === 0) {
        table[at] = low;
        table[at + 1] = high;
        table[at + 2] = row + 1;
        continue;
      }
      marks.add((table[at + 2] as number) - 1);
      marks.add(row);
    }
  }
}
