/** Finds the hashes of 128 bits that occur more than once in all runs together. */
import { countIn } from './key-run.ts';
import { KeyTable } from './key-table.ts';
import { type ReadableRun, RunRanges } from './run-ranges.ts';

const width = 4;

/** The result so far. The result is JSON, so that a later step of the run can continue from it. */
export interface Repeats {
  /** Whether all ranges were read. False: `goesOn` returned false before the last range. */
  readonly isOver: boolean;
  /** The number of the next range to read. */
  readonly next: number;
  readonly keys: number;
  readonly rows: number;
  /** Some of the repeated hashes, as hex digits, each with the number of one slice that has the key. */
  readonly found: readonly (readonly [hash: string, slice: number])[];
}

export const noRepeats: Repeats = { isOver: false, next: 0, keys: 0, rows: 0, found: [] };

/** How many keys are in memory together. So many keys need 32 MB, and another 32 MB while they are sorted. */
const usualAtOnce = 2 ** 21;
const mostFound = 3;

/** How many bytes of memory are needed to read one range with this many keys. */
export const bytesAtOnce = (keys: number): number => 2 * 4 * width * Math.min(keys, usualAtOnce);

export interface RunOfSlice extends ReadableRun {
  /** The number of the slice that wrote the run. */
  readonly slice: number;
}

/** The runs in which repeated keys are searched for, and how the search is controlled. */
export interface RepeatsSearch {
  readonly runs: readonly RunOfSlice[];
  readonly so: Repeats;
  /** Called after each range. False: the search stops. */
  goesOn(): boolean;
  /** How many keys are in memory together. Absent: `usualAtOnce`. */
  readonly keysAtOnce?: number;
}

export async function findRepeats({ runs, so, goesOn, keysAtOnce = usualAtOnce }: RepeatsSearch): Promise<Repeats> {
  const ranges = await RunRanges.open(runs, { width, keysAtOnce });
  const table = new KeyTable({ hash: width });
  let { next, keys, rows } = so;
  const found = [...so.found];
  while (next < ranges.count) {
    const pieces = await ranges.read(next++);
    for (const records of ranges.groups(pieces)) {
      table.clear();
      for (let at = 0; at < records.length; at += width) {
        const before = countIn(table, records, at);
        if (before > 0) rows++;
        if (before !== 1) continue;
        keys++;
        if (found.length === mostFound) continue;
        const hash = hexOf(records.subarray(at, at + width));
        found.push([hash, runs[pieces.findIndex((piece) => placesOf(new Set([hash]), piece).length > 0)]?.slice ?? 0]);
      }
    }
    if (next < ranges.count && !goesOn()) return { isOver: false, next, keys, rows, found };
  }
  return { isOver: true, next, keys, rows, found };
}

/** A hash as 32 hex digits. @param words the words of one hash. */
export const hexOf = (words: Uint32Array | Int32Array): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

/** The positions at which `hashes`, of 128 bits each, has one of the wanted hashes. @param wanted hashes as `hexOf` writes them. */
export function placesOf(wanted: ReadonlySet<string>, hashes: Uint32Array): readonly number[] {
  const firsts = new Set([...wanted].map((hash) => Number.parseInt(hash.slice(0, 8), 16)));
  const places: number[] = [];
  for (let at = 0; at < hashes.length; at += width)
    if (firsts.has(hashes[at] as number) && wanted.has(hexOf(hashes.subarray(at, at + width)))) places.push(at / width);
  return places;
}
