import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../../engine/contracts.ts';
import { type Arrow, arrow, polars } from '../../../frames/native.ts';
import { PolarsFrame } from '../../../frames/polars-frame.ts';
import type { Rejected, RejectedRow } from '../../../frames/rejected.ts';
import type { DataType, Schema } from '../../../frames/schema.ts';
import { toPolars } from '../../../frames/to-polars.ts';
import { compressionOf } from '../../compressed.ts';
import type { Format } from '../../format.ts';
import { windowFilter } from '../../window-filter.ts';
import { type DecodedColumn, Decoder } from './decoder.ts';
import { badRow } from './errors.ts';
import { feed } from './feed.ts';
import type { Lexer } from './lexer.ts';
import { LineNumbers } from './line-number.ts';
import { columnsOf } from './opened.ts';
import type { PinnedColumn } from './pinned.ts';
import type { Looking } from './sample.ts';
import { type BadPlace, looksLikeDocument, type RecordTaker } from './taker.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** Text is read in pieces of so many bytes, whatever a frame takes. */
const chunkBytes = 4 * 1024 * 1024;
/** So much becomes one frame; what builds it, carries it and takes it holds it for a moment at the same time. */
const enoughBytes = 6 * 1024 * 1024;
/** Rejected rows are handed on in groups. */
const mostRejected = 512;

/** See `Format.read`. */
export async function* readRecords(how: Looking, request: ReadRequest): AsyncGenerator<Frame | Rejected> {
  const { source, signal } = request;
  const A = await arrow();
  const columns = decodedColumns(how, columnsOf(request.content), request);
  const compression = await compressionOf(source, how.compression);
  await using lines = new LineNumbers(source, compression);
  const records = how.isLines ? null : how.reading.records;
  let taker: RowTaker | undefined;
  const make = (lexer: Lexer): RowTaker => {
    taker = new RowTaker(new Decoder(A, lexer, columns), request, how.badRows);
    return taker;
  };
  const { from, to } = request;
  for await (const _ of feed({ source, compression, records, from, to, chunkBytes: Math.min(chunkBytes, request.frameBytes) }, make)) {
    signal.throwIfAborted();
    if (taker?.isFull) yield* handedOver(taker, { lines, how, request });
    // Buffers of native code are given back only when the event loop turns.
    await setImmediate();
  }
  if (taker) yield* handedOver(taker, { lines, how, request });
}

interface Handing {
  readonly lines: LineNumbers;
  readonly how: Looking;
  readonly request: ReadRequest;
}

async function* handedOver(taker: RowTaker, { lines, how, request }: Handing): AsyncGenerator<Frame | Rejected> {
  const { source } = request;
  for (const bad of taker.rejected) {
    if (how.badRows === 'fail')
      throw badRow({
        file: source.name,
        line: await lines.at(bad.offset),
        reason: bad.reason,
        isDocument: how.isLines && looksLikeDocument(bad),
      });
  }
  for (let first = 0; first < taker.rejected.length; first += mostRejected) {
    const rejected: RejectedRow[] = [];
    for (const { offset, reason, text } of taker.rejected.slice(first, first + mostRejected))
      rejected.push({ source: source.name, line: await lines.at(offset), reason, text });
    yield { rejected, keep: how.badRows === 'quarantine' };
  }
  taker.rejected.length = 0;
  taker.isFull = false;
  if (taker.decoder.rows === 0) return;
  const frame = await inWindow(await taker.frame(), request);
  if (frame.rows > 0) yield frame;
}

/** Collects rows until a frame is full. */
class RowTaker implements RecordTaker {
  readonly decoder: Decoder;
  readonly rejected: BadPlace[] = [];
  /** Time to hand over. */
  isFull = false;
  readonly #frameRows: number;
  readonly #frameBytes: number;
  readonly #stopsAtBad: boolean;

  constructor(decoder: Decoder, request: ReadRequest, badRows: Looking['badRows']) {
    this.decoder = decoder;
    this.#frameRows = request.frameRows;
    this.#frameBytes = Math.min(enoughBytes, request.frameBytes);
    this.#stopsAtBad = badRows === 'fail';
  }

  record(): void {
    this.decoder.record();
  }

  keep(): boolean {
    const { decoder } = this;
    decoder.keep();
    this.isFull ||= decoder.rows >= this.#frameRows || (decoder.rows % 64 === 0 && decoder.bytes >= this.#frameBytes);
    return this.isFull;
  }

  undo(): void {
    this.decoder.undo();
  }

  bad(place: BadPlace): boolean {
    this.rejected.push(place);
    this.isFull ||= this.#stopsAtBad || this.rejected.length >= mostRejected;
    return this.isFull;
  }

  async frame(): Promise<PolarsFrame> {
    const { decoder } = this;
    const bytes = decoder.bytes;
    const table: Arrow.Table = decoder.take();
    const data = await toPolars(table);
    decoder.clear();
    return PolarsFrame.of({ schema: decoder.schema, data, bytes });
  }
}

/** The columns to decode: those that are wanted and the window's; the others are passed by. */
function decodedColumns(how: Looking, all: readonly PinnedColumn[], { columns, window }: ReadRequest): readonly DecodedColumn[] {
  return all.map((column) => ({
    ...column,
    skipped: columns !== null && !columns.includes(column.name) && window.column?.column !== column.name,
    loose: how.reading.declared.has(column.name) || (how.reading.mixed === 'string' && holdsText(column.type)),
  }));
}

/** Texts that take what is none, as `mixed: string` wants it. */
function holdsText({ kind }: DataType): boolean {
  return kind === 'string' || kind === 'null' || kind === 'list' || kind === 'struct';
}

/** Only the rows of the window, and only the columns that were asked for. */
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
