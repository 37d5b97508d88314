/** Up to which time a run reads an API that shows its time. */
import type { BoundRequest, LookNotes } from '../../engine/contracts/home.ts';
import { unitsPerSecond } from '../../frames/calendar.ts';
import { earliestZoneMs, hasNoZone } from '../../frames/future.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, type WatermarkKey } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant } from '../../ports/values.ts';
import type { WindowParams } from './config.ts';
import { countedMs, instantAs, type Zoned } from './time-forms.ts';

/** Clocks differ a little. */
export const clocksDifferMs = 3_600_000;

/** When the source was as an answer shows it, by two clocks. */
export interface ApiTime {
  /** The header `Date` of the answer, less its `Age`. */
  readonly date: Instant;
  /** By the clock of this machine, not before the answer, less its `Age`. */
  readonly now: Instant;
}

interface DatedAnswer {
  readonly date: Instant | undefined;
  header(name: string): string | undefined;
}

/**
 * A cache between may have kept an answer for some seconds (`Age`, RFC 9111), and some caches write a `Date` of their own: rows of those seconds are not in it.
 * Undefined: the answer shows no time.
 */
export function timeOf({ date, header }: DatedAnswer, now: Instant): ApiTime | undefined {
  if (date === undefined) return undefined;
  const ageMs = ageMsOf(header);
  const ago = (at: Instant) => (ageMs === 0 ? at : new Date(Date.parse(at) - ageMs).toISOString());
  return { date: ago(date), now: ago(now) };
}

/** How far the clock of the API is ahead of this machine's. A cache keeps the `Date` of the API, or writes its own: the smaller distance is the likelier one. */
export function skewOf({ date, header }: DatedAnswer, now: Instant): number {
  if (date === undefined) return 0;
  const ahead = Date.parse(date) - Date.parse(now);
  const aheadOfOrigin = ahead + ageMsOf(header);
  return Math.abs(ahead) < Math.abs(aheadOfOrigin) ? ahead : aheadOfOrigin;
}

/** How long a cache has kept an answer. A day is the longest that is believed. */
export function ageMsOf(header: DatedAnswer['header']): number {
  const [age = ''] = /^\d{1,9}/.exec(header('age')?.trim() ?? '') ?? [];
  return Math.min(Number(age) * 1_000, 86_400_000);
}

/** What it is by both clocks, in milliseconds since 1970: of a time that one of them does not know yet, rows may still come. */
export function presentMs({ date, now }: ApiTime): number {
  return Math.min(Date.parse(date), Date.parse(now));
}

/** Times that an API cuts to a unit are those where one begins. In milliseconds. */
interface CutTimes {
  readonly unitMs: number;
  /** Behind the beginning of a unit of UTC: days of a place begin at another hour, and at two of them where its clocks are set. */
  readonly phasesMs: readonly number[];
}

const dayMs = 86_400_000;
export const cutToSeconds: CutTimes = { unitMs: 1_000, phasesMs: [0] };
/** Parts of a day in whole seconds, the largest first. */
const unitsMs = Array.from({ length: Math.floor(Math.sqrt(86_400)) }, (_, i) => i + 1)
  .flatMap((parts) => (86_400 % parts === 0 ? [dayMs / parts, parts * 1_000] : []))
  .sort((a, b) => b - a);
/** Clocks of all places differ by so much, or by a multiple. */
const placesDifferMs = 900_000;
const clocksAreSetByMs = 3_600_000;

const phaseIn = (unitMs: number, ms: number) => ((ms % unitMs) + unitMs) % unitMs;

/**
 * To what an API cuts the times of a column: until a unit is over, rows may come whose time is that of a row that is there.
 * @param shown values of the column in records.
 */
export function cutOfTimes(type: DataType, shown: readonly WatermarkKey[], format: string | undefined): CutTimes {
  const perMs = type.kind === 'timestamp' ? unitsPerSecond[type.unit] / 1_000n : 1n;
  const counted = countedMs(type, format) ?? (type.kind === 'timestamp' ? 1n : 0n);
  const isWhole = counted > 0n && shown.length > 0 && shown.every((key) => typeof key === 'bigint' && key % perMs === 0n);
  if (!isWhole) return cutToSeconds;
  const all = [...new Set(shown.map((key) => Number((BigInt(key) / perMs) * counted)))].sort((a, b) => a - b);
  const [first = 0] = all;
  if (areDays(all)) return { unitMs: dayMs, phasesMs: [...new Set(all.map((ms) => phaseIn(dayMs, ms)))] };
  const isCutTo = (unitMs: number) => phaseIn(unitMs, first) % placesDifferMs === 0 && all.every((ms) => (ms - first) % unitMs === 0);
  const unitMs = unitsMs.find(isCutTo);
  return unitMs === undefined ? cutToSeconds : { unitMs, phasesMs: [phaseIn(unitMs, first)] };
}

/** Where days of some place begin, whose clocks are set twice a year. @param all in their order. */
function areDays(all: readonly number[]): boolean {
  const [first = 0] = all;
  const apart = (ms: number) => Math.abs(phaseIn(dayMs, ms - first + dayMs / 2) - dayMs / 2);
  return all.every(
    (ms, i) =>
      phaseIn(dayMs, ms) % placesDifferMs === 0 &&
      apart(ms) <= clocksAreSetByMs &&
      (i === 0 || ms - (all[i - 1] ?? ms) >= dayMs - clocksAreSetByMs),
  );
}

/** Where the unit begins that is not over. The header `Date` is written when the rows have been read, so that a unit counts as over a second later. */
function beginOfUnit(presentAtMs: number, { unitMs, phasesMs }: CutTimes): number {
  return Math.min(...phasesMs.map((phaseMs) => presentAtMs - 1_000 - phaseIn(unitMs, presentAtMs - 1_000 - phaseMs)));
}

/** How far a run stays behind the clock. @param usualMs without a `lag` of the config. */
export function lagOf({ lagMs, noLag }: Pick<BoundRequest, 'lagMs' | 'noLag'>, usualMs: number): number {
  return lagMs === 0 && noLag === undefined ? usualMs : lagMs;
}

interface Bounded extends Pick<Watermark, 'column'>, ApiTime, Zoned {
  /** Undefined: the API has no such column. */
  readonly type: DataType | undefined;
  readonly lagMs: number;
  readonly cut: CutTimes;
  /** No run reads the rows at the watermark again. */
  readonly isOpen: boolean;
  readonly format?: WindowParams['format'] | undefined;
}

/** Whether an answer may lack rows below a bound that the clock of the API gave: it is the source as it was before. @param ms when that was. */
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

/** The newest value that a run reads. `done` undefined: the column is no time. */
export function clockBound({
  column,
  type,
  date,
  now,
  lagMs,
  cut,
  isOpen,
  format,
  zone,
}: Bounded): { readonly done: Watermark | undefined } & LookNotes {
  if (type === undefined) return { done: undefined };
  const isAnywhere = zone === undefined && hasNoZone(type);
  // In its own place, at the earliest.
  const presentAtMs = presentMs({ date, now }) - (isAnywhere ? earliestZoneMs : 0);
  const behindMs = presentAtMs - lagMs;
  const atMs = isOpen ? Math.min(behindMs, beginOfUnit(presentAtMs, cut) - 1) : behindMs;
  const text = instantAs(type, new Date(atMs).toISOString(), format);
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
