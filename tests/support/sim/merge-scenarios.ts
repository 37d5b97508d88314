/** Merges into a Delta table, whose rows are marked in vectors. */
import { add, backfill, change, compact, event, run } from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges } from './world.ts';

const patiently = { takeOver: false };
const merging: SpecChanges = { writeStrategy: 'merge', watermark: { key: ['id'] } };
const rows: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(9, null)];
const stores = ['plain', 'uploads'] as const;

/** Another program appends to the table. */
const theirs = (...planted: readonly Row[]) => event('others append', (world) => world.plantForeign(planted));

export const mergeScenarios: readonly Scenario[] = [
  {
    name: 'merge: rows change, and new ones come',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 3)), add(row(4, 4))],
    actors: [run('A')],
  },
  {
    name: 'merge: all rows of a file change',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 3)), change(row(2, 3)), change(row(3, 4))],
    actors: [run('A')],
  },
  {
    name: 'merge: a row changes in a file that has a vector already',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 3)), run('Y'), change(row(2, 4))],
    actors: [run('A')],
  },
  {
    name: 'merge: two runs at once, and rows that change twice',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 3))],
    actors: [run('A'), change(row(2, 4)), run('B'), change(row(1, 5)), run('C')],
  },
  {
    name: 'merge, then a full load, then merge, into a table',
    stores,
    rows,
    spec: merging,
    actors: [run('A'), change(row(1, 3)), run('B', { runType: 'full_drop' }), change(row(3, 4)), run('C')],
  },
  {
    name: 'merge: others have rows with keys of ours',
    stores,
    rows,
    spec: { ...merging, ifExists: 'append' },
    setup: [run('Z'), theirs(row(4, 1, { by: 'theirs' }), row(99, 9, { by: 'theirs' })), add(row(4, 4))],
    actors: [run('A'), change(row(1, 5)), run('B')],
    expected: ({ source }) => [...source.rows, row(99, 9, { by: 'theirs' })],
  },
  {
    name: 'merge of a range into a table with vectors',
    stores,
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(6, 6), row(9, null)],
    spec: merging,
    setup: [
      run('Z'),
      change(row(6, 7)),
      run('Y'),
      event('the past of the source changes', ({ source }) =>
        source.set([row(1, 3), row(22, 2), row(3, 4), row(4, 4), row(6, 7), row(9, null)]),
      ),
    ],
    actors: [backfill('B', '2', '5'), add(row(10, 8)), run('C')],
    finish: [backfill('again', '2', '5'), run('F1', patiently), run('F2', patiently)],
  },
  {
    name: 'merge and compaction at once',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 3)), run('Y'), change(row(2, 4))],
    actors: [run('A'), compact('K'), add(row(5, 6)), run('B')],
  },
];
