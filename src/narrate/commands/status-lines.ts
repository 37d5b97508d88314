import type { LastReplication, LastVerification, Status } from '../../ports/state.ts';
import { bytes, count, counted } from '../text/figures.ts';
import { words } from '../text/notes.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { shortTime, span, spanAgo } from '../text/times.ts';
import { verdictText } from '../text/verdict.ts';
import { shownEntity, visible } from '../text/visible.ts';

/** The facts of `hygge status` about one entity. Times are ISO 8601; `next` is null without a schedule. */
export interface EntityStatus {
  readonly flow: string;
  readonly entity: string;
  readonly last_run: string | null;
  readonly status: Status | null;
  /** Figures of the last entity run. */
  readonly rows: number | null;
  /** How many rows replaced the same number of other rows, so that `rows` is 0. */
  readonly moved_rows?: number;
  /** The number of all settled rows; null: nothing has settled, or the rows were not counted from the beginning. */
  readonly settled_rows: number | null;
  /** The error of the last entity run. */
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly why: readonly string[];
    readonly try: readonly string[];
  } | null;
  readonly watermark: string | null;
  readonly watermark_column: string | null;
  /** The span from the watermark to now, if the watermark is a time. */
  readonly behind_seconds: number | null;
  readonly settled_at: string | null;
  /** Whether a decided commit is not finished yet. */
  readonly pending: boolean;
  readonly full_next: boolean;
  readonly held_by: {
    readonly program: string;
    readonly host: string;
    readonly pid: number;
    readonly until: string;
    readonly fate: string;
  } | null;
  readonly schedule: string | null;
  readonly next: string | null;
  /** The scheduled time of a run that has not started; null: no run is missing. */
  readonly overdue_since: string | null;
  /** The time when the last commit with rows became older than `expect` allows; null: that commit is recent enough. */
  readonly stale_since: string | null;
  /** The latest comparison with the source; absent: the entity was never compared. */
  readonly verified?: LastVerification;
  /** The failed compaction after the last run. Settled rows are unchanged by it, and the next run tries again if `compact` is set. */
  readonly compaction?: Trouble & { readonly at: string };
  /** Why the state cannot be read; null: it can be read. */
  readonly unreadable: Trouble | null;
  /** Files of other writers among the settled files, as of the last run. Absent: all files are hygge’s own. */
  readonly strays?: { readonly where: string; readonly first: string; readonly files: number };
  /** Files of earlier table versions that wait for a compaction, as of the last run. Absent: no file waits. */
  readonly old_files?: { readonly where: string; readonly files: number; readonly bytes: number };
  /** With `--check`: the rows or files of the source that are not loaded yet. */
  readonly waiting?: WaitingRows | null;
  /**
   * How far the system that replicates the store has applied the settled rows, when a run last asked it, or now with `--check`. Absent: the store is not
   * replicated, or the system was never asked. `settled_since`: another commit settled after the answer.
   */
  readonly replication?: LastReplication & { readonly settled_since: boolean };
  /** With `--check`: why the progress of the replication is unknown. */
  readonly check_error?: Trouble | null;
}

interface Trouble {
  readonly code: string;
  readonly what: string;
}

/** The new rows or files that the next run would find. */
export interface WaitingRows {
  readonly mode: 'full' | 'incremental' | 'files';
  /** Null: the source shows its number of rows only when it is read. */
  readonly rows: number | null;
  /** False: the number is an upper limit. */
  readonly exact: boolean;
  /** New and changed files, if the source consists of files. */
  readonly files: number | null;
}

/** One line for each entity. Problems that need a person are below the line of their entity. */
export function statusLines(
  statuses: readonly EntityStatus[],
  { nowMs, room }: { readonly nowMs: number; readonly room: number | null },
  palette: Palette,
): readonly string[] {
  const rows = statuses.map((one) => [
    shownEntity(one.flow, one.entity),
    one.unreadable === null ? (one.status ?? (one.held_by === null ? 'never run' : 'none yet')) : 'unreadable',
    one.last_run === null ? '' : spanAgo(nowMs - Date.parse(one.last_run)),
    one.rows === null ? '' : count(one.moved_rows ?? one.rows),
    one.settled_rows === null ? '' : count(one.settled_rows),
    one.watermark === null ? '' : visible(shortTime(one.watermark)),
    one.behind_seconds === null ? '' : span(one.behind_seconds * 1000),
    one.waiting === undefined || one.waiting === null ? '' : waitingText(one.waiting),
    next(one, nowMs),
  ]);
  const head = [
    { title: 'entity', least: 12 },
    { title: 'last' },
    { title: 'when', leave: 4 },
    { title: 'moved', align: 'right' as const, leave: 1 },
    { title: 'settled', align: 'right' as const, leave: 6 },
    { title: 'watermark', leave: 3 },
    { title: 'behind', leave: 5 },
    { title: 'waiting' },
    { title: 'next', leave: 2 },
  ];
  const [titles = '', ...lines] = table(head, rows, palette, room);
  const told = new Map<string, string>();
  return [titles, ...lines.flatMap((line, at) => [line, ...remarks(statuses[at], { nowMs, told }, palette)])];
}

function waitingText({ mode, rows, exact, files }: WaitingRows): string {
  if (rows === 0 && mode !== 'full') return 'nothing';
  const amount = rows === null ? 'rows' : `${exact ? '' : '≤ '}${counted(rows, 'row')}`;
  return files === null ? amount : `${counted(files, 'file')}, ${amount}`;
}

function next(one: EntityStatus, nowMs: number): string {
  if (one.schedule === null) return '';
  if (one.next === null) return visible(one.schedule);
  const ms = Math.max(0, Date.parse(one.next) - nowMs);
  return ms < 86_400_000 ? `in ${span(ms)}` : one.next.slice(0, 16).replace('T', ' ');
}

function verifiedText(verified: LastVerification, nowMs: number, palette: Palette): string {
  const { at, verdict, error_code: code } = verified;
  const label = verdict === 'same' ? palette.quiet('verified') : palette.caution('verified');
  const failed = verdict === 'not told' && code !== null ? `not compared: ${visible(code)}` : verdictText(verified);
  return `${label} ${spanAgo(nowMs - Date.parse(at))}, ${failed}`;
}

/** Two lines: the progress of the replication, and the time of the answer. */
function replicationTexts(replication: NonNullable<EntityStatus['replication']>, nowMs: number, palette: Palette): readonly string[] {
  const { state, said, asked_at: askedAt, settled_since: isEarlier } = replication;
  const asked = spanAgo(nowMs - Date.parse(askedAt));
  const [until, behind] = [replicatedUntil(replication), behindText(replication)];
  if (state === 'replicated') {
    const whole = until === null ? 'replicated' : `replicated until ${until}`;
    return [`${palette.quiet(whole)}, asked ${asked}${isEarlier ? ', before the last commit' : ''}`];
  }
  const label = {
    probably: palette.quiet('probably replicated'),
    waiting: palette.quiet('not replicated yet'),
    stopped: palette.caution('replication has stopped'),
  }[state];
  const because = said === null ? '' : `: ${visible(said)}`;
  const rest = [...(behind === null ? [] : [behind]), ...(until === null ? [] : [`replicated until ${until}`])];
  return [`${label}${because}`, [...rest, `asked ${asked}${isEarlier ? ', before the last commit' : ''}`].join(', ')];
}

/** `changed 2026-11-20T02:00`, or the time of the commit; null: no replicated commit is known. */
function replicatedUntil({ until }: LastReplication): string | null {
  if (until === null) return null;
  return visible(until.watermark === null ? `the commit of ${minute(until.settled_at)} UTC` : shortTime(until.watermark));
}

/** `≤ 3 files and 2,000 rows behind`; null: the lag was not measured. */
export function behindText({ files_behind: files, rows_behind: rows }: LastReplication): string | null {
  const figures = [...(files === null ? [] : [counted(files, 'file')]), ...(rows === null ? [] : [counted(rows, 'row')])];
  return figures.length === 0 ? null : `≤ ${figures.join(' and ')} behind`;
}

const minute = (at: string) => at.slice(0, 16).replace('T', ' ');

function compactionText({ at, code, what }: NonNullable<EntityStatus['compaction']>, nowMs: number, palette: Palette): string {
  return `${palette.caution('not compacted')} ${spanAgo(nowMs - Date.parse(at))}: ${visible(code)} ${visible(what)}`;
}

function overdue(since: string, nowMs: number, palette: Palette): string {
  return `${palette.caution('overdue')} since ${minute(since)} UTC, ${spanAgo(nowMs - Date.parse(since))}: nothing has started it`;
}

function stale(since: string, nowMs: number, palette: Palette): string {
  return `${palette.caution('stale')} since ${minute(since)} UTC, ${spanAgo(nowMs - Date.parse(since))}: no commit with rows was in time`;
}

/** @param told errors by their text, with the first entity that had the error: an outage stops many entities for one reason. */
function remarks(
  one: EntityStatus | undefined,
  { nowMs, told }: { readonly nowMs: number; readonly told: Map<string, string> },
  palette: Palette,
): readonly string[] {
  if (one === undefined) return [];
  const trouble = (code: string, what: string): string => `${palette.bad(visible(code))} ${visible(what)}`.trimEnd();
  const errorLines = (error: EntityStatus['error']): readonly string[] => {
    if (error === null) return [];
    const { code, message, try: [first] = [] } = error;
    const identity = JSON.stringify([code, message, first]);
    const before = told.get(identity);
    if (before !== undefined) return [`${palette.bad(visible(code))} the same as ${before}`];
    told.set(identity, shownEntity(one.flow, one.entity));
    return [trouble(code, message), ...(first === undefined ? [] : [`${palette.quiet('try')}  ${visible(first)}`])];
  };
  const held = one.held_by;
  const who =
    held === null
      ? []
      : held.fate === 'dead'
        ? [`left by ${holderText(held)}, which no longer runs: the next run takes over`]
        : [`held by ${holderText(held)}`];
  const all = [
    ...(one.unreadable === null ? [] : [trouble(one.unreadable.code, one.unreadable.what)]),
    ...errorLines(one.error),
    ...(one.strays === undefined ? [] : [`${palette.caution('!')} ${visible(words({ code: 'strays', ...one.strays }))}`]),
    ...(one.old_files === undefined
      ? []
      : [palette.quiet(visible(words({ code: 'old_files', flow: one.flow, entity: one.entity, ...one.old_files })))]),
    ...(one.verified === undefined ? [] : [verifiedText(one.verified, nowMs, palette)]),
    ...(one.compaction === undefined ? [] : [compactionText(one.compaction, nowMs, palette)]),
    ...(one.replication === undefined ? [] : replicationTexts(one.replication, nowMs, palette)),
    ...(one.overdue_since === null ? [] : [overdue(one.overdue_since, nowMs, palette)]),
    ...(one.stale_since === null ? [] : [stale(one.stale_since, nowMs, palette)]),
    ...(one.check_error ? [trouble(one.check_error.code, one.check_error.what)] : []),
    ...who,
    ...(one.pending ? ['a decided commit waits: the next run finishes it first'] : []),
    ...(one.full_next ? ['next run is a full load'] : []),
  ];
  return [...new Set(all)].map((remark) => `    ${remark}`);
}

/** `hygge go on vm, process 7`. */
export function holderText(holder: { readonly program: string; readonly host: string; readonly pid: number }): string {
  return `${visible(holder.program)} on ${visible(holder.host)}, process ${holder.pid}`;
}

/** The result of `hygge report`. */
export interface ReportMade {
  readonly file: string;
  readonly bytes: number;
  readonly entities: number;
  /** The summary of the last night, which is the page's first line. */
  readonly level: 'good' | 'caution' | 'bad';
  readonly headline: string;
}

export function reportLines({ file, bytes: size, entities, level, headline }: ReportMade, palette: Palette): readonly string[] {
  const marks = { good: palette.good('✓'), caution: palette.caution('!'), bad: palette.bad('✗') };
  return [
    `${marks[level]} ${visible(headline)}`,
    `${palette.quiet('page')}  ${visible(file)}  ${counted(entities, 'entity', 'entities')}, ${bytes(size)}`,
  ];
}
