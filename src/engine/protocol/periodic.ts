/** Runs that repeat after a period (`deletes: { compare }`, `compact: { every }`). For each kind, a lane in the state remembers when the last run began. */
import type { Watermark } from '../../frames/watermark.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { isPeriodOver } from '../contracts/steps.ts';

export interface Period {
  /** The name of the lane under which the state remembers the last run. */
  readonly lane: string;
  /** The time from one run to the next, in milliseconds. */
  readonly everyMs: number;
}

/** When a run began, as the state remembers it beside the watermarks of backfills. */
export function beganAt(column: string, at: Instant): Watermark {
  return { column, type: { kind: 'timestamp', unit: 'ms', zone: 'UTC' }, text: at };
}

export function hasSettled(row: StateRow | undefined): boolean {
  return row?.settled != null && !row.settled.nothing && !row.fullNext;
}

/** Whether the next run of the period is due and no other run has the entity. */
export function isDue(period: Period, row: StateRow | undefined, now: Instant): boolean {
  return !row?.pending && !row?.owner && isOld(period, row, now);
}

/** Whether the last run of the period is old enough for the next run. False if no rows have settled. */
export function isOld({ lane, everyMs }: Period, row: StateRow | undefined, now: Instant): boolean {
  if (!hasSettled(row)) return false;
  const last = lastTime(lane, row);
  return last === undefined || isPeriodOver(everyMs, last, now);
}

/** When the period ends. Undefined: no rows have settled, or the last run is not known. */
export function nextTime({ lane, everyMs }: Period, row: StateRow | undefined): Instant | undefined {
  const last = hasSettled(row) ? lastTime(lane, row) : undefined;
  return last === undefined ? undefined : new Date(Date.parse(last) + everyMs).toISOString();
}

/** When the last run of the lane began. Undefined: the time is not known. A full load counts as a run of the lane, because it leaves no work for a run of the lane. */
function lastTime(lane: string, row: StateRow | undefined): Instant | undefined {
  const began = row?.lanes[lane]?.text;
  const loaded = row?.settled?.fullAt;
  if (began === undefined || loaded === undefined) return began ?? loaded;
  // Instants are texts that are all written in the same way, so the order of the texts is the order in time.
  return [began, loaded].toSorted().at(-1);
}
