/** Decodes the rows of a SELECT as the client delivers them into frames. Each value goes directly into its column. */
import { isUtf8 } from 'node:buffer';
import type { BoolWriter, BytesWriter, CellsWriter, ColumnWriter, Int16Writer, WordsWriter } from '../../frames/values/column-writers.ts';
import type { PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import { type ReadOptions, SourceChangedSincePlan, type SourceColumn, SpecialValue, UnheldValue } from '../engine.ts';
import { wireOf } from '../source-columns.ts';
import { streamedRows } from '../streamed-rows.ts';
import type { Cells, SqlServerSession } from './connect.ts';
import { quoteName, underLocks } from './dialect.ts';
import type { Wire } from './types.ts';

type Rows = (
  session: SqlServerSession,
  sql: string,
  columns: readonly SourceColumn[],
  reading: ReadOptions,
) => AsyncGenerator<PolarsFrame | Rejected>;

interface ServerForm {
  /** The statement before the SELECT of a slice. */
  readonly before: string;
  /** The text type to which any value can be converted. */
  readonly anyText: string;
  /** The error for a value that the server may have cut. @param bytes the number of bytes of the value. */
  cut(place: string, column: string, bytes: number): Error;
}

export function rowsOf({ before, anyText, cut }: ServerForm): Rows {
  return (session, sql, columns, reading) =>
    streamedRows<Cells, unknown>(
      {
        columns,
        decoder: (column, into) => decoder(wireOf(column), into, (bytes) => cut(reading.place, column.name, bytes)),
        checkFirstRow: (row) => checkSent(row, columns),
        valueAt: (row, at) => row[at]?.value,
        stream: (take) => session.stream(`${before}${sql}`, take, reading.signal),
        columnAdvice: (name, isSpecial) => ({
          asText: `CONVERT(${anyText}, ${quoteName(name)})`,
          more: isSpecial ? ['Or keep six digits of times, in the years 1 to 9999: home.time_unit: us'] : [],
        }),
      },
      reading,
    );
}

export const rows = rowsOf({
  before: underLocks,
  anyText: 'nvarchar(max)',
  cut: (place, column) => new Error(`${place} cuts no value of ${column}`),
});

/** Throws if the table was altered after its columns were read, because digits would be misread. */
function checkSent(row: Cells, columns: readonly SourceColumn[]): void {
  for (const [at, { name, sourceType = '', selectExpression }] of columns.entries()) {
    const sent = row[at]?.metadata;
    const [, digits, second] = /\((\d+)(?:,(\d+))?\)$/.exec(sourceType) ?? [];
    const scale = /^(decimal|numeric)/.test(sourceType)
      ? Number(second ?? 0)
      : /^(time|datetime2|datetimeoffset)\(/.test(sourceType)
        ? Number(digits)
        : undefined;
    const isAsItWas = sent?.colName === name && (selectExpression !== quoteName(name) || scale === undefined || sent.scale === scale);
    if (!isAsItWas) throw new SourceChangedSincePlan(`Column ${name} was altered during the run.`);
  }
}

type Decode = (value: unknown) => void;

const wrong = (value: unknown): never => {
  throw new SourceChangedSincePlan(`A value of the type ${typeof value} arrived where another type was expected.`);
};

/** A buffer to read the bits of a float. */
const float = new Float32Array(1);
const floatWord = new Uint32Array(float.buffer);
const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);

const word = 4_294_967_296;
/** The range of nanoseconds in 64 bits, as milliseconds before and after 1970. */
const mostMs = 9_223_372_036_854;

function decoder(wire: Wire, into: ColumnWriter, cut: (bytes: number) => Error): Decode {
  switch (wire.as) {
    case 'utf8':
    case 'bounded bytes': {
      const { as, cutFrom } = wire;
      return (value) => {
        if (!Buffer.isBuffer(value)) return void wrong(value);
        if (cutFrom !== null && value.length >= cutFrom) throw cut(value.length);
        if (as === 'utf8' && !isUtf8(value)) throw new UnheldValue('bytes that are not UTF-8');
        (into as BytesWriter).from(value, 0, value.length);
      };
    }
    case 'bool':
      return (value) => (into as BoolWriter).put(typeof value === 'boolean' ? value : wrong(value));
    case 'number': {
      if (!('put' in into)) return (value) => (into as WordsWriter).one(numberOf(value));
      return (value) => (into as Int16Writer | CellsWriter).put(numberOf(value));
    }
    case 'real':
      return (value) => {
        float[0] = numberOf(value);
        (into as WordsWriter).one(floatWord[0] as number);
      };
    case 'float':
      return (value) => {
        double[0] = numberOf(value);
        (into as WordsWriter).two(doubleWords[0] as number, doubleWords[1] as number);
      };
    case 'bigint':
      return (value) => long(into as WordsWriter, value);
    case 'decimal': {
      const factor = 10 ** wire.scale;
      return (value) => {
        // The double has all digits of the decimal, so rounding restores the decimal.
        if (typeof value === 'number') (into as WordsWriter).wide(Math.round(value * factor));
        else digits(into as WordsWriter, value, wire.scale);
      };
    }
    case 'text':
      return (value) => {
        if (!(into as BytesWriter).text(textOf(value))) throw new UnheldValue('half of a character, which no Unicode text has');
      };
    case 'bytes':
      return (value) => {
        if (Buffer.isBuffer(value)) (into as BytesWriter).from(value, 0, value.length);
        else wrong(value);
      };
    case 'rowversion':
      return (value) => {
        if (Buffer.isBuffer(value)) (into as BytesWriter).text(`0x${value.toString('hex').toUpperCase()}`);
        else wrong(value);
      };
    case 'date':
      return (value) => (into as WordsWriter).one(dateOf(value).getTime() / 86_400_000);
    case 'time':
      return (value) => {
        const at = dateOf(value);
        units(into as WordsWriter, at.getTime(), { perMs: 1_000_000, more: Math.round((at.nanosecondsDelta ?? 0) * 1e9) });
      };
    case 'timestamp': {
      const isFine = wire.unit === 'ns';
      return (value) => {
        const at = dateOf(value);
        const ms = at.getTime();
        const ticks = Math.round((at.nanosecondsDelta ?? 0) * 1e7);
        if (!isFine) units(into as WordsWriter, ms, { perMs: 1000, more: Math.floor(ticks / 10) });
        else if (ms <= -mostMs || ms >= mostMs) throw new SpecialValue('a time outside of the years 1678 to 2261');
        else units(into as WordsWriter, ms, { perMs: 1_000_000, more: ticks * 100 });
      };
    }
  }
}

/** A time from the client. The part that does not fit into a `Date` is in another property, in seconds. */
type Time = Date & { readonly nanosecondsDelta?: number };

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : wrong(value));
const textOf = (value: unknown): string => (typeof value === 'string' ? value : wrong(value));
const dateOf = (value: unknown): Time => (value instanceof Date ? value : wrong(value));

/** Writes `ms` times `perMs`, plus `more`, in 64 bits, which is more than a double can store exactly. */
function units(into: WordsWriter, ms: number, { perMs, more }: { readonly perMs: number; readonly more: number }): void {
  const high = Math.floor(ms / word);
  const low = (ms - high * word) * perMs + more;
  const carried = Math.floor(low / word);
  into.two(low - carried * word, high * perMs + carried);
}

function long(into: WordsWriter, value: unknown): void {
  const text = textOf(value);
  const number = Number(text);
  if (Number.isSafeInteger(number)) {
    const high = Math.floor(number / word);
    into.two(number - high * word, high);
    return;
  }
  const exact = BigInt(text);
  into.two(Number(exact & 0xffffffffn), Number((exact >> 32n) & 0xffffffffn));
}

/** Writes a decimal from the server’s text, which has as many digits after the point as the declaration. */
function digits(into: WordsWriter, given: unknown, scale: number): void {
  const value = textOf(given);
  const point = value.length - scale - 1;
  if (scale > 0 && value[point] !== '.')
    throw new SourceChangedSincePlan(`${value} arrived for a decimal with ${scale} digits after the point.`);
  const whole = scale === 0 ? value : value.slice(0, point) + value.slice(point + 1);
  if (whole.length <= 15) into.wide(Number(whole));
  else into.widest(BigInt(whole));
}
