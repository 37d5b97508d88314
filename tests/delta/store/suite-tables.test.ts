/** Tables that other programs wrote get rows from hygge: each row is there twice then, by the reader of hygge and by another one. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotOf } from '../../../src/delta/log/log.ts';
import type { DeltaSnapshot } from '../../../src/delta/table.ts';
import { schemaOf } from '../../../src/delta/values/schema.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { exactJson } from '../../../src/frames/exact-json/exact-json.ts';
import { overRows } from '../../../src/frames/values/cells.ts';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { testFolder, testScratch } from '../../support/parquet-files.ts';
import { sampled } from '../../support/samples.ts';
import { describeSuites, missingSuite } from '../../support/suites.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { readTable } from '../values/reading.ts';
import { codeOf } from './store-scene.ts';

const suite = join(process.env.HYGGE_TEST_SUITES ?? '', 'delta');
const pattern = /^(rs-)?cm-/;
const names =
  missingSuite('delta') === ''
    ? readdirSync(suite).filter((name) => pattern.test(name) && existsSync(join(suite, name, 'rows.parquet')))
    : [];

/** Columns whose types hygge does not write, such as maps. The new rows have no value there. */
const leftOut: Readonly<Record<string, readonly string[]>> = { 'cm-nested': ['m'] };

async function snapshotIn(folder: string): Promise<DeltaSnapshot> {
  return snapshotOf({ files: localFileSystem(folder), signal: new AbortController().signal, table: folder }, 'newest');
}

/** @param without columns that are null in each row. */
async function rowsIn(folder: string, without: readonly string[] = []): Promise<readonly string[]> {
  const table = await snapshotIn(folder);
  const { columns } = schemaOf(table.metadata);
  const texts: string[] = [];
  for (const frame of await readTable({ folder, table, scratch: testScratch(await testFolder()) }))
    await overRows(frame, (rows) => {
      for (const row of rows)
        texts.push(JSON.stringify(columns.map(({ type, name }, i) => exactJson(type, without.includes(name) ? null : (row[i] ?? null)))));
    });
  return texts.sort();
}

describeSuites('rows for a table of another program', () => {
  test.each(sampled(names, 3))('%s', async (name) => {
    using workspace = new TestWorkspace({});
    const [from, into] = [workspace.path('from/orders'), workspace.path('into/orders')];
    for (const folder of [from, into]) cpSync(join(suite, name, 'table'), folder, { recursive: true });
    const { partitionColumns } = (await snapshotIn(from)).metadata;
    const partition = partitionColumns.length === 0 ? '' : `, partition_by: ${JSON.stringify(partitionColumns)}`;
    const keys = `format: delta, column_mapping: name${partition}`;
    const exclude = leftOut[name] ?? [];
    const home = `path: from/orders, format: delta${exclude.length === 0 ? '' : `, exclude: ${JSON.stringify(exclude)}`}`;
    workspace.write({
      'flows/f/flow.yml': `home: { ${home} }\nstore: { type: local, path: into/orders, ${keys} }\nif_exists: append\n`,
    });
    const wanted = [...(await rowsIn(into)), ...(await rowsIn(into, exclude))].sort();
    const run = await workspace.run(['go', '--output', 'json']);
    expect(codeOf(run), run.stdout + run.stderr).toBeUndefined();
    expect(await rowsIn(into)).toEqual(wanted);
    if (noChdb() !== '') return;
    await using chdb = startChdb();
    const each = `select *, count() as hygge_n from ${localTable(into)} group by all`;
    const found = await chdb.query(`select sum(hygge_n)::text as n, countIf(hygge_n % 2 = 1)::text as odd from (${each})`);
    if (exclude.length === 0) expect(found).toEqual([{ n: String(wanted.length), odd: '0' }]);
    else expect(found).toMatchObject([{ n: String(wanted.length) }]);
  });
});
