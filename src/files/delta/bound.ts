/** Finds the newest value and the nulls of a column in a Delta table. Statistics are used as far as they prove the result. If they do not prove it, the column is read in as few files as possible. */

import type { DeltaFile, DeltaSnapshot } from '../../delta/table.ts';
import { everything } from '../../engine/contracts/home.ts';
import type { Column } from '../../frames/schema.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { ColumnBounds, DeltaTable } from './table.ts';

/** The number of files whose column is read at once. */
const atOnce = 8;

interface BoundedFile {
  readonly file: DeltaFile;
  readonly bounds: ColumnBounds;
}

/** The largest value up to `cap` (null: no limit); undefined: no value. Files are read in descending order of their largest value by the statistics, until no other file can have a larger value. */
export async function newestIn(
  table: DeltaTable,
  snapshot: DeltaSnapshot,
  { of, cap }: { readonly of: Column; readonly cap: string | null },
): Promise<Watermark | undefined> {
  const column = { column: of.name, type: of.type };
  const compare = (a: string, b: string) => compareWatermarks({ type: of.type, text: a }, { type: of.type, text: b });
  const isBeyond = (text: string) => cap !== null && compare(text, cap) > 0;
  const ordered = snapshot.files
    .map((file): BoundedFile => ({ file, bounds: table.bounds(snapshot, file, of) }))
    .filter(({ bounds }) => bounds.hasValues)
    .sort((a, b) => byMost(a.bounds, b.bounds, compare));
  let best: string | undefined;
  for (let next = 0; next < ordered.length; ) {
    const { bounds } = ordered[next] as BoundedFile;
    if (best !== undefined && bounds.most !== null && compare(bounds.most, best) <= 0) break;
    if (bounds.areExact && bounds.most !== null && !isBeyond(bounds.most)) {
      best = best === undefined || compare(bounds.most, best) > 0 ? bounds.most : best;
      next++;
      continue;
    }
    const some = ordered.slice(next, next + atOnce);
    const found = await mapConcurrent(some, ({ file }) => newestRead(table, snapshot, { file, of, cap, from: best ?? null }), atOnce);
    for (const text of found) if (text !== undefined && (best === undefined || compare(text, best) > 0)) best = text;
    next += some.length;
  }
  return best === undefined ? undefined : { ...column, text: best };
}

/** Sorts files by their largest value, the largest first. Files without statistics come before all other files. */
function byMost(a: ColumnBounds, b: ColumnBounds, compare: (a: string, b: string) => number): number {
  if (a.most === null || b.most === null) return (a.most === null ? 0 : 1) - (b.most === null ? 0 : 1);
  return compare(b.most, a.most);
}

interface ReadBound {
  readonly file: DeltaFile;
  readonly of: Column;
  readonly cap: string | null;
  /** Smaller values are ignored; null: no value is ignored. */
  readonly from: string | null;
}

async function newestRead(table: DeltaTable, snapshot: DeltaSnapshot, { file, of, cap, from }: ReadBound): Promise<string | undefined> {
  const column = { column: of.name, type: of.type };
  const edge = (text: string | null) => (text === null ? null : { text, inclusive: true });
  const window = { ...everything, column, lower: edge(from), upper: edge(cap), nulls: 'exclude' } as const;
  let newest: string | undefined;
  for await (const frame of table.rowsOfFile(snapshot, file, { window, columns: [of.name] })) {
    const max = (await extremesOf(await asPolars(frame).lazy(), column))?.max;
    if (max !== undefined && (newest === undefined || compareWatermarks({ type: of.type, text: max }, { type: of.type, text: newest }) > 0))
      newest = max;
  }
  return newest;
}

/** The number of rows with a value larger than `until`, and the largest of these values. */
export async function countBeyond(
  table: DeltaTable,
  snapshot: DeltaSnapshot,
  { of, until }: { readonly of: Column; readonly until: string },
): Promise<{ readonly rows: number; readonly latest: string | null }> {
  const column = { column: of.name, type: of.type };
  const window = { ...everything, column, lower: { text: until, inclusive: false }, nulls: 'exclude' } as const;
  const files = snapshot.files.filter((file) => table.mayHold(snapshot, file, window));
  const counts = await mapConcurrent(
    files,
    async (file) => {
      let rows = 0;
      for await (const frame of table.rowsOfFile(snapshot, file, { window, columns: [of.name] })) rows += frame.rows;
      return rows;
    },
    atOnce,
  );
  const rows = counts.reduce((sum, n) => sum + n, 0);
  return { rows, latest: rows === 0 ? null : ((await newestIn(table, snapshot, { of, cap: null }))?.text ?? null) };
}

export async function countNulls(table: DeltaTable, snapshot: DeltaSnapshot, of: Column): Promise<number> {
  const counts = await mapConcurrent(
    snapshot.files,
    async (file) => {
      const nulls = table.nulls(snapshot, file, of);
      if (nulls !== null) return nulls;
      let read = 0;
      for await (const frame of table.rowsOfFile(snapshot, file, { window: everything, columns: [of.name] }))
        read += (await frame.nullCounts())[0] ?? 0;
      return read;
    },
    atOnce,
  );
  return counts.reduce((sum, n) => sum + n, 0);
}
