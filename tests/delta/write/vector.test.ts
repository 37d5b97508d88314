import { describe, expect, it } from 'vitest';
import type { DeltaMetadata, DeltaProtocol } from '../../../src/delta/table.ts';
import { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';
import { rowsOfBitmaps } from '../../../src/delta/values/roaring.ts';
import { readVector, vectorPlace } from '../../../src/delta/values/vector.ts';
import { z85Bytes, z85Text } from '../../../src/delta/values/z85.ts';
import { bitmapsOf } from '../../../src/delta/write/roaring.ts';
import { statsWithVector, VectorFile } from '../../../src/delta/write/vector.ts';
import { takesVectors, withVectors } from '../../../src/delta/write/vector-table.ts';
import { vectorBytes } from '../../support/delta/writer/roaring.ts';

function deletedOf(rows: number, deleted: readonly number[]): DeletedRows {
  const made = new DeletedRows(rows);
  for (const row of deleted) made.addOne(row);
  return made;
}

const numbers = (deleted: DeletedRows): readonly number[] =>
  deleted
    .blocks()
    .flatMap(([block, bits]) =>
      [...bits].flatMap((byte, at) =>
        [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (byte & (1 << bit) ? [block * 65_536 + at * 8 + bit] : [])),
      ),
    );

/** One row, borders of blocks, an array at its limit, a bitmap, and rows beyond 2^32. */
const sets: readonly (readonly [name: string, rows: number, deleted: readonly number[]])[] = [
  ['one row', 1, [0]],
  ['the borders of blocks', 200_000, [0, 65_535, 65_536, 131_071, 131_072, 199_999]],
  ['as many as an array holds', 65_536, Array.from({ length: 4_096 }, (_, i) => i * 3)],
  ['one more than an array holds', 65_536, Array.from({ length: 4_097 }, (_, i) => i * 3)],
  ['all rows', 70_000, Array.from({ length: 70_000 }, (_, i) => i)],
  ['rows beyond 2^32', 2 ** 32 + 10, [1, 2 ** 32, 2 ** 32 + 9]],
];

describe('the bitmaps of a vector', () => {
  it.each(sets)('hold %s', (_name, rows, deleted) => {
    const read = rowsOfBitmaps(bitmapsOf(deletedOf(rows, deleted)), rows);
    expect(numbers(read)).toEqual(deleted);
    expect(read.count).toBe(deleted.length);
  });

  it.each(sets)('are those of another writer without runs: %s', (_name, rows, deleted) => {
    const other = vectorBytes(deleted, (count) => (count > 4_096 ? 'bitmap' : 'array'));
    expect(Buffer.from(bitmapsOf(deletedOf(rows, deleted))).equals(other)).toBe(true);
  });
});

describe('rows that are deleted twice', () => {
  it('count once', () => {
    const some = deletedOf(100_000, [1, 2, 70_000]);
    some.addAll(deletedOf(100_000, [2, 3, 99_999]));
    expect(some.addOne(3)).toBe(false);
    expect(numbers(some)).toEqual([1, 2, 3, 70_000, 99_999]);
    expect(some.count).toBe(5);
  });
});

it('a UUID in Z85 is read back', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => (i * 37) & 0xff);
  expect(z85Bytes(z85Text(bytes))).toEqual(Buffer.from(bytes));
  expect(z85Text(Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b))).toBe('HelloWorld');
});

describe('a file of vectors', () => {
  it('holds several, each of which is found by what the log says of it', async () => {
    const file = new VectorFile('a commit');
    const described = sets
      .slice(0, 5)
      .map(([name, rows, deleted]) => ({ name, rows, deleted, vector: file.add(deletedOf(rows, deleted)) }));
    const bytes = file.bytes();
    for (const { name, rows, deleted, vector } of described) {
      expect(vectorPlace(vector, name)).toEqual({ kind: 'in table', path: file.path });
      const read = await readVector({
        ...{ vector, rows, name },
        open: () => ({ name: file.path, bytes: bytes.length, read: async ({ start, end }) => bytes.slice(start, end) }),
      });
      expect(numbers(read)).toEqual(deleted);
    }
  });

  it('has a name that follows from its commit', () => {
    expect(new VectorFile('one').path).toBe(new VectorFile('one').path);
    expect(new VectorFile('one').path).not.toBe(new VectorFile('other').path);
    expect(new VectorFile('one').path).toMatch(
      /^deletion_vector_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.bin$/,
    );
  });
});

describe('the statistics of a file with a vector', () => {
  it('keep numbers as they are written, and say that the bounds may be wider', () => {
    const stats = '{"numRecords":3,"minValues":{"id":9007199254740993,"d":-0.0},"nullCount":{"id":0}}';
    expect(statsWithVector(stats, 3)).toBe(
      '{"numRecords":3,"minValues":{"id":9007199254740993,"d":-0.0},"nullCount":{"id":0},"tightBounds":false}',
    );
    expect(statsWithVector(null, 7)).toBe('{"numRecords":7,"tightBounds":false}');
    expect(statsWithVector('no JSON', 7)).toBe('{"numRecords":7,"tightBounds":false}');
  });
});

describe('a table', () => {
  const metadata = { configuration: { a: 'b' } } as unknown as DeltaMetadata;
  const of = (
    minReaderVersion: number,
    minWriterVersion: number,
    readerFeatures: readonly string[] | null = null,
    writerFeatures: readonly string[] | null = null,
  ): DeltaProtocol => ({ minReaderVersion, minWriterVersion, readerFeatures, writerFeatures });

  it.each([
    [of(1, 2), ['deletionVectors'], ['appendOnly', 'invariants', 'deletionVectors']],
    [
      of(2, 5),
      ['columnMapping', 'deletionVectors'],
      ['appendOnly', 'invariants', 'checkConstraints', 'changeDataFeed', 'generatedColumns', 'columnMapping', 'deletionVectors'],
    ],
    [of(1, 7, null, ['appendOnly']), ['deletionVectors'], ['appendOnly', 'deletionVectors']],
    [of(2, 7, null, ['columnMapping']), ['columnMapping', 'deletionVectors'], ['columnMapping', 'deletionVectors']],
    [
      of(3, 7, ['timestampNtz'], ['appendOnly', 'timestampNtz']),
      ['timestampNtz', 'deletionVectors'],
      ['appendOnly', 'timestampNtz', 'deletionVectors'],
    ],
  ])('of %j takes vectors once the features of its versions are listed', (protocol, readerFeatures, writerFeatures) => {
    expect(takesVectors({ protocol, metadata })).toBe(false);
    const made = withVectors({ protocol, metadata });
    expect(made.protocol).toEqual({ minReaderVersion: 3, minWriterVersion: 7, readerFeatures, writerFeatures });
    expect(made.metadata.configuration).toEqual({ a: 'b', 'delta.enableDeletionVectors': 'true' });
    expect(takesVectors(made)).toBe(true);
    expect(withVectors(made)).toEqual(made);
  });

  it('whose property is off takes none', () => {
    const made = withVectors({ protocol: of(1, 2), metadata });
    expect(takesVectors({ ...made, metadata: { configuration: {} } as unknown as DeltaMetadata })).toBe(false);
  });
});
