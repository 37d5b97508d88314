/** Writes decimals and times from the integers that store them. Values beyond 2^53, and times beyond years of four digits, are written through a string. */
import { dateText, firstDay, fractionDigits, lastDay } from '../calendar.ts';
import type { Arrow } from '../native.ts';
import type { DataType, TimeUnit } from '../schema.ts';
import { cellReader } from '../values/cells.ts';
import { canonicalText } from './canonical-text.ts';
import { putFraction, putPadded, putWhole } from './digits.ts';
import { fixed, type ValueWriter, wordsOf } from './value-writer.ts';

const word = 4_294_967_296;
const mostExact = 2 ** 53;
/** The most bytes of a decimal: a sign, 38 digits and a point. */
const mostDecimal = 41;

/** Writes decimals, which are numbers of 128 bits in two’s complement. */
export function decimalWriter(data: Arrow.Data, scale: number): ValueWriter {
  const words = wordsOf(data);
  const slow = asString({ kind: 'decimal', precision: 38, scale }, data);
  return fixed(mostDecimal, (row, bytes, at) => {
    const high = words[row * 4 + 1] as number;
    const rest = high >> 31;
    const value = high * word + ((words[row * 4] as number) >>> 0);
    const isSmall = words[row * 4 + 2] === rest && words[row * 4 + 3] === rest && Math.abs(value) < mostExact;
    return isSmall && scale <= 15 ? putScaled(bytes, at, value, scale) : slow(row, bytes, at);
  });
}

export function durationWriter(data: Arrow.Data, unit: TimeUnit): ValueWriter {
  const words = wordsOf(data);
  const slow = asString({ kind: 'duration', unit }, data);
  const scale = fractionDigits[unit];
  return fixed(mostDecimal, (row, bytes, at) => {
    const value = (words[row * 2 + 1] as number) * word + ((words[row * 2] as number) >>> 0);
    return Math.abs(value) < mostExact ? putScaled(bytes, at, value, scale) : slow(row, bytes, at);
  });
}

/** Writes a scaled number. `value`: a whole number below 2^53. `scale`: at most 15. */
function putScaled(bytes: Uint8Array, at: number, value: number, scale: number): number {
  const size = Math.abs(value);
  let end = at;
  if (value < 0) bytes[end++] = 45;
  if (scale === 0) return putWhole(bytes, end, size);
  const one = 10 ** scale;
  const whole = Math.floor(size / one);
  return putFraction(bytes, putWhole(bytes, end, whole), size - whole * one, scale);
}

/** Writes dates, which are days since 1970-01-01. */
export function dateWriter(data: Arrow.Data): ValueWriter {
  const values = data.values as Int32Array;
  const days = new Days();
  return fixed(mostTime, (row, bytes, at) => days.put(bytes, at, values[row] as number));
}

/** Writes times of day, which are nanoseconds since midnight. */
export function timeWriter(data: Arrow.Data): ValueWriter {
  const words = wordsOf(data);
  return fixed(mostTime, (row, bytes, at) => {
    const value = (words[row * 2 + 1] as number) * word + ((words[row * 2] as number) >>> 0);
    const seconds = Math.floor(value / 1e9);
    return putFraction(bytes, putClock(bytes, at, seconds), value - seconds * 1e9, 9);
  });
}

export function timestampWriter(data: Arrow.Data, unit: TimeUnit): ValueWriter {
  const words = wordsOf(data);
  const slow = asString({ kind: 'timestamp', unit }, data);
  const perSecond = 10 ** fractionDigits[unit];
  const days = new Days();
  return fixed(mostTime, (row, bytes, at) => {
    const high = words[row * 2 + 1] as number;
    const low = words[row * 2] as number;
    // The quotient is rounded, and the remainder, computed in 32 bits, shows by how much. Beyond these bounds, the quotient could be off by more than one.
    if (unit === 'ms' && (high < -0x20_0000 || high >= 0x20_0000)) return slow(row, bytes, at);
    let seconds = Math.floor((high * word + (low >>> 0)) / perSecond);
    let rest = (low - Math.imul(seconds, perSecond)) | 0;
    if (rest < 0) {
      seconds--;
      rest += perSecond;
    } else if (rest >= perSecond) {
      seconds++;
      rest -= perSecond;
    }
    const day = Math.floor(seconds / 86_400);
    let end = days.put(bytes, at, day);
    bytes[end++] = 84;
    return putFraction(bytes, putClock(bytes, end, seconds - day * 86_400), rest, fractionDigits[unit]);
  });
}

/** The most bytes of a time: a year of nine digits with its sign, and everything else down to nanoseconds. */
const mostTime = 40;

function putClock(bytes: Uint8Array, at: number, seconds: number): number {
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  bytes[at + 2] = bytes[at + 5] = 58;
  putPadded(bytes, at, hours, 2);
  putPadded(bytes, at + 3, minutes - hours * 60, 2);
  return putPadded(bytes, at + 6, seconds - minutes * 60, 2);
}

/** Writes days. The text of the last day is stored, because consecutive rows often have the same day. */
class Days {
  #day = Number.NaN;
  #text: Uint8Array = new Uint8Array();
  readonly #plain = new Uint8Array(10).fill(45);

  put(bytes: Uint8Array, at: number, day: number): number {
    if (day !== this.#day) {
      this.#day = day;
      this.#text = day >= firstDay && day <= lastDay ? this.#civil(day + 719_468) : Buffer.from(dateText(day));
    }
    const text = this.#text;
    for (let i = 0; i < text.length; i++) bytes[at + i] = text[i] as number;
    return at + text.length;
  }

  /** Writes a day as `dateText` does. The day is counted since 0000-03-01. */
  #civil(days: number): Uint8Array {
    const era = (days / 146_097) | 0;
    const dayOfEra = days - era * 146_097;
    const yearOfEra = ((dayOfEra - ((dayOfEra / 1_460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
    const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
    const marchMonth = ((5 * dayOfYear + 2) / 153) | 0;
    const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    putPadded(this.#plain, 0, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
    putPadded(this.#plain, 5, month, 2);
    putPadded(this.#plain, 8, dayOfYear - (((153 * marchMonth + 2) / 5) | 0) + 1, 2);
    return this.#plain;
  }
}

function asString(type: DataType, data: Arrow.Data): ValueWriter['write'] {
  const read = cellReader(type, data);
  return (row, bytes, at) => at + Buffer.from(canonicalText(type, read(row)) ?? '').copy(bytes, at);
}
