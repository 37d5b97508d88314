/** Writes the bounds of a window in the form that an API requires. */
import type { Window } from '../../engine/contracts/home.ts';
import { floorDivide, unitsPerSecond } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import { earliestZoneMs, hasNoZone, isInteger, isTime, latestZoneMs } from '../../frames/times/future.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { watermarkKey } from '../../frames/watermark-text.ts';
import { boundIn, countedMs, isPlaceless, strideOf, unitOf } from '../times/time-forms.ts';
import { hasUpper, type WindowParams } from './config.ts';

const dayMs = 86_400_000n;

/** How the bounds of a window are sent. */
export interface SentBounds extends Omit<WindowParams, 'zone'> {
  /** The zone of the column, as in `Zoned.zone`. */
  readonly zone?: string | undefined;
  /** The zone of the sent bounds from `window.zone`, for bounds without a zone. Undefined: the zone is UTC, or the zone of the column. */
  readonly sentZone?: string | undefined;
}

/**
 * Parameters by which the API returns all records of the window, and some more records. A bound is sent one unit further out for two reasons: APIs differ in whether a
 * bound belongs to the window, and many APIs cut times to the unit. The reader keeps only the rows of the window.
 * @param given returns the value that the request already has for a parameter. Expressions are added to this value.
 */
export function windowParams(
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
  params: SentBounds | undefined,
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

function expressionsOf({ from, to, open = '' }: SentBounds, low: string | null, high: string | null): readonly string[] {
  const opened = typeof open === 'string' ? { from: open, to: open } : open;
  if (from.includes('{to}'))
    return low === null && high === null ? [] : [from.replaceAll('{from}', low ?? opened.from).replaceAll('{to}', high ?? opened.to)];
  const lowest = low === null ? [] : [from.replaceAll('{from}', low)];
  return high === null || to === undefined ? lowest : [...lowest, to.replaceAll('{to}', high)];
}

/** Whether bounds of the column can be written in the form of the window. If the source has no records, the type is unknown, so any form fits. */
export function fitsWindow({ type }: Pick<Watermark, 'type'>, { format, slice }: WindowParams): boolean {
  if (type.kind === 'null') return true;
  const fits = isInteger(type)
    ? format === 'number' || countedMs(type, format) !== undefined
    : type.kind === 'decimal'
      ? format === 'number' && type.scale === 0
      : isTime(type) && format !== 'number';
  return fits && (slice === undefined || strideOf(slice, type, format) !== undefined);
}

/** The smallest difference between two values that the API distinguishes, in units of the type. */
export function tickOf(type: DataType, format: WindowParams['format']): bigint {
  if (format === 'number' || type.kind === 'date' || countedMs(type, format) !== undefined) return 1n;
  return type.kind === 'timestamp' ? (unitOf(format) * unitsPerSecond[type.unit]) / 1_000n || 1n : 1n;
}

/** A bound in the form of the window. Undefined: this form can not express values of the column, so the bound is not sent. */
function written(
  type: DataType,
  text: string,
  { format, zone, sentZone }: Pick<SentBounds, 'format' | 'zone' | 'sentZone'>,
  way: 'down' | 'up',
): string | undefined {
  if (type.kind === 'null' || type.kind === 'string') return undefined;
  const key = watermarkKey(type, text);
  if (typeof key === 'string') return undefined;
  if (format === 'number') return isTime(type) ? undefined : String(way === 'down' ? key - 1n : key + 1n);
  const counted = countedMs(type, format);
  const at = counted === undefined ? millisecondsOf(type, key, way) : key * counted;
  if (at === undefined) return undefined;
  const isAnywhere = zone === undefined && hasNoZone(type);
  if (!isAnywhere) return boundIn(format, at, { way, zone: sentZone });
  return boundIn(format, at + anywhereMs(format, way), { way, zone: undefined });
}

/** The maximum difference between a time in an unknown zone and the same time in UTC. */
function anywhereMs(format: WindowParams['format'], way: 'down' | 'up'): bigint {
  if (isPlaceless(format)) return 0n;
  return BigInt(way === 'down' ? -latestZoneMs : earliestZoneMs);
}

function millisecondsOf(type: DataType, key: bigint, way: 'down' | 'up'): bigint | undefined {
  if (type.kind === 'date') return key * dayMs + (way === 'up' ? dayMs - 1n : 0n);
  if (type.kind !== 'timestamp') return undefined;
  const perMs = unitsPerSecond[type.unit] / 1_000n;
  const floor = floorDivide(key, perMs);
  return way === 'up' && floor * perMs !== key ? floor + 1n : floor;
}
