/** ISO 8601 dates and times, byte by byte: `YYYY-MM-DD`, `YYYY-MM-DD[T ]HH:MM[:SS[.f…]][Z|±HH[:MM]]`, `HH:MM:SS[.f…]`. */
import { dayNumber } from '../../frames/calendar.ts';

const zero = 48;
const dash = 45;
const colon = 58;

/** The parts of the last time that was read. */
export class ClockForm {
  /** The number of days since 1970-01-01. */
  days = 0;
  /** The number of seconds since midnight. */
  seconds = 0;
  /** The fraction of the second in nanoseconds, and below it the number of digits that the text has for the fraction. */
  nanos = 0;
  fractionDigits = 0;
  /** The offset in seconds east of UTC. NaN: the text has no offset. */
  offset = Number.NaN;
  /** Whether the text has a time of day. */
  hasTime = false;
  #at = 0;
  #lastMonth = -1;
  #lastDays = Number.NaN;

  /** Reads `YYYY-MM-DD` alone. False: the text has another form. */
  date(bytes: Uint8Array, start: number, end: number): boolean {
    return end - start === 10 && this.#date(bytes, start);
  }

  /** Reads a date, which a time and an offset may follow. */
  timestamp(bytes: Uint8Array, start: number, end: number): boolean {
    this.seconds = this.nanos = this.fractionDigits = 0;
    this.offset = Number.NaN;
    this.hasTime = false;
    if (end - start < 10 || !this.#date(bytes, start)) return false;
    if (end - start === 10) return true;
    const between = bytes[start + 10];
    if (between !== 32 && between !== 84) return false;
    if (!this.#time(bytes, start + 11, end, false)) return false;
    this.hasTime = true;
    return this.#at === end || this.#offset(bytes, this.#at, end);
  }

  /** Reads `HH:MM`, `HH:MM:SS` or `HH:MM:SS.f…`. */
  timeOfDay(bytes: Uint8Array, start: number, end: number): boolean {
    this.nanos = this.fractionDigits = 0;
    return this.#time(bytes, start, end, true) && this.#at === end;
  }

  #date(bytes: Uint8Array, start: number): boolean {
    if (bytes[start + 4] !== dash || bytes[start + 7] !== dash) return false;
    const year = two(bytes, start) * 100 + two(bytes, start + 2);
    const month = two(bytes, start + 5);
    const day = two(bytes, start + 8);
    // The first day of the previous row’s month is remembered, because consecutive rows are often of one month.
    const key = year * 16 + month;
    if (key === this.#lastMonth && day >= 1 && day <= 28) {
      this.days = this.#lastDays + day;
      return true;
    }
    const days = dayNumber(year, month, day);
    if (Number.isNaN(days)) return false;
    this.#lastMonth = key;
    this.#lastDays = days - day;
    this.days = days;
    return true;
  }

  #time(bytes: Uint8Array, start: number, end: number, whole: boolean): boolean {
    if (end - start < 5 || bytes[start + 2] !== colon) return false;
    const hours = two(bytes, start);
    const minutes = two(bytes, start + 3);
    if (!(hours < 24 && minutes < 60)) return false;
    let at = start + 5;
    let seconds = 0;
    if (at < end && bytes[at] === colon) {
      seconds = at + 3 <= end ? two(bytes, at + 1) : Number.NaN;
      at += 3;
      if (!(seconds < 60)) return false;
      if (at < end && bytes[at] === 46) at = this.#fraction(bytes, at + 1, end);
      if (at < 0) return false;
    } else if (whole && at !== end) return false;
    this.seconds = hours * 3600 + minutes * 60 + seconds;
    this.#at = at;
    return true;
  }

  /** Returns the position after the fraction. -1: the fraction has no digits, or a digit after the ninth is not zero. */
  #fraction(bytes: Uint8Array, start: number, end: number): number {
    let nanos = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - zero;
      if (digit < 0 || digit > 9) break;
      if (at - start < 9) nanos = nanos * 10 + digit;
      else if (digit !== 0) return -1;
    }
    const digits = at - start;
    if (digits === 0) return -1;
    for (let i = digits; i < 9; i++) nanos *= 10;
    this.nanos = nanos;
    this.fractionDigits = digits;
    return at;
  }

  /** Reads `Z`, `+02`, `+0200` or `+02:00`, which must be the end of the text. */
  #offset(bytes: Uint8Array, start: number, end: number): boolean {
    const sign = bytes[start] as number;
    const length = end - start;
    if (length === 1 && (sign === 90 || sign === 122)) {
      this.offset = 0;
      return true;
    }
    if ((sign !== 43 && sign !== dash) || !(length === 3 || length === 5 || (length === 6 && bytes[start + 3] === colon))) return false;
    const hours = two(bytes, start + 1);
    const minutes = length === 3 ? 0 : two(bytes, end - 2);
    if (!(hours < 24 && minutes < 60)) return false;
    this.offset = (sign === dash ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
  }
}

/** Two digits as a number. NaN: the bytes are not digits. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero;
  const ones = (bytes[at + 1] as number) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
