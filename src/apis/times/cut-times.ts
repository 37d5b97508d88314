/** The unit to which an API cuts its times, as records show it: until a unit is over, rows may come whose time is that of a row that is there. */
import { unitsPerSecond } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import type { WatermarkKey } from '../../frames/watermark-text.ts';
import { countedMs } from './time-forms.ts';

/** Times that are cut to a unit are those where one begins. In milliseconds. */
export interface CutTimes {
  readonly unitMs: number;
  /** Behind the beginning of a unit of UTC: days of a place begin at another hour, and at two of them where its clocks are set. */
  readonly phasesMs: readonly number[];
  /** So much longer is a day when the clocks are set back. */
  readonly longerMs: number;
}

/** Times of a column that tell its unit, in milliseconds since 1970, in their order. `any`: no time is cut to more than a second. */
export type ShownTimes = 'any' | readonly number[];

const dayMs = 86_400_000;
export const cutToSeconds: CutTimes = { unitMs: 1_000, phasesMs: [0], longerMs: 0 };
/** Parts of a day in whole seconds, the largest first. */
const unitsMs = Array.from({ length: Math.floor(Math.sqrt(86_400)) }, (_, i) => i + 1)
  .flatMap((parts) => (86_400 % parts === 0 ? [dayMs / parts, parts * 1_000] : []))
  .sort((a, b) => b - a);
/** Clocks of all places differ by so much, or by a multiple. */
const placesDifferMs = 900_000;
const clocksAreSetByMs = 3_600_000;
/** By these months clocks are set otherwise than in the others, on both halves of the Earth. */
const [winter, summer] = [
  [11, 0, 1],
  [5, 6, 7],
];
/** Fewer times are often further apart by chance than their unit. */
const fewTimes = 8;

const phaseIn = (unitMs: number, ms: number) => ((ms % unitMs) + unitMs) % unitMs;

/** @param values of the column in records. Undefined: one of them has parts of a millisecond, or the column has other values than times. */
export function timesOf(type: DataType, values: readonly WatermarkKey[], format: string | undefined): readonly number[] | undefined {
  const perMs = type.kind === 'timestamp' ? unitsPerSecond[type.unit] / 1_000n : 1n;
  const counted = countedMs(type, format) ?? (type.kind === 'timestamp' ? 1n : 0n);
  const isWhole = counted > 0n && values.every((key) => typeof key === 'bigint' && key % perMs === 0n);
  return isWhole ? values.map((key) => Number((BigInt(key) / perMs) * counted)) : undefined;
}

/** @param times as of `timesOf`. */
export function shownTimes(times: readonly number[] | undefined): ShownTimes {
  return withTimes([], times ?? 'any');
}

/** Both, without times that do not make the unit smaller. */
export function withTimes(known: ShownTimes, more: ShownTimes): ShownTimes {
  if (known === 'any' || more === 'any') return 'any';
  let times = known;
  let cut = unitOf(times);
  for (const ms of new Set(more)) {
    if (times.includes(ms)) continue;
    const all = [...times, ms].sort((a, b) => a - b);
    const found = isUncertain(times) || !isUsual(cut, ms) ? unitOf(all) : cut;
    if (!isUncertain(times) && JSON.stringify(found) === JSON.stringify(cut)) continue;
    if (!isCut(found)) return 'any';
    [times, cut] = [all, found];
  }
  return times;
}

/** Days tell more than the hour at which they begin: in summer and in winter, and whether two of them are one day. */
const isUsual = ({ unitMs, phasesMs }: CutTimes, ms: number) => unitMs < dayMs && phasesMs.includes(phaseIn(unitMs, ms));

/** Whether the unit may well be a smaller one. */
export function isUncertain(times: ShownTimes): boolean {
  return times !== 'any' && times.length < fewTimes;
}

/** Whether the unit is larger than the one in which an API shows its clock. */
export function isCut({ unitMs }: CutTimes): boolean {
  return unitMs > cutToSeconds.unitMs;
}

/** The largest unit that the times allow. */
export function unitOf(times: ShownTimes): CutTimes {
  const [first] = times;
  if (times === 'any' || typeof first !== 'number') return cutToSeconds;
  if (areDays(times)) return { unitMs: dayMs, ...daysOf(times) };
  const divides = (unitMs: number) => phaseIn(unitMs, first) % placesDifferMs === 0 && times.every((ms) => (ms - first) % unitMs === 0);
  const unitMs = unitsMs.find(divides);
  return unitMs === undefined ? cutToSeconds : { unitMs, phasesMs: [phaseIn(unitMs, first)], longerMs: 0 };
}

/** Whether they are the begins of days of some place, whose clocks are set twice a year. @param all in their order. */
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

/** Clocks may be set where days are known of one season alone. */
function daysOf(times: readonly number[]): Pick<CutTimes, 'phasesMs' | 'longerMs'> {
  const seen = [...new Set(times.map((ms) => phaseIn(dayMs, ms)))];
  const months = new Set(times.map((ms) => new Date(ms).getUTCMonth()));
  if (seen.length === 1 && [winter, summer].every((season) => season.some((month) => months.has(month))))
    return { phasesMs: seen, longerMs: 0 };
  const phasesMs = seen.length > 1 ? seen : seen.flatMap((ms) => [ms - clocksAreSetByMs, ms, ms + clocksAreSetByMs]);
  return { phasesMs, longerMs: clocksAreSetByMs };
}

/**
 * The begin of the unit that is not over. The header `Date` is written when the rows have been read, so that a unit counts as over a second later.
 */
export function beginOfUnit(presentAtMs: number, { unitMs, phasesMs, longerMs }: CutTimes): number {
  const atMs = presentAtMs - 1_000 - longerMs;
  return Math.min(...phasesMs.map((phaseMs) => atMs - phaseIn(unitMs, atMs - phaseMs)));
}
