/** Reads a binary COPY … TO STDOUT into frames. Columns of plain types are decoded column by column, and other columns value by value. Rows whose values nothing needs are not decoded. */

import { isUtf8 } from 'node:buffer';
import { firstDay, lastDay } from '../../frames/calendar.ts';
import type { Cell } from '../../frames/cell.ts';
import type { Column } from '../../frames/schema.ts';
import {
  type BoolWriter,
  type BytesWriter,
  type CellsWriter,
  type ColumnWriter,
  type FrameWriter,
  frameWriter,
  type Int16Writer,
  type WordsWriter,
} from '../../frames/values/column-writers.ts';
import { type ExactBounds, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { NulledValues, type Rejected } from '../../frames/values/rejected-rows.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import { type ReadOptions, SourceChangedSincePlan, type SourceColumn, SpecialValue, UnheldValue } from '../engine.ts';
import { unheldValue } from '../errors.ts';
import { wireOf } from '../source-columns.ts';
import type { PostgresSession } from './connect.ts';
import { type Block, Blocks } from './copy/blocks.ts';
import type { Folded } from './copy/folds.ts';
import { RowMessages } from './copy/messages.ts';
import { type ColumnLoop, columnLoop } from './copy/plain-columns.ts';
import { foldedBlock, type UntouchedColumns, UntouchedRows, untouchedColumns } from './copy/untouched-rows.ts';
import { daysTo2000, dayUs, isWithinYears, shiftHigh, shiftLow, surelyWithinYears, usTo2000 } from './since-2000.ts';
import type { Wire } from './types.ts';

export async function* rows(
  session: PostgresSession,
  sql: string,
  columns: readonly SourceColumn[],
  options: ReadOptions,
): AsyncGenerator<PolarsFrame | Rejected> {
  const { schema, specialValues, batchRows, place, signal } = options;
  const nulled = new NulledValues(columns);
  const encoding = await session.serverEncoding();
  const usual = {
    ...{ columns, special: specialValues === 'fail' ? null : (column: number) => nulled.add(column) },
    isUnchecked: encoding === 'SQL_ASCII',
  };
  const decoding = new BlockDecoder({ ...usual, writer: await frameWriter(schema), places: columns.map((_, place) => place) });
  const decodingOf = async (names: readonly string[]): Promise<BlockDecoder> => {
    const places = names.map((name) => schema.columns.findIndex((column) => column.name === name));
    const writer = await frameWriter({ columns: places.map((place) => schema.columns[place] as Column) });
    return new BlockDecoder({ ...usual, writer, places });
  };
  const blocks = new Blocks();
  const frames = new BlockFrames({
    decoding,
    decodingOf,
    blocks,
    columns: encoding === 'UTF8' ? untouchedColumns(columns) : undefined,
    options,
  });
  let copied: { readonly handBack: (rest: Buffer) => void; readonly rows: number | undefined } | undefined;
  const messages = new RowMessages({ columns: columns.length, blocks, handBack: (rest) => copied?.handBack(rest) });
  const stop = () => session.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const bytes of session.copyOut(`COPY (${sql}) TO STDOUT (FORMAT binary)`, (copy) => {
      copied = copy;
    })) {
      signal.throwIfAborted();
      messages.put(bytes);
      while (messages.look(batchRows)) yield await frames.of(messages.take());
    }
    messages.end(copied?.rows);
    if (messages.waiting > 0) yield await frames.of(messages.take());
    yield* nulled.told();
  } catch (error) {
    if (error instanceof UnheldValue)
      throw unheldValue({
        place,
        column: columns[decoding.column]?.name ?? '',
        said: error.message,
        isSpecial: error instanceof SpecialValue,
      });
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface FramesOptions {
  readonly decoding: BlockDecoder;
  /** A decoder that decodes only these columns, in this order. */
  decodingOf(names: readonly string[]): Promise<BlockDecoder>;
  readonly blocks: Blocks;
  /** How rows are sent untouched. Undefined: rows of these columns are always decoded. */
  readonly columns: UntouchedColumns | undefined;
  readonly options: ReadOptions;
}

/** Makes blocks into frames. The rows of a frame are decoded only when something needs their values. */
class BlockFrames {
  readonly #of: FramesOptions;
  /** The number of frames that were not decoded at first, and the number of those that were decoded later. */
  #untouched = 0;
  #touched = 0;
  readonly #inPart = new Map<string, Promise<BlockDecoder>>();

  constructor(of: FramesOptions) {
    this.#of = of;
  }

  async of(block: Block): Promise<PolarsFrame> {
    const { decoding, blocks, columns } = this.#of;
    const isUntouched = this.#untouched < 2 || this.#touched * 2 < this.#untouched;
    const totals = columns !== undefined && isUntouched ? foldedBlock(block, columns) : undefined;
    if (columns !== undefined && totals !== undefined) return this.#asItCame(new UntouchedRows(block, { ...columns, totals, blocks }));
    const frame = decoding.frame(block);
    blocks.giveBack(block);
    return frame;
  }

  #asItCame(stored: UntouchedRows): PolarsFrame {
    this.#untouched++;
    let isTouched = false;
    const { decoding, options } = this.#of;
    const { schema, watermark } = options;
    const { rows, totals } = stored;
    const at = schema.columns.findIndex(({ name }) => name === watermark);
    const plan = async () => {
      if (!isTouched) this.#touched++;
      isTouched = true;
      return (await decoding.frame(stored.block)).lazy();
    };
    const bounds = (name: string) => (name === watermark ? boundsOf(schema.columns[at], totals[at]) : undefined);
    const columns = async (names: readonly string[]) => (await (await this.#decodingOf(names)).frame(stored.block)).collect();
    const facts = { nulls: totals.map(({ nulls }) => nulls), bounds, stored, columns };
    return PolarsFrame.lazy({ schema, plan, rows, bytes: stored.messages.length, facts });
  }

  #decodingOf(names: readonly string[]): Promise<BlockDecoder> {
    const key = JSON.stringify(names);
    const known = this.#inPart.get(key) ?? this.#of.decodingOf(names);
    this.#inPart.set(key, known);
    return known;
  }
}

function boundsOf(column: Column | undefined, folded: Folded | undefined): ExactBounds | undefined {
  if (column === undefined || typeof folded?.min !== 'bigint' || typeof folded.max !== 'bigint') return undefined;
  return { min: watermarkText(column.type, folded.min), max: watermarkText(column.type, folded.max), areValues: true };
}

/** How the values of a column are decoded. */
interface Decoding {
  /** The position of the column in a row. */
  readonly place: number;
  /** Decodes all values of a block at once. Undefined: the type is not plain. */
  readonly loop: ColumnLoop | undefined;
  /** Decodes one value where it is in the block. */
  readonly decode: Decode;
  /** Decodes one value like `decode`, but a special value is an error. */
  readonly decodeUsual: Decode;
  /** The server has not checked the column’s texts, because a database without an encoding may have any bytes. */
  readonly isUnchecked: boolean;
}

/** Decodes the rows of blocks into columns. */
export class BlockDecoder {
  /** The column that is being decoded. */
  column = 0;
  readonly #writer: FrameWriter;
  readonly #columns: readonly Decoding[];
  /** The number of columns of a row. */
  readonly #width: number;

  constructor(of: {
    readonly columns: readonly SourceColumn[];
    /** The positions of the decoded columns in a row, in the writer’s order. */
    readonly places: readonly number[];
    readonly writer: FrameWriter;
    /** Called for each special value, which is read as null. Null: special values are errors. */
    readonly special: ((column: number) => void) | null;
    readonly isUnchecked: boolean;
  }) {
    const { writer, special } = of;
    this.#writer = writer;
    this.#width = of.columns.length;
    this.#columns = of.places.map((place, at) => {
      const column = of.columns[place] as SourceColumn;
      const [wire, into] = [wireOf<Wire>(column), writer.writers[at] as ColumnWriter];
      const isUnchecked = of.isUnchecked && (column.type.kind === 'string' || column.type.kind === 'json');
      return {
        ...{ place, loop: isUnchecked ? undefined : columnLoop(wire, into), isUnchecked },
        ...{ decode: decoder(wire, into, special === null ? null : () => special(place)), decodeUsual: decoder(wire, into, null) },
      };
    });
  }

  /** Decodes the rows of a block. The block may be reused after the call. */
  frame(block: Block): Promise<PolarsFrame> {
    if (!this.#byColumns(block)) {
      for (const writer of this.#writer.writers) writer.begin();
      this.#byRows(block);
    }
    return this.#writer.take();
  }

  /** Decodes a block column by column. False: a value needs an error or a warning, which names the first row with such a value. */
  #byColumns(block: Block): boolean {
    const columns = this.#width;
    for (const [at, { loop, place: column }] of this.#columns.entries()) {
      if (loop === undefined ? !this.#byCalls(block, at) : !loop({ block, columns, column })) return false;
    }
    return true;
  }

  /** Decodes a column value by value, with one call for each value. */
  #byCalls(block: Block, column: number): boolean {
    try {
      for (let row = 0; row < block.rows; row++) this.#value(block, row, { column, isUsual: true });
      return true;
    } catch (error) {
      if (error instanceof UnheldValue || error instanceof SourceChangedSincePlan) return false;
      throw error;
    }
  }

  #byRows(block: Block): void {
    for (let row = 0; row < block.rows; row++)
      for (let column = 0; column < this.#columns.length; column++) this.#value(block, row, { column, isUsual: false });
  }

  #value(
    { bytes, view, positions }: Block,
    row: number,
    { column, isUsual }: { readonly column: number; readonly isUsual: boolean },
  ): void {
    const { place, decode, decodeUsual, isUnchecked } = this.#columns[column] as Decoding;
    this.column = place;
    const begin = positions[row * this.#width + place] as number;
    const size = view.getInt32(begin);
    const at = begin + 4;
    if (size < 0) (this.#writer.writers[column] as { null(): void }).null();
    else if (isUnchecked && !isUtf8(bytes.subarray(at, at + size))) throw new UnheldValue('bytes that are not UTF-8');
    else (isUsual ? decodeUsual : decode)(bytes, at, size);
  }
}

// ---- values: each value is decoded where it is in the block, and only lists and structs become JavaScript values

/** Called for each special value, which is read as null. Null: special values are errors. */
type Special = (() => void) | null;

/** Decodes the value that begins at byte `at` and has `length` bytes. */
export type Decode = (bytes: Buffer, at: number, length: number) => void;

/** The database sent something that contradicts its own catalogue. */
export class UnlikeCatalogue extends SourceChangedSincePlan {}

export function decoder(wire: Wire, writer: ColumnWriter, special: Special): Decode {
  const decode = plainDecoder(wire, writer, special);
  if (special === null) return decode;
  return (bytes, at, length) => {
    try {
      decode(bytes, at, length);
    } catch (error) {
      if (!(error instanceof SpecialValue)) throw error;
      writer.null();
      special();
    }
  };
}

function plainDecoder(wire: Wire, into: ColumnWriter, special: Special): Decode {
  switch (wire.as) {
    case 'bool': {
      const writer = into as BoolWriter;
      return (bytes, at, length) => {
        exactly(1, length);
        writer.put(bytes[at] !== 0);
      };
    }
    case 'int2': {
      const writer = into as Int16Writer;
      return (bytes, at, length) => {
        exactly(2, length);
        writer.put(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
      };
    }
    case 'int4':
    case 'oid':
    case 'float4': {
      const writer = into as WordsWriter;
      return (bytes, at, length) => {
        exactly(4, length);
        writer.one(word(bytes, at));
      };
    }
    case 'int8':
    case 'float8': {
      const writer = into as WordsWriter;
      return (bytes, at, length) => {
        exactly(8, length);
        writer.two(word(bytes, at + 4), word(bytes, at));
      };
    }
    case 'money': {
      const writer = into as WordsWriter;
      return (bytes, at, length) => {
        exactly(8, length);
        writer.widest(bytes.readBigInt64BE(at));
      };
    }
    case 'date':
      return dates(into as WordsWriter);
    case 'time':
      return times(into as WordsWriter);
    case 'timestamp':
      return timestamps(into as WordsWriter);
    case 'numeric':
      return numerics(into as WordsWriter, wire);
    case 'bytes': {
      const writer = into as BytesWriter;
      return (bytes, at, length) => writer.from(bytes, at, at + length);
    }
    case 'jsonb': {
      const writer = into as BytesWriter;
      return (bytes, at, length) => {
        jsonbVersion(bytes, at);
        writer.from(bytes, at + 1, at + length);
      };
    }
    case 'uuid': {
      const writer = into as BytesWriter;
      return (bytes, at, length) => {
        exactly(16, length);
        writer.uuid(bytes, at);
      };
    }
    default: {
      const writer = into as CellsWriter;
      return (bytes, at, length) => writer.put(cellOf(wire, bytes, at, length, special));
    }
  }
}

function exactly(expected: number, length: number): void {
  if (length !== expected) throw new UnlikeCatalogue(`${length} bytes arrived where ${expected} were expected`);
}

function word(bytes: Buffer, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}

function jsonbVersion(bytes: Buffer, at: number): void {
  if (bytes[at] !== 1) throw new UnlikeCatalogue(`a jsonb of version ${bytes[at]} arrived`);
}

// ---- dates and times: PostgreSQL counts from 2000 and hygge from 1970, and hygge’s years are 1 to 9999

function dateOf(days: number): number {
  if (days === 0x7fffffff) throw new SpecialValue('infinity');
  if (days === -0x80000000) throw new SpecialValue('-infinity');
  const since1970 = days + daysTo2000;
  if (since1970 < firstDay || since1970 > lastDay) throw new SpecialValue('a date outside of the years 1 to 9999');
  return since1970;
}

function instantOf(us: bigint): bigint {
  if (us === 0x7fffffffffffffffn) throw new SpecialValue('infinity');
  if (us === -0x8000000000000000n) throw new SpecialValue('-infinity');
  if (!isWithinYears(us)) throw new SpecialValue('a time outside of the years 1 to 9999');
  return us + usTo2000;
}

function timeOf(us: bigint): bigint {
  if (us >= BigInt(dayUs)) throw new SpecialValue('24:00:00');
  return us * 1000n;
}

function dates(writer: WordsWriter): Decode {
  return (bytes, at, length) => {
    exactly(4, length);
    writer.one(dateOf(bytes.readInt32BE(at)));
  };
}

function times(writer: WordsWriter): Decode {
  return (bytes, at, length) => {
    exactly(8, length);
    const us = word(bytes, at) * 4_294_967_296 + word(bytes, at + 4);
    if (us >= dayUs) throw new SpecialValue('24:00:00');
    // The product is at most 8.64e13 ns, which a double stores exactly.
    const ns = us * 1000;
    const high = Math.floor(ns / 4_294_967_296);
    writer.two(ns - high * 4_294_967_296, high);
  };
}

function timestamps(writer: WordsWriter): Decode {
  return (bytes, at, length) => {
    exactly(8, length);
    const high = word(bytes, at) | 0;
    if (!surelyWithinYears(high)) {
      const us = instantOf(bytes.readBigInt64BE(at));
      writer.two(Number(us & 0xffffffffn), Number((us >> 32n) & 0xffffffffn));
      return;
    }
    const low = word(bytes, at + 4) + shiftLow;
    writer.two(low, high + shiftHigh + (low > 0xffffffff ? 1 : 0));
  };
}

// ---- numeric: digits in base 10,000, of which the first has the value 10,000 to the power of `weight`

const powers = Array.from({ length: 17 }, (_, n) => 10 ** n);
const bigPowers = Array.from({ length: 80 }, (_, n) => 10n ** BigInt(n));
const powerOf = (exponent: number): bigint => bigPowers[exponent] ?? 10n ** BigInt(exponent);

function numerics(writer: WordsWriter, { precision, scale }: { readonly precision: number; readonly scale: number }): Decode {
  const limit = precision > 15 ? Number.POSITIVE_INFINITY : 10 ** precision;
  return (bytes, at, length) => {
    const digits = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (length !== 8 + digits * 2) throw new UnlikeCatalogue(`${length} bytes arrived for a numeric of ${digits} digits`);
    const weight = bytes.readInt16BE(at + 2);
    const sign = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
    const power = 4 * (weight - digits + 1) + scale;
    if (digits <= 4 && (sign === 0 || sign === 0x4000) && power >= -16 && power <= 15) {
      let value = 0;
      for (let digit = 0, from = at + 8; digit < digits; digit++, from += 2)
        value = value * 10_000 + ((bytes[from] as number) << 8) + (bytes[from + 1] as number);
      // For whole numbers below 2^53, the rounded quotient is a whole number only if the exact quotient is one.
      const unscaled = power >= 0 ? value * (powers[power] as number) : value / (powers[-power] as number);
      if (value <= Number.MAX_SAFE_INTEGER && unscaled <= Number.MAX_SAFE_INTEGER && Number.isInteger(unscaled) && unscaled < limit) {
        writer.wide(sign === 0 ? unscaled : 0 - unscaled);
        return;
      }
    }
    writer.widest(numericOf(bytes, at, { precision, scale }));
  };
}

function numericOf(bytes: Buffer, at: number, { precision, scale }: { readonly precision: number; readonly scale: number }): bigint {
  const digits = bytes.readUInt16BE(at);
  const weight = bytes.readInt16BE(at + 2);
  const sign = bytes.readUInt16BE(at + 4);
  if (sign === 0xc000) throw new SpecialValue('NaN');
  if (sign === 0xd000) throw new SpecialValue('infinity');
  if (sign === 0xf000) throw new SpecialValue('-infinity');
  let value = 0n;
  // Three digits are added at once, because a double can store them exactly.
  for (let digit = 0; digit < digits; digit += 3) {
    const count = Math.min(3, digits - digit);
    let part = 0;
    for (let i = 0; i < count; i++) part = part * 10_000 + bytes.readUInt16BE(at + 8 + (digit + i) * 2);
    value = value * powerOf(count * 4) + BigInt(part);
  }
  const power = 4 * (weight - digits + 1) + scale;
  const factor = powerOf(Math.abs(power));
  if (power < 0 && value % factor !== 0n) throw new UnheldValue(`a number with more than ${scale} digits after the point`);
  const unscaled = power < 0 ? value / factor : value * factor;
  if (unscaled >= powerOf(precision)) throw new UnheldValue(`a number with more than ${precision - scale} digits before the point`);
  return sign === 0x4000 ? -unscaled : unscaled;
}

// ---- arrays and composites

function cellOf(wire: Wire, bytes: Buffer, at: number, length: number, special: Special): Cell {
  switch (wire.as) {
    case 'bool':
      return bytes[at] !== 0;
    case 'int2':
      return bytes.readInt16BE(at);
    case 'int4':
      return bytes.readInt32BE(at);
    case 'oid':
      return bytes.readUInt32BE(at);
    case 'int8':
    case 'money':
      return bytes.readBigInt64BE(at);
    case 'float4':
      return bytes.readFloatBE(at);
    case 'float8':
      return bytes.readDoubleBE(at);
    case 'date':
      return dateOf(bytes.readInt32BE(at));
    case 'time':
      return timeOf(bytes.readBigInt64BE(at));
    case 'timestamp':
      return instantOf(bytes.readBigInt64BE(at));
    case 'numeric':
      return numericOf(bytes, at, wire);
    case 'bytes':
      return bytes.subarray(at, at + length);
    case 'jsonb':
      jsonbVersion(bytes, at);
      return bytes.subarray(at + 1, at + length);
    case 'uuid':
      return uuidOf(bytes.toString('hex', at, at + 16));
    case 'array':
      return arrayOf(wire.item, bytes, at, special);
    case 'record':
      return recordOf(wire.fields, bytes, at, special);
  }
}

const uuidOf = (hex: string) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

function arrayOf(item: Wire, bytes: Buffer, at: number, special: Special): readonly Cell[] {
  const dimensions = bytes.readInt32BE(at);
  if (dimensions === 0) return [];
  if (dimensions > 1) throw new UnheldValue(`an array of ${dimensions} dimensions`);
  const length = bytes.readInt32BE(at + 12);
  const items: Cell[] = [];
  for (let from = at + 20, n = 0; n < length; n++) {
    const size = bytes.readInt32BE(from);
    items.push(inner(item, bytes, from + 4, size, special));
    from += 4 + Math.max(0, size);
  }
  return items;
}

function recordOf(fields: readonly Wire[], bytes: Buffer, at: number, special: Special): readonly Cell[] {
  const count = bytes.readInt32BE(at);
  if (count !== fields.length) throw new UnlikeCatalogue(`${count} fields arrived where ${fields.length} were expected`);
  let from = at + 4;
  return fields.map((field) => {
    const size = bytes.readInt32BE(from + 4);
    const value = inner(field, bytes, from + 8, size, special);
    from += 8 + Math.max(0, size);
    return value;
  });
}

/** A special value inside of a list or struct is read as null, but the list or struct stays. */
function inner(wire: Wire, bytes: Buffer, at: number, size: number, special: Special): Cell {
  if (size < 0) return null;
  try {
    return cellOf(wire, bytes, at, size, special);
  } catch (error) {
    if (special === null || !(error instanceof SpecialValue)) throw error;
    special();
    return null;
  }
}
