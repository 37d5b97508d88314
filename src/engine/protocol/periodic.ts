/** Runs that repeat after a period (`deletes: { compare }`, `compact: { every }`): a lane of the state remembers when the last one began. */
import type { Watermark } from '../../frames/watermark.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { isPeriodOver } from '../contracts/steps.ts';

export interface Period {
  /** The lane of the runs, under which the state remembers the last one. */
  readonly lane: string;
  /** Milliseconds from one run to the next. */
  readonly everyMs: number;
}

/** When a run of a period began, as the state remembers it next to the watermarks of backfills. */
export function beganAt(column: string, at: Instant): Watermark {
  return { column, type: { kind: 'timestamp', unit: 'ms', zone: 'UTC' }, text: at };
}

export function hasSettled(row: StateRow | undefined): boolean {
  return row?.settled != null && !row.settled.nothing && !row.fullNext;
}

/** Whether the next run of the period is due, and no other run has the entity. */
export function isDue(period: Period, row: StateRow | undefined, now: Instant): boolean {
  return !row?.pending && !row?.owner && isOld(period, row, now);
}

/** Whether the last run of the period is old enough for the next one. Never if nothing has settled. */
export function isOld({ lane, everyMs }: Period, row: StateRow | undefined, now: Instant): boolean {
  if (!hasSettled(row)) return false;
  const last = lastTime(lane, row);
  return last === undefined || isPeriodOver(everyMs, last, now);
}

/** When the period is over; undefined: nothing has settled, or the last run is not known. */
export function nextTime({ lane, everyMs }: Period, row: StateRow | undefined): Instant | undefined {
  const last = hasSettled(row) ? lastTime(lane, row) : undefined;
  return last === undefined ? undefined : new Date(Date.parse(last) + everyMs).toISOString();
}

/** When the last run of the lane began; undefined: it is not known. A full load leaves such a run nothing to do, so it counts as one. */
function lastTime(lane: string, row: StateRow | undefined): Instant | undefined {
  const began = row?.lanes[lane]?.text;
  const loaded = row?.settled?.fullAt;
  if (began === undefined || loaded === undefined) return began ?? loaded;
  // Instants of one form, whose order is the order of their texts.
  return [began, loaded].toSorted().at(-1);
}
