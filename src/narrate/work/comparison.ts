import { counted } from '../text/figures.ts';
import { visible } from '../text/visible.ts';
import { live } from './live.ts';
import type { WorkWords } from './work-words.ts';

/** The words for a comparison of keys, which finds settled rows that the source no longer has. */
export const comparison: WorkWords = {
  ...live,
  modes: { deletes: 'keys compared, for deletes' },
  lane: 'deletes',
  follows: true,
  isOf: ({ compares }) => compares !== undefined,
  label: () => 'deletes',
  copying: () => 'Comparing the keys of the source with the settled ones…',
  publishing: ({ rows }) => `${counted(rows, 'row')} gone from the source; settling the deletes…`,
  outcome({ rows, rows_read: gone, to, message }, took) {
    const changed = rows === 0 ? `marked ${counted(gone, 'row')} as deleted` : `removed ${counted(-rows, 'row')}`;
    const did = rows === 0 && gone === 0 ? 'every row stays' : changed;
    return `${did} · ${took} → ${visible(to)}${message === undefined ? '' : ` (${visible(message)})`}`;
  },
  since: () => '',
  about: ({ lane }) => lane,
  how: () => 'deletes',
};
