/**
 * Silence: a run that brings no rows where runs like it always did. This is the only rule for it; `docs/silence.md` has it in words. Pure: rows of the journal in,
 * a verdict out.
 */

import type { SilentNote } from '../ports/notes.ts';
import type { JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';
import { median } from './median.ts';
import { offsetsOf } from './zone-offsets.ts';

/** What the rule reads of a run. */
export type PastRun = Pick<
  JournalRow,
  'lane' | 'run_type' | 'started_at' | 'finished_at' | 'status' | 'reason' | 'error_code' | 'rows' | 'rows_updated' | 'quarantined'
>;

export interface SilenceRequest {
  /** The zone whose weekdays and hours count; null: UTC. */
  readonly zone: string | null;
  /** Days on which nothing is expected, as `2026-12-25` in that zone. */
  readonly except?: readonly string[] | undefined;
}

/** What runs like this one brought. */
export interface Silence extends Omit<SilentNote, 'code' | 'source'> {
  /** When the last run ended that brought rows. */
  readonly last: Instant;
}

/** A silence that continues. */
export interface StandingSilence extends Silence {
  /** When the first of its empty runs ended, and how many there are. */
  readonly since: Instant;
  readonly emptyRuns: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** A run soon after one that brought rows is expected to find nothing. */
export const soonMs = 50 * minuteMs;
/** So far from the hour of the week a run may begin and still be compared. */
export const nearMs = hourMs;
/** Weeks that are compared, and how many of them must have brought rows. One may be a holiday. */
export const weeksCompared = 5;
const weeksNeeded = 4;
/** Before there are four weeks: so many runs, all with rows. */
const runsNeeded = 5;
/** Runs that come more rarely than weekly. */
export const rareMs = 8 * dayMs;
const rareRunsNeeded = 2;
/** How far back surprises are counted. */
export const lookedBackMs = 13 * weekMs;
/** So many surprises in that time are taken for holidays. Where there were more, only a longer one is told. */
const holidays = 4;
/** Where more of the runs that should bring rows begin a surprise, rows come as they like, and only what is longer than all of that time is told. */
const irregularShare = 0.06;
/** The share of the usual time between two runs with rows that must have passed. */
const restShare = 0.75;

/** Rows that are there for the first time, or again by their key, those in quarantine included: the source gave them. */
export function rowsBrought({ rows, rows_updated: updated, quarantined }: Pick<PastRun, 'rows' | 'rows_updated' | 'quarantined'>): number {
  return rows + (updated ?? 0) + (quarantined ?? 0);
}

/** A run with its time on the zone's clocks. */
interface TimedRun {
  readonly row: PastRun;
  readonly ms: number;
  readonly wallMs: number;
  readonly brought: number;
}

/**
 * Whether a run is silent. `rows`: of its entity, in any order; the run itself and later ones may be among them.
 * Null: it brought rows, or nothing says that it should have.
 */
export function silenceOf(run: PastRun, rows: readonly PastRun[], request: SilenceRequest): Silence | null {
  const { timed, one } = timedRuns(rows, request);
  return verdict(one(run), timed.filter(isComparableTo(run)), request);
}

/** The silence that the newest runs are in; null: there is none. It lasts from the first empty run to the next one that brings rows. */
export function standingSilence(rows: readonly PastRun[], request: SilenceRequest): StandingSilence | null {
  const { timed } = timedRuns(rows, request);
  const [newest] = timed;
  if (newest === undefined) return null;
  const runs = timed.filter(({ row }) => row.run_type === newest.row.run_type);
  const end = runs.findIndex(({ brought }) => brought > 0);
  const last = runs[end];
  if (last === undefined) return null;
  const empty = runs.slice(0, end).reverse();
  const since = empty[0]?.row.finished_at ?? last.row.finished_at;
  const step = Math.max(1, Math.ceil(empty.length / mostJudged));
  for (let at = 0; at < empty.length; at += step) {
    const run = empty[at] ?? last;
    const silence = verdict(run, runs.slice(end - at), request);
    if (silence !== null) return { ...silence, since, emptyRuns: empty.length };
  }
  return null;
}

/** Of a long silence of runs that come every few minutes, some are judged. */
const mostJudged = 400;

/**
 * Whether the run that began near this time of the week, so many weeks before, leaves silence possible. Where neither of the last two weeks does, the rest of the
 * history need not be read. `rows`: at least the runs of that time.
 */
export function mayBeSilent(run: PastRun, rows: readonly PastRun[], request: SilenceRequest & { readonly weeks: number }): boolean {
  const { timed, one } = timedRuns(rows, request);
  return nearest(timed.filter(isComparableTo(run)), one(run).wallMs - request.weeks * weekMs)?.brought !== 0;
}

/** Newest first: live runs that came to their end, on days on which rows are expected. */
function timedRuns(rows: readonly PastRun[], { zone, except = [] }: SilenceRequest) {
  const offsetAt = zone === null ? () => 0 : byDay(offsetsOf(zone));
  const wallOf = (ms: number) => ms + offsetAt(ms);
  const one = (row: PastRun): TimedRun => {
    const ms = Date.parse(row.started_at);
    return { row, ms, wallMs: wallOf(ms), brought: rowsBrought(row) };
  };
  const days = new Set(except);
  const timed = rows
    .filter(isTold)
    .map(one)
    .filter(({ wallMs }) => !days.has(dayOf(wallMs)))
    .sort((a, b) => b.ms - a.ms);
  return { timed, one };
}

/** The offsets of a zone, asked for once for each day on which they do not change. */
function byDay(offsetAt: (ms: number) => number): (ms: number) => number {
  const known = new Map<number, number | null>();
  return (ms) => {
    const day = Math.floor(ms / dayMs);
    if (!known.has(day)) {
      const [first, last] = [offsetAt(day * dayMs), offsetAt((day + 1) * dayMs - 1)];
      known.set(day, first === last ? first : null);
    }
    return known.get(day) ?? offsetAt(ms);
  };
}

const weekdayOf = (wallMs: number): number => new Date(wallMs).getUTCDay();
const dayOf = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);

/** A run that failed or was stopped says nothing of the source. */
function isTold({ lane, status, reason, error_code: code }: PastRun): boolean {
  return lane === 'live' && status !== 'error' && reason == null && code === null;
}

function isComparableTo(run: PastRun): (other: TimedRun) => boolean {
  const ms = Date.parse(run.started_at);
  return (other) => other.row.run_type === run.run_type && other.ms < ms;
}

/** @param before runs of its kind that began earlier, newest first. */
function verdict(run: TimedRun, before: readonly TimedRun[], { zone, except = [] }: SilenceRequest): Silence | null {
  if (run.brought > 0 || !isTold(run.row) || except.includes(dayOf(run.wallMs))) return null;
  const last = before.find(({ brought }) => brought > 0);
  const oldest = before.at(-1);
  if (last === undefined || oldest === undefined) return null;
  const rest = run.ms - last.ms;
  if (rest < soonMs || rest < restShare * usualRestMs(before)) return null;
  const same = sameHour(run, before, oldest) ?? inARow(run, before, oldest);
  if (same === null || (same.by === 'weeks' && isUsualLength(run, before))) return null;
  const rows = same.runs.map(({ brought }) => brought);
  return {
    by: same.by,
    compared: rows.length,
    least: Math.min(...rows),
    most: Math.max(...rows),
    weekday: weekdayOf(run.wallMs),
    time: new Date(run.wallMs).toISOString().slice(11, 16),
    zone: zone ?? 'UTC',
    last: last.row.finished_at,
  };
}

/** The median time between two runs that brought rows; 0 where there are fewer than three. */
function usualRestMs(before: readonly TimedRun[]): number {
  const full = before.filter(({ brought }) => brought > 0);
  const rests = full.slice(1).map((run, at) => (full[at]?.ms ?? run.ms) - run.ms);
  return rests.length < 2 ? 0 : median(rests);
}

interface SameRuns {
  readonly by: Silence['by'];
  /** Those that brought rows. */
  readonly runs: readonly TimedRun[];
}

/** Runs at that hour of that weekday. Null: they did not bring rows in four of the last weeks, or in more than one of them they did not. */
function sameHour(run: TimedRun, before: readonly TimedRun[], oldest: TimedRun): SameRuns | null {
  const full: TimedRun[] = [];
  let empty = 0;
  for (let week = 1; week <= weeksCompared; week++) {
    const at = run.wallMs - week * weekMs;
    if (at < oldest.wallMs - nearMs) break;
    const found = nearest(before, at);
    if (found !== undefined && found.brought > 0) full.push(found);
    else empty++;
  }
  return full.length >= weeksNeeded && empty <= weeksCompared - weeksNeeded ? { by: 'weeks', runs: full } : null;
}

function nearest(runs: readonly TimedRun[], wallMs: number): TimedRun | undefined {
  let best: TimedRun | undefined;
  for (const run of runs) {
    const away = Math.abs(run.wallMs - wallMs);
    if (away <= nearMs && (best === undefined || away < Math.abs(best.wallMs - wallMs))) best = run;
  }
  return best;
}

/** All runs that there are, of an entity that is too young or runs too rarely to have weeks. Null: they are too few, or one was empty. */
function inARow(run: TimedRun, before: readonly TimedRun[], oldest: TimedRun): SameRuns | null {
  const isYoung = run.ms - oldest.ms < weeksNeeded * weekMs - nearMs;
  const rests = before.slice(1).map((one, at) => (before[at]?.ms ?? one.ms) - one.ms);
  const isRare = rests.length > 0 && median(rests) > rareMs;
  // The first Saturday of a source of working days is not a surprise.
  const isFirstOfWeekday = !isRare && !before.some(({ wallMs }) => weekdayOf(wallMs) === weekdayOf(run.wallMs));
  if (isFirstOfWeekday) return null;
  const needed = isRare ? rareRunsNeeded : isYoung ? runsNeeded : Number.POSITIVE_INFINITY;
  return before.length >= needed && before.every(({ brought }) => brought > 0) ? { by: 'runs', runs: before } : null;
}

/**
 * Whether silences as long as this one are usual here. An empty run is a surprise where most runs of its hour of the week bring rows. Surprises with no rows between
 * them are one silence, as long as their number. A few in a quarter are holidays.
 */
function isUsualLength(run: TimedRun, before: readonly TimedRun[]): boolean {
  const since = run.ms - lookedBackMs;
  const known = before.filter(({ ms }) => ms >= since);
  const coveredMs = run.ms - (known.at(-1)?.ms ?? run.ms);
  const isBusy = busyHours(known);
  const lengths: number[] = [];
  let length = 1;
  let isOwn = true;
  let own = 1;
  let expected = 0;
  for (const one of known) {
    if (isBusy(one)) expected++;
    if (one.brought > 0) {
      if (isOwn) own = length;
      else if (length > 0) lengths.push(length);
      isOwn = false;
      length = 0;
    } else if (isBusy(one)) length++;
  }
  if (!isOwn && length > 0) lengths.push(length);
  const usual = Math.max(1, Math.round((holidays * coveredMs) / lookedBackMs));
  const atMost = lengths.length > Math.max(usual, irregularShare * expected) ? 0 : usual;
  return lengths.filter((other) => other >= own).length > atMost;
}

/** Hours of the week in which at least half of the runs bring rows. */
function busyHours(runs: readonly TimedRun[]): (run: TimedRun) => boolean {
  const counts = new Map<number, { full: number; all: number }>();
  for (const run of runs) {
    const hour = hourOfWeek(run);
    const count = counts.get(hour) ?? { full: 0, all: 0 };
    counts.set(hour, { full: count.full + Number(run.brought > 0), all: count.all + 1 });
  }
  return (run) => {
    const { full, all } = counts.get(hourOfWeek(run)) ?? { full: 0, all: 1 };
    return 2 * full >= all;
  };
}

/** A schedule begins at full hours more often than shortly before them, and a timer may be some seconds early. */
function hourOfWeek({ wallMs }: TimedRun): number {
  return Math.floor((wallMs + 2.5 * minuteMs) / hourMs) % 168;
}
