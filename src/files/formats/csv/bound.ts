/** The watermark column of a whole file: there are no statistics, so its rows are gone through, this column alone. */
import { extremesOf } from '../../../frames/extremes.ts';
import { polars } from '../../../frames/native.ts';
import type { Watermark } from '../../../frames/watermark.ts';
import { compareWatermarks, describeWatermarkType } from '../../../frames/watermark-text.ts';
import type { FileContent, FileSource, Format } from '../../format.ts';
import { windowFilter } from '../../home/window-filter.ts';
import { noSuchColumn } from './errors.ts';
import { openedOf } from './opened-file.ts';
import { textOf } from './read.ts';
import { filledRows, placesOf } from './rows.ts';

type MaxRequest = Parameters<Format['max']>[0];
type NullsRequest = Parameters<Format['nulls']>[0];

interface Bound {
  readonly max: Watermark | undefined;
  readonly nulls: number;
}

/** Both are wanted of the same file, one after the other. */
const gone = new WeakMap<FileContent, Map<string, Promise<Bound>>>();

/** See `Format.max`. */
export async function largest({ source, content, column, cap }: MaxRequest): Promise<Watermark | undefined> {
  return (await once(source, content, column, cap)).max;
}

/** See `Format.nulls`. */
export async function countNulls({ source, content, column }: NullsRequest): Promise<number> {
  const known = gone.get(content);
  const [any] = [...(known ?? [])].filter(([key]) => key.startsWith(`${JSON.stringify(column)} `)).map(([, bound]) => bound);
  return (await (any ?? once(source, content, column, null))).nulls;
}

function once(source: FileSource, content: FileContent, column: string, cap: string | null): Promise<Bound> {
  const known = gone.get(content) ?? new Map<string, Promise<Bound>>();
  gone.set(content, known);
  const key = `${JSON.stringify(column)} ${cap ?? ''}`;
  const bound = known.get(key) ?? goThrough(source, content, column, cap);
  known.set(key, bound);
  return bound;
}

async function goThrough(source: FileSource, content: FileContent, name: string, cap: string | null): Promise<Bound> {
  const opened = openedOf(content);
  const wanted = placesOf(opened, [name]);
  const [only] = wanted.flatMap((place) => opened.columns[place] ?? []);
  if (!only)
    throw noSuchColumn(
      source.name,
      name,
      opened.columns.map((column) => column.name),
    );
  const { type } = only;
  describeWatermarkType(type, name);
  const pl = await polars();
  const edge = cap === null ? null : { text: cap, inclusive: true };
  const filter = windowFilter(pl, { column: { column: name, type }, lower: null, upper: edge, nulls: 'exclude' });
  const text = textOf(source, opened, content.pieces[0]?.from ?? 0, source.bytes);
  const { signal } = new AbortController();
  const badRows = opened.reading.badRows === 'fail' ? 'fail' : 'skip';
  let max: Watermark | undefined;
  let nulls = 0;
  for await (const { batches } of filledRows({ source, opened, text, wanted, signal, frameRows: Number.MAX_SAFE_INTEGER, badRows })) {
    for (const batch of batches) {
      nulls += batch.nulls[0] ?? 0;
      const data = batch.data.lazy();
      const found = await extremesOf(filter ? data.filter(filter) : data, { column: name, type });
      const candidate = found && { column: name, type, text: found.max };
      if (candidate && (max === undefined || compareWatermarks(candidate, max) > 0)) max = candidate;
    }
  }
  return { max, nulls };
}
