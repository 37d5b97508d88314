/** Steps along a watermark, exactly and in the watermark’s own type. Dates and times step by calendar and clock, and numbers step by a number. */
import { dateText, dayNumber, floorDivide, secondsPerDay, unitsPerSecond } from '../calendar.ts';
import type { DataType } from '../schema.ts';
import { parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../watermark-text.ts';

/** `by`: a number of the units in which values of the type are compared. */
export type Stride = { readonly months: number } | { readonly by: bigint };

const daySeconds = BigInt(secondsPerDay);
const seconds: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3_600n, d: daySeconds, w: 7n * daySeconds };

/** Reads a step: `1d`, `12h`, `2w`, `1mo` for dates and times, and a number for numbers. Undefined: the text is not a step, or not a step of this type. */
export function readStride(written: string, type: DataType): Stride | undefined {
  const text = written.trim().toLowerCase();
  if (type.kind !== 'date' && type.kind !== 'timestamp') {
    const by = parsedKey(type, text);
    return typeof by === 'bigint' && by > 0n ? { by } : undefined;
  }
  const [, digits = '', unit = ''] = /^(\d{1,6})(s|m|h|d|w|mo)$/.exec(text) ?? [];
  const count = Number(digits);
  if (count === 0) return undefined;
  if (unit === 'mo') return { months: count };
  const long = BigInt(count) * (seconds[unit] ?? 0n);
  if (type.kind === 'timestamp') return { by: long * unitsPerSecond[type.unit] };
  return long % daySeconds === 0n ? { by: long / daySeconds } : undefined;
}

/**
 * The value after `steps` steps. A step of months keeps the day of the month, or uses the last day if the month has no such day. All steps
 * are counted from the original value, so that a 31st becomes a 31st again.
 */
export function stepped(type: DataType, text: string, stride: Stride, steps: bigint): string {
  const key = watermarkKey(type, text);
  if (typeof key === 'string') throw new TypeError(`${type.kind} has no steps`);
  return watermarkText(type, 'by' in stride ? key + stride.by * steps : monthsOn(type, key, stride.months * Number(steps)));
}

/** The value that is `ms` earlier. A date goes back by whole days, and at least by `ms`. */
export function earlier(type: DataType, text: string, ms: number): string | undefined {
  const key: WatermarkKey = watermarkKey(type, text);
  if (typeof key !== 'bigint') return undefined;
  if (type.kind === 'timestamp') return watermarkText(type, key - (BigInt(ms) * unitsPerSecond[type.unit]) / 1_000n);
  return type.kind === 'date' ? watermarkText(type, key - BigInt(Math.ceil(ms / 86_400_000))) : undefined;
}

function monthsOn(type: DataType, key: bigint, months: number): bigint {
  const perDay = type.kind === 'timestamp' ? unitsPerSecond[type.unit] * daySeconds : 1n;
  const day = floorDivide(key, perDay);
  const [, year = '0', month = '1', date = '1'] = /^([+-]?\d+)-(\d\d)-(\d\d)$/.exec(dateText(Number(day))) ?? [];
  const count = Number(year) * 12 + Number(month) - 1 + months;
  const first = firstOf(count);
  const days = Math.min(Number(date), firstOf(count + 1) - first);
  return BigInt(first + days - 1) * perDay + (key - day * perDay);
}

/** The first day of a month, as days since 1970. Months are counted from the year 0. */
function firstOf(month: number): number {
  const year = Math.floor(month / 12);
  return dayNumber(year, month - year * 12 + 1, 1);
}
