/** Reads the rows of a SELECT into frames. The text of each value, as the server sent it, is decoded directly into its column. */

import { isUtf8 } from 'node:buffer';
import { dayNumber, secondsPerDay } from '../../frames/calendar.ts';
import { shortestFloat32 } from '../../frames/documents.ts';
import type { DataType } from '../../frames/schema.ts';
import type { BoolWriter, BytesWriter, CellsWriter, ColumnWriter, Int16Writer, WordsWriter } from '../../frames/values/column-writers.ts';
import type { PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import { type ReadOptions, SourceChangedSincePlan, type SourceColumn, SpecialValue, UnheldValue } from '../engine.ts';
import { wireOf } from '../source-columns.ts';
import { streamedRows } from '../streamed-rows.ts';
import type { Cells, MysqlSession } from './connect.ts';
import { quoteName } from './dialect.ts';
import type { Wire } from './types.ts';

export function rows(
  session: MysqlSession,
  sql: string,
  columns: readonly SourceColumn[],
  reading: ReadOptions,
): AsyncGenerator<PolarsFrame | Rejected> {
  return streamedRows<Cells, Buffer>(
    {
      columns,
      decoder: (column, into) => decoder(wireOf(column), column.type, into),
      valueAt: (row, at) => row[at],
      stream: (take) => session.stream(sql, take, reading.signal),
      columnAdvice: (name) => ({ asText: `CAST(${quoteName(name)} AS CHAR)` }),
    },
    reading,
  );
}

type Decode = (value: Buffer) => void;

const unlike = (value: Buffer): never => {
  throw new SourceChangedSincePlan(`The value ${value.toString('latin1', 0, 40)} arrived where another type was expected.`);
};

const word = 4_294_967_296;
const [zero, minus, point] = [0x30, 0x2d, 0x2e];
/** A double can store every decimal number of this many digits. */
const exactDigits = 15;

/** The digits from position `from` to position `to`, as a number. */
function digits(value: Buffer, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) {
    const digit = (value[at] as number) - zero;
    if (digit < 0 || digit > 9) unlike(value);
    sum = sum * 10 + digit;
  }
  return sum;
}

function integer(value: Buffer): number {
  const isNegative = value[0] === minus;
  if (value.length === 0) unlike(value);
  return isNegative ? -digits(value, 1, value.length) : digits(value, 0, value.length);
}

const float = new Float32Array(1);
const floatWord = new Uint32Array(float.buffer);
const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);

function number(value: Buffer): number {
  const read = Number(value.toString('latin1'));
  return Number.isFinite(read) && value.length > 0 ? read : unlike(value);
}

function decoder(wire: Wire, type: DataType, into: ColumnWriter): Decode {
  switch (wire) {
    case 'bool':
      return (value) => {
        const read = integer(value);
        if (read !== 0 && read !== 1) throw new UnheldValue(`the number ${read}, which is neither true nor false`);
        (into as BoolWriter).put(read === 1);
      };
    case 'number':
      if ('put' in into) return (value) => (into as Int16Writer | CellsWriter).put(integer(value));
      return (value) => (into as WordsWriter).one(integer(value));
    case 'long':
      return (value) => long(into as WordsWriter, value);
    case 'float':
      return (value) => {
        float[0] = number(value);
        (into as WordsWriter).one(floatWord[0] as number);
      };
    case 'double':
      return (value) => {
        double[0] = number(value);
        (into as WordsWriter).two(doubleWords[0] as number, doubleWords[1] as number);
      };
    case 'decimal':
      return (value) => decimal(into as WordsWriter, value, type.kind === 'decimal' ? type.scale : 0);
    case 'text':
      return (value) => {
        if (!isUtf8(value)) throw new UnheldValue('bytes that are not UTF-8');
        (into as BytesWriter).from(value, 0, value.length);
      };
    case 'vector':
      return (value) => {
        const text = vectorText(value);
        (into as BytesWriter).from(text, 0, text.length);
      };
    case 'bytes':
      return (value) => (into as BytesWriter).from(value, 0, value.length);
    case 'date':
      return (value) => (into as WordsWriter).one(daysOf(value));
    case 'timestamp':
      return (value) => instant(into as WordsWriter, value);
    case 'duration':
      return (value) => {
        const isNegative = value[0] === minus;
        const us = timeOf(value, isNegative ? 1 : 0) * 1e6 + fractionOf(value);
        if (type.kind !== 'time') return two(into as WordsWriter, isNegative ? -us : us);
        if (isNegative || us >= secondsPerDay * 1e6) throw new UnheldValue('a length of time that is not a time of day');
        // Frames store times of day in nanoseconds.
        two(into as WordsWriter, us * 1000);
      };
  }
}

/** The text of a vector, whose bytes are numbers of four bytes each, the lowest byte first. */
function vectorText(value: Buffer): Buffer {
  if (value.length % 4 !== 0) unlike(value);
  const numbers = Array.from({ length: value.length / 4 }, (_, at) => shortestFloat32(value.readFloatLE(at * 4)));
  return Buffer.from(`[${numbers.join(',')}]`, 'latin1');
}

/** Writes a whole number of up to 53 bits as two words. */
function two(into: WordsWriter, value: number): void {
  const high = Math.floor(value / word);
  into.two(value - high * word, high);
}

function long(into: WordsWriter, value: Buffer): void {
  if (value.length <= exactDigits) {
    two(into, integer(value));
    return;
  }
  const exact = BigInt(value.toString('latin1'));
  into.two(Number(exact & 0xffffffffn), Number((exact >> 32n) & 0xffffffffn));
}

/** Writes a decimal with as many digits after the point as in its declaration. */
function decimal(into: WordsWriter, value: Buffer, scale: number): void {
  const isNegative = value[0] === minus;
  const from = isNegative ? 1 : 0;
  const dot = scale === 0 ? value.length : value.length - scale - 1;
  if (dot < from || (scale > 0 && value[dot] !== point)) unlike(value);
  if (value.length - from <= exactDigits) {
    const whole = digits(value, from, dot) * 10 ** scale;
    const unscaled = scale === 0 ? whole : whole + digits(value, dot + 1, value.length);
    into.wide(isNegative ? 0 - unscaled : unscaled);
    return;
  }
  const text = value.toString('latin1');
  into.widest(BigInt(scale === 0 ? text : text.slice(0, dot) + text.slice(dot + 1)));
}

// ---- dates and times

/** The days from 1970 to a date such as `2026-11-23`. */
function daysOf(value: Buffer): number {
  if (value.length < 10 || value[4] !== minus || value[7] !== minus) unlike(value);
  const [year, month, day] = [digits(value, 0, 4), digits(value, 5, 7), digits(value, 8, 10)];
  if (year === 0 || month === 0 || day === 0) throw new SpecialValue(`the date ${value.toString('latin1', 0, 10)}`);
  const days = dayNumber(year, month, day);
  if (Number.isNaN(days)) throw new SpecialValue(`the date ${value.toString('latin1', 0, 10)}, which no calendar has`);
  return days;
}

/** The seconds of a time such as `838:59:59`, which begins at the position. */
function timeOf(value: Buffer, from: number): number {
  let colon = from;
  while (colon < value.length && value[colon] !== 0x3a) colon++;
  if (value.length < colon + 6 || value[colon + 3] !== 0x3a) unlike(value);
  return digits(value, from, colon) * 3600 + digits(value, colon + 1, colon + 3) * 60 + digits(value, colon + 4, colon + 6);
}

/** The microseconds after the last point of a time. */
function fractionOf(value: Buffer): number {
  const dot = value.lastIndexOf(point);
  if (dot < 0) return 0;
  const length = value.length - dot - 1;
  return length > 6 ? unlike(value) : digits(value, dot + 1, value.length) * 10 ** (6 - length);
}

/** Writes an instant in microseconds. Its 64 bits are more than a double can store. */
function instant(into: WordsWriter, value: Buffer): void {
  const seconds = daysOf(value) * secondsPerDay + timeOf(value, 11);
  const high = Math.floor(seconds / word);
  const low = (seconds - high * word) * 1_000_000 + fractionOf(value);
  const carried = Math.floor(low / word);
  into.two(low - carried * word, high * 1_000_000 + carried);
}
