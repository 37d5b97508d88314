import {
  type Actor,
  add,
  adoptIfParted,
  backfill,
  change,
  compare,
  durable,
  durableComparison,
  event,
  remove,
  resetTo,
  run,
} from './actors.ts';
import { apiScenarios } from './api-scenarios.ts';
import type { Move } from './directed.ts';
import { encodedLines } from './jsonl-format.ts';
import { nextNumberOf } from './mirror.ts';
import { baseSchema, type Row, row, withColumn } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { must } from './violation.ts';
import type { SpecChanges, StoreKind } from './world.ts';

const patiently = { takeOver: false };
const stores: readonly StoreKind[] = ['mirrored'];

const rows: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(9, null)];
const keyed: SpecChanges = { writeStrategy: 'merge', watermark: { key: ['id'] } };
/** Without a key no row may be read twice. */
const inserted: SpecChanges = { watermark: { boundary: 'open', nulls: 'exclude' } };
const increasing: readonly Row[] = [row(1, 1), row(2, 2), row(3, 3)];

const looks = (name = ''): Actor => event(`Fabric looks${name}`, ({ mirror }) => mirror?.look());
const stops: Actor = event('a person stops replication', ({ mirror }) => mirror?.stop());
const goesOn: Actor = event('a person resumes replication', ({ mirror }) => mirror?.resume());
const aWeekPasses = event('a week passes', (world) => world.tick(8 * 86_400_000));
const isCleaned = (name = ''): Actor =>
  event(`Fabric has removed all that it took${name}`, async (world) => {
    await world.mirror?.look();
    world.tick(8 * 86_400_000);
    await world.mirror?.clean();
  });
const hasAll: Actor = event('Fabric has taken all there is', async ({ mirror }) => {
  await mirror?.look();
  must(mirror?.isCaughtUp() === true, 'Fabric waits for a number that nobody publishes');
});
const folderDeleted: Actor = event('a person deletes the folder of the table', async (world) => {
  world.ruined = true;
  world.onLoss('rows');
  await world.mirror?.deleteFolder();
});
/** Nothing of the table is left when it is loaded anew, and nothing that is decided comes after its folder was deleted. */
const anew: readonly Actor[] = [
  resetTo('discard at last', 'discard'),
  folderDeleted,
  looks(),
  resetTo('discard once more', 'discard'),
  resetTo('reset at last', 'full'),
];
const finish: readonly Actor[] = [goesOn, run('F1', patiently), hasAll, run('F2', patiently)];
const theirs = row(99, 1, { by: 'theirs' });
const original = event('another publisher fills the table', (world) => world.plantForeign([theirs]));
const intruder = event('another publisher takes the next number', ({ mirror, source }) =>
  mirror?.plantNext(encodedLines(source.schema, [theirs])),
);
const publishingRefused = event('publishing is refused', ({ refusals }) => {
  refusals.refuse(({ label }) => /^\w+ publish /.test(label), { by: 'EXDEV' });
});
const allowed = event('it is allowed again', ({ refusals }) => refusals.lift());

/** Rows that the source deletes, which markers take out of the table. Fabric looks after each of what happens. */
const deleting: readonly Scenario[] = apiScenarios
  .filter(({ name }) => /deleted rows are removed$|rows at the watermark are deleted/.test(name))
  .map(({ finish: before = [], ...scenario }) => ({
    ...scenario,
    name: `mirrored: ${scenario.name}`,
    stores,
    actors: scenario.actors.flatMap((actor, i) => [actor, looks(` after ${i + 1}`)]),
    finish: [...before.slice(0, -1), hasAll, ...before.slice(-1)],
    // A deleted row that is read again at the watermark is published again, and counts again.
    ...(scenario.lastEnds === undefined ? {} : { lastEnds: 'pass -1' }),
  }));

const comparing: SpecChanges = {
  ...keyed,
  compareDeletes: { everyMs: 86_400_000, action: 'apply', mostPercent: 90, isComplete: true },
};
const six: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(4, 3), row(5, 3), row(6, 4)];
/** The comparison after a newer row deletes the key that was missing at the watermark. The next comparison finds no missing key. */
const newer = add(row(20, 20));
const compared: readonly Actor[] = [
  newer,
  run('F1', patiently),
  compare('KF', patiently),
  hasAll,
  run('F2', patiently),
  compare('KG', patiently),
];

/** Keys compared with those that were published, of which files are kept beside the head. */
const keysCompared: readonly Scenario[] = [
  {
    name: 'mirrored: keys are compared while rows come, change and go',
    stores,
    rows: six,
    spec: comparing,
    setup: [run('Z'), add(row(7, 5)), run('Y'), looks(), remove(2)],
    actors: [
      compare('K'),
      remove(4),
      change(row(3, 6)),
      run('B'),
      looks(' again'),
      durableComparison('L'),
      remove(7),
      add(row(4, 8)),
      durable('C'),
      compare('M'),
      looks(' at last'),
    ],
    finish: [goesOn, ...compared],
  },
  {
    name: 'mirrored: keys are compared beside a backfill, and many commits',
    stores,
    rows: six,
    spec: comparing,
    setup: [run('Z'), add(row(7, 5)), run('Y'), add(row(8, 6)), run('X'), change(row(8, 7)), run('W')],
    actors: [remove(7), compare('K'), backfill('B', '2', '4'), remove(1), change(row(5, 9)), run('C'), durableComparison('L'), run('D')],
    finish: compared,
  },
  {
    name: 'mirrored: keys are compared with a table that is loaded anew',
    stores,
    rows: six,
    spec: comparing,
    setup: [run('Z'), looks(), add(row(7, 5)), run('Y'), remove(2)],
    actors: [
      compare('K'),
      folderDeleted,
      looks(' again'),
      resetTo('reset', 'full'),
      remove(3),
      run('B'),
      looks(' at last'),
      remove(5),
      compare('L'),
      run('C'),
    ],
    finish: [...anew, ...compared],
    harmless: ['HYG-2017', 'HYG-4112', 'HYG-4114', 'HYG-4119', 'HYG-2097'],
  },
];

/** Full loads that are merged: their rows are updated or inserted, and the others go. */
const mergedLoads: readonly Scenario[] = [
  {
    name: 'mirrored: full loads are merged while rows come, change and go',
    stores,
    rows: six,
    spec: { ...keyed, runType: 'full_drop' },
    setup: [run('Z'), looks(), remove(2)],
    actors: [
      run('A'),
      add(row(7, 5)),
      looks(' again'),
      remove(3),
      durable('B'),
      change(row(4, 8)),
      run('C'),
      looks(' at last'),
      remove(4),
      run('D'),
    ],
    finish,
  },
];

/** A landing zone: runs, Fabric, other publishers and people who stop it at the worst of times. */
export const mirrorScenarios: readonly Scenario[] = [
  {
    name: 'mirrored: rows change and move up while Fabric looks',
    stores,
    rows,
    spec: keyed,
    finish,
    actors: [
      run('A'),
      looks(),
      change(row(1, 4)),
      run('B'),
      add(row(5, 4)),
      looks(' again'),
      change(row(2, 5)),
      run('C'),
      looks(' at last'),
    ],
  },
  {
    name: 'mirrored: by orchestration, every step twice',
    stores,
    rows,
    spec: keyed,
    finish,
    actors: [
      durable('A'),
      looks(),
      change(row(1, 3)),
      add(row(4, 3)),
      durable('A2', 'A'),
      looks(' again'),
      change(row(3, 4)),
      durable('B'),
    ],
  },
  {
    name: 'mirrored: inserted without a key',
    stores,
    rows: increasing,
    spec: inserted,
    finish,
    actors: [run('A'), looks(), add(row(4, 4)), run('B'), looks(' again'), add(row(5, 5), row(6, 6)), run('C')],
  },
  {
    name: 'mirrored: replication is stopped and resumed, and weeks pass',
    stores,
    rows,
    spec: keyed,
    setup: [run('Z'), looks()],
    finish,
    actors: [
      stops,
      change(row(1, 4)),
      run('A'),
      aWeekPasses,
      goesOn,
      looks(' again'),
      add(row(5, 5)),
      run('B'),
      aWeekPasses,
      looks(' at last'),
    ],
  },
  {
    name: 'mirrored: what is decided can not be published for a while',
    stores,
    rows,
    spec: keyed,
    setup: [run('Z'), add(row(4, 3), row(5, 3))],
    finish,
    actors: [publishingRefused, run('A'), looks(), run('B'), durable('C'), allowed, add(row(6, 4)), run('D'), looks(' again')],
  },
  {
    name: 'mirrored: a commit that is cut off, and finished weeks later',
    stores,
    rows: increasing,
    spec: inserted,
    setup: [run('Z'), looks(), add(row(4, 4), row(5, 5), row(6, 6))],
    finish,
    actors: [run('A'), looks(' again'), aWeekPasses, looks(' and again'), run('B'), looks(' at last')],
  },
  {
    name: 'mirrored: a commit that is cut off, and of which Fabric has removed all',
    stores,
    rows: increasing,
    spec: inserted,
    setup: [run('Z'), looks(), add(row(4, 4), row(5, 5), row(6, 6))],
    actors: [
      run('A'),
      isCleaned(),
      run('B'),
      resetTo('discard', 'discard'),
      add(row(7, 7), row(8, 8)),
      run('C'),
      isCleaned(' again'),
      run('D'),
      resetTo('discard again', 'discard'),
      run('E'),
    ],
    finish: [...anew, ...finish],
    harmless: ['HYG-2017', 'HYG-4114', 'HYG-4119', 'HYG-4121', 'HYG-2097'],
  },
  {
    name: 'mirrored: state lost, then reset --adopt',
    stores,
    rows,
    spec: keyed,
    setup: [run('Z'), looks(), add(row(4, 3))],
    actors: [
      run('A'),
      event('the state is lost', (world) => world.loseState()),
      resetTo('adopt', 'adopt'),
      looks(' again'),
      add(row(5, 4)),
      run('C'),
    ],
    finish: [adoptIfParted('adopt again'), ...finish],
    // Numbers beyond the head, and no record left that says whose they are: closed, for a person to decide.
    stops: ({ mirror, destination }) => ((mirror?.highest ?? 0) >= nextNumberOf(destination.head()) ? ['HYG-4111'] : []),
  },
  {
    name: 'mirrored: what is decided is given up, and runs go on',
    stores,
    rows,
    spec: keyed,
    setup: [run('Z'), add(row(4, 3), row(5, 3))],
    actors: [
      run('A'),
      event('staging is emptied', (world) => world.loseStaged()),
      resetTo('discard', 'discard'),
      add(row(6, 4)),
      run('B'),
      looks(),
    ],
    finish: [resetTo('discard again', 'discard'), adoptIfParted('adopt'), ...finish],
    // What is published in part is given up by nobody: Fabric may have applied it.
    stops: () => ['HYG-4114', 'HYG-2005'],
    harmless: ['HYG-2017'],
  },
  {
    name: 'mirrored: another publisher takes a number',
    stores,
    rows,
    spec: keyed,
    setup: [run('Z'), add(row(4, 3), row(5, 3))],
    actors: [run('A'), intruder, looks(), run('B')],
    stops: () => ['HYG-4111'],
  },
  {
    name: 'mirrored: a table of another publisher that is gone on with',
    stores,
    rows,
    spec: { ...keyed, ifExists: 'append' },
    setup: [original],
    finish,
    actors: [run('A'), looks(), change(row(1, 4)), run('B'), looks(' again')],
    expected: ({ source }) => [...source.rows, theirs],
  },
  {
    name: 'mirrored: rows of a range are updated',
    stores,
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(6, 6), row(9, null)],
    spec: keyed,
    setup: [
      run('Z'),
      event('the past of the source changes', ({ source }) =>
        source.set([row(1, 3), row(2, 2, { note: 'new' }), row(3, 4), row(4, 4, { note: 'new' }), row(6, 6), row(9, null)]),
      ),
    ],
    schema: withColumn(baseSchema, 'note'),
    actors: [backfill('B', '1', '5'), looks(), add(row(10, 7)), run('C')],
    finish: [goesOn, backfill('again', '1', '5'), ...finish],
  },
  {
    name: 'mirrored: pages that shift while they are read',
    stores,
    home: 'pages',
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5)],
    spec: { writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
    actors: [run('A'), looks(), add(row(6, 6), row(7, 7)), durable('B'), looks(' again'), change(row(2, 8)), run('C')],
    finish,
    // What is read again at the watermark is published again.
    lastEnds: 'pass 1',
  },
  ...deleting,
  ...keysCompared,
  ...mergedLoads,
];

const named = (part: string): Scenario => {
  const found = mirrorScenarios.find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`no scenario ${part}`);
  return found;
};

/** Schedules written by hand, for what chance comes to too rarely. */
export const directedInMirror: readonly { readonly what: string; readonly scenario: Scenario; readonly moves: readonly Move[] }[] = [
  {
    what: 'Fabric has moved the first number away when another run finishes the commit',
    scenario: named('rows change and move up'),
    moves: [{ process: 'A', until: /lake publish/ }, { process: 'Fabric looks' }, { process: 'B' }, { process: 'A' }],
  },
  {
    what: 'Fabric has removed the first number when another run finishes the commit',
    scenario: named('finished weeks later'),
    moves: [
      { process: 'A', until: /lake publish/, more: 2 },
      { process: 'A', first: 'crash' },
      { process: 'Fabric looks again' },
      { process: 'a week passes' },
      { process: 'Fabric looks and again' },
      { process: 'B' },
    ],
  },
  {
    what: 'Fabric has removed all numbers, and the record says that they were there',
    scenario: named('Fabric has removed all'),
    moves: [
      { process: 'A', until: /lake publish/, more: 3 },
      { process: 'A', first: 'crash' },
      { process: 'Fabric has removed all that it took' },
      { process: 'B' },
      { process: 'C' },
    ],
  },
  {
    what: 'Fabric has removed a number of which the record leaves open whether it was there',
    scenario: named('Fabric has removed all'),
    moves: [
      { process: 'A', until: /lake publish/ },
      { process: 'A', first: 'crash' },
      { process: 'Fabric has removed all that it took' },
      { process: 'B' },
      { process: 'discard' },
      { process: 'C' },
    ],
  },
  {
    what: 'a commit whose parts are gone is given up before it published any',
    scenario: named('is given up, and runs go on'),
    moves: [{ process: 'A', until: /\(intend\)/ }, { process: 'staging is emptied' }, { process: 'discard' }, { process: 'A' }],
  },
  {
    what: 'Fabric has taken the file of another publisher between the look and the rename',
    scenario: named('another publisher takes a number'),
    moves: [
      { process: 'A', before: /lake publish/ },
      { process: 'another publisher takes the next number' },
      { process: 'Fabric looks' },
      { process: 'A' },
    ],
  },
];
