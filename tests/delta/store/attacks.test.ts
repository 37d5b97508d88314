/** What other programs do to a table, and what a changed flow does, in which an earlier version of the store lost or doubled rows or stopped for good. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { added, byTime, codeOf, csv, errorOf, flowOf, type Listed, removed, StoreScene } from './store-scene.ts';

describe('a store of plain files in the folder of a Delta table', () => {
  it('is refused, also after the advised reset, and the table stays readable', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(byTime).replace('delta', 'parquet') });
    await scene.run('reset', 'f.f', '--yes');
    expect(codeOf(await scene.run('go'))).toBe('HYG-3927');
    expect(scene.others.state().files.every(({ path }) => existsSync(join(scene.table, path)))).toBe(true);
    expect(readdirSync(scene.table).filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
    expect(await scene.ids()).toEqual([1, 2]);
  });
});

describe('partitions of wall-clock times', () => {
  it('are written with a blank before the time of day', async () => {
    using scene = new StoreScene(flowOf('', ', partition_by: [p]', 'in.parquet'));
    await scene.workspace.parquet('in.parquet', `select 1 as id, timestamp '2026-01-02 03:04:05.123456' as p union all select 2, null`);
    expect(codeOf(await scene.run('go'))).toBeUndefined();
    const values = scene.others.state().files.map(({ partitionValues }) => partitionValues.p);
    expect(values.toSorted()).toEqual(['2026-01-02 03:04:05.123456', null]);
  });
});

describe('a table that another program restored or wrote over', () => {
  it('stops an increment, and the advised full load leads on without doubled rows', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    const then = scene.others.state().files;
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    await scene.run('go');
    const now = scene.others.state().files;
    const isIn = (files: Listed, path: string) => files.some((file) => file.path === path);
    scene.put('RESTORE', [...removed(now.filter(({ path }) => !isIn(then, path))), ...added(then.filter(({ path }) => !isIn(now, path)))]);
    expect(codeOf(await scene.run('go'))).toBe('HYG-3923');
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3]);
    expect(codeOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3]);
  });

  it('counts files of earlier commits that came back as its own, so that a full load does not double them', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.run('go');
    const then = scene.others.state().files;
    scene.put('DELETE', removed(then));
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c'], [4, 4, 'd']) });
    await scene.run('go');
    expect(await scene.ids()).toEqual([4]);
    scene.put('RESTORE', added(then));
    expect(codeOf(await scene.run('go'))).toBe('HYG-3923');
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4]);
  });

  it('stops an increment after an overwrite, whose rows would otherwise count as settled', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    const before = scene.others.state().files;
    await scene.others.append(`select 100::bigint as id, '2026-01-09'::timestamptz as at, 'theirs' as name`);
    scene.put('WRITE', removed(before));
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    expect(codeOf(await scene.run('go'))).toBe('HYG-3923');
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBe('HYG-2148');
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(`${byTime}if_exists: replace\n`) });
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3]);
  });
});

describe('a table of another program that expects no nulls inside of a struct', () => {
  it.skipIf(noChdb())('has them as nulls for a reader of the Delta project once they settled', async () => {
    using scene = new StoreScene(flowOf('run_type: incremental\nwatermark: { column: id }\nif_exists: append\n', '', 'in.parquet'));
    const schema = (nullable: boolean) => [
      { name: 'id', type: 'long', nullable: true, metadata: {} },
      {
        name: 'st',
        type: { type: 'struct', fields: [{ name: 'x', type: 'integer', nullable, metadata: {} }] },
        nullable: true,
        metadata: {},
      },
    ];
    const format = { provider: 'parquet', options: {} };
    const schemaString = JSON.stringify({ type: 'struct', fields: schema(false) });
    mkdirSync(join(scene.table, '_delta_log'), { recursive: true });
    scene.put('CREATE TABLE', [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      { metaData: { id: 'theirs', format, schemaString, partitionColumns: [], configuration: {} } },
    ]);
    await scene.workspace.parquet('in.parquet', `select 1::bigint as id, {'x': null::integer} as st union all select 2, {'x': 2}`);
    expect(codeOf(await scene.run('go'))).toBeUndefined();
    await using chdb = startChdb();
    expect(await chdb.query(`select id, st from ${localTable(scene.table)} order by id`)).toEqual([
      { id: 1, st: { x: null } },
      { id: 2, st: { x: 2 } },
    ]);
  });
});

describe('two fields of a struct whose names differ in capitals', () => {
  it('stop a run before a row settles, since no reader would open the table, and settle as text', async () => {
    using scene = new StoreScene(flowOf('', '', 'in.ndjson'));
    scene.workspace.write({ 'in.ndjson': `${JSON.stringify({ id: 1, st: { x: 1, X: 2 } })}\n` });
    const run = await scene.run('go');
    expect(errorOf(run)).toMatchObject({ code: 'HYG-2078', what: expect.stringContaining('st') });
    expect(scene.others.state().version).toBe(-1);
    scene.workspace.write({ 'flows/f/flow.yml': flowOf('schema_overrides: { st: json }\n', '', 'in.ndjson') });
    expect(codeOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.rows("id || ' ' || st")).toEqual(['1 {"x":1,"X":2}']);
  });
});
