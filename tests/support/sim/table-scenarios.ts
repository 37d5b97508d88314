import type { Schema } from '../../../src/frames/schema.ts';
import { add, backfill, change, compare, durable, durableBackfill, durableComparison, event, remove, resetTo, run } from './actors.ts';
import { baseSchema, type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges, World } from './world.ts';

const patiently = { takeOver: false };
const finish = [run('F1', patiently), run('F2', patiently)];
const stores = ['sql'] as const;

/** Every row has an id of its own. */
const rows: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(9, null)];
const merging: SpecChanges = { writeStrategy: 'merge', watermark: { key: ['id'] } };
const direct: SpecChanges = { runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null };
const others: SpecChanges = { ifExists: 'append' };

const comparing = (mostPercent: number): SpecChanges => ({
  ...merging,
  compareDeletes: { everyMs: 86_400_000, action: 'apply', mostPercent, isComplete: true },
});
const six: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(4, 3), row(5, 3), row(6, 4)];
const compared = [run('F1', patiently), compare('KF', patiently), run('F2', patiently), run('F3', patiently)];

const theirs = row(99, 9, { by: 'theirs' });
/** At the watermark that settles first, and with an id of ours. */
const alike = [row(98, 2, { by: 'theirs' }), row(2, 7, { by: 'theirs' })];
const foreign = (...planted: readonly Row[]) => event('others fill the table', (world) => world.plantForeign(planted));

/** What the source forgot stays settled, if readers ever saw it. */
const withKept =
  (...forgotten: readonly Row[]) =>
  ({ source, shown }: World) => [...source.rows, ...forgotten.filter(({ id, mark }) => shown.has(`${id}@${mark}`))];

const coded: Schema = { columns: [...baseSchema.columns, { name: 'code', type: { kind: 'string' }, nullable: true }] };
const withCodes: readonly Row[] = [row(1, 1, { code: 'a' }), row(2, 2, { code: 'b' })];

/** They come after it was counted what goes: the commit deletes as many as were counted, or nothing. */
export const othersWriteMeanwhile: Scenario = {
  name: 'others write into the table while a full load is at work',
  stores,
  rows,
  spec: { runType: 'full_drop', watermark: null },
  setup: [run('Z'), add(row(4, 3))],
  actors: [run('A'), foreign(theirs), run('B'), add(row(5, 5)), run('C')],
  // A run that was about to delete them is refused; later ones see them before they read.
  stops: () => ['HYG-2076', 'HYG-2066'],
};

/** A table that merges by key, deletes by value, and holds rows of others. */
export const tableScenarios: readonly Scenario[] = [
  {
    name: 'merge, then a full load, then merge',
    stores,
    rows,
    spec: merging,
    actors: [run('A'), change(row(1, 3)), run('B', { runType: 'full_drop' }), change(row(3, 4)), run('C')],
  },
  {
    name: 'merge beside rows of others, some of them with keys of ours',
    stores,
    // HYG-4293: a merge by key would overwrite them.
    refusedByDatabases: true,
    markColumn: true,
    rows,
    spec: { ...merging, ...others },
    setup: [foreign(theirs, ...alike)],
    actors: [run('A'), change(row(1, 4)), run('B')],
    expected: ({ source }) => [...source.rows, theirs, row(98, 2, { by: 'theirs' })],
  },
  {
    name: 'merge: a row without a key comes',
    stores,
    rows: withCodes,
    spec: { writeStrategy: 'merge', watermark: { key: ['code'] } },
    schema: coded,
    actors: [run('A'), add(row(3, 3)), run('B'), add(row(4, 4, { code: 'd' })), run('C')],
    stops: () => ['HYG-2074'],
  },
  {
    name: 'merge of pages that shift while they are read',
    stores,
    home: 'pages',
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5)],
    spec: { writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
    actors: [run('A'), add(row(6, 6), row(7, 7)), durable('B'), change(row(2, 8)), run('C')],
    lastEnds: 'pass 0',
  },
  {
    name: 'merge of a range: rows come, go, change and move in it',
    stores,
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(6, 6), row(9, null)],
    spec: merging,
    setup: [
      run('Z'),
      event('the past of the source changes', ({ source }) =>
        source.set([row(1, 3), row(22, 2), row(3, 4), row(4, 4, { note: 'new' }), row(6, 6), row(9, null)]),
      ),
    ],
    schema: { columns: [...baseSchema.columns, { name: 'note', type: { kind: 'string' }, nullable: true }] },
    actors: [backfill('B', '2', '5'), add(row(10, 7)), run('C')],
    finish: [backfill('again', '2', '5'), ...finish],
  },
  {
    name: 'keys are compared while rows go, come and come back',
    stores,
    rows: six,
    spec: comparing(70),
    setup: [run('Z'), remove(2)],
    actors: [compare('K'), remove(4), add(row(7, 5)), run('B'), add(row(4, 6)), durableComparison('L'), remove(6), compare('M')],
    finish: compared,
  },
  {
    name: 'keys are compared while a row is missing in every other read of the source',
    stores,
    rows: six,
    spec: comparing(70),
    setup: [run('Z'), event('a reload of the source goes on', ({ source }) => source.blink(3))],
    actors: [compare('K'), add(row(7, 5)), run('B'), remove(4), compare('M')],
    finish: [event('the reload is over', ({ source }) => source.blink(null)), ...compared],
  },
  {
    name: 'keys are compared while most of the source is away',
    stores,
    rows: six,
    spec: comparing(20),
    setup: [run('Z')],
    actors: [
      compare('K'),
      event('the source loses most of its rows', ({ source }) => source.set(source.rows.slice(-1))),
      durableComparison('L'),
    ],
    harmless: ['HYG-2088', 'HYG-2089'],
    finish: [event('they are back', ({ source }) => source.set(six)), ...compared],
  },
  {
    name: 'a full load beside rows of others that are told from ours',
    stores,
    markColumn: true,
    rows,
    spec: others,
    setup: [foreign(...alike, theirs), run('Z'), remove(1), add(row(5, 5))],
    actors: [resetTo('reset', 'full'), run('A'), add(row(6, 6)), durable('B')],
    finish: [resetTo('reset again', 'full'), ...finish, run('F3', patiently)],
    expected: ({ source }) => [...source.rows, ...alike, theirs],
  },
  othersWriteMeanwhile,
  {
    name: 'rows of others at the watermark, and nothing that tells them from ours',
    stores,
    rows,
    spec: others,
    setup: [foreign(...alike), run('Z')],
    actors: [add(row(4, 2)), run('A'), run('B')],
    stops: () => ['HYG-2075'],
  },
  {
    name: 'a table that keeps the watermark in tens: without nulls',
    stores,
    tens: true,
    rows: [row(1, 11), row(2, 12), row(2, 12)],
    spec: { watermark: { nulls: 'exclude' } },
    actors: [run('A'), add(row(3, 15)), run('B'), add(row(5, 19)), remove(3), run('C'), add(row(6, 23)), run('D')],
    expected: withKept(row(3, 15)),
  },
  {
    name: 'a table that keeps the watermark in tens: a range',
    stores,
    tens: true,
    rows: [row(1, 8), row(2, 11), row(3, 14), row(4, 21), row(6, 36)],
    spec: {},
    setup: [run('Z'), event('the past changes', ({ source }) => source.set([row(1, 8), row(2, 11), row(33, 15), row(4, 21), row(6, 36)]))],
    actors: [backfill('B', '13', '21'), add(row(7, 39)), run('C')],
    finish: [backfill('again', '13', '21'), ...finish],
  },
  {
    name: 'a range beside rows of others',
    stores,
    markColumn: true,
    rows: [row(1, 1), row(2, 2), row(3, 3), row(6, 6)],
    spec: others,
    setup: [foreign(row(97, 3, { by: 'theirs' }), theirs), run('Z')],
    actors: [event('the past changes', ({ source }) => source.set([row(1, 1), row(33, 3), row(6, 6)])), durableBackfill('B', '2', '5')],
    finish: [backfill('again', '2', '5'), ...finish],
    expected: ({ source }) => [...source.rows, row(97, 3, { by: 'theirs' }), theirs],
  },
];

/** Nothing but a clean world and its processes: what the crash matrix kills at every call. */
export const tableReferences: readonly Scenario[] = [
  {
    name: 'merge of changed rows',
    stores,
    rows,
    spec: merging,
    setup: [run('Z'), change(row(1, 4)), add(row(5, 4))],
    actors: [run('A')],
  },
  {
    name: 'keys that are compared',
    stores,
    rows: six,
    spec: comparing(50),
    setup: [run('Z'), remove(2), remove(3)],
    actors: [compare('A')],
    finish: compared,
  },
  {
    name: 'delete and insert',
    stores,
    rows,
    spec: direct,
    setup: [run('Z'), remove(1), add(row(4, 4))],
    actors: [durable('A')],
  },
  {
    name: 'the boundary group beside rows of others',
    stores,
    markColumn: true,
    rows,
    spec: others,
    setup: [foreign(...alike), run('Z'), add(row(4, 2))],
    actors: [run('A')],
    expected: ({ source }) => [...source.rows, ...alike],
  },
];
