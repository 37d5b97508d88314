/** The rows of the open boundary group in files into which another program put them with other rows. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vectorBytes, z85 } from '../../support/delta/writer/roaring.ts';
import { count, duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { byTime, codeOf, csv, errorOf, flowOf, removed, StoreScene } from './store-scene.ts';

/** Puts all rows into files of these rows, but those of a file that stays. */
async function split(scene: StoreScene, ...conditions: readonly string[]): Promise<void> {
  const before = scene.others.state().files.filter((file) => !('deletionVector' in file));
  const all = `read_parquet([${before.map(({ path }) => `'${join(scene.table, path)}'`).join(', ')}], union_by_name = true)`;
  const adds: object[] = [];
  for (const [at, condition] of conditions.entries()) {
    const path = join(scene.table, `split-${at}.parquet`);
    await duck(`copy (select * from ${all} where ${condition}) to '${path}' (format parquet)`);
    const stats = JSON.stringify({ numRecords: await count(`select count(*) as n from '${path}'`) });
    const file = { path: `split-${at}.parquet`, size: statSync(path).size, partitionValues: {}, modificationTime: 1, stats };
    adds.push({ add: { ...file, dataChange: false } });
  }
  scene.put('OPTIMIZE', [...removed(before).map(({ remove }) => ({ remove: { ...remove, dataChange: false } })), ...adds]);
}

const rowsRead = (run: Run): number => Math.max(...run.events.map((event) => (event.event === 'progress' ? event.rows : 0)));

describe('the open group in a file with other rows', () => {
  it('is not replaced if the file has other rows there than the settled ones, and the advised full load leads on', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.run('go');
    // It says that no row changed, and two rows have each other's time.
    await scene.others.optimize(
      `id, case id when '1' then timestamptz '2026-01-02 00:00:00Z' when '2' then '2026-01-01 00:00:00Z' else "at" end as "at", name`,
    );
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late']) });
    const stopped = errorOf(await scene.run('go'));
    expect(stopped).toMatchObject({ code: 'HYG-3925', why: [expect.stringContaining('other rows there than the settled ones')] });
    expect(await scene.ids()).toEqual([1, 2, 3]);
    expect(codeOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4]);
  });

  it.each(['', ', partition_by: [part]'])('is found again with values of all types%s', async (store) => {
    using scene = new StoreScene(flowOf(byTime, store, 'in.parquet'));
    const rows = (more = '') =>
      scene.workspace.parquet(
        'in.parquet',
        `select id::integer as id, make_timestamp(r."at" * 1000000 + 123456) as "at", id % 2 = 0 as yes, (id / 3)::float as f, 'NaN'::double as nan,
          (id * 1.10)::decimal(18, 2) as money, date '2026-01-01' + id::integer as d, time '10:00:00' as t, 'é' || id as text, null::varchar as nothing,
          uuid '5c3f2a52-0000-4000-8000-000000000001' as u, [id, null] as list, {'a': id, 'b': 'x'} as nested, 'abc'::blob as raw,
          timestamptz '2026-01-01 00:00:00Z' as instant, id::utinyint as small, (id % 3)::varchar as part
        from (values (1, 1), (2, 2), (3, 2), (4, 2) ${more}) as r(id, "at")`,
      );
    await rows();
    await scene.run('go');
    if (store === '') await split(scene, 'id in (1, 2)', 'id in (3, 4)');
    else await scene.run('compact', 'f.f');
    await rows(', (5, 2), (6, 3)');
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await scene.run('verify')).code).toBe(0);
  });

  it('is found again with its rows without a watermark', async () => {
    using scene = new StoreScene(flowOf(byTime.replace('at }', 'at, nulls: include }'), '', 'in.parquet'));
    const rows = (more = '') =>
      scene.workspace.parquet('in.parquet', `select * from (values (1, 1, 'a'), (2, 2, 'b'), (7, null, 'n') ${more}) as r(id, "at", name)`);
    await rows();
    await scene.run('go');
    await split(scene, 'id in (1, 7)', 'id = 2');
    await rows(", (3, 2, 'late'), (8, 3, 'new'), (9, null, 'm')");
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 7, 8, 9]);
    expect((await scene.run('verify')).code).toBe(0);
  });

  it('is found again where another program marked rows of a file that has none of the group', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 1, 'b'], [3, 2, 'c']));
    await scene.run('go');
    const [older] = scene.others.state().files;
    scene.workspace.write({ 'in.csv': csv([3, 2, 'c'], [4, 3, 'd']) });
    await scene.run('go');
    const bytes = vectorBytes([0]);
    const deletionVector = { storageType: 'i', pathOrInlineDv: z85(bytes), sizeInBytes: bytes.length, cardinality: 1 };
    const features = { readerFeatures: ['deletionVectors'], writerFeatures: ['deletionVectors', 'appendOnly', 'invariants'] };
    scene.put('DELETE', [
      { protocol: { minReaderVersion: 3, minWriterVersion: 7, ...features } },
      { remove: { path: older?.path, deletionTimestamp: 1, dataChange: true } },
      { add: { ...older, deletionVector, dataChange: true, modificationTime: 1 } },
    ]);
    await split(scene, `id in ('3', '4')`);
    scene.workspace.write({ 'in.csv': csv([4, 3, 'd'], [5, 3, 'late']) });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await scene.ids()).toEqual([2, 3, 4, 5]);
    expect(scene.others.state().files.map(({ path }) => path)).toContain(older?.path);
  });

  it('is read once from the source, however many files have rows of it', async () => {
    using scene = new StoreScene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 1, 'd']));
    await scene.run('go');
    await split(scene, `id in ('1', '2')`, `id in ('3', '4')`);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 1, 'd'], [5, 2, 'late']) });
    const run = await scene.run('go');
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(rowsRead(run)).toBe(9);
  });
});
