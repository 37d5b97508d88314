/** Writes the values of a column in PostgreSQL’s binary format, row by row into the output. */
import type { Arrow } from '../../frames/native.ts';
import { bytesColumnOf, isNullAt, type Nulls, type Starts } from '../arrow-cells.ts';
import { refusedValue, settleAsText } from '../writing-errors.ts';
import { daysTo2000 } from './since-2000.ts';

/** The size of each row while sizes are added up, and later the position of the row’s next cell. */
export type CellOffsets = Int32Array | Float64Array;

export interface Sink {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Writes the length of a cell, and moves the row’s position to the end of the cell. @param size the number of bytes; -1: null. @returns the position of the value; -1: the cell is null. */
export function begun(view: DataView, at: CellOffsets, cell: number, size: number): number {
  const start = at[cell] ?? 0;
  view.setInt32(start, size);
  at[cell] = start + 4 + Math.max(size, 0);
  return size < 0 ? -1 : start + 4;
}

export interface Rows {
  readonly from: number;
  readonly to: number;
  readonly nulls: Nulls;
}

export interface Values {
  /** The number of bytes of every value. Absent: each value has its own size. */
  readonly width?: number;
  /** The number of bytes of a row’s value, without the length before the value. */
  size(row: number): number;
  put(sink: Sink, at: number, row: number): void;
  /** The maximum number of bytes of the values of these rows. Absent: the sizes of the values are summed. */
  atMost?(from: number, to: number): number;
  /**
   * `size` and `put` for all rows of a column: sizes are added, values are written after their lengths, and `at` moves on. The most frequent types have their
   * own loops, since in a shared loop each value takes three calls that V8 can’t optimize.
   */
  sizes?(at: CellOffsets, rows: Rows): void;
  fill?(sink: Sink, at: CellOffsets, rows: Rows): void;
}

export interface SentValuePlace {
  readonly column: string;
  readonly before: number;
  isNull(row: number): boolean;
}

export const two32 = 4_294_967_296;

/** Writes a 64-bit whole number that a double can store exactly. */
export function putInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / two32);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * two32);
}

export function boolEncoder(data: Arrow.Data): Values {
  const bits = data.values as Uint8Array;
  const { offset } = data;
  return {
    width: 1,
    size: () => 1,
    put: ({ bytes }, at, row) => {
      bytes[at] = ((bits[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1;
    },
    fill({ bytes, view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 1);
        if (next >= 0) bytes[next] = ((bits[(offset + row) >> 3] ?? 0) >> ((offset + row) & 7)) & 1;
      }
    },
  };
}

export function numbers(width: number, data: Arrow.Data, put: (view: DataView, at: number, value: number, row: number) => void): Values {
  const values = data.values as Int32Array | Float64Array;
  return { width, size: () => width, put: ({ view }, at, row) => put(view, at, values[row] ?? 0, row) };
}

export function int32Values(data: Arrow.Data): Values {
  const values = data.values as Int32Array | Uint16Array;
  return {
    width: 4,
    size: () => 4,
    put: ({ view }, at, row) => view.setInt32(at, values[row] ?? 0),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 4);
        if (next >= 0) view.setInt32(next, values[row] ?? 0);
      }
    },
  };
}

export function float64Values(data: Arrow.Data): Values {
  const values = data.values as Float64Array;
  return {
    width: 8,
    size: () => 8,
    put: ({ view }, at, row) => view.setFloat64(at, values[row] ?? 0),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
        if (next >= 0) view.setFloat64(next, values[row] ?? 0);
      }
    },
  };
}

/** The low and high halves of 64-bit values, the low half first. */
function halvesOf(data: Arrow.Data): {
  readonly low: (row: number) => number;
  readonly high: (row: number) => number;
  readonly words: Int32Array;
} {
  const values = data.values as BigInt64Array;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return { low: (row) => (words[2 * row] ?? 0) >>> 0, high: (row) => words[2 * row + 1] ?? 0, words };
}

export function int64Values(data: Arrow.Data): Values {
  const { low, high, words } = halvesOf(data);
  return {
    width: 8,
    size: () => 8,
    put({ view }, at, row) {
      view.setInt32(at, high(row));
      view.setUint32(at + 4, low(row));
    },
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
        if (next < 0) continue;
        view.setInt32(next, words[2 * row + 1] ?? 0);
        view.setInt32(next + 4, words[2 * row] ?? 0);
      }
    },
  };
}

/** The number of microseconds below which a double is exact. */
export const exactMicros = 2 ** 52;

/** The instant 2000-01-01, in microseconds since 1970. */
const epoch = 946_684_800_000_000;

interface Times {
  readonly values: BigInt64Array;
  readonly words: Int32Array;
  /** The number of microseconds in one unit. 0: the unit is nanoseconds. */
  readonly factor: number;
  readonly place: SentValuePlace;
}

export function timestamps(factor: number, data: Arrow.Data, place: SentValuePlace): Values {
  const times: Times = { values: data.values as BigInt64Array, words: halvesOf(data).words, factor, place };
  return {
    width: 8,
    size: () => 8,
    put: ({ view }, at, row) => putTime(view, at, times, row),
    fill: ({ view }, at, rows) => fillTimes(view, at, times, rows),
  };
}

function fillTimes(view: DataView, at: CellOffsets, times: Times, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) {
    const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 8);
    if (next >= 0) putTime(view, next, times, row);
  }
}

function putTime(view: DataView, at: number, { values, words, factor, place }: Times, row: number): void {
  const value = ((words[2 * row + 1] ?? 0) * two32 + ((words[2 * row] ?? 0) >>> 0)) * factor;
  if (factor > 0 && Math.abs(value) < exactMicros) {
    putInt64(view, at, value - epoch);
    return;
  }
  const whole = values[row] ?? 0n;
  const micros = (factor === 0 ? microsecondsOf(whole, place, row) : whole * BigInt(factor)) - BigInt(epoch);
  if (micros <= leastTimestamp || micros >= mostTimestamp) throw outOfRange(place, row, 'a time');
  view.setBigInt64(at, micros);
}

/** The first and last timestamp of PostgreSQL, in the years 4714 BC and 294277, in microseconds since 2000. PostgreSQL reads values outside of this range as infinities. */
const [leastTimestamp, mostTimestamp] = [-211_813_488_000_000_001n, 9_223_371_331_200_000_000n];

/** Writes times of day in microseconds. Frames have nanoseconds. */
export function microseconds(data: Arrow.Data, place: SentValuePlace, from: number): Values {
  const { low, high } = halvesOf(data);
  return {
    width: 8,
    size: () => 8,
    put({ view }, at, row) {
      const value = (high(row) * two32 + low(row)) / 1_000;
      if (!Number.isInteger(value)) throw tooFine(place, row);
      putInt64(view, at, value - from);
    },
  };
}

function microsecondsOf(nanoseconds: bigint, place: SentValuePlace, row: number): bigint {
  if (nanoseconds % 1_000n !== 0n) throw tooFine(place, row);
  return nanoseconds / 1_000n;
}

/** Writes intervals without days and months, whose length is exact. */
export function durations(factor: number, data: Arrow.Data): Values {
  const values = data.values as BigInt64Array;
  return {
    width: 16,
    size: () => 16,
    put({ view }, at, row) {
      view.setBigInt64(at, (values[row] ?? 0n) * BigInt(factor));
      view.setBigInt64(at + 8, 0n);
    },
  };
}

const [leastDate, mostDate] = [-2_451_545, 2_145_031_948];

export function dateValues(data: Arrow.Data, place: SentValuePlace): Values {
  const values = data.values as Int32Array;
  return {
    width: 4,
    size: () => 4,
    put: ({ view }, at, row) => view.setInt32(at, dateOf(values[row] ?? 0, place, row)),
    fill({ view }, at, { from, to, nulls }) {
      for (let row = from; row < to; row++) {
        const next = begun(view, at, row - from, isNullAt(nulls, row) ? -1 : 4);
        if (next >= 0) view.setInt32(next, dateOf(values[row] ?? 0, place, row));
      }
    },
  };
}

function dateOf(days: number, place: SentValuePlace, row: number): number {
  const from2000 = days - daysTo2000;
  if (from2000 < leastDate || from2000 > mostDate) throw outOfRange(place, row, 'a date');
  return from2000;
}

interface Texts {
  readonly text: Buffer;
  /** A view on the bytes of `text`. */
  readonly words: DataView;
  readonly starts: Starts;
  /** The number of bytes before each text: jsonb has one byte with its version, 1. */
  readonly lead: 0 | 1;
}

export function textValues(data: Arrow.Data, lead: 0 | 1): Values {
  const { bytes: text, starts } = bytesColumnOf(data);
  const texts: Texts = { text, words: new DataView(text.buffer, text.byteOffset, text.byteLength), starts, lead };
  return {
    size: (row) => lengthOf(texts, row),
    put: (sink, at, row) => putText(sink, at, texts, row),
    atMost: (from, to) => (starts[to] ?? 0) - (starts[from] ?? 0) + lead * (to - from),
    sizes: (at, rows) => addTexts(at, texts, rows),
    fill: (sink, at, rows) => fillTexts(sink, at, texts, rows),
  };
}

const lengthOf = ({ starts, lead }: Texts, row: number): number => (starts[row + 1] ?? 0) - (starts[row] ?? 0) + lead;

function addTexts(at: CellOffsets, texts: Texts, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) if (!isNullAt(nulls, row)) at[row - from] = (at[row - from] ?? 0) + lengthOf(texts, row);
}

function fillTexts(sink: Sink, at: CellOffsets, texts: Texts, { from, to, nulls }: Rows): void {
  for (let row = from; row < to; row++) {
    const next = begun(sink.view, at, row - from, isNullAt(nulls, row) ? -1 : lengthOf(texts, row));
    if (next >= 0) putText(sink, next, texts, row);
  }
}

/** Writes a text. A short text is copied four bytes at a time, because a call would take longer. */
function putText({ bytes, view }: Sink, to: number, { text, words, starts, lead }: Texts, row: number): void {
  const end = starts[row + 1] ?? 0;
  let from = starts[row] ?? 0;
  let at = to + lead;
  if (lead === 1) bytes[to] = 1;
  if (end - from > 64) {
    text.copy(bytes, at, from, end);
    return;
  }
  for (; from + 4 <= end; from += 4, at += 4) view.setInt32(at, words.getInt32(from));
  for (; from < end; from++, at++) bytes[at] = text[from] ?? 0;
}

const outOfRange = (place: SentValuePlace, row: number, what: string) =>
  refusedValue({ ...place, row }, `holds ${what} that PostgreSQL can’t store`, settleAsText);

const tooFine = (place: SentValuePlace, row: number) =>
  refusedValue({ ...place, row }, 'holds nanoseconds, but PostgreSQL keeps microseconds', [
    'Settle the column as text: migrations: [{ cast: … }]',
  ]);
