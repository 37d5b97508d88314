/** What is late about an entity: it is stale, a scheduled run was missed, or a run takes much longer than usual. Pure. `docs/silence.md` has the rules in words. */

import type { Instant } from '../ports/values.ts';
import { median } from './median.ts';
import { offsetsOf } from './zone-offsets.ts';

export interface StaleRequest {
  /** When the last commit with rows was made; null: none was. */
  readonly settledAt: Instant | null;
  /** Milliseconds after which the entity is stale; null: it never is. */
  readonly everyMs: number | null;
  /** Days on which nothing is expected, on the clocks of the zone: each makes the time longer by a day. */
  readonly except: readonly string[];
  readonly zone: string | null;
  readonly now: Instant;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Runs of a night begin and end some minutes earlier or later than those of the night before. */
const graceShare = 1 / 16;
const longestGraceMs = 90 * minuteMs;

/** When the entity became stale; null: it is not. */
export function staleSince({ settledAt, everyMs, except, zone, now }: StaleRequest): Instant | null {
  if (settledAt === null || everyMs === null) return null;
  const [settledMs, nowMs] = [Date.parse(settledAt), Date.parse(now)];
  const offsetAt = zone === null ? () => 0 : offsetsOf(zone);
  const starts = except.map((day) => startOf(day, offsetAt)).sort((a, b) => a - b);
  let dueMs = settledMs + everyMs;
  for (const start of starts) if (start + dayMs > settledMs && start < dueMs) dueMs += dayMs;
  const graceMs = Math.min(longestGraceMs, everyMs * graceShare);
  return nowMs > dueMs + graceMs ? new Date(dueMs).toISOString() : null;
}

/** The moment at which a day begins on the zone's clocks. */
function startOf(day: string, offsetAt: (ms: number) => number): number {
  const wallMs = Date.parse(`${day}T00:00:00Z`);
  return wallMs - offsetAt(wallMs - offsetAt(wallMs));
}

/** So many times the median, and at least so long. */
const slowTimes = 3;
const slowLeastMs = 10 * minuteMs;
export const slowComparedRuns = 10;
const fewestCompared = 3;

/**
 * When a run of `tookMs` so far became slow, in milliseconds after its start; null: it is not. `before`: how long earlier runs of its kind took, newest first. A run is slow
 * if it takes longer than ten minutes, and three times the median of the last ten.
 */
export function slowAfter(tookMs: number, before: readonly number[]): number | null {
  const compared = before.slice(0, slowComparedRuns);
  if (compared.length < fewestCompared) return null;
  const limit = Math.max(slowLeastMs, slowTimes * median(compared));
  return tookMs > limit ? limit : null;
}
