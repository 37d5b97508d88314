import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { arrow, type DataFrame, polars } from '../../frames/native.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { PolarsFrame } from '../../frames/values/polars-frame.ts';
import { memberText, type Rejected, type RejectedRow } from '../../frames/values/rejected-rows.ts';
import { toPolars } from '../../frames/values/to-polars.ts';
import { compressionOf } from '../bytes/compression.ts';
import { joined } from '../bytes/concat-frames.ts';
import type { Lexer } from '../bytes/json-lexer.ts';
import type { Format } from '../contract/format.ts';
import { windowFilter } from '../contract/window-filter.ts';
import { type DecodedColumn, Decoder, decodedSchema } from './decoder.ts';
import { badRow, beyondTheLook } from './errors.ts';
import { feed } from './feed.ts';
import type { DecodedFrames, Done } from './jobs.ts';
import { LineNumbers } from './line-number.ts';
import type { LineRange } from './lines.ts';
import { declaredFor, type LookSettings } from './look-settings.ts';
import { onWorkers } from './on-workers.ts';
import { columnsOf } from './opened-file.ts';
import type { PinnedColumn } from './pinned.ts';
import { type BadPlace, looksLikeDocument } from './record-sink.ts';
import { type FrameSize, mostRejected, RowSink } from './row-sink.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** How many bytes of text are read at a time, whatever the size of a frame is. */
const chunkBytes = 4 * 1024 * 1024;
const threadChunkBytes = 2 * 1024 * 1024;
/** The approximate size of a frame, in bytes. Larger frames settle faster, so the chunks of threads are combined into frames of this size. */
const usualFrame = 8 * 1024 * 1024;

/** See `Format.read`. */
export async function* readRecords(how: LookSettings, request: ReadRequest): AsyncGenerator<Frame | Rejected> {
  const { source, signal, from, to } = request;
  const compression = await compressionOf(source, how.compression);
  await using lines = new LineNumbers(source, compression);
  const handing: Handing = { lines, how, request };
  const columns = decodedColumns(how, columnsOf(request.content), request);
  const isByThreads = how.isLines && source.bytes >= how.threads.from;
  const chunk = Math.min(isByThreads ? threadChunkBytes : chunkBytes, request.frameBytes);
  const range = { source, compression, from, to, chunkBytes: chunk };
  for await (const collected of isByThreads ? gathered(byThreads(range, columns, handing), request) : here(range, columns, handing)) {
    signal.throwIfAborted();
    yield* handedOver(collected, handing);
    // Buffers of native code are released only when the event loop turns.
    await setImmediate();
  }
}

/** Some decoded rows in memory. */
interface Batch {
  readonly schema: Schema;
  readonly data: DataFrame;
  readonly rows: number;
  /** The estimated number of bytes. */
  readonly bytes: number;
  /** The number of nulls in each column. */
  readonly nulls: readonly number[];
}

/** Rows that were collected, and the rows that were rejected between them. */
interface CollectedRows {
  readonly rejected: readonly BadPlace[];
  readonly frames: readonly PolarsFrame[];
}

interface CollectedBatches {
  readonly rejected: readonly BadPlace[];
  readonly batches: readonly Batch[];
}

async function* here(range: LineRange, columns: readonly DecodedColumn[], { how, request }: Handing): AsyncGenerator<CollectedRows> {
  const A = await arrow();
  const records = how.isLines ? null : how.reading.records;
  let sink: RowSink | undefined;
  const make = (lexer: Lexer): RowSink => {
    sink = new RowSink(new Decoder(A, lexer, columns), sizeOf(how, request));
    return sink;
  };
  for await (const _ of feed({ ...range, records }, make)) {
    yield sink?.isFull ? await collectedBy(sink) : nothing;
  }
  if (sink) yield await collectedBy(sink);
}

const nothing: CollectedRows = { rejected: [], frames: [] };

async function collectedBy(sink: RowSink): Promise<CollectedRows> {
  const { decoder, rejected } = sink;
  const { schema, rows, bytes } = decoder;
  sink.begin();
  if (rows === 0) return { rejected, frames: [] };
  const data = await toPolars(decoder.take());
  decoder.clear();
  return { rejected, frames: [PolarsFrame.of({ schema, data, bytes })] };
}

async function* byThreads(
  range: LineRange,
  columns: readonly DecodedColumn[],
  { how, request }: Handing,
): AsyncGenerator<CollectedBatches> {
  const [jobs, pl] = await Promise.all([import('./jobs.ts'), polars()]);
  const schema = decodedSchema(columns);
  const given = { ...sizeOf(how, request), columns: JSON.stringify(columns) };
  yield* onWorkers(range, { threads: how.threads.these, ahead: range.compression === 'none' ? 0 : 1 }, async (lease, lines, bytes) => {
    const { answer, output } = await lease.run<Done<DecodedFrames> | undefined>(jobs, 'decode', { given: { ...given, lines }, bytes });
    if (answer === undefined) return undefined;
    let from = 0;
    const { frames, rejected } = answer.done;
    const batches = frames.map(({ to, rows, bytes, nulls }) => {
      const data = pl.readIPCStream(output.subarray(from, to));
      from = to;
      return { schema, data, rows, bytes, nulls };
    });
    return { ...answer, done: { rejected, batches } };
  });
}

/** Combines small frames into one. */
async function* gathered(all: AsyncIterable<CollectedBatches>, { frameRows, frameBytes }: ReadRequest): AsyncGenerator<CollectedRows> {
  const most = Math.min(frameBytes, usualFrame);
  let [batches, rows, bytes]: [Batch[], number, number] = [[], 0, 0];
  for await (const { rejected, batches: more } of all) {
    if (rejected.length > 0) yield { rejected, frames: [] };
    for (const batch of more) {
      if (rows > 0 && (rows + batch.rows > frameRows || bytes + batch.bytes > most)) {
        yield { rejected: [], frames: await together(batches, rows, bytes) };
        [batches, rows, bytes] = [[], 0, 0];
      }
      batches.push(batch);
      rows += batch.rows;
      bytes += batch.bytes;
    }
  }
  if (rows > 0) yield { rejected: [], frames: await together(batches, rows, bytes) };
}

/** Joins batches as a plan. Copied rows would count as memory twice, and the garbage collector would run twice as often. */
async function together(batches: readonly Batch[], rows: number, bytes: number): Promise<readonly PolarsFrame[]> {
  const [first] = batches;
  if (first === undefined) return [];
  const { schema } = first;
  const nulls = schema.columns.map((_, column) => batches.reduce((sum, batch) => sum + (batch.nulls[column] ?? 0), 0));
  const plan = await joined(batches.map(({ data }) => data));
  return [PolarsFrame.lazy({ schema, plan, rows, bytes, facts: { nulls } })];
}

function sizeOf({ badRows }: LookSettings, { frameRows, frameBytes }: ReadRequest): FrameSize {
  return { frameRows, frameBytes, stopsAtBad: badRows === 'fail' };
}

interface Handing {
  readonly lines: LineNumbers;
  readonly how: LookSettings;
  readonly request: ReadRequest;
}

async function* handedOver({ rejected: bad, frames }: CollectedRows, { lines, how, request }: Handing): AsyncGenerator<Frame | Rejected> {
  const { partly } = request;
  // For a declared type, another look at the records would change nothing.
  const unfit = bad.find(
    ({ unfit, reason }) =>
      ((unfit === 'name' && partly !== undefined) || (unfit === 'kind' && partly === 'names and kinds')) &&
      declaredFor(how, reason) === undefined,
  );
  if (unfit) {
    const { line, name } = await lines.placeAt(unfit.offset);
    throw beyondTheLook({ place: `${how.row} ${line} of ${name}`, reason: unfit.reason });
  }
  const [first] = bad;
  if (first && how.badRows === 'fail') {
    const isDocument = how.isLines && how.row === 'Line' && looksLikeDocument(first);
    const { name: file, line } = await lines.placeAt(first.offset);
    throw badRow({ row: how.row, file, line, reason: first.reason, isDocument, declared: declaredFor(how, first.reason) });
  }
  for (let at = 0; at < bad.length; at += mostRejected) {
    const rejected: RejectedRow[] = [];
    for (const { offset, reason, text } of bad.slice(at, at + mostRejected)) {
      const { name, line } = await lines.placeAt(offset);
      rejected.push({ source: name, line, reason, text });
    }
    yield { rejected, keep: how.badRows === 'quarantine', textOf: memberText };
  }
  for (const frame of frames) {
    if (partly) await mustBeNull(frame, request);
    const inside = await inWindow(frame, request);
    if (inside.rows > 0) yield inside;
  }
}

/** Throws if a column has a value although it had none when the types were decided. */
async function mustBeNull(frame: PolarsFrame, { source, content }: ReadRequest): Promise<void> {
  const unseen = columnsOf(content).filter(({ type }) => type.kind === 'null');
  if (unseen.length === 0) return;
  const nulls = await frame.nullCounts();
  for (const { name } of unseen) {
    const at = frame.schema.columns.findIndex((column) => column.name === name);
    if (at >= 0 && nulls[at] !== frame.rows)
      throw beyondTheLook({ place: source.name, reason: `column ${name} has values, and had none before` });
  }
}

/** The columns to decode: the requested columns and the window’s column. All other columns are skipped. */
function decodedColumns(
  how: LookSettings,
  all: readonly PinnedColumn[],
  { columns, window, partly }: ReadRequest,
): readonly DecodedColumn[] {
  return all.map((column) => ({
    ...column,
    skipped: columns !== null && !columns.includes(column.name) && window.column?.column !== column.name,
    asWritten: partly === 'names and kinds' && !how.reading.declared.has(column.name),
    loose: how.reading.declared.has(column.name) || (how.reading.mixed === 'string' && holdsText(column.type)),
  }));
}

/** Whether a column of text accepts values of other kinds, as `mixed: string` requires. */
function holdsText({ kind }: DataType): boolean {
  return kind === 'string' || kind === 'null' || kind === 'list' || kind === 'struct';
}

/** Keeps only the rows of the window and the requested columns. */
async function inWindow(frame: PolarsFrame, { window, columns }: ReadRequest): Promise<PolarsFrame> {
  const pl = await polars();
  const filter = windowFilter(pl, window);
  const schema: Schema = columns === null ? frame.schema : { columns: frame.schema.columns.filter(({ name }) => columns.includes(name)) };
  const isWhole = schema.columns.length === frame.schema.columns.length;
  if (!filter && isWhole) return frame;
  let plan = await frame.lazy();
  if (filter) plan = plan.filter(filter);
  if (!isWhole) plan = plan.select(...schema.columns.map(({ name }) => name));
  const data = await plan.collect();
  const bytes = frame.rows === 0 ? 0 : Math.ceil((frame.bytes * data.height) / frame.rows);
  return PolarsFrame.of({ schema, data, bytes });
}
