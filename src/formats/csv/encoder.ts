import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { textStoreCodes } from '../../errors/codes/text.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../../frames/native.ts';
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { Column } from '../../frames/schema.ts';
import { dateTexts, instantTexts } from '../../frames/times/time-texts.ts';
import { numberKinds } from '../../frames/values/convert.ts';
import { piecesOf, toArrow } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { takenInOrder } from '../bytes/column-order.ts';
import { Compressor } from '../bytes/compression.ts';
import { mustBeOf } from '../bytes/encoder-errors.ts';
import { base64Texts, type ToTexts, turnIntoTexts } from '../bytes/text-columns.ts';
import type { EncodeOptions, FileEncoder } from '../contract/format.ts';
import { Tally } from '../contract/tally.ts';
import type { CsvStyle } from './style.ts';

/** How many bytes of a frame are turned into text at a time. */
const writtenAtOnce = 6 * 1024 * 1024;
/** How many rows one piece of text has, per processor. */
const batchSize = 24_576;

/** Turns frames into one CSV file, compressed or not, in one pass. */
export class CsvEncoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #writing: CsvStyle;
  readonly #refuseNulls: ReturnType<typeof refusingNulls>;
  readonly #quoted: readonly boolean[] | undefined;
  readonly #compressing: Compressor;
  readonly #tally: Tally;
  #headed = false;

  /** Throws HYG-4301 if a column can’t be one field of a CSV file. */
  constructor(options: EncodeOptions, writing: CsvStyle) {
    refuseColumns(options.schema.columns);
    this.#options = options;
    this.#writing = writing;
    this.#refuseNulls = refusingNulls(options.schema.columns, writing);
    this.#quoted = alwaysQuoted(options.schema.columns, writing);
    this.#compressing = new Compressor(writing.compression);
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
      // The event loop must turn, because only then is the memory of native code released.
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

  /** The header, which is written once, before the first row. A file without rows has only the header. */
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

/** Puts quotes around fields that need none. nodejs-polars accepts a quote style, but its writer ignores the style. */

const quote = 0x22;
const lineFeed = 0x0a;

/** For each column, whether its values are quoted even if they need no quotes. Undefined: no column is quoted in this way. */
function alwaysQuoted(columns: readonly Column[], { quoteStyle }: CsvStyle): readonly boolean[] | undefined {
  if (quoteStyle === 'necessary') return undefined;
  // A duration is written as the number of its units.
  return columns.map(({ type: { kind } }) => quoteStyle === 'always' || !(numberKinds.has(kind) || kind === 'duration'));
}

/**
 * Returns the same records with the fields of `quoted` columns in quotes. Nulls stay unchanged. `text` contains whole records (RFC 4180).
 * The fields that need quotes already have them, so no quote in another field needs doubling.
 */
function inQuotes(text: Uint8Array, quoted: readonly boolean[], { delimiter, lineEnding, nullValue }: CsvStyle): Buffer {
  const separator = delimiter.charCodeAt(0);
  const none = Buffer.from(nullValue);
  // A field and the byte that ends it have at least two bytes, which become at most four.
  const out = Buffer.allocUnsafe(2 * text.length);
  let to = 0;
  let column = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfField(text, at, separator);
    const isLast = text[end] === lineFeed;
    const stop = isLast ? end + 1 - lineEnding.length : end;
    const bare = (quoted[column] ?? false) && text[at] !== quote && !isSame(text, at, stop, none);
    if (bare) out[to++] = quote;
    for (let from = at; from < stop; from++) out[to++] = text[from] ?? 0;
    if (bare) out[to++] = quote;
    for (let from = stop; from <= end; from++) out[to++] = text[from] ?? 0;
    column = isLast ? 0 : column + 1;
    at = end + 1;
  }
  return out.subarray(0, to);
}

/** The position of the separator or line feed that ends the field at `at`. */
function endOfField(text: Uint8Array, at: number, separator: number): number {
  let inside = false;
  let end = at;
  for (; end < text.length; end++) {
    const byte = text[end];
    if (byte === quote) inside = !inside;
    else if (!inside && (byte === separator || byte === lineFeed)) break;
  }
  return end;
}

function isSame(text: Uint8Array, from: number, to: number, other: Uint8Array): boolean {
  if (to - from !== other.length) return false;
  for (let at = 0; at < other.length; at++) if (text[from + at] !== other[at]) return false;
  return true;
}

/** Turns values into a text form of hygge, if Polars would write them in another form or not at all. */

/**
 * Turns the columns of a frame, in place, into values that Polars writes in hygge’s form. The caller must own the frame. Instants become
 * UTC with a Z, durations become the number of their units, and bytes become base64. Throws HYG-4302 for dates and instants that no reader
 * would read.
 */
async function turnIntoWritten(data: DataFrame, columns: readonly Column[]): Promise<void> {
  const pl = await polars();
  for (const [index, { name, type }] of columns.entries())
    if (type.kind === 'duration') data.replaceAtIdx(index, data.getColumn(name).cast(pl.Int64));
  await turnIntoTexts(data, columns, toTexts);
}

const toTexts: ToTexts = (column) => {
  const { type } = column;
  if (type.kind === 'binary') return base64Texts;
  if (type.kind !== 'date' && type.kind !== 'timestamp') return undefined;
  return (data) => {
    const texts = type.kind === 'date' ? dateTexts(data) : instantTexts(data, type.unit, type.zone === undefined ? '' : 'Z');
    if (texts === undefined) throw unwritable(column, 'The value is outside of the years 1 to 9999.', []);
    return texts;
  };
};

const texts: ReadonlySet<string> = new Set(['string', 'json', 'uuid', 'binary']);
/** How the values of all other types begin. */
const otherwise = /^(?:[-\d]|inf|NaN|true|false)/;

/**
 * Returns a function that checks data from `turnIntoWritten`. The function throws HYG-4302 for a value that would be read back as null. The
 * expressions are made once, because each needs a quarter of a megabyte for its functions.
 */
function refusingNulls(columns: readonly Column[], { nullValue }: CsvStyle): (data: DataFrame) => Promise<void> {
  const suspects = otherwise.test(nullValue) ? columns : columns.filter(({ type }) => texts.has(type.kind));
  if (nullValue === '' || suspects.length === 0) return async () => undefined;
  let looks: Promise<readonly Expr[]> | undefined;
  return async (data) => {
    looks ??= polars().then((pl) => suspects.map((column) => writtenOf(pl, column).eq(pl.lit(nullValue)).any()));
    const plan = data.lazy().select(...(await looks));
    const table = await toArrow(await plan.collect());
    const bad = suspects.find((_, index) => table.getChildAt(index)?.get(0) === true);
    if (bad === undefined) return;
    throw unwritable(bad, `A value is written as ${nullValue}, the text that null_value sets for nulls.`, ['Choose another null_value']);
  };
}

function writtenOf(pl: typeof Polars, { name, type }: Column): Expr {
  return type.kind === 'time' ? pl.col(name).dt.strftime('%H:%M:%S%.9f') : pl.col(name).cast(pl.String);
}

/** The errors for values that CSV can’t hold without loss. */

/** Throws HYG-4301 for columns of lists and structs. */
function refuseColumns(columns: readonly Column[]): void {
  const nested = columns.find(({ type }) => type.kind === 'list' || type.kind === 'struct');
  if (nested === undefined) return;
  throw new StoreError({
    code: 'HYG-4301',
    what: `Column ${nested.name} is ${describeType(nested.type)}, which a field of a CSV file can't hold.`,
    tryThis: [`Leave the column out: exclude: [${nested.name}] in home`, 'Or settle as parquet or ndjson: format: parquet'],
  });
}

function unwritable(column: Column, why: string, tryThis: readonly string[]): StoreError {
  return new StoreError({
    code: 'HYG-4302',
    what: `Column ${column.name} (${describeType(column.type)}) holds a value that can't be written as CSV.`,
    why: [why],
    tryThis: [...tryThis, ...textStoreCodes['HYG-4302'].tryThis],
  });
}
