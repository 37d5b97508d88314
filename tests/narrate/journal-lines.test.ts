import { expect, it } from 'vitest';
import { journalLines, runLines } from '../../src/narrate/commands/journal-lines.ts';
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

it.each([
  ['live', '2026-11-19T23:59', 'new rows only'],
  ['backfill:1..2', 'backfill to 2026-11-19T23:59', 'backfill, 3 rows settled in place of 5'],
  ['deletes', 'deletes', 'deletes, 3 rows settled in place of 5'],
  ['compact', 'compact', 'compact, '],
])('of a run of lane %s it is told what it was about', (lane, listed, whole) => {
  const watermark = { watermark_column: 'at', watermark_from: '2026-11-18T23:59', watermark_to: '2026-11-19T23:59' };
  const row = journalRowOf('01A.1', finished, { lane, run_type: 'incremental', rows_settled: 3, rows_replaced: 5, ...watermark });
  const [, line] = journalLines([row], { nowMs: Date.parse(finished), filtered: false, room: null }, noColor);
  expect(line).toContain(`  ${listed}  `);
  expect(runLines([row], Date.parse(finished), noColor).join('\n')).toContain(`  ${whole}`);
});
