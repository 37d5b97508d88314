import { describeType } from '../../frames/describe-type.ts';
import { polars } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { readColumnType } from '../../frames/type-text.ts';
import { extremesOf } from '../../frames/values/extremes.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, describeWatermarkType } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { compressedExtensions } from '../bytes/compression.ts';
import type { FileContent, FileSource, Format } from '../contract/format.ts';
import { windowFilter } from '../contract/window-filter.ts';
import { sharedThreads } from '../threads/threads.ts';
import { cutFile } from './cut.ts';
import { CsvEncoder } from './encoder.ts';
import { noSuchColumn } from './errors.ts';
import { inspectFile, openedOf } from './opened-file.ts';
import { type CsvHomeOptions, readingOf, type ThreadsFrom } from './options.ts';
import type { PinnedCsv } from './pinned.ts';
import { readFrames, textOf } from './read.ts';
import { filledRows, indexesOfColumns } from './rows.ts';
import { sampleFiles } from './sample.ts';
import { type CsvStoreOptions, type CsvStyle, writingOf } from './style.ts';

/** The size of a piece. Two pieces at once, with everything that is made from them, need far less memory than a run may use. */
const pieceBytes = 16 * 1024 * 1024;

/** In a smaller file, threads cost more time than they save. */
const threadsFrom = 16 * 1024 * 1024;

/** The CSV format. hygge’s own code splits and decodes the text instead of a library, so that one grammar decides the value of each field. */
export function csvFormat(
  options: Readonly<Record<string, unknown>>,
  sizes: { readonly chunkBytes?: number; readonly pieceBytes?: number; readonly threads?: ThreadsFrom } = {},
): Format {
  const reading = readingOf(options as CsvHomeOptions, {
    ...sizes,
    threads: sizes.threads ?? { these: sharedThreads(), from: threadsFrom },
  });
  const writing = writingOf(options as CsvStoreOptions);
  return {
    id: 'csv',
    rowPerLine: true,
    extension: `.csv${compressedExtensions[writing.compression]}`,
    extensions: ['.csv', '.tsv', '.csv.gz', '.tsv.gz', '.csv.zst', '.tsv.zst'],
    sample: (request) => sampleFiles(request, reading),
    inspect: (source, pinned) => inspectFile(source, pinned, reading),
    cut: (request) => cutFile(request, sizes.pieceBytes ?? pieceBytes),
    within: async ({ content }) => content.pieces.map(() => true),
    read: readFrames,
    max: largest,
    nulls: countNulls,
    style: { header: writing.header, delimiter: writing.delimiter, nullValue: writing.nullValue },
    styleOf: (schema) => styleOf(writing, schema) as unknown as Json,
    encoder: (request) => new CsvEncoder(request, writing),
    rereading: async ({ schema, style }) => {
      const written = (style as unknown as SettledStyle | undefined) ?? styleOf(writing, schema);
      const own = columnsIn(written, schema);
      return {
        format: csvFormat(homeKeysFor(written, own) as Readonly<Record<string, unknown>>, sizes),
        pinned: pinnedFor(written, own) as unknown as Json,
      };
    },
  };
}

/** Reads files back that the store wrote, so that each value stays the same. */

/** How a settled file is written. The head stores this style. */
interface SettledStyle extends Pick<CsvStyle, 'header' | 'delimiter' | 'nullValue'> {
  /** The names of the file’s columns, in the order of the file. Only for a file without a header. */
  readonly columns?: readonly string[];
}

function styleOf({ header, delimiter, nullValue }: CsvStyle, { columns }: Schema): SettledStyle {
  return { header, delimiter, nullValue, ...(header ? {} : { columns: columns.map(({ name }) => name) }) };
}

/** The columns of a file without a header, in the order of the file. If a column no longer settles, only its name is known, so it is read as text. */
function columnsIn({ columns: names }: SettledStyle, schema: Schema): Schema {
  if (names === undefined) return schema;
  const settled = new Map(schema.columns.map((column) => [column.name, column]));
  return { columns: names.map((name) => settled.get(name) ?? { name, type: { kind: 'string' }, nullable: true }) };
}

/** The home keys that read these files. The types are the settled types, so nothing is guessed. */
function homeKeysFor({ delimiter, header, nullValue }: SettledStyle, { columns }: Schema): CsvHomeOptions {
  const types = columns.map(({ name, type }) => [name, describeType(type)] as const);
  return {
    delimiter,
    header: header ? true : columns.map(({ name }) => name),
    encoding: 'utf-8',
    types: Object.fromEntries(types.filter(([, type]) => 'type' in readColumnType(type))),
    ...(nullValue === '' ? {} : { null_values: [nullValue] }),
  };
}

function pinnedFor({ delimiter, header }: SettledStyle, { columns }: Schema): PinnedCsv {
  return { version: 1, delimiter, header, loneReturns: false, columns: columns.map(({ name, type }) => ({ name, type })) };
}

/** Finds the largest value and the nulls of the watermark column. CSV has no statistics, so all rows of the file are read, but only this column. */

type MaxRequest = Parameters<Format['max']>[0];
type NullsRequest = Parameters<Format['nulls']>[0];

interface Bound {
  readonly range: Awaited<ReturnType<Format['max']>>;
  readonly nulls: number;
}

/** The results for each file. The caller requests both the largest value and the nulls of a file, one after the other. */
const gone = new WeakMap<FileContent, Map<string, Promise<Bound>>>();

/** See `Format.max`. */
async function largest({ source, content, column, cap }: MaxRequest): ReturnType<Format['max']> {
  return (await once(source, content, column, cap)).range;
}

/** See `Format.nulls`. */
async function countNulls({ source, content, column }: NullsRequest): Promise<number> {
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
  const wanted = indexesOfColumns(opened, [name]);
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
  let [max, min]: (Watermark | undefined)[] = [];
  let nulls = 0;
  for await (const { batches } of filledRows({ source, opened, text, wanted, signal, frameRows: Number.MAX_SAFE_INTEGER, badRows })) {
    for (const batch of batches) {
      nulls += batch.nulls[0] ?? 0;
      const data = batch.data.lazy();
      const found = await extremesOf(filter ? data.filter(filter) : data, { column: name, type });
      if (found === undefined) continue;
      const [largest, smallest] = [found.max, found.min].map((value): Watermark => ({ column: name, type, text: value }));
      if (largest && (max === undefined || compareWatermarks(largest, max) > 0)) max = largest;
      if (smallest && (min === undefined || compareWatermarks(smallest, min) < 0)) min = smallest;
    }
  }
  return { range: max && { max, min: min?.text ?? null }, nulls };
}
