import { add, adoptIfParted, change, durable, event, finisher, remove, resetTo, run } from './actors.ts';
import type { Move } from './directed.ts';
import { allowed, decided, refuses } from './refusal-scenarios.ts';
import { baseSchema, row, withColumn } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { databaseKinds } from './world.ts';

const rows = [row(1, 1), row(2, 2), row(2, 2), row(9, null)];
const full = { runType: 'full_drop', watermark: null } as const;
const fullByKey = { runType: 'full_drop', watermark: { key: ['id'] } } as const;
const byKey = { writeStrategy: 'merge', watermark: { key: ['id'] } } as const;
const patiently = { takeOver: false };
const finish = [run('F1', patiently), run('F2', patiently)];
const lose = event('the state is lost', (world) => world.loseState());
const emptied = event('staging is emptied', (world) => world.loseStaged());
const noted = event('the source gets a column', ({ source }) => {
  source.schema = withColumn(source.schema, 'note');
  source.set(source.rows.map((one) => ({ ...one, note: 'new' })));
});
const theirs = row(99, 9, { by: 'theirs' });
const foreign = event('others fill the table', (world) => world.plantForeign([theirs]));
const unmarkedApart = [row(1, 1), row(2, 2), row(2, 2)];
const unique = [row(1, 1), row(2, 2), row(9, null)];

/** What the store of databases does beside what it has in common with all: one table takes the place of another, by statements that may be transactions of their own. */
export const databaseScenarios: readonly Scenario[] = [
  {
    name: 'swap: one full load after another',
    stores: databaseKinds,
    rows,
    spec: full,
    actors: [run('A'), remove(1), run('B'), add(row(3, 3), row(4, 3)), run('C')],
  },
  {
    name: 'swap: by key',
    stores: databaseKinds,
    rows: unique,
    spec: fullByKey,
    actors: [run('A'), change(row(1, 4)), run('B'), remove(2), add(row(5, 5)), run('C')],
  },
  {
    name: 'swap: by orchestration, every step twice',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Z'), remove(1)],
    actors: [durable('A'), durable('A2', 'A'), add(row(3, 3)), run('B')],
  },
  {
    name: 'new rows: three finish them at once',
    stores: databaseKinds,
    rows: unmarkedApart,
    spec: { watermark: { nulls: 'exclude' } },
    setup: [run('Z'), add(row(3, 3), row(5, 3)), ...decided('A')],
    actors: [finisher('X'), finisher('Y'), finisher('V'), add(row(4, 4)), run('B')],
  },
  {
    name: 'an increment after a swap that nobody finished',
    stores: databaseKinds,
    rows,
    spec: {},
    setup: [run('Z'), remove(1)],
    actors: [run('A', { runType: 'full_drop' }), add(row(3, 2)), run('B'), add(row(4, 3)), run('C')],
    // What the source forgot only a full load takes away.
    expected: ({ source, committed }) => [...source.rows, ...(committed.has('A.1') ? [] : [row(1, 1)])],
  },
  {
    name: 'a merge after a swap that nobody finished',
    stores: databaseKinds,
    rows: unique,
    spec: byKey,
    setup: [run('Z'), change(row(1, 3))],
    actors: [run('A', { runType: 'full_drop' }), change(row(2, 4)), run('B'), add(row(4, 5)), run('C')],
  },
  {
    name: 'swap: a decided one, the state is lost, and the table taken over',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Y'), run('Z'), remove(1), add(row(3, 3)), ...decided('A')],
    actors: [finisher('X'), lose, resetTo('adopt', 'adopt'), add(row(4, 3)), run('C')],
    finish: [adoptIfParted('adopt again'), ...finish],
  },
  {
    name: 'swap: refused for a while, three finishers',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Z'), remove(1), add(row(3, 3)), ...decided('A'), refuses],
    actors: [finisher('X'), finisher('Y'), allowed, finisher('V'), run('B')],
  },
  {
    name: 'swap: staged rows are lost, then reset --discard',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Z'), remove(1), add(row(3, 3))],
    actors: [run('A'), emptied, run('B'), resetTo('discard', 'discard')],
    finish: [resetTo('discard again', 'discard'), adoptIfParted('adopt'), ...finish],
    harmless: ['HYG-2017'],
  },
  {
    name: 'swap: a decided one is discarded while somebody finishes it',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Z'), remove(1), add(row(3, 3)), ...decided('A'), refuses],
    actors: [finisher('X'), resetTo('discard', 'discard'), allowed, finisher('Y')],
    harmless: ['HYG-2017'],
  },
  {
    name: 'a column comes with an increment',
    stores: databaseKinds,
    rows,
    spec: {},
    schema: baseSchema,
    setup: [run('Z'), noted, add(row(3, 3, { note: 'new' }))],
    actors: [run('A'), run('B'), add(row(4, 4, { note: 'new' })), run('C')],
    // An increment leaves what settled before the column came.
    expected: ({ source }) => source.rows.map((one) => ((one.mark ?? 0) < 2 && one.mark !== null ? row(one.id, one.mark) : one)),
  },
  {
    name: 'swap: others write into the table just before',
    stores: databaseKinds,
    rows,
    spec: full,
    setup: [run('Z'), add(row(4, 3)), ...decided('A')],
    actors: [foreign, finisher('X'), finisher('Y'), run('B')],
    stops: () => ['HYG-2076', 'HYG-2066'],
  },
];

/** Schedules for what chance comes to too rarely, where DDL commits by itself: each strikes between two statements of a swap. */
export interface DirectedSwap {
  readonly what: string;
  readonly scenario: Scenario;
  readonly moves: readonly Move[];
}

/** The rows are there, under another name, and say whose they are; the next statement is the RENAME. */
const beforeRename = (process: string): Move => ({ process, before: /^db publish rename:/ });
/** What is struck is over; who comes next goes on. */
const strike = (process: string, first: NonNullable<Move['first']>): Move => ({ process, first, until: /^/ });
const swapped = { stores: ['committing'], rows, spec: full, setup: [run('Z'), remove(1), add(row(3, 3))] } as const;
const followed = { stores: ['committing'], rows, spec: {}, setup: [run('Z'), add(row(3, 3))] } as const;
const adopting = [adoptIfParted('adopt again'), ...finish];

export const directedSwaps: readonly DirectedSwap[] = [
  {
    what: 'killed before the RENAME',
    scenario: { name: 'killed before the RENAME', ...swapped, actors: [run('A'), add(row(4, 4)), run('B')] },
    moves: [beforeRename('A'), strike('A', 'crash')],
  },
  {
    what: 'killed after the RENAME, without a head',
    scenario: { name: 'killed after the RENAME', ...swapped, actors: [run('A'), add(row(4, 4)), run('B')] },
    moves: [beforeRename('A'), strike('A', 'crash after')],
  },
  {
    what: 'two finish a swap, the second while the first is about to rename',
    scenario: {
      name: 'two finish a swap',
      ...swapped,
      setup: [...swapped.setup, ...decided('A')],
      actors: [finisher('X'), finisher('Y'), add(row(4, 4)), run('B')],
    },
    moves: [beforeRename('X'), { process: 'Y' }, { process: 'X' }],
  },
  {
    what: 'a RENAME comes late, when its run is fenced',
    scenario: {
      name: 'a late RENAME behind a fence',
      ...swapped,
      setup: [run('W'), run('X'), run('Y'), ...swapped.setup],
      actors: [run('A'), lose, resetTo('adopt', 'adopt'), add(row(4, 3)), run('C')],
      finish: adopting,
    },
    moves: [beforeRename('A'), strike('A', 'delay'), { process: 'the state is lost' }, { process: 'adopt' }, { process: 'C' }],
  },
  {
    what: 'a RENAME comes late, when its run has sent it again and others have settled',
    scenario: { name: 'a late RENAME behind its own', ...swapped, actors: [run('A'), add(row(4, 4)), run('B'), add(row(5, 5)), run('C')] },
    moves: [
      beforeRename('A'),
      strike('A', 'delay'),
      { process: 'A' },
      { process: 'B' },
      { process: 'C', until: /^db alone / },
      strike('C', 'land'),
    ],
  },
  {
    what: 'a RENAME comes late, when increments have settled',
    scenario: {
      name: 'a late RENAME behind increments',
      ...followed,
      actors: [run('A', { runType: 'full_drop' }), add(row(4, 4)), run('B'), add(row(5, 5)), run('C')],
    },
    moves: [beforeRename('A'), strike('A', 'delay'), { process: 'A' }, { process: 'B' }, { process: 'C' }],
  },
  {
    what: 'an increment comes after a swap that lacks its head',
    scenario: {
      name: 'an increment after a swap without a head',
      ...followed,
      actors: [run('A', { runType: 'full_drop' }), add(row(4, 4)), run('B'), add(row(5, 5)), run('C')],
    },
    moves: [beforeRename('A'), strike('A', 'crash after'), { process: 'B' }],
  },
  {
    what: 'a reset comes between a RENAME and its head',
    scenario: {
      name: 'a reset between a RENAME and its head',
      ...swapped,
      actors: [run('A'), resetTo('reset', 'full'), add(row(4, 4)), run('B')],
      finish: [resetTo('reset again', 'full'), ...finish],
    },
    moves: [beforeRename('A'), strike('A', 'crash after'), { process: 'reset' }],
  },
  {
    what: 'all of hygge is dropped after it was decided',
    scenario: {
      name: 'dropped after it was decided',
      ...followed,
      setup: [],
      actors: [run('A'), event('the destination is dropped', (world) => world.loseDestination()), add(row(4, 4))],
      stops: () => ['HYG-2003', 'HYG-2004', 'HYG-2005'],
    },
    moves: [{ process: 'A', until: /put intents/ }, { process: 'the destination is dropped' }],
  },
  {
    what: 'a refused swap is given up, and its RENAME comes late',
    scenario: {
      name: 'a late RENAME behind a refusal',
      ...swapped,
      actors: [run('A'), refuses, run('B'), allowed, add(row(4, 4)), run('C')],
    },
    moves: [beforeRename('A'), strike('A', 'delay'), { process: 'the store begins to refuse' }, { process: 'B' }, { process: 'A' }],
  },
];

/** Servers that ignore what asks for a lock: the head is read, and another one moves it before this one does. */
const heedless = { stores: ['heedless'], rows: unmarkedApart, spec: { watermark: { nulls: 'exclude' } } } as const;
const beforeInsert = (process: string): Move => ({ process, before: /^db publish insert:/ });
const beforeHead = (process: string): Move => ({ process, before: /^db update heads/ });

export const directedHeads: readonly DirectedSwap[] = [
  {
    what: 'a fence comes while a commit is about to move the head',
    scenario: {
      name: 'heedless: a commit beside a fence',
      ...heedless,
      setup: [run('Y'), add(row(3, 3))],
      actors: [run('A'), lose, resetTo('adopt', 'adopt'), add(row(4, 4)), run('C')],
      finish: adopting,
    },
    moves: [beforeHead('A'), { process: 'the state is lost' }, { process: 'adopt' }, { process: 'A' }],
  },
  {
    what: 'a commit settles while a fence is under way',
    scenario: {
      name: 'heedless: a fence beside a commit',
      ...heedless,
      setup: [run('Y'), add(row(3, 3))],
      actors: [run('A'), lose, resetTo('adopt', 'adopt'), add(row(4, 4)), run('C')],
      finish: adopting,
    },
    moves: [beforeInsert('A'), { process: 'the state is lost' }, beforeHead('adopt'), { process: 'A' }, { process: 'adopt' }],
  },
];
