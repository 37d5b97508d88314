/**
 * Encodes frames as the rows of a bulk load (MS-TDS: COLMETADATA, ROW). hygge encodes the types itself, because the client converts decimals to doubles and
 * loses the ticks of times. Rows are encoded block by block, so that no value becomes an object.
 */

import type { StoreError } from '../../errors/hygge-error.ts';
import { firstDay, lastDay } from '../../frames/calendar.ts';
import { hasExactJson, jsonOfRows, NotInJson } from '../../frames/documents.ts';
import type { Arrow } from '../../frames/native.ts';
import type { Column, DataType, TimeUnit } from '../../frames/schema.ts';
import { bytesColumnOf, childOf, isNullAt, nullsOf } from '../arrow-cells.ts';
import { refusedValue, settleAsText } from '../writing-errors.ts';
import { declared } from './columns.ts';

/** A column as it is sent, and how it is described to the server. */
export interface SentColumn {
  readonly name: string;
  /** The column’s type in T-SQL. */
  readonly declaration: string;
  /** TYPE_INFO of the protocol. For texts, the five bytes of the collation are left out. */
  readonly info: Buffer;
  readonly isText: boolean;
}

const numbered = (id: number, size: number): Buffer => Buffer.from([id, size]);
const scaleOf: Readonly<Record<TimeUnit, number>> = { ms: 3, us: 6, ns: 7 };
/** The number of bytes of a time of day whose seconds have so many digits. */
const timeBytes = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);
/** The number of bytes for the digits of a decimal. */
const digitBytes = (precision: number): number => (precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16);
const anyLength = [0xff, 0xff] as const;

function infoOf(type: DataType): Buffer {
  switch (type.kind) {
    case 'bool':
      return numbered(0x68, 1);
    case 'uint8':
      return numbered(0x26, 1);
    case 'int8':
    case 'int16':
      return numbered(0x26, 2);
    case 'uint16':
    case 'int32':
      return numbered(0x26, 4);
    case 'uint32':
    case 'int64':
      return numbered(0x26, 8);
    case 'float32':
      return numbered(0x6d, 4);
    case 'float64':
      return numbered(0x6d, 8);
    case 'uint64':
      return Buffer.from([0x6a, 13, 20, 0]);
    case 'decimal':
      return Buffer.from([0x6a, digitBytes(type.precision) + 1, type.precision, type.scale]);
    case 'uuid':
      return numbered(0x24, 16);
    case 'date':
      return Buffer.from([0x28]);
    case 'time':
      return numbered(0x29, scaleOf[type.unit]);
    case 'timestamp':
      return numbered(type.zone === undefined ? 0x2a : 0x2b, scaleOf[type.unit]);
    case 'binary':
      return Buffer.from([0xa5, ...anyLength]);
    default:
      return Buffer.from([0xe7, ...anyLength]);
  }
}

export function sentColumn({ name, type }: Pick<Column, 'name' | 'type'>): SentColumn {
  const declaration = declared(type);
  return { name, declaration, info: infoOf(type), isText: declaration.startsWith('nvarchar') };
}

/** The token of the protocol before each row. */
const row = 0xd1;
const blockBytes = 1 << 16;

/** Rows `from` to `to` of a table, in blocks. The client treats each block as one row, and writes the token of its first row. Each block has its own memory, so it is sent without a copy. */
export function* rowBlocks(table: Arrow.Table, columns: readonly Column[], { from, to }: { from: number; to: number }): Generator<Buffer> {
  const sink = new Sink();
  let before = 0;
  for (const { data, numRows } of table.batches) {
    const [first, end] = [Math.max(0, from - before), Math.min(numRows, to - before)];
    if (first < end) {
      const puts = columns.map((column, at) => cellPut(column, childOf(data, at), before));
      for (let at = first; at < end; at++) {
        if (sink.at > 0) sink.u8(row);
        for (const put of puts) put(sink, at);
        if (sink.at >= blockBytes) yield sink.take();
      }
    }
    before += numRows;
  }
  if (sink.at > 0) yield sink.take();
}

/** A buffer for the bytes of a block, which grows as needed. */
class Sink {
  bytes: Buffer = Buffer.allocUnsafeSlow(blockBytes + 4_096);
  at = 0;

  /** Makes room for so many more bytes. */
  room(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  u8(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  take(): Buffer {
    const block = this.bytes.subarray(0, this.at);
    this.bytes = Buffer.allocUnsafeSlow(blockBytes + 4_096);
    this.at = 0;
    return block;
  }
}

type ValueSink = (sink: Sink, row: number) => void;

interface SentValuePlace {
  readonly column: string;
  readonly before: number;
}

function cellPut(column: Column, data: Arrow.Data, before: number): ValueSink {
  const { type, name } = column;
  const isEmpty = type.kind === 'null';
  const nulls = nullsOf(data, isEmpty);
  const put = isEmpty ? () => undefined : valuePut(type, data, { column: name, before });
  if (nulls === undefined) return put;
  const nothing = declared(type).endsWith('(max)') ? noLength : noBytes;
  return (sink, at) => {
    if (isNullAt(nulls, at)) nothing(sink);
    else put(sink, at);
  };
}

function noBytes(sink: Sink): void {
  sink.u8(0);
}

/** Writes that a value is sent in pieces, as a length of which all bits are ones. */
function noLength(sink: Sink): void {
  sink.room(8);
  sink.bytes.fill(0xff, sink.at, sink.at + 8);
  sink.at += 8;
}

function valuePut(type: DataType, data: Arrow.Data, place: SentValuePlace): ValueSink {
  switch (type.kind) {
    case 'bool':
      return bools(data);
    case 'uint8':
      return fixed(1, data, (bytes, at, value) => bytes.writeUInt8(value, at));
    case 'int8':
    case 'int16':
      return fixed(2, data, (bytes, at, value) => bytes.writeInt16LE(value, at));
    case 'uint16':
    case 'int32':
      return fixed(4, data, (bytes, at, value) => bytes.writeInt32LE(value, at));
    case 'uint32':
      return fixed(8, data, (bytes, at, value) => {
        bytes.writeUInt32LE(value, at);
        bytes.writeUInt32LE(0, at + 4);
      });
    case 'float32':
      return fixed(4, data, (bytes, at, value, row) => bytes.writeFloatLE(finite(value, place, row), at));
    case 'float64':
      return fixed(8, data, (bytes, at, value, row) => bytes.writeDoubleLE(finite(value, place, row), at));
    case 'int64':
      return words(data, 2, 8);
    case 'uint64':
      return unsigned(data);
    case 'decimal':
      return decimals(data, digitBytes(type.precision));
    case 'string':
    case 'json':
      return texts(data);
    case 'binary':
      return binaries(data);
    case 'uuid':
      return uuids(data, place);
    case 'date':
      return dates(data, place);
    case 'time':
      return times(type.unit, data, place);
    case 'timestamp':
      return timestamps(type, data, place);
    default:
      if (!hasExactJson(type)) throw new RangeError(`${place.column} is ${type.kind}, which no column holds`);
      return documents(type, data, place);
  }
}

function bools(data: Arrow.Data): ValueSink {
  const bits = data.values as Uint8Array;
  const { offset } = data;
  return (sink, row) => {
    sink.room(2);
    sink.bytes[sink.at++] = 1;
    sink.bytes[sink.at++] = ((bits[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1;
  };
}

function fixed(width: number, data: Arrow.Data, write: (bytes: Buffer, at: number, value: number, row: number) => void): ValueSink {
  const values = data.values as Int32Array | Float64Array;
  return (sink, row) => {
    sink.room(width + 1);
    sink.bytes[sink.at] = width;
    write(sink.bytes, sink.at + 1, values[row] ?? 0, row);
    sink.at += width + 1;
  };
}

function wordsOf(data: Arrow.Data): Uint32Array {
  const values = data.values as BigInt64Array | Uint32Array;
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

/** Writes values that are whole words of 32 bits. Their bytes are copied unchanged. */
function words(data: Arrow.Data, count: number, width: number): ValueSink {
  const all = wordsOf(data);
  return (sink, row) => {
    sink.room(width + 1);
    sink.bytes[sink.at] = width;
    for (let word = 0; word < count; word++) sink.bytes.writeUInt32LE(all[row * count + word] ?? 0, sink.at + 1 + word * 4);
    sink.at += width + 1;
  };
}

/** Writes unsigned whole numbers as decimal(20,0). */
function unsigned(data: Arrow.Data): ValueSink {
  const all = wordsOf(data);
  return (sink, row) => {
    sink.room(14);
    const { bytes, at } = sink;
    bytes[at] = 13;
    bytes[at + 1] = 1;
    bytes.writeUInt32LE(all[row * 2] ?? 0, at + 2);
    bytes.writeUInt32LE(all[row * 2 + 1] ?? 0, at + 6);
    bytes.writeUInt32LE(0, at + 10);
    sink.at += 14;
  };
}

/** Writes a decimal: its sign, which is 1 if the value is not negative, and its digits as an unsigned whole number. Frames store decimals as 128 bits in two’s complement. */
function decimals(data: Arrow.Data, size: number): ValueSink {
  const all = wordsOf(data);
  return (sink, row) => {
    sink.room(size + 2);
    const { bytes, at } = sink;
    const isNegative = (all[row * 4 + 3] ?? 0) >= 0x8000_0000;
    bytes[at] = size + 1;
    bytes[at + 1] = isNegative ? 0 : 1;
    let carry = 1;
    for (let word = 0; word * 4 < size; word++) {
      let value = all[row * 4 + word] ?? 0;
      if (isNegative) {
        value = (~value >>> 0) + carry;
        carry = value > 0xffff_ffff ? 1 : 0;
      }
      bytes.writeUInt32LE(value >>> 0, at + 2 + word * 4);
    }
    sink.at += size + 2;
  };
}

/** Writes a value of any length. A value of any length is sent in pieces, each after its length, and ends with an empty piece. Here each value is one piece. */
function chunked(sink: Sink, size: number, write: (bytes: Buffer, at: number) => void): void {
  sink.room(size + 16);
  const { bytes, at } = sink;
  bytes.writeUInt32LE(size, at);
  bytes.writeUInt32LE(0, at + 4);
  if (size > 0) {
    bytes.writeUInt32LE(size, at + 8);
    write(bytes, at + 12);
    sink.at += 12 + size;
  } else sink.at += 8;
  sink.bytes.writeUInt32LE(0, sink.at);
  sink.at += 4;
}

function texts(data: Arrow.Data): ValueSink {
  const { bytes: from, start } = bytesColumnOf(data);
  return (sink, row) => {
    const [begin, end] = [start(row), start(row + 1)];
    let isPlain = true;
    for (let i = begin; i < end; i++) {
      if ((from[i] ?? 0) > 0x7f) {
        isPlain = false;
        break;
      }
    }
    if (!isPlain) return putText(sink, from.toString('utf8', begin, end));
    chunked(sink, (end - begin) * 2, (bytes, at) => {
      for (let i = begin; i < end; i++) {
        const to = at + (i - begin) * 2;
        bytes[to] = from[i] ?? 0;
        bytes[to + 1] = 0;
      }
    });
  };
}

const putText = (sink: Sink, text: string): void => chunked(sink, text.length * 2, (bytes, at) => bytes.write(text, at, 'utf16le'));

function binaries(data: Arrow.Data): ValueSink {
  const { bytes: from, start } = bytesColumnOf(data);
  return (sink, row) => {
    const [begin, end] = [start(row), start(row + 1)];
    chunked(sink, end - begin, (bytes, at) => from.copy(bytes, at, begin, end));
  };
}

function documents(type: DataType, data: Arrow.Data, place: SentValuePlace): ValueSink {
  const document = jsonOfRows(type, data);
  return (sink, row) => {
    try {
      putText(sink, document(row));
    } catch (error) {
      if (!(error instanceof NotInJson)) throw error;
      throw refusedValue({ ...place, row }, error.message, [
        'Correct the value in the source',
        'Or leave the column out: exclude of the home',
      ]);
    }
  };
}

/** The order of a uuid’s bytes. The first three groups are little-endian numbers, and the rest is in the written order. */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function uuids(data: Arrow.Data, place: SentValuePlace): ValueSink {
  const { bytes: from, start } = bytesColumnOf(data);
  return (sink, row) => {
    const hex = from.toString('latin1', start(row), start(row + 1)).replaceAll('-', '');
    if (!/^[0-9a-f]{32}$/i.test(hex)) throw refusedValue({ ...place, row }, 'holds a text that is not a UUID', settleAsText);
    sink.room(17);
    sink.bytes[sink.at++] = 16;
    for (const [i, at] of order.entries()) sink.bytes[sink.at + i] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
    sink.at += 16;
  };
}

function dayOf(since1970: number, place: SentValuePlace, row: number): number {
  if (since1970 < firstDay || since1970 > lastDay)
    throw refusedValue({ ...place, row }, 'holds a date outside of the years 1 to 9999, which SQL Server can’t store', settleAsText);
  // SQL Server counts days from January 1 of the year 1.
  return since1970 - firstDay;
}

function dates(data: Arrow.Data, place: SentValuePlace): ValueSink {
  const values = data.values as Int32Array;
  return (sink, row) => {
    const day = dayOf(values[row] ?? 0, place, row);
    sink.room(4);
    sink.bytes[sink.at] = 3;
    sink.bytes.writeUIntLE(day, sink.at + 1, 3);
    sink.at += 4;
  };
}

const two32 = 4_294_967_296;
const nanosecondsOf: Readonly<Record<TimeUnit, number>> = { ms: 1_000_000, us: 1_000, ns: 100 };

/** Writes times of day, which frames store in nanoseconds. */
function times(unit: TimeUnit, data: Arrow.Data, place: SentValuePlace): ValueSink {
  const all = wordsOf(data);
  const size = timeBytes(scaleOf[unit]);
  return (sink, row) => {
    const units = ((all[row * 2 + 1] ?? 0) * two32 + (all[row * 2] ?? 0)) / nanosecondsOf[unit];
    if (!Number.isInteger(units)) throw tooFine(place, row);
    sink.room(size + 1);
    sink.bytes[sink.at] = size;
    sink.bytes.writeUIntLE(units, sink.at + 1, size);
    sink.at += size + 1;
  };
}

const perDay: Readonly<Record<TimeUnit, number>> = { ms: 86_400_000, us: 86_400_000_000, ns: 86_400_000_000_000 };

/** Writes the time of day, and then the day. An instant is sent in UTC with the offset zero. */
function timestamps(type: DataType & { kind: 'timestamp' }, data: Arrow.Data, place: SentValuePlace): ValueSink {
  const all = wordsOf(data);
  const { unit } = type;
  const [size, offset, whole] = [timeBytes(scaleOf[unit]), type.zone === undefined ? 0 : 2, perDay[unit]];
  return (sink, row) => {
    // Doubles compute this exactly: the high word gives a multiple of 2^32, and its remainder after whole days is less than 2^47.
    const high = ((all[row * 2 + 1] ?? 0) | 0) * two32;
    const left = (high % whole) + (all[row * 2] ?? 0);
    const more = Math.floor(left / whole);
    const day = dayOf((high - (high % whole)) / whole + more, place, row);
    const time = left - more * whole;
    const units = unit === 'ns' ? time / 100 : time;
    if (!Number.isInteger(units)) throw tooFine(place, row);
    const width = size + 3 + offset;
    sink.room(width + 1);
    const { bytes, at } = sink;
    bytes[at] = width;
    bytes.writeUIntLE(units, at + 1, size);
    bytes.writeUIntLE(day, at + 1 + size, 3);
    if (offset > 0) bytes.writeUInt16LE(0, at + 4 + size);
    sink.at += width + 1;
  };
}

function finite(value: number, place: SentValuePlace, row: number): number {
  if (Number.isFinite(value)) return value;
  throw refusedValue({ ...place, row }, `holds ${value}, but SQL Server has no such number`, settleAsText);
}

const tooFine = (place: SentValuePlace, row: number): StoreError =>
  refusedValue({ ...place, row }, 'holds nanoseconds, but SQL Server keeps only units of 100 nanoseconds', [
    'Settle the column as text: migrations: [{ cast: … }]',
  ]);
