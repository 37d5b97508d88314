import { expect, it } from 'vitest';
import { runLines } from '../../src/narrate/commands/journal-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { journalRowOf } from '../support/state-rows.ts';

const finished = '2026-11-20T08:00:00.000Z';

it('of a failed run that never learned where to begin, no full load is claimed', () => {
  const failed = {
    status: 'error',
    rows: 0,
    error_code: 'HYG-2012',
    message: 'other columns',
    watermark_from: null,
    watermark_to: null,
  } as const;
  const told = (row: Partial<JournalRow>) =>
    runLines([journalRowOf('01A.1', finished, { ...failed, ...row })], Date.parse(finished), noColor).join('\n');
  expect(told({ run_type: 'incremental', watermark_column: 'updated_at' })).toMatch(/ {2}nothing settled · /);
  expect(told({ run_type: 'full_drop', watermark_column: null })).toContain('full load, nothing settled');
});
