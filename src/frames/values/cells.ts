import type { Frame } from '../../engine/contracts/frame.ts';
import type { Cell } from '../cell.ts';
import type { Arrow } from '../native.ts';
import type { Column, DataType } from '../schema.ts';
import { withArrow } from './from-polars.ts';
import { asPolars } from './polars-frame.ts';

/**
 * The rows of a frame, for a store that writes row by row. A row has one value for each column, in the schema’s order, in the form that
 * `frameBuilder` takes (`Cell`). The rows are made one at a time, and only while `look` runs, because their memory is released afterwards.
 *
 * @example
 * await overRows(frame, (rows) => {
 *   for (const row of rows) insert.run(...row.map(asParameter));
 * });
 */
export async function overRows<T>(frame: Frame, look: (rows: Iterable<readonly Cell[]>) => T | Promise<T>): Promise<T> {
  const { columns } = frame.schema;
  return withArrow(await asPolars(frame).collect(), (table) => look(rowsOf(table, columns)));
}

/** The rows of an Arrow table that has these columns, in this order. */
export function* rowsOf(table: Arrow.Table, columns: readonly Pick<Column, 'type'>[]): Generator<readonly Cell[]> {
  for (const batch of table.batches) {
    const readers = columns.map(({ type }, at) => cellReader(type, child(batch.data, at)));
    for (let row = 0; row < batch.numRows; row++) yield readers.map((read) => read(row));
  }
}

type Reader = (row: number) => Cell;

/** Returns the value of each row of an Arrow column. Null: the row has no value. */
export function cellReader(type: DataType, data: Arrow.Data): Reader {
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
    case 'decimal':
      return decimalReader(data);
    case 'string':
    case 'uuid':
    case 'json':
      return bytesReader(data, (bytes) => bytes.toString('utf8'));
    case 'binary':
      return bytesReader(data, (bytes) => Uint8Array.from(bytes));
    case 'list':
      return listReader(type.item, data);
    case 'struct':
      return structReader(type.fields, data);
    default:
      return fixedReader(data);
  }
}

/** Reads values of a fixed width. The array of values already starts at `offset`. */
function fixedReader(data: Arrow.Data): Reader {
  const values = data.values as Int32Array | Float64Array | BigInt64Array;
  return (row) => values[row] ?? null;
}

function boolReader(data: Arrow.Data): Reader {
  const bits = data.values as Uint8Array;
  return (row) => isSet(bits, data.offset + row);
}

/** Reads decimals: 128 bits in two’s complement, as four words, little-endian. */
function decimalReader(data: Arrow.Data): Reader {
  const words = data.values as Uint32Array;
  return (row) => {
    let value = 0n;
    for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt(words[row * 4 + word] ?? 0);
    return BigInt.asIntN(128, value);
  };
}

function bytesReader(data: Arrow.Data, read: (bytes: Buffer) => Cell): Reader {
  const values = data.values as Uint8Array;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const offsets = offsetsOf(data);
  return (row) => read(bytes.subarray(Number(offsets[row]), Number(offsets[row + 1])));
}

function listReader(item: DataType, data: Arrow.Data): Reader {
  const offsets = offsetsOf(data);
  const read = cellReader(item, child(data, 0));
  return (row) => {
    const start = Number(offsets[row]);
    return Array.from({ length: Number(offsets[row + 1]) - start }, (_, at) => read(start + at));
  };
}

function structReader(fields: readonly Column[], data: Arrow.Data): Reader {
  const readers = fields.map(({ type }, at) => cellReader(type, child(data, at)));
  return (row) => readers.map((read) => read(data.offset + row));
}

/** Returns where the bytes of a row of text or binary begin. The bytes of the previous row end there. */
export function offsetAt(data: Arrow.Data): (row: number) => number {
  const offsets = offsetsOf(data);
  if (offsets instanceof Int32Array) return (row) => offsets[row] as number;
  const words = new Uint32Array(offsets.buffer, offsets.byteOffset, offsets.length * 2);
  return (row) => (words[row * 2] as number) + (words[row * 2 + 1] as number) * 4_294_967_296;
}

/** The offsets of a column. Utf8, Binary and List have offsets of 32 bits, and their large variants have offsets of 64 bits. */
function offsetsOf(data: Arrow.Data): Int32Array | BigInt64Array {
  return data.valueOffsets as unknown as Int32Array | BigInt64Array;
}

function child(data: Arrow.Data, at: number): Arrow.Data {
  const found = data.children[at];
  if (found === undefined) throw new RangeError(`a frame has no column ${at}`);
  return found;
}

export function isSet(bits: Uint8Array, at: number): boolean {
  return (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}
