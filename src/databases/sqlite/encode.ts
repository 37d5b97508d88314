/** Inserts a frame into a table, in the thread that writes. Each run of the prepared statement inserts several rows. */
import type { DatabaseSync } from 'node:sqlite';
import { dateText, timestampText } from '../../frames/calendar.ts';
import { jsonOfRows, NotInJson } from '../../frames/documents.ts';
import { type Arrow, arrow } from '../../frames/native.ts';
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { dateTexts, instantTexts, type Texts } from '../../frames/times/time-texts.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import { bytesColumnOf, childOf, isNullAt, nullsOf, type Starts } from '../arrow-cells.ts';
import { quoteName } from './dialect.ts';

export interface WriteRequest {
  /** The quoted name of the table. */
  readonly table: string;
  readonly columns: readonly Column[];
  /** The rows as an Arrow stream, whose bytes are not used afterwards. */
  readonly ipc: Uint8Array;
}

/** A value that SQLite can’t store in any column. */
export class RefusedValue extends Error {
  readonly column: string;
  /** The number of the row in the frame, counted from 1. */
  readonly row: number;

  constructor(column: string, row: number, said: string) {
    super(said);
    this.column = column;
    this.row = row;
  }
}

type Value = null | number | bigint | string | Uint8Array;

const rowsAtOnce = 50;
const valuesAtOnce = 2_000;

/** Inserts the rows. @returns the number of inserted rows. */
export async function written(database: DatabaseSync, { table, columns, ipc }: WriteRequest): Promise<number> {
  const data = (await arrow()).tableFromIPC(ipc);
  const most = Math.max(1, Math.min(rowsAtOnce, Math.floor(valuesAtOnce / columns.length)));
  const insert = (rows: number) => {
    const row = `(${columns.map(() => '?').join(', ')})`;
    return database.prepare(
      `INSERT INTO ${table} (${columns.map(({ name }) => quoteName(name)).join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`,
    );
  };
  const full = insert(most);
  let count = 0;
  for (const batch of data.batches) {
    const readers = columns.map((column, at) => cellReader(column, childOf(batch.data, at), count));
    for (let from = 0; from < batch.numRows; from += most) {
      const rows = Math.min(most, batch.numRows - from);
      const values: Value[] = new Array(rows * columns.length);
      for (let at = 0; at < columns.length; at++) {
        const read = readers[at] as (row: number) => Value;
        for (let row = 0; row < rows; row++) values[row * columns.length + at] = read(from + row);
      }
      const { changes } = (rows === most ? full : insert(rows)).run(...values);
      if (Number(changes) !== rows) throw new Error(`${changes} of ${rows} rows went in`);
    }
    count += batch.numRows;
  }
  letGoOfBytes(ipc);
  return count;
}

function cellReader({ name, type }: Column, data: Arrow.Data, before: number): (row: number) => Value {
  const nulls = nullsOf(data, type.kind === 'null');
  const refuse = (row: number, said: string): never => {
    throw new RefusedValue(name, before + row + 1, said);
  };
  const read = type.kind === 'null' ? () => null : valueReader(type, data, refuse);
  return (row) => (isNullAt(nulls, row) ? null : read(row));
}

type Refuse = (row: number, said: string) => never;

function valueReader(type: DataType, data: Arrow.Data, refuse: Refuse): (row: number) => Value {
  const values = data.values as ArrayLike<number | bigint>;
  const at = (row: number) => values[row] as number | bigint;
  switch (type.kind) {
    case 'bool': {
      const bits = data.values as Uint8Array;
      return (row) => (((bits[(data.offset + row) >> 3] ?? 0) >> ((data.offset + row) & 7)) & 1 ? 1n : 0n);
    }
    case 'int64':
      return at;
    case 'float64':
      return (row) => {
        const value = at(row) as number;
        return Number.isNaN(value) ? refuse(row, 'holds NaN, which SQLite would keep as null') : value;
      };
    case 'decimal':
      return cutFrom(decimalTexts(data, type), data.length);
    case 'string':
    case 'uuid':
    case 'json': {
      const { bytes, starts } = bytesColumnOf(data);
      return cutFrom({ bytes, offsets: starts }, data.length);
    }
    case 'binary': {
      const { bytes, start } = bytesColumnOf(data);
      return (row) => bytes.subarray(start(row), start(row + 1));
    }
    case 'date': {
      const texts = dateTexts(data);
      return texts ? cutFrom(texts, data.length) : (row) => inCalendar(dateText(at(row) as number), row, refuse);
    }
    case 'time': {
      // A time of day is nanoseconds since midnight, so its text is the time of an instant on 1970-01-01.
      const texts = instantTexts(data, 'ns', '');
      if (texts === undefined) throw new RangeError('a time of day is outside of its day');
      const text = cutFrom(texts, data.length);
      return (row) => text(row).slice(11, type.unit === 'ns' ? 29 : 26);
    }
    case 'timestamp': {
      const suffix = type.zone === undefined ? '' : 'Z';
      const texts = instantTexts(data, type.unit, suffix, ' ');
      if (texts) return cutFrom(texts, data.length);
      return (row) => inCalendar(`${timestampText(at(row) as bigint, type.unit).replace('T', ' ')}${suffix}`, row, refuse);
    }
    case 'list':
    case 'struct': {
      const document = jsonOfRows(type, data);
      return (row) => {
        try {
          return document(row);
        } catch (error) {
          return error instanceof NotInJson ? refuse(row, error.message) : fail(error);
        }
      };
    }
    default:
      throw new RangeError(`no column of SQLite holds ${type.kind}`);
  }
}

function fail(error: unknown): never {
  throw error;
}

/** Refuses other years than 1 to 9999, because their texts have more digits and sort differently. */
function inCalendar(text: string, row: number, refuse: Refuse): string {
  return /^\d{4}-/.test(text) && !text.startsWith('0000')
    ? text
    : refuse(row, `holds ${text.split(' ')[0]}, but times in SQLite are texts of the years 1 to 9999`);
}

/** The number of bytes of a column that are decoded as one JavaScript text. A single longer value is decoded whole. */
const cutBytes = 256 * 1024;

/** Texts that are contiguous in memory, read in their order. Many texts are decoded as one JavaScript text, which is then cut, because decoding each text separately takes several times as long. */
function cutFrom({ bytes, offsets }: { readonly bytes: Uint8Array; readonly offsets: Starts }, rows: number): (row: number) => string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [text, from, beyond, isAscii] = ['', 0, 0, true];
  // The position of a text that is not ASCII, as a UTF-16 unit and as a byte.
  let [unit, byte] = [0, 0];
  const load = (row: number) => {
    from = offsets[row] as number;
    beyond = row + 1;
    while (beyond < rows && (offsets[beyond + 1] as number) - from <= cutBytes) beyond++;
    const to = offsets[beyond] as number;
    text = all.toString('utf8', from, to);
    isAscii = text.length === to - from;
    [unit, byte] = [0, from];
  };
  const unitAt = (to: number): number => {
    if (isAscii) return to - from;
    for (; byte < to; byte++) {
      const first = all[byte] as number;
      // A byte that continues a character begins no unit, and a character of four bytes has two units.
      unit += (first & 0xc0) === 0x80 ? 0 : first >= 0xf0 ? 2 : 1;
    }
    return unit;
  };
  return (row) => {
    if (row >= beyond) load(row);
    return text.substring(unitAt(offsets[row] as number), unitAt(offsets[row + 1] as number));
  };
}

const two32 = 4_294_967_296;

/** A decimal with every digit of the scale. */
function decimalTexts(data: Arrow.Data, type: Extract<DataType, { kind: 'decimal' }>): Texts {
  const { precision, scale } = type;
  const unit = 10 ** scale;
  const words = data.values as Uint32Array;
  const nulls = nullsOf(data, false);
  // Each text also needs room for a sign, a point, and a zero before the point.
  const bytes = Buffer.allocUnsafe(data.length * (precision + 3));
  const offsets = new Int32Array(data.length + 1);
  let at = 0;
  for (let row = 0; row < data.length; row++) {
    if (!isNullAt(nulls, row)) {
      const [a, b, c, d] = [
        words[4 * row] as number,
        words[4 * row + 1] as number,
        words[4 * row + 2] as number,
        words[4 * row + 3] as number,
      ];
      const high = b | 0;
      const value = high * two32 + a;
      if (c === d && (c | 0) === high >> 31 && Number.isSafeInteger(value)) at = putDecimal(bytes, at, { value, scale, unit });
      else {
        const exact = BigInt.asIntN(128, (BigInt(d) << 96n) | (BigInt(c) << 64n) | (BigInt(b) << 32n) | BigInt(a));
        at += bytes.write(watermarkText(type, exact), at, 'latin1');
      }
    }
    offsets[row + 1] = at;
  }
  return { bytes, offsets };
}

/** Writes a decimal whose unscaled value a double can store exactly. @returns the position of the next text. */
function putDecimal(
  bytes: Buffer,
  from: number,
  { value, scale, unit }: { readonly value: number; readonly scale: number; readonly unit: number },
): number {
  let rest = Math.abs(value);
  let digits = scale + 1;
  for (let whole = Math.floor(rest / unit); whole >= 10; whole = Math.floor(whole / 10)) digits++;
  const start = value < 0 ? from + 1 : from;
  if (value < 0) bytes[from] = 0x2d;
  const end = start + digits + (scale > 0 ? 1 : 0);
  for (let at = end - 1, place = 0; at >= start; at--, place++) {
    if (place === scale && scale > 0) bytes[at--] = 0x2e;
    const next = Math.floor(rest / 10);
    bytes[at] = 0x30 + rest - next * 10;
    rest = next;
  }
  return end;
}
