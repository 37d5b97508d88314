/**
 * A run of records, each with the hash of a key. The first bits of a hash decide the bucket of its record, so the records of one range can
 * be read alone.
 */
import { KeyTable } from './key-table.ts';

/** How many words of 32 bits a record has. 3: a hash of 64 bits and the number of a row. 4: a hash of 128 bits. */
export type RecordWidth = 3 | 4;

/** The approximate number of records in a bucket. Buckets are used to find a range. Each bucket takes four bytes before the records. */
const recordsOfBucket = 64;
const mostBits = 12;
/** If a bucket has more records than this, most of these records come from rows with equal values. */
const mostOfBucket = 16 * recordsOfBucket;

/** The facts about a run that are needed to read a range of the run. */
export interface KeyRunLayout {
  /** The number of records in the run. */
  readonly keys: number;
  /** The run has two to the power of `bits` buckets. */
  readonly bits: number;
}

export interface EncodedRun {
  readonly layout: KeyRunLayout;
  /** How many records without a row number were left out, because the run already has two records with the same hash. Each counts as one repeated row. */
  readonly surplus: number;
  /** First the end of each bucket, counted in records, and then the records. */
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
 * Sorts records into buckets by some bits of their hashes. The records of a bucket keep their order.
 * @param skip the number of first bits that all hashes have in common.
 * @returns the end of each bucket, counted in records, and then the records.
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
 * Drops all but two records of a repeated hash, because two records show that the hash is repeated. If most rows had the same value, all
 * their records would be in one range, and a range has to fit into memory.
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

/** The number of the range that a hash belongs to, if there are two to the power of `bits` ranges. @param high the second word of the hash. */
export function rangeOf(high: number, bits: number): number {
  return bits === 0 ? 0 : high >>> (32 - bits);
}
