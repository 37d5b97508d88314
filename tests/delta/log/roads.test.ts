import { describe, expect, test } from 'vitest';
import { openLog, snapshotOf } from '../../../src/delta/log/log.ts';
import { FileNotFound } from '../../../src/ports/filesystem.ts';
import { type Action, add, metaData, padded, part, protocol, remove, WrittenLog } from './written-log.ts';

const begin = [protocol(), metaData()];
const uuid = '80a083e8-7026-4e79-81be-64bd76c43a11';
const fileOf = (version: number) => add(`f${version}`);
const filesUpTo = (version: number) => Array.from({ length: version + 1 }, (_, i) => fileOf(i));

/** Commit n adds file n. */
const logUpTo = (newest: number) =>
  WrittenLog.of(...Array.from({ length: newest + 1 }, (_, version) => (version === 0 ? [...begin, fileOf(0)] : [fileOf(version)])));

const pathsIn = async (log: WrittenLog, version?: number) =>
  (await snapshotOf(log.access, version === undefined ? 'newest' : { version })).files.map(({ path }) => path).sort();

const refusal = async (log: WrittenLog, version?: number) =>
  pathsIn(log, version).then(
    () => undefined,
    (error: unknown) => error,
  );

const wanted = (version: number) => Array.from({ length: version + 1 }, (_, i) => `f${i}`).sort();

/** Commits that were read. */
const commitsRead = ({ asked }: WrittenLog) =>
  asked.flatMap((one) => /^read _delta_log\/0*(\d+)\.json$/.exec(one)?.[1] ?? []).map((version) => Number(version));

const classic = (log: WrittenLog, version: number, actions: readonly Action[] = [...begin, ...filesUpTo(version)]) =>
  log.parquet(`${padded(version)}.checkpoint.parquet`, actions);

describe('a classic checkpoint', () => {
  test('means the commits up to it, whose files may be gone', async () => {
    const log = await logUpTo(5);
    await classic(log, 3, [...begin, ...filesUpTo(3), remove('gone')]);
    expect(await pathsIn(log)).toEqual(wanted(5));
    expect(commitsRead(log)).toEqual([4, 5]);
    await log.removeCommits(0, 2);
    expect(await pathsIn(log)).toEqual(wanted(5));
    expect(await pathsIn(log, 3)).toEqual(wanted(3));
  });

  test('is not used for an older version', async () => {
    const log = await logUpTo(5);
    await classic(log, 3);
    expect(await pathsIn(log, 2)).toEqual(wanted(2));
  });

  test('may be the newest version without its own commit', async () => {
    const log = await logUpTo(4);
    await classic(log, 4);
    await log.removeCommits(0, 4);
    const snapshot = await snapshotOf(log.access, 'newest');
    expect([snapshot.version, snapshot.timestamp, snapshot.files.length]).toEqual([4, null, 5]);
  });

  test.each([
    ['is cut', 'PAR1 and no more'],
    ['is empty', ''],
  ])('that %s is passed by where all commits are there, and otherwise refused', async (_, content) => {
    const log = await logUpTo(5);
    await log.write(`${padded(4)}.checkpoint.parquet`, content);
    expect(await pathsIn(log)).toEqual(wanted(5));
    await classic(log, 2);
    await log.removeCommits(0, 1);
    expect(await pathsIn(log)).toEqual(wanted(5));
    await log.removeCommits(3, 3);
    expect(await refusal(log)).toMatchObject({
      code: 'HYG-3706',
      what: expect.stringContaining('00004.checkpoint.parquet of s3://lake/orders'),
    });
  });

  test.each([
    ['has no protocol', [metaData(), ...filesUpTo(3)]],
    ['has two metaData that differ', [...begin, metaData({ name: 'other' })]],
    ['has another version', [...begin, { checkpointMetadata: { version: 2 } }]],
    ['has a sidecar that is missing', [...begin, { sidecar: { path: 'a.parquet', sizeInBytes: 1, modificationTime: 1 } }]],
    [
      'has one file with two vectors',
      [...begin, add('f0'), add('f0', { deletionVector: { storageType: 'i', pathOrInlineDv: 'x', sizeInBytes: 1, cardinality: 1 } })],
    ],
  ])('that %s is passed by', async (_, actions) => {
    const log = await logUpTo(4);
    await classic(log, 3, actions);
    expect(await pathsIn(log)).toEqual(wanted(4));
    await log.removeCommits(0, 3);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3706' });
  });
});

describe('a checkpoint in parts', () => {
  const inParts = async (log: WrittenLog, version: number, present: readonly number[]) => {
    for (const number of present)
      await log.parquet(`${padded(version)}.checkpoint.${part(number)}.${part(3)}.parquet`, [
        ...(number === 2 ? begin : []),
        ...filesUpTo(version).filter((_, i) => i % 3 === number - 1),
      ]);
  };

  test('is read as a whole', async () => {
    const log = await logUpTo(6);
    await inParts(log, 5, [1, 2, 3]);
    await log.removeCommits(0, 5);
    expect(await pathsIn(log)).toEqual(wanted(6));
  });

  test('of which one is missing does not count, and is named where nothing replaces it', async () => {
    const log = await logUpTo(6);
    await inParts(log, 5, [1, 3]);
    expect(await pathsIn(log)).toEqual(wanted(6));
    await log.removeCommits(0, 4);
    expect(await refusal(log)).toMatchObject({
      code: 'HYG-3706',
      what: expect.stringContaining('version 5'),
      why: ['The checkpoint has 3 parts, and these parts are missing: 2.'],
    });
  });

  test('beyond the last commit says that a newer version is missing', async () => {
    const log = await logUpTo(3);
    await inParts(log, 5, [1, 3]);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3702', what: expect.stringContaining('version 4 is missing') });
  });
});

describe('a checkpoint with sidecars', () => {
  const sidecars = async (log: WrittenLog, version: number, form: 'json' | 'parquet' | 'classic') => {
    const named = [];
    for (const half of [0, 1]) {
      const path = `side ${half}.parquet`;
      const actions = filesUpTo(version).filter((_, i) => i % 2 === half);
      await log.parquet(`_sidecars/${path}`, actions);
      let bytes = 0;
      for await (const info of log.access.files.list('_delta_log')) if (info.path.endsWith(path)) ({ bytes } = info);
      named.push({ sidecar: { path: encodeURIComponent(path), sizeInBytes: bytes, modificationTime: 1 } });
    }
    const top = [{ checkpointMetadata: { version } }, ...begin, ...named];
    if (form === 'json') await log.json(`${padded(version)}.checkpoint.${uuid}.json`, top);
    else
      await log.parquet(
        form === 'classic' ? `${padded(version)}.checkpoint.parquet` : `${padded(version)}.checkpoint.${uuid}.parquet`,
        top,
      );
  };

  test.each(['json', 'parquet', 'classic'] as const)('and a top in %s', async (form) => {
    const log = await logUpTo(5);
    await sidecars(log, 4, form);
    await log.removeCommits(0, 4);
    expect(await pathsIn(log)).toEqual(wanted(5));
    await log.parquet('_sidecars/side 0.parquet', [add('x'.repeat(2_000))]);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3706', why: [expect.stringMatching(/sidecar side 0.parquet has \d+ bytes/)] });
  });
});

describe('compacted commits', () => {
  test('stand for their commits', async () => {
    const log = await logUpTo(6);
    await log.compacted(2, 4, [fileOf(2), fileOf(3), fileOf(4), remove('f1')]);
    expect(await pathsIn(log)).toEqual(['f0', 'f2', 'f3', 'f4', 'f5', 'f6']);
    expect(commitsRead(log)).toEqual([0, 1, 5, 6]);
    await log.removeCommits(2, 4);
    expect(await pathsIn(log)).toEqual(['f0', 'f2', 'f3', 'f4', 'f5', 'f6']);
  });

  test('are not used beyond the wanted version, nor where changes are wanted one by one', async () => {
    const log = await logUpTo(6);
    await log.compacted(2, 4, [fileOf(2), fileOf(3), fileOf(4), remove('f1')]);
    expect(await pathsIn(log, 3)).toEqual(wanted(3));
    const increment = await (await openLog(log.access)).since(2);
    expect(increment).toMatchObject({ outcome: 'changes', commits: [3, 4, 5, 6].map((version) => ({ version })) });
  });

  test.each([
    ['is damaged', '{"add":'],
    ['contradicts itself', `${JSON.stringify(fileOf(2))}\n${JSON.stringify(remove('f2'))}`],
  ])('of which the file %s are replaced by the commits', async (_, content) => {
    const log = await logUpTo(6);
    await log.write(`${padded(2)}.${padded(4)}.compacted.json`, content);
    expect(await pathsIn(log)).toEqual(wanted(6));
    await log.removeCommits(2, 4);
    expect(await refusal(log)).toMatchObject({ code: expect.stringMatching(/HYG-370[57]/) });
  });
});

describe('names', () => {
  test('that are none of the log mean nothing, and _last_checkpoint is not believed', async () => {
    const log = await logUpTo(2);
    for (const name of [
      '99.json',
      `${padded(9)}.json.tmp`,
      `${padded(9)}.crc`,
      `${padded(9)}.checkpoint.parquet.tmp`,
      `${padded(9)}.checkpoint.notauuid.parquet`,
      `${padded(9)}.checkpoint.${part(4)}.${part(3)}.parquet`,
      `${padded(9)}.${padded(9)}.compacted.json`,
      '99999999999999999999.json',
      `_staged_commits/${padded(3)}.${uuid}.json`,
      `more/${padded(3)}.json`,
    ])
      await log.write(name, 'x');
    await log.write('_last_checkpoint', '{"version":7,"size":1}');
    expect(await pathsIn(log)).toEqual(wanted(2));
    expect(log.asked.filter((one) => one.startsWith('list'))).toEqual(['list _delta_log']);
  });

  test('without any log are not a table', async () => {
    const log = await WrittenLog.of();
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3701', what: 's3://lake/orders is not a Delta table.' });
  });
});

describe('a version', () => {
  test('that is missing is named', async () => {
    const log = await logUpTo(4);
    await log.remove(`${padded(2)}.json`);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3702', what: 'The log of s3://lake/orders has a gap: version 2 is missing.' });
    expect(await pathsIn(log, 1)).toEqual(wanted(1));
  });

  test('that is newer than the newest is not there', async () => {
    const log = await logUpTo(4);
    expect(await refusal(log, 5)).toMatchObject({ code: 'HYG-3704', why: ['The newest version is 4.'] });
  });

  test('that was cleaned up is told with the oldest one', async () => {
    const log = await logUpTo(5);
    await classic(log, 3);
    await log.removeCommits(0, 2);
    expect(await refusal(log, 1)).toMatchObject({ code: 'HYG-3703', why: ['The oldest version that can be read is 3.'] });
  });

  test('of a log without its beginning can’t be read', async () => {
    const log = await logUpTo(5);
    await log.removeCommits(0, 2);
    expect(await refusal(log)).toMatchObject({ code: 'HYG-3703' });
  });
});

describe('a log that is cleaned up while it is read', () => {
  test('is listed again', async () => {
    const log = await logUpTo(5);
    const opened = await openLog(log.access);
    await classic(log, 3);
    await log.removeCommits(0, 3);
    expect((await opened.snapshot()).files.length).toBe(6);
    expect(log.asked.filter((one) => one.startsWith('list')).length).toBe(2);
  });

  test('again and again is an error, and no version is missing silently', async () => {
    const log = await logUpTo(2);
    const files = { ...log.access.files, read: () => Promise.reject(new FileNotFound('_delta_log/x.json')) };
    const opened = await openLog({ ...log.access, files });
    await expect(opened.snapshot()).rejects.toMatchObject({ code: 'HYG-3712', why: [expect.stringContaining('_delta_log/x.json')] });
  });
});

describe('changes since a version', () => {
  test('are those of each commit after it, and none after the newest', async () => {
    const log = await logUpTo(5);
    const opened = await openLog(log.access);
    const increment = await opened.since(3);
    expect(increment).toMatchObject({
      outcome: 'changes',
      snapshot: { version: 5 },
      commits: [4, 5].map((version) => ({
        version,
        operation: null,
        changes: [{ before: null, after: { path: `f${version}` }, dataChange: true }],
      })),
    });
    expect(await opened.since(5)).toMatchObject({ outcome: 'changes', commits: [] });
    expect(await opened.since(6)).toEqual({ outcome: 'behind', newest: 5 });
  });

  test.each([
    [{ numTargetRowsInserted: '12' }, 12],
    [{ num_target_rows_inserted: 12, num_target_rows_copied: 3 }, 12],
    [{ numTargetRowsInserted: '-1' }, null],
    [{ numOutputRows: '12' }, null],
    ['12', null],
    [undefined, null],
  ])('have the number of inserted rows that the metrics of a commit say: %j', async (operationMetrics, insertedRows) => {
    const log = await logUpTo(1);
    await log.commit(2, [{ commitInfo: { operation: 'MERGE', operationMetrics } }, remove('f1')]);
    expect(await (await openLog(log.access)).since(1)).toMatchObject({ commits: [{ operation: 'MERGE', insertedRows }] });
  });

  test('keep files of the change feed, the operation and removes apart', async () => {
    const log = await logUpTo(1);
    await log.commit(2, [
      { commitInfo: { operation: 'DELETE' } },
      remove('f1'),
      remove('f0', { dataChange: false }),
      { cdc: { path: '_change_data/c.parquet', partitionValues: {}, size: 7, dataChange: false } },
    ]);
    expect(await (await openLog(log.access)).since(1)).toMatchObject({
      commits: [
        {
          operation: 'DELETE',
          changes: [
            { before: { path: 'f1' }, after: null, dataChange: true },
            { before: { path: 'f0' }, after: null, dataChange: false },
          ],
          cdc: [{ path: '_change_data/c.parquet', bytes: 7 }],
        },
      ],
    });
  });

  test('are gone where commits after the version, or what the version was, were cleaned up', async () => {
    const log = await logUpTo(6);
    await classic(log, 4);
    await log.removeCommits(0, 3);
    const opened = await openLog(log.access);
    expect(await opened.since(4)).toMatchObject({ outcome: 'changes' });
    for (const settled of [3, 2, 0]) expect(await opened.since(settled)).toEqual({ outcome: 'cleaned', oldest: 4 });
  });

  test('of ten commits take few requests', async () => {
    const log = await logUpTo(29);
    await classic(log, 10);
    await classic(log, 20);
    log.asked.length = 0;
    const increment = await (await openLog(log.access)).since(19);
    expect(increment.outcome === 'changes' && increment.commits.length).toBe(10);
    expect(log.asked.length).toBeLessThanOrEqual(21);
  });
});
