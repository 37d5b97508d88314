/** The lines that a stop prints lead on when they are pasted, and nothing that other programs do makes the entity stop for good. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import { duck } from '../../support/duck.ts';
import { byTime, codeOf, commandsIn, csv, errorOf, flowOf, removed, StoreScene } from './store-scene.ts';

const theirs = (id: number, day = 1) => `select ${id}::bigint as id, '2026-01-0${day}'::timestamptz as at, 'theirs' as name`;

describe('the advice of HYG-3923', () => {
  it.each(['', 'if_exists: append\n'])('after a RESTORE leads on as it is printed (%j)', async (more) => {
    using scene = new StoreScene(flowOf(byTime + more), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    const then = scene.others.state().files;
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    await scene.run('go');
    scene.put('RESTORE', removed(scene.others.state().files.filter(({ path }) => !then.some((one) => one.path === path))));
    const stopped = errorOf(await scene.run('go'));
    expect(stopped).toMatchObject({ code: 'HYG-3923' });
    const line = stopped?.tryThis.find((one) => one.includes('append') === (more !== ''));
    for (const [command = '', ...words] of commandsIn(line)) await scene.run(command, ...words, ...(command === 'reset' ? ['--yes'] : []));
    expect(await scene.ids()).toEqual([1, 2, 3]);
    expect(codeOf(await scene.run('go'))).toBeUndefined();
  });

  it('after an OPTIMIZE over rows of several writers: a load that replaces the whole table leads on, and no other does', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    await scene.others.append(theirs(100));
    await scene.others.optimize();
    const stopped = errorOf(await scene.run('go'));
    expect(stopped).toMatchObject({ code: 'HYG-3923', tryThis: expect.arrayContaining([expect.stringContaining('if_exists: replace')]) });
    for (const more of ['', 'if_exists: append\n']) {
      scene.workspace.write({ 'flows/f/flow.yml': flowOf(byTime + more) });
      expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBe('HYG-3923');
    }
    expect((await scene.run('reset', 'f.f', '--yes')).code).toBe(0);
    expect(codeOf(await scene.run('go'))).toBe('HYG-3923');
    expect(await scene.ids()).toEqual([1, 2, 100]);
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(`${byTime}if_exists: replace\n`) });
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2]);
    expect(codeOf(await scene.run('go'))).toBeUndefined();
  });

  it('names the entity where its files are compared', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    await scene.others.append(theirs(100));
    await scene.others.optimize();
    const { stdout } = await scene.run('verify', '--settled');
    expect(stdout).toContain('HYG-3923');
    expect(stdout).not.toContain('FLOW.ENTITY');
    expect(stdout).toContain('hygge reset f.f');
  });
});

describe('a file of another program that is outside of the folder, as a shallow clone has it', () => {
  it('is not missed', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    const path = scene.workspace.path('elsewhere.parquet');
    await duck(`copy (${theirs(100)}) to '${path}' (format parquet)`);
    const stats = JSON.stringify({ numRecords: 1 });
    const file = { path: `file://${path}`, size: statSync(path).size, partitionValues: {}, modificationTime: 1, stats };
    scene.put('CLONE', [{ add: { ...file, dataChange: true } }]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    expect(codeOf(await scene.run('go'))).toBeUndefined();
    expect((await scene.run('verify')).code).toBe(0);
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBe('HYG-2148');
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(`${byTime}if_exists: replace\n`) });
    expect(errorOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3]);
  });
});

describe('a row that another program merged into the entity’s files', () => {
  it('is not a row of which deletes: ignore says that the source has no longer got it', async () => {
    const flow = 'home: { path: in, format: delta }\nstore: { path: lake/orders, format: delta }\nrun_type: incremental\n';
    using scene = new StoreScene(`${flow}watermark: { changes: change_feed, key: id }\ndeletes: ignore\n`);
    mkdirSync(scene.workspace.path('in'));
    const properties = { 'delta.enableChangeDataFeed': 'true' };
    const columns = [{ name: 'id', type: 'long' }] as const;
    await using source = await DeltaTable.create(diskFolder(scene.workspace.path('in')), {
      ...{ seed: 1, columns, features: ['changeDataFeed'], properties },
    });
    await source.append([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await scene.run('go');
    await source.delete(({ id }) => id === 3);
    await scene.run('go');
    expect((await scene.run('verify')).code).toBe(0);
    const before = scene.others.state().files;
    const names = before.map(({ path }) => `'${join(scene.table, path)}'`).join(', ');
    await scene.others.append(`select * from read_parquet([${names}]) union all select 99, 1`);
    const [merged] = scene.others.state().files.filter(({ path }) => !before.some((one) => one.path === path));
    scene.others.drop(merged?.path ?? '');
    scene.put('MERGE', [...removed(before), { add: { ...merged, dataChange: true, modificationTime: 1 } }]);
    const { code, stdout } = await scene.run('verify');
    expect(stdout).toContain('"only_in_destination":1');
    expect(code).toBe(1);
  });
});
