import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../../engine/contracts.ts';
import type { DataFrame } from '../../../frames/native.ts';
import { asPolars, type PolarsFrame } from '../../../frames/polars-frame.ts';
import type { Schema } from '../../../frames/schema.ts';
import { Compressing } from '../../compressed.ts';
import { mustBeOf } from '../../encoder-defect.ts';
import type { EncodeOptions, FileEncoder } from '../../format.ts';
import { Tally } from '../../tally.ts';
import { asWritten, refuseValues } from './as-written.ts';
import { refuseColumns } from './refusals.ts';
import type { Writing } from './writing.ts';

/** Of a frame, so much at a time becomes text. */
const writtenAtOnce = 8 * 1024 * 1024;
/** Rows of a piece of text, for each processor. */
const batchSize = 8192;

/** Frames → one CSV file, compressed or not, in one pass. */
export class CsvEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #writing: Writing;
  readonly #compressing: Compressing;
  readonly #tally: Tally;
  #headed = false;

  /** Throws HYG-4301 when a column can't be one field of a CSV file. */
  constructor(options: EncodeOptions, writing: Writing) {
    refuseColumns(options.schema.columns);
    this.#options = options;
    this.#writing = writing;
    this.#compressing = new Compressing(writing.compression);
    this.#tally = new Tally(options);
  }

  async *add(frame: Frame): AsyncIterable<Uint8Array> {
    const { schema } = this.#options;
    const own = asPolars(frame);
    mustBeOf(schema, own);
    if (own.rows === 0) return;
    const data = await inOrder(own, schema);
    await refuseValues(data, schema.columns, this.#writing);
    await this.#tally.add(data);
    const written = await asWritten(data, schema.columns);
    yield* this.#out(this.#header());
    const rows = Math.max(1, Math.floor((own.rows * writtenAtOnce) / Math.max(1, own.bytes)));
    for (let from = 0; from < written.height; from += rows) {
      for (const text of this.#textOf(written.slice(from, rows))) yield* this.#out(text);
      // Buffers of native code are given back only when the event loop turns.
      await setImmediate();
    }
  }

  async *end(): AsyncIterable<Uint8Array> {
    yield* this.#out(this.#header());
    for await (const bytes of this.#compressing.end()) yield this.#counted(bytes);
  }

  summary(): ReturnType<FileEncoder['summary']> {
    return this.#tally.summary();
  }

  /** In pieces as Polars hands them out: put together they would lie in memory twice. */
  #textOf(data: DataFrame): readonly Buffer[] {
    const { delimiter, quoteStyle, nullValue, lineEnding } = this.#writing;
    const pieces: Buffer[] = [];
    const collecting = new Writable({
      write: (piece: Buffer, _encoding, done) => {
        pieces.push(piece);
        done();
      },
    });
    const how = { includeHeader: false, separator: delimiter, quoteStyle, nullValue, lineTerminator: lineEnding, batchSize };
    data.writeCSV(collecting, how);
    return pieces;
  }

  /** Once, before the first row, or alone in a file without rows. */
  #header(): Uint8Array {
    const { header, delimiter, lineEnding, quoteStyle } = this.#writing;
    if (this.#headed || !header) return new Uint8Array(0);
    this.#headed = true;
    const names = this.#options.schema.columns.map(({ name }) => {
      const needs = quoteStyle !== 'necessary' || name === '' || /["\r\n]/.test(name) || name.includes(delimiter);
      return needs ? `"${name.replaceAll('"', '""')}"` : name;
    });
    return Buffer.from(names.join(delimiter) + lineEnding);
  }

  async *#out(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    if (bytes.length === 0) return;
    for await (const ready of this.#compressing.write(bytes)) yield this.#counted(ready);
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.bytes += bytes.length;
    return bytes;
  }
}

/** Source files may hold the same columns in another order. */
async function inOrder(frame: PolarsFrame, { columns }: Schema): Promise<DataFrame> {
  const data = await frame.collect();
  const same = columns.every(({ name }, index) => frame.schema.columns[index]?.name === name);
  return same ? data : data.select(...columns.map(({ name }) => name));
}
