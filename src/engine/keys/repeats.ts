/** Finds the hashes that come more than once in any number of runs, one range of all hashes at a time, so that memory is bounded however many there are. */

import { hashWords } from '../../frames/row-sum/wide-hashes.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { type ByteRange, bytesOfRange, hexOf, type KeyRunLayout, rangeOf, rangeOfEnds, wordsOf } from './key-run.ts';
import { isSame, KeyTable } from './key-table.ts';

export interface ReadableRun extends KeyRunLayout {
  /** The slice that left it. */
  readonly slice: number;
  read(range: ByteRange): Promise<Uint8Array>;
}

/** What was found so far. JSON, since a step goes on from it. */
export interface Repeats {
  /** False: `goesOn` said no, and ranges are still to be looked at. */
  readonly isOver: boolean;
  /** The range to look at next. */
  readonly next: number;
  readonly keys: number;
  readonly rows: number;
  /** Some of the hashes, as hex digits, and a slice that has the key. */
  readonly found: readonly (readonly [hash: string, slice: number])[];
}

export const noRepeats: Repeats = { isOver: false, next: 0, keys: 0, rows: 0, found: [] };

/** So many keys are in memory together: 32 MB, and as much again while they are put in order. */
const usualAtOnce = 2 ** 21;
/** So many keys are compared together, so that they and the table lie in the processor's cache. */
const keysOfTable = 2 ** 15;
const mostFound = 3;
const readsAtOnce = 8;

/** The bytes that a look at one range takes, of so many keys. */
export const bytesAtOnce = (keys: number): number => 2 * 4 * hashWords * Math.min(keys, usualAtOnce);

export interface RunsToCompare {
  readonly runs: readonly ReadableRun[];
  readonly so: Repeats;
  /** Asked after each range. */
  goesOn(): boolean;
  /** Absent: `usualAtOnce`. */
  readonly keysAtOnce?: number;
}

export async function findRepeats({ runs, so, goesOn, keysAtOnce = usualAtOnce }: RunsToCompare): Promise<Repeats> {
  const keys = runs.reduce((sum, run) => sum + run.keys, 0);
  const bits = Math.max(0, Math.ceil(Math.log2(keys / keysAtOnce)));
  const known = await mapConcurrent(runs, async (run) => ({ run, ends: wordsOf(await run.read(rangeOfEnds(run))) }), readsAtOnce);
  let sum = so;
  while (sum.next < 2 ** bits) {
    const range = { n: sum.next, bits };
    const pieces = await mapConcurrent(known, (one) => wordsOfRange(one, range), readsAtOnce);
    sum = added(sum, repeatsIn(pieces, { bits, runs }));
    if (sum.next < 2 ** bits && !goesOn()) return sum;
  }
  return { ...sum, isOver: true };
}

async function wordsOfRange(
  { run, ends }: { readonly run: ReadableRun; readonly ends: Uint32Array },
  range: { readonly n: number; readonly bits: number },
): Promise<Uint32Array> {
  const where = bytesOfRange(run, ends, range);
  if (where.start === where.end) return new Uint32Array();
  const words = wordsOf(await run.read(where));
  if (run.bits >= range.bits) return words;
  let kept = 0;
  for (let at = 0; at < words.length; at += hashWords) {
    if (rangeOf(words[at + 1] as number, range.bits) !== range.n) continue;
    if (kept < at) words.copyWithin(kept, at, at + hashWords);
    kept += hashWords;
  }
  return words.subarray(0, kept);
}

function added(so: Repeats, more: Omit<Repeats, 'next' | 'isOver'>): Repeats {
  return {
    isOver: false,
    next: so.next + 1,
    keys: so.keys + more.keys,
    rows: so.rows + more.rows,
    found: [...so.found, ...more.found].slice(0, mostFound),
  };
}

/** @param pieces the words of each run in one range. */
function repeatsIn(
  pieces: readonly Uint32Array[],
  { bits, runs }: { readonly bits: number; readonly runs: readonly ReadableRun[] },
): Omit<Repeats, 'next' | 'isOver'> {
  const { words, ends } = inTables(pieces, bits);
  const table = new KeyTable();
  let [keys, rows] = [0, 0];
  const found: (readonly [string, number])[] = [];
  for (let at = 0, begin = 0; at < ends.length; at++) {
    const end = ends[at] as number;
    const { first, more } = table.repeats(words.subarray(hashWords * begin, hashWords * end));
    keys += first.length;
    rows += more;
    for (const key of first.slice(0, mostFound - found.length)) {
      const hash = words.subarray(hashWords * (begin + key), hashWords * (begin + key + 1));
      found.push([hexOf(hash), runs[pieces.findIndex((piece) => holds(piece, hash))]?.slice ?? 0]);
    }
    begin = end;
  }
  return { keys, rows, found };
}

/** Keys of a range in the order of their next bits, as many together as one table takes. `ends` are counted in keys. */
function inTables(pieces: readonly Uint32Array[], rangeBits: number): { readonly words: Uint32Array; readonly ends: Uint32Array } {
  const all = pieces.reduce((sum, { length }) => sum + length, 0);
  const bits = Math.max(0, Math.ceil(Math.log2(all / hashWords / keysOfTable)));
  const ends = new Uint32Array(2 ** bits);
  const tableOf = (high: number) => rangeOf(high << rangeBits, bits);
  for (const piece of pieces)
    for (let at = 1; at < piece.length; at += hashWords) {
      const one = tableOf(piece[at] as number);
      ends[one] = (ends[one] as number) + 1;
    }
  for (let one = 0, sum = 0; one < ends.length; one++) {
    const size = ends[one] as number;
    ends[one] = sum;
    sum += size;
  }
  const words = new Uint32Array(all);
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += hashWords) {
      const one = tableOf(piece[at + 1] as number);
      const to = hashWords * (ends[one] as number);
      ends[one] = (ends[one] as number) + 1;
      words[to] = piece[at] as number;
      words[to + 1] = piece[at + 1] as number;
      words[to + 2] = piece[at + 2] as number;
      words[to + 3] = piece[at + 3] as number;
    }
  return { words, ends };
}

function holds(words: Uint32Array, hash: Uint32Array): boolean {
  for (let at = 0; at < words.length; at += hashWords) if (isSame(words, at, hash, 0)) return true;
  return false;
}
