/** Silence: a run without rows, although similar runs always had some. This is the only rule for silence, which `docs/silence.md` describes. Pure: journal rows in, a verdict out. */

import type { SilentNote } from '../ports/notes.ts';
import type { JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';
import { median } from './median.ts';
import { offsetsOf } from './zone-offsets.ts';

/** The data of a run that the rule uses. */
export type PastRun = Pick<
  JournalRow,
  'lane' | 'run_type' | 'started_at' | 'finished_at' | 'status' | 'reason' | 'error_code' | 'rows' | 'rows_updated' | 'quarantined'
>;

export interface SilenceRequest {
  /** The zone whose weekdays and hours count; null: UTC. */
  readonly zone: string | null;
  /** Days without expected rows, as `2026-12-25` in that zone. */
  readonly except?: readonly string[] | undefined;
}

/** The rows that similar runs loaded. */
export interface Silence extends Omit<SilentNote, 'code' | 'source'> {
  /** When the last run with rows ended. */
  readonly last: Instant;
}

/** A silence that continues. */
export interface StandingSilence extends Silence {
  /** When the first empty run of the silence ended, and the number of its empty runs. */
  readonly since: Instant;
  readonly emptyRuns: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** How soon after a run with rows an empty run is normal. */
export const soonMs = 50 * minuteMs;
/** The longest time between the beginning of a compared run and the same hour of the week. */
export const nearMs = hourMs;
/** How many weeks are compared, and how many of these weeks must have had rows. One week may have a holiday. */
export const weeksCompared = 5;
const weeksNeeded = 4;
/** For an entity younger than four weeks: the number of runs that must all have rows. */
const runsNeeded = 5;
/** The number of runs for an entity that runs less often than weekly. */
export const rareMs = 8 * dayMs;
const rareRunsNeeded = 2;
/** How far back surprises are counted. */
export const lookedBackMs = 13 * weekMs;
/** How many surprises in that time count as holidays. After more surprises, only a longer silence is reported. */
const holidays = 4;
/** The share of the expected runs that may begin a surprise. With a larger share, the rows are irregular, so only a silence longer than all silences in that time is reported. */
const irregularShare = 0.06;
/** The share of the usual time between two runs with rows that must have passed before a silence is reported. */
const restShare = 0.75;

/** The rows that the source returned: new rows, or rows replaced by their key, including rows in quarantine. */
export function rowsBrought({ rows, rows_updated: updated, quarantined }: Pick<PastRun, 'rows' | 'rows_updated' | 'quarantined'>): number {
  return rows + (updated ?? 0) + (quarantined ?? 0);
}

/** A run with its time in the zone. */
interface TimedRun {
  readonly row: PastRun;
  readonly ms: number;
  readonly wallMs: number;
  readonly brought: number;
}

/** Whether a run is silent. `rows`: the entity’s journal rows in any order, which may include the run itself and later runs. Null: the run had rows, or rows were not expected. */
export function silenceOf(run: PastRun, rows: readonly PastRun[], request: SilenceRequest): Silence | null {
  const { timed, one } = timedRuns(rows, request);
  return verdict(one(run), timed.filter(isComparableTo(run)), request);
}

/** The current silence of the newest runs; null: no silence. A silence lasts from the first empty run to the next run with rows. */
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

/** In a long silence of runs every few minutes, only some are checked. */
const mostJudged = 400;

/**
 * Whether the run near this time of the week, this many weeks ago, had rows or is missing, so that silence is possible. If the last two weeks already show
 * that silence is impossible, older history need not be read. `rows`: at least the runs of that time.
 */
export function mayBeSilent(run: PastRun, rows: readonly PastRun[], request: SilenceRequest & { readonly weeks: number }): boolean {
  const { timed, one } = timedRuns(rows, request);
  return nearest(timed.filter(isComparableTo(run)), one(run).wallMs - request.weeks * weekMs)?.brought !== 0;
}

/** Completed live runs on days with expected rows, the newest first. */
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

/** The offsets of a zone, looked up only once for a day with a constant offset. */
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

/** A failed or stopped run shows nothing about the source. */
function isTold({ lane, status, reason, error_code: code }: PastRun): boolean {
  return lane === 'live' && status !== 'error' && reason == null && code === null;
}

function isComparableTo(run: PastRun): (other: TimedRun) => boolean {
  const ms = Date.parse(run.started_at);
  return (other) => other.row.run_type === run.run_type && other.ms < ms;
}

/** @param before earlier runs of the same kind, newest first. */
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

/** The median time between two runs with rows; 0 if fewer than three runs had rows. */
function usualRestMs(before: readonly TimedRun[]): number {
  const full = before.filter(({ brought }) => brought > 0);
  const rests = full.slice(1).map((run, at) => (full[at]?.ms ?? run.ms) - run.ms);
  return rests.length < 2 ? 0 : median(rests);
}

interface SameRuns {
  readonly by: Silence['by'];
  /** The runs with rows. */
  readonly runs: readonly TimedRun[];
}

/** Runs at that hour of that weekday. Null: the runs had rows in fewer than four of the last weeks, or were empty in more than one week. */
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

/** All runs of an entity that is too young or runs too rarely to compare weeks. Null: the entity has too few runs, or a run was empty. */
function inARow(run: TimedRun, before: readonly TimedRun[], oldest: TimedRun): SameRuns | null {
  const isYoung = run.ms - oldest.ms < weeksNeeded * weekMs - nearMs;
  const rests = before.slice(1).map((one, at) => (before[at]?.ms ?? one.ms) - one.ms);
  const isRare = rests.length > 0 && median(rests) > rareMs;
  // If a source has rows only on working days, its first Saturday without rows must not count as a surprise.
  const isFirstOfWeekday = !isRare && !before.some(({ wallMs }) => weekdayOf(wallMs) === weekdayOf(run.wallMs));
  if (isFirstOfWeekday) return null;
  const needed = isRare ? rareRunsNeeded : isYoung ? runsNeeded : Number.POSITIVE_INFINITY;
  return before.length >= needed && before.every(({ brought }) => brought > 0) ? { by: 'runs', runs: before } : null;
}

/**
 * Whether silences of the same length are usual for the entity. An empty run is a surprise if most runs at its hour of the week have rows. Consecutive
 * surprises are one silence, whose length is their number. A few silences in a quarter count as holidays.
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

/** Hours of the week in which at least half of the runs have rows. */
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

/** A timer may fire some seconds early. So a run shortly before a full hour most likely belongs to a schedule at the full hour. */
function hourOfWeek({ wallMs }: TimedRun): number {
  return Math.floor((wallMs + 2.5 * minuteMs) / hourMs) % 168;
}
