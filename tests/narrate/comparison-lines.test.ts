import { expect, test } from 'vitest';
import { comparisonLines, comparisonProgressLine } from '../../src/narrate/commands/verify/comparison-lines.ts';
import { waysToMend } from '../../src/narrate/commands/verify/repair-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { verdictText } from '../../src/narrate/text/verdict.ts';
import type { Comparison, ComparisonProgress, DifferingRow } from '../../src/ports/answers/comparison.ts';
import type { Instant } from '../../src/ports/values.ts';

const row = (id: number, times: number): DifferingRow => ({ found: 'only in the source', key: { id: String(id) }, times, columns: [] });

/** A comparison of seven rows that the destination lacks, of which some are shown. */
const comparison = (differing: readonly DifferingRow[]): Comparison => ({
  ...{ flow: 'f', entity: 'orders', verdict: 'differs', by: 'checksums', ok: false, because: null, plan: null, differing, repair: null },
  rows: {
    ...{
      source: 7,
      destination: 0,
      not_yet_due: 0,
      at_watermark: 0,
      updated_since: 0,
      earlier_versions: 0,
      kept_as_newer: 0,
      deletes_due: 0,
      marked_deleted: 0,
      left_out: 0,
      unknown_keys: 0,
      last_good: 0,
      deletes_ignored: 0,
      foreign: 0,
    },
  },
  differences: { only_in_source: 7, only_in_destination: 0, changed: 0, source_changed: 0, not_visible_yet: 0, all_counted: true },
  ...{ sums: null, source_as_settled: null, replica: null, settled_read_at: null, proof: null, work: null, seconds: 1, error: null },
});

test('a comparison reports what it waits for, and how far it has read', () => {
  const key = { flow: 'f', entity: 'orders' };
  const line = (progress: ComparisonProgress) => comparisonProgressLine(key, progress);
  expect(line({ until: '2026-12-01T00:00:00.000Z' as Instant, waitsFor: 'Fabric refreshes bronze' })).toBe(
    '… f.orders  Fabric refreshes bronze; waiting…',
  );
  expect(line({ side: 'source', look: 'first', rows: 5, of: 10 })).toBe('… f.orders  source: 5 of 10 rows read');
});

const linesOf = (differing: readonly DifferingRow[]) =>
  comparisonLines(comparison(differing), noColor, { repairs: true, asks: true }).slice(1);

test('of the rows that differ, those that are not shown are counted, an equal row as often as it is there', () => {
  expect(linesOf([row(1, 1), row(2, 3)])).toEqual([
    '    id = 1  only in the source',
    '    id = 2  only in the source (3 times)',
    '    … 3 more: --rows shows more of them',
  ]);
  expect(linesOf([row(1, 6)]).at(-1)).toBe('    … 1 more: --rows shows more of them');
  expect(linesOf([row(1, 7)])).toEqual(['    id = 1  only in the source (7 times)']);
  expect(linesOf([])).toEqual(['    … 7 more: --rows shows more of them']);
});

test('a difference without a row is one of unread rows', () => {
  const one = comparison([]);
  const differences = { ...(one.differences as NonNullable<Comparison['differences']>), only_in_source: 0, all_counted: false };
  expect(verdictText({ ...one, differences })).toBe('differs: unread rows');
  expect(verdictText({ ...one, differences: { ...differences, changed: 2 } })).toBe('differs: at least 2 rows changed');
});

test('a mirrored table that differs is not mended by another run, since what settled is right', () => {
  const plan = {
    flow: 'f',
    entity: 'orders',
    key: ['id'],
    settled_from: null,
    load: { how: 'incremental' },
    scope: { is_range: false, sample: 1 },
  };
  const found = { ...comparison([]), plan: plan as unknown as Comparison['plan'], replica: { version: 4, has_all: true, missing: null } };
  expect(waysToMend(found, false)).toEqual([
    'Load the table again: hygge reset f.orders, then hygge go -e f.orders',
    'Or publish the rows of a range of the watermark again: hygge backfill f.orders --from … --to …',
  ]);
  const differences = { ...(found.differences as NonNullable<Comparison['differences']>), only_in_destination: 1 };
  expect(waysToMend({ ...found, differences }, true)).toHaveLength(1);
});
