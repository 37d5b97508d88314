import type { EntitySummary } from '../../ports/events.ts';
import { count, counted, duration, rate, settledRows } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { shortTime } from '../text/times.ts';
import { visible } from '../text/visible.ts';
import { columns } from '../text/width.ts';
import { modeWords, workOf, workOfMode } from '../work/kinds.ts';
import type { EndWords } from '../work/work-words.ts';
import type { EventOf, RunningEntity } from './running-entity.ts';

/** The sentences of a run, one for each event. All words that a person reads while data moves are in this folder. */

export function opening(event: EventOf<'run_start'>, palette: Palette): string {
  const what = `${counted(event.entities, 'entity', 'entities')} in ${counted(event.flows, 'flow')}`;
  const pace = event.entities > 1 ? `, up to ${count(event.concurrency)} at once` : '';
  return `${shownWorkspace(event, palette)}: ${what}${pace}.`;
}

/** The name with the chosen target: `northwind (prod)`. */
export function shownWorkspace(
  { workspace, target }: { readonly workspace: string; readonly target?: string | undefined },
  palette: Palette,
): string {
  return `${palette.strong(visible(workspace))}${target === undefined ? '' : ` (${visible(target)})`}`;
}

// The width of the text next to a name, on a screen of 80 columns.
const comfortableColumns = 56;

/** The source and the destination: on one line, or on two lines if their names are long. */
export function journey(event: EventOf<'plan'>): readonly string[] {
  const { column, lower, upper } = event.window;
  const window =
    column === null || (lower === null && upper === null)
      ? ''
      : lower === upper
        ? `, newest ${visible(column)} unchanged: ${visible(shortTime(lower ?? ''))}`
        : `, ${visible(column)} ${lower === null ? 'up ' : `from ${visible(shortTime(lower))} `}${upper === null ? '' : `to ${visible(shortTime(upper))}`}`.trimEnd();
  const { object } = workOfMode(event.mode);
  if (object !== null) return [`${object.name} in ${visible(event.to)}.`];
  const from = `From ${visible(event.from)}`;
  const to = `to ${visible(event.to)} (${modeWords(event.mode)}${window}).`;
  return columns(from) + columns(to) <= comfortableColumns ? [`${from} ${to}`] : [from, to];
}

export function milestone(running: RunningEntity): string {
  const slices = running.slices > 1 ? `, slice ${count(running.slicesDone)} of ${count(running.slices)}` : '';
  const pace = running.pace.perSecond();
  const speed = pace >= 1 ? `, ${rate(pace)}` : '';
  if (running.rowsTotal === null || running.rowsTotal < Math.max(1, running.rows))
    return `${counted(running.rows, 'row')} staged so far${slices}${speed}.`;
  const share = Math.floor((running.rows / running.rowsTotal) * 100);
  return `${count(running.rows)} of ${running.expects === 'about' ? 'about ' : ''}${counted(running.rowsTotal, 'row')} staged (${share}%${slices}${speed}).`;
}

export function finishedEarlierCommit(detail: string | null): string {
  const more = detail === null ? '' : ` (${visible(detail)})`;
  return `An earlier run had not finished its commit. This commit was finished first${more}.`;
}

/** Rows are read and written at the same time, so the run may wait for the source or the store. */
function waitedFor({ sides }: Pick<RunningEntity, 'sides'>): string {
  return sides === null ? 'the source or the store' : visible(sides);
}

/** `Waiting for postgres db/shop sales.orders or lake/orders until 14:03:00 UTC (5 m 00 s); continues then.` */
export function pausedUntil(running: Pick<RunningEntity, 'sides'>, { ts, not_before: until = ts, waits_for }: EventOf<'progress'>): string {
  if (waits_for !== undefined) return `${visible(waits_for)}; waiting, and checking again at ${until.slice(11, 19)} UTC.`;
  const seconds = Math.max(0, Date.parse(until) - Date.parse(ts)) / 1000;
  // A time on another day is shown with its date.
  const at = until.slice(0, 10) === ts.slice(0, 10) ? until.slice(11, 19) : `${until.slice(0, 10)} ${until.slice(11, 19)}`;
  return `Waiting for ${waitedFor(running)} until ${at} UTC (${duration(seconds)}); continues then.`;
}

function silence(silenceMs: number): string {
  const seconds = Math.floor(silenceMs / 1000);
  return seconds < 60 ? `${seconds} s` : duration(seconds);
}

/** The sentence about a silence of unknown reason: the system may not answer, the network may be slow, or a computation may take long. */
export function noProgress(silenceMs: number): string {
  return `no progress for ${silence(silenceMs)}`;
}

/** The silence as a whole sentence, for an output where lines can’t be redrawn. */
export function stillThere(running: RunningEntity, silenceMs: number): string {
  const rows = running.rows > 0 ? ` after ${counted(running.rows, 'row')}` : '';
  return `No progress for ${silence(silenceMs)}${rows}: waiting for ${waitedFor(running)}.`;
}

/** The line that is shown before the first entity begins. */
export function stillLooking(silenceMs: number): string {
  return `Reading metadata; ${noProgress(silenceMs)}: waiting for a source or a store.`;
}

export function retrying(event: EventOf<'retry'>): string {
  const { system, retry_for_ms: retryForMs, over_after_ms: overAfterMs } = event.outage ?? {};
  if (system !== undefined && overAfterMs !== undefined) return `${visible(system)} answers again, after ${duration(overAfterMs / 1000)}.`;
  const reason = `${visible(event.error.what).replace(/\.$/, '')} (${visible(event.error.code)})`;
  if (retryForMs !== undefined) return `${reason}. Trying again for up to ${duration(retryForMs / 1000)}…`;
  if (event.error.code === 'HYG-3210') return `${reason}. Looking at the whole source, then beginning again…`;
  return `${reason}. Trying again in ${duration(event.wait_ms / 1000)}, attempt ${count(event.attempt)}.`;
}

/** The run settled, but the comparison after the run found a difference. */
const differsCode = 'HYG-2095';

/** The result of an entity run, shown after its name. */
export function outcome(summary: EntitySummary, how: EndWords): string {
  const took = duration(summary.seconds);
  if (summary.error?.code === differsCode) return `${settledRows(summary.rows)}; settled rows and the watermark stay · ${took}`;
  if (summary.status === 'error') return `stopped after ${took}; no partial result is visible`;
  if (summary.status === 'skip') return skipped(summary, took);
  return workOf(summary).outcome(summary, took, how);
}

function skipped(summary: EntitySummary, took: string): string {
  const reason = visible(summary.message ?? 'nothing new');
  if (summary.seconds === 0) return reason;
  return `${reason}${workOf(summary).since(summary)} · ${took}`;
}

export function mark(status: EntitySummary['status'], palette: Palette): string {
  if (status === 'pass') return palette.good('✓');
  if (status === 'warn') return palette.caution('!');
  if (status === 'error') return palette.bad('✗');
  return palette.quiet('–');
}
