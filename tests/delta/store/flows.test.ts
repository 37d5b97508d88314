import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const flowOf = (more = '', store = '') =>
  `home: { path: in.csv }\nstore: { type: local, path: lake/orders, format: delta${store} }\n${more}`;
const byTime = 'run_type: incremental\nwatermark: { column: at }\n';
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`;
const csv = (...rows: readonly (readonly [id: number, at: number, name: string])[]) =>
  ['id,at,name', ...rows.map(([id, at, name]) => `${id},${day(at)},${name}`), ''].join('\n');

class Scene implements Disposable {
  readonly workspace: TestWorkspace;
  readonly table: string;
  readonly others: OtherCommitter;

  constructor(flow: string, source: string) {
    this.workspace = new TestWorkspace({ 'flows/f/flow.yml': flow, 'in.csv': source });
    this.table = this.workspace.path('lake/orders');
    this.others = new OtherCommitter(this.table);
  }

  go(...args: readonly string[]): Promise<Run> {
    return this.workspace.run(['go', '--output', 'json', ...args]);
  }

  /** By a reader that is not ours: the files that the log names, read by DuckDB. */
  async rows(columns = 'id, name'): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const files = this.others.state().files.map(({ path }) => `'${join(this.table, decodeURIComponent(path))}'`);
    if (files.length === 0) return [];
    return duck(`select ${columns} from read_parquet([${files.join(', ')}], union_by_name = true, hive_partitioning = false) order by all`);
  }

  async ids(): Promise<readonly number[]> {
    return (await this.rows('id')).map(({ id }) => Number(id));
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }
}

const last = (run: Run) => run.events.at(-1);
const errorOf = (run: Run) => run.events.find((event): event is HyggeEvent & { event: 'error' } => event.event === 'error');
const advised = (run: Run, what: RegExp): readonly string[] => {
  const line = errorOf(run)?.tryThis?.find((one) => what.test(one)) ?? '';
  return (/hygge (.*)$/.exec(line)?.[1] ?? '')
    .split(' ')
    .filter(Boolean)
    .map((word) => word.replaceAll('"', ''));
};

describe('a store that is a Delta table', () => {
  it('takes a first load, increments with late rows of the last watermark, and a full load', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    expect(last(await scene.go())).toMatchObject({ pass: 1, rows: 2 });
    expect(await scene.ids()).toEqual([1, 2]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'late'], [4, 3, 'c']) });
    expect(last(await scene.go())).toMatchObject({ pass: 1 });
    expect(await scene.ids()).toEqual([1, 2, 3, 4]);
    expect(last(await scene.go())).toMatchObject({ skip: 1 });
    scene.workspace.write({ 'in.csv': csv([7, 1, 'new']) });
    expect(last(await scene.go('-d', '-e', 'f.f'))).toMatchObject({ error: 0 });
    expect(await scene.rows()).toEqual([{ id: '7', name: 'new' }]);
  });

  it('keeps the files of earlier versions, which readers may still read', async () => {
    using scene = new Scene(flowOf(), csv([1, 1, 'a']));
    await scene.go();
    const before = scene.others.state().files.map(({ path }) => path);
    scene.workspace.write({ 'in.csv': csv([2, 1, 'b']) });
    await scene.go();
    expect(await scene.ids()).toEqual([2]);
    expect(before.every((path) => existsSync(join(scene.table, decodeURIComponent(path))))).toBe(true);
  });

  it('leaves rows that other programs append, and finds its own again after a compaction', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.go();
    await scene.others.append(`select 100::bigint as id, '2026-01-09'::timestamptz as at, 'theirs' as name`);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']) });
    expect(last(await scene.go())).toMatchObject({ pass: 1 });
    expect(await scene.ids()).toEqual([1, 2, 3, 100]);
  });

  it('takes the open group out of a file into which a compaction put it with other rows', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.go();
    await scene.others.optimize();
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late'], [5, 3, 'd']) });
    const run = await scene.go();
    expect([errorOf(run)?.code, await scene.ids()]).toEqual([undefined, [1, 2, 3, 4, 5]]);
    expect(scene.others.state().files.filter(({ path }) => path.startsWith('other-'))).toEqual([]);
    expect(last(await scene.go())).toMatchObject({ skip: 1 });
  });

  it('leaves a file that a compaction made as it is while the source has the same open group, or none of it', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.go();
    const version = await scene.others.optimize();
    expect(last(await scene.go())).toMatchObject({ skip: 1 });
    expect(scene.others.state().version).toBe(version);
    scene.workspace.write({ 'in.csv': csv([3, 3, 'c']) });
    expect(last(await scene.go())).toMatchObject({ pass: 1 });
    expect(await scene.ids()).toEqual([1, 2, 3]);
    expect(scene.others.state().files.filter(({ path }) => path.startsWith('other-'))).toHaveLength(1);
  });

  it('stops where rows of the open group are gone from such a file, and the advised full load leads on', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.go();
    await scene.others.optimize();
    await scene.others.delete('id = 3');
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late'], [5, 3, 'd']) });
    const stopped = await scene.go();
    expect(errorOf(stopped)).toMatchObject({ code: 'HYG-3925' });
    expect(await scene.ids()).toEqual([1, 2]);
    expect(last(await scene.workspace.run([...advised(stopped, /go -d/), '--output', 'json']))).toMatchObject({ error: 0 });
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(errorOf(await scene.go())).toBeUndefined();
    expect(await scene.ids()).toEqual([1, 2, 3, 4, 5]);
  });

  it('backfills a range whose rows a compaction put together with others', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.go();
    await scene.others.optimize();
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [7, 2, 'new'], [3, 3, 'c']) });
    const run = await scene.workspace.run(['backfill', 'f.f', '--from', day(2), '--to', day(3), '--output', 'json']);
    expect([errorOf(run)?.code, await scene.ids()]).toEqual([undefined, [1, 3, 7]]);
  });

  it('replaces the open group where a backfill left it alone in a file that was written anew', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.go();
    await scene.others.optimize();
    scene.workspace.write({ 'in.csv': csv([7, 1, 'new'], [2, 2, 'b'], [3, 2, 'late']) });
    await scene.workspace.run(['backfill', 'f.f', '--from', day(1), '--to', day(2)]);
    const run = await scene.go();
    expect([errorOf(run)?.code, await scene.ids()]).toEqual([undefined, [2, 3, 7]]);
  });

  it('writes rows of a file of others anew in the order that settled', async () => {
    using scene = new Scene(flowOf(byTime).replace('in.csv', 'in.parquet'), '');
    const source = (...rows: readonly string[]) =>
      scene.workspace.parquet('in.parquet', `select * from (values ${rows.join(', ')}) t(id, "at", name)`);
    const row = (id: number, at: number, name: string | null) =>
      `(${id}::smallint, '${day(at)}'::timestamptz, ${name === null ? 'null' : `'${name}'`}::varchar)`;
    await source(row(1, 1, null), row(2, 2, 'b'));
    await scene.go();
    await scene.others.optimize('name, "at", id');
    await source(row(1, 1, null), row(2, 2, 'b'), row(3, 2, 'late'));
    const run = await scene.go();
    expect([errorOf(run)?.code, await scene.ids()]).toEqual([undefined, [1, 2, 3]]);
    for (const { path, stats } of scene.others.state().files) {
      const file = `'${join(scene.table, decodeURIComponent(path))}'`;
      expect((await duck(`describe select * from ${file}`)).map((one) => `${one.column_name} ${one.column_type}`)).toEqual([
        'id SMALLINT',
        'at TIMESTAMP WITH TIME ZONE',
        'name VARCHAR',
      ]);
      const [nulls] = await duck(
        `select count(*) - count(id) as id, count(*) - count("at") as "at", count(*) - count(name) as name from ${file}`,
      );
      const counted = Object.fromEntries(Object.entries(nulls ?? {}).map(([name, n]) => [name, Number(n)]));
      expect((JSON.parse(stats) as { nullCount: unknown }).nullCount).toEqual(counted);
    }
  });

  it('stops a full load beside rows of others, in the plan too, until if_exists says what becomes of them', async () => {
    using scene = new Scene(flowOf(), csv([1, 1, 'a']));
    await scene.go();
    const version = await scene.others.append(`select '100' as id, 'theirs' as name`);
    scene.workspace.write({ 'in.csv': csv([2, 2, 'b']) });
    expect(errorOf(await scene.go('--dry-run'))).toMatchObject({ code: 'HYG-2148', what: expect.stringContaining('1 row') });
    expect(errorOf(await scene.go())).toMatchObject({ code: 'HYG-2148' });
    expect([await scene.ids(), scene.others.state().version]).toEqual([[1, 100], version]);
    scene.workspace.write({ 'flows/f/flow.yml': flowOf('if_exists: replace\n') });
    expect(last(await scene.go())).toMatchObject({ error: 0 });
    expect(await scene.ids()).toEqual([2]);
  });

  it('loads beside rows of others what if_exists: append lets it load', async () => {
    using scene = new Scene(flowOf(`${byTime}if_exists: append\n`), csv([1, 1, 'a']));
    await scene.go();
    await scene.others.append(`select '100' as id, 'theirs' as name`);
    expect((await scene.workspace.run(['reset', 'f.f', '--yes', '--output', 'json'])).code).toBe(0);
    scene.workspace.write({ 'in.csv': csv([2, 2, 'b']) });
    expect(errorOf(await scene.go())).toBeUndefined();
    // Ids are texts.
    expect(await scene.ids()).toEqual([100, 2]);
  });

  it('continues where another program deleted rows, and warns', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.go();
    await scene.go();
    await scene.others.delete('id = 1');
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c'], [4, 4, 'd']) });
    const run = await scene.go();
    expect(run.stderr + run.stdout).toContain('Another program changed or deleted rows of this entity');
    expect([errorOf(run)?.code, await scene.ids()]).toEqual([undefined, [2, 3, 4]]);
  });

  it('refuses a renamed flow, and the advised command moves its state', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.go();
    renameSync(scene.workspace.path('flows/f'), scene.workspace.path('flows/g'));
    scene.workspace.write({ 'flows/g/flow.yml': flowOf(`${byTime}if_exists: append\n`) });
    const run = await scene.go();
    expect([errorOf(run)?.code, await scene.ids()]).toEqual(['HYG-2071', [1, 2]]);
    expect((await scene.workspace.run(advised(run, /state mv/))).code).toBe(0);
    expect([errorOf(await scene.go()), await scene.ids()]).toEqual([undefined, [1, 2]]);
  });

  it('refuses an empty text as partition, and settles nothing', async () => {
    using scene = new Scene(flowOf('', ', partition_by: [name]').replace('in.csv', 'in.parquet'), '');
    await scene.workspace.parquet('in.parquet', `select * from (values (1, 'a'), (2, '')) t(id, name)`);
    expect(errorOf(await scene.go())).toMatchObject({ code: 'HYG-3924' });
    expect(scene.others.state().files).toEqual([]);
  });

  it('refuses a commit that removes rows of a table that takes new rows alone', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a']));
    await scene.go();
    scene.others.setProperty('delta.appendOnly', 'true');
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b']) });
    const run = await scene.go('-d', '-e', 'f.f');
    expect(errorOf(run)).toMatchObject({ code: 'HYG-3921', what: expect.stringContaining('delta.appendOnly') });
    expect(await scene.ids()).toEqual([1]);
  });

  it('is partitioned as the flow says', async () => {
    using scene = new Scene(flowOf(byTime, ', partition_by: [name]'), csv([1, 1, 'a b/c'], [2, 2, 'é=%']));
    expect(last(await scene.go())).toMatchObject({ pass: 1 });
    const values = scene.others.state().files.map(({ partitionValues }) => partitionValues);
    expect([...new Set(values.map(({ name }) => name))].sort()).toEqual(['a b/c', 'é=%']);
    expect(scene.others.state().files.every(({ path }) => existsSync(join(scene.table, decodeURIComponent(path))))).toBe(true);
  });

  it('refuses a folder of plain files', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a']));
    scene.workspace.write({ 'lake/orders/old.parquet': 'PAR1' });
    expect(errorOf(await scene.go())).toMatchObject({ code: 'HYG-3926' });
    expect(readdirSync(scene.table)).toEqual(['old.parquet']);
  });

  it('is read back by hygge verify, hygge query and hygge compact', async () => {
    using scene = new Scene(flowOf(byTime), csv([1, 1, 'a']));
    await scene.go();
    for (const n of [2, 3, 4]) {
      scene.workspace.write({ 'in.csv': csv(...Array.from({ length: n }, (_, i) => [i + 1, i + 1, `n${i}`] as const)) });
      await scene.go();
    }
    scene.workspace.write({ 'in.csv': csv([1, 1, 'n0'], [2, 2, 'n1'], [3, 3, 'n2'], [4, 4, 'n3']) });
    expect((await scene.workspace.run(['verify', '--output', 'json'])).code).toBe(0);
    expect((await scene.workspace.run(['query', 'select count(*) as n from f.f', '--output', 'json'])).stdout).toContain('4');
    expect((await scene.workspace.run(['compact', 'f.f', '--output', 'json'])).code).toBe(0);
    expect(await scene.ids()).toEqual([1, 2, 3, 4]);
    const newest = readFileSync(join(scene.table, '_delta_log', `${String(scene.others.state().version).padStart(20, '0')}.json`), 'utf8');
    expect(newest).not.toContain('"dataChange":true');
    expect(last(await scene.go())).toMatchObject({ skip: 1 });
  });

  it.skipIf(noChdb())(
    'has at each version the rows that the run left, by a reader of the Delta project, also from checkpoints',
    async () => {
      using scene = new Scene(flowOf(byTime), csv([1, 1, 'a']));
      const settled: (readonly number[])[] = [];
      for (let n = 1; n <= 11; n++) {
        scene.workspace.write({ 'in.csv': csv(...Array.from({ length: n }, (_, i) => [i + 1, i + 1, `n${i}`] as const)) });
        await scene.go();
        settled[scene.others.state().version] = await scene.ids();
      }
      expect(readdirSync(join(scene.table, '_delta_log')).filter((name) => name.endsWith('.checkpoint.parquet'))).toHaveLength(1);
      const folder = mkdtempSync(join(tmpdir(), 'hygge-read-'));
      await using chdb = startChdb();
      for (const [version, ids] of settled.entries()) {
        const to = join(folder, `${version}.parquet`);
        expect(await chdb.read(localTable(scene.table), to, version)).toBeUndefined();
        expect((await duck(`select id from '${to}' order by id`)).map(({ id }) => Number(id))).toEqual(ids);
      }
      rmSync(folder, { recursive: true });
    },
  );
});
