/** Encodes frames in the format of `COPY … FROM STDIN (FORMAT binary)`, column by column, so that no row becomes an object. */

import { putUuidBytes } from '../../frames/bytes/uuids.ts';
import { jsonOfRows, NotInJson } from '../../frames/documents.ts';
import type { Arrow } from '../../frames/native.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { bytesColumnOf, childOf, isNullAt, nullsOf, startsOf } from '../arrow-cells.ts';
import { repeatedName } from '../repeated-names.ts';
import { refusedValue, settleAsText } from '../writing-errors.ts';
import { bytesAtOnce, type Room } from './copy/statements.ts';
import { decimalValues } from './decimals.ts';
import {
  begun,
  boolEncoder,
  type CellOffsets,
  dateValues,
  durations,
  float64Values,
  int32Values,
  int64Values,
  microseconds,
  numbers,
  putInt64,
  type Rows,
  type SentValuePlace,
  type Sink,
  textValues,
  timestamps,
  type Values,
} from './values.ts';

/** The header of a binary COPY. */
export const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** The trailer of a binary COPY. */
export const trailer = Buffer.from([0xff, 0xff]);

const rowsAtOnce = 4_096;
const most32 = 2 ** 31 - 1;

/** The binary COPY of several tables in sequence, with a header and a trailer. */
export function* copyData(tables: Iterable<Arrow.Table>, columns: readonly Column[], room: Room): Generator<Buffer> {
  yield header;
  const at = new Int32Array(rowsAtOnce);
  let before = 0;
  for (const { batches } of tables)
    for (const { data, numRows } of batches) {
      const encoders = columns.map((column, at) => cellEncoder(column, childOf(data, at), before));
      for (let from = 0; from < numRows; from += rowsAtOnce)
        yield* rowsEncoded({ encoders, room, at }, from, Math.min(numRows, from + rowsAtOnce));
      before += numRows;
    }
  yield trailer;
}

interface Encoding {
  readonly encoders: readonly Encoder[];
  readonly room: Room;
  readonly at: Int32Array;
}

function* rowsEncoded(of: Encoding, from: number, to: number): Generator<Buffer> {
  const rows = to - from;
  const most = of.encoders.reduce((sum, encoder) => sum + encoder.atMost(from, to), rows * 2);
  if (most > bytesAtOnce && rows > 1) {
    const middle = from + (rows >> 1);
    yield* rowsEncoded(of, from, middle);
    yield* rowsEncoded(of, middle, to);
    return;
  }
  const bytes = of.room.take(most);
  const sink: Sink = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const at: CellOffsets = most > most32 ? new Float64Array(rows) : of.at;
  yield bytes.subarray(0, filled(of.encoders, { sink, at: at.fill(0, 0, rows) }, from, to));
}

/** Writes rows into a buffer. The sizes of all rows are computed first, so that each column is written in one pass from row to row. @returns the number of bytes of the rows. */
function filled(
  encoders: readonly Encoder[],
  { sink, at }: { readonly sink: Sink; readonly at: CellOffsets },
  from: number,
  to: number,
): number {
  const { view } = sink;
  let each = 2;
  for (const encoder of encoders) each += encoder.sizes(at, from, to);
  let next = 0;
  for (let i = 0; i < to - from; i++) {
    const size = each + (at[i] ?? 0);
    view.setInt16(next, encoders.length);
    at[i] = next + 2;
    next += size;
  }
  for (const encoder of encoders) encoder.fill(sink, at, from, to);
  return next;
}

export function putCell(sink: Sink, at: number, encoder: Pick<Encoder, 'isNull' | 'size' | 'put'>, row: number): number {
  if (encoder.isNull(row)) {
    sink.view.setInt32(at, -1);
    return at + 4;
  }
  const size = encoder.size(row);
  sink.view.setInt32(at, size);
  encoder.put(sink, at + 4, row);
  return at + 4 + size;
}

export interface Encoder {
  isNull(row: number): boolean;
  size(row: number): number;
  put(sink: Sink, at: number, row: number): void;
  /** The maximum number of bytes of these cells, including the length of each cell. */
  atMost(from: number, to: number): number;
  /** Adds the bytes of each cell, including its length, to the size of its row. @returns the number of bytes that every cell has in addition. */
  sizes(at: CellOffsets, from: number, to: number): number;
  fill(sink: Sink, at: CellOffsets, from: number, to: number): void;
}

/** @param before the number of rows in the frame before this batch, for messages. */
export function cellEncoder(column: Pick<Column, 'name' | 'type'>, data: Arrow.Data, before: number): Encoder {
  const isEmpty = column.type.kind === 'null';
  const nulls = nullsOf(data, isEmpty);
  const isNull = (row: number) => isNullAt(nulls, row);
  const values = isEmpty ? nothing : valuesOf(column.type, data, { column: column.name, before, isNull });
  const size = (row: number) => (isNullAt(nulls, row) ? 0 : values.size(row));
  const { width } = values;
  const encoder: Encoder = {
    ...{ isNull, size, put: (sink, at, row) => values.put(sink, at, row) },
    atMost(from, to) {
      if (width !== undefined) return (4 + width) * (to - from);
      let sum = 4 * (to - from);
      if (values.atMost) return sum + values.atMost(from, to);
      for (let row = from; row < to; row++) sum += size(row);
      return sum;
    },
    sizes(at, from, to) {
      if (width !== undefined && nulls === undefined) return 4 + width;
      if (width !== undefined) addWidth(at, width, { from, to, nulls });
      else if (values.sizes) values.sizes(at, { from, to, nulls });
      else for (let row = from; row < to; row++) at[row - from] = (at[row - from] ?? 0) + size(row);
      return 4;
    },
    fill(sink, at, from, to) {
      if (values.fill) values.fill(sink, at, { from, to, nulls });
      else for (let row = from; row < to; row++) at[row - from] = putCell(sink, at[row - from] ?? 0, encoder, row);
    },
  };
  return encoder;
}

function addWidth(at: CellOffsets, width: number, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) if (!isNullAt(nulls, row)) at[row - from] = (at[row - from] ?? 0) + width;
}

const nothing: Values = { width: 0, size: () => 0, put: () => undefined };

function valuesOf(type: DataType, data: Arrow.Data, place: SentValuePlace): Values {
  switch (type.kind) {
    case 'bool':
      return boolEncoder(data);
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
      return decimalValues(0, data, 2);
    case 'decimal':
      return decimalValues(type.scale, data, 4);
    case 'string':
      mustHaveNoNul(data, place);
      return textValues(data, 0);
    case 'json':
      mustHaveNoNul(data, place);
      mustNameOnce(data, place);
      return textValues(data, 1);
    case 'binary':
      return textValues(data, 0);
    case 'uuid':
      return uuidValues(data, place);
    case 'date':
      return dateValues(data, place);
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

/** Documents as jsonb, whose bytes begin with a version. A document is made when its size is needed, and kept until it is written. */
function documentValues(type: DataType, data: Arrow.Data, place: SentValuePlace): Values {
  const document = jsonOfRows(type, data);
  const made = new Map<number, Buffer>();
  const madeOf = (row: number): Buffer => {
    try {
      return Buffer.from(document(row));
    } catch (error) {
      if (!(error instanceof NotInJson)) throw error;
      throw refusedValue({ ...place, row }, error.message, [
        'Correct the value in the source',
        'Or leave the column out: exclude of the home',
      ]);
    }
  };
  return {
    size(row) {
      const bytes = made.get(row) ?? madeOf(row);
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

function uuidValues(data: Arrow.Data, place: SentValuePlace): Values {
  const { bytes: from, start } = bytesColumnOf(data);
  const put = ({ bytes }: Sink, at: number, row: number): void => {
    if (!putUuidBytes(bytes, at, from, start(row), start(row + 1))) throw notUuid(place, row);
  };
  return {
    width: 16,
    size: () => 16,
    put,
    fill(sink, at, { from: first, to, nulls }) {
      for (let row = first; row < to; row++) {
        const next = begun(sink.view, at, row - first, isNullAt(nulls, row) ? -1 : 16);
        if (next >= 0) put(sink, next, row);
      }
    },
  };
}

/** The oids of item types, for the header that `COPY` requires before each array. */
const oids: Readonly<Record<string, number>> = {
  ...{ bool: 16, binary: 17, int64: 20, int16: 21, int32: 23, string: 25, float32: 700, float64: 701, date: 1082, time: 1083 },
  ...{ duration: 1186, decimal: 1700, uuid: 2950, json: 3802, int8: 21, uint8: 21, uint16: 23, uint32: 20, uint64: 1700 },
};

function listValues(item: DataType, data: Arrow.Data, place: SentValuePlace): Values {
  const starts = startsOf(data);
  const items = cellEncoder({ name: place.column, type: item }, childOf(data, 0), 0);
  const oid = item.kind === 'timestamp' ? (item.zone === undefined ? 1114 : 1184) : (oids[item.kind] ?? 25);
  const range = (row: number) => [starts[row] ?? 0, starts[row + 1] ?? 0] as const;
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

/** Throws if a text has a NUL, which PostgreSQL can’t store. PostgreSQL’s own error would not say which text. */
function mustHaveNoNul(data: Arrow.Data, place: SentValuePlace): void {
  const { bytes, start } = bytesColumnOf(data);
  const end = start(data.length);
  for (let found = bytes.indexOf(0, start(0)); found >= 0 && found < end; found = bytes.indexOf(0, found + 1)) {
    let [low, high] = [0, data.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (start(middle) <= found) low = middle;
      else high = middle - 1;
    }
    if (!place.isNull(low))
      throw refusedValue({ ...place, row: low }, 'holds a NUL character, but PostgreSQL keeps no text with a NUL character', [
        'Remove the character in the source',
        'Or leave the column out: exclude of the home',
      ]);
  }
}

/** Throws if a document has a name twice, because jsonb keeps only the last of the two values. */
function mustNameOnce(data: Arrow.Data, place: SentValuePlace): void {
  const { bytes, start } = bytesColumnOf(data);
  for (let row = 0; row < data.length; row++) {
    const name = place.isNull(row) ? undefined : repeatedName(bytes.toString('utf8', start(row), start(row + 1)));
    if (name !== undefined)
      throw refusedValue({ ...place, row }, `holds a document with two values named ${JSON.stringify(name)}, but jsonb keeps only one`, [
        'Settle the column as text: schema_overrides: text',
        'Or correct the value in the source',
        'Or leave the column out: exclude of the home',
      ]);
  }
}

const notUuid = (place: SentValuePlace, row: number) => refusedValue({ ...place, row }, 'holds a text that is not a UUID', settleAsText);
