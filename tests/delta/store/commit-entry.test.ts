import { expect, test } from 'vitest';
import type { DeltaSnapshot } from '../../../src/delta/table.ts';
import { entryFor, mustTakePlan } from '../../../src/files/delta-store/commit-entry.ts';
import type { FilesHead } from '../../../src/files/store/head/head-log.ts';

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
const plan = { columns, partitionBy: [], isWhole: false, removesRows: false, where: 'lake' };

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
    at: 1,
    where: 'lake',
  };
  expect(() => entryFor({ ...request, transaction: { appId: 'a', version: 4 } })).toThrow(expect.objectContaining({ code: 'HYG-3922' }));
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
  const more = { partitionBy: [], mapsColumns: false, at: 1, where: 'lake', transaction: { appId: 'a', version: 4 } };
  const request = { snapshot: table, active: new Map([['a.parquet', file]]), to, previous: 'g', ...more };
  const entry = (rewritten: Record<string, string | null>) => entryFor({ ...request, files: { ...files, rewritten } });
  expect(() => entry({ 'a.parquet': null })).toThrow(expect.objectContaining({ code: 'HYG-3922' }));
  expect(entry({ 'a.parquet': 'uab^-aqEH.-t@S}K{vb[*k^@4' })).toContain('"deletionVector"');
});
