import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../../src/delta/log/log.ts';
import { checkpointActions, checkpointBytes, NoCheckpoint, type RawAction, RawState } from '../../../src/delta/write/checkpoint.ts';
import { writeCheckpoint } from '../../../src/files/delta-store/checkpoint.ts';
import { DeltaHead } from '../../../src/files/delta-store/head.ts';
import { LogCache } from '../../../src/files/delta-store/log-cache.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import { duck } from '../../support/duck.ts';
import { add, features, metaData, padded, protocol, remove, vector, WrittenLog } from '../log/written-log.ts';

const now = 1_800_000_000_000;
const day = 86_400_000;
const made = [protocol(), metaData()] as const;

const stateOf = (...commits: readonly (readonly object[])[]): RawState => {
  const state = new RawState();
  for (const actions of commits) state.apply(actions as readonly RawAction[]);
  return state;
};

/** The actions without members that are null, as a checkpoint gives them back. */
async function kept(actions: readonly RawAction[]): Promise<readonly object[]> {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'bigint') return Number(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(clean);
    const members = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
    return Object.fromEntries(members.map(([name, one]) => [name, clean(one)]));
  };
  return (await checkpointActions(checkpointBytes(actions))).map((row) => clean(row) as object);
}

describe('a checkpoint keeps', () => {
  test.each<readonly [string, object]>([
    ['a transaction of another program', { txn: { appId: 'stream', version: 7, lastUpdated: 5 } }],
    ['a transaction without a time', { txn: { appId: 'stream', version: 0 } }],
    ['a domain', { domainMetadata: { domain: 'delta.clustering', configuration: '{"a":1}', removed: false } }],
    ['a young tombstone', remove('gone', { deletionTimestamp: now, dataChange: false, extendedFileMetadata: true, size: 3 })],
    ['a tombstone with a vector', remove('gone', { deletionTimestamp: now, dataChange: false, ...vector('v', 3) })],
    ['a file', add('a%20b', { dataChange: false })],
    ['a file with a vector', add('a', { dataChange: false, ...vector('v', 3) })],
    ['a file with an inline vector', add('a', { dataChange: false, ...vector('v', 3, undefined) })],
    ['tags', add('a', { dataChange: false, tags: { ZCUBE_ID: 'x' } })],
    ['row ids', add('a', { dataChange: false, baseRowId: 0, defaultRowCommitVersion: 2 })],
    ['the clustering provider', add('a', { dataChange: false, clusteringProvider: 'liquid' })],
    ['a file without statistics', add('a', { dataChange: false, stats: undefined })],
    ['partition values', add('p=1/a', { dataChange: false, partitionValues: { p: '1' } })],
    ['numbers above 2^32', add('a', { dataChange: false, size: 9_007_199_254_740_991 })],
  ])('%s', async (_, action) => {
    const wanted = JSON.parse(JSON.stringify(action));
    expect(await kept(stateOf([...made, action]).actions(now - day))).toContainEqual(wanted);
  });

  test('the protocol and the metadata', async () => {
    const table = metaData({
      name: 'n',
      description: 'd',
      partitionColumns: ['p'],
      configuration: { 'delta.appendOnly': 'true' },
      createdTime: 9,
    });
    const state = stateOf([features('deletionVectors'), table]);
    expect(await kept(state.actions(0))).toEqual([features('deletionVectors'), table]);
  });

  test('the last of each transaction, and of each domain', async () => {
    const txn = (version: number) => ({ txn: { appId: 'stream', version } });
    const domain = (configuration: string) => ({ domainMetadata: { domain: 'd', configuration, removed: false } });
    const actions = await kept(stateOf([...made, txn(1), domain('1')], [txn(2), domain('2')]).actions(0));
    expect(actions.slice(2)).toEqual([txn(2), domain('2')]);
  });
});

describe('a checkpoint leaves out', () => {
  test('old tombstones, and those without a time', () => {
    const old = remove('old', { deletionTimestamp: now - 2 * day });
    const state = stateOf([
      ...made,
      old,
      { remove: { path: 'timeless', dataChange: true } },
      remove('young', { deletionTimestamp: now - day }),
    ]);
    expect(state.actions(now - day).slice(2)).toEqual([{ remove: { path: 'young', deletionTimestamp: now - day, dataChange: false } }]);
  });

  test('the tombstone of a file that came back, and a file that went', () => {
    const state = stateOf(
      [...made, add('a'), add('b')],
      [remove('a', { deletionTimestamp: now })],
      [add('a'), remove('b', { deletionTimestamp: now })],
    );
    expect(
      state
        .actions(0)
        .flatMap((action) => Object.entries(action).map(([name, fields]) => `${name} ${fields?.path}`))
        .slice(2),
    ).toEqual(['add a', 'remove b']);
    expect(state.files).toBe(1);
  });

  test('the file before its vector changed', () => {
    const state = stateOf([...made, add('a')], [remove('a', { deletionTimestamp: now }), add('a', vector('v'))]);
    expect(state.actions(0).slice(2)).toMatchObject([{ add: vector('v') }, { remove: { path: 'a' } }]);
  });

  test('removed domains, commitInfo and files of the change feed', () => {
    const gone = { domainMetadata: { domain: 'd', configuration: '', removed: true } };
    const cdc = { cdc: { path: 'c', partitionValues: {}, size: 1, dataChange: false } };
    expect(stateOf([{ commitInfo: {} }, ...made, gone, cdc]).actions(0)).toHaveLength(2);
  });
});

describe('no checkpoint is made', () => {
  test.each<readonly [string, () => unknown]>([
    ['of an action that is not known', () => stateOf([...made, { novelty: { a: 1 } }])],
    ['of a sidecar', () => stateOf([...made, { sidecar: { path: 's', sizeInBytes: 1, modificationTime: 1 } }])],
    ['of a member that is not known', () => checkpointBytes(stateOf([...made, add('a', { novelty: 1 })]).actions(0))],
    [
      'of a member in a vector',
      () => checkpointBytes(stateOf([...made, add('a', { deletionVector: { storageType: 'u', novelty: 1 } })]).actions(0)),
    ],
    ['of a member of the metadata', () => checkpointBytes(stateOf([protocol(), metaData({ novelty: 'x' })]).actions(0))],
    [
      'of parsed statistics alone',
      () => checkpointBytes(stateOf([...made, add('a', { stats: undefined, stats_parsed: { numRecords: 1 } })]).actions(0)),
    ],
    ['without a protocol', () => stateOf([metaData()]).actions(0)],
    ['without metadata', () => stateOf([protocol()]).actions(0)],
  ])('%s', (_, make) => {
    expect(make).toThrow(NoCheckpoint);
  });

  test('and a member that is not known and is null does not matter', () => {
    expect(checkpointBytes(stateOf([...made, add('a', { novelty: null })]).actions(0)).length).toBeGreaterThan(0);
  });
});

test('our own reader finds in a checkpoint alone what the entries said', async () => {
  const txn = { txn: { appId: 'stream', version: 7, lastUpdated: 5 } };
  const commits = [
    [
      features('deletionVectors'),
      metaData({ partitionColumns: ['p'], configuration: { 'delta.checkpointInterval': '3' } }),
      add('p=x%2520y/a', { partitionValues: { p: 'x y' } }),
    ],
    [add('b', { ...vector('ab^-aqEH.-t@S}K{vb[*k^', 2), partitionValues: { p: null } }), txn],
    [remove('p=x%2520y/a', { deletionTimestamp: now }), add('c', { partitionValues: { p: 'ü' }, stats: undefined })],
  ];
  const log = await WrittenLog.of(...commits);
  const wanted = await snapshotOf(log.access, { version: 2 });
  const bytes = checkpointBytes(stateOf(...commits).actions(0));
  await log.write(`${padded(2)}.checkpoint.parquet`, bytes);
  await log.removeCommits(0, 1);
  const found = await snapshotOf(log.access, { version: 2 });
  const byPath = ({ files }: typeof found) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  // A commit that is no newer than the one before it counts as 1 ms newer, as long as that is there.
  expect({ ...found, timestamp: null, files: byPath(found) }).toEqual({ ...wanted, timestamp: null, files: byPath(wanted) });
});

const clock = { now: () => new Date(now).toISOString(), monotonicMs: () => 0 };
const place = { type: 'test', root: '', folder: '', flow: 'f', entity: 'e', layout: 'plain', extension: '.parquet' } as const;

test.skipIf(noChdb() !== '')(
  'a reader of the Delta project finds in our checkpoints alone the rows of a foreign table, also in the second one',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hygge-checkpoint-'));
    const files = localFileSystem(join(folder, 't'));
    const head = new DeltaHead(files, place, { clock, checkpoint: writeCheckpoint, cache: new LogCache() });
    await using table = await DeltaTable.create(diskFolder(join(folder, 't')), {
      seed: 5,
      columns: [
        { name: 'id', type: 'long' },
        { name: 'p', type: 'string' },
      ],
      partitionBy: ['p'],
      features: ['deletionVectors'],
      properties: { 'delta.checkpointInterval': '1' },
    });
    await using chdb = startChdb();
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ id: from + i, p: ['a b', 'p%q', 'é/x', null][i % 4] ?? null }));
    const log = join(folder, 't', '_delta_log');
    const checkpointed = async (to: string) => {
      const at = await head.table();
      if (at === undefined) throw new Error('there is no table');
      expect(await writeCheckpoint({ files, log: files, table: at, at: now })).toBe(true);
      expect(JSON.parse(readFileSync(join(log, '_last_checkpoint'), 'utf8'))).toMatchObject({ version: at.snapshot.version });
      for (const name of readdirSync(log).filter((one) => /^\d+\.json$/.test(one) && Number(one.slice(0, 20)) < at.snapshot.version))
        rmSync(join(log, name));
      expect(await chdb.read(localTable(join(folder, 't')), join(folder, to))).toBeUndefined();
      const found = (await duck(`select id::int as id, p from '${join(folder, to)}' order by id`)).map(({ id, p }) => ({
        id: Number(id),
        p,
      }));
      expect(found).toEqual([...table.rows()].sort((a, b) => Number(a.id) - Number(b.id)).map(({ id, p }) => ({ id: Number(id), p })));
    };
    await table.append(rows(0, 8), 2);
    await table.delete(({ id }) => id === 2, 'vectors');
    await checkpointed('first.parquet');
    await table.append(rows(8, 12));
    await table.update((row) => (row.id === 5 ? { ...row, p: 'a b' } : undefined), 'rewrite');
    await checkpointed('second.parquet');
    rmSync(folder, { recursive: true });
  },
);
