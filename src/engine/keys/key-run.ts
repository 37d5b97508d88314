/**
 * A run of hashes of keys, as slices leave it aside: in buckets by the first bits of the hashes, so that all keys of a range lie together and are read without
 * the others. Hashes have 128 bits, as four words of 32 bits: an object for each would cost more than all the rest.
 */
import { hashWords } from '../../frames/row-sum/wide-hashes.ts';
import { KeyTable } from './key-table.ts';

const keyBytes = 4 * hashWords;
/** So many keys of a bucket are enough: buckets serve to find a range, and each of them is four bytes in front of the run. */
const keysOfBucket = 64;
export const mostBits = 12;

/** A run is complete, and written, with so many keys. */
export const keysOfRun = 2 ** 19;

/** What has to be known of a run to read a range of it. */
export interface KeyRunLayout {
  /** The number of its keys. */
  readonly keys: number;
  /** It has two to the power of `bits` buckets. */
  readonly bits: number;
}

/** Buckets with so many keys have most of them from rows with equal values. */
const mostOfBucket = 16 * keysOfBucket;

export interface EncodedRun {
  readonly layout: KeyRunLayout;
  /** How many keys are left out, since the run has two of them already: each of them is one too many. */
  readonly surplus: number;
  /** The end of each bucket, counted in keys, and the keys. */
  readonly bytes: Uint8Array;
}

/** @param words of the hashes. */
export function encodedRun(words: Uint32Array): EncodedRun {
  const keys = words.length / hashWords;
  const bits = Math.min(mostBits, Math.max(0, Math.floor(Math.log2(keys / keysOfBucket))));
  const buckets = 2 ** bits;
  const run = new Uint32Array(buckets + words.length);
  const places = new Uint32Array(buckets);
  for (let at = 0; at < words.length; at += hashWords) {
    const bucket = rangeOf(words[at + 1] as number, bits);
    places[bucket] = (places[bucket] as number) + 1;
  }
  for (let bucket = 0, end = 0; bucket < buckets; bucket++) {
    const begin = end;
    end += places[bucket] as number;
    places[bucket] = begin;
    run[bucket] = end;
  }
  for (let at = 0; at < words.length; at += hashWords) {
    const bucket = rangeOf(words[at + 1] as number, bits);
    const place = places[bucket] as number;
    places[bucket] = place + 1;
    const to = buckets + hashWords * place;
    run[to] = words[at] as number;
    run[to + 1] = words[at + 1] as number;
    run[to + 2] = words[at + 2] as number;
    run[to + 3] = words[at + 3] as number;
  }
  const kept = withoutSurplus(run, buckets);
  const bytes = new Uint8Array(run.buffer, 0, 4 * (buckets + hashWords * kept));
  return { layout: { keys: kept, bits }, surplus: keys - kept, bytes };
}

/**
 * Of a value that most rows have, two keys are enough to see that it comes more than once. All of them would lie in one range, which has to fit into memory.
 * @returns how many keys are left.
 */
function withoutSurplus(run: Uint32Array, buckets: number): number {
  const keys = run.subarray(buckets);
  let [begin, kept] = [0, 0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = run[bucket] as number;
    const own = keys.subarray(hashWords * begin, hashWords * end);
    const left = end - begin > mostOfBucket ? new KeyTable().keepTwoOfEach(own) : end - begin;
    if (kept < begin) keys.copyWithin(hashWords * kept, hashWords * begin, hashWords * (begin + left));
    begin = end;
    kept += left;
    run[bucket] = kept;
  }
  return kept;
}

/** The number of the range that a hash belongs to, out of two to the power of `bits` ranges. @param high the second word of the hash. */
export function rangeOf(high: number, bits: number): number {
  return bits === 0 ? 0 : high >>> (32 - bits);
}

/** Where the ends of the buckets lie in the bytes of a run. */
export function rangeOfEnds({ bits }: KeyRunLayout): ByteRange {
  return { start: 0, end: 4 * 2 ** bits };
}

/** The bytes that hold all keys of the range, and others where a bucket is larger than the range. @param ends of the buckets. */
export function bytesOfRange({ bits }: KeyRunLayout, ends: Uint32Array, range: { readonly n: number; readonly bits: number }): ByteRange {
  const [first, last] =
    bits >= range.bits
      ? [range.n * 2 ** (bits - range.bits), (range.n + 1) * 2 ** (bits - range.bits) - 1]
      : [range.n >>> (range.bits - bits), range.n >>> (range.bits - bits)];
  const begin = first === 0 ? 0 : (ends[first - 1] as number);
  const from = 4 * ends.length;
  return { start: from + keyBytes * begin, end: from + keyBytes * (ends[last] as number) };
}

/** The end does not belong to it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The words that bytes of a run hold. The bytes may lie anywhere in their buffer. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : new Uint32Array(bytes.slice().buffer);
}

/** 32 hex digits. @param words of one hash. */
export const hexOf = (words: Uint32Array): string => [...words].map((word) => word.toString(16).padStart(8, '0')).join('');

/** The places of the keys whose hashes are among `wanted`, which `hexOf` wrote. */
export function hashesIn(words: Uint32Array, wanted: ReadonlySet<string>): readonly number[] {
  const firsts = new Set([...wanted].map((hash) => Number.parseInt(hash.slice(0, 8), 16)));
  const places: number[] = [];
  for (let at = 0; at < words.length; at += hashWords)
    if (firsts.has(words[at] as number) && wanted.has(hexOf(words.subarray(at, at + hashWords)))) places.push(at / hashWords);
  return places;
}
