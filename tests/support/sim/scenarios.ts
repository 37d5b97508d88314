import type { Schema } from '../../../src/frames/schema.ts';
import { type Actor, add, adoptIfParted, cancel, durable, event, remove, resetTo, run } from './actors.ts';
import { apiReferences, apiScenarios } from './api-scenarios.ts';
import { backfillReferences, backfillScenarios } from './backfill-scenarios.ts';
import { compactionReferences, compactionScenarios } from './compaction-scenarios.ts';
import { keyScenarios } from './key-scenarios.ts';
import { lookReferences, lookScenarios } from './look-scenarios.ts';
import { refusalReferences, refusalScenarios } from './refusal-scenarios.ts';
import { datedSchema, type Row, row, withColumn } from './rows.ts';
import type { Moment } from './schema-oracle.ts';
import { schemaReferences, schemaScenarios } from './schema-scenarios.ts';
import { tableReferences, tableScenarios } from './table-scenarios.ts';
import { validationScenarios } from './validation-scenarios.ts';
import { isDatabase, type Pair, type Setting, type SpecChanges, type StoreKind, type World } from './world.ts';

export interface Scenario {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly spec: SpecChanges;
  readonly home?: Setting['home'];
  readonly markColumn?: true;
  readonly tens?: true;
  /** The store of databases refuses the commits that the modelled table takes. */
  readonly refusedByDatabases?: true;
  /** Those that it is about; by default all. */
  readonly stores?: readonly StoreKind[];
  /** Goes by without faults. */
  readonly setup?: readonly Actor[];
  /** May be struck by anything at any call. */
  readonly actors: readonly Actor[];
  /** What a person does afterwards, without faults; by default two more runs. The last two must settle the source. */
  readonly finish?: readonly Actor[];
  /** Codes with which a clean run may end for good: failing closed is the answer. */
  readonly stops?: (world: World) => readonly string[];
  readonly expected?: (world: World) => readonly Row[];
  /** Codes that may come up on the way to a clean end. */
  readonly harmless?: readonly string[];
  /** Unless a process was killed, every run ends well. */
  readonly allWell?: boolean;
  /** All that readers may see while the actors are at work. */
  readonly moments?: readonly Moment[];
  /** How often a row of the source may be in the destination. More than once only where the docs say so. */
  readonly copies?: number;
  /** How a run with nothing new ends; `skip 0` where nothing is said. */
  readonly lastEnds?: string;
  /** What the source's columns are at the beginning. */
  readonly schema?: Schema;
}

const incremental: SpecChanges = {};
const full: SpecChanges = { runType: 'full_drop', watermark: null };
/** Two rows that are equal in every column, and one without a watermark. */
const base: readonly Row[] = [row(1, 1), row(2, 2), row(2, 2), row(9, null)];
/** Nothing but rows with a watermark: then an unchanged boundary group is looked at before anything is staged. */
const filled: readonly Row[] = [row(1, 1), row(2, 2), row(2, 2)];
const noNulls: SpecChanges = { watermark: { nulls: 'exclude' } };
const theirs = row(99, 9, { by: 'theirs' });
/** In days, as the simulation begins. */
const today = 20_777;
const young: readonly Row[] = [row(1, today - 4), row(2, today - 3), row(3, today)];
const lagging: SpecChanges = { watermark: { lagMs: 86_400_000, nulls: 'exclude' } };
const aDayPasses = event('a day passes', (world) => world.tick(86_400_000));
const twoDaysPass = event('two days pass', (world) => world.tick(2 * 86_400_000));
const aWeekPasses = event('a week passes, in which the source loses a row', (world) => {
  world.source.set(world.source.rows.filter(({ id }) => id !== 1));
  world.tick(7 * 86_400_000);
});
const publishingRefused = event('publishing is refused', ({ refusals }) => {
  refusals.refuse(({ label }) => /^\w+ (publish|complete|tx) /.test(label), { by: 'ENOSPC' });
});
const allowed = event('it is allowed again', ({ refusals }) => refusals.lift());
const foreign = event('someone fills the destination', (world) => world.plantForeign([theirs]));
const patiently = { takeOver: false };
const finish = [run('F1', patiently), run('F2', patiently)];

export const scenarios: readonly Scenario[] = [
  {
    name: 'incremental: ties, two drivers',
    rows: base,
    spec: incremental,
    actors: [run('A'), add(row(3, 2)), run('B'), add(row(4, 3)), run('C')],
  },
  {
    name: 'without nulls: ties, then nothing new',
    rows: filled,
    spec: noNulls,
    actors: [run('A'), add(row(3, 2)), run('B'), run('C'), add(row(4, 3)), run('D')],
  },
  {
    name: 'without nulls: an unchanged group, then late ties',
    rows: filled,
    spec: noNulls,
    actors: [run('A'), add(row(4, 3)), run('B'), add(row(5, 3)), run('C'), add(row(6, 4)), run('D')],
  },
  {
    name: 'full_every: what the source lost goes with the full load that is due',
    rows: filled,
    spec: { ...noNulls, fullEveryMs: 7 * 86_400_000 },
    setup: [run('S')],
    actors: [run('A'), aWeekPasses, run('B'), add(row(4, 3)), run('C')],
  },
  {
    name: 'with a lag: young rows wait until they are old enough',
    home: 'versioned',
    rows: young,
    spec: lagging,
    schema: datedSchema,
    actors: [run('A'), add(row(4, today - 2)), run('B'), aDayPasses, run('C')],
    finish: [twoDaysPass, ...finish],
  },
  { name: 'incremental: starts empty', rows: [], spec: incremental, actors: [run('A'), add(row(1, 1)), run('B')] },
  {
    name: 'every step delivered twice',
    rows: base,
    spec: incremental,
    actors: [durable('A'), add(row(3, 2)), durable('A2', 'A'), add(row(4, 3)), run('B')],
  },
  {
    name: 'columns told from a part: every run plans twice',
    rows: base,
    spec: incremental,
    home: 'partly',
    actors: [run('A'), add(row(3, 2)), durable('B'), add(row(4, 3)), durable('B2', 'B'), run('C')],
  },
  { name: 'one durable run, every step twice', rows: base, spec: incremental, allWell: true, actors: [durable('A'), durable('A2', 'A')] },
  {
    name: 'full load that replaces',
    rows: base,
    spec: full,
    actors: [run('A'), remove(1), add(row(3, 3)), run('B'), run('C')],
  },
  {
    name: 'full load to empty and back',
    rows: base,
    spec: full,
    actors: [run('A'), event('the source is emptied', ({ source }) => source.set([])), run('B'), add(row(7, 1)), run('C')],
  },
  {
    name: 'rows from the future wait',
    rows: [...filled, row(50, 1_000_000)],
    schema: datedSchema,
    spec: noNulls,
    actors: [run('A'), add(row(3, 2), row(51, 2_000_000)), run('B'), add(row(4, 3)), run('C')],
    expected: ({ source }) => source.rows.filter(({ mark }) => mark !== null && mark < 1_000_000),
    lastEnds: 'warn 0',
  },
  {
    name: 'what is decided can not be published for a while',
    rows: base,
    spec: incremental,
    setup: [run('Z'), add(row(3, 2))],
    actors: [publishingRefused, run('A'), run('B'), durable('C'), allowed, add(row(4, 3)), run('D')],
  },
  {
    name: 'cancel races with commit',
    rows: base,
    spec: incremental,
    actors: [durable('A'), cancel('cancel', 'A'), add(row(3, 2)), run('B')],
  },
  {
    name: 'state lost, then reset --adopt',
    rows: base,
    spec: incremental,
    actors: [
      run('A'),
      add(row(3, 3)),
      run('B'),
      event('the state is lost', (world) => world.loseState()),
      resetTo('adopt', 'adopt'),
      add(row(4, 3)),
      run('C'),
    ],
    finish: [adoptIfParted('adopt again'), ...finish],
    // A first commit that was cut off half-way, and nobody left who knows of it: closed, for a person to decide.
    stops: ({ destination }) => (destination.head() === null ? ['HYG-2002'] : []),
  },
  {
    name: 'parts lost, then reset --discard',
    rows: base,
    spec: incremental,
    setup: [run('Z'), add(row(3, 3))],
    actors: [run('A'), event('staging is emptied', (world) => world.loseStaged()), run('B'), resetTo('discard', 'discard')],
    finish: [resetTo('discard again', 'discard'), adoptIfParted('adopt'), ...finish],
    harmless: ['HYG-2017'],
  },
  {
    name: 'destination filled by someone else',
    rows: base,
    spec: incremental,
    setup: [foreign],
    actors: [run('A'), run('B')],
    stops: () => ['HYG-2002'],
  },
  {
    name: 'foreign data that is replaced',
    rows: base,
    spec: { ...full, ifExists: 'replace' },
    setup: [foreign],
    actors: [run('A'), remove(1), run('B')],
  },
  {
    name: 'destination lost',
    rows: base,
    spec: incremental,
    actors: [run('A'), event('the destination is dropped', (world) => world.loseDestination()), add(row(3, 3))],
    stops: () => ['HYG-2003', 'HYG-2004', 'HYG-2005'],
  },
  {
    name: 'by file: several change at once',
    rows: base,
    spec: { watermark: null, changedFiles: 'replace' },
    setup: [
      event('files come', ({ source }) => ['second', 'third'].forEach((name, i) => void source.setFile(name, [row(5 + i, 5)]))),
      run('Z'),
    ],
    actors: [
      event('files change', ({ source }) => ['second', 'third'].forEach((name, i) => void source.setFile(name, [row(7 + i, 7)]))),
      run('A'),
      run('B'),
    ],
  },
  {
    name: 'foreign data beside full loads',
    rows: base,
    markColumn: true,
    spec: { ifExists: 'append' },
    setup: [foreign, run('Z'), add(row(3, 2))],
    actors: [resetTo('reset', 'full'), run('A'), remove(1), add(row(4, 3)), run('B')],
    finish: [resetTo('reset again', 'full'), ...finish, run('F3', patiently)],
    expected: ({ source }) => [...source.rows, theirs],
  },
  {
    name: 'schema changes while reading',
    rows: base,
    spec: full,
    actors: [
      run('A'),
      event('the source gets a column', ({ source }) => {
        source.schema = withColumn(source.schema, 'note');
        source.set(source.rows.map((one) => ({ ...one, note: 'new' })));
      }),
      run('B'),
    ],
  },
  {
    name: 'pages in order, open boundary',
    home: 'pages',
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5)],
    spec: { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 60_000 } },
    schema: datedSchema,
    copies: 2,
    actors: [run('A'), add(row(6, 6), row(7, 7)), durable('B'), add(row(8, 8)), run('C')],
  },
  ...schemaScenarios,
  ...validationScenarios,
  ...backfillScenarios,
  ...lookScenarios,
  ...apiScenarios,
  ...tableScenarios,
  ...keyScenarios,
  ...compactionScenarios,
  ...refusalScenarios,
];

export function isFor({ stores, tens, refusedByDatabases, spec }: Scenario, { store }: Pick<Pair, 'store'>): boolean {
  if (!isDatabase(store)) return stores?.includes(store) ?? store !== 'mirrored';
  // Their columns keep whole watermarks, and they do not tell which file a row came from.
  const isAsked = stores?.some((one) => one === 'sql' || one === store) ?? true;
  return isAsked && tens !== true && refusedByDatabases !== true && spec.changedFiles !== 'replace';
}

export const finishing = finish;

/** Nothing but a clean world and its processes: what the crash matrix kills at every call. */
export const references: readonly Scenario[] = [
  { name: 'full load', rows: base, spec: full, setup: [run('Z'), remove(1), add(row(3, 3))], actors: [run('A')] },
  { name: 'first load', rows: base, spec: incremental, actors: [run('A')] },
  { name: 'columns told from a part', rows: base, spec: full, home: 'partly', setup: [run('Z'), add(row(3, 3))], actors: [run('A')] },
  {
    name: 'incremental with a tie change',
    rows: base,
    spec: incremental,
    setup: [run('Z'), add(row(3, 2), row(4, 3))],
    actors: [run('A')],
  },
  {
    name: 'boundary row deleted',
    rows: base,
    spec: incremental,
    setup: [run('Z'), remove(2)],
    actors: [run('A')],
    lastEnds: 'warn 0',
  },
  { name: 'nothing new', rows: base, spec: incremental, setup: [run('Z')], actors: [run('A')] },
  {
    name: 'late ties behind an unchanged group',
    rows: filled,
    spec: noNulls,
    setup: [run('Y'), add(row(4, 3)), run('Z'), add(row(5, 3))],
    actors: [run('A')],
    expected: () => [...filled, row(4, 3), row(5, 3)],
  },
  {
    name: 'the boundary group vanished',
    rows: filled,
    spec: noNulls,
    setup: [run('Z'), remove(2), add(row(4, 3))],
    actors: [run('A')],
    // It settled before anything could go wrong, and an incremental run sees no deletes.
    expected: () => [...filled, row(4, 3)],
  },
  {
    name: 'a young row has come of age',
    home: 'versioned',
    rows: young,
    spec: lagging,
    schema: datedSchema,
    setup: [run('Z'), twoDaysPass],
    actors: [run('A')],
  },
  { name: 'empty source', rows: base, spec: full, setup: [run('Z'), event('emptied', ({ source }) => source.set([]))], actors: [run('A')] },
  {
    name: 'by file',
    rows: base,
    spec: { watermark: null, changedFiles: 'replace' },
    setup: [
      event('a file', ({ source }) => source.setFile('second', [row(5, 5)])),
      run('Z'),
      event('it changes', ({ source }) => source.setFile('second', [row(6, 6)])),
    ],
    actors: [run('A')],
  },
  {
    name: 'reset',
    rows: base,
    spec: incremental,
    setup: [run('Z'), add(row(3, 2))],
    actors: [resetTo('reset', 'full')],
    finish: [resetTo('reset again', 'full'), ...finish],
  },
  {
    name: 'adopt',
    rows: base,
    spec: incremental,
    setup: [run('Z'), add(row(3, 2)), event('the state is lost', (world) => world.loseState())],
    actors: [resetTo('adopt', 'adopt')],
    finish: [adoptIfParted('adopt again'), ...finish],
  },
  {
    name: 'in order',
    home: 'pages',
    rows: [row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5)],
    spec: { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 60_000 } },
    schema: datedSchema,
    copies: 2,
    actors: [durable('A')],
  },
  ...schemaReferences,
  ...backfillReferences,
  ...lookReferences,
  ...apiReferences,
  ...tableReferences,
  ...compactionReferences,
  ...refusalReferences,
];
