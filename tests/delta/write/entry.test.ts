import { describe, expect, test } from 'vitest';
import { resolvePath } from '../../../src/delta/log/paths.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { type Entry, entryText, pathOf, protocolFor, tableId } from '../../../src/delta/write/entry.ts';
import { withFeature } from '../../../src/delta/write/upgrade.ts';
import { hiveFolder } from '../../../src/files/paths/hive.ts';

const plain: Entry = {
  version: 3,
  head: 'h2',
  previous: 'h1',
  at: 1000,
  transaction: { appId: 'hygge/f/e/l', version: 8 },
  protocol: null,
  metadata: null,
  adds: [],
  removes: [],
  dataChange: true,
  inCommit: null,
};
const added = { name: 'a.parquet', bytes: 5, partitionValues: {}, stats: '{"numRecords":1}' };
const removed: DeltaFile = {
  path: 'b%20c.parquet',
  partitionValues: { p: null },
  bytes: 7,
  modificationTime: 1,
  vector: null,
  stats: '{}',
};
const linesOf = (entry: Partial<Entry>) =>
  entryText({ ...plain, ...entry })
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const infoOf = (entry: Partial<Entry>) => linesOf(entry)[0].commitInfo;

describe('the path of a file', () => {
  test.each([
    ['a b.parquet', 'a%20b.parquet'],
    ['50%.parquet', '50%25.parquet'],
    ['ü.parquet', '%C3%BC.parquet'],
    ['p=1/a.parquet', 'p=1/a.parquet'],
    ['p=a%2Fb/a.parquet', 'p=a%252Fb/a.parquet'],
    ['a+b&c#d?e.parquet', 'a%2Bb%26c%23d%3Fe.parquet'],
  ])('%s is %s in the log, and read back as itself', (name, path) => {
    expect(pathOf(name)).toBe(path);
    expect(resolvePath('s3://lake/t', path)).toEqual({ within: 'table', path: name });
  });

  test.each(['a b', 'p%q', 'é/x', 'x=1', '%2F', 'null', '..', '💶'])('in the folder of the partition %s leads to the folder', (value) => {
    const name = `${hiveFolder({ key: 'k', value })}/a.parquet`;
    expect(resolvePath('s3://lake/t', pathOf(name))).toEqual({ within: 'table', path: name });
  });
});

describe('an entry', () => {
  test('begins with commitInfo, and ends with a line feed', () => {
    const names = linesOf({ adds: [added], removes: [removed] }).map((line) => Object.keys(line)[0]);
    expect(names).toEqual(['commitInfo', 'txn', 'remove', 'add']);
    expect(entryText(plain).endsWith('}\n')).toBe(true);
  });

  test('of a new table has its protocol and metadata before the files', () => {
    const metadata = {
      id: 'i',
      name: null,
      description: null,
      schema: { type: 'struct', fields: [] },
      partitionColumns: ['p'],
      configuration: { a: 'b' },
    } as const;
    const lines = linesOf({ version: 0, previous: null, protocol: protocolFor([]), metadata, adds: [added] });
    expect(lines.map((line) => Object.keys(line)[0])).toEqual(['commitInfo', 'txn', 'protocol', 'metaData', 'add']);
    expect(lines[0].commitInfo).not.toHaveProperty('readVersion');
    expect(lines[0].commitInfo).not.toHaveProperty('hygge.previous');
    expect(lines[2].protocol).toEqual({ minReaderVersion: 1, minWriterVersion: 2 });
    expect(lines[3].metaData).toEqual({
      id: 'i',
      format: { provider: 'parquet', options: {} },
      schemaString: '{"type":"struct","fields":[]}',
      partitionColumns: ['p'],
      configuration: { a: 'b' },
      createdTime: 1000,
    });
  });

  test('names its head, the one before, and the transaction with its time', () => {
    const [{ commitInfo }, { txn }] = linesOf({});
    expect(commitInfo).toMatchObject({ 'hygge.head': 'h2', 'hygge.previous': 'h1', readVersion: 2, timestamp: 1000 });
    expect(txn).toEqual({ appId: 'hygge/f/e/l', version: 8, lastUpdated: 1000 });
  });

  test('has the in-commit time first, later than the version before', () => {
    expect(Object.entries(infoOf({ inCommit: { previous: 1000 } }))[0]).toEqual(['inCommitTimestamp', 1001]);
    expect(Object.entries(infoOf({ inCommit: { previous: 5 } }))[0]).toEqual(['inCommitTimestamp', 1000]);
    expect(Object.entries(infoOf({ inCommit: { previous: null } }))[0]).toEqual(['inCommitTimestamp', 1000]);
    expect(infoOf({})).not.toHaveProperty('inCommitTimestamp');
  });

  test('keeps the path, the size, the partition and the vector of a file that goes', () => {
    const vector = { storageType: 'u', pathOrInlineDv: 'ab^-aqEH.-t@S}K{vb[*k^', offset: 4, sizeInBytes: 40, cardinality: 6 } as const;
    const removes = [removed, { ...removed, vector }, { ...removed, vector: { ...vector, storageType: 'i' as const, offset: null } }];
    const lines = linesOf({ removes }).slice(2);
    const told = {
      path: 'b%20c.parquet',
      deletionTimestamp: 1000,
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues: { p: null },
      size: 7,
    };
    const { offset: _, ...inline } = vector;
    expect(lines.map(({ remove }) => remove)).toEqual([
      told,
      { ...told, deletionVector: vector },
      { ...told, deletionVector: { ...inline, storageType: 'i' } },
    ]);
  });

  test('says of every file whether rows change, and calls itself so', () => {
    const moved = linesOf({ adds: [added], removes: [removed], dataChange: false });
    expect([moved[2].remove.dataChange, moved[3].add.dataChange]).toEqual([false, false]);
    expect(moved[0].commitInfo).toMatchObject({ operation: 'OPTIMIZE', isBlindAppend: false });
    const changed = linesOf({ adds: [added], removes: [removed] });
    expect([changed[2].remove.dataChange, changed[3].add.dataChange]).toEqual([true, true]);
    expect(changed[0].commitInfo).toMatchObject({ operation: 'WRITE', operationParameters: { mode: 'Overwrite' }, isBlindAppend: false });
    expect(infoOf({ adds: [added] })).toMatchObject({ operationParameters: { mode: 'Append' }, isBlindAppend: true });
  });
});

test('a table with wall-clock times asks for their feature, and for the older ones', () => {
  const field = { name: 'a', type: 'timestamp_ntz', nullable: true, metadata: {} };
  expect(protocolFor([field])).toEqual({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['timestampNtz'],
    writerFeatures: ['appendOnly', 'invariants', 'timestampNtz'],
  });
});

test('a table gets the feature of wall-clock times without losing those that its versions mean', () => {
  const mapped = { minReaderVersion: 2, minWriterVersion: 5, readerFeatures: null, writerFeatures: null };
  expect(withFeature(mapped, 'timestampNtz')).toEqual({
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['columnMapping', 'timestampNtz'],
    writerFeatures: ['appendOnly', 'invariants', 'checkConstraints', 'changeDataFeed', 'generatedColumns', 'columnMapping', 'timestampNtz'],
  });
  const listed = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['deletionVectors'], writerFeatures: ['deletionVectors'] };
  expect(withFeature(listed, 'timestampNtz')).toMatchObject({
    readerFeatures: ['deletionVectors', 'timestampNtz'],
    writerFeatures: ['deletionVectors', 'timestampNtz'],
  });
  expect(protocolFor([], { isMapped: true })).toEqual(mapped);
});

test('the id of a table is a UUID that follows from its first head', () => {
  expect(tableId('h1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(tableId('h1')).toBe(tableId('h1'));
  expect(tableId('h1')).not.toBe(tableId('h2'));
});
