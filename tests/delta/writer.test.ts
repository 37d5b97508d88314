import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localTable, noChdb, type SecondReader, startChdb } from '../support/delta/chdb/reader.ts';
import { changeTexts, parquetTexts } from '../support/delta/parquet-rows.ts';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { difference, feedTexts, rowTexts, type Version } from '../support/delta/writer/history.ts';
import { canonicalText } from '../support/delta/writer/log.ts';
import { type Life, randomTable } from '../support/delta/writer/random.ts';
import { containerKinds, vectorBytes, z85 } from '../support/delta/writer/roaring.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { testFolder } from '../support/parquet-files.ts';
import { sampled } from '../support/samples.ts';

const missing = noChdb();
const besideChdb = (name: string): string => `${name}${missing && ` (skipped: ${missing})`}`;
let started: SecondReader | undefined;
const chdb = (): SecondReader => {
  started ??= startChdb();
  return started;
};
afterAll(() => started?.[Symbol.asyncDispose]());

test('a deletion vector and the name of its file are what the protocol shows', () => {
  const vector = vectorBytes([3, 4, 7, 11, 18, 29]);
  // The example there has an older head: another number, and buckets that are counted in four bytes.
  expect(z85(vector).slice(-35)).toBe('wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L'.slice(-35));
  expect([vector.readUInt32LE(0), vector.readBigUInt64LE(4), vector.readUInt32LE(12)]).toEqual([1_681_511_377, 1n, 0]);
  expect(z85(Buffer.from('d2c639aa8816431aaaf6d3fe2512ff61', 'hex'))).toBe('^-aqEH.-t@S}K{vb[*k^');
});

test('the checksum of `_last_checkpoint` is what the protocol shows', () => {
  const says = { k0: "'v 0'", checksum: 'adsaskfljadfkjadfkj', k1: { k2: 2, k3: ['v3', [1, 2], { k4: 'v4', k5: ['v5', 'v6', 'v7'] }] } };
  expect(createHash('md5').update(canonicalText(says)).digest('hex')).toBe('6a92d155a59bf2eecbd4b4ec7fd1f875');
});

test('the same seed plays the same life', async () => {
  const play = async (): Promise<readonly unknown[]> => {
    await using life = await randomTable(7, diskFolder(await testFolder()));
    for (let i = 0; i < 12; i++) await life.step();
    return [life.steps, life.table.versions.map((version) => rowTexts(version)), await life.table.folder.list('')];
  };
  expect(await play()).toEqual(await play());
});

/** Of everything that the kernel reads: it refuses a hint at a checkpoint that is not there, or at another of the same version. */
const readByChdb = { without: ['misleading hint', 'twin checkpoints'] } as const;

/** Where chdb finds other rows than the model has, at any version that is there, or another change feed. */
async function disagreements({ table, steps }: Life, address: string): Promise<readonly string[]> {
  const wrong = [...(await wrongRows(table.readable, address)), ...(await wrongFeeds(table, address))];
  return wrong.length === 0 ? [] : [...wrong, ...steps];
}

async function wrongRows(versions: readonly Version[], address: string): Promise<readonly string[]> {
  const scratch = await testFolder();
  const wrong: string[] = [];
  for (const version of versions) {
    const to = join(scratch, `${version.version}.parquet`);
    const problem = await chdb().read(address, to, version.version);
    const found = problem ?? difference(await parquetTexts([to], version.columns, 'filled'), rowTexts(version, 'filled'));
    if (found !== '') wrong.push(`version ${version.version} (${version.operation}): ${found}`);
  }
  return wrong;
}

async function wrongFeeds(table: DeltaTable, address: string): Promise<readonly string[]> {
  const scratch = await testFolder();
  const wrong: string[] = [];
  for (const run of feedRuns(table)) {
    const [first, last] = [run[0]?.version ?? 0, run.at(-1)?.version ?? 0];
    const to = join(scratch, `feed-${first}.parquet`);
    const problem = await chdb().readChanges(address, to, { first, last });
    // The kernel's feed does not know types that were widened.
    if (problem?.includes('Incorrect datatype')) continue;
    if (problem !== undefined) wrong.push(`feed from ${first} to ${last}: ${problem}`);
    else
      for (const version of run) {
        const where = `_commit_version = ${version.version}`;
        const found = difference(await changeTexts([to], version.columns, { where, nests: 'filled' }), feedTexts(version, 'filled') ?? []);
        if (found !== '') wrong.push(`feed of ${version.version} (${version.operation}): ${found}`);
      }
  }
  return wrong;
}

/** Versions in a row whose change feed is there and has the same columns, as the kernel wants them. */
function feedRuns({ readable, logFrom }: DeltaTable): readonly (readonly Version[])[] {
  const runs: Version[][] = [];
  for (const version of readable) {
    if (version.feed === undefined || version.feedLost || version.version < logFrom) continue;
    const before = runs.at(-1)?.at(-1);
    if (before?.version === version.version - 1 && before.schema === version.schema) runs.at(-1)?.push(version);
    else runs.push([version]);
  }
  return runs;
}

const seeds = Array.from({ length: 20 }, (_, i) => 101 + i);

describe.skipIf(missing !== '')(besideChdb('a table of the foreign committer'), () => {
  test.each(sampled(seeds, 4))('is for chdb what the model says, at every version: seed %i', async (seed) => {
    const folder = await testFolder();
    await using life = await randomTable(seed, diskFolder(folder), readByChdb);
    for (let i = 0; i < 12; i++) await life.step();
    expect(await disagreements(life, localTable(folder))).toEqual([]);
  });

  test('hides rows by vectors of every kind of container', async () => {
    const folder = await testFolder();
    const options = { seed: 1, columns: [{ name: 'id', type: 'long' }], features: ['deletionVectors'] } as const;
    await using table = await DeltaTable.create(diskFolder(folder), options);
    await table.append(Array.from({ length: 330_000 }, (_, id) => ({ id })));
    // Of each 65,536 rows: scattered ones, a few, one long run, all, and none.
    const block = (id: number): number => Math.floor(id / 2 ** 16);
    const hides = [(id: number) => id % 3 === 0, (id: number) => id % 1009 === 0, (id: number) => id % 2 ** 16 < 60_000, () => true];
    await table.delete(({ id }) => hides[block(Number(id))]?.(Number(id)) === true, 'vectors');
    const [file] = table.current.files;
    expect(containerKinds(file?.vector?.rows ?? [])).toEqual(['bitmap', 'array', 'run', 'run']);
    const [found] = await chdb().query(`SELECT toString(count()) AS n, toString(sum(id)) AS sum FROM ${localTable(folder)}`);
    const left = table.rows().map(({ id }) => Number(id));
    expect(found).toEqual({ n: String(left.length), sum: String(left.reduce((sum, id) => sum + id, 0)) });
  });
});
