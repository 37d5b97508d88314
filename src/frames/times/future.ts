/** Decides which values are in the future. Values may have a time zone, or no time zone. */
import type { DataType } from '../schema.ts';
import { parsedKey, watermarkText } from '../watermark-text.ts';

/** How far the easternmost clocks on Earth are ahead of UTC. */
export const latestZoneMs = 14 * 3_600_000;
/** How far the westernmost clocks on Earth are behind UTC. */
export const earliestZoneMs = 12 * 3_600_000;

export function isTime({ kind }: DataType): boolean {
  return kind === 'date' || kind === 'timestamp';
}

export function isInteger({ kind }: DataType): boolean {
  return /^u?int\d/.test(kind);
}

/** Whether values of the type belong to an unknown place on Earth: dates, and times without a zone. */
export function hasNoZone(type: DataType): boolean {
  return isTime(type) && !(type.kind === 'timestamp' && type.zone !== undefined);
}

/**
 * The latest value that is not in the future at an instant. Undefined: the type is not a time. A date, or a time without a zone, belongs to
 * an unknown place. Such a value is in the future only if it is in the future everywhere on Earth.
 */
export function latestAt(type: DataType, instant: string): string | undefined {
  if (!hasNoZone(type)) return writtenIn(type, instant);
  return writtenIn(type, new Date(Date.parse(instant) + latestZoneMs).toISOString());
}

/**
 * The latest value that a run may read. With a lag, the value is older than the lag, and times without a zone are in UTC. Without a lag,
 * the value is the result of `latestAt`. Undefined: the type is not a time.
 */
export function latestWithLag(type: DataType, { now, lagMs }: { readonly now: string; readonly lagMs: number }): string | undefined {
  return lagMs > 0 ? writtenIn(type, new Date(Date.parse(now) - lagMs).toISOString()) : latestAt(type, now);
}

/** An instant as a value of the type. A value without a zone is in UTC. */
export function writtenIn(type: DataType, instant: string): string | undefined {
  if (!isTime(type)) return undefined;
  const written =
    type.kind === 'date' ? instant.slice(0, 10) : type.kind === 'timestamp' && type.zone === undefined ? instant.slice(0, -1) : instant;
  const key = parsedKey(type, written);
  return key === undefined ? undefined : watermarkText(type, key);
}
