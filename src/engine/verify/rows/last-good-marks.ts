/** The watermarks of settled rows that stay because the source’s rows with their keys do not settle. A range that is replaced must not contain these watermarks. */
import type { HashedRows } from './bucket-sums.ts';
import type { LeftOutKeys } from './left-out-keys.ts';
import { leftOver } from './row-differences.ts';

/** How many keys are held at once, at most. */
const mostKeys = 200_000;

interface RowsOfKey {
  readonly source: bigint[];
  readonly destination: bigint[];
  readonly marks: (readonly [row: bigint, mark: string | null])[];
}

export type LastGoodAsJson = readonly (readonly [
  key: string,
  source: readonly string[],
  destination: readonly string[],
  marks: readonly (readonly [row: string, mark: string | null])[],
])[];

export class LastGoodMarks {
  readonly #leftOut: LeftOutKeys;
  readonly #keys = new Map<bigint, RowsOfKey>();

  /** @param earlier what `toJson` returned. */
  constructor(leftOut: LeftOutKeys, earlier: LastGoodAsJson | null = null) {
    this.#leftOut = leftOut;
    for (const [key, source, destination, marks] of earlier ?? []) {
      const rows = { source: source.map(BigInt), destination: destination.map(BigInt) };
      this.#keys.set(BigInt(key), { ...rows, marks: marks.map(([row, mark]) => [BigInt(row), mark]) });
    }
  }

  toJson(): LastGoodAsJson {
    const marksOf = ({ marks }: RowsOfKey) => marks.map(([row, mark]) => [String(row), mark] as const);
    return [...this.#keys].map(([key, one]) => [String(key), one.source.map(String), one.destination.map(String), marksOf(one)]);
  }

  /** Adds rows of one side. @param marksAt returns the watermarks of the rows with these indexes; null: the rows are in no range. */
  async add(
    side: 'source' | 'destination',
    { keys, rows }: HashedRows,
    marksAt: (places: readonly number[]) => Promise<(place: number) => string | null> | null,
  ): Promise<void> {
    if (this.#leftOut.size > mostKeys) return;
    const places = this.#leftOut.placesIn(keys);
    if (places.length === 0) return;
    const markAt = side === 'source' ? null : await marksAt(places);
    for (const place of places) {
      const [key, row] = [keys[place] as bigint, rows[place] as bigint];
      const of = this.#keys.get(key) ?? { source: [], destination: [], marks: [] };
      this.#keys.set(key, of);
      of[side].push(row);
      if (markAt !== null) of.marks.push([row, markAt(place)]);
    }
  }

  /** The watermarks. Null: there are so many that any range may contain one. */
  marks(): readonly (string | null)[] | null {
    if (this.#leftOut.size > mostKeys) return null;
    return [...this.#keys.values()].flatMap((one) => {
      const left = leftOver(one);
      if (left.source.length > 0) return [];
      const rows = new Set(left.destination);
      return one.marks.flatMap(([row, mark]) => (rows.has(row) ? [mark] : []));
    });
  }
}
