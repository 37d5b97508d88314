/**
 * Writes whole columns of dates and instants as text. This code is several times faster than Polars’ own conversion, which took most of the
 * time of writing CSV. The calendar is the proleptic Gregorian calendar, as in `calendar.ts`.
 */
import { dateText, firstDay, fractionDigits, lastDay, secondsPerDay } from '../calendar.ts';
import type { Arrow } from '../native.ts';
import type { TimeUnit } from '../schema.ts';

/** Texts one after the other. Text i is `bytes[offsets[i]..offsets[i + 1]]`. A null may have any text. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

/** Writes days since 1970-01-01 (Arrow Date32) as `YYYY-MM-DD`. Undefined: a day is outside the years 1 to 9999, whose texts have another form. */
export function dateTexts(data: Arrow.Data): Texts | undefined {
  const days = data.values as Int32Array;
  const texts = new FixedTexts(data, dateBytes);
  for (let i = 0, at = 0; i < data.length; i++, at += dateBytes)
    if (!texts.putDay(at, days[i] as number) && data.getValid(i)) return undefined;
  return texts.done();
}

/**
 * Writes units since 1970-01-01T00:00:00 (Arrow Timestamp) as `YYYY-MM-DDTHH:MM:SS.fraction`, followed by `suffix`. The fraction has as
 * many digits as the unit. An instant with a zone is written in UTC. Undefined: a day is outside the years 1 to 9999. `between` separates
 * the day and the time.
 */
export function instantTexts(data: Arrow.Data, unit: TimeUnit, suffix: '' | 'Z', between: 'T' | ' ' = 'T'): Texts | undefined {
  const { buffer, byteOffset } = data.values as BigInt64Array;
  // An int64 is read as its two halves, the lower half first, because a BigInt for each value would take too long.
  const halves = new Int32Array(buffer, byteOffset, data.length * 2);
  const digits = fractionDigits[unit];
  const scale = 10 ** digits;
  const width = dateBytes + clockBytes + digits + suffix.length;
  const texts = new FixedTexts(data, width);
  const separator = between.charCodeAt(0);
  for (let i = 0, at = 0; i < data.length; i++, at += width) {
    const low = halves[2 * i] as number;
    // The quotient of doubles may be off by one. The remainder modulo 2^32 is exact, and shows whether the quotient is off.
    let second = Math.floor(((halves[2 * i + 1] as number) * 4_294_967_296 + (low >>> 0)) / scale);
    let rest = (low - Math.imul(second | 0, scale)) | 0;
    if (rest < 0) {
      rest += scale;
      second--;
    } else if (rest >= scale) {
      rest -= scale;
      second++;
    }
    const day = Math.floor(second / secondsPerDay);
    if (!texts.putDay(at, day) && data.getValid(i)) return undefined;
    texts.putClock(at + dateBytes, second - day * secondsPerDay, separator);
    texts.putFraction(at + dateBytes + clockBytes, rest, digits);
    if (suffix === 'Z') texts.bytes[at + width - 1] = letterZ;
  }
  return texts.done();
}

const dateBytes = 10;
/** The number of bytes between the day and the fraction: the separator, `HH:MM:SS` and a point. */
const clockBytes = 10;
const letterZ = 0x5a;
const point = 0x2e;
/** Extra room after the last text. Words of four bytes are written even if fewer bytes are needed, and the next text overwrites the excess. */
const slack = 4;

/** Texts that all have the same length. */
class FixedTexts {
  readonly bytes: Uint8Array;
  readonly #out: DataView;
  readonly #length: number;
  readonly #width: number;

  constructor({ length }: Arrow.Data, width: number) {
    this.#length = length;
    this.#width = width;
    this.bytes = new Uint8Array(length * width + slack);
    this.#out = new DataView(this.bytes.buffer);
  }

  /** Writes a day. False: the day is outside the years 1 to 9999, and nothing was written. */
  putDay(at: number, day: number): boolean {
    const slot = day & (remembered - 1);
    if (rememberedDays[slot] !== day && !remember(slot, day)) return false;
    this.#out.setUint32(at, dayWords[3 * slot] as number, true);
    this.#out.setUint32(at + 4, dayWords[3 * slot + 1] as number, true);
    this.#out.setUint32(at + 8, dayWords[3 * slot + 2] as number, true);
    return true;
  }

  /** Writes the separator and a second of the day. */
  putClock(at: number, second: number, separator: number): void {
    const minute = (second / 60) | 0;
    this.bytes[at] = separator;
    this.#out.setUint32(at + 1, minuteWords[2 * minute] as number, true);
    this.#out.setUint32(at + 5, minuteWords[2 * minute + 1] as number, true);
    this.#out.setUint32(at + 7, secondWords[second - 60 * minute] as number, true);
    this.bytes[at + 9] = point;
  }

  /** Writes a fraction, three digits at a time, with the last digits first. The fourth byte of each word is overwritten by the digits after it. */
  putFraction(at: number, fraction: number, digits: number): void {
    if (digits === 3) {
      this.#out.setUint32(at, digitWords[fraction] as number, true);
      return;
    }
    const thousands = (fraction / 1000) | 0;
    this.putFraction(at, thousands, digits - 3);
    this.#out.setUint32(at + digits - 3, digitWords[fraction - thousands * 1000] as number, true);
  }

  done(): Texts {
    const offsets = new Int32Array(this.#length + 1);
    for (let i = 1; i <= this.#length; i++) offsets[i] = i * this.#width;
    return { bytes: this.bytes, offsets };
  }
}

/** How many days are remembered. The texts of recent days are stored if these days are less than `remembered` apart. A text has three words of four bytes: `YYYY`, `-MM-`, `DD`. */
const remembered = 65_536;
/** At the beginning, each slot has a day that belongs to another slot, so that no day is remembered. */
const rememberedDays = new Int32Array(remembered);
rememberedDays[0] = 1;
const dayWords = new Uint32Array(3 * remembered);

function remember(slot: number, day: number): boolean {
  if (day < firstDay || day > lastDay) return false;
  const text = dateText(day);
  dayWords.set([word(text.slice(0, 4)), word(text.slice(4, 8)), word(text.slice(8))], 3 * slot);
  rememberedDays[slot] = day;
  return true;
}

const padded = (value: number, count: number): string => String(value).padStart(count, '0');
const word = (text: string): number => Buffer.from(text.padEnd(4, '\0')).readUInt32LE(0);
/** The words `HH:M` and `M:` for each minute of a day. The words are made from numbers, because texts would add a millisecond to each start of hygge. */
const minuteWords = new Uint32Array(2 * 1440);
const [zero, colon] = [0x30, 0x3a];
for (let minute = 0; minute < 1440; minute++) {
  const [hour, inHour] = [(minute / 60) | 0, minute % 60];
  minuteWords[2 * minute] = (zero + ((hour / 10) | 0)) | ((zero + (hour % 10)) << 8) | (colon << 16) | ((zero + ((inHour / 10) | 0)) << 24);
  minuteWords[2 * minute + 1] = (zero + (inHour % 10)) | (colon << 8);
}
const secondWords = Uint32Array.from({ length: 60 }, (_, second) => word(padded(second, 2)));
const digitWords = Uint32Array.from({ length: 1000 }, (_, value) => word(padded(value, 3)));
