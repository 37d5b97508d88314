/**
 * A run of records, each with the hash of a key. Records are in buckets by the first bits of the hashes, so that the records of a range are
 * read without the others.
 */
import { KeyTable } from './key-table.ts';

/** The words of a record, of 32 bits each. 3: a hash of 64 bits and the place of a row. 4: a hash of 128 bits. */
export type RecordWidth = 3 | 4;

/** The approximate number of records in a bucket. Buckets are used to find a range, and each of them takes four bytes before the records. */
const recordsOfBucket = 64;
const mostBits = 12;
/** In a bucket with more records, most of them come from rows with equal values. */
const mostOfBucket = 16 * recordsOfBucket;

/** The facts about a run that reading a range of it requires. */
export interface KeyRunLayout {
  /** The number of its records. */
  readonly keys: number;
  /** The run has two to the power of `bits` buckets. */
  readonly bits: number;
}

export interface EncodedRun {
  readonly layout: KeyRunLayout;
  /** How many records without a row number are left out because the run has two of their hash already: each of them is one too many. */
  readonly surplus: number;
  /** The end of each bucket, counted in records, and the records. */
  readonly bytes: Uint8Array;
}

export function encodedRun(records: Uint32Array, width: RecordWidth): EncodedRun {
  const keys = records.length / width;
  const bits = Math.min(mostBits, Math.max(0, Math.floor(Math.log2(keys / recordsOfBucket))));
  const run = inBuckets([records], { width, bits });
  const kept = width === 4 ? withoutSurplus(run, 2 ** bits) : keys;
  const bytes = new Uint8Array(run.buffer, 0, 4 * (2 ** bits + width * kept));
  return { layout: { keys: kept, bits }, surplus: keys - kept, bytes };
}

/**
 * Records in the order of some bits of their hashes. The records of a bucket keep their order.
 * @param skip the first bits of all hashes, which the records have in common.
 * @returns the end of each bucket, counted in records, and the records.
 */
export function inBuckets(
  pieces: readonly Uint32Array[],
  { width, bits, skip = 0 }: { readonly width: RecordWidth; readonly bits: number; readonly skip?: number },
): Uint32Array {
  const buckets = 2 ** bits;
  const run = new Uint32Array(buckets + pieces.reduce((sum, { length }) => sum + length, 0));
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += width) {
      const bucket = rangeOf((piece[at + 1] as number) << skip, bits);
      run[bucket] = (run[bucket] as number) + 1;
    }
  for (let bucket = 0, begin = 0; bucket < buckets; bucket++) {
    const size = run[bucket] as number;
    run[bucket] = begin;
    begin += size;
  }
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += width) {
      const bucket = rangeOf((piece[at + 1] as number) << skip, bits);
      const to = buckets + width * (run[bucket] as number);
      run[bucket] = (run[bucket] as number) + 1;
      run[to] = piece[at] as number;
      run[to + 1] = piece[at + 1] as number;
      run[to + 2] = piece[at + 2] as number;
      if (width === 4) run[to + 3] = piece[at + 3] as number;
    }
  return run;
}

/**
 * Two records of a value show that it is repeated. The records of a value that most rows have would all be in one range, which has to fit
 * into memory.
 * @returns how many records are left.
 */
function withoutSurplus(run: Uint32Array, buckets: number): number {
  const [records, width] = [new Int32Array(run.buffer, 4 * buckets), 4] as const;
  let [begin, kept] = [0, 0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = run[bucket] as number;
    if (end - begin > mostOfBucket) {
      const table = new KeyTable({ hash: width });
      for (let at = width * begin; at < width * end; at += width) {
        if (countIn(table, records, at) > 1) continue;
        records.copyWithin(width * kept, at, at + width);
        kept++;
      }
    } else {
      if (kept < begin) records.copyWithin(width * kept, width * begin, width * end);
      kept += end - begin;
    }
    begin = end;
    run[bucket] = kept;
  }
  return kept;
}

/** Counts the hash of a record in a table of 128 bits. @returns how often it occurred before. */
export function countIn(table: KeyTable, records: Int32Array, at: number): number {
  return table.count(records[at] as number, records[at + 1] as number, records[at + 2] as number, records[at + 3] as number);
}

/** The number of the range that a hash belongs to, out of two to the power of `bits` ranges. @param high the second word of the hash. */
export function rangeOf(high: number, bits: number): number {
  return bits === 0 ? 0 : high >>> (32 - bits);
}
