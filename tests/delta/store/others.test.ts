import { describe, expect, test } from 'vitest';
import type { DeltaCommit } from '../../../src/delta/log/log.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import type { Part } from '../../../src/engine/contracts/store.ts';
import { type Followed, followFiles, keepingInserted } from '../../../src/files/delta-store/others.ts';
import type { FilesHead, ListedFile } from '../../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { MergeWork } from '../../../src/files/store/merge-work.ts';

const url = 's3://lake/t';
const metadata = { schema: { type: 'struct', fields: [] }, partitionColumns: [] } as const;
const place = { extension: '.parquet' } as FilePlace;
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
  /** Of a commit of hygge. */
  readonly head?: string | null;
  /** By its metrics. */
  readonly insertedRows?: number | null;
}

function commit(operation: string | null, { removes = [], adds = [], changes = [], ...more }: Made): DeltaCommit {
  const { dataChange = false, head = null, insertedRows = null } = more;
  const all = [
    ...removes.map((before) => ({ before, after: null, dataChange })),
    ...adds.map((after) => ({ before: null, after, dataChange })),
    ...changes.map(([before, after]) => ({ before, after, dataChange })),
  ];
  return { version: 7, timestamp: 1, operation, insertedRows, head, changes: all, cdc: [] } as unknown as DeltaCommit;
}

function follow(files: readonly ListedFile[], ...commits: readonly DeltaCommit[]): Followed {
  const followed = followFiles({ files, lineage: 'mine' } as unknown as FilesHead, commits, {
    url,
    where: 'lake',
    place,
    metadata,
    hasUnnamed: false,
  });
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
      files: [listed('b', 3), { ...listed('x', 1), inserted: 0 }],
      changes: [{ version: 7, operation: 'DELETE', changesRows: true }],
    });
  });

  test('that updates rows and inserts others into their file counts the others apart, also after a compaction', () => {
    const merged = commit('MERGE', { removes: [file('a', 2)], adds: [file('x', 4), file('y', 1)], dataChange: true });
    expect(follow(two, merged).files).toEqual([listed('b', 3), { ...listed('x', 4), inserted: 3 }, { ...listed('y', 1), inserted: 0 }]);
    const optimized = commit('OPTIMIZE', { removes: [file('x', 4), file('b', 3)], adds: [file('z', 7)] });
    expect(follow(two, merged, optimized).files).toEqual([
      { ...listed('y', 1), inserted: 0 },
      { ...listed('z', 7), inserted: 3 },
    ]);
  });

  test.each([
    ['as many rows', 5],
    ['fewer rows', 4],
  ])('that changes rows says that all of its files may have rows of others, also if it leaves %s', (_, rows) => {
    const made = { removes: [file('a', 2), file('b', 3)], adds: [file('x', 1), file('y', rows - 1)], dataChange: true };
    const merged = commit('MERGE', { ...made, insertedRows: 0 });
    const mixed = [
      { ...listed('x', 1), inserted: 0 },
      { ...listed('y', rows - 1), inserted: 0 },
    ];
    expect(follow(two, merged).files).toEqual(mixed);
    const optimized = commit('OPTIMIZE', { removes: [file('x', 1), file('y', rows - 1)], adds: [file('z', rows)] });
    expect(follow(two, merged, optimized).files).toEqual([{ ...listed('z', rows), inserted: 0 }]);
    const marked = commit('DELETE', { changes: [[file('x', 3), file('x', 3, { vector })]], dataChange: true });
    expect(follow(two, merged, marked).files).toContainEqual({ ...listed('x', 1), inserted: 0, vector: true });
  });

  test('that inserts as many rows as it deletes inserted what its metrics say', () => {
    const made = { removes: [file('a', 2), file('b', 3)], adds: [file('x', 1), file('y', 4)], dataChange: true };
    expect(follow(two, commit('MERGE', { ...made, insertedRows: 3 })).files).toEqual([
      { ...listed('x', 1), inserted: 1 },
      { ...listed('y', 4), inserted: 2 },
    ]);
    // The metrics of other programs may be wrong, and the numbers of rows are not.
    const more = { ...made, adds: [file('x', 9)] };
    expect(follow(two, commit('UPDATE', more)).files).toEqual([{ ...listed('x', 9), inserted: 4 }]);
  });

  test.each([
    ['MERGE', null],
    [null, null],
    ['UPDATE', 0],
    ['DELETE', 0],
  ])('that replaces rows by as many, called %s and without metrics, inserted: %s', (operation, inserted) => {
    const replaced = commit(operation, { removes: [file('a', 2)], adds: [file('x', 2)], dataChange: true });
    expect(follow(two, replaced).files).toEqual([listed('b', 3), { ...listed('x', 2), inserted }]);
    const optimized = commit('OPTIMIZE', { removes: [file('x', 2), file('b', 3)], adds: [file('z', 5)] });
    expect(follow(two, replaced, optimized).files).toEqual([{ ...listed('z', 5), inserted }]);
    const marked = commit('DELETE', { changes: [[file('x', 2), file('x', 3, { vector })]], dataChange: true });
    expect(follow(two, replaced, marked).files).toContainEqual({ ...listed('x', 1), inserted, vector: true });
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

  describe('that updates rows by vectors', () => {
    const marks = [file('b', 3), file('b', 3, { vector })] as const;
    const inserted = (files: readonly ListedFile[]) => files.map(({ name, rows, inserted: some }) => [name, rows, some]);

    test('leaves its new files to the entity, which would else have the rows twice after a full load', () => {
      const updated = commit('UPDATE', { changes: [marks], adds: [file('x', 2)], dataChange: true, insertedRows: 0 });
      expect(inserted(follow(two, updated).files)).toEqual([
        ['a', 2, undefined],
        ['b', 1, undefined],
        ['x', 2, 0],
      ]);
    });

    test('and removes a file whose rows it updates all, inserted none', () => {
      const updated = commit('UPDATE', { removes: [file('a', 2)], changes: [marks], adds: [file('x', 4)], dataChange: true });
      expect(inserted(follow(two, updated).files)).toEqual([
        ['b', 1, undefined],
        ['x', 4, 0],
      ]);
    });

    test.each([
      [3, 3],
      [null, null],
    ])('and inserts others into its new files, inserted what its metrics say: %s', (insertedRows, found) => {
      const merged = commit('MERGE', {
        changes: [marks],
        adds: [file('x', insertedRows === null ? 2 : 5)],
        dataChange: true,
        insertedRows,
      });
      expect(inserted(follow(two, merged).files).at(-1)).toEqual(['x', insertedRows === null ? 2 : 5, found]);
    });

    test('of others as well says that rows of others are in its new files', () => {
      const theirs = [file('theirs', 3), file('theirs', 3, { vector })] as const;
      const updated = commit('UPDATE', { changes: [marks, theirs], adds: [file('x', 4)], dataChange: true });
      expect(inserted(follow(two, updated).files).at(-1)).toEqual(['x', 4, 2]);
    });

    test('of another entity of hygge leaves its new files to that one', () => {
      const name = `${'4'.padStart(20, '0')}-theirs-00000-000-n.parquet`;
      const merged = commit('MERGE', { changes: [marks], adds: [file(name, 2)], dataChange: true, head: 'h' });
      expect(follow(two, merged).files.map((one) => one.name)).toEqual(['a', 'b']);
    });
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

describe('a commit of another entity', () => {
  const nameOf = (lineage: string, n: number) => `${String(n).padStart(20, '0')}-${lineage}-00000-000-n.parquet`;
  const [theirs, theirNew] = [nameOf('theirs', 4), nameOf('theirs', 5)];
  const made = { head: 'h', dataChange: true };

  test('that rewrites a file without rows of its keys leaves the rest to the entity, and its own new files to the other', () => {
    const merged = commit('MERGE', { ...made, removes: [file('a', 2), file(theirs, 7)], adds: [file('x', 1), file(theirNew, 8)] });
    expect(follow([listed('a', 2), listed('b', 3)], merged).files).toEqual([listed('b', 3), listed('x', 1)]);
  });

  test('that removes a file whose rows all have its keys leaves nothing of it', () => {
    const merged = commit('MERGE', { ...made, removes: [file('a', 2)], adds: [file(theirNew, 2)] });
    expect(follow([listed('a', 2), listed('b', 3)], merged).files).toEqual([listed('b', 3)]);
  });

  test('that rewrites a file which may have rows of other programs leaves it so', () => {
    const merged = commit('MERGE', { ...made, removes: [file('a', 2)], adds: [file('x', 1), file(theirNew, 2)] });
    expect(follow([{ ...listed('a', 2), inserted: 2 }], merged).files).toEqual([{ ...listed('x', 1), inserted: 1 }]);
  });

  test('that rewrites files of both says by their tags whose rows the new ones have', () => {
    const rewrites = (path: string) => ({ tags: { 'hygge.rewrites': path } });
    const of = { ...made, removes: [file('a', 2), file('other', 7)] };
    const adds = [file('x', 1, rewrites('a')), file('y', 6, rewrites('other'))];
    expect(follow([listed('a', 2), listed('b', 3)], commit('MERGE', { ...of, adds })).files).toEqual([listed('b', 3), listed('x', 1)]);
    // An earlier version wrote no tags, and another program may keep those of other files.
    for (const unclear of [
      { ...of, adds: [...adds, file('z', 1)] },
      { ...of, adds, head: null },
    ])
      expect(refused(() => follow([listed('a', 2)], commit('MERGE', unclear)))).toMatchObject({ code: 'HYG-3923' });
  });

  test('is none that another program wrote: files of both that it puts together are refused', () => {
    const optimized = commit('OPTIMIZE', { removes: [file('a', 2), file(theirs, 7)], adds: [file('x', 9)] });
    expect(refused(() => follow([listed('a', 2)], optimized))).toMatchObject({ code: 'HYG-3923' });
  });
});

describe('the head after a commit that writes files again', () => {
  const part = (final: string): Part => ({ role: 'data', rows: 4, bytes: 10, ref: { staged: `s/${final}`, final } }) as unknown as Part;
  const to = { files: [listed('new', 4), listed('kept', 4), listed('other', 3)] } as unknown as FilesHead;
  const headWith = (inserted: number | null) => ({ files: [{ ...listed('old', 5), inserted }] }) as unknown as FilesHead;
  const moved = { removes: ['old'], parts: [part('new'), part('kept')], sameRows: false, anew: false, rewritten: { old: null } };

  test.each([
    ['of a merge', { merge: { carried: ['kept'] } as unknown as MergeWork }],
    ['of a backfill without a key', { carried: ['kept'] }],
  ])('has rows of other programs only in the files %s that were written again', (_, of) => {
    for (const inserted of [2, 0, null])
      expect(keepingInserted(to, headWith(inserted), { ...moved, ...of }).files).toEqual([
        listed('new', 4),
        { ...listed('kept', 4), inserted },
        listed('other', 3),
      ]);
  });

  test('may have them in all new files where an earlier version decided the commit', () => {
    expect(keepingInserted(to, headWith(5), moved).files.map(({ inserted }) => inserted)).toEqual([4, 1, undefined]);
  });
});
