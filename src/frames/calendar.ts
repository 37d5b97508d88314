import type { TimeUnit } from './schema.ts';

/** The proleptic Gregorian calendar. Days are counted since 1970-01-01, and dates and instants have an exact text. JavaScript’s Date is not used, because it drops microseconds. */

/** 0001-01-01 as days since 1970-01-01. The next constant: 9999-12-31. Every system can hold the days between them. */
export const firstDay = -719_162;
export const lastDay = 2_932_896;

export const secondsPerDay = 86_400;

/** The number of days of each month, from January to December, without a leap day. */
export const monthLengths: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** For each month, the number of days of the year before the month. */
export const monthStarts: readonly number[] = monthLengths.map((_, month) =>
  monthLengths.slice(0, month).reduce((sum, days) => sum + days, 0),
);

/** A day as days since 1970-01-01. NaN: the day does not exist. */
export function dayNumber(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && leap ? 29 : (monthLengths[month - 1] as number);
  if (day > length) return Number.NaN;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const inYear = (monthStarts[month - 1] as number) + (leap && month > 2 ? 1 : 0) + day - 1;
  return past * 365 + leapDays + inYear + firstDay;
}

/** For each unit, how many units a second has. */
export const unitsPerSecond: Readonly<Record<TimeUnit, bigint>> = { ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n };
/** For each unit, the number of fraction digits in the canonical text. */
export const fractionDigits: Readonly<Record<TimeUnit, number>> = { ms: 3, us: 6, ns: 9 };

const daySeconds = BigInt(secondsPerDay);

/** Days since 1970-01-01 as `YYYY-MM-DD`. Years outside 0–9999 are written as `±YYYYYY`. */
export function dateText(days: number): string {
  // The calculation uses eras of 400 years that begin in March, because the leap day is then the last day of a year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `YYYY-MM-DD` (or `±YYYYYY-MM-DD`) as days since 1970-01-01. Undefined: the day does not exist. */
export function epochDays(text: string): number | undefined {
  const match = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const days = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  // A year with a sign and six digits must be outside 0 to 9999.
  return !Number.isNaN(days) && dateText(days) === text ? days : undefined;
}

/** Units since 1970-01-01T00:00:00 as `YYYY-MM-DDTHH:MM:SS.fraction`, with as many fraction digits as the unit has. */
export function timestampText(value: bigint, unit: TimeUnit): string {
  const scale = unitsPerSecond[unit];
  const seconds = floorDivide(value, scale);
  const fraction = value - seconds * scale;
  const days = floorDivide(seconds, daySeconds);
  const rest = Number(seconds - days * daySeconds);
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return `${dateText(Number(days))}T${clock}.${fraction.toString().padStart(fractionDigits[unit], '0')}`;
}

export interface WrittenInstant {
  /** The written time as units since 1970-01-01T00:00:00, before the offset is subtracted. */
  readonly wall: bigint;
  /** The offset `Z` or `±HH:MM`, in seconds. Undefined: the text has no offset. */
  readonly offsetSeconds: number | undefined;
}

const written = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Reads a date, which may have a time of day and an offset. Undefined: the text is something else, or is finer than the unit. */
export function parseInstant(text: string, unit: TimeUnit): WrittenInstant | undefined {
  const match = written.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const days = epochDays(`${year}-${month}-${day}`);
  const digits = fraction.replace(/0+$/, '');
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || digits.length > fractionDigits[unit])
    return undefined;
  const seconds = BigInt(days) * daySeconds + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  const wall = seconds * unitsPerSecond[unit] + BigInt(digits.padEnd(fractionDigits[unit], '0'));
  if (offset === undefined) return { wall, offsetSeconds: undefined };
  const offsetSeconds = offsetOf(offset);
  return offsetSeconds === undefined ? undefined : { wall, offsetSeconds };
}

/** A date or a time in milliseconds since 1970. Finer digits are dropped. Without an offset, the text is in UTC. Undefined: the text is neither a date nor a time. */
export function epochMs(text: string): number | undefined {
  const read = parseInstant(text, 'ns');
  if (read === undefined) return undefined;
  const { wall, offsetSeconds = 0 } = read;
  return Number(floorDivide(wall - BigInt(offsetSeconds) * unitsPerSecond.ns, unitsPerSecond.ns / unitsPerSecond.ms));
}

/** The offset in seconds. Undefined: the hours or the minutes are out of range. */
function offsetOf(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hours > 23 || minutes > 59) return undefined;
  const seconds = hours * 3600 + minutes * 60;
  return text.startsWith('-') ? -seconds : seconds;
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
