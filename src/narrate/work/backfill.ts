import type { EntitySummary } from '../../ports/events.ts';
import { bytes, count, counted } from '../text/figures.ts';
import { shortTime } from '../text/times.ts';
import { visible } from '../text/visible.ts';
import { live } from './live.ts';
import type { WorkWords } from './work-words.ts';

export const backfill: WorkWords = {
  ...live,
  modes: { backfill: 'backfill' },
  lane: 'backfill',
  isOf: ({ chunk }) => chunk !== undefined,
  label,
  failedLabel: label,
  copying: () => 'Reading the source rows of the range…',
  publishing({ rows, updatesByKey }) {
    const staged = `${counted(rows, 'row')} staged; counts match.`;
    return updatesByKey ? `${staged} Publishing, to be ${byKey}…` : `${staged} Replacing the range in the store…`;
  },
  outcome: (summary, took, { updatesByKey }) => broughtIn(summary, took, updatesByKey ?? false),
  since: () => '',
  about: (row) => (row.watermark_to === null ? '' : `backfill to ${visible(shortTime(row.watermark_to))}`),
  how: () => 'backfill',
};

/** The words for rows that a backfill writes by their key, because the number of new rows is unknown. */
export const byKey = 'updated or inserted by their key';

function label({ chunk }: Pick<Partial<EntitySummary>, 'chunk'>): string {
  if (chunk === undefined) return '';
  const ranges = chunk.ranges === undefined ? '' : `${counted(chunk.ranges, 'range')}, `;
  return `${ranges}${edge(chunk.from)} … ${edge(chunk.to)}`;
}

/** A time at midnight is shown as a day. */
export function edge(text: string): string {
  return visible(shortTime(text.replace(/T00:00:00(\.0+)?Z?$/, '')));
}

/** The number of loaded rows may differ from the change of the total. */
function broughtIn({ rows, rows_read: read, files, bytes: size, message }: EntitySummary, took: string, updatesByKey: boolean): string {
  const change = updatesByKey
    ? byKey
    : rows === 0
      ? 'as many as before'
      : `${count(Math.abs(rows))} ${rows > 0 ? 'more' : 'fewer'} than before`;
  const written = files > 0 ? ` · ${counted(files, 'file')}, ${bytes(size)}` : '';
  return `${counted(read, 'row')}, ${change}${written} · ${took}${message === undefined ? '' : ` (${visible(message)})`}`;
}
