/** A frame into a table, in the thread that writes: several rows with each run of a prepared statement. */
import type { DatabaseSync } from 'node:sqlite';
import { dateText, timestampText } from '../../frames/calendar.ts';
import { type Arrow, arrow } from '../../frames/native.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { bytesOf, childOf, isNullAt, nullsOf } from '../arrow-cells.ts';
import { documentOf, NotInJson } from '../documents.ts';
import { quoteName } from './dialect.ts';

export interface WriteRequest {
  /** In quotes. */
  readonly table: string;
  readonly columns: readonly Column[];
  /** As Arrow writes a stream. */
  readonly ipc: Uint8Array;
}

/** A value that no column of SQLite keeps. */
export class RefusedValue extends Error {
  readonly column: string;
  /** From 1, in the frame. */
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

/** @returns how many rows are in. */
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
      return decimals(data.values as Uint32Array, type.scale);
    case 'string':
    case 'uuid':
    case 'json': {
      const { bytes, start } = bytesOf(data);
      return (row) => bytes.toString('utf8', start(row), start(row + 1));
    }
    case 'binary': {
      const { bytes, start } = bytesOf(data);
      return (row) => bytes.subarray(start(row), start(row + 1));
    }
    case 'date': {
      const text = dates();
      return (row) => inCalendar(text(at(row) as number), row, refuse);
    }
    case 'time':
      return (row) => timeOf(Number(at(row)), type.unit === 'ns' ? 9 : 6);
    case 'timestamp': {
      const text = timestamps(type.unit, type.zone === undefined ? '' : 'Z');
      return (row) => inCalendar(text(at(row) as bigint), row, refuse);
    }
    case 'list':
    case 'struct': {
      const document = documentOf(type, data);
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

/** Days side by side are often the same. */
function dates(): (days: number) => string {
  let [known, text] = [Number.NaN, ''];
  return (days) => {
    if (days !== known) [known, text] = [days, dateText(days)];
    return text;
  };
}

const perSecond = { ms: [1_000, 3], us: [1_000_000, 6], ns: [1_000_000_000, 9] } as const;
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** By doubles as long as they are exact. */
function timestamps(unit: keyof typeof perSecond, zone: '' | 'Z'): (value: bigint) => string {
  const [scale, digits] = perSecond[unit];
  const date = dates();
  return (value) => {
    const whole = Number(value);
    if (!Number.isSafeInteger(whole)) return `${timestampText(value, unit).replace('T', ' ')}${zone}`;
    const seconds = Math.floor(whole / scale);
    const days = Math.floor(seconds / 86_400);
    const rest = seconds - days * 86_400;
    const clock = `${twoDigits[Math.floor(rest / 3600)]}:${twoDigits[Math.floor(rest / 60) % 60]}:${twoDigits[rest % 60]}`;
    return `${date(days)} ${clock}.${String(whole - seconds * scale).padStart(digits, '0')}${zone}`;
  };
}

/** Others have more digits in their years, and another order as texts. */
function inCalendar(text: string, row: number, refuse: Refuse): string {
  return /^\d{4}-/.test(text) && !text.startsWith('0000')
    ? text
    : refuse(row, `holds ${text.split(' ')[0]}, and times are texts in SQLite: of the years 1 to 9999`);
}

/** Of nanoseconds since midnight. */
function timeOf(nanos: number, digits: 6 | 9): string {
  const seconds = Math.floor(nanos / 1e9);
  const two = (value: number) => String(value).padStart(2, '0');
  const fraction = String(nanos - seconds * 1e9)
    .padStart(9, '0')
    .slice(0, digits);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

function decimals(words: Uint32Array, scale: number): (row: number) => string {
  return (row) => {
    const [a = 0, b = 0, c = 0, d = 0] = words.subarray(row * 4, row * 4 + 4);
    const value = BigInt.asIntN(128, (BigInt(d) << 96n) | (BigInt(c) << 64n) | (BigInt(b) << 32n) | BigInt(a));
    const isNegative = value < 0n;
    const digits = String(isNegative ? -value : value).padStart(scale + 1, '0');
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return isNegative ? `-${text}` : text;
  };
}
