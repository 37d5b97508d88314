/** The bounds of a window, as an API takes them. */
import type { Window } from '../../engine/contracts/home.ts';
import { floorDivide, timestampText, unitsPerSecond } from '../../frames/calendar.ts';
import { earliestZoneMs, hasNoZone, isInteger, isTime, latestZoneMs } from '../../frames/future.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { watermarkKey } from '../../frames/watermark-text.ts';
import { hasUpper, type WindowParams } from './config.ts';
import { countedMs, strideOf, type Zoned } from './epoch-time.ts';

const dayMs = 86_400_000n;
/** The unit in which each form counts, in milliseconds. */
const unitMs: Readonly<Record<Exclude<WindowParams['format'], 'number'>, bigint>> = {
  iso: 1_000n,
  iso_ms: 1n,
  iso_no_zone: 1_000n,
  date: dayMs,
  epoch_s: 1_000n,
  epoch_ms: 1n,
};

/**
 * Parameters by which the API gives all records of the window, and some besides: a bound is sent one unit further out, since APIs differ in whether a bound
 * belongs to the window, and many cut times to it. The reader keeps the rows of the window alone.
 * @param given what the request has for a parameter already, which an expression is added to.
 */
export function windowParams(
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
  params: (WindowParams & Zoned) | undefined,
  given: (name: string) => string | null = () => null,
): Readonly<Record<string, string>> {
  if (params === undefined || column === null) return {};
  const { param, from, to } = params;
  const low = lower && written(column.type, lower.text, params, 'down');
  const high = upper && hasUpper(params) ? written(column.type, upper.text, params, 'up') : null;
  if (param === undefined) return { ...(low == null ? {} : { [from]: low }), ...(high == null || to === undefined ? {} : { [to]: high }) };
  const expressions = expressionsOf(params, low ?? null, high ?? null);
  const before = given(param);
  const parts = [...(before === null || before === '' ? [] : [before]), ...expressions];
  return expressions.length === 0 ? {} : { [param]: parts.join(params.join ?? ' and ') };
}

function expressionsOf({ from, to, open = '' }: WindowParams, low: string | null, high: string | null): readonly string[] {
  if (from.includes('{to}'))
    return low === null && high === null ? [] : [from.replaceAll('{from}', low ?? open).replaceAll('{to}', high ?? open)];
  const lowest = low === null ? [] : [from.replaceAll('{from}', low)];
  return high === null || to === undefined ? lowest : [...lowest, to.replaceAll('{to}', high)];
}

/** Whether bounds of the column can be written in the form of the window. A source without a record has not shown its types. */
export function fitsWindow({ type }: Pick<Watermark, 'type'>, { format, slice }: WindowParams): boolean {
  if (type.kind === 'null') return true;
  const fits = isInteger(type)
    ? format === 'number' || countedMs(type, format) !== undefined
    : type.kind === 'decimal'
      ? format === 'number' && type.scale === 0
      : isTime(type) && format !== 'number';
  return fits && (slice === undefined || strideOf(slice, type, format) !== undefined);
}

/** The smallest distance of two values that the API tells apart, in units of the type. */
export function tickOf(type: DataType, format: WindowParams['format']): bigint {
  if (format === 'number' || type.kind === 'date' || countedMs(type, format) !== undefined) return 1n;
  return type.kind === 'timestamp' ? (unitMs[format] * unitsPerSecond[type.unit]) / 1_000n : 1n;
}

/** Undefined: the column is of another kind than the form, so the API can't be asked. */
function written(
  type: DataType,
  text: string,
  { format, zone }: Pick<WindowParams, 'format'> & Zoned,
  way: 'down' | 'up',
): string | undefined {
  if (type.kind === 'null' || type.kind === 'string') return undefined;
  const key = watermarkKey(type, text);
  if (typeof key === 'string') return undefined;
  if (format === 'number') return isTime(type) ? undefined : String(way === 'down' ? key - 1n : key + 1n);
  const counted = countedMs(type, format);
  const at = counted === undefined ? millisecondsOf(type, key, way) : key * counted;
  if (at === undefined) return undefined;
  const unit = unitMs[format];
  const moved = at + (zone === undefined && hasNoZone(type) ? anywhereMs(format, way) : 0n);
  const floor = floorDivide(moved, unit);
  const count = way === 'down' ? floor - 1n : floor + (floor * unit === moved ? 1n : 2n);
  if (format === 'epoch_s' || format === 'epoch_ms') return String(count);
  const shown = timestampText(count * unit, 'ms');
  if (format === 'date') return shown.slice(0, 10);
  return format === 'iso_ms' ? `${shown}Z` : `${shown.slice(0, 19)}${format === 'iso' ? 'Z' : ''}`;
}

/** As an instant, a time of an unknown place may be so much earlier or later than the same time of UTC. */
function anywhereMs(format: WindowParams['format'], way: 'down' | 'up'): bigint {
  if (format === 'iso_no_zone' || format === 'date') return 0n;
  return BigInt(way === 'down' ? -latestZoneMs : earliestZoneMs);
}

function millisecondsOf(type: DataType, key: bigint, way: 'down' | 'up'): bigint | undefined {
  if (type.kind === 'date') return key * dayMs + (way === 'up' ? dayMs - 1n : 0n);
  if (type.kind !== 'timestamp') return undefined;
  const perMs = unitsPerSecond[type.unit] / 1_000n;
  const floor = floorDivide(key, perMs);
  return way === 'up' && floor * perMs !== key ? floor + 1n : floor;
}
