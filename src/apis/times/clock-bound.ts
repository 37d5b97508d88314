/** Computes the upper bound of a run for an API that reports its time. */
import type { BoundRequest, LookNotes } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import type { DataType } from '../../frames/schema.ts';
import { earliestZoneMs, hasNoZone } from '../../frames/times/future.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant } from '../../ports/values.ts';
import { beginOfUnit, type CutTimes, isCut } from './cut-times.ts';
import { instantAs, type Zoned } from './time-forms.ts';

/** The difference between two clocks that is accepted without a warning. */
export const clocksDifferMs = 3_600_000;

/** The time from which the plan has a note that rows wait. */
const longWaitMs = 5 * 60_000;

/** The time of the data in an answer, by two clocks. */
export interface ApiTime {
  /** The header `Date` of the answer, minus its `Age`. */
  readonly date: Instant;
  /** The same time by the clock of this machine: when the answer was received, or later, minus its `Age`. */
  readonly now: Instant;
}

interface DatedAnswer {
  readonly date: Instant | undefined;
  header(name: string): string | undefined;
}

/**
 * The time of the data in an answer. A cache may have kept the answer for some seconds (`Age`, RFC 9111), and the answer lacks the rows of these seconds. Some caches
 * write their own `Date`. Undefined: the answer has no time.
 */
export function timeOf({ date, header }: DatedAnswer, now: Instant): ApiTime | undefined {
  if (date === undefined) return undefined;
  const ageMs = ageMsOf(header);
  const ago = (at: Instant) => (ageMs === 0 ? at : new Date(Date.parse(at) - ageMs).toISOString());
  return { date: ago(date), now: ago(now) };
}

/** The time by which the clock of the API is ahead of the clock of this machine. A cache keeps the `Date` of the API, or writes its own, so the smaller difference is the likelier one. */
export function skewOf({ date, header }: DatedAnswer, now: Instant): number {
  if (date === undefined) return 0;
  const ahead = Date.parse(date) - Date.parse(now);
  const aheadOfOrigin = ahead + ageMsOf(header);
  return Math.abs(ahead) < Math.abs(aheadOfOrigin) ? ahead : aheadOfOrigin;
}

/** The time for which a cache has kept an answer, a day at most. */
export function ageMsOf(header: DatedAnswer['header']): number {
  const [age = ''] = /^\d{1,9}/.exec(header('age')?.trim() ?? '') ?? [];
  return Math.min(Number(age) * 1_000, 86_400_000);
}

/** The present time by the clock that is behind, in milliseconds since 1970. If a time is in the future for one clock, rows with this time may still be added. */
export function presentMs({ date, now }: ApiTime): number {
  return Math.min(Date.parse(date), Date.parse(now));
}

/** The time by which a run stays behind the clock. @param usualMs the time to use if the config has no `lag`. */
export function lagOf({ lagMs, noLag }: Pick<BoundRequest, 'lagMs' | 'noLag'>, usualMs: number): number {
  return lagMs === 0 && noLag === undefined ? usualMs : lagMs;
}

/** The times in the list that a run reads, in milliseconds since 1970. */
export interface ShownNow {
  readonly timesMs: readonly number[];
  /** Whether `timesMs` has all times of the list. */
  readonly isWhole: boolean;
}

const nothingShown: ShownNow = { timesMs: [], isWhole: false };

interface Bounded extends Pick<Watermark, 'column'>, ApiTime, Zoned {
  /** The type of the column. Undefined: the API lacks the column. */
  readonly type: DataType | undefined;
  readonly lagMs: number;
  readonly cut: CutTimes;
  /** The times of the column that the API lists now. */
  readonly shown?: ShownNow | undefined;
  /** Whether no run reads the rows at the watermark again. */
  readonly isOpen: boolean;
  /** The value of `window.format`. */
  readonly format?: string | undefined;
}

/** Whether an answer may lack rows below a bound from the clock of the API, since the answer shows an earlier state. @param ms the time of that state. */
export function isBefore(
  ms: number,
  { type, text }: Pick<Watermark, 'type' | 'text'>,
  { format, zone }: Pick<Bounded, 'format' | 'zone'>,
): boolean {
  const isAnywhere = zone === undefined && hasNoZone(type);
  const at = new Date(ms - (isAnywhere ? earliestZoneMs : 0)).toISOString();
  const shown = instantAs(type, at, format);
  return shown !== undefined && compareWatermarks({ type, text: shown }, { type, text }) < 0;
}

/** The newest value that a run reads, by the clock of the API. `done` undefined: the column has no times. */
export function clockBound({
  column,
  type,
  date,
  now,
  lagMs,
  cut,
  shown = nothingShown,
  isOpen,
  format,
  zone,
}: Bounded): { readonly done: Watermark | undefined } & LookNotes {
  if (type === undefined) return { done: undefined };
  const isAnywhere = zone === undefined && hasNoZone(type);
  // If the zone is unknown, the earliest possible local time is used.
  const presentAtMs = presentMs({ date, now }) - (isAnywhere ? earliestZoneMs : 0);
  const behindMs = presentAtMs - lagMs;
  // A row that is added as late as the lag allows gets the time of the unit in which it was created.
  const unitMs = beginOfUnit(behindMs, cut);
  const isBehind = isCut(cut) && unitMs < behindMs;
  // A later row gets the time of that unit or of a later unit. If the list already has a newer time up to the lag, later rows do not get an earlier time.
  const newestMs = isBehind ? newestUpTo(behindMs, shown.timesMs) : undefined;
  const beginMs = Math.max(unitMs, newestMs ?? unitMs);
  const atMs = isOpen ? Math.min(behindMs, beginMs - 1) : isBehind ? beginMs : behindMs;
  const text = instantAs(type, new Date(atMs).toISOString(), format);
  const aheadMs = Date.parse(date) - Date.parse(now);
  const waits = behindMs - atMs >= longWaitMs && (isOpen || !shown.isWhole);
  const notes = [...(isAnywhere ? [zoneUnknown(column)] : []), ...(waits ? [timesCut(column, cut)] : [])];
  return {
    done: text === undefined ? undefined : { column, type, text },
    ...(text === undefined || notes.length === 0 ? {} : { notes }),
    ...(aheadMs > clocksDifferMs ? { warnings: [clockAhead(aheadMs)] } : {}),
  };
}

function newestUpTo(mostMs: number, timesMs: readonly number[]): number | undefined {
  return timesMs.reduce<number | undefined>(
    (newest, ms) => (ms <= mostMs && (newest === undefined || ms > newest) ? ms : newest),
    undefined,
  );
}

const zoneUnknown = (column: string): OwnNote => ({
  code: 'api.zone_unknown',
  text: `${column} has no time zone, so the run reads up to 12 hours before the time of the API. If its times are in UTC, set zone: UTC in the home`,
  params: { column },
});

const timesCut = (column: string, { unitMs }: CutTimes): OwnNote => ({
  code: 'api.times_cut',
  text: `all times in ${column} so far begin ${unitMs === 86_400_000 ? 'a day' : `a unit of ${counted(unitMs / 60_000, 'minute')}`}, so the API may cut all times to this unit. The run reads no record of the present unit. A run reads these records when the unit is over, or after the first record with a finer time`,
  params: { column, minutes: unitMs / 60_000 },
});

const clockAhead = (aheadMs: number): OwnNote => ({
  code: 'api.clock_ahead',
  text: `the clock of the API is ${Math.floor(aheadMs / 60_000)} minutes ahead of the clock of this machine. The run reads up to the time of this machine`,
});
