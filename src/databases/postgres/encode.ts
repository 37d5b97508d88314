/** Frames as `COPY … FROM STDIN (FORMAT binary)` takes them, encoded column by column: no row is ever an object. */
import type { Arrow } from '../../frames/native.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { bytesOf, childOf, isNullAt, type Nulls, nullsOf, offsetsOf } from '../arrow-cells.ts';
import { documentOf, NotInJson } from '../documents.ts';
import { refusedValue } from '../writing-errors.ts';

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);

const rowsAtOnce = 4_096;
/** So many rows are put together only when they are not larger. One row alone may be. */
const bytesAtOnce = 1_048_576;

/** The table as a whole, with header and trailer. Each piece is its own memory. */
export function* copyData(table: Arrow.Table, columns: readonly Column[]): Generator<Buffer> {
  yield header;
  let before = 0;
  for (const { data, numRows } of table.batches) {
    const encoders = columns.map((column, at) => cellEncoder(column, childOf(data, at), before));
    for (let from = 0; from < numRows; from += rowsAtOnce) yield* rowsEncoded(encoders, from, Math.min(numRows, from + rowsAtOnce));
    before += numRows;
  }
  yield trailer;
}

function* rowsEncoded(encoders: readonly Encoder[], from: number, to: number): Generator<Buffer> {
  const at = new Float64Array(to - from + 1);
  let each = 2;
  for (const encoder of encoders) each += encoder.sizes(at, from, to);
  for (let i = 0; i < to - from; i++) at[i + 1] = (at[i] ?? 0) + each + (at[i + 1] ?? 0);
  const total = at[to - from] ?? 0;
  if (total > bytesAtOnce && to - from > 1) {
    const middle = from + ((to - from) >> 1);
    yield* rowsEncoded(encoders, from, middle);
    yield* rowsEncoded(encoders, middle, to);
    return;
  }
  const bytes = Buffer.allocUnsafeSlow(total);
  const sink: Sink = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  for (let i = 0; i < to - from; i++) {
    sink.view.setInt16(at[i] ?? 0, encoders.length);
    at[i] = (at[i] ?? 0) + 2;
  }
  for (const encoder of encoders) encoder.fill(sink, at, from, to);
  yield bytes;
}

function putCell(sink: Sink, at: number, encoder: Pick<Encoder, 'isNull' | 'size' | 'put'>, row: number): number {
  if (encoder.isNull(row)) {
    sink.view.setInt32(at, -1);
    return at + 4;
  }
  const size = encoder.size(row);
  sink.view.setInt32(at, size);
  encoder.put(sink, at + 4, row);
  return at + 4 + size;
}

interface Sink {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Writes the length of a cell and moves on behind it. @param size -1: null. @returns where its value goes; -1: it has none. */
function begun(view: DataView, at: Float64Array, cell: number, size: number): number {
  const start = at[cell] ?? 0;
  view.setInt32(start, size);
  at[cell] = start + 4 + Math.max(size, 0);
  return size < 0 ? -1 : start + 4;
}

interface Values {
  /** Of every value; absent: each has its own. */
  readonly width?: number;
  /** Bytes of the value, without its length. */
  size(row: number): number;
  put(sink: Sink, at: number, row: number): void;
  /**
   * The same for a column's rows in one go, each behind its length, and `at` moved on. Loops of their own for what most columns are: in one that
   * all share, each value is three calls that nothing can be known of.
   */
  fill?(sink: Sink, at: Float64Array, rows: { readonly from: number; readonly to: number; readonly nulls: Nulls }): void;
}

interface Encoder {
  isNull(row: number): boolean;
  size(row: number): number;
  put(sink: Sink, at: number, row: number): void;
  /** Adds the bytes of each cell, with its length, behind the place of its row. @returns what every cell has beside that. */
  sizes(at: Float64Array, from: number, to: number): number;
  fill(sink: Sink, at: Float64Array, from: number, to: number): void;
}

/** @param before rows of the frame before this batch, for messages. */
function cellEncoder(column: Pick<Column, 'name' | 'type'>, data: Arrow.Data, before: number): Encoder {
  const isEmpty = column.type.kind === 'null';
  const nulls = nullsOf(data, isEmpty);
  const isNull = (row: number) => isNullAt(nulls, row);
  const values = isEmpty ? nothing : valuesOf(column.type, data, { column: column.name, before, isNull });
  const size = (row: number) => (isNullAt(nulls, row) ? 0 : values.size(row));
  const { width } = values;
  const encoder: Encoder = {
    ...{ isNull, size, put: (sink, at, row) => values.put(sink, at, row) },
    sizes(at, from, to) {
      if (width !== undefined && nulls === undefined) return 4 + width;
      if (width === undefined) for (let row = from; row < to; row++) at[row - from + 1] = (at[row - from + 1] ?? 0) + size(row);
      else for (let row = from; row < to; row++) if (!isNullAt(nulls, row)) at[row - from + 1] = (at[row - from + 1] ?? 0) + width;
      return 4;
    },
    fill(sink, at, from, to) {
      if (values.fill) values.fill(sink, at, { from, to, nulls });
      else for (let row = from; row < to; row++) at[row - from] = putCell(sink, at[row - from] ?? 0, encoder, row);
    },
  };
  return encoder;
}

const nothing: Values = { width: 0, size: () => 0, put: () => undefined };

interface Place {
  readonly column: string;
  readonly before: number;
  isNull(row: number): boolean;
}

function valuesOf(type: DataType, data: Arrow.Data, place: Place): Values {
  switch (type.kind) {
    case 'bool':
      return boolValues(data);
    case 'int8':
    case 'uint8':
    case 'int16':
      return numbers(2, data, (view, at, value) => view.setInt16(at, value));
    case 'uint16':
    case 'int32':
      return int32Values(data);
    case 'uint32':
      return numbers(8, data, putInt64);
    case 'float32':
      return numbers(4, data, (view, at, value) => view.setFloat32(at, value));
    case 'float64':
      return float64Values(data);
    case 'int64':
      return int64Values(data);
    case 'uint64':
      return decimalValues(0, (row) => (data.values as BigUint64Array)[row] ?? 0n);
    case 'decimal':
      return decimalValues(type.scale, decimalsOf(data));
    case 'string':
      mustHaveNoNul(data, place);
      return textValues(data, 0);
    case 'json':
      mustHaveNoNul(data, place);
      return textValues(data, 1);
    case 'binary':
      return textValues(data, 0);
    case 'uuid':
      return uuidValues(data, place);
    case 'date':
      return numbers(4, data, (view, at, value, row) => view.setInt32(at, dateOf(value, place, row)));
    case 'timestamp':
      return timestamps(type.unit === 'ms' ? 1_000 : type.unit === 'us' ? 1 : 0, data, place);
    case 'time':
      return microseconds(data, place, 0);
    case 'duration':
      return durations(type.unit === 'ms' ? 1_000 : 1, data);
    case 'struct':
      return documentValues(type, data, place);
    case 'list':
      if (type.item.kind === 'list' || type.item.kind === 'struct') return documentValues(type, data, place);
      return listValues(type.item, data, place);
    default:
      throw new RangeError(`${place.column} is ${type.kind}, which no column holds`);
  }
}

const two32 = 4_294_967_296;

/** Whole numbers that a double holds. */
function putInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / two32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * two32);
}

function boolValues(data: Arrow.Data): Values {
  const bits = data.values as Uint8Array;
  const { offset } = data;
  return {
    width: 1,
    size: () => 1,
    put: ({ bytes }, at, row) => {
      bytes[at] = ((bits[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1;
    },
  };
}

function numbers(width: number, data: Arrow.Data, put: (view: DataView, at: number, value: number, row: number) => void): Values {
  const values = data.values as Int32Array | Float64Array;
  return { width, size: () => width, put: ({ view }, at, row) => put(view, at, values[row] ?? 0, row) };
}

function int32Values(data: Arrow.Data): Values {
  const values = data.values as Int32Array | Uint16Array;
  return {
    width: 4,
    size: () => 4,
    put: ({ view }, at, row) => view.setInt32(at, values[row] ?? 0),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 4);
        if (next >= 0) view.setInt32(next, values[row] ?? 0);
      }
    },
  };
}

function float64Values(data: Arrow.Data): Values {
  const values = data.values as Float64Array;
  return {
    width: 8,
    size: () => 8,
    put: ({ view }, at, row) => view.setFloat64(at, values[row] ?? 0),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
        if (next >= 0) view.setFloat64(next, values[row] ?? 0);
      }
    },
  };
}

/** The halves of 64 bits, low one first. */
function halvesOf(data: Arrow.Data): {
  readonly low: (row: number) => number;
  readonly high: (row: number) => number;
  readonly words: Int32Array;
} {
  const values = data.values as BigInt64Array;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return { low: (row) => (words[2 * row] ?? 0) >>> 0, high: (row) => words[2 * row + 1] ?? 0, words };
}

function int64Values(data: Arrow.Data): Values {
  const { low, high, words } = halvesOf(data);
  return {
    width: 8,
    size: () => 8,
    put({ view }, at, row) {
      view.setInt32(at, high(row));
      view.setUint32(at + 4, low(row));
    },
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
        if (next < 0) continue;
        view.setInt32(next, words[2 * row + 1] ?? 0);
        view.setInt32(next + 4, words[2 * row] ?? 0);
      }
    },
  };
}

/** Below this many microseconds a double is exact. */
const exact = 2 ** 52;

/** 2000-01-01 in microseconds since 1970. */
const epoch = 946_684_800_000_000;

function timestamps(factor: number, data: Arrow.Data, place: Place): Values {
  const { words } = halvesOf(data);
  const values = data.values as BigInt64Array;
  const putOne = (view: DataView, at: number, row: number) => {
    const value = ((words[2 * row + 1] ?? 0) * two32 + ((words[2 * row] ?? 0) >>> 0)) * factor;
    if (factor > 0 && Math.abs(value) < exact) return putInt64(view, at, value - epoch);
    const whole = values[row] ?? 0n;
    const micros = (factor === 0 ? microsecondsOf(whole, place, row) : whole * BigInt(factor)) - BigInt(epoch);
    if (micros <= leastTimestamp || micros >= mostTimestamp) throw outOfRange(place, row, 'a time');
    view.setBigInt64(at, micros);
  };
  return {
    width: 8,
    size: () => 8,
    put: ({ view }, at, row) => putOne(view, at, row),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
        if (next >= 0) putOne(view, next, row);
      }
    },
  };
}

/** The years 4714 BC and 294277, counted from 2000: beyond them lie what PostgreSQL takes for infinities. */
const [leastTimestamp, mostTimestamp] = [-211_813_488_000_000_001n, 9_223_371_331_200_000_000n];

/** Of nanoseconds, as time of day lies in a frame. */
function microseconds(data: Arrow.Data, place: Place, from: number): Values {
  const { low, high } = halvesOf(data);
  return {
    width: 8,
    size: () => 8,
    put({ view }, at, row) {
      const value = (high(row) * two32 + low(row)) / 1_000;
      if (!Number.isInteger(value)) throw tooFine(place, row);
      putInt64(view, at, value - from);
    },
  };
}

function microsecondsOf(nanoseconds: bigint, place: Place, row: number): bigint {
  if (nanoseconds % 1_000n !== 0n) throw tooFine(place, row);
  return nanoseconds / 1_000n;
}

/** An interval without days and months: its length is exact. */
function durations(factor: number, data: Arrow.Data): Values {
  const values = data.values as BigInt64Array;
  return {
    width: 16,
    size: () => 16,
    put({ view }, at, row) {
      view.setBigInt64(at, (values[row] ?? 0n) * BigInt(factor));
      view.setBigInt64(at + 8, 0n);
    },
  };
}

const daysTo2000 = 10_957;
const [leastDate, mostDate] = [-2_451_545, 2_145_031_948];

function dateOf(days: number, place: Place, row: number): number {
  const from2000 = days - daysTo2000;
  if (from2000 < leastDate || from2000 > mostDate) throw outOfRange(place, row, 'a date');
  return from2000;
}

/** The unscaled values of 128 bits, as numbers where they are small enough. */
function decimalsOf(data: Arrow.Data): (row: number) => number | bigint {
  const words = data.values as Uint32Array;
  return (row) => {
    const at = row * 4;
    const [a = 0, b = 0, c = 0, d = 0] = [words[at], words[at + 1], words[at + 2], words[at + 3]];
    if (c === 0 && d === 0 && b < 1_048_576) return b * two32 + a;
    return BigInt.asIntN(128, (BigInt(d) << 96n) | (BigInt(c) << 64n) | (BigInt(b) << 32n) | BigInt(a));
  };
}

/** Base 10,000, in groups that begin at the decimal point. */
function decimalValues(scale: number, unscaled: (row: number) => number | bigint): Values {
  const padding = (4 - (scale % 4)) % 4;
  const [grow, bigGrow] = [10 ** padding, 10n ** BigInt(padding)];
  const fractions = (scale + padding) / 4;
  const digits = new Uint16Array(16);
  let [known, count, isNegative] = [-1, 0, false];
  const groups = (row: number): number => {
    if (known === row) return count;
    const value = unscaled(row);
    isNegative = value < 0;
    count =
      typeof value === 'number' && value * grow < exact ? smallGroups(digits, value * grow) : bigGroups(digits, BigInt(value) * bigGrow);
    known = row;
    return count;
  };
  const putOne = (view: DataView, at: number, row: number) => {
    const found = groups(row);
    view.setInt16(at, found);
    view.setInt16(at + 2, found - fractions - 1);
    view.setUint16(at + 4, isNegative ? 0x4000 : 0);
    view.setInt16(at + 6, scale);
    for (let i = 0; i < found; i++) view.setInt16(at + 8 + 2 * i, digits[found - 1 - i] ?? 0);
  };
  return {
    size: (row) => 8 + 2 * groups(row),
    put: ({ view }, at, row) => putOne(view, at, row),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8 + 2 * groups(row));
        if (next >= 0) putOne(view, next, row);
      }
    },
  };
}

/** The last group first. */
function smallGroups(digits: Uint16Array, value: number): number {
  let count = 0;
  for (let left = value; left > 0; left = Math.floor(left / 10_000)) digits[count++] = left % 10_000;
  return count;
}

function bigGroups(digits: Uint16Array, value: bigint): number {
  let count = 0;
  for (let left = value < 0n ? -value : value; left > 0n; left /= 10_000n) digits[count++] = Number(left % 10_000n);
  return count;
}

/** @param lead bytes before each: jsonb begins with its version, 1. */
function textValues(data: Arrow.Data, lead: 0 | 1): Values {
  const { bytes: text, start } = bytesOf(data);
  const putOne = (bytes: Buffer, at: number, row: number) => {
    const [begin, end] = [start(row), start(row + 1)];
    if (lead === 1) bytes[at] = 1;
    if (end - begin > 40) text.copy(bytes, at + lead, begin, end);
    else for (let i = begin; i < end; i++) bytes[at + lead + i - begin] = text[i] ?? 0;
  };
  const size = (row: number) => start(row + 1) - start(row) + lead;
  return {
    size,
    put: ({ bytes }, at, row) => putOne(bytes, at, row),
    fill({ bytes, view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : size(row));
        if (next >= 0) putOne(bytes, next, row);
      }
    },
  };
}

/** As jsonb, which begins with its version. Made when its size is asked for, and kept until it is written. */
function documentValues(type: DataType, data: Arrow.Data, place: Place): Values {
  const document = documentOf(type, data);
  const made = new Map<number, Buffer>();
  const madeOf = (row: number): Buffer => {
    try {
      return Buffer.from(document(row));
    } catch (error) {
      if (!(error instanceof NotInJson)) throw error;
      throw refusedValue({ ...place, row }, error.message, ['Correct it in the source', 'Or leave the column out: exclude of the home']);
    }
  };
  return {
    size(row) {
      const bytes = madeOf(row);
      made.set(row, bytes);
      return bytes.length + 1;
    },
    put({ bytes }, at, row) {
      bytes[at] = 1;
      (made.get(row) ?? madeOf(row)).copy(bytes, at + 1);
      made.delete(row);
    },
  };
}

function uuidValues(data: Arrow.Data, place: Place): Values {
  const { bytes: from, start } = bytesOf(data);
  return {
    width: 16,
    size: () => 16,
    put({ bytes }, at, row) {
      const hex = from.toString('latin1', start(row), start(row + 1)).replaceAll('-', '');
      if (!/^[0-9a-f]{32}$/i.test(hex)) throw notUuid(place, row);
      bytes.write(hex, at, 'hex');
    },
  };
}

/** Which `COPY` wants to see before each array. */
const oids: Readonly<Record<string, number>> = {
  ...{ bool: 16, binary: 17, int64: 20, int16: 21, int32: 23, string: 25, float32: 700, float64: 701, date: 1082, time: 1083 },
  ...{ duration: 1186, decimal: 1700, uuid: 2950, json: 3802, int8: 21, uint8: 21, uint16: 23, uint32: 20, uint64: 1700 },
};

function listValues(item: DataType, data: Arrow.Data, place: Place): Values {
  const start = offsetsOf(data);
  const items = cellEncoder({ name: place.column, type: item }, childOf(data, 0), 0);
  const oid = item.kind === 'timestamp' ? (item.zone === undefined ? 1114 : 1184) : (oids[item.kind] ?? 25);
  const range = (row: number) => [start(row), start(row + 1)] as const;
  return {
    size(row) {
      const [from, to] = range(row);
      let size = from === to ? 12 : 20;
      for (let i = from; i < to; i++) size += 4 + items.size(i);
      return size;
    },
    put(sink, at, row) {
      const [from, to] = range(row);
      const { view } = sink;
      let hasNull = 0;
      for (let i = from; i < to; i++) if (items.isNull(i)) hasNull = 1;
      view.setInt32(at, from === to ? 0 : 1);
      view.setInt32(at + 4, hasNull);
      view.setInt32(at + 8, oid);
      if (from === to) return;
      view.setInt32(at + 12, to - from);
      view.setInt32(at + 16, 1);
      let next = at + 20;
      for (let i = from; i < to; i++) next = putCell(sink, next, items, i);
    },
  };
}

/** PostgreSQL keeps no text with a NUL in it. The server would say so without telling which. */
function mustHaveNoNul(data: Arrow.Data, place: Place): void {
  const { bytes, start } = bytesOf(data);
  const end = start(data.length);
  for (let found = bytes.indexOf(0, start(0)); found >= 0 && found < end; found = bytes.indexOf(0, found + 1)) {
    let [low, high] = [0, data.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (start(middle) <= found) low = middle;
      else high = middle - 1;
    }
    if (!place.isNull(low))
      throw refusedValue({ ...place, row: low }, 'holds a NUL character, and PostgreSQL keeps no text with one', [
        'Take the character out in the source',
        'Or leave the column out: exclude of the home',
      ]);
  }
}

const outOfRange = (place: Place, row: number, what: string) =>
  refusedValue({ ...place, row }, `holds ${what} that PostgreSQL has none for`, [
    'Settle it as text: migrations: [{ cast: … }]',
    'Or correct it in the source',
  ]);

const tooFine = (place: Place, row: number) =>
  refusedValue({ ...place, row }, 'holds nanoseconds, and PostgreSQL keeps microseconds', ['Settle it as text: migrations: [{ cast: … }]']);

const notUuid = (place: Place, row: number) =>
  refusedValue({ ...place, row }, 'holds a text that is no UUID', [
    'Settle it as text: migrations: [{ cast: … }]',
    'Or correct it in the source',
  ]);
