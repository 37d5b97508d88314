/** Counts the rows of new files that no earlier file has. Overlapping exports repeat older rows in each file, and repeated rows need no warning. */
import type { Frame } from '../../engine/contracts/frame.ts';
import { rowHashes } from '../../frames/row-sum/row-hashes.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { RowsBelow } from './passed-files.ts';

/** The maximum number of rows that are compared. More rows are only counted. */
const mostCompared = 1_000_000;
/** The limits for the newest earlier files that are read: their number and their total bytes. */
const mostBefore = { files: 16, bytes: 256 * 1024 * 1024 };

export interface RowsBelowRequest {
  readonly files: readonly FileInfo[];
  readonly before: readonly FileInfo[];
  readonly column: Pick<Watermark, 'column' | 'type'>;
  /** The columns that identify rows; empty: all columns together. */
  readonly key: readonly string[];
  /** Reads the rows of a file below the window. `from` not null: only rows that are not below `from`. */
  read(info: FileInfo, from: Watermark | null): AsyncIterable<Frame>;
}

interface Rows extends Omit<RowsBelow, 'repeats'> {
  /** The hashes of the rows; null: too many rows. */
  readonly hashes: ReadonlySet<bigint> | null;
}

export async function rowsBelow({ files, before, column, key, read }: RowsBelowRequest): Promise<readonly RowsBelow[]> {
  const found: Rows[] = [];
  for (const info of files) found.push(await rowsOf(read(info, null), { column, key }));
  const open = new Set(found.flatMap(({ hashes }) => [...(hashes ?? [])]));
  const froms = found.flatMap(({ range }) => range?.from ?? []).toSorted(compareWatermarks);
  let bytes = 0;
  const newestFirst = before.toSorted((a, b) => (a.modifiedAt < b.modifiedAt ? 1 : -1)).slice(0, mostBefore.files);
  for (const info of newestFirst) {
    bytes += info.bytes;
    if (open.size === 0 || bytes > mostBefore.bytes) break;
    for await (const frame of read(info, froms[0] ?? null)) for (const one of await hashesOf(frame, key)) open.delete(one);
  }
  return found.map(({ rows, range, hashes }) => {
    const left = hashes === null ? rows : [...hashes].filter((one) => open.has(one)).length;
    return { rows: left, repeats: hashes !== null && left < hashes.size, range: left === 0 ? null : range };
  });
}

async function rowsOf(frames: AsyncIterable<Frame>, { column, key }: Pick<RowsBelowRequest, 'column' | 'key'>): Promise<Rows> {
  let rows = 0;
  let range: RowsBelow['range'] = null;
  const hashes = new Set<bigint>();
  for await (const frame of frames) {
    rows += frame.rows;
    const values = await frame.extremes(column);
    if (values) {
      const [from, to] = [
        { ...column, text: values.min },
        { ...column, text: values.max },
      ];
      range = {
        from: range !== null && compareWatermarks(range.from, from) < 0 ? range.from : from,
        to: range !== null && compareWatermarks(range.to, to) > 0 ? range.to : to,
      };
    }
    if (rows <= mostCompared) for (const one of await hashesOf(frame, key)) hashes.add(one);
  }
  return { rows, range, hashes: rows > mostCompared ? null : hashes };
}

function hashesOf(frame: Frame, key: readonly string[]): Promise<BigInt64Array> {
  const own = frame.schema.columns.filter(({ name }) => key.includes(name));
  return rowHashes(frame, own.length === key.length && key.length > 0 ? own : frame.schema.columns);
}
