/** Reads several runs together, one range of the hashes at a time, so that any number of records needs a bounded memory. */

import { letGoOfBytes } from '../frames/native-bytes.ts';
import { mapConcurrent } from '../ports/map-concurrent.ts';
import { inBuckets, type KeyRunLayout, type RecordWidth, rangeOf } from './key-run.ts';

/** A range of the bytes of a run, end exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ReadableRun extends KeyRunLayout {
  read(range: ByteRange): Promise<Uint8Array>;
}

interface OpenedRun {
  readonly run: ReadableRun;
  /** The end of each bucket, counted in records. */
  readonly ends: Uint32Array;
}

export interface RangesOptions {
  readonly width: RecordWidth;
  /** The approximate number of records in a range. */
  readonly keysAtOnce: number;
}

/** How many records are compared together: few enough for the records and their table to fit into the processor’s cache. */
const keysOfTable = 2 ** 15;
const readsAtOnce = 8;

export class RunRanges {
  /** The number of ranges. */
  readonly count: number;
  readonly #bits: number;
  readonly #width: RecordWidth;
  readonly #runs: readonly OpenedRun[];

  private constructor(runs: readonly OpenedRun[], { width, keysAtOnce }: RangesOptions) {
    this.#bits = bitsFor(runs.reduce((sum, { run }) => sum + run.keys, 0) / keysAtOnce);
    this.count = 2 ** this.#bits;
    this.#width = width;
    this.#runs = runs;
  }

  static async open(runs: readonly ReadableRun[], options: RangesOptions): Promise<RunRanges> {
    const ends = (run: ReadableRun) => run.read({ start: 0, end: 4 * 2 ** run.bits });
    return new RunRanges(await mapConcurrent(runs, async (run) => ({ run, ends: wordsOf(await ends(run)) }), readsAtOnce), options);
  }

  /** Reads the records of a range, with one array for each run. */
  read(n: number): Promise<readonly Uint32Array[]> {
    return mapConcurrent(this.#runs, (opened) => this.#recordsOf(opened, n), readsAtOnce);
  }

  /** Cuts the records of a range into groups. A group is valid until the next group is requested. Equal hashes are in one group, in the order of arrival. */
  *groups(pieces: readonly Uint32Array[]): Generator<Int32Array> {
    const width = this.#width;
    const bits = bitsFor(pieces.reduce((sum, { length }) => sum + length, 0) / width / keysOfTable);
    const sorted = inBuckets(pieces, { width, bits, skip: this.#bits });
    const records = new Int32Array(sorted.buffer, 4 * 2 ** bits);
    for (let group = 0, begin = 0; group < 2 ** bits; group++) {
      const end = width * (sorted[group] as number);
      yield records.subarray(begin, end);
      begin = end;
    }
    letGoOfBytes(sorted);
  }

  async #recordsOf({ run, ends }: OpenedRun, n: number): Promise<Uint32Array> {
    const more = run.bits - this.#bits;
    const [first, last] = more >= 0 ? [n * 2 ** more, (n + 1) * 2 ** more - 1] : [n >>> -more, n >>> -more];
    const [begin, end] = [first === 0 ? 0 : (ends[first - 1] as number), ends[last] as number];
    if (begin === end) return new Uint32Array();
    const byteOf = (record: number) => 4 * (ends.length + this.#width * record);
    const words = wordsOf(await run.read({ start: byteOf(begin), end: byteOf(end) }));
    return more >= 0 ? words : this.#only(n, words);
  }

  /** Picks the records of one range from the records of a larger bucket. */
  #only(n: number, words: Uint32Array): Uint32Array {
    const width = this.#width;
    let kept = 0;
    for (let at = 0; at < words.length; at += width) {
      if (rangeOf(words[at + 1] as number, this.#bits) !== n) continue;
      if (kept < at) words.copyWithin(kept, at, at + width);
      kept += width;
    }
    return words.subarray(0, kept);
  }
}

const bitsFor = (parts: number): number => Math.max(0, Math.ceil(Math.log2(parts)));

/** The words in the bytes of a run. The bytes may begin at any address of their buffer. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : new Uint32Array(bytes.slice().buffer);
}
