/** Decodes the columns of plain types in a block, column by column. Each column is decoded in one loop into reused memory. */
import { putUuidText, uuidLength } from '../../../frames/bytes/uuids.ts';
import { firstDay, lastDay } from '../../../frames/calendar.ts';
import type { BoolWriter, BytesWriter, ColumnWriter, Int16Writer, WordsWriter } from '../../../frames/values/column-writers.ts';
import { daysTo2000, dayUs, isWithinYears, shiftHigh, shiftLow, surelyWithinYears } from '../since-2000.ts';
import type { Wire } from '../types.ts';
import { type BlockColumn, largeOf, smallOf, two32, wholeOf } from './folds.ts';

/** Decodes the values of a column. False: a value is special or invalid for its type, so the decoded values must not be used. */
export type ColumnLoop = (of: BlockColumn) => boolean;

/** The loop for a type. Undefined: the type is not plain. @param into is empty when the loop begins. */
export function columnLoop(wire: Wire, into: ColumnWriter): ColumnLoop | undefined {
  switch (wire.as) {
    case 'bool':
      return bools(into as BoolWriter);
    case 'int2':
      return ints2(into as Int16Writer);
    case 'int4':
    case 'oid':
    case 'float4':
      return words(into as WordsWriter);
    case 'int8':
    case 'float8':
      return pairs(into as WordsWriter);
    case 'date':
      return dates(into as WordsWriter);
    case 'time':
      return times(into as WordsWriter);
    case 'timestamp':
      return timestamps(into as WordsWriter);
    case 'numeric':
      return numerics(into as WordsWriter, wire);
    case 'bytes':
      return texts(into as BytesWriter);
    case 'uuid':
      return uuids(into as BytesWriter);
    default:
      return undefined;
  }
}

const bools =
  (into: BoolWriter): ColumnLoop =>
  ({ block: { bytes, view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size === 1) {
        if (bytes[place + 4] !== 0) values[row >> 3] = (values[row >> 3] as number) | (1 << (row & 7));
      } else if (size === -1) into.nullAt(row);
      else return false;
    }
    return true;
  };

const ints2 =
  (into: Int16Writer): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      values[row] = size === 2 ? view.getInt16(place + 4) : 0;
      if (size === -1) into.nullAt(row);
      else if (size !== 2) return false;
    }
    return true;
  };

const words =
  (into: WordsWriter): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      values[row] = size === 4 ? view.getInt32(place + 4) : 0;
      if (size === -1) into.nullAt(row);
      else if (size !== 4) return false;
    }
    return true;
  };

const pairs =
  (into: WordsWriter): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column, to = 0; row < rows; row++, at += columns, to += 2) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      values[to] = size === 8 ? view.getInt32(place + 8) : 0;
      values[to + 1] = size === 8 ? view.getInt32(place + 4) : 0;
      if (size === -1) into.nullAt(row);
      else if (size !== 8) return false;
    }
    return true;
  };

const dates =
  (into: WordsWriter): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      const day = size === 4 ? view.getInt32(place + 4) + daysTo2000 : 0;
      values[row] = day;
      if (day < firstDay || day > lastDay) return false;
      if (size === -1) into.nullAt(row);
      else if (size !== 4) return false;
    }
    return true;
  };

const times =
  (into: WordsWriter): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column, to = 0; row < rows; row++, at += columns, to += 2) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      const us = size === 8 ? view.getUint32(place + 4) * two32 + view.getUint32(place + 8) : 0;
      if (us >= dayUs) return false;
      // The product is at most 8.64e13 ns, which a double stores exactly.
      const high = Math.floor((us * 1000) / two32);
      values[to] = us * 1000 - high * two32;
      values[to + 1] = high;
      if (size === -1) into.nullAt(row);
      else if (size !== 8) return false;
    }
    return true;
  };

const timestamps =
  (into: WordsWriter): ColumnLoop =>
  ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column, to = 0; row < rows; row++, at += columns, to += 2) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      const [high, before] = size === 8 ? [view.getInt32(place + 4), view.getUint32(place + 8)] : [0, 0];
      if (!surelyWithinYears(high) && !isWithinYears(wholeOf(high, before))) return false;
      const low = before + shiftLow;
      values[to] = low;
      values[to + 1] = high + shiftHigh + (low >= two32 ? 1 : 0);
      if (size === -1) into.nullAt(row);
      else if (size !== 8) return false;
    }
    return true;
  };

const halves = new BigUint64Array(2);
const wordsOfHalves = new Uint32Array(halves.buffer);

function numerics(into: WordsWriter, { precision, scale }: { readonly precision: number; readonly scale: number }): ColumnLoop {
  const most = 10n ** BigInt(precision);
  const limit = precision > 15 ? Number.POSITIVE_INFINITY : 10 ** precision;
  return ({ block: { view, positions, rows }, columns, column }) => {
    const values = into.places(rows);
    for (let row = 0, at = column, to = 0; row < rows; row++, at += columns, to += 4) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size < 8) {
        values.fill(0, to, to + 4);
        if (size !== -1) return false;
        into.nullAt(row);
        continue;
      }
      const digits = view.getUint16(place + 4);
      const sign = view.getUint16(place + 8);
      if (size !== 8 + digits * 2 || (sign !== 0 && sign !== 0x4000)) return false;
      const of = { at: place + 12, digits, power: 4 * (view.getInt16(place + 6) - digits + 1) + scale };
      const unscaled = digits <= 4 ? smallOf(view, of) : -1;
      if (unscaled >= 0 && unscaled < limit) {
        const value = sign === 0 ? unscaled : 0 - unscaled;
        const high = Math.floor(value / two32);
        values[to] = value - high * two32;
        values[to + 1] = high;
        values[to + 2] = value < 0 ? 0xffffffff : 0;
        values[to + 3] = value < 0 ? 0xffffffff : 0;
      } else {
        const large = largeOf(view, of);
        if (large === undefined || large >= most) return false;
        halves[0] = sign === 0 ? large : -large;
        halves[1] = (sign === 0 ? large : -large) >> 64n;
        values.set(wordsOfHalves, to);
      }
    }
    return true;
  };
}

const texts =
  (into: BytesWriter): ColumnLoop =>
  ({ block: { bytes, view, positions, rows }, columns, column }) => {
    let length = 0;
    for (let row = 0, at = column; row < rows; row++, at += columns) length += Math.max(0, view.getInt32(positions[at] as number));
    const { offsets, values } = into.places(rows, length);
    let to = 0;
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      // A call of the JavaScript engine costs more than copying a few bytes in a loop.
      if (size > 32) bytes.copy(values, to, place + 4, place + 4 + size);
      else for (let byte = 0; byte < size; byte++) values[to + byte] = bytes[place + 4 + byte] as number;
      if (size === -1) into.nullAt(row);
      else to += size;
      offsets[row + 1] = to;
    }
    return true;
  };

const uuids =
  (into: BytesWriter): ColumnLoop =>
  ({ block: { bytes, view, positions, rows }, columns, column }) => {
    let length = 0;
    for (let row = 0, at = column; row < rows; row++, at += columns)
      length += view.getInt32(positions[at] as number) === 16 ? uuidLength : 0;
    const { offsets, values } = into.places(rows, length);
    let to = 0;
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      const place = positions[at] as number;
      const size = view.getInt32(place);
      if (size === 16) {
        putUuidText(values, to, bytes, place + 4);
        to += uuidLength;
      } else if (size === -1) into.nullAt(row);
      else return false;
      offsets[row + 1] = to;
    }
    return true;
  };
