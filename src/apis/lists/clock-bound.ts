/** Up to which time a run reads an API that shows its time. */
import type { LookNotes } from '../../engine/contracts/home.ts';
import { earliestZoneMs, hasNoZone } from '../../frames/future.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant } from '../../ports/values.ts';
import type { WindowParams } from './config.ts';
import { instantAs, type Zoned } from './epoch-time.ts';

/** Clocks differ a little. */
export const clocksDifferMs = 3_600_000;

export interface ApiTime {
  /** The header `Date` of an answer. */
  readonly date: Instant;
  /** By the clock of this machine, not before that answer. */
  readonly now: Instant;
}

/** What it is by both clocks, in milliseconds since 1970: of a time that one of them does not know yet, rows may still come. */
export function presentMs({ date, now }: ApiTime): number {
  return Math.min(Date.parse(date), Date.parse(now));
}

interface Bounded extends Pick<Watermark, 'column'>, ApiTime, Zoned {
  /** Undefined: the API has no such column. */
  readonly type: DataType | undefined;
  readonly lagMs: number;
  readonly format?: WindowParams['format'] | undefined;
}

/** The newest value that a run reads. `done` undefined: the column is no time. */
export function clockBound({
  column,
  type,
  date,
  now,
  lagMs,
  format,
  zone,
}: Bounded): { readonly done: Watermark | undefined } & LookNotes {
  if (type === undefined) return { done: undefined };
  const isAnywhere = zone === undefined && hasNoZone(type);
  const at = new Date(presentMs({ date, now }) - lagMs - (isAnywhere ? earliestZoneMs : 0)).toISOString();
  const text = instantAs(type, at, format);
  const aheadMs = Date.parse(date) - Date.parse(now);
  return {
    done: text === undefined ? undefined : { column, type, text },
    ...(isAnywhere && text !== undefined ? { notes: [zoneUnknown(column)] } : {}),
    ...(aheadMs > clocksDifferMs ? { warnings: [clockAhead(aheadMs)] } : {}),
  };
}

const zoneUnknown = (column: string): OwnNote => ({
  code: 'api.zone_unknown',
  text: `${column} has no time zone, so the run reads up to 12 hours before the time of the API. zone: UTC in the home says that it is UTC`,
  params: { column },
});

const clockAhead = (aheadMs: number): OwnNote => ({
  code: 'api.clock_ahead',
  text: `the clock of the API is ${Math.floor(aheadMs / 60_000)} minutes ahead of the one of this machine. The run reads up to the time of this machine`,
});
