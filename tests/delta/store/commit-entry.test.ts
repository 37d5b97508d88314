import { expect, test } from 'vitest';
import type { DeltaSnapshot } from '../../../src/delta/table.ts';
import { withFeature } from '../../../src/delta/write/upgrade.ts';
import type { Part } from '../../../src/engine/contracts/store.ts';
import { entryFor, mustTakePlan } from '../../../src/files/delta-store/commit-entry.ts';
import type { WrittenFile } from '../../../src/files/delta-store/merge/file-rewriter.ts';
import { noVectors } from '../../../src/files/delta-store/merge/vectors.ts';
import type { FilesHead, MovedFiles } from '../../../src/files/store/head/head-log.ts';

const field = (name: string, nullable = true) => ({ name, type: 'long', nullable, metadata: {} });
const table = {
  version: 3,
  timestamp: 1,
  protocol: { minReaderVersion: 1, minWriterVersion: 2, readerFeatures: null, writerFeatures: null },
  metadata: {
    id: 't',
    name: null,
    description: null,
    schema: { type: 'struct', fields: [field('id', false), field('n')] },
    partitionColumns: [],
    configuration: {},
  },
  files: [],
  transactions: new Map(),
} satisfies DeltaSnapshot;
const long = { kind: 'int64' } as const;
const columns = [
  { name: 'id', type: long, nullable: false },
  { name: 'n', type: long, nullable: true },
];
const plan = {
  columns,
  partitionBy: [],
  isWhole: false,
  carriesRows: false,
  removesRows: false,
  isOwnTable: true,
  where: 'lake',
  changes: null,
};

test('a commit that would remove a file which the table has no more is refused: its rows are in another file', () => {
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns } } as unknown as FilesHead;
  const files = { removes: ['compacted.parquet'], parts: [], sameRows: false, anew: false };
  const request = {
    snapshot: table,
    active: new Map(),
    to,
    previous: 'g',
    files,
    partitionBy: [],
    mapsColumns: false,
    isOwnTable: true,
    at: 1,
    where: 'lake',
    changes: null,
  };
  expect(() => entryFor({ ...request, transaction: { appId: 'a', version: 4 } })).toThrow(expect.objectContaining({ code: 'HYG-3922' }));
});

test.each([
  ['a compaction keeps nested fields that may not be null', true, false],
  ['a run lets nested fields be null, since such nulls are not counted', false, true],
])('%s', (_, sameRows, isNullable) => {
  const struct = (nullable: boolean) => ({ type: 'struct', fields: [field('x', nullable)] }) as const;
  const fields = [field('id', false), { ...field('s'), type: struct(false) }];
  const snapshot = { ...table, metadata: { ...table.metadata, schema: { type: 'struct', fields } } } as DeltaSnapshot;
  const nested = { kind: 'struct', fields: [{ name: 'x', type: long, nullable: true }] } as const;
  const schema = { columns: [columns[0], { name: 's', type: nested, nullable: true }] };
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema } as unknown as FilesHead;
  const part = { ref: { staged: 's', final: 'p' }, role: 'data', rows: 1, bytes: 1, checksum: '', nulls: [0, 0] } as const;
  const entry = entryFor({
    ...{ snapshot, active: new Map(), to, previous: 'g', partitionBy: [], mapsColumns: false, isOwnTable: false },
    ...{
      files: { removes: [], parts: [part], sameRows, anew: false },
      at: 1,
      where: 'lake',
      changes: null,
      transaction: { appId: 'a', version: 4 },
    },
  });
  expect(entry.includes('metaData')).toBe(isNullable);
});

test.each([
  ['another partition', { ...plan, partitionBy: ['n'] }],
  ['another type', { ...plan, columns: [columns[0], { name: 'n', type: { kind: 'string' }, nullable: true }] }],
  ['no value for a column that may not be null', { ...plan, columns: [columns[1]] }],
])('a plan with %s is refused before a row is read, unless the table is replaced', (_, wrong) => {
  expect(() => mustTakePlan(table, plan)).not.toThrow();
  expect(() => mustTakePlan(table, wrong as typeof plan)).toThrow(expect.objectContaining({ code: 'HYG-3921' }));
  expect(() => mustTakePlan(table, { ...wrong, isWhole: true } as typeof plan)).not.toThrow();
});

test('a commit that writes a file again is refused if another program has marked rows of it since: they would come back', () => {
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns } } as unknown as FilesHead;
  const vector = { storageType: 'u', pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^', offset: 4, sizeInBytes: 40, cardinality: 6 } as const;
  const file = { path: 'a.parquet', partitionValues: {}, bytes: 9, modificationTime: 1, vector, stats: null };
  const files = { removes: ['a.parquet'], parts: [], sameRows: false, anew: false };
  const more = {
    partitionBy: [],
    mapsColumns: false,
    isOwnTable: true,
    at: 1,
    where: 'lake',
    changes: null,
    transaction: { appId: 'a', version: 4 },
  };
  const request = { snapshot: table, active: new Map([['a.parquet', file]]), to, previous: 'g', ...more };
  const entry = (rewritten: Record<string, string | null>) => entryFor({ ...request, files: { ...files, rewritten } });
  expect(() => entry({ 'a.parquet': null })).toThrow(expect.objectContaining({ code: 'HYG-3922' }));
  expect(entry({ 'a.parquet': 'uab^-aqEH.-t@S}K{vb[*k^@4' })).toContain('"deletionVector"');
});

test('a table of another program keeps its protocol: a plan with a first wall-clock time is refused, also if all rows are replaced', () => {
  const seen = { name: 'seen', type: { kind: 'timestamp', unit: 'us' }, nullable: true } as const;
  const theirs = { ...plan, columns: [...columns, seen], isOwnTable: false };
  const refused = expect.objectContaining({ code: 'HYG-3921', what: 'lake does not allow wall-clock times, but seen contains them.' });
  for (const isWhole of [false, true]) {
    expect(() => mustTakePlan(table, { ...theirs, isWhole })).toThrow(refused);
    expect(() => mustTakePlan(table, { ...theirs, isWhole, isOwnTable: true })).not.toThrow();
  }
  expect(() => mustTakePlan({ ...table, protocol: withFeature(table.protocol, 'timestampNtz') }, theirs)).not.toThrow();
});

test.each([
  ['puts all files together', { sameRows: true }],
  ['carries rows of all files along', { sameRows: false, rewritten: { 'a.parquet': null } }],
])('a commit that %s keeps the columns that another program added', (_, how) => {
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns: [columns[0]] }, watermark: null } as unknown as FilesHead;
  const file = { path: 'a.parquet', partitionValues: {}, bytes: 9, modificationTime: 1, vector: null, stats: null };
  const part = { role: 'data', rows: 1, bytes: 9, checksum: '', nulls: [0], ref: { final: 'b.parquet' } } as unknown as Part;
  const request = {
    snapshot: table,
    active: new Map([['a.parquet', file]]),
    to,
    previous: 'g',
    partitionBy: [],
    mapsColumns: false,
    isOwnTable: true,
  };
  const entry = (files: Pick<MovedFiles, 'sameRows'>, anew: boolean) =>
    entryFor({
      ...{ ...request, at: 1, where: 'lake', changes: null, transaction: { appId: 'a', version: 4 } },
      files: { removes: ['a.parquet'], parts: [part], anew, ...files },
    });
  expect(entry(how, false)).not.toContain('"metaData"');
  expect(entry({ sameRows: false }, true)).toContain('"metaData"');
});

test('a part that is rewritten has the nulls of each column by its name, whatever the order of the columns in the table', () => {
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns }, watermark: null } as unknown as FilesHead;
  const part = { role: 'data', rows: 3, bytes: 9, checksum: '', nulls: [0, 2], ref: { final: 'a.parquet' } } as unknown as Part;
  const counted = { schema: { columns: columns.toReversed() }, part: { nulls: [1, 0] }, bounds: {} };
  const written = { name: 'b.parquet', bytes: 5, rows: 2, counted } as unknown as WrittenFile;
  const entry = entryFor({
    ...{ snapshot: table, active: new Map(), to, previous: 'g', partitionBy: [], mapsColumns: false, isOwnTable: true },
    ...{ at: 1, where: 'lake', changes: null, transaction: { appId: 'a', version: 4 } },
    vectors: { ...noVectors, partsAnew: new Map([['a.parquet', written]]) },
    files: { removes: [], parts: [part], sameRows: false, anew: false },
  });
  const added = entry.split('\n').find((line) => line.includes('"add"')) ?? '{}';
  const { add } = JSON.parse(added) as { readonly add: { readonly path: string; readonly stats: string } };
  expect([add.path, JSON.parse(add.stats)]).toMatchObject(['b.parquet', { numRecords: 2, nullCount: { id: 0, n: 1 } }]);
});

test('a file that was rewritten before another program gave the name of a column to another one has no count of the new one', () => {
  const inFiles = (name: string, physical: string) => ({ ...field(name), metadata: { 'delta.columnMapping.physicalName': physical } });
  const schema = { type: 'struct', fields: [inFiles('id', 'col-1'), inFiles('n', 'col-new')] } as const;
  const file = { path: 'a.parquet', partitionValues: {}, bytes: 9, modificationTime: 1, vector: null, stats: null };
  const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns }, watermark: null } as unknown as FilesHead;
  const statsWith = (inFile: readonly string[] | undefined): unknown => {
    const counted = { schema: { columns }, inFile, part: { nulls: [0, 0] }, bounds: {} };
    const written = { name: 'b.parquet', bytes: 5, rows: 2, counted } as unknown as WrittenFile;
    const entry = entryFor({
      ...{ snapshot: { ...table, metadata: { ...table.metadata, schema } }, active: new Map(), to, previous: 'g', partitionBy: [] },
      ...{ mapsColumns: false, isOwnTable: true, at: 1, where: 'lake', changes: null, transaction: { appId: 'a', version: 4 } },
      vectors: { ...noVectors, ofFiles: [{ name: file.path, file, vector: null, written, stats: '', rows: 2 }] },
      files: { removes: [], parts: [], sameRows: false, anew: false },
    });
    const added = entry.split('\n').find((line) => line.includes('"add"')) ?? '{}';
    return JSON.parse((JSON.parse(added) as { readonly add: { readonly stats: string } }).add.stats);
  };
  expect(statsWith(['col-1', 'col-old'])).toMatchObject({ numRecords: 2, nullCount: { 'col-1': 0, 'col-old': 0 } });
  // An earlier version did not keep the names in files.
  expect(statsWith(undefined)).toEqual({ numRecords: 2 });
});

test('nulls inside of structs and lists may settle where another program expected none, and a reader does not read zeros', () => {
  const struct = (nullable: boolean) =>
    ({ type: 'struct', fields: [{ name: 'x', type: 'long', nullable, metadata: { comment: 'c' } }] }) as const;
  const nested = (nullable: boolean) => [
    { name: 'l', type: { type: 'array', elementType: struct(nullable), containsNull: nullable }, nullable: true, metadata: {} } as const,
  ];
  const item = (nullable: boolean) => ({ kind: 'struct', fields: [{ name: 'x', type: long, nullable }] }) as const;
  const part = { role: 'data', rows: 1, bytes: 9, checksum: '', nulls: [0], ref: { final: 'b.parquet' } } as unknown as Part;
  const fieldsAfter = (there: boolean, mine: boolean): unknown => {
    const columnsOfRun = [{ name: 'l', type: { kind: 'list', item: item(mine) }, nullable: true }];
    const to = { id: 'h', epoch: 2, lineage: 'l', files: [], schema: { columns: columnsOfRun }, watermark: null } as unknown as FilesHead;
    const theirs = { ...table, metadata: { ...table.metadata, schema: { type: 'struct', fields: nested(there) } } } satisfies DeltaSnapshot;
    const entry = entryFor({
      ...{ snapshot: theirs, active: new Map(), to, previous: 'g', partitionBy: [], mapsColumns: false, isOwnTable: true },
      ...{ at: 1, where: 'lake', changes: null, transaction: { appId: 'a', version: 4 } },
      files: { removes: [], parts: [part], sameRows: false, anew: false },
    });
    const line = entry.split('\n').find((one) => one.includes('"metaData"'));
    return line && JSON.parse((JSON.parse(line) as { metaData: { schemaString: string } }).metaData.schemaString).fields;
  };
  expect(fieldsAfter(false, true)).toEqual(nested(true));
  // Items of a list may be null in each file of hygge.
  expect(fieldsAfter(false, false)).toMatchObject([{ type: { containsNull: true, elementType: struct(false) } }]);
  expect(fieldsAfter(true, true)).toBeUndefined();
});
