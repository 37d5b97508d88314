import { describe, expect, test } from 'vitest';
import type { DeltaCommit } from '../../../src/delta/log/log.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { type Followed, followFiles } from '../../../src/files/delta-store/others.ts';
import type { FilesHead, ListedFile } from '../../../src/files/store/head/head-log.ts';

const url = 's3://lake/t';
const metadata = { schema: { type: 'struct', fields: [] }, partitionColumns: [] } as const;
const file = (path: string, rows: number | null, more: Partial<DeltaFile> = {}): DeltaFile => ({
  path,
  partitionValues: {},
  bytes: 10,
  modificationTime: 1,
  vector: null,
  stats: rows === null ? null : JSON.stringify({ numRecords: rows }),
  ...more,
});
const listed = (name: string, rows: number | null, role: ListedFile['role'] = 'data'): ListedFile => ({ name, bytes: 10, rows, role });
const vector = { storageType: 'u', pathOrInlineDv: 'v', offset: 1, sizeInBytes: 9, cardinality: 2 } as const;

interface Made {
  readonly removes?: readonly DeltaFile[];
  readonly adds?: readonly DeltaFile[];
  readonly changes?: readonly (readonly [DeltaFile, DeltaFile])[];
  readonly dataChange?: boolean;
}

function commit(operation: string | null, { removes = [], adds = [], changes = [], dataChange = false }: Made): DeltaCommit {
  const all = [
    ...removes.map((before) => ({ before, after: null, dataChange })),
    ...adds.map((after) => ({ before: null, after, dataChange })),
    ...changes.map(([before, after]) => ({ before, after, dataChange })),
  ];
  return { version: 7, timestamp: 1, operation, head: null, changes: all, cdc: [] } as unknown as DeltaCommit;
}

function follow(files: readonly ListedFile[], ...commits: readonly DeltaCommit[]): Followed {
  const followed = followFiles({ files } as unknown as FilesHead, commits, { url, where: 'lake', metadata });
  if ('error' in followed) throw followed.error;
  return followed;
}
const refused = (make: () => unknown): unknown => {
  try {
    return make();
  } catch (error) {
    return error;
  }
};

describe('a commit of another program', () => {
  const two = [listed('a', 2), listed('b', 3)];

  test('that touches no file of the entity changes nothing', () => {
    const appended = commit('WRITE', { adds: [file('x', 1)], dataChange: true });
    expect(follow(two, appended)).toEqual({ files: two, changes: [] });
  });

  test('that puts files together makes the new one the entity’s, if it has exactly as many rows', () => {
    const optimized = commit('OPTIMIZE', { removes: [file('a', 2), file('b', 3)], adds: [file('x', 5)] });
    expect(follow(two, optimized)).toEqual({
      files: [listed('x', 5)],
      changes: [{ version: 7, operation: 'OPTIMIZE', changesRows: false }],
    });
  });

  test.each([4, 6, null])('that puts 5 rows together and leaves %s is refused', (rows) => {
    const optimized = commit('OPTIMIZE', { removes: [file('a', 2), file('b', 3)], adds: [file('x', rows)] });
    expect(refused(() => follow(two, optimized))).toMatchObject({ code: 'HYG-3923' });
  });

  test('that puts files of an unknown number of rows together is refused', () => {
    const optimized = commit('OPTIMIZE', { removes: [file('a', 2)], adds: [file('x', 2)] });
    expect(refused(() => follow([listed('a', null)], optimized))).toMatchObject({ code: 'HYG-3923' });
  });

  test('that puts files of the entity and of others together is refused', () => {
    const optimized = commit('OPTIMIZE', { removes: [file('a', 2), file('theirs', 3)], adds: [file('x', 5)] });
    expect(refused(() => follow(two, optimized))).toMatchObject({ code: 'HYG-3923' });
  });

  test('that restores an earlier version is refused', () => {
    expect(refused(() => follow(two, commit('RESTORE', { removes: [file('a', 2)], dataChange: true })))).toMatchObject({
      code: 'HYG-3923',
    });
  });

  test('that deletes rows by new files is followed and told', () => {
    const deleted = commit('DELETE', { removes: [file('a', 2)], adds: [file('x', 1)], dataChange: true });
    expect(follow(two, deleted)).toEqual({
      files: [listed('b', 3), listed('x', 1)],
      changes: [{ version: 7, operation: 'DELETE', changesRows: true }],
    });
  });

  test('that updates rows and inserts others into their file counts the others apart, also after a compaction', () => {
    const merged = commit('MERGE', { removes: [file('a', 2)], adds: [file('x', 4), file('y', 1)], dataChange: true });
    expect(follow(two, merged).files).toEqual([listed('b', 3), { ...listed('x', 4), inserted: 3 }, listed('y', 1)]);
    const optimized = commit('OPTIMIZE', { removes: [file('x', 4), file('b', 3)], adds: [file('z', 7)] });
    expect(follow(two, merged, optimized).files).toEqual([listed('y', 1), { ...listed('z', 7), inserted: 3 }]);
  });

  test('that deletes rows leaves at most as many inserted rows as the file still has', () => {
    const merged = commit('MERGE', { removes: [file('a', 2)], adds: [file('x', 6)], dataChange: true });
    const fewer = commit('DELETE', { removes: [file('x', 6)], adds: [file('y', 3), file('z', 1)], dataChange: true });
    expect(follow(two, merged, fewer).files).toEqual([
      listed('b', 3),
      { ...listed('y', 3), inserted: 3 },
      { ...listed('z', 1), inserted: 1 },
    ]);
    const marked = commit('DELETE', { changes: [[file('x', 6), file('x', 6, { vector })]], dataChange: true });
    expect(follow(two, merged, marked).files).toEqual([listed('b', 3), { ...listed('x', 4), inserted: 4, vector: true }]);
    const none = commit('DELETE', { removes: [file('x', 6)], dataChange: true });
    expect(follow(two, merged, none).files).toEqual([listed('b', 3)]);
  });

  test('that marks rows of a file leaves the file, with fewer rows', () => {
    const marked = commit('DELETE', { changes: [[file('b', 3), file('b', 3, { vector })]], dataChange: true });
    expect(follow(two, marked).files).toEqual([listed('a', 2), { ...listed('b', 1), vector: true }]);
  });

  test('keeps the open group only in a file that holds nothing else', () => {
    const group = [listed('a', 2, 'boundary'), listed('b', 3, 'boundary'), listed('c', 1)];
    const alone = commit('OPTIMIZE', { removes: [file('a', 2), file('b', 3)], adds: [file('x', 5)] });
    expect(follow(group, alone).files).toEqual([listed('c', 1), listed('x', 5, 'boundary')]);
    const mixed = commit('OPTIMIZE', { removes: [file('a', 2), file('c', 1)], adds: [file('x', 3)] });
    expect(follow(group, mixed).files).toEqual([listed('b', 3, 'boundary'), listed('x', 3)]);
  });

  test('is followed over several commits, by decoded names', () => {
    const first = commit('OPTIMIZE', { removes: [file('a', 2), file('b', 3)], adds: [file('x%20y', 5)] });
    const second = commit('OPTIMIZE', { removes: [file('x%20y', 5)], adds: [file('z', 5)] });
    expect(follow(two, first, second).files).toEqual([listed('z', 5)]);
  });
});
