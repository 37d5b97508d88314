/** Decodes the rows of a statement into columns of Arrow, in the thread that reads them. The thread passes on bytes instead of rows. */

import { isUtf8 } from 'node:buffer';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ClockForm } from '../../formats/bytes/clock-form.ts';
import { BadRecord, Lexer } from '../../formats/bytes/json-lexer.ts';
import { uuidOf } from '../../formats/bytes/json-texts.ts';
import { valueReader } from '../../formats/bytes/json-values.ts';
import { firstDay, secondsPerDay } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
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
import { parsedJson } from '../../ports/values.ts';

/** The statement to read, and the type of each of its columns. */
export interface ReadRequest {
  readonly sql: string;
  readonly schema: Schema;
  /** The positions of columns whose numbers are read as texts. */
  readonly takeNumbers: readonly number[];
  /** The rowid comes before the first column. */
  readonly hasRowid: boolean;
  /** The statement reads a table, so it returns the same rows in the same order when it is run again. A query or a view may return other rows. */
  readonly isRepeatable: boolean;
  readonly batchRows: number;
  /** What happens to rows with values of another type. `fail`: the read fails; `skip`: such rows are reported without their values; `quarantine`: such rows are reported with their values. */
  readonly bad: 'fail' | 'skip' | 'quarantine';
  /** The position of the watermark’s column. Null: no column is a watermark. */
  readonly watermark: number | null;
}

export interface BadRow {
  readonly rowid: string | null;
  readonly column: number;
  /** Why the value was refused, including the value, for an error message. */
  readonly said: string;
  readonly reason: string;
  /** The row as JSON. Empty: the JSON was not requested. */
  readonly text: string;
  /** The unchanged value in the watermark’s column. Null: the value is null. Undefined: the value is bytes, or no column is a watermark. */
  readonly watermark: string | null | undefined;
}

/** Decoded rows of a statement. `done`: this piece is the last. */
export interface DecodedPiece {
  readonly ipc: Uint8Array | null;
  readonly standIn: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly bad: readonly BadRow[];
  readonly done: boolean;
}

const pieceBytes = 8 * 1024 * 1024;
const mostBad = 1_000;
/** The character that replaces bytes that are not text. A text may also contain this character itself. */
const replaced = '\ufffd';

/** A text contains the replacement character. Only the bytes of the text show whether the character belongs to the text. */
class MaybeBroken extends Error {}

class Unheld extends Error {
  readonly reason: string;

  constructor(said: string, reason: string) {
    super(said);
    this.reason = reason;
  }
}

type Value = null | bigint | number | string | Uint8Array;
type ValueSink = (value: Exclude<Value, null>, bytes: Value | undefined) => void;

export class RowReader {
  readonly #database: DatabaseSync;
  readonly #of: ReadRequest;
  readonly #writer: FrameWriter;
  readonly #columns: number;
  readonly #before: number;
  readonly #isUtf16: 'le' | 'be' | null;
  #exact: boolean;
  #rows: Iterator<unknown>;
  #read = 0;
  #puts: readonly ValueSink[];

  private constructor(database: DatabaseSync, of: ReadRequest, writer: FrameWriter) {
    this.#database = database;
    this.#of = of;
    this.#writer = writer;
    this.#columns = of.schema.columns.length;
    this.#before = of.hasRowid ? 1 : 0;
    this.#exact = !of.isRepeatable;
    const encoding = String(Object.values(database.prepare('PRAGMA encoding').get() ?? {})[0]);
    this.#isUtf16 = encoding.startsWith('UTF-16') ? (encoding.endsWith('le') ? 'le' : 'be') : null;
    this.#puts = this.#putters();
    this.#rows = this.#statement().iterate() as Iterator<unknown>;
  }

  static async opened(database: DatabaseSync, of: ReadRequest): Promise<RowReader> {
    return new RowReader(database, of, await frameWriter(of.schema));
  }

  /** The statement, with or without the bytes of texts. Both statements use the same plan, so that rows arrive in the same order. */
  #statement(): StatementSync {
    const names = Array.from({ length: this.#columns + this.#before }, (_, at) => `c${at}`);
    const bytes = this.#exact ? names.slice(this.#before).map((name, at) => (this.#isText(at) ? `CAST(${name} AS BLOB)` : 'NULL')) : [];
    const statement = this.#database.prepare(
      `WITH hygge_rows(${names.join(', ')}) AS (\n${this.#of.sql}\n) SELECT ${[...names, ...bytes].join(', ')} FROM hygge_rows`,
    );
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }

  #isText(at: number): boolean {
    const kind = this.#of.schema.columns[at]?.type.kind;
    return kind === 'string' || kind === 'json' || kind === 'list' || kind === 'struct';
  }

  #putters(): readonly ValueSink[] {
    const takeNumbers = new Set(this.#of.takeNumbers);
    return this.#of.schema.columns.map(({ type }, at) =>
      putter(type, this.#writer.writers[at] as ColumnWriter, {
        takesNumbers: takeNumbers.has(at),
        texts: this.#exact ? (this.#isUtf16 ?? 'utf8') : null,
      }),
    );
  }

  next(): DecodedPiece {
    const { batchRows, bad: policy } = this.#of;
    const bad: BadRow[] = [];
    let done = false;
    while (bad.length < mostBad) {
      const { value, done: isEnd } = this.#rows.next();
      if (isEnd) {
        done = true;
        break;
      }
      const row = value as readonly Value[];
      try {
        const wrong = this.#take(row);
        if (wrong) {
          bad.push({ ...wrong, text: policy === 'quarantine' ? this.#shown(row) : '', watermark: this.#watermarkOf(row) });
          if (policy === 'fail') return { ipc: null, standIn: null, rows: 0, bytes: 0, bad, done: true };
        }
        this.#read++;
      } catch (error) {
        if (!(error instanceof MaybeBroken)) throw error;
        this.#readExactly();
        continue;
      }
      const { rows } = this.#writer;
      if (rows >= batchRows || ((rows & 255) === 0 && this.#writer.bytes >= pieceBytes)) break;
    }
    const { rows, bytes } = this.#writer;
    if (rows === 0) return { ipc: null, standIn: null, rows, bytes, bad, done };
    const { bytes: ipc, standIn = null } = this.#writer.takeBytes();
    return { ipc, standIn, rows, bytes, bad, done };
  }

  /** Adds a row to the columns. Undefined: the row was added. Otherwise the row is bad, and no column has a value of the row. */
  #take(row: readonly Value[]): Omit<BadRow, 'text' | 'watermark'> | undefined {
    const { writers } = this.#writer;
    const [columns, before, puts] = [this.#columns, this.#before, this.#puts];
    for (let at = 0; at < columns; at++) {
      const value = row[at + before] as Value;
      if (value === null) (writers[at] as { null(): void }).null();
      else
        try {
          (puts[at] as ValueSink)(value, this.#exact ? row[at + before + columns] : undefined);
        } catch (error) {
          for (const writer of writers.slice(0, at)) (writer as { back(): void }).back();
          if (!(error instanceof Unheld)) throw error;
          return { rowid: before === 1 ? String(row[0]) : null, column: at, said: error.message, reason: error.reason };
        }
    }
    return undefined;
  }

  /** From now on, the bytes of each text are read in addition to the text. */
  #readExactly(): void {
    this.#exact = true;
    this.#puts = this.#putters();
    this.#rows.return?.();
    this.#rows = this.#statement().iterate() as Iterator<unknown>;
    for (let at = 0; at < this.#read; at++) this.#rows.next();
  }

  #watermarkOf(row: readonly Value[]): string | null | undefined {
    if (this.#of.watermark === null) return undefined;
    const value = row[this.#of.watermark + this.#before] as Value;
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return realText(value);
    return value instanceof Uint8Array ? undefined : value;
  }

  #shown(row: readonly Value[]): string {
    const shown = this.#of.schema.columns.map(({ name }, at) => {
      const value = row[at + this.#before] as Value;
      const plain = typeof value === 'bigint' ? String(value) : typeof value === 'number' ? realText(value) : value;
      return [name, plain instanceof Uint8Array ? Buffer.from(plain).toString('hex') : plain];
    });
    return JSON.stringify(Object.fromEntries(shown)).slice(0, 65_536);
  }

  end(): void {
    this.#rows.return?.();
  }
}

// ---- writing a value into its column

const long = new BigInt64Array(1);
const words = new Uint32Array(long.buffer);
const double = new Float64Array(long.buffer);
const float = new Float32Array(1);
const floatWord = new Uint32Array(float.buffer);
const two32 = 4_294_967_296;

const kindOf = (value: Value): string =>
  typeof value === 'bigint' ? 'a whole number' : typeof value === 'number' ? 'a number' : typeof value === 'string' ? 'a text' : 'bytes';

function refuse(value: Value, wanted: string): never {
  const shown =
    value instanceof Uint8Array
      ? `${value.byteLength} bytes`
      : typeof value === 'string'
        ? `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
        : `the number ${typeof value === 'number' ? realText(value) : value}`;
  throw new Unheld(`${shown}, where ${wanted} is expected`, `${kindOf(value)} where ${wanted} is expected`);
}

interface TextForms {
  readonly takesNumbers: boolean;
  /** The encoding of the bytes that are read in addition to texts. Null: no bytes are read. */
  readonly texts: 'utf8' | 'le' | 'be' | null;
}

const edges = { int16: [-32_768n, 32_767n], int32: [-2_147_483_648n, 2_147_483_647n], uint32: [0n, 4_294_967_295n] } as const;

function putter(type: DataType, writer: ColumnWriter, how: TextForms): ValueSink {
  const into = writer as WordsWriter;
  switch (type.kind) {
    case 'int64':
      return (value) => {
        if (typeof value !== 'bigint') refuse(value, 'a whole number');
        long[0] = value;
        into.two(words[0] as number, words[1] as number);
      };
    case 'int16':
    case 'int32':
    case 'uint32': {
      const [least, most] = edges[type.kind];
      return (value) => {
        if (typeof value !== 'bigint' || value < least || value > most) refuse(value, `a whole number from ${least} to ${most}`);
        if (type.kind === 'int16') (writer as Int16Writer).put(Number(value));
        else into.one(Number(value));
      };
    }
    case 'uint64':
      return (value) => {
        const whole = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : value;
        if (typeof whole !== 'bigint' || whole < 0n || whole > 0xffff_ffff_ffff_ffffn) refuse(value, 'a whole number from 0 to 2^64 - 1');
        into.two(Number(whole & 0xffff_ffffn), Number(whole >> 32n));
      };
    case 'bool':
      return (value) => {
        if (value !== 0n && value !== 1n) refuse(value, '0 or 1');
        (writer as BoolWriter).put(value === 1n);
      };
    case 'float64':
      return (value) => {
        const real = typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : value;
        if (typeof real !== 'number') refuse(value, 'a number that 64 bits hold');
        double[0] = real;
        into.two(words[0] as number, words[1] as number);
      };
    case 'float32':
      return (value) => {
        const real = typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : value;
        if (typeof real !== 'number' || Math.fround(real) !== real) refuse(value, 'a number that 32 bits hold');
        float[0] = real;
        into.one(floatWord[0] as number);
      };
    case 'decimal':
      return decimalPutter(into, type);
    case 'string':
      return textPutter(writer as BytesWriter, how);
    case 'json': {
      const put = textPutter(writer as BytesWriter, { ...how, takesNumbers: true });
      return (value, bytes) => {
        if (typeof value === 'string' && parsedJson(value) === undefined) refuse(value, 'a document of JSON');
        put(value, bytes);
      };
    }
    case 'list':
    case 'struct':
      return documentPutter(type, writer as CellsWriter, how);
    case 'uuid':
      return (value) => {
        const uuid = typeof value === 'string' ? uuidOf(value) : undefined;
        if (uuid === undefined) refuse(value, 'a UUID');
        (writer as BytesWriter).text(uuid);
      };
    case 'binary':
      return (value) => {
        if (!(value instanceof Uint8Array)) refuse(value, 'bytes');
        (writer as BytesWriter).from(Buffer.from(value.buffer, value.byteOffset, value.byteLength), 0, value.byteLength);
      };
    case 'date':
      return (value) => {
        if (typeof value !== 'string' || !isRead(value, 'date')) refuse(value, 'a day such as 2026-11-23');
        into.one(clock.days);
      };
    case 'time':
      return (value) => {
        if (typeof value !== 'string' || !isRead(value, 'timeOfDay')) refuse(value, 'a time such as 10:00:00');
        two(into, clock.seconds * 1e9 + clock.nanos);
      };
    case 'timestamp':
      return (value) => putTimestamp(into, value, type);
    default:
      throw new RangeError(`no column of SQLite is read as ${type.kind}`);
  }
}

/** Writes a value that is a document, as `jsonOfRows` writes documents. */
function documentPutter(type: DataType, into: CellsWriter, { texts }: TextForms): ValueSink {
  const lexer = new Lexer(false);
  const read = valueReader(type, false);
  return (value, bytes) => {
    if (typeof value !== 'string') return refuse(value, `a document of JSON for ${describeType(type)}`);
    if (value.includes(replaced)) {
      if (texts === null) throw new MaybeBroken();
      mustBeText(bytes as Uint8Array, texts);
    }
    const document = Buffer.from(`${value}\0`);
    lexer.load(document, 0, document.length - 1);
    try {
      lexer.space();
      const cell = read(lexer, 0);
      lexer.space();
      if (lexer.p !== lexer.end) throw lexer.unexpected('the end');
      into.put(cell);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      refuse(value, `a document of JSON for ${describeType(type)}`);
    }
  };
}

function textPutter(into: BytesWriter, { takesNumbers, texts }: TextForms): ValueSink {
  return (value, bytes) => {
    if (typeof value !== 'string') {
      if (!takesNumbers || value instanceof Uint8Array) refuse(value, 'a text');
      into.text(typeof value === 'bigint' ? String(value) : realText(value));
      return;
    }
    if (!value.includes(replaced)) into.text(value);
    else if (texts === null) throw new MaybeBroken();
    else putExactly(into, bytes as Uint8Array, texts);
  };
}

function putExactly(into: BytesWriter, bytes: Uint8Array, as: 'utf8' | 'le' | 'be'): void {
  into.text(mustBeText(bytes, as));
}

/** The text of the bytes. Throws Unheld if the bytes are not a text. */
function mustBeText(bytes: Uint8Array, as: 'utf8' | 'le' | 'be'): string {
  const whole = Buffer.from(bytes);
  const form = as === 'utf8' ? 'UTF-8' : 'UTF-16';
  if (as === 'be') whole.swap16();
  const text = whole.toString(as === 'utf8' ? 'utf8' : 'utf16le');
  if (as === 'utf8' ? !isUtf8(whole) : !text.isWellFormed())
    throw new Unheld(`bytes that are not ${form}, where a text is expected`, `bytes that are not ${form}`);
  return text;
}

/** Writes a whole number of up to 53 bits as two words. */
function two(into: WordsWriter, value: number): void {
  const high = Math.floor(value / two32);
  into.two(value - high * two32, high);
}

/** Decimals below this unscaled value have up to 15 digits. Such decimals stay the same when they are converted to a double and back, and no two of them become the same double. */
const beyondDouble = 1e15;

/** Writes decimals by means of doubles if doubles are exact, as for most values. */
function decimalPutter(into: WordsWriter, type: Extract<DataType, { kind: 'decimal' }>): ValueSink {
  const { precision, scale } = type;
  const unit = powers[scale] as number;
  // Powers of ten above 10^22 are not exact as doubles.
  const beyond = scale > 22 ? 0 : Math.min(beyondDouble, powers[precision] as number);
  return (value) => {
    let unscaled = Number.NaN;
    if (typeof value === 'number') unscaled = Math.round(value * unit);
    else if (typeof value === 'bigint') unscaled = Number(value) * unit;
    else if (typeof value === 'string') unscaled = unscaledOf(value, scale);
    if (Math.abs(unscaled) < beyond && (typeof value !== 'number' || unscaled / unit === value)) into.wide(unscaled);
    else putDecimalText(into, value, type);
  };
}

/** The unscaled value of a text such as `-12.50` with at most 15 digits. NaN: the text has another format. */
function unscaledOf(text: string, scale: number): number {
  const { length } = text;
  const first = text.charCodeAt(0) === 0x2d ? 1 : 0;
  if (length === first || length > first + 16) return Number.NaN;
  let [sum, point] = [0, length];
  for (let at = first; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) sum = sum * 10 + digit;
    else if (digit === -2 && point === length && at > first && at < length - 1) point = at;
    else return Number.NaN;
  }
  const places = Math.max(0, length - 1 - point);
  if (places > scale) return Number.NaN;
  const unscaled = sum * (powers[scale - places] as number);
  return first === 1 ? -unscaled : unscaled;
}

const powers = Array.from({ length: 39 }, (_, zeros) => Number(`1e${zeros}`));

function putDecimalText(
  into: WordsWriter,
  value: Value,
  { precision, scale }: { readonly precision: number; readonly scale: number },
): void {
  const text =
    typeof value === 'number' ? plainReal(value) : typeof value === 'bigint' ? String(value) : typeof value === 'string' ? value : '';
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const kept = fraction.replace(/0+$/, '');
  const digits = whole.replace(/^0+/, '');
  if (whole === '' || kept.length > scale || digits.length > precision - scale)
    refuse(value, `a number of ${precision} digits, ${scale} of them after the point,`);
  const unscaled = BigInt(
    `${sign}${digits}${kept.padEnd(scale, '0')}` === '-' || digits + kept === '' ? '0' : `${sign}${digits}${kept.padEnd(scale, '0')}`,
  );
  const small = Number(unscaled);
  if (Number.isSafeInteger(small)) into.wide(small);
  else into.widest(unscaled);
}

/** A double as SQLite shows it, but without an exponent. */
function plainReal(value: number): string {
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const [digits, point] = [`${whole}${fraction}`, whole.length + Number(exponent)];
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

// ---- days and times, in the format of ISO 8601

/** The time in the text that was read last. */
const clock = new ClockForm();
/** A buffer for the bytes of a text. A text that is too long for this buffer gets its own buffer. */
const written = Buffer.alloc(192);

/** Reads a text into `clock`. False: the text has another format, or a year before the year 1. */
function isRead(text: string, as: 'date' | 'timestamp' | 'timeOfDay'): boolean {
  const isShort = text.length * 3 <= written.length;
  const bytes = isShort ? written : Buffer.from(text);
  clock.days = 0;
  return clock[as](bytes, 0, isShort ? written.write(text) : bytes.length) && clock.days >= firstDay;
}

/** The offsets that SQLite’s functions support: `Z`, or up to fourteen hours as `+02:00`. */
const knownOffset = /(?:[Zz]|[+-](?:0\d|1[0-4]):\d\d)$/;

const nanosPer = { ms: 1_000_000, us: 1_000, ns: 1 } as const;
const perSecond = { ms: 1_000, us: 1_000_000, ns: 1_000_000_000 } as const;

function putTimestamp(
  into: WordsWriter,
  value: Value,
  { unit, zone }: { readonly unit: 'ms' | 'us' | 'ns'; readonly zone?: string },
): void {
  const wanted =
    zone === undefined ? 'a time such as 2026-11-23 10:00:00, without an offset,' : 'a time with an offset, such as 2026-11-23 10:00:00Z,';
  if (typeof value !== 'string' || !isRead(value, 'timestamp')) refuse(value, wanted);
  if (zone === undefined ? !Number.isNaN(clock.offset) : !knownOffset.test(value)) refuse(value, wanted);
  const fraction = clock.nanos / nanosPer[unit];
  if (!Number.isInteger(fraction)) refuse(value, `a time with no more than ${unit === 'ms' ? 3 : 6} digits after the point`);
  const seconds = clock.days * secondsPerDay + clock.seconds - (zone === undefined ? 0 : clock.offset);
  if (unit === 'ns') {
    const nanos = BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
    if (BigInt.asIntN(64, nanos) !== nanos) refuse(value, 'a time of the years 1678 to 2261');
    long[0] = nanos;
    into.two(words[0] as number, words[1] as number);
    return;
  }
  const high = Math.floor(seconds / two32);
  const low = (seconds - high * two32) * perSecond[unit] + fraction;
  const carried = Math.floor(low / two32);
  into.two(low - carried * two32, high * perSecond[unit] + carried);
}

/** A double as a text that converts back to the same double. A whole number has a point, as SQLite shows it. */
function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
