import type { EntitySummary } from '../../ports/events.ts';
import { bytes, counted, settledRows } from '../text/figures.ts';
import { shortTime } from '../text/times.ts';
import { visible } from '../text/visible.ts';
import type { EndWords, Progress, WorkWords } from './work-words.ts';

/** The words for a run that loads rows from the source. Other kinds of work use the same words, unless they have their own. */
export const live: WorkWords = {
  modes: { full: 'full load', incremental: 'new rows only', files: 'new files only' },
  lane: 'live',
  follows: false,
  object: null,
  isOf: () => true,
  label: () => '',
  failedLabel: () => '',
  copying,
  publishing({ rows, expects }) {
    const staged = counted(rows, 'row');
    return expects === 'unknown'
      ? `${staged} read; counts match. Comparing with the settled rows…`
      : `${staged} staged; counts match. Publishing…`;
  },
  outcome,
  since: ({ watermark }) => (watermark === null ? '' : ` since ${visible(shortTime(watermark))}`),
  closing: () => null,
  about: ({ watermark_to: mark }) => (mark === null ? '' : visible(shortTime(mark))),
  did: () => null,
  how: (isWhole) => (isWhole ? 'full load' : 'new rows only'),
};

function copying({ rowsTotal, expects }: Progress): string {
  if (expects === 'unknown') return 'Copying new rows to the store…';
  if (rowsTotal === 0) return 'No rows to copy; preparing the destination…';
  if (rowsTotal === null) return 'Copying rows to the store…';
  return `Copying ${expects === 'about' ? 'about ' : ''}${counted(rowsTotal, 'row')} to the store…`;
}

function outcome(summary: EntitySummary, took: string, { brief }: EndWords): string {
  const files = summary.files > 0 ? ` in ${counted(summary.files, 'file')}` : '';
  const size = summary.bytes > 0 ? `, ${bytes(summary.bytes)}` : '';
  const note = summary.message === undefined ? '' : ` (${visible(summary.message)})`;
  const where = !brief && summary.to !== '' ? ` → ${visible(summary.to)}` : '';
  const isBrief = brief && summary.rows >= 0 && !replacedAsMany(summary);
  const rows = isBrief ? counted(summary.rows, 'row') : replacedAsMany(summary) ? 'as many rows as before' : settledRows(summary.rows);
  return `${rows}${files}${size} · ${took}${where}${note}`;
}

/** The total can be the same although rows are new, because new rows replaced the same number of old rows or were merged into them. A table has no files. */
export function replacedAsMany({
  rows,
  rows_read: read,
  rows_settled: settled = read,
  files,
  bytes: size,
}: Pick<EntitySummary, 'rows' | 'rows_read' | 'rows_settled' | 'files' | 'bytes'>): boolean {
  return rows === 0 && settled > 0 && (files > 0 || size > 0);
}
