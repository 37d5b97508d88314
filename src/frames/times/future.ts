/** What is in the future, for values with a time zone and for those without. */
import type { DataType } from '../schema.ts';
import { parsedKey, watermarkText } from '../watermark-text.ts';

/** Where it is latest on Earth, clocks are so far ahead of UTC. */
export const latestZoneMs = 14 * 3_600_000;
/** Where it is earliest on Earth, clocks are so far behind UTC. */
export const earliestZoneMs = 12 * 3_600_000;

export function isTime({ kind }: DataType): boolean {
  return kind === 'date' || kind === 'timestamp';
}

export function isInteger({ kind }: DataType): boolean {
  return /^u?int\d/.test(kind);
}

/** A date, or a time without a zone, is one of a place that it does not name. */
export function hasNoZone(type: DataType): boolean {
  return isTime(type) && !(type.kind === 'timestamp' && type.zone !== undefined);
}

/**
 * The latest value that is not in the future at an instant; undefined: the type is not a time. A date, or a time without a zone, is one of an
 * unknown place: it is in the future when it is so everywhere on Earth.
 */
export function latestAt(type: DataType, instant: string): string | undefined {
  if (!hasNoZone(type)) return writtenIn(type, instant);
  return writtenIn(type, new Date(Date.parse(instant) + latestZoneMs).toISOString());
}

/**
 * The latest value that a run may take. With a lag, it is so old, and times without a zone are taken as UTC; without one, it is not in the future anywhere.
 * Undefined: the type is not a time.
 */
export function latestWithLag(type: DataType, { now, lagMs }: { readonly now: string; readonly lagMs: number }): string | undefined {
  return lagMs > 0 ? writtenIn(type, new Date(Date.parse(now) - lagMs).toISOString()) : latestAt(type, now);
}

/** An instant as a value of the type; of values without a zone, as UTC has it. */
export function writtenIn(type: DataType, instant: string): string | undefined {
  if (!isTime(type)) return undefined;
  const written =
    type.kind === 'date' ? instant.slice(0, 10) : type.kind === 'timestamp' && type.zone === undefined ? instant.slice(0, -1) : instant;
  const key = parsedKey(type, written);
  return key === undefined ? undefined : watermarkText(type, key);
}
