import type { JournalRow } from '../../ports/state.ts';
import { mark } from '../run/sentences.ts';
import { errorBody } from '../text/error-lines.ts';
import { ago, count, counted, duration, settledRows } from '../text/figures.ts';
import { messageOf } from '../text/notes.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { shortRun, spanAgo } from '../text/times.ts';
import { verdictText } from '../text/verdict.ts';
import { shownEntity, visible } from '../text/visible.ts';
import { workOfLane } from '../work/kinds.ts';

export interface JournalView {
  readonly nowMs: number;
  /** Whether a filter is set. With a filter, an empty result may hide other runs. */
  readonly filtered: boolean;
  /** Columns of the terminal; null: no limit. */
  readonly room: number | null;
}

/** One line for each entity run, newest first. The error of a failed run is below its line. */
export function journalLines(rows: readonly JournalRow[], { nowMs, filtered, room }: JournalView, palette: Palette): readonly string[] {
  if (rows.length === 0) {
    return [
      filtered
        ? 'No entity run matches. All of them: hygge journal'
        : 'No entity run has ended yet. `hygge go` starts the first. To see running entities: hygge status',
    ];
  }
  const head = [
    { title: 'finished' },
    { title: 'entity', least: 12 },
    { title: 'status' },
    { title: 'rows', align: 'right' as const, leave: 4 },
    { title: 'took', align: 'right' as const, leave: 2 },
    { title: 'watermark', leave: 1 },
    { title: 'run', leave: 3 },
  ];
  const body = rows.map((row) => [
    spanAgo(nowMs - Date.parse(row.finished_at)),
    shownEntity(row.flow, row.entity),
    row.verified ? row.verified.verdict : (row.reason ?? row.status),
    row.lane !== 'live' && typeof row.rows_settled === 'number' ? count(row.rows_settled) : count(row.rows),
    duration(row.seconds),
    row.verified ? 'verify' : workOfLane(row.lane).about(row),
    shortRun(row.run_id),
  ]);
  const [titles = '', ...lines] = table(head, body, palette, room);
  return [titles, ...lines.flatMap((line, at) => [line, ...failure(rows[at], palette)])];
}

function failure(row: JournalRow | undefined, palette: Palette): readonly string[] {
  if (row === undefined || row.error_code === null) return [];
  return [`    ${palette.bad(visible(row.error_code))} ${visible(messageOf(row) ?? '')}`.trimEnd()];
}

/** The message as it was at the time of the run; rows of earlier versions have only the first line. */
function wholeFailure(row: JournalRow, palette: Palette): readonly string[] {
  return [...failure(row, palette), ...(row.error ? errorBody(row.error, palette) : [])];
}

/** One run, or one invocation of several flows, in full: each entity with its rows, source and destination, and its error if it failed. */
export function runLines(rows: readonly JournalRow[], nowMs: number, palette: Palette): readonly string[] {
  const [first] = rows;
  if (first === undefined) return ['No run of this id is in the journal. See the latest: hygge journal'];
  const runs = [...new Set(rows.map((row) => row.run_id))];
  const started = rows.map((row) => row.started_at).sort()[0] ?? first.started_at;
  const ended =
    rows
      .map((row) => row.finished_at)
      .sort()
      .at(-1) ?? first.finished_at;
  const took = duration((Date.parse(ended) - Date.parse(started)) / 1000);
  const inOrder = [...rows].sort((a, b) => (a.finished_at < b.finished_at ? -1 : 1));
  return [
    `${palette.strong(visible(first.workspace))}  ${started.slice(0, 19).replace('T', ' ')} UTC, ${ago(nowMs - Date.parse(ended))}, took ${took}`,
    ...runs.map((run) =>
      palette.quiet(`  run ${run}  ${[...new Set(rows.filter((row) => row.run_id === run).map((row) => visible(row.flow)))].join(', ')}`),
    ),
    palette.quiet(`  invocation ${first.invocation_id}  hygge ${visible(first.hygge_version)}`),
    '',
    ...inOrder.flatMap((row) => entityLines(row, palette)),
    '',
    tally(rows, palette),
  ];
}

function entityLines(row: JournalRow, palette: Palette): readonly string[] {
  const detail = (label: string, text: string): string => `    ${palette.quiet(label.padEnd(9))} ${text}`;
  const message = messageOf(row);
  return [
    `${mark(row.status, palette)} ${palette.strong(shownEntity(row.flow, row.entity))}  ${moved(row)} · ${duration(row.seconds)}`,
    ...(row.rows_read === row.rows ? [] : [detail('read', counted(row.rows_read, 'row'))]),
    ...watermark(row).map((text) => detail('watermark', text)),
    ...(row.attempts > 1 ? [detail('attempts', count(row.attempts))] : []),
    ...(row.lane === 'live' || row.verified ? [] : [detail('lane', visible(row.lane))]),
    ...(row.error_code === null
      ? row.status === 'skip' || workOfLane(row.lane).did(row) !== null || !message
        ? []
        : [detail('note', visible(message))]
      : wholeFailure(row, palette)),
    ...(row.bad_rows ?? []).map((place, nth) => detail(nth === 0 ? 'bad rows' : '', visible(place))),
  ];
}

function moved(row: JournalRow): string {
  if (row.verified) return `verify, ${verdictText(row.verified)}`;
  const work = workOfLane(row.lane);
  const did = work.did(row);
  if (did !== null) return did;
  // The first run of an incremental entity loads all rows, because it has no watermark.
  const isWhole = row.run_type === 'full_drop' || (row.watermark_column !== null && row.watermark_from === null);
  const how = work.how(isWhole);
  // A run may have failed before its plan decided where to start. So the line of a failed run does not say that the run read all rows.
  if (row.status === 'error') return row.run_type === 'incremental' && isWhole ? 'nothing settled' : `${how}, nothing settled`;
  if (row.status === 'skip') return visible(messageOf(row) ?? 'nothing new');
  const { rows_settled: settled, rows_replaced: replaced } = row;
  if (row.lane !== 'live' && typeof settled === 'number')
    return `${how}, ${counted(settled, 'row')} settled in place of ${count(replaced ?? 0)}${row.parts > 0 ? `, in ${counted(row.parts, 'file')}` : ''}`;
  return `${how}, ${settledRows(row.rows)}${row.parts > 0 ? ` in ${counted(row.parts, 'file')}` : ''}`;
}

function watermark(row: JournalRow): readonly string[] {
  const { watermark_column: column, watermark_from: from, watermark_to: to } = row;
  if (column === null || (from === null && to === null)) return [];
  const name = visible(column);
  if (from === null) return [`${name} up to ${visible(to ?? '')}`];
  if (to === null || from === to) return [`${name} unchanged: ${visible(from)}`];
  return [`${name} ${visible(from)} → ${visible(to)}`];
}

function tally(rows: readonly JournalRow[], palette: Palette): string {
  const of = (status: JournalRow['status']): number => rows.filter((row) => row.status === status).length;
  const text = `PASS=${of('pass')} WARN=${of('warn')} ERROR=${of('error')} SKIP=${of('skip')} TOTAL=${rows.length}`;
  return of('error') > 0 ? palette.bad(text) : palette.good(text);
}

/** The warning about a journal file with invalid lines, which are left out. */
export function damageLine(damage: { readonly file: string; readonly lines: number }): string {
  return `! ${counted(damage.lines, 'line')} of ${visible(damage.file)} cannot be read and ${damage.lines === 1 ? 'is' : 'are'} left out (a crash may have torn one)`;
}
