import { type Actor, add, backfill, durableBackfill, event, repair, run } from './actors.ts';
import { datedSchema, type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges } from './world.ts';

const patiently = { takeOver: false };
const finish = [run('F1', patiently), run('F2', patiently)];
/** Odd and even ids settle in parts of their own: the odd one holds marks on both sides of 2 to 5, the even one only marks between them. */
const before: readonly Row[] = [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(4, 4), row(5, 5), row(6, 6), row(9, null)];
/** Changed, vanished, late and moved rows, ties at both edges of 2 to 5 among them. */
const after: readonly Row[] = [row(1, 1), row(22, 2), row(13, 2), row(33, 3), row(4, 4), row(8, 4), row(5, 5), row(6, 6), row(9, null)];

const changes = (rows: readonly Row[]): Actor => event('the past of the source changes', ({ source }) => source.set(rows));
const again = backfill('again', '2', '5');
/** The row that differs between them is left to the end. */
const apart = [
  ['2', '2'],
  ['4', '4'],
] as const;
const settled = { rows: before, spec: {}, setup: [run('Z'), changes(after)] } as const;

const overlap: SpecChanges = { watermark: { overlapMs: 2 * 86_400_000 } };
const days: readonly Row[] = [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(9, null)];
/** Changed, vanished and late rows, all of them on days that a run up to the fifth day still reads again. */
const recent: readonly Row[] = [row(1, 1), row(2, 2), row(33, 3), row(8, 3), row(14, 4), row(9, null)];
export const overlapping = {
  rows: days,
  spec: overlap,
  schema: datedSchema,
  setup: [run('Z'), changes(recent)],
  lastEnds: 'pass 0',
} as const;

export const backfillScenarios: readonly Scenario[] = [
  {
    name: 'backfill: the past changes, and live runs go on',
    ...settled,
    actors: [backfill('B', '2', '5'), add(row(10, 7)), run('C')],
    finish: [again, ...finish],
  },
  {
    name: 'backfill by orchestration, every step twice',
    ...settled,
    actors: [durableBackfill('B', '2', '5'), durableBackfill('B2', '2', '5', 'B'), add(row(10, 6)), run('C')],
    finish: [again, ...finish],
  },
  {
    name: 'backfill up to the watermark and beyond',
    ...settled,
    actors: [add(row(12, 6)), backfill('B', '2', '100'), add(row(10, 6)), run('C'), add(row(11, 8))],
    finish: [backfill('again', '2', '100'), ...finish],
  },
  {
    name: 'repair: the past changes, and live runs go on',
    ...settled,
    actors: [repair('B', ['2', '4']), add(row(10, 7)), run('C')],
    finish: [again, ...finish],
  },
  {
    name: 'repair of two ranges: two at once, and live runs go on',
    ...settled,
    actors: [repair('B', ...apart), add(row(10, 7)), repair('D', ...apart), run('C')],
    finish: [repair('repaired again', ...apart), again, ...finish],
  },
  {
    name: 'overlap: what came late, changed or vanished in it',
    ...overlapping,
    actors: [run('A'), add(row(10, 5)), run('B')],
  },
];

/** Nothing but a clean world and its processes: what the crash matrix kills at every call. */
export const backfillReferences: readonly Scenario[] = [
  { name: 'backfill of changed rows', ...settled, actors: [backfill('B', '2', '5')], finish: [again, ...finish] },
  { name: 'repair of changed rows', ...settled, actors: [repair('B', ['2', '4'])], finish: [repair('again', ['2', '4']), ...finish] },
  {
    name: 'repair of two ranges',
    ...settled,
    actors: [repair('B', ...apart)],
    finish: [repair('repaired again', ...apart), again, ...finish],
  },
  {
    name: 'backfill of rows that are all gone',
    ...settled,
    setup: [run('Z'), changes([row(1, 1), row(5, 5), row(6, 6), row(9, null)])],
    actors: [durableBackfill('B', '2', '5')],
    finish: [again, ...finish],
  },
  { name: 'overlap', ...overlapping, actors: [run('A')], finish },
];
