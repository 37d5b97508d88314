import { expect, test } from 'vitest';
import { openLog } from '../../../src/delta/log/log.ts';
import { add, metaData, padded, protocol, WrittenLog } from './written-log.ts';

const start = Date.UTC(2026, 0, 1);
const now = Date.UTC(2027, 0, 1);

async function logOf(times: readonly number[]): Promise<WrittenLog> {
  const log = await WrittenLog.of(...times.map((_, version) => (version === 0 ? [protocol(), metaData()] : [add(`f${version}`)])));
  for (const [version, time] of times.entries()) await log.dated(version, start + time);
  return log;
}

const at = async (log: WrittenLog, ms: number) => (await openLog(log.access)).find({ timestamp: start + ms, now });

test('a version is found by the modification times of commits', async () => {
  const log = await logOf([0, 1_000, 2_000]);
  for (const [ms, version] of [
    [0, 0],
    [999, 0],
    [1_000, 1],
    [1_999, 1],
    [2_000, 2],
    [9_000, 2],
  ] as const)
    expect(await at(log, ms)).toBe(version);
  expect((await (await openLog(log.access)).snapshot(1)).timestamp).toBe(start + 1_000);
});

test('times that do not rise are made rising', async () => {
  const log = await logOf([5_000, 1_000, 5_001, 4_000, 9_000]);
  for (const [ms, version] of [
    [5_000, 0],
    [5_001, 1],
    [5_002, 2],
    [5_003, 3],
    [8_999, 3],
    [9_000, 4],
  ] as const)
    expect(await at(log, ms)).toBe(version);
});

test('before the first version, and in the future, there is none', async () => {
  const log = await logOf([0, 1_000]);
  await expect(at(log, -1)).rejects.toMatchObject({ code: 'HYG-3704', why: ['The table was made later.'] });
  await expect(at(log, now - start + 1)).rejects.toMatchObject({ code: 'HYG-3704', why: [expect.stringContaining('in the future')] });
});

test('a time whose commits were cleaned up is told so', async () => {
  const log = await logOf([0, 1_000, 2_000, 3_000]);
  await log.parquet(`${padded(2)}.checkpoint.parquet`, [protocol(), metaData(), add('f1'), add('f2')]);
  await log.removeCommits(0, 1);
  await expect(at(log, 1_500)).rejects.toMatchObject({ code: 'HYG-3703', why: ['The oldest version that can be read is 2.'] });
  expect(await at(log, 2_500)).toBe(2);
  await log.removeCommits(2, 3);
  await expect(at(log, 2_500)).rejects.toMatchObject({ code: 'HYG-3703' });
});

const timed = (inCommitTimestamp: number) => ({ commitInfo: { inCommitTimestamp, operation: 'WRITE' } });
const withTimes = protocol({ minWriterVersion: 7, writerFeatures: ['inCommitTimestamp'] });
const configuration = { 'delta.enableInCommitTimestamps': 'true' };

test('in-commit timestamps count from the version on at which they were switched on', async () => {
  const log = await logOf([0, 1_000]);
  const from = { 'delta.inCommitTimestampEnablementVersion': '2', 'delta.inCommitTimestampEnablementTimestamp': String(start + 2_000) };
  await log.commit(2, [timed(start + 2_000), metaData({ configuration: { ...configuration, ...from } }), withTimes]);
  await log.commit(3, [timed(start + 3_000), add('f3')]);
  await log.commit(4, [timed(start + 4_000), add('f4')]);
  for (const version of [2, 3, 4]) await log.dated(version, start + 900_000);
  for (const [ms, version] of [
    [999, 0],
    [1_999, 1],
    [2_000, 2],
    [3_999, 3],
    [4_000, 4],
    [5_000, 4],
  ] as const)
    expect(await at(log, ms)).toBe(version);
  const opened = await openLog(log.access);
  expect([(await opened.snapshot(1)).timestamp, (await opened.snapshot(3)).timestamp]).toEqual([start + 1_000, start + 3_000]);
  expect(await opened.since(1)).toMatchObject({ commits: [2_000, 3_000, 4_000].map((ms) => ({ timestamp: start + ms })) });
});

test('the time of a version whose commit the snapshot did not need is read from it', async () => {
  const log = await WrittenLog.of([timed(start), withTimes, metaData({ configuration })], [timed(start + 1_000), add('f1')]);
  await log.parquet(`${padded(1)}.checkpoint.parquet`, [withTimes, metaData({ configuration }), add('f1')]);
  expect((await (await openLog(log.access)).snapshot()).timestamp).toBe(start + 1_000);
});

test('the property alone, without the feature, means nothing', async () => {
  const log = await WrittenLog.of([timed(5), protocol(), metaData({ configuration })]);
  await log.dated(0, start);
  expect((await (await openLog(log.access)).snapshot()).timestamp).toBe(start);
});

test('a commit that lacks its time can be read, and not found by time', async () => {
  const log = await WrittenLog.of([timed(start), withTimes, metaData({ configuration })], [add('f1')]);
  expect((await (await openLog(log.access)).snapshot()).timestamp).toBeNull();
  await expect(at(log, 1_000)).rejects.toMatchObject({ code: 'HYG-3711' });
});
