import { quarantineName } from '../../ports/state.ts';
import { counted } from '../text/figures.ts';
import { settledWorkWords } from './settled-work-words.ts';
import type { WorkWords } from './work-words.ts';

/** The words for rows that leave the quarantine: rows that meet the rules settle, or rows are dropped. */
export const quarantine: WorkWords = {
  ...settledWorkWords(quarantineName, { ended: 'compacted', kept: 'nothing there' }),
  modes: { replay: 'rows in quarantine, by the current rules', drop: 'rows in quarantine, to be dropped' },
  object: { name: 'Rows in quarantine', foretold: ({ rows }) => `, ${counted(rows.n ?? 0, 'row')}` },
  isOf: ({ quarantine }) => quarantine !== undefined,
  closing: (found) => (found === 'some' ? null : 'Nothing was taken out of quarantine.'),
};
