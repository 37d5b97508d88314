/** What the journal tells of one entity: its days, how its latest run compares with those before, and since when it fails. Pure. */
import { rowsBrought, type SilenceRequest, type StandingSilence, standingSilence } from '../checks/silence.ts';
import type { JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';

/** How many days a page looks back, today among them. UTC. */
export const daysShown = 90;

const dayMs = 86_400_000;

/** The first moment that a page for `now` tells of. */
export function shownSince(now: Instant): Instant {
  return new Date((Math.floor(Date.parse(now) / dayMs) - daysShown + 1) * dayMs).toISOString();
}

export type Level = 'good' | 'caution' | 'bad';

/** What ended on one day, in the live lane: a backfill is not a measure of a usual night. */
export interface DayFacts {
  readonly rows: number;
  /** Of the longest run. */
  readonly seconds: number;
  /** How far the data lay behind the end of a run, at most, in seconds; null: no watermark in time. */
  readonly lag: number | null;
  /** The worst of the day; null: nothing ended. */
  readonly level: Level | null;
}

/** What had settled and went with a full load of nothing. `rows` null: not counted. */
export interface RemovedRows {
  readonly rows: number | null;
}

/** Rows that runs moved, at least and at most. */
export interface UsualRange {
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

export interface History {
  /** The oldest first; always as many as are shown. */
  readonly days: readonly DayFacts[];
  /** Rows that the latest run moved that came to its end; null: none did. */
  readonly moved: number | null;
  /** Of the five such runs before it; null: there were none. */
  readonly before: UsualRange | null;
  /** Runs bring nothing, where runs like them did (checks/silence.ts). `removed`: what a full load of nothing took away. */
  readonly silent: (StandingSilence & { readonly removed: RemovedRows | null }) | null;
  /** The journal has no row of the run that the state knows as the last. */
  readonly isUntold: boolean;
  /** It fails. `row`: the latest failure. */
  readonly failing: FailingSince | null;
  /** The latest run, where it was kept from its end without a fault of its own. */
  readonly stopped: JournalRow | null;
  /** The latest run, where it passed with a warning. */
  readonly warned: JournalRow | null;
  /** A backfill, a comparison of keys or a compaction that failed and was not done since; live runs may be well. */
  readonly failedBeside: FailingSince | null;
}

export interface FailingSince {
  readonly row: JournalRow;
  readonly since: Instant;
  readonly times: number;
}

/** `rows`: of one entity, newest first. `interrupted`: the code of an error that is none, since a person stopped the run. */
export function historyOf(
  rows: readonly JournalRow[],
  {
    now,
    lastRun,
    interrupted,
    silence,
  }: { readonly now: Instant; readonly lastRun: string | null; readonly interrupted: string; readonly silence: SilenceRequest },
): History {
  // The state knows which run was the last, whatever the clocks of two machines made of its time.
  const last = rows.find(({ entity_run_id }) => entity_run_id === lastRun);
  const ordered = last === undefined ? rows : [last, ...rows.filter((row) => row !== last)];
  const live = ordered.filter(({ lane }) => lane === 'live');
  const isStop = (row: JournalRow) =>
    (row.status === 'skip' && row.reason != null) || (row.status === 'error' && row.error_code === interrupted);
  // Another run held it: that one is in the journal as well.
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

/** Backfills and repairs of several ranges are of one kind. */
function asOfKind(row: JournalRow): { readonly kind: string; readonly row: JournalRow } {
  return { kind: row.lane.includes(':') ? 'backfill' : row.lane, row };
}

function ofNewestLane(rows: readonly JournalRow[]): readonly JournalRow[] {
  return rows.filter(({ lane }) => lane === rows[0]?.lane);
}

/** Runs that the latest is compared with. */
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
    // A clock that is ahead has its runs end tomorrow; they are of today.
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

/** Of a run that failed, from the watermark that it began at: that is how far behind the data stayed. */
function lagOf({ watermark_type: type, watermark_from, watermark_to }: JournalRow, endedMs: number): number | null {
  const text = watermark_to ?? watermark_from;
  if (text === null || type === null || !/^(timestamp|date)/.test(type)) return null;
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) || text.endsWith('Z') ? text : `${text}Z`);
  return Number.isNaN(at) ? null : Math.max(0, (endedMs - at) / 1000);
}
