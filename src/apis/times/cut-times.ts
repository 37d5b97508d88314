/** Finds the unit to which an API cuts its times, from the times in records. Until a unit is over, new rows may get the same time as existing rows. */
import { unitsPerSecond } from '../../frames/calendar.ts';
import type { DataType } from '../../frames/schema.ts';
import type { WatermarkKey } from '../../frames/watermark-text.ts';
import { countedMs } from './time-forms.ts';

/** A unit to which times are cut, in milliseconds: a time that is cut to a unit is the start of the unit. */
export interface CutTimes {
  readonly unitMs: number;
  /** The distances from the start of a unit in UTC to the start of a unit of the API. Local days begin at another hour than days in UTC, and at two different hours if the zone has daylight saving time. */
  readonly phasesMs: readonly number[];
  /** The time by which a day is longer when the clocks are set back. */
  readonly longerMs: number;
}

/** The sorted times of a column that show its unit, in milliseconds since 1970. `any`: the times are exact to a second, so they are not cut. */
export type ShownTimes = 'any' | readonly number[];

const dayMs = 86_400_000;
export const cutToSeconds: CutTimes = { unitMs: 1_000, phasesMs: [0], longerMs: 0 };
/** Units that divide a day into equal parts of whole seconds, the largest unit first. */
const unitsMs = Array.from({ length: Math.floor(Math.sqrt(86_400)) }, (_, i) => i + 1)
  .flatMap((parts) => (86_400 % parts === 0 ? [dayMs / parts, parts * 1_000] : []))
  .sort((a, b) => b - a);
/** The smallest difference between time zones. All differences are multiples of this time. */
const placesDifferMs = 900_000;
const clocksAreSetByMs = 3_600_000;
/** Winter months and summer months in the northern half of the Earth. A zone with daylight saving time has it in one of these groups, and not in the other. */
const [winter, summer] = [
  [11, 0, 1],
  [5, 6, 7],
];
/** The minimum number of times that show a unit: fewer times may have larger distances than their unit by chance. */
const fewTimes = 8;

const phaseIn = (unitMs: number, ms: number) => ((ms % unitMs) + unitMs) % unitMs;

/** @param values the values of the column in records. Undefined: a value has parts of a millisecond, or the column has no times. */
export function timesOf(type: DataType, values: readonly WatermarkKey[], format: string | undefined): readonly number[] | undefined {
  const perMs = type.kind === 'timestamp' ? unitsPerSecond[type.unit] / 1_000n : 1n;
  const counted = countedMs(type, format) ?? (type.kind === 'timestamp' ? 1n : 0n);
  const isWhole = counted > 0n && values.every((key) => typeof key === 'bigint' && key % perMs === 0n);
  return isWhole ? values.map((key) => Number((BigInt(key) / perMs) * counted)) : undefined;
}

/** @param times the times that `timesOf` returned. */
export function shownTimes(times: readonly number[] | undefined): ShownTimes {
  return withTimes([], times ?? 'any');
}

/** The known times and further times, without times that do not make the unit smaller. */
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

/** Whether a further time shows nothing new. For days, times in summer and in winter are needed, and times that show whether two of the times are on the same day. */
const isUsual = ({ unitMs, phasesMs }: CutTimes, ms: number) => unitMs < dayMs && phasesMs.includes(phaseIn(unitMs, ms));

/** Whether the unit may be smaller, since few times are known. */
export function isUncertain(times: ShownTimes): boolean {
  return times !== 'any' && times.length < fewTimes;
}

/** Whether times are cut to more than a second, which is the precision of the API’s clock. */
export function isCut({ unitMs }: CutTimes): boolean {
  return unitMs > cutToSeconds.unitMs;
}

/** The largest unit that fits all times. */
export function unitOf(times: ShownTimes): CutTimes {
  const [first] = times;
  if (times === 'any' || typeof first !== 'number') return cutToSeconds;
  if (areDays(times)) return { unitMs: dayMs, ...daysOf(times) };
  const divides = (unitMs: number) => phaseIn(unitMs, first) % placesDifferMs === 0 && times.every((ms) => (ms - first) % unitMs === 0);
  const unitMs = unitsMs.find(divides);
  return unitMs === undefined ? cutToSeconds : { unitMs, phasesMs: [phaseIn(unitMs, first)], longerMs: 0 };
}

/** Whether the times are starts of days in a zone with daylight saving time. @param all the times in their order. */
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

/** The starts of days. If all days are from one season, the zone may have daylight saving time. */
function daysOf(times: readonly number[]): Pick<CutTimes, 'phasesMs' | 'longerMs'> {
  const seen = [...new Set(times.map((ms) => phaseIn(dayMs, ms)))];
  const months = new Set(times.map((ms) => new Date(ms).getUTCMonth()));
  if (seen.length === 1 && [winter, summer].every((season) => season.some((month) => months.has(month))))
    return { phasesMs: seen, longerMs: 0 };
  const phasesMs = seen.length > 1 ? seen : seen.flatMap((ms) => [ms - clocksAreSetByMs, ms, ms + clocksAreSetByMs]);
  return { phasesMs, longerMs: clocksAreSetByMs };
}

/**
 * The start of the present unit. The API writes the header `Date` after it has read the rows, so a unit counts as over one second after its
 * end.
 */
export function beginOfUnit(presentAtMs: number, { unitMs, phasesMs, longerMs }: CutTimes): number {
  const atMs = presentAtMs - 1_000 - longerMs;
  return Math.min(...phasesMs.map((phaseMs) => atMs - phaseIn(unitMs, atMs - phaseMs)));
}
