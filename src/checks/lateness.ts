/** Finds late entities: a stale entity, a missed scheduled run, or a run that takes much longer than usual. Pure. `docs/silence.md` describes the rules. */

import type { Instant } from '../ports/values.ts';
import { median } from './median.ts';
import { offsetsOf } from './zone-offsets.ts';

export interface StaleRequest {
  /** The time of the last commit with rows; null: no commit had rows. */
  readonly settledAt: Instant | null;
  /** Milliseconds after which the entity is stale; null: the entity is never stale. */
  readonly everyMs: number | null;
  /** Days without expected rows, in the zone. Each such day makes the time until the entity is stale longer by a day. */
  readonly except: readonly string[];
  readonly zone: string | null;
  readonly now: Instant;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** The tolerance, because a nightly run may begin and end some minutes earlier or later than in the night before. */
const graceShare = 1 / 16;
const longestGraceMs = 90 * minuteMs;

/** When the entity became stale; null: the entity is not stale. */
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

/** The moment when a day begins in the zone. */
function startOf(day: string, offsetAt: (ms: number) => number): number {
  const wallMs = Date.parse(`${day}T00:00:00Z`);
  return wallMs - offsetAt(wallMs - offsetAt(wallMs));
}

/** A run is slow if it takes longer than this multiple of the median, and longer than this minimum. */
const slowTimes = 3;
const slowLeastMs = 10 * minuteMs;
export const slowComparedRuns = 10;
const fewestCompared = 3;

/**
 * When a run of `tookMs` so far became slow, in milliseconds after its start; null: the run is not slow. `before`: the durations of earlier runs of the
 * same kind, newest first. A run is slow if it takes longer than ten minutes, and three times the median of the last ten.
 */
export function slowAfter(tookMs: number, before: readonly number[]): number | null {
  const compared = before.slice(0, slowComparedRuns);
  if (compared.length < fewestCompared) return null;
  const limit = Math.max(slowLeastMs, slowTimes * median(compared));
  return tookMs > limit ? limit : null;
}
