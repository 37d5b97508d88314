/** The history of one entity in the journal: its days, its latest run compared with earlier runs, and the beginning of its failures. Pure. */
import { rowsBrought, type SilenceRequest, type StandingSilence, standingSilence } from '../checks/silence.ts';
import type { JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';

/** How many days a page shows, including today. UTC. */
export const daysShown = 90;

const dayMs = 86_400_000;

/** The first moment that a page made at `now` shows. */
export function shownSince(now: Instant): Instant {
  return new Date((Math.floor(Date.parse(now) / dayMs) - daysShown + 1) * dayMs).toISOString();
}

export type Level = 'good' | 'caution' | 'bad';

/** Runs that ended on one day, only in the live lane, because a backfill is not typical of a night. */
export interface DayFacts {
  readonly rows: number;
  /** The duration of the longest run. */
  readonly seconds: number;
  /** The largest lag of the data at the end of a run, in seconds; null: the watermark is not a time. */
  readonly lag: number | null;
  /** The worst outcome of the day; null: no run ended. */
  readonly level: Level | null;
}

/** Settled rows that an empty full load removed. `rows` null: not counted. */
export interface RemovedRows {
  readonly rows: number | null;
}

/** The fewest and the most rows that runs moved. */
export interface UsualRange {
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

export interface History {
  /** All days that a page shows, the oldest first. */
  readonly days: readonly DayFacts[];
  /** Rows that the latest completed run moved; null: no run has completed. */
  readonly moved: number | null;
  /** Rows of the five completed runs before the latest completed run; null: no earlier run has completed. */
  readonly before: UsualRange | null;
  /** Set if the latest runs loaded no rows, although similar runs did (checks/silence.ts). `removed`: the rows that an empty full load removed. */
  readonly silent: (StandingSilence & { readonly removed: RemovedRows | null }) | null;
  /** Whether the journal lacks the row of the last run in the state. */
  readonly isUntold: boolean;
  /** Set if the entity fails. `row`: the latest failure. */
  readonly failing: FailingSince | null;
  /** The latest run, if it was stopped without a fault of its own. */
  readonly stopped: JournalRow | null;
  /** The latest run, if it passed with a warning. */
  readonly warned: JournalRow | null;
  /** A failed backfill, comparison of keys or compaction that was not repeated since then. Live runs may have succeeded. */
  readonly failedBeside: FailingSince | null;
}

export interface FailingSince {
  readonly row: JournalRow;
  readonly since: Instant;
  readonly times: number;
}

/** `rows`: the journal rows of one entity, newest first. `interrupted`: the code of a stop by a person, which is not a failure. */
export function historyOf(
  rows: readonly JournalRow[],
  {
    now,
    lastRun,
    interrupted,
    silence,
  }: { readonly now: Instant; readonly lastRun: string | null; readonly interrupted: string; readonly silence: SilenceRequest },
): History {
  // The state shows which run was the last, even if the clocks of two machines differ.
  const last = rows.find(({ entity_run_id }) => entity_run_id === lastRun);
  const ordered = last === undefined ? rows : [last, ...rows.filter((row) => row !== last)];
  const live = ordered.filter(({ lane }) => lane === 'live');
  const isStop = (row: JournalRow) =>
    (row.status === 'skip' && row.reason != null) || (row.status === 'error' && row.error_code === interrupted);
  // A row with the reason `held` is left out, because the journal also has the row of the run that had the entity.
  const told = live.filter((row) => row.reason !== 'held');
  const [latest] = told;
  const ended = told.filter((row) => row.status !== 'error' && !isStop(row));
  const [now0, ...earlier] = ended.map(rowsBrought);
  const beside = [...Map.groupBy(ordered.filter(({ lane }) => lane !== 'live').map(asOfKind), ({ kind }) => kind).values()];
  return {
    days: daysOf(live, now, isStop),
    moved: now0 ?? null,
    before: rangeOf(earlier.slice(0, compared)),
    silent: told.find((row) => !isStop(row)) === ended[0] ? silentOf(ended, silence) : null,
    isUntold: lastRun !== null && last === undefined,
    failing: failingOf(told, isStop),
    stopped: latest !== undefined && isStop(latest) ? latest : null,
    warned: latest?.status === 'warn' ? latest : null,
    failedBeside: beside.map((rows) => failingOf(ofNewestLane(rows.map(({ row }) => row)), isStop)).find((found) => found !== null) ?? null,
  };
}

/** Backfills and repairs of different ranges count as one kind. */
function asOfKind(row: JournalRow): { readonly kind: string; readonly row: JournalRow } {
  return { kind: row.lane.includes(':') ? 'backfill' : row.lane, row };
}

function ofNewestLane(rows: readonly JournalRow[]): readonly JournalRow[] {
  return rows.filter(({ lane }) => lane === rows[0]?.lane);
}

/** How many earlier runs are compared with the latest run. */
const compared = 5;
function rangeOf(moved: readonly number[]): UsualRange | null {
  if (moved.length === 0) return null;
  return { least: Math.min(...moved), most: Math.max(...moved), runs: moved.length };
}

function silentOf(ended: readonly JournalRow[], request: SilenceRequest): History['silent'] {
  const silence = standingSilence(ended, request);
  return silence && { ...silence, removed: removedBy(ended.slice(0, silence.emptyRuns)) };
}

function removedBy(runs: readonly JournalRow[]): RemovedRows | null {
  for (const note of runs.flatMap(({ notes }) => notes ?? [])) if (typeof note !== 'string' && note.code === 'emptied') return note;
  return null;
}

function failingOf(rows: readonly JournalRow[], isStop: (row: JournalRow) => boolean): FailingSince | null {
  const known = rows.filter((row) => !isStop(row));
  const end = known.findIndex(({ status }) => status !== 'error');
  const series = end < 0 ? known : known.slice(0, end);
  const [row] = series;
  return row === undefined ? null : { row, since: (series.at(-1) ?? row).finished_at, times: series.length };
}

const worse: Readonly<Record<Level, number>> = { good: 0, caution: 1, bad: 2 };

function daysOf(rows: readonly JournalRow[], now: Instant, isStop: (row: JournalRow) => boolean): readonly DayFacts[] {
  const days: DayFacts[] = Array.from({ length: daysShown }, () => ({ rows: 0, seconds: 0, lag: null, level: null }));
  const today = Math.floor(Date.parse(now) / dayMs);
  for (const row of rows) {
    const endedMs = Date.parse(row.finished_at);
    // If a clock is ahead, its runs seem to end tomorrow, so they count as today.
    const at = Math.min(daysShown - 1, Math.floor(endedMs / dayMs) - today + daysShown - 1);
    const day = days[at];
    if (day === undefined) continue;
    const lag = lagOf(row, endedMs);
    const level: Level =
      row.reason === 'held' ? 'good' : isStop(row) || row.status === 'warn' ? 'caution' : row.status === 'error' ? 'bad' : 'good';
    days[at] = {
      rows: day.rows + Math.max(0, rowsBrought(row)),
      seconds: Math.max(day.seconds, row.seconds),
      lag: lag === null ? day.lag : Math.max(day.lag ?? 0, lag),
      level: day.level === null || worse[level] > worse[day.level] ? level : day.level,
    };
  }
  return days;
}

/** The lag of a run. For a failed run, the lag is measured from the watermark at which the run began, because the settled data did not become newer. */
function lagOf({ watermark_type: type, watermark_from, watermark_to }: JournalRow, endedMs: number): number | null {
  const text = watermark_to ?? watermark_from;
  if (text === null || type === null || !/^(timestamp|date)/.test(type)) return null;
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) || text.endsWith('Z') ? text : `${text}Z`);
  return Number.isNaN(at) ? null : Math.max(0, (endedMs - at) / 1000);
}
