/** ISO 8601 dates and times, byte by byte: `YYYY-MM-DD`, `YYYY-MM-DD[T ]HH:MM[:SS[.f…]][Z|±HH[:MM]]`, `HH:MM:SS[.f…]`. */
import { dayNumber } from '../../frames/calendar.ts';

const zero = 48;
const dash = 45;
const colon = 58;

/** The parts of the last time that was read. */
export class ClockForm {
  /** Days since 1970-01-01. */
  days = 0;
  /** Seconds of the day. */
  seconds = 0;
  /** The fraction in nanoseconds, and its digits as written. */
  nanos = 0;
  fractionDigits = 0;
  /** Seconds east of UTC; NaN: none was written. */
  offset = Number.NaN;
  /** A time of day was written. */
  hasTime = false;
  #at = 0;
  #lastMonth = -1;
  #lastDays = Number.NaN;

  /** `YYYY-MM-DD` and nothing else. */
  date(bytes: Uint8Array, start: number, end: number): boolean {
    return end - start === 10 && this.#date(bytes, start);
  }

  /** A date, or a date with a time and perhaps an offset. */
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

  /** `HH:MM`, `HH:MM:SS`, `HH:MM:SS.f…`. */
  timeOfDay(bytes: Uint8Array, start: number, end: number): boolean {
    this.nanos = this.fractionDigits = 0;
    return this.#time(bytes, start, end, true) && this.#at === end;
  }

  #date(bytes: Uint8Array, start: number): boolean {
    if (bytes[start + 4] !== dash || bytes[start + 7] !== dash) return false;
    const year = two(bytes, start) * 100 + two(bytes, start + 2);
    const month = two(bytes, start + 5);
    const day = two(bytes, start + 8);
    // Rows are often of one month, so its first day is remembered from the row before.
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

  /** Returns the position after the fraction. -1: there are no digits, or digits after the ninth are not zero. */
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

  /** `Z`, `+02`, `+0200` or `+02:00`, up to the end of the text. */
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

/** Two digits as a number; NaN if they are not digits. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero;
  const ones = (bytes[at + 1] as number) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
