import { policiesOf } from '../../../src/checks/policies.ts';
import { schemaDefaults } from '../../../src/engine/contracts/spec.ts';
import { noValueYet } from '../../../src/frames/schema.ts';
import { type Actor, add, backfill, durable, event, run } from './actors.ts';
import { baseSchema, type Row, row, withColumn, withColumnFirst } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { Moment } from './schema-oracle.ts';
import type { SpecChanges } from './world.ts';

const note = { note: 'there' };
const bare: readonly Row[] = [row(1, 1), row(2, 2), row(2, 2), row(9, null)];
const noted: readonly Row[] = [row(1, 1, note), row(2, 2, note), row(2, 2, note), row(9, null, note)];
const without = (rows: readonly Row[]): Moment => ({ columns: ['id', 'mark'], rows });
const withNote = (rows: readonly Row[]): Moment => ({ columns: ['id', 'mark', 'note'], rows });
const full: SpecChanges = { runType: 'full_drop', watermark: null };
const removeColumns = (policy: 'null_fill' | 'ignore'): SpecChanges => ({
  schema: { ...schemaDefaults, policies: policiesOf('warn', { removeColumns: policy }) },
});

/** In the source it comes first; in the destination it has to be the last. */
function columnComes(rows: readonly Row[]): Actor {
  return event('the source gets a column', ({ source }) => {
    source.schema = withColumnFirst(baseSchema, 'note');
    source.set(rows);
  });
}

function columnIsThere(): Actor {
  return event('the source has a column', ({ source }) => {
    source.schema = withColumn(baseSchema, 'note');
    source.set(noted);
  });
}

function columnGoes(rows: readonly Row[]): Actor {
  return event('the source loses a column', ({ source }) => {
    source.schema = baseSchema;
    source.set(rows);
  });
}

const files = ['plain', 'versioned', 'partitioned', 'uploads'] as const;

/** Its type only stands in. */
const noteIsEmpty = event('a column of the source has no value', ({ source }) => {
  const { columns } = withColumn(baseSchema, 'note');
  source.schema = { columns: columns.map((column) => (column.name === 'note' ? { ...column, sourceType: noValueYet } : column)) };
});

function firstValues(rows: readonly Row[]): Actor {
  return event('it gets its first values', ({ source }) => {
    const { columns } = withColumn(baseSchema, 'note');
    source.schema = { columns: columns.map((column) => (column.name === 'note' ? { ...column, type: { kind: 'date' } } : column)) };
    source.set(rows);
  });
}

const more: readonly Row[] = [...bare, row(3, 2, note), row(4, 3, note)];
const fewer: readonly Row[] = [...bare, row(4, 3)];
/** Below the boundary group nothing is read again: what was settled there stays. */
const filled: readonly Row[] = [row(1, 1, note), ...fewer.slice(1)];

const filledRows: readonly Row[] = bare.slice(0, 3);
const changedTie: readonly Row[] = [...bare, row(3, 2, note)];
const corrected: readonly Row[] = [row(1, 1, note), ...bare.slice(1)];
const finishBackfill = [backfill('again', '1', '2'), run('F1', { takeOver: false }), run('F2', { takeOver: false })];

export const schemaScenarios: readonly Scenario[] = [
  {
    name: 'a new column while runs overtake each other',
    rows: bare,
    spec: {},
    setup: [run('Z')],
    actors: [columnComes(more), run('A'), add(row(5, 3, note)), run('B')],
    moments: [without(bare), withNote(more), withNote([...more, row(5, 3, note)])],
  },
  {
    name: 'a column gets its first values while runs overtake each other',
    rows: bare,
    spec: {},
    stores: files,
    setup: [noteIsEmpty, run('Z')],
    actors: [firstValues(more), run('A'), add(row(5, 3, note)), run('B'), add(row(6, 4))],
  },
  {
    name: 'a column gets its first values above a group that stays, and that group is closed',
    rows: filledRows,
    spec: { watermark: { nulls: 'exclude' } },
    stores: files,
    setup: [noteIsEmpty, run('Z')],
    actors: [firstValues([...filledRows, row(4, 3, note)]), run('A'), add(row(5, 3, note)), run('B')],
  },
  {
    name: 'a backfill brings a column its first values beside a live run',
    rows: bare,
    spec: {},
    stores: files,
    setup: [noteIsEmpty, run('Z')],
    actors: [firstValues(corrected), backfill('A', '1', '2'), add(row(5, 2, note)), run('B')],
    finish: finishBackfill,
  },
];

/** Commits that bring another schema: whenever the process dies, readers and state have the old commit or the new one, wholly. */
export const schemaReferences: readonly Scenario[] = [
  {
    name: 'incremental, a column comes',
    rows: bare,
    spec: {},
    setup: [run('Z'), columnComes(more)],
    actors: [run('A')],
    moments: [without(bare), withNote(more)],
  },
  {
    name: 'incremental, a column goes',
    rows: [],
    spec: removeColumns('null_fill'),
    setup: [columnIsThere(), run('Z'), columnGoes(fewer)],
    actors: [run('A')],
    moments: [withNote(noted), withNote(filled)],
    expected: () => filled,
  },
  {
    name: 'incremental, a column gets its first values in the open group',
    rows: bare,
    spec: {},
    stores: files,
    setup: [noteIsEmpty, run('Z'), firstValues(changedTie)],
    actors: [durable('A')],
    moments: [withNote(bare), withNote(changedTie)],
  },
  {
    name: 'full load, a column comes',
    rows: bare,
    spec: full,
    setup: [run('Z'), columnComes(noted)],
    actors: [run('A')],
    moments: [without(bare), withNote(noted)],
  },
  {
    name: 'full load, a column goes',
    rows: [],
    spec: { ...full, ...removeColumns('ignore') },
    setup: [columnIsThere(), run('Z'), columnGoes(fewer)],
    actors: [run('A')],
    moments: [withNote(noted), without(fewer)],
  },
];
