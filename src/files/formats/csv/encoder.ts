import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../../engine/contracts/contracts.ts';
import { piecesOf } from '../../../frames/from-polars.ts';
import type { DataFrame } from '../../../frames/native.ts';
import { letGoOfBytes } from '../../../frames/native-bytes.ts';
import { asPolars } from '../../../frames/polars-frame.ts';
import { takenInOrder } from '../../bytes/column-order.ts';
import { Compressing } from '../../bytes/compressed.ts';
import { mustBeOf } from '../../bytes/encoder-errors.ts';
import type { EncodeOptions, FileEncoder } from '../../format.ts';
import { Tally } from '../../store/tally.ts';
import { refusingNulls, turnIntoWritten } from './as-written.ts';
import { alwaysQuoted, inQuotes } from './quoting.ts';
import { refuseColumns } from './refusals.ts';
import type { Writing } from './writing.ts';

/** Of a frame, so much at a time becomes text. */
const writtenAtOnce = 6 * 1024 * 1024;
/** Rows of a piece of text, for each processor. */
const batchSize = 24_576;

/** Frames → one CSV file, compressed or not, in one pass. */
export class CsvEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #writing: Writing;
  readonly #refuseNulls: ReturnType<typeof refusingNulls>;
  readonly #quoted: readonly boolean[] | undefined;
  readonly #compressing: Compressing;
  readonly #tally: Tally;
  #headed = false;

  /** Throws HYG-4301 when a column can't be one field of a CSV file. */
  constructor(options: EncodeOptions, writing: Writing) {
    refuseColumns(options.schema.columns);
    this.#options = options;
    this.#writing = writing;
    this.#refuseNulls = refusingNulls(options.schema.columns, writing);
    this.#quoted = alwaysQuoted(options.schema.columns, writing);
    this.#compressing = new Compressing(writing.compression);
    this.#tally = new Tally(options);
  }

  async *add(frame: Frame): AsyncIterable<Uint8Array> {
    const { schema } = this.#options;
    const own = asPolars(frame);
    mustBeOf(schema, own);
    if (own.rows === 0) return;
    const data = await takenInOrder(own, schema);
    await this.#tally.add(data);
    yield* this.#out(this.#header());
    const rows = Math.max(1, Math.floor((own.rows * writtenAtOnce) / Math.max(1, own.bytes)));
    for (let from = 0; from < own.rows; from += rows) {
      for (const piece of await this.#textOf(data.slice(from, rows))) {
        yield* this.#out(piece);
        letGoOfBytes(piece);
      }
      // Memory of native code is given back only when the event loop turns.
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

  async #textOf(data: DataFrame): Promise<readonly Buffer[]> {
    const { delimiter, nullValue, lineEnding } = this.#writing;
    await turnIntoWritten(data, this.#options.schema.columns);
    await this.#refuseNulls(data);
    const how = { includeHeader: false, separator: delimiter, nullValue, lineTerminator: lineEnding, batchSize };
    const pieces = piecesOf((collecting) => data.writeCSV(collecting, how));
    const quoted = this.#quoted;
    if (quoted === undefined) return pieces;
    return pieces.map((piece) => {
      const text = inQuotes(piece, quoted, this.#writing);
      letGoOfBytes(piece);
      return text;
    });
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
