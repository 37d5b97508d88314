/** Writes the times of bounds as an API requires them: in a named form, or by a pattern of strftime. */

import { type OffsetAt, offsetsOf } from '../../checks/zone-offsets.ts';
import { floorDivide, timestampText } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import { isInteger, writtenIn } from '../../frames/times/future.ts';
import { readStride, type Stride, stepped } from '../../frames/times/stride.ts';
import { watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Instant } from '../../ports/values.ts';

export const namedForms = ['iso', 'iso_ms', 'iso_no_zone', 'date', 'epoch_s', 'epoch_ms', 'number'] as const;
type NamedForm = (typeof namedForms)[number];

const dayMs = 86_400_000n;
/** The unit in which each form counts, in milliseconds. */
const units: Readonly<Record<Exclude<NamedForm, 'number'>, bigint>> = {
  iso: 1_000n,
  iso_ms: 1n,
  iso_no_zone: 1_000n,
  date: dayMs,
  epoch_s: 1_000n,
  epoch_ms: 1n,
};

/** The parts of a pattern that determine its smallest unit, the smallest unit first. */
const partUnits: readonly (readonly [RegExp, bigint])[] = [
  [/f/, 1n],
  [/S/, 1_000n],
  [/M/, 60_000n],
  [/[HI]/, 3_600_000n],
];

const letters = 'YymbdHIMSfpz';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The maximum time by which clocks are set back. */
const longestShiftMs = 3 * 3_600_000;

const partsOf = (pattern: string) => [...pattern.matchAll(/%(.?)/g)].map(([, letter = '']) => letter).filter((letter) => letter !== '%');

function isNamed(form: string): form is NamedForm {
  return (namedForms as readonly string[]).includes(form);
}

/** A sentence about what is wrong with a form. Undefined: the form is valid. */
export function formProblem(form: string): string | undefined {
  if (isNamed(form)) return undefined;
  const parts = partsOf(form);
  if (parts.length === 0) return `One of ${namedForms.join(', ')}, or a pattern such as "%Y-%m-%d %H:%M"`;
  const unknown = parts.find((letter) => letter === '' || !letters.includes(letter));
  if (unknown !== undefined) return `%${unknown} means nothing. Use ${[...letters].map((letter) => `%${letter}`).join(' ')} and %%`;
  if ([/[Yy]/, /[mb]/, /d/].some((one) => !parts.some((letter) => one.test(letter))))
    return 'A pattern has a year (%Y), a month (%m or %b) and a day (%d)';
  if (parts.includes('I') !== parts.includes('p')) return '%I (hour of twelve) and %p (AM or PM) belong together';
  return undefined;
}

/** The smallest unit of the form, in milliseconds. */
export function unitOf(form: string): bigint {
  if (isNamed(form)) return form === 'number' ? 1n : units[form];
  const parts = partsOf(form).join('');
  return partUnits.find(([part]) => part.test(parts))?.[1] ?? dayMs;
}

/** Whether times in this form are local times without a zone. */
export function isPlaceless(form: string): boolean {
  return form === 'iso_no_zone' || form === 'date' || (!isNamed(form) && !partsOf(form).includes('z'));
}

/**
 * A bound in a form, one unit further out for two reasons: APIs differ in whether a bound belongs to the window, and many APIs cut times to the unit.
 * @param ms the bound in milliseconds since 1970.
 * @param zone the zone of a form without a zone. Undefined: the zone of `ms`.
 */
export function boundIn(
  form: string,
  ms: bigint,
  { way, zone }: { readonly way: 'down' | 'up'; readonly zone: string | undefined },
): string {
  const unit = unitOf(form);
  const offsetMs = zone === undefined ? 0 : offsetFor(offsetsOf(zone), Number(ms), way);
  const moved = ms + (isPlaceless(form) || !isNamed(form) ? BigInt(offsetMs) : 0n);
  const floor = floorDivide(moved, unit);
  const count = way === 'down' ? floor - 1n : floor + (floor * unit === moved ? 1n : 2n);
  if (form === 'epoch_s' || form === 'epoch_ms') return String(count);
  const shown = timestampText(count * unit, 'ms');
  if (form === 'date') return shown.slice(0, 10);
  if (form === 'iso_ms') return `${shown}Z`;
  if (isNamed(form)) return `${shown.slice(0, 19)}${form === 'iso' ? 'Z' : ''}`;
  return byPattern(form, shown, offsetMs);
}

/** The offset of a zone at a time. When clocks are set back, an hour occurs twice. Then a lower bound is the earlier hour, and an upper bound is the later hour. */
function offsetFor(offset: OffsetAt, ms: number, way: 'down' | 'up'): number {
  return way === 'down' ? Math.min(offset(ms), offset(ms + longestShiftMs)) : Math.max(offset(ms), offset(ms - longestShiftMs));
}

/** @param shown the time in the form `2026-01-31T08:00:00.000`. */
function byPattern(pattern: string, shown: string, offsetMs: number): string {
  const [year, month, day, hour, minute, second, fraction] = shown.split(/[-T:.]/) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const ofTwelve = Number(hour) % 12 || 12;
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    ...{
      Y: year,
      y: year.slice(-2),
      m: month,
      b: months[Number(month) - 1] ?? '',
      d: day,
      H: hour,
      I: two(ofTwelve),
      M: minute,
      S: second,
    },
    ...{
      f: `${fraction}000`,
      p: Number(hour) < 12 ? 'AM' : 'PM',
      z: `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`,
    },
    '%': '%',
  };
  return pattern.replace(/%(.)/g, (_, letter: string) => parts[letter] ?? '');
}

export interface Zoned {
  /** The zone of dates, and of times without a zone. Undefined: the zone is unknown. */
  readonly zone?: 'UTC' | undefined;
}

const inMs: DataType = { kind: 'timestamp', unit: 'ms', zone: 'UTC' };

/** The unit in which an integer of the column counts time, in milliseconds. Undefined: the integer is a plain number, or the column has no integers. */
export function countedMs(type: DataType, format: string | undefined): bigint | undefined {
  if (!isInteger(type)) return undefined;
  return format === 'epoch_s' ? 1_000n : format === 'epoch_ms' ? 1n : undefined;
}

/** An instant as a value of the column. Undefined: the column has no times. */
export function instantAs(type: DataType, instant: Instant, format: string | undefined): string | undefined {
  const unit = countedMs(type, format);
  return unit === undefined ? writtenIn(type, instant) : String(floorDivide(BigInt(Date.parse(instant)), unit));
}

/** The steps into which a range of the column is divided. @param every the length of a step, such as `30d`, or `10000` for ids. Undefined: the column can not be divided into such steps. */
export function strideOf(every: string, type: DataType, format: string | undefined): Stride | undefined {
  return readStride(every, countedMs(type, format) === undefined ? type : inMs);
}

/** The value that is this number of steps later. */
export function stepFrom(
  { type, text, format }: { readonly type: DataType; readonly text: string; readonly format: string | undefined },
  stride: Stride,
  steps: bigint,
): string {
  const unit = countedMs(type, format);
  if (unit === undefined) return stepped(type, text, stride, steps);
  const at = stepped(inMs, watermarkText(inMs, BigInt(text) * unit), stride, steps);
  return String(floorDivide(BigInt(watermarkKey(inMs, at)), unit));
}
