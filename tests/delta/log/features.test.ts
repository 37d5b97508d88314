import { describe, expect, test } from 'vitest';
import { hasReaderFeature, requireReadable, snapshotOf, unreadFeatures } from '../../../src/delta/log/log.ts';
import type { DeltaProtocol } from '../../../src/delta/table.ts';
import { features, metaData, protocol, WrittenLog } from './written-log.ts';

const of = (reader: number, readers: readonly string[] | null, writers: readonly string[] | null = readers): DeltaProtocol => ({
  minReaderVersion: reader,
  minWriterVersion: 7,
  readerFeatures: readers,
  writerFeatures: writers,
});
const long = { schema: { type: 'struct', fields: [{ name: 'a', type: 'long', nullable: true, metadata: {} }] } } as const;

const codeOf = (given: DeltaProtocol, metadata: Parameters<typeof requireReadable>[1] = long) => {
  try {
    requireReadable(given, metadata, 't');
    return 'read';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
};

describe('a table is read', () => {
  test.each([
    of(1, null),
    of(2, null),
    of(1, null, ['anyWriterFeature', 'rowTracking']),
    of(3, []),
    of(3, [
      'columnMapping',
      'deletionVectors',
      'timestampNtz',
      'typeWidening',
      'typeWidening-preview',
      'v2Checkpoint',
      'vacuumProtocolCheck',
    ]),
    { ...of(1, null), minWriterVersion: 8 },
    // A list does not count below reader version 3, and readers need not refuse a feature that writers have to.
    of(2, ['quantumRows'], []),
    of(3, ['deletionVectors'], []),
    of(3, ['variantType', 'variantShredding-preview', 'geospatial']),
  ])('%#', (given) => {
    expect(codeOf(given)).toBe('read');
  });
});

describe('a table is refused by the name of', () => {
  test.each(['quantumRows', 'catalogManaged', 'catalogOwned-preview', 'coordinatedCommits'])('%s', (name) => {
    expect(unreadFeatures(of(3, ['columnMapping', name]), long)).toEqual([name]);
    expect(codeOf(of(3, [name]))).toBe('HYG-3708');
  });

  test('coordinated commits, which only writers list', () => {
    expect(unreadFeatures(of(1, null, ['appendOnly', 'coordinatedCommits-preview']), long)).toEqual(['coordinatedCommits-preview']);
  });

  test.each([
    ['variantType', 'variant'],
    ['variantType-preview', { type: 'array', elementType: 'variant', containsNull: true }],
    ['variantShredding', { type: 'map', keyType: 'string', valueType: 'variant', valueContainsNull: true }],
    ['geospatial', { type: 'struct', fields: [{ name: 'g', type: 'geometry(OGC:CRS84)', nullable: true, metadata: {} }] }],
  ] as const)('%s, where a column needs it', (name, type) => {
    const metadata = { schema: { type: 'struct', fields: [{ name: 'v', type, nullable: true, metadata: {} }] } } as const;
    expect(codeOf(of(3, [name]), metadata)).toBe('HYG-3708');
    expect(codeOf(of(3, [name]))).toBe('read');
  });
});

test('a protocol that is too new, or that contradicts itself', () => {
  expect(codeOf(of(4, []))).toBe('HYG-3708');
  expect(codeOf(of(3, null, []))).toBe('HYG-3707');
  expect(codeOf(of(0, null))).toBe('HYG-3707');
});

test('a feature counts by the versions of the protocol', () => {
  expect(hasReaderFeature(of(1, ['columnMapping']), 'columnMapping')).toBe(false);
  expect(hasReaderFeature(of(2, null), 'columnMapping')).toBe(true);
  expect(hasReaderFeature(of(2, ['deletionVectors']), 'deletionVectors')).toBe(false);
  expect(hasReaderFeature(of(3, ['deletionVectors']), 'deletionVectors')).toBe(true);
});

test('a snapshot is refused by its own protocol, and not by a later one', async () => {
  const log = await WrittenLog.of([protocol(), metaData()], [features('quantumRows')], [features('deletionVectors')]);
  expect((await snapshotOf(log.access, { version: 0 })).version).toBe(0);
  await expect(snapshotOf(log.access, { version: 1 })).rejects.toMatchObject({
    code: 'HYG-3708',
    what: 's3://lake/orders has the feature quantumRows, which hygge can’t read.',
  });
  expect((await snapshotOf(log.access, 'newest')).version).toBe(2);
});

test('a protocol that is too new is named before the schema, which may be written in a new way', async () => {
  const log = await WrittenLog.of([protocol({ minReaderVersion: 4 }), metaData({ schemaString: '<new>' })]);
  await expect(snapshotOf(log.access, 'newest')).rejects.toMatchObject({ code: 'HYG-3708' });
});

test('commits that a catalog keeps are missing in the folder: the table is refused by the name of the feature', async () => {
  const log = await WrittenLog.of([features('catalogManaged'), metaData()]);
  await log.commit(3, [protocol()]);
  await expect(snapshotOf(log.access, 'newest')).rejects.toMatchObject({ code: 'HYG-3708' });
});
