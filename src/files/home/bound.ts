/** Finds the newest value and the nulls of a column in one file. The column may be in the file, in the name of its folder, or missing. */
import { everything, type Window } from '../../engine/contracts/home.ts';
import type { Format } from '../../formats/contract/format.ts';
import { sameType } from '../../frames/describe-type.ts';
import { polars } from '../../frames/native.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { dayBefore } from '../../frames/times/text-order.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import { withArrow } from '../../frames/values/from-polars.ts';
import { asPolars, type PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../../frames/watermark-text.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { PartitionValue } from '../paths/partition-values.ts';
import type { OpenedFile } from './opened-files.ts';

export interface FileColumn {
  readonly file: OpenedFile;
  /** The column, as the home describes it. */
  readonly column: Pick<Column, 'name' | 'type'>;
  readonly folders: readonly PartitionValue[];
  readonly format: Format;
  readonly scratch: Scratch;
}

/** Returns the upper limit for values, as a literal of the given type. Null: no limit. */
export type WatermarkCap = (type: DataType) => string | null;

export const uncapped: WatermarkCap = () => null;

/** The newest and the oldest value of a column in a file. `oldest` null: unknown without a read of the whole file. */
export interface ValueRange {
  readonly newest: Watermark;
  readonly oldest: Watermark | null;
}

/** The largest value up to the cap, as a value of the home’s column type. */
export async function newestIn(of: FileColumn, cap: WatermarkCap): Promise<Watermark | undefined> {
  return (await rangeIn(of, cap))?.newest;
}

export async function rangeIn(of: FileColumn, cap: WatermarkCap): Promise<ValueRange | undefined> {
  const { file, column, format, scratch } = of;
  const { source, content } = file;
  const folder = of.folders.find(({ name }) => name === column.name);
  if (folder) {
    const value = folder.text === null || content.rows === 0 ? undefined : { column: column.name, type: column.type, text: folder.text };
    return value && !isBeyond(value, cap(column.type)) ? { newest: value, oldest: value } : undefined;
  }
  const own = content.schema.columns.find(({ name }) => name === column.name);
  if (!own || own.type.kind === 'null') return undefined;
  const found = await format.max({ source, content, column: column.name, cap: cap(own.type), scratch });
  if (!found) return undefined;
  const as = (text: string) => parseWatermark(text, { column: column.name, type: column.type });
  const { max, min } = found;
  return { newest: sameType(own.type, column.type) ? max : as(max.text), oldest: min === null ? null : as(min) };
}

/** The smallest value, as a value of the home’s column type; undefined: the file has no value. */
export async function oldestIn({ file, column, folders, format, scratch }: FileColumn): Promise<Watermark | undefined> {
  const { source, content } = file;
  const folder = folders.find(({ name }) => name === column.name);
  if (folder) return folder.text === null ? undefined : { column: column.name, type: column.type, text: folder.text };
  const own = content.schema.columns.find(({ name }) => name === column.name);
  if (!own) return undefined;
  const of = { column: own.name, type: own.type };
  const { signal } = new AbortController();
  const size = { frameBytes: 32 * 1024 * 1024, frameRows: Number.MAX_SAFE_INTEGER };
  let oldest: Watermark | undefined;
  for (const { from, to } of content.pieces) {
    for await (const read of format.read({
      source,
      content,
      from,
      to,
      window: everything,
      columns: [own.name],
      scratch,
      signal,
      ...size,
    })) {
      const text = 'rejected' in read ? undefined : (await extremesOf(await asPolars(read).lazy(), of))?.min;
      if (text !== undefined && (!oldest || compareWatermarks(oldest, { type: own.type, text }) > 0)) oldest = { ...of, text };
    }
  }
  return oldest && parseWatermark(oldest.text, { column: column.name, type: column.type });
}

export function isBeyond(value: Pick<Watermark, 'type' | 'text'>, cap: string | null): boolean {
  return cap !== null && compareWatermarks(value, { type: value.type, text: cap }) > 0;
}

/** The number of rows with a value beyond the cap, in a file that has such rows. Pieces whose statistics exclude such rows are not read. */
export async function countBeyond({ file, column, folders, format, scratch }: FileColumn, cap: WatermarkCap): Promise<number> {
  const { source, content } = file;
  const folder = folders.find(({ name }) => name === column.name);
  if (folder && content.rows !== null) return content.rows;
  const own = content.schema.columns.find(({ name }) => name === column.name);
  const [first] = content.schema.columns;
  const text = own && cap(own.type);
  const bounds =
    folder || !own || text == null ? null : { column: { column: own.name, type: own.type }, lower: { text, inclusive: false } };
  const window: Window = {
    column: null,
    lower: null,
    ...bounds,
    upper: null,
    nulls: bounds ? 'exclude' : 'include',
    seen: null,
    changedFiles: 'fail',
  };
  const columns = own ? [own.name] : first ? [first.name] : [];
  const { signal } = new AbortController();
  const within = await format.within({ source, content, window });
  let rows = 0;
  for (const [i, { from, to }] of content.pieces.entries()) {
    if (within[i] === false) continue;
    const size = { frameBytes: 32 * 1024 * 1024, frameRows: Number.MAX_SAFE_INTEGER };
    for await (const read of format.read({ source, content, from, to, window, columns, scratch, signal, ...size })) {
      if (!('rejected' in read)) rows += read.rows;
    }
  }
  return rows;
}

/** The number of nulls in the column. If all values are null but the file does not show how many rows it has, the result is 1. */
export async function countColumnNulls({ file, column, folders, format, scratch }: FileColumn): Promise<number> {
  const { source, content } = file;
  const folder = folders.find(({ name }) => name === column.name);
  if (folder) return folder.text === null ? (content.rows ?? 1) : 0;
  if (!content.schema.columns.some(({ name }) => name === column.name)) return content.rows ?? 1;
  return format.nulls({ source, content, column: column.name, scratch });
}

/** How many of the newest values and of the oldest values in each frame are read. */
const looksAt = 1_000;

/** Values of the column as texts, from the parts of the file that may have rows of the newest day. */
export async function timeTextsIn({ file, column, folders, format, scratch }: FileColumn, newest: string): Promise<readonly string[]> {
  const { source, content } = file;
  const own = content.schema.columns.find(({ name }) => name === column.name);
  const from = dayBefore(newest);
  if (own?.type.kind !== 'string' || from === undefined || folders.some(({ name }) => name === column.name)) return [];
  const bounds = { column: { column: own.name, type: own.type }, lower: { text: from, inclusive: true } } as const;
  const rest = { upper: null, nulls: 'exclude', seen: null, changedFiles: 'fail' } as const;
  const within = await format.within({ source, content, window: { ...bounds, ...rest } });
  const window: Window = { column: null, lower: null, ...rest, nulls: 'include' };
  const { signal } = new AbortController();
  const size = { frameBytes: 32 * 1024 * 1024, frameRows: Number.MAX_SAFE_INTEGER };
  const texts: string[] = [];
  for (const [i, piece] of content.pieces.entries()) {
    if (within[i] === false) continue;
    const { from, to } = piece;
    for await (const read of format.read({ source, content, from, to, window, columns: [own.name], scratch, signal, ...size }))
      if (!('rejected' in read)) texts.push(...(await endsOf(asPolars(read), own.name)));
  }
  return texts;
}

async function endsOf(frame: PolarsFrame, column: string): Promise<readonly string[]> {
  const pl = await polars();
  const sorted = await (await frame.lazy())
    .select(pl.col(column).unique())
    .sort([pl.col(column)])
    .collect();
  return withArrow(sorted, (table) => {
    const vector = table.getChild(column);
    const values = Array.from({ length: sorted.height }, (_, at) => at).filter((at) => at < looksAt || at >= sorted.height - looksAt);
    return values.flatMap((at) => (vector?.get(at) as string | null | undefined) ?? []);
  });
}
