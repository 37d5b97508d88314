import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localTable, noChdb, type SecondReader, startChdb } from '../support/delta/chdb/reader.ts';
import { changeTexts, parquetTexts } from '../support/delta/parquet-rows.ts';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { difference, feedTexts, rowTexts, type Version } from '../support/delta/writer/history.ts';
import { type Life, randomTable } from '../support/delta/writer/random.ts';
import type { DeltaTable } from '../support/delta/writer/table.ts';
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
  test.each(sampled(seeds, 10))('is for chdb what the model says, at every version: seed %i', async (seed) => {
    const folder = await testFolder();
    await using life = await randomTable(seed, diskFolder(folder), readByChdb);
    for (let i = 0; i < 12; i++) await life.step();
    expect(await disagreements(life, localTable(folder))).toEqual([]);
  });
});
