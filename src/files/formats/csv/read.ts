import type { Frame } from '../../../engine/contracts.ts';
import { HomeError } from '../../../errors/hygge-error.ts';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import { arrow, type DataFrame, type LazyDataFrame, type Polars, polars } from '../../../frames/native.ts';
import { PolarsFrame } from '../../../frames/polars-frame.ts';
import { polarsType } from '../../../frames/polars-type.ts';
import type { Rejected } from '../../../frames/rejected.ts';
import type { Schema } from '../../../frames/schema.ts';
import type { FileSource, Format } from '../../format.ts';
import { windowFilter } from '../../window-filter.ts';
import { isRanged, utf8Stream } from './head.ts';
import { IpcBuffer } from './ipc-buffer.ts';
import { type Opened, openedOf } from './opened.ts';
import { filledRows, type WantedColumn, wantedColumns } from './rows.ts';
import { RangedText, StreamedText, type Text } from './text.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** Rows of ours go to Polars so many bytes at a time: small enough to be copied within the processor's own memory. */
export const batchBytes = 4 * 1024 * 1024;
/** Then they are put together to frames of about this size. */
const usualFrame = 16 * 1024 * 1024;

/** See `Format.read`. */
export async function* readFrames(request: ReadRequest): AsyncGenerator<Frame | Rejected> {
  const { source, window, frameRows, frameBytes } = request;
  const opened = openedOf(request.content);
  const names = request.columns ?? opened.columns.map(({ name }) => name);
  const extra = window.column !== null && !names.includes(window.column.column) ? [window.column.column] : [];
  const wanted = wantedColumns(opened, [...names, ...extra]);
  checkWindow(wanted, request);
  const text = textOf(source, opened, request.from, request.to);
  const isFull = (rows: number, bytes: number): boolean => rows >= frameRows || bytes >= batchBytes;
  const { badRows } = opened.reading;
  const gathered = new Gathered({ request, names, opened, wanted });
  try {
    for await (const { rows, rejected } of filledRows({ source, opened, text, wanted, signal: request.signal, isFull, badRows })) {
      if (rejected.length > 0) yield { rejected, keep: badRows === 'quarantine' };
      if (rows > 0) await gathered.take(rows);
      if (gathered.rows >= frameRows || gathered.bytes >= Math.min(frameBytes, usualFrame)) yield* await gathered.frames();
    }
    yield* await gathered.frames();
  } finally {
    if (text instanceof StreamedText) await text.close();
  }
}

/** The text between two places of the file; of a stream, all of it behind the header. */
export function textOf(source: FileSource, { storage, dialect, reading, firstRow }: Opened, from: number, to: number): Text {
  const options = { source, newline: dialect.newline, chunkBytes: reading.chunkBytes };
  if (isRanged(storage)) return new RangedText(options, from, to);
  return new StreamedText(options, utf8Stream(source, storage), firstRow);
}

/** What the decoders hold, as Polars data (floats as the texts they are); they are empty afterwards. */
export async function takenFrom(wanted: readonly WantedColumn[], rows: number, buffer: IpcBuffer): Promise<DataFrame> {
  const A = await arrow();
  const children = wanted.map(({ decoder }) => decoder.finish(A));
  const names = wanted.map(({ column }) => column.name);
  const data = await buffer.read(names, children, rows);
  for (const { decoder } of wanted) decoder.values.clear();
  return data;
}

interface Gathering {
  readonly request: ReadRequest;
  readonly names: readonly string[];
  readonly opened: Opened;
  readonly wanted: readonly WantedColumn[];
}

/** Batches that become a frame together. */
class Gathered {
  rows = 0;
  bytes = 0;
  readonly #of: Gathering;
  readonly #buffer = new IpcBuffer();
  #batches: DataFrame[] = [];
  #nulls: number[];

  constructor(of: Gathering) {
    this.#of = of;
    this.#nulls = of.wanted.map(() => 0);
  }

  /** What the decoders hold. */
  async take(rows: number): Promise<void> {
    const { wanted } = this.#of;
    this.bytes += wanted.reduce((sum, { decoder }) => sum + decoder.values.bytes, 0);
    this.rows += rows;
    this.#nulls = wanted.map(({ decoder }, index) => (this.#nulls[index] ?? 0) + decoder.values.nulls);
    this.#batches.push(await takenFrom(wanted, rows, this.#buffer));
  }

  /** The rows of the window, in frames of at most `frameRows`; nothing is left afterwards. */
  async frames(): Promise<readonly Frame[]> {
    const { request, names, opened, wanted } = this.#of;
    const { rows, bytes } = this;
    if (rows === 0) return [];
    const pl = await polars();
    const plan = await numbered(joined(pl, this.#batches), wanted);
    const nulls = this.#nulls;
    this.#batches = [];
    this.#nulls = wanted.map(() => 0);
    this.rows = this.bytes = 0;
    const schema = schemaOf(opened, names);
    const filter = windowFilter(pl, request.window);
    if (filter === undefined && rows <= request.frameRows && wanted.length === names.length)
      return [PolarsFrame.lazy({ schema, plan, rows, bytes, facts: { nulls } })];
    const kept = await (filter === undefined ? plan : plan.filter(filter)).select(...names).collect();
    return slices(kept, request.frameRows).map((data) => PolarsFrame.of({ schema, data, bytes: Math.ceil((bytes / rows) * data.height) }));
  }
}

function joined(pl: typeof Polars, batches: readonly DataFrame[]): LazyDataFrame {
  const [only] = batches;
  return only !== undefined && batches.length === 1
    ? only.lazy()
    : pl.concat(
        batches.map((batch) => batch.lazy()),
        { rechunk: false },
      );
}

/** Texts of floats become the numbers they are written for. */
export async function numbered(plan: LazyDataFrame, wanted: readonly WantedColumn[]): Promise<LazyDataFrame> {
  const pl = await polars();
  // An expression for all columns of a type: each is an object of some two hundred functions.
  const casts = (['float32', 'float64'] as const).flatMap((kind) => {
    const names = wanted.filter(({ column }) => column.type.kind === kind).map(({ column }) => column.name);
    const type = polarsType(pl, { kind });
    return names.length === 0 || type === undefined ? [] : [pl.col([...names]).cast(type, true)];
  });
  return casts.length === 0 ? plan : plan.withColumns(...casts);
}

function slices(data: DataFrame, rows: number): readonly DataFrame[] {
  const height = data.height;
  if (height <= rows) return height === 0 ? [] : [data];
  return Array.from({ length: Math.ceil(height / rows) }, (_, index) => data.slice(index * rows, rows));
}

function schemaOf({ columns }: Opened, names: readonly string[]): Schema {
  const byName = new Map(columns.map(({ name, type }) => [name, { name, type, nullable: true }]));
  return { columns: names.flatMap((name) => byName.get(name) ?? []) };
}

function checkWindow(wanted: readonly WantedColumn[], { window, source }: ReadRequest): void {
  if (window.column === null) return;
  const { column: name, type } = window.column;
  const found = wanted.find(({ column }) => column.name === name)?.column.type;
  if (found && sameType(found, type)) return;
  throw new HomeError({
    code: 'HYG-3112',
    what: found
      ? `Column ${name} of ${source.name} is ${describeType(found)}, not ${describeType(type)}.`
      : `${source.name} has no column ${JSON.stringify(name)}.`,
    tryThis: ['Move files of different shape in entities of their own', `Or give the type: types: {${name}: ${describeType(type)}}`],
  });
}
