import type { FilesHead } from '../../../src/files/store/head/head-log.ts';
import { add, event, run } from './actors.ts';
import { baseSchema, type Row, row, withColumn } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { validating } from './validating.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

const note = { note: 'there' };
const isKept = (one: Row) => (one.note ?? null) !== null;
/** One broken row below the boundary group, and two in it. */
const noted: readonly Row[] = [row(1, 1, note), row(2, 1), row(3, 2, note), row(4, 2), row(5, 2)];

const columnIsThere = event('the source has a column', ({ source }) => {
  source.schema = withColumn(baseSchema, 'note');
  source.set(noted);
});

/** Those that keep the rule. All others lie in quarantine, each once. */
function settledAndApart({ source, destination }: World): readonly Row[] {
  const apart = (destination.head() as FilesHead | null)?.quarantine ?? [];
  const rows = apart.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  const broken = source.rows.filter((one) => !isKept(one)).length;
  must(rows === broken, `${rows} rows lie in quarantine, and ${broken} of the source break the rule`);
  return source.rows.filter(isKept);
}

const apart = validating([{ name: 'note is there', column: 'note', what: 'not null' }]);
const warned = validating([{ name: 'note is there', column: 'note', what: 'not null', severity: 'warn' }], {
  checks: [{ name: 'rows come', onFail: 'warn', type: 'volume', minRows: null, maxRows: 1000, withinPercent: null }],
});
const files = ['plain', 'versioned', 'uploads'] as const;

/** Rows that break a rule, under kills: here or apart, each once. */
export const validationScenarios: readonly Scenario[] = [
  {
    name: 'rows that break a rule lie apart',
    rows: noted,
    spec: { validation: apart, watermark: { nulls: 'exclude' } },
    stores: files,
    setup: [columnIsThere],
    actors: [run('A'), add(row(6, 3, note), row(7, 3)), run('B')],
    expected: settledAndApart,
  },
  {
    name: 'rows of the open group that break a rule are read again',
    rows: noted,
    spec: { validation: apart, watermark: { nulls: 'exclude' } },
    stores: files,
    setup: [columnIsThere, run('S')],
    actors: [add(row(6, 2), row(7, 2, note)), run('A'), run('B')],
    expected: settledAndApart,
  },
  {
    name: 'a full load replaces quarantine too',
    rows: noted,
    spec: { validation: apart, runType: 'full_drop', watermark: null },
    stores: files,
    setup: [columnIsThere, run('S')],
    actors: [add(row(6, 2)), run('A')],
    expected: settledAndApart,
    lastEnds: 'warn 3',
  },
  {
    name: 'rows that break a rule settle with a warning',
    rows: noted,
    spec: { validation: warned, watermark: { nulls: 'exclude' } },
    setup: [columnIsThere],
    actors: [run('A'), add(row(6, 3)), run('B')],
  },
];
