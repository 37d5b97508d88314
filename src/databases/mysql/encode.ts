/** Encodes rows as text that is exact to the last byte, for LOAD DATA or for the VALUES of an INSERT. */
import { dateText, firstDay, lastDay, secondsPerDay } from '../../frames/calendar.ts';
import { jsonOfRows, NotInJson } from '../../frames/documents.ts';
import type { Arrow } from '../../frames/native.ts';
import { putPadded } from '../../frames/row-sum/digits.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import { bytesColumnOf, childOf, isNullAt, nullsOf } from '../arrow-cells.ts';
import { refusedValue, settleAsText } from '../writing-errors.ts';

/** The characters around and between values in the text. */
export interface TextForm {
  readonly none: Buffer;
  readonly between: Buffer;
  readonly beginsRow: Buffer;
  readonly endsRow: Buffer;
  /** The quote around values other than numbers and bytes. */
  readonly quote: Buffer;
  /** The text before and after bytes in hexadecimal digits. */
  readonly bytes: readonly [Buffer, Buffer];
  /** The byte after the backslash, for a byte that must be escaped. 0: the byte is written unchanged. */
  readonly escapes: Uint8Array;
  /** What the server would lose of a document, as words that follow the name of the column. Absent: the server stores every document completely. */
  readonly lostInJson?: (document: string) => string | undefined;
}

const escapesOf = (pairs: Readonly<Record<string, string>>): Uint8Array => {
  const table = new Uint8Array(256);
  for (const [char, escaped] of Object.entries(pairs)) table[char.charCodeAt(0)] = escaped.charCodeAt(0);
  return table;
};
const none = Buffer.alloc(0);

/** The text of rows for LOAD DATA. Fields end at a tab, lines end at a line feed, and a backslash escapes the next character. */
export const lines: TextForm = {
  ...{
    none: Buffer.from('\\N'),
    between: Buffer.from('\t'),
    beginsRow: none,
    endsRow: Buffer.from('\n'),
    quote: none,
    bytes: [none, none],
  },
  escapes: escapesOf({ '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r', '\0': '0' }),
};

/** The text of rows in an INSERT, in a mode in which a backslash escapes the next character. */
export const tuples: TextForm = {
  ...{
    none: Buffer.from('NULL'),
    between: Buffer.from(','),
    beginsRow: Buffer.from('('),
    endsRow: Buffer.from('),'),
    quote: Buffer.from("'"),
  },
  bytes: [Buffer.from("x'"), Buffer.from("'")],
  escapes: escapesOf({ '\\': '\\', "'": "'", '\n': 'n', '\r': 'r', '\0': '0' }),
};

/** The maximum number of bytes of a piece. A piece with only one row may be larger. */
const pieceBytes = 512 * 1024;

/** The rows of a frame as pieces of text. Each piece ends at the end of a row, and has its own memory. @param parts the parts of the frame, in order. */
export function* textOf(
  parts: Iterable<Arrow.Table>,
  columns: readonly Column[],
  writing: TextForm,
): Generator<{ readonly text: Buffer; readonly rows: number }> {
  let before = 0;
  for (const { batches } of parts)
    for (const { data, numRows } of batches) {
      const cells = columns.map((column, at) => cellOf(column, childOf(data, at), { before, writing }));
      yield* rowsOf(cells, numRows, writing);
      before += numRows;
    }
}

function* rowsOf(cells: readonly Cell[], numRows: number, writing: TextForm): Generator<{ readonly text: Buffer; readonly rows: number }> {
  const beside = cells.length * (writing.between.length + 2 * writing.quote.length + 8) + writing.beginsRow.length + writing.endsRow.length;
  let text = Buffer.allocUnsafe(pieceBytes);
  let at = 0;
  let rows = 0;
  for (let row = 0; row < numRows; row++) {
    let most = beside;
    for (const cell of cells) most += cell.most(row);
    if (at + most > text.length || at >= pieceBytes) {
      if (rows > 0) yield { text: text.subarray(0, at), rows };
      text = Buffer.allocUnsafe(Math.max(pieceBytes, most));
      at = 0;
      rows = 0;
    }
    at = put(text, at, writing.beginsRow);
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) at = put(text, at, writing.between);
      at = (cells[i] as Cell).put(text, at, row);
    }
    at = put(text, at, writing.endsRow);
    rows++;
  }
  if (rows > 0) yield { text: text.subarray(0, at), rows };
}

function put(text: Buffer, at: number, what: Buffer): number {
  for (let i = 0; i < what.length; i++) text[at + i] = what[i] as number;
  return at + what.length;
}

interface Cell {
  /** The maximum number of bytes of the row’s value. */
  most(row: number): number;
  /** Writes the row’s value. @returns the position after the value. */
  put(text: Buffer, at: number, row: number): number;
}

interface SentValuePlace {
  readonly column: string;
  readonly before: number;
}

function cellOf(column: Column, data: Arrow.Data, { before, writing }: { readonly before: number; readonly writing: TextForm }): Cell {
  const nothing: Cell = { most: () => 4, put: (text, at) => put(text, at, writing.none) };
  if (column.type.kind === 'null') return nothing;
  const present = presentCell(column.type, data, { place: { column: column.name, before }, writing });
  const nulls = nullsOf(data, false);
  if (nulls === undefined) return present;
  return {
    most: (row) => (isNullAt(nulls, row) ? 4 : present.most(row)),
    put: (text, at, row) => (isNullAt(nulls, row) ? put(text, at, writing.none) : present.put(text, at, row)),
  };
}

interface EncodeContext {
  readonly place: SentValuePlace;
  readonly writing: TextForm;
}

function presentCell(type: DataType, data: Arrow.Data, of: EncodeContext): Cell {
  const { place, writing } = of;
  switch (type.kind) {
    case 'bool': {
      const bits = data.values as Uint8Array;
      const { offset } = data;
      return fixed(1, (text, at, row) => {
        text[at] = 0x30 + (((bits[(offset + row) >> 3] as number) >> ((offset + row) & 7)) & 1);
        return at + 1;
      });
    }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32': {
      const values = data.values as Int32Array;
      return fixed(11, (text, at, row) => whole(text, at, values[row] as number));
    }
    case 'int64':
      return wholes(data, true);
    case 'uint64':
      return wholes(data, false);
    case 'float32':
    case 'float64': {
      const values = data.values as Float64Array;
      return fixed(26, (text, at, row) => {
        const value = values[row] as number;
        if (!Number.isFinite(value)) throw notFinite(place, row, value);
        return at + text.write(String(value), at, 'latin1');
      });
    }
    case 'decimal':
      return decimals(type, data);
    case 'date': {
      const values = data.values as Int32Array;
      return quoted(writing, 10, (text, at, row) => dayText(text, at, values[row] as number, { place, row }));
    }
    case 'timestamp':
      return timestamps(type.unit === 'ms' ? 1_000 : 1, data, of);
    case 'time':
      return times(data, of, 1 / 1_000);
    case 'duration':
      return times(data, of, type.unit === 'ms' ? 1_000 : 1);
    case 'binary':
      return hexadecimal(data, writing);
    case 'string':
      return texts(data, writing);
    case 'json':
      return writing.lostInJson === undefined ? texts(data, writing) : documents(type, data, of);
    case 'uuid':
      return uuids(data, of);
    case 'list':
    case 'struct':
      return documents(type, data, of);
    default:
      throw new RangeError(`${place.column} is ${type.kind}, which no column holds`);
  }
}

const fixed = (most: number, putOne: Cell['put']): Cell => ({ most: () => most, put: putOne });

function quoted({ quote }: TextForm, most: number, putOne: Cell['put']): Cell {
  return fixed(most + 2, (text, at, row) => put(text, putOne(text, put(text, at, quote), row), quote));
}

// ---- numbers

const word = 4_294_967_296;
const billion = 1_000_000_000;
const point = 0x2e;

/** Writes a whole number that a double can store exactly. @returns the position after the number. */
function whole(text: Buffer, at: number, value: number): number {
  if (value < 0) {
    text[at] = 0x2d;
    return whole(text, at + 1, -value);
  }
  if (value >= billion) {
    const high = Math.floor(value / billion);
    return putPadded(text, whole(text, at, high), value - high * billion, 9);
  }
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return putPadded(text, at, value, digits);
}

function wordsOf(data: Arrow.Data): Int32Array {
  const values = data.values as unknown as BigInt64Array;
  return new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

function wholes(data: Arrow.Data, isSigned: boolean): Cell {
  const words = wordsOf(data);
  const values = data.values as BigInt64Array;
  return fixed(20, (text, at, row) => {
    const high = words[2 * row + 1] as number;
    const value = high * word + ((words[2 * row] as number) >>> 0);
    if ((isSigned || high >= 0) && Number.isSafeInteger(value)) return whole(text, at, value);
    return at + text.write(String(values[row]), at, 'latin1');
  });
}

function decimals(type: Extract<DataType, { kind: 'decimal' }>, data: Arrow.Data): Cell {
  const { scale } = type;
  const words = new Uint32Array(
    (data.values as Uint8Array).buffer,
    (data.values as Uint8Array).byteOffset,
    (data.values as Uint8Array).byteLength / 4,
  );
  const unit = 10 ** scale;
  return fixed(type.precision + 4, (text, at, row) => {
    const i = row * 4;
    const [a, b, c, d] = [words[i] as number, words[i + 1] as number, words[i + 2] as number, words[i + 3] as number];
    if (c === 0 && d === 0 && b < 1_048_576 && scale <= 9) {
      const value = b * word + a;
      const high = Math.floor(value / unit);
      const next = whole(text, at, high);
      if (scale === 0) return next;
      text[next] = point;
      return putPadded(text, next + 1, value - high * unit, scale);
    }
    const exact = BigInt.asIntN(128, (BigInt(d) << 96n) | (BigInt(c) << 64n) | (BigInt(b) << 32n) | BigInt(a));
    return at + text.write(watermarkText(type, exact), at, 'latin1');
  });
}

// ---- dates and times

let [knownDay, knownText] = [0, Buffer.from('1970-01-01')];

function dayText(text: Buffer, at: number, days: number, { place, row }: { readonly place: SentValuePlace; readonly row: number }): number {
  if (days < firstDay || days > lastDay)
    throw refusedValue({ ...place, row }, 'holds a date outside of the years 1 to 9999, which MySQL can’t store', settleAsText);
  if (days !== knownDay) [knownDay, knownText] = [days, Buffer.from(dateText(days), 'latin1')];
  return put(text, at, knownText);
}

function clock(text: Buffer, at: number, seconds: number): number {
  const hours = Math.floor(seconds / 3_600);
  const rest = seconds - hours * 3_600;
  const minutes = (rest / 60) | 0;
  let next = hours > 99 ? whole(text, at, hours) : putPadded(text, at, hours, 2);
  text[next++] = 0x3a;
  next = putPadded(text, next, minutes, 2);
  text[next++] = 0x3a;
  return putPadded(text, next, rest - minutes * 60, 2);
}

function fraction(text: Buffer, at: number, micros: number): number {
  text[at] = point;
  return putPadded(text, at + 1, micros, 6);
}

/** @param factor the number of microseconds in a unit of the column. */
function timestamps(factor: number, data: Arrow.Data, { place, writing }: EncodeContext): Cell {
  const words = wordsOf(data);
  const values = data.values as BigInt64Array;
  const perSecond = 1_000_000 / factor;
  return quoted(writing, 26, (text, at, row) => {
    const near = (words[2 * row + 1] as number) * word + ((words[2 * row] as number) >>> 0);
    // A double stores whole numbers exactly up to 53 bits. As microseconds, these numbers end in the year 2255.
    const isExact = Number.isSafeInteger(near);
    const units = isExact ? near : Number((values[row] as bigint) / BigInt(perSecond));
    let seconds = isExact ? Math.floor(near / perSecond) : units;
    let rest = isExact ? near - seconds * perSecond : Number((values[row] as bigint) - BigInt(units) * BigInt(perSecond));
    if (rest < 0) {
      seconds--;
      rest += perSecond;
    }
    const days = Math.floor(seconds / secondsPerDay);
    const next = dayText(text, at, days, { place, row });
    text[next] = 0x20;
    return fraction(text, clock(text, next + 1, seconds - days * secondsPerDay), rest * factor);
  });
}

/** The longest TIME, 838:59:59.999999, in microseconds. */
const mostTime = 3_020_399_999_999;

/** @param factor the number of microseconds in a unit of the column. */
function times(data: Arrow.Data, { place, writing }: EncodeContext, factor: number): Cell {
  const words = wordsOf(data);
  return quoted(writing, 20, (text, at, row) => {
    const value = ((words[2 * row + 1] as number) * word + ((words[2 * row] as number) >>> 0)) * factor;
    if (!Number.isInteger(value)) throw refusedValue({ ...place, row }, 'holds nanoseconds, but MySQL keeps microseconds', settleAsText);
    const micros = Math.abs(value);
    if (micros > mostTime)
      throw refusedValue({ ...place, row }, 'holds a time longer than 838:59:59, which MySQL can’t store', settleAsText);
    let next = at;
    if (value < 0) text[next++] = 0x2d;
    const seconds = Math.floor(micros / 1_000_000);
    return fraction(text, clock(text, next, seconds), micros - seconds * 1_000_000);
  });
}

// ---- texts and bytes

function texts(data: Arrow.Data, writing: TextForm): Cell {
  const { bytes, start } = bytesColumnOf(data);
  const { quote, escapes } = writing;
  return {
    most: (row) => 2 * (start(row + 1) - start(row)) + 2,
    put: (text, at, row) => put(text, escaped(text, put(text, at, quote), { bytes, from: start(row), to: start(row + 1), escapes }), quote),
  };
}

interface Escaping {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly escapes: Uint8Array;
}

function escaped(text: Buffer, at: number, { bytes, from, to, escapes }: Escaping): number {
  let next = at;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    const kept = escapes[byte] as number;
    if (kept === 0) text[next++] = byte;
    else {
      text[next++] = 0x5c;
      text[next++] = kept;
    }
  }
  return next;
}

function hexadecimal(data: Arrow.Data, { bytes: [opens, closes] }: TextForm): Cell {
  const { bytes, start } = bytesColumnOf(data);
  return {
    most: (row) => 2 * (start(row + 1) - start(row)) + 4,
    put(text, at, row) {
      const next = put(text, at, opens);
      return put(text, next + text.write(bytes.toString('hex', start(row), start(row + 1)), next, 'latin1'), closes);
    },
  };
}

function uuids(data: Arrow.Data, { place, writing }: EncodeContext): Cell {
  const { bytes, start } = bytesColumnOf(data);
  return quoted(writing, 36, (text, at, row) => {
    const value = bytes.toString('latin1', start(row), start(row + 1)).toLowerCase();
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
      throw refusedValue({ ...place, row }, 'holds a text that is not a UUID', settleAsText);
    return at + text.write(value, at, 'latin1');
  });
}

/** The text of a document is made when its size is needed, and kept until the text is written. */
function documents(type: DataType, data: Arrow.Data, { place, writing }: EncodeContext): Cell {
  const document = jsonOfRows(type, data);
  const mayLose = hasAnyNumber(type);
  const { quote, escapes } = writing;
  let made = { row: -1, bytes: none };
  const madeOf = (row: number): Buffer => {
    if (made.row === row) return made.bytes;
    try {
      const text = document(row);
      const lost = mayLose ? writing.lostInJson?.(text) : undefined;
      if (lost !== undefined)
        throw refusedValue({ ...place, row }, lost, ['Settle the column as text: schema_overrides: longtext', ...settleAsText]);
      made = { row, bytes: Buffer.from(text) };
      return made.bytes;
    } catch (error) {
      if (!(error instanceof NotInJson)) throw error;
      throw refusedValue({ ...place, row }, error.message, [
        'Correct the value in the source',
        'Or leave the column out: exclude of the home',
      ]);
    }
  };
  return {
    most: (row) => 2 * madeOf(row).length + 2,
    put(text, at, row) {
      const bytes = madeOf(row);
      return put(text, escaped(text, put(text, at, quote), { bytes, from: 0, to: bytes.length, escapes }), quote);
    },
  };
}

/** Whether documents may have any numbers and repeated names. A document of any other type has unique names, and its numbers have 64 bits. */
function hasAnyNumber(type: DataType): boolean {
  switch (type.kind) {
    case 'list':
      return hasAnyNumber(type.item);
    case 'struct':
      return type.fields.some((field) => hasAnyNumber(field.type));
    default:
      return type.kind === 'json' || type.kind === 'decimal';
  }
}

const notFinite = (place: SentValuePlace, row: number, value: number) =>
  refusedValue({ ...place, row }, `holds ${value}, which MySQL can’t store as a number`, [
    'Read the value as null: home.special_values: to_null',
    ...settleAsText,
  ]);
