import { count, counted, duration, rate } from './figures.ts';
import type { Palette } from './palette.ts';
import { type Running, silenceOf } from './running.ts';
import { nothingNew } from './sentences.ts';
import { columns, pad, shorten } from './width.ts';

export interface LiveView {
  readonly running: readonly Running[];
  readonly finished: number;
  readonly total: number;
  /** Rows settled and staged so far, and how fast lately. */
  readonly rows: number;
  readonly perSecond: number;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly interrupted: boolean;
  /** Since anything was heard, while nothing is known of any entity. */
  readonly silenceMs: number;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

const activeAtMost = 8;
/** A speed of so long ago is none. */
const quietMs = 15_000;
const barCells = 12;

/** The lines that are redrawn: at most eight entities and a total, never wider than the screen, whatever its size. */
export function liveLines(view: LiveView, screen: Screen): readonly string[] {
  const room = Math.max(1, Math.min(activeAtMost, screen.rows - 4));
  const shown = view.running.slice(0, view.running.length > room ? room - 1 : room);
  const hidden = view.running.length - shown.length;
  const width = screen.columns - 1;
  const names = Math.min(Math.max(12, ...shown.map((one) => columns(one.label))), Math.floor(width * 0.38));
  return [
    ...shown.map((one) => entityLine(one, { names, width, nowMs: view.nowMs }, screen.palette)),
    ...(hidden > 0 ? [screen.palette.quiet(shorten(`  and ${count(hidden)} more under way`, width))] : []),
    screen.palette.strong(shorten(totalLine(view), width)),
  ];
}

function entityLine(one: Running, size: { names: number; width: number; nowMs: number }, palette: Palette): string {
  const name = `  ${pad(one.label, size.names)}  `;
  const left = Math.max(0, size.width - columns(name));
  const share = one.rowsTotal !== null && one.rowsTotal > 0 ? Math.min(1, one.rows / one.rowsTotal) : null;
  if ((one.stage !== 'reading' && one.stage !== 'slice_done') || share === null || one.retry !== null || left < barCells + 8) {
    return name + palette.quiet(shorten(doing(one, size.nowMs), left));
  }
  const full = Math.floor(share * barCells);
  const rest = detail(one, share, { room: left - barCells, nowMs: size.nowMs });
  return name + palette.good('━'.repeat(full)) + palette.quiet('─'.repeat(barCells - full)) + rest;
}

/** As much as there is room for, and nothing cut in half. */
function detail(one: Running, share: number, { room, nowMs }: { readonly room: number; readonly nowMs: number }): string {
  const percent = ` ${String(Math.floor(share * 100)).padStart(3)}%`;
  const rows = `  ${count(one.rows)} of ${count(one.rowsTotal ?? 0)}`;
  const now = lately(one, nowMs);
  const candidates = [percent + rows + now, percent + rows, percent + now, percent];
  return candidates.find((text) => columns(text) <= room) ?? '';
}

/** How fast it goes, or that it does not. */
function lately(one: Running, nowMs: number): string {
  const waiting = waits(one, nowMs);
  if (waiting !== '') return waiting;
  const perSecond = one.pace.perSecond();
  return perSecond >= 1 ? `  ${rate(perSecond)}` : '';
}

function waits(one: Running, nowMs: number): string {
  const silence = silenceOf(one, nowMs);
  return silence < quietMs ? '' : `  ${nothingNew(silence)}`;
}

function doing(one: Running, nowMs: number): string {
  if (one.retry !== null) {
    const wait = Math.max(0, one.retry.untilMs - nowMs) / 1000;
    return wait > 0 ? `trying again in ${Math.ceil(wait)} s, attempt ${one.retry.attempt}` : `trying again, attempt ${one.retry.attempt}`;
  }
  if (one.stage === 'reading' || one.stage === 'slice_done') {
    return one.rows > 0 ? `${counted(one.rows, 'row')} so far${lately(one, nowMs)}` : `reading the first rows…${waits(one, nowMs)}`;
  }
  if (one.stage === 'paused') return paused(one, nowMs);
  if (one.stage === 'waiting') return 'waiting until the other run has ended…';
  if (one.stage === 'rolled_forward') return 'finished what an earlier run had decided';
  if (one.stage === 'committing') return `moving ${counted(one.rows, 'row')} in…${waits(one, nowMs)}`;
  if (one.stage === 'settled') return `settled ${counted(one.rows, 'row')}`;
  return `looking at what is there…${waits(one, nowMs)}`;
}

function paused({ pausedUntilMs, rows }: Running, nowMs: number): string {
  const left = Math.max(0, (pausedUntilMs ?? nowMs) - nowMs) / 1000;
  const far = rows > 0 ? `${counted(rows, 'row')} so far · ` : '';
  return `${far}asked to wait, ${duration(left)} to go`;
}

function totalLine(view: LiveView): string {
  const pace = view.perSecond >= 1 ? ` · ${rate(view.perSecond)}` : '';
  const head = view.interrupted ? 'stopping' : `${count(view.finished)} of ${count(view.total)} done`;
  const quiet = view.silenceMs < quietMs ? '' : ` · ${nothingNew(view.silenceMs)}`;
  return `  ${head} · ${counted(view.rows, 'row')}${pace} · ${duration((view.nowMs - view.startedMs) / 1000)}${quiet}`;
}
