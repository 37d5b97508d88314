import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localTable, noChdb, type SecondReader, startChdb } from '../support/delta/chdb/reader.ts';
import { changeTexts, parquetTexts } from '../support/delta/parquet-rows.ts';
import { diskFolder } from '../support/delta/writer/folder.ts';
import { difference, feedTexts, rowTexts, type Version } from '../support/delta/writer/history.ts';
import { canonicalText } from '../support/delta/writer/log.ts';
import { type Life, randomTable } from '../support/delta/writer/random.ts';
import { containerKinds, vectorBytes, z85 } from '../support/delta/writer/roaring.ts';
import { quoted } from '../support/delta/writer/schema.ts';
import { DeltaTable } from '../support/delta/writer/table.ts';
import { duck } from '../support/duck.ts';
import { testFolder } from '../support/parquet-files.ts';
import { sampled } from '../support/samples.ts';
import { missingSuite, suitePath } from '../support/suites.ts';

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

/** Why chdb does not read a table of the suite, or reads other rows. */
const otherwise: Readonly<Record<string, string>> = {
  'cm-nested': 'under column mapping, structs in lists and maps are read as null',
  'edited-checkpoint-cut-json-there': 'the newest checkpoint is cut, and commits are not read in its place',
  'edited-last-checkpoint-ahead': 'a hint at a checkpoint that is not there',
  'edited-last-checkpoint-parts-wrong': 'a hint at another number of parts',
  'edited-multipart-incomplete': 'a hint at a checkpoint without one of its parts',
  'kernel-catalog-managed': 'a catalog is needed',
  'mixed-part-odd': 'an empty text as partition value is null, as the protocol says and its writer does not',
  'op-clone-shallow': 'paths elsewhere are taken for paths in the table',
  'op-iceberg-compat': 'under column mapping, structs in lists and maps are read as null',
  'part-decimal38': 'a decimal of 38 digits as partition value is read as another',
  'rs-part-binary': 'an empty binary as partition value is null, as the protocol says and its writer does not',
  'rs-part-string-odd': 'an empty text as partition value is null, as the protocol says and its writer does not',
  'rs-types-all': 'days before 1900',
  'rs-void': 'the type void',
  'types-all': 'days before 1900',
  'types-geo': 'the type geometry',
  'types-timestamp-int96': 'times of INT96 before 1677',
  'types-variant-shredded': 'a shredded variant',
  'types-void': 'the type void',
};

const noSuite = missingSuite('delta') || missing;

interface SuiteTable {
  readonly name: string;
  readonly broken: boolean;
  readonly files: readonly string[];
}

describe.skipIf(noSuite !== '')(`tables that others wrote${noSuite && ` (skipped: ${noSuite})`}`, () => {
  test('are for chdb what their writer reads, but for those that it is known not to read', async () => {
    const { tables } = JSON.parse(readFileSync(suitePath('delta/index.json'), 'utf8')) as { readonly tables: readonly SuiteTable[] };
    const good = tables.filter(({ name, broken }) => !broken && existsSync(suitePath(`delta/${name}/rows.parquet`)));
    const wrong: string[] = [];
    for (const { name } of sampled(good, 16)) {
      const found = await unlikeItsWriter(name);
      if ((found === '') === (otherwise[name] !== undefined)) wrong.push(`${name}: ${found || 'is read after all'}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** '' when chdb has the rows of the writer. */
async function unlikeItsWriter(name: string): Promise<string> {
  const [to, rows] = [join(await testFolder(), 'rows.parquet'), suitePath(`delta/${name}/rows.parquet`)];
  const problem = await chdb().read(localTable(await placed(name)), to);
  if (problem !== undefined) return problem;
  const columns = (await duck(`DESCRIBE FROM read_parquet('${rows}', hive_partitioning = false)`)) as readonly Record<string, string>[];
  const cast = columns.map(({ column_name = '', column_type = '' }) =>
    // chdb has texts alone.
    column_type === 'BLOB'
      ? `encode(${quoted(column_name)}) AS ${quoted(column_name)}`
      : `CAST(${quoted(column_name)} AS ${column_type}) AS ${quoted(column_name)}`,
  );
  const texts = async (select: string, path: string): Promise<readonly string[]> =>
    (await duck("set timezone = 'UTC'", `SELECT ${select} FROM read_parquet('${path}', hive_partitioning = false)`))
      .map((row) => JSON.stringify(columns.map(({ column_name = '' }) => hollow(row[column_name]))))
      .sort();
  try {
    return difference(
      await texts(cast.join(', '), to),
      await texts(columns.map(({ column_name = '' }) => quoted(column_name)).join(', '), rows),
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Null, an empty list and a struct of nulls are one: ClickHouse has no null in their place. */
function hollow(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(hollow);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).map(([name, one]) => [name, hollow(one)] as const);
  return members.every(([, one]) => one === null) ? null : Object.fromEntries(members);
}

/** The folder of a table; a copy of it where its log names the place of the suite. */
async function placed(name: string): Promise<string> {
  const table = suitePath(`delta/${name}/table`);
  if (name !== 'op-clone-shallow' && name !== 'edited-dv-absolute') return table;
  const copy = join(await testFolder(), 'table');
  cpSync(table, copy, { recursive: true });
  for (const file of readdirSync(join(copy, '_delta_log')).filter((one) => one.endsWith('.json'))) {
    const path = join(copy, '_delta_log', file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('@SUITE@', suitePath('delta')));
  }
  return copy;
}
