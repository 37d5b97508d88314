import type { Instant } from '../ports/values.ts';

/** The latest time that can be inverted, in milliseconds: in the year 2286. */
export const lastMillis = 9_999_999_999_999;

/** A time as text of fixed length; the newest time sorts first. An invalid time sorts like the oldest time. */
export function inverted(instant: Instant): string {
  return invertedMillis(lastMillis - millisOf(instant));
}

export function invertedMillis(millis: number): string {
  return String(millis).padStart(String(lastMillis).length, '0');
}

export function millisOf(instant: Instant): number {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), lastMillis);
}

/** The time that `inverted` turned into this text, in milliseconds. */
export function instantIn(text: string): Instant {
  return new Date(lastMillis - Number(text)).toISOString();
}
