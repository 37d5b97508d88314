/** Files that other programs made of an entity's rows, with columns of other physical types than those of the table, or without statistics. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { byTime, codeOf, commandsIn, csv, errorOf, flowOf, type Listed, removed, StoreScene } from './store-scene.ts';

const nestedRows = (scene: StoreScene, ...rows: readonly (readonly [id: number, day: number])[]) =>
  scene.workspace.parquet(
    'in.parquet',
    `select id, timestamptz '2026-01-01 00:00:00Z' + to_days(day) as "at", {'a': id::integer, 'l': [{'b': id::integer}]} as nested from (values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) as r(id, day)`,
  );

describe('a file of another program', () => {
  it('with wall-clock times for the instants of the table has the same rows', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.run('go');
    await scene.others.optimize(`id, "at" at time zone 'UTC' as "at", name`);
    const verify = await scene.run('verify', 'f.f');
    expect(verify.code, verify.stdout).toBe(0);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late'], [5, 3, 'd']) });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(scene.others.state().files.filter(({ path }) => path.startsWith('other-'))).toEqual([]);
  });

  it('with wider numbers in nested values has the same rows', async () => {
    using scene = new StoreScene(flowOf(byTime, '', 'in.parquet'));
    await nestedRows(scene, [1, 1], [2, 2], [3, 2]);
    await scene.run('go');
    await scene.others.optimize(`id, "at", {'a': nested.a::bigint, 'l': [{'b': nested.a::bigint}]} as nested`);
    expect((await scene.run('verify', 'f.f')).code).toBe(0);
    await nestedRows(scene, [1, 1], [2, 2], [3, 2], [4, 2], [5, 3]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5]);
    expect((await scene.run('verify', 'f.f')).code).toBe(0);
  });

  it('with bytes for the texts of the table is named with its column, and the advised full load leads on', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.run('go');
    await scene.others.optimize(`id, "at", name::blob as name`);
    const verify = await scene.run('verify', 'f.f');
    expect(errorOf(verify)?.code ?? verify.stdout).toContain('HYG-3928');
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late']) });
    const stopped = errorOf(await scene.run('go'));
    expect(stopped).toMatchObject({
      code: 'HYG-3928',
      what: expect.stringMatching(/Column name of lake\/orders: other-.*\.parquet is binary/),
    });
    for (const args of commandsIn(stopped?.tryThis?.find((line) => line.includes('hygge go -d')))) {
      const named = args.map((word) => word.replace('FLOW.ENTITY', 'f.f'));
      expect(codeOf(await scene.run(...named))).toBeUndefined();
    }
    expect(await scene.ids()).toEqual([1, 2, 3, 4]);
  });
});

describe('a file without statistics', () => {
  it('that has rows of the entity is read by ranges and for the open group', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.run('go');
    await optimizedWithoutStatistics(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [7, 2, 'new'], [3, 3, 'c']) });
    const backfill = await scene.run('backfill', 'f.f', '--from', '2026-01-02T00:00:00Z', '--to', '2026-01-03T00:00:00Z');
    expect(errorOf(backfill)).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 3, 7]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [7, 2, 'new'], [3, 3, 'c'], [4, 3, 'late'], [5, 4, 'd']) });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 3, 4, 5, 7]);
    expect((await scene.run('verify', 'f.f')).code).toBe(0);
  });
});

/** A commit by a program that writes no statistics. */
async function withoutStatistics(
  scene: StoreScene,
  operation: 'WRITE' | 'OPTIMIZE' | 'MERGE',
  select: string,
  gone: Listed = [],
): Promise<void> {
  const path = `bare-${scene.others.state().version}.parquet`;
  await duck(`copy (${select}) to '${join(scene.table, path)}' (format parquet)`);
  const dataChange = operation !== 'OPTIMIZE';
  const file = { path, size: statSync(join(scene.table, path)).size, partitionValues: {}, modificationTime: 1, dataChange };
  scene.put(operation, [...removed(gone).map(({ remove }) => ({ remove: { ...remove, dataChange } })), { add: file }]);
}

async function optimizedWithoutStatistics(scene: StoreScene): Promise<void> {
  const files = scene.others.state().files;
  const paths = files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`).join(', ');
  await withoutStatistics(scene, 'OPTIMIZE', `select * from read_parquet([${paths}])`, files);
}

describe('a MERGE of another program that changes a row of the entity and inserts one into the same file', () => {
  const merged = async (scene: StoreScene) => {
    const files = scene.others.state().files;
    const paths = files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`).join(', ');
    const all = `select * replace (case id when 1 then 'changed' else name end as name) from read_parquet([${paths}])`;
    await withoutStatistics(scene, 'MERGE', `${all} union all select 9, '2026-01-01'::timestamptz, 'theirs'`, files);
  };

  it('stops a full load after a compaction and a backfill as well, which wrote the row into other files', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    await merged(scene);
    const rows = [1, 2, 3, 4, 5].map((n) => [n, n, `n${n}`] as const);
    for (const n of [3, 4, 5]) {
      scene.workspace.write({ 'in.csv': csv(...rows.slice(0, n)) });
      expect(errorOf(await scene.run('go'))).toBeUndefined();
    }
    const files = () => scene.others.state().files.map(({ path }) => path);
    for (const words of [
      ['compact', 'f.f'],
      ['backfill', 'f.f', '--from', '2026-01-02', '--to', '2026-01-03'],
    ]) {
      const before = files();
      expect(errorOf(await scene.run(...words))).toBeUndefined();
      expect(files().filter((path) => before.includes(path)).length).toBeLessThan(before.length);
      expect(await scene.ids()).toEqual([1, 2, 3, 4, 5, 9]);
      expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBe('HYG-2148');
    }
  });
});

describe('a MERGE of another program that inserts as many rows as it deletes', () => {
  const merged = async (scene: StoreScene) => {
    const files = scene.others.state().files;
    const paths = files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`).join(', ');
    const rest = `select * from read_parquet([${paths}]) where id <> 1`;
    await withoutStatistics(scene, 'MERGE', `${rest} union all select 9, '2026-01-01'::timestamptz, 'theirs'`, files);
  };

  it('stops a full load, which says that it may have rows of others', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    await merged(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(errorOf(await scene.run('go', '-d', '-e', 'f.f'))).toMatchObject({
      code: 'HYG-2148',
      what: expect.stringContaining('may have rows that'),
    });
  });
});
