/** Rows as two hashes each: one of the key, and one of the whole row. They are summed in buckets by the key’s hash. The hashes themselves are kept as long as they fit in memory. */
import { bytesIn, hashesIn, textOfHashes, textOfNumbers } from './hashes-as-json.ts';

/** How many bits of a key’s hash decide its bucket. Rows whose keys have hashes with the same 15 first bits are in one bucket. */
const bucketBits = 15;
export const buckets = 1 << bucketBits;
const bucketShift = 32 - bucketBits;

/** The hashes of some rows. A row has the same index in both arrays. For a row without a key, both hashes are equal. */
export interface HashedRows {
  readonly keys: BigInt64Array;
  readonly rows: BigInt64Array;
}

/** The 32-bit halves of 64-bit integers. They are little-endian, as on every machine that Node runs on. */
export const halves = (hashes: BigInt64Array): Uint32Array => new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);

export const bucketAt = (keys: Uint32Array, row: number): number => (keys[row * 2 + 1] as number) >>> bucketShift;

/** The rows for which `keeps` is true, by their index. If it keeps all rows, the same object is returned. */
export function chosen(
  given: HashedRows,
  keeps: (row: number) => boolean,
): { readonly rows: HashedRows; readonly places: readonly number[] } {
  const places: number[] = [];
  for (let row = 0; row < given.keys.length; row++) if (keeps(row)) places.push(row);
  if (places.length === given.keys.length) return { rows: given, places };
  const take = (from: BigInt64Array) => BigInt64Array.from(places, (row) => from[row] as bigint);
  const keys = take(given.keys);
  return { rows: { keys, rows: given.rows === given.keys ? keys : take(given.rows) }, places };
}

/** Whether a key belongs to a sample. It is decided by bits of the hash that do not decide the bucket. */
export function inSample(share: number): (keys: BigInt64Array) => (row: number) => boolean {
  const below = share * 2 ** 32;
  return (keys) => {
    const parts = halves(keys);
    return (row) => (parts[row * 2] as number) < below;
  };
}

/** @returns a function that chooses the rows of a sample of the keys. If the share is 1, it chooses all rows. */
export function sampling(share: number): (rows: HashedRows) => HashedRows {
  const isSampled = inSample(share);
  return (rows) => (share === 1 ? rows : chosen(rows, isSampled(rows.keys)).rows);
}

/** When the half of a sum reaches this size, it is moved to a larger number. The size is below 2^53, so that each addition is exact. */
const mostInHalf = 2 ** 52;

/** Sums of rows in buckets. They are exact for any number of rows. */
export class AllBucketSums {
  readonly counts = new Float64Array(buckets);
  readonly #high = new Float64Array(buckets);
  readonly #low = new Float64Array(buckets);
  /** For each bucket, the amount that was moved to larger numbers. */
  readonly #full = new Map<number, bigint>();
  rows = 0;

  add({ keys, rows }: HashedRows): void {
    const [key, row] = [halves(keys), halves(rows)];
    for (let at = 0; at < keys.length; at++) {
      const bucket = bucketAt(key, at);
      this.counts[bucket] = (this.counts[bucket] as number) + 1;
      this.#low[bucket] = (this.#low[bucket] as number) + (row[at * 2] as number);
      this.#high[bucket] = (this.#high[bucket] as number) + ((row[at * 2 + 1] as number) | 0);
      if ((this.#low[bucket] as number) > mostInHalf || Math.abs(this.#high[bucket] as number) > mostInHalf) this.#putAway(bucket);
    }
    this.rows += keys.length;
  }

  /** The row sum over all buckets, as docs/building/row-sum.md defines it. */
  sum(): bigint {
    let sum = 0n;
    for (let bucket = 0; bucket < buckets; bucket++) sum += this.#sumOf(bucket);
    return sum;
  }

  /** The sums as JSON, for an object in the state. */
  toJson(): SumsAsJson {
    const full = [...this.#full].map(([bucket, sum]) => [bucket, `${sum}`] as const);
    return { rows: this.rows, counts: textOfNumbers(this.counts), high: textOfNumbers(this.#high), low: textOfNumbers(this.#low), full };
  }

  static fromJson({ rows, counts, high, low, full }: SumsAsJson): AllBucketSums {
    const sums = new AllBucketSums();
    sums.rows = rows;
    sums.counts.set(numbersIn(counts));
    sums.#high.set(numbersIn(high));
    sums.#low.set(numbersIn(low));
    for (const [bucket, sum] of full) sums.#full.set(bucket, BigInt(sum));
    return sums;
  }

  /** The buckets in which the two sides differ. */
  differingFrom(other: AllBucketSums): readonly number[] {
    const found: number[] = [];
    for (let bucket = 0; bucket < buckets; bucket++)
      if (this.counts[bucket] !== other.counts[bucket] || this.#sumOf(bucket) !== other.#sumOf(bucket)) found.push(bucket);
    return found;
  }

  #putAway(bucket: number): void {
    this.#full.set(bucket, this.#sumOf(bucket));
    this.#high[bucket] = 0;
    this.#low[bucket] = 0;
  }

  #sumOf(bucket: number): bigint {
    return (this.#full.get(bucket) ?? 0n) + (BigInt(this.#high[bucket] as number) << 32n) + BigInt(this.#low[bucket] as number);
  }
}

/** Sums as the state keeps them: arrays of numbers as base64 of their bytes. */
export interface SumsAsJson {
  readonly rows: number;
  readonly counts: string;
  readonly high: string;
  readonly low: string;
  readonly full: readonly (readonly [bucket: number, sum: string])[];
}

const numbersIn = (text: string): Float64Array => new Float64Array(bytesIn(text));

/** Hashes of rows as the state keeps them: as text. */
export interface KeptAsJson {
  readonly keys: string;
  /** The hashes of whole rows. Null: they are equal to the hashes of the keys. */
  readonly rows: string | null;
}

function joined(parts: readonly BigInt64Array[]): BigInt64Array {
  const all = new BigInt64Array(parts.reduce((sum, one) => sum + one.length, 0));
  let end = 0;
  for (const one of parts) {
    all.set(one, end);
    end += one.length;
  }
  return all;
}

/** Hashes of rows, as many as fit in memory. */
export class KeptRows {
  readonly #most: number;
  #frames: HashedRows[] = [];
  count = 0;
  /** Whether there were more rows than `most`. If so, all rows were dropped. */
  overflowed = false;

  constructor(most: number) {
    this.#most = most;
  }

  add(rows: HashedRows): void {
    this.count += rows.keys.length;
    if (this.count > this.#most) this.drop();
    if (!this.overflowed) this.#frames.push(rows);
  }

  /** Drops all kept rows, and keeps no row from now on. */
  drop(): void {
    this.overflowed = true;
    this.#frames = [];
  }

  /** The hashes as JSON, for an object in the state. If rows were dropped, it has none. */
  toJson(): KeptAsJson {
    const keys = joined(this.#frames.map((one) => one.keys));
    const isOnce = this.#frames.every((one) => one.rows === one.keys);
    return { keys: textOfHashes(keys), rows: isOnce ? null : textOfHashes(joined(this.#frames.map((one) => one.rows))) };
  }

  /** @param kept what `toJson` returned; undefined: no rows are kept yet. */
  static fromJson(most: number, kept: KeptAsJson | undefined): KeptRows {
    const rows = new KeptRows(most);
    if (kept === undefined) return rows;
    const keys = hashesIn(kept.keys);
    rows.add({ keys, rows: kept.rows === null ? keys : hashesIn(kept.rows) });
    return rows;
  }

  /** The rows of the wanted buckets, by bucket. */
  byBucket(wanted: readonly number[]): ReadonlyMap<number, HashedRows> {
    const sizes = new Map(wanted.map((bucket) => [bucket, 0]));
    this.#each((bucket) => {
      const size = sizes.get(bucket);
      if (size !== undefined) sizes.set(bucket, size + 1);
    });
    const found = new Map(
      wanted.map((bucket) => {
        const size = sizes.get(bucket) ?? 0;
        return [bucket, { keys: new BigInt64Array(size), rows: new BigInt64Array(size), filled: 0 }];
      }),
    );
    this.#each((bucket, key, row) => {
      const into = found.get(bucket);
      if (into === undefined) return;
      into.keys[into.filled] = key;
      into.rows[into.filled++] = row;
    });
    return found;
  }

  #each(look: (bucket: number, key: bigint, row: bigint) => void): void {
    for (const { keys, rows } of this.#frames) {
      const parts = halves(keys);
      for (let at = 0; at < keys.length; at++) look(bucketAt(parts, at), keys[at] as bigint, rows[at] as bigint);
    }
  }
}
