import { dateText, fractionDigits, perSecond, timestampText } from '../../frames/calendar.ts';
import type { Arrow } from '../../frames/native.ts';
import type { Column, DataType, TimeUnit } from '../../frames/schema.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';

/**
 * Values of a frame as JSON that loses nothing: what a JSON number can't hold (integers beyond 2^53, decimals, NaN, -0) is text; dates and
 * times are ISO 8601 text, of instants in UTC; durations are a count of the column's unit; binary is base64.
 */
export type Reader = (row: number) => Json;

/** The rows of a table, each with one value a column, in the order of `columns`. */
export function rowsOf(table: Arrow.Table, columns: readonly Column[]): readonly (readonly Json[])[] {
  return table.batches.flatMap((batch) => {
    const readers = columns.map((column, at) => readerOf(column.type, child(batch.data, at)));
    return Array.from({ length: batch.numRows }, (_, row) => readers.map((read) => read(row)));
  });
}

function readerOf(type: DataType, data: Arrow.Data): Reader {
  if (type.kind === 'null') return () => null;
  const read = valueReader(type, data);
  const bits = data.nullCount > 0 ? data.nullBitmap : undefined;
  if (bits === undefined || bits.length === 0) return read;
  return (row) => (isSet(bits, data.offset + row) ? read(row) : null);
}

function valueReader(type: DataType, data: Arrow.Data): Reader {
  switch (type.kind) {
    case 'bool':
      return boolReader(data);
    case 'float32':
    case 'float64':
      return (row) => floatJson(Number(numbersOf(data)[row]));
    case 'decimal':
      return decimalReader(type, data);
    case 'string':
    case 'uuid':
    case 'json':
      return bytesReader(data, (bytes) => bytes.toString('utf8'));
    case 'binary':
      return bytesReader(data, (bytes) => bytes.toString('base64'));
    case 'date':
      return (row) => dateText(Number(numbersOf(data)[row]));
    case 'time':
      return (row) => timeText(BigInt(numbersOf(data)[row] ?? 0), type.unit);
    case 'timestamp':
      return (row) => timestampText(BigInt(numbersOf(data)[row] ?? 0), type.unit) + (type.zone === undefined ? '' : 'Z');
    case 'list':
      return listReader(type.item, data);
    case 'struct':
      return structReader(type.fields, data);
    default:
      return (row) => integerJson(numbersOf(data)[row] ?? 0);
  }
}

type Numbers = Int32Array | BigInt64Array | Float64Array;

/** Values of a fixed width; `offset` is in them already. */
function numbersOf(data: Arrow.Data): Numbers {
  return data.values as Numbers;
}

function integerJson(value: number | bigint): Json {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value.toString();
}

function floatJson(value: number): Json {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0' : value;
}

function boolReader(data: Arrow.Data): Reader {
  const bits = data.values as Uint8Array;
  return (row) => isSet(bits, data.offset + row);
}

/** Two's complement of 128 bits, little-endian, in four words. */
function decimalReader(type: DataType, data: Arrow.Data): Reader {
  const words = data.values as Uint32Array;
  return (row) => {
    let value = 0n;
    for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt(words[row * 4 + word] ?? 0);
    return watermarkText(type, BigInt.asIntN(128, value));
  };
}

function bytesReader(data: Arrow.Data, read: (bytes: Buffer) => string): Reader {
  const values = data.values as Uint8Array;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const offsets = offsetsOf(data);
  return (row) => read(bytes.subarray(Number(offsets[row]), Number(offsets[row + 1])));
}

function listReader(item: DataType, data: Arrow.Data): Reader {
  const offsets = offsetsOf(data);
  const read = readerOf(item, child(data, 0));
  return (row) => {
    const start = Number(offsets[row]);
    return Array.from({ length: Number(offsets[row + 1]) - start }, (_, at) => read(start + at));
  };
}

function structReader(fields: readonly Column[], data: Arrow.Data): Reader {
  const readers = fields.map((field, at) => [field.name, readerOf(field.type, child(data, at))] as const);
  return (row) => Object.fromEntries(readers.map(([name, read]) => [name, read(data.offset + row)]));
}

/** Of Utf8, Binary and List 32 bits wide, of their large kin 64. */
function offsetsOf(data: Arrow.Data): Int32Array | BigInt64Array {
  return data.valueOffsets as unknown as Int32Array | BigInt64Array;
}

function child(data: Arrow.Data, at: number): Arrow.Data {
  const found = data.children[at];
  if (found === undefined) throw new RangeError(`a frame has no column ${at}`);
  return found;
}

/** Nanoseconds since midnight, with as many digits as the source's unit has. */
function timeText(nanoseconds: bigint, unit: TimeUnit): string {
  const inUnit = nanoseconds / (perSecond.ns / perSecond[unit]);
  return timestampText(inUnit, unit).slice('1970-01-01T'.length, '1970-01-01T00:00:00.'.length + fractionDigits[unit]);
}

function isSet(bits: Uint8Array, at: number): boolean {
  return (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}
