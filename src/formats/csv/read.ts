import type { Frame } from '../../engine/contracts/frame.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import { type DataFrame, type LazyDataFrame, polars } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import { joined } from '../bytes/concat-frames.ts';
import type { FileSource, Format } from '../contract/format.ts';
import { windowFilter } from '../contract/window-filter.ts';
import type { CsvColumn } from './columns/decoder.ts';
import { isRanged, utf8Stream } from './file-start.ts';
import { type OpenedCsv, openedOf } from './opened-file.ts';
import { type Batch, fieldTextsOf, filledRows, indexesOfColumns } from './rows.ts';
import { RangedText, StreamedText, type Text } from './text.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** The approximate size of a frame, in bytes. Batches are combined into frames of this size. */
const usualFrame = 7 * 1024 * 1024;

/** See `Format.read`. */
export async function* readFrames(request: ReadRequest): AsyncGenerator<Frame | Rejected> {
  const { source, window, frameRows, frameBytes } = request;
  const opened = openedOf(request.content);
  const names = request.columns ?? opened.columns.map(({ name }) => name);
  const extra = window.column !== null && !names.includes(window.column.column) ? [window.column.column] : [];
  const wanted = indexesOfColumns(opened, [...names, ...extra]);
  const columns = wanted.flatMap((place) => opened.columns[place] ?? []);
  checkWindow(columns, request);
  const text = textOf(source, opened, request.from, request.to);
  const { badRows } = opened.reading;
  const gathered = new FrameBatches({ request, names, columns });
  try {
    for await (const { batches, rejected } of filledRows({ source, opened, text, wanted, signal: request.signal, frameRows, badRows })) {
      if (rejected.length > 0) yield { rejected, keep: badRows === 'quarantine', textOf: fieldTextsOf(opened) };
      for (const batch of batches) {
        gathered.take(batch);
        if (gathered.rows >= frameRows || gathered.bytes >= Math.min(frameBytes, usualFrame)) yield* await gathered.frames();
      }
    }
    yield* await gathered.frames();
  } finally {
    if (text instanceof StreamedText) await text.close();
  }
}

/** The text between two positions of the file. For a stream: all text after the header. */
export function textOf(source: FileSource, { storage, dialect, reading, firstRow }: OpenedCsv, from: number, to: number): Text {
  const options = { source, newline: dialect.newline, chunkBytes: reading.chunkBytes };
  if (isRanged(storage)) return new RangedText(options, from, to);
  return new StreamedText(options, utf8Stream(source, storage), firstRow);
}

interface FrameRequest {
  readonly request: ReadRequest;
  readonly names: readonly string[];
  /** The columns that were requested, and the column of the window. */
  readonly columns: readonly CsvColumn[];
}

/** Collects batches until they together make a frame. */
class FrameBatches {
  rows = 0;
  bytes = 0;
  readonly #of: FrameRequest;
  #batches: DataFrame[] = [];
  #nulls: number[];

  constructor(of: FrameRequest) {
    this.#of = of;
    this.#nulls = of.columns.map(() => 0);
  }

  take({ data, rows, bytes, nulls }: Batch): void {
    this.bytes += bytes;
    this.rows += rows;
    this.#nulls = this.#nulls.map((before, index) => before + (nulls[index] ?? 0));
    this.#batches.push(data);
  }

  /** The rows of the collected batches that are in the window, in frames of at most `frameRows`. The batches are dropped afterwards. */
  async frames(): Promise<readonly Frame[]> {
    const { request, names, columns } = this.#of;
    const { rows, bytes } = this;
    if (rows === 0) return [];
    const pl = await polars();
    const plan = await numbered(await joined(this.#batches), columns);
    const nulls = this.#nulls;
    this.#batches = [];
    this.#nulls = columns.map(() => 0);
    this.rows = this.bytes = 0;
    const schema = schemaOf(request.content, names);
    const filter = windowFilter(pl, request.window);
    if (filter === undefined && rows <= request.frameRows && columns.length === names.length)
      return [PolarsFrame.lazy({ schema, plan, rows, bytes, facts: { nulls } })];
    const kept = await (filter === undefined ? plan : plan.filter(filter)).select(...names).collect();
    return slices(kept, request.frameRows).map((data) => PolarsFrame.of({ schema, data, bytes: Math.ceil((bytes / rows) * data.height) }));
  }
}

/** Turns the texts of float32 columns into numbers. */
export async function numbered(plan: LazyDataFrame, columns: readonly CsvColumn[]): Promise<LazyDataFrame> {
  const names = columns.filter(({ type }) => type.kind === 'float32').map(({ name }) => name);
  if (names.length === 0) return plan;
  const pl = await polars();
  return plan.withColumns(pl.col(names).cast(pl.Float32, true));
}

function slices(data: DataFrame, rows: number): readonly DataFrame[] {
  const height = data.height;
  if (height <= rows) return height === 0 ? [] : [data];
  return Array.from({ length: Math.ceil(height / rows) }, (_, index) => data.slice(index * rows, rows));
}

function schemaOf({ schema: { columns } }: ReadRequest['content'], names: readonly string[]): Schema {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return { columns: names.flatMap((name) => byName.get(name) ?? []) };
}

function checkWindow(columns: readonly CsvColumn[], { window, source }: ReadRequest): void {
  if (window.column === null) return;
  const { column: name, type } = window.column;
  const found = columns.find((column) => column.name === name)?.type;
  if (found && sameType(found, type)) return;
  throw new HomeError({
    code: 'HYG-3112',
    what: found
      ? `Column ${name} of ${source.name} is ${describeType(found)}, not ${describeType(type)}.`
      : `${source.name} has no column ${JSON.stringify(name)}.`,
    tryThis: ['Move files with other columns into separate entities', `Or name the type: types: {${name}: ${describeType(type)}}`],
  });
}
