import { compactionName } from '../../ports/state.ts';
import { counted } from '../text/figures.ts';
import { settledWorkWords } from './settled-work-words.ts';
import type { WorkWords } from './work-words.ts';

/** The words for a compaction, which rewrites small settled files as larger files. */
export const compaction: WorkWords = {
  ...settledWorkWords(compactionName, { ended: 'compacted', kept: 'nothing to compact' }),
  modes: { compact: 'small files put together' },
  follows: true,
  object: { name: 'Small files', foretold: () => '' },
  isOf: ({ compacts }) => compacts !== undefined,
  label: () => compactionName,
  failedLabel: () => compactionName,
  copying: ({ rowsTotal }) =>
    rowsTotal === 0 ? 'Looking for small files…' : `Writing ${counted(rowsTotal ?? 0, 'row')} again in larger files…`,
  publishing: ({ rows }) => `${counted(rows, 'row')} written and read back; row sums are equal. Publishing…`,
  closing: (found) => (found === 'some' ? 'Compacted: the same rows in fewer files.' : 'Nothing to compact.'),
};
