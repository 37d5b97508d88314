/** A merge into a table with a change feed: readers of the feed find each row that it changes, as it was before and as it is after. */
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { csv, errorOf, flowOf, StoreScene } from './store-scene.ts';

const byKey = 'run_type: incremental\nwatermark: { column: at, key: id }\n';
const comparing = `${byKey}deletes: { compare: 1d, complete: true, max: 60%, pause: 0s }\n`;
const ok = (run: Run) => expect([run.code, errorOf(run)?.code, errorOf(run)?.why]).toEqual([0, undefined, undefined]);
/** As other programs switch a feed on. */
function withFeed(scene: StoreScene): void {
  scene.put('UPGRADE PROTOCOL', [{ protocol: { minReaderVersion: 1, minWriterVersion: 4 } }]);
  scene.others.setProperty('delta.enableChangeDataFeed', 'true');
}

interface Cdc {
  readonly path: string;
  readonly size: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

const cdcIn = (scene: StoreScene, version: number): readonly Cdc[] =>
  readFileSync(join(scene.table, '_delta_log', `${String(version).padStart(20, '0')}.json`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => (JSON.parse(line) as { readonly cdc?: Cdc }).cdc ?? []);

const without = noChdb();
const chdb = startChdb();
afterAll(() => chdb[Symbol.asyncDispose]());

type Changes = Readonly<Record<string, unknown>>;
const textsOf = (rows: readonly Changes[]) => rows.map((one) => Object.values(one).map(String).join(' ')).sort();

/** The newest version's changes as the files in `_change_data` say them, and the same by a reader that is not ours, where it is there. */
async function changes(scene: StoreScene, columns = 'id, name'): Promise<readonly string[]> {
  const { version } = scene.others.state();
  const files = cdcIn(scene, version).map(({ path, partitionValues }) => {
    const values = Object.entries(partitionValues).map(([name, value]) => `, '${value}' as ${name}`);
    return `select *${values.join('')} from read_parquet('${join(scene.table, decodeURIComponent(path))}', hive_partitioning = false)`;
  });
  const ours = textsOf(await duck(`select _change_type as kind, ${columns} from (${files.join(' union all by name ')})`));
  expect(await byKernel(scene, columns)).toEqual(without === '' ? ours : []);
  return ours;
}

/** The newest version's changes by the kernel of the Delta project. */
async function byKernel(scene: StoreScene, columns = 'id, name'): Promise<readonly string[]> {
  if (without !== '') return [];
  const { version } = scene.others.state();
  const of = `settings delta_lake_snapshot_start_version = ${version}, delta_lake_snapshot_end_version = ${version}`;
  return textsOf(await chdb.query(`select _change_type as kind, ${columns} from ${localTable(scene.table)} ${of}`));
}

describe.each([
  ['deletion vectors', ''],
  ['copy_on_write', ', merge: copy_on_write'],
])('a merge with %s into a table with a change feed', (_, merge) => {
  it('writes the rows that it updates, inserts and leaves out of the table', async () => {
    using scene = new StoreScene(flowOf(byKey, merge), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 4, 'A'], [2, 5, 'B'], [4, 6, 'd']) });
    ok(await scene.run('go'));
    expect(await changes(scene)).toEqual([
      ...['insert 4 d', 'update_postimage 1 A', 'update_postimage 2 B', 'update_preimage 1 a', 'update_preimage 2 b'],
    ]);
    scene.workspace.write({ 'in.csv': csv([2, 7, 'BB']) });
    ok(await scene.run('go'));
    expect(await changes(scene)).toEqual(['update_postimage 2 BB', 'update_preimage 2 B']);
    expect(await scene.rows()).toEqual(['1 A', '2 BB', '3 c', '4 d']);
  });

  it('writes no file where a run only adds rows', async () => {
    using scene = new StoreScene(flowOf(byKey, merge), csv([1, 1, 'a']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([2, 2, 'b']) });
    ok(await scene.run('go'));
    expect(cdcIn(scene, scene.others.state().version)).toEqual([]);
    expect(existsSync(join(scene.table, '_change_data'))).toBe(false);
  });

  it('writes the rows that a comparison of keys removes', async () => {
    using scene = new StoreScene(flowOf(comparing, merge), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [3, 3, 'c']) });
    ok(await scene.run('go', '--compare-deletes'));
    expect(await changes(scene)).toEqual(['delete 2 b']);
  });

  it('writes the rows of each partition for themselves, also of a row that moves', async () => {
    using scene = new StoreScene(flowOf(byKey, `${merge}, partition_by: [name]`), csv([1, 1, 'dk'], [2, 2, 'dk'], [3, 3, 'se']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 4, 'se'], [3, 5, 'se']) });
    ok(await scene.run('go'));
    expect(await changes(scene)).toEqual([
      ...['update_postimage 1 se', 'update_postimage 3 se', 'update_preimage 1 dk', 'update_preimage 3 se'],
    ]);
    const partitions = cdcIn(scene, scene.others.state().version).map(({ partitionValues }) => partitionValues.name);
    expect(new Set(partitions)).toEqual(new Set(['dk', 'se']));
  });
});

it('a mapped table has its names in the files of its change feed', async () => {
  using scene = new StoreScene(flowOf(byKey, ', column_mapping: name'), csv([1, 1, 'a'], [2, 2, 'b']));
  ok(await scene.run('go'));
  scene.put('UPGRADE PROTOCOL', [{ protocol: { minReaderVersion: 2, minWriterVersion: 5 } }]);
  scene.others.setProperty('delta.enableChangeDataFeed', 'true');
  scene.workspace.write({ 'in.csv': csv([2, 3, 'B']) });
  ok(await scene.run('go'));
  const [first] = cdcIn(scene, scene.others.state().version);
  const columns = await duck(`select name from parquet_schema('${join(scene.table, first?.path ?? '')}') order by name`);
  expect(columns.map(({ name }) => String(name)).sort()).toEqual([
    ...['_change_type', expect.stringMatching(/^col-/), expect.stringMatching(/^col-/), expect.stringMatching(/^col-/)],
    'root',
  ]);
  expect(await byKernel(scene)).toEqual(without === '' ? ['update_postimage 2 B', 'update_preimage 2 b'] : []);
});

describe('a table with a change feed', () => {
  it('gives another flow each change', async () => {
    using scene = new StoreScene(flowOf(comparing), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    ok(await scene.run('go'));
    withFeed(scene);
    const copy = 'home: { path: lake/orders, format: delta }\nstore: { type: local, path: lake/copy, format: delta }\n';
    scene.workspace.write({ 'flows/g/flow.yml': `${copy}run_type: incremental\nwatermark: { changes: change_feed, key: id }\n` });
    ok(await scene.run('go', '-e', 'g.g'));
    scene.workspace.write({ 'in.csv': csv([1, 4, 'A'], [3, 3, 'c'], [4, 5, 'd']) });
    ok(await scene.run('go', '--compare-deletes', '-e', 'f.f'));
    ok(await scene.run('go', '-e', 'g.g'));
    ok(await scene.run('verify', 'g.g'));
    const copied = scene.workspace.path('lake/copy');
    const rows = await duck(`select id || ' ' || name as text from (${new OtherCommitter(copied).rows()}) order by 1`);
    expect(rows.map(({ text }) => text)).toEqual(['1 A', '3 c', '4 d']);
  });

  it('takes full loads and compactions, whose changes follow from the log, and no backfill', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b'], [9, 5, 'i']));
    ok(await scene.run('go'));
    withFeed(scene);
    const backfill = await scene.run('backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-02');
    expect(errorOf(backfill)).toMatchObject({
      code: 'HYG-3921',
      what: expect.stringContaining('has a change feed'),
      tryThis: expect.arrayContaining([expect.stringContaining('switch the feed off')]),
    });
    scene.workspace.write({ 'in.csv': csv([3, 6, 'c']) });
    ok(await scene.run('go'));
    ok(await scene.run('compact', 'f.f'));
    expect(cdcIn(scene, scene.others.state().version)).toEqual([]);
    expect(await byKernel(scene)).toEqual([]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [3, 3, 'c']) });
    ok(await scene.run('go', '-d', '-e', 'f.f'));
    expect(await byKernel(scene)).toEqual(
      without === '' ? ['delete 1 a', 'delete 2 b', 'delete 3 c', 'delete 9 i', 'insert 1 a', 'insert 3 c'] : [],
    );
  });

  it('takes a backfill of whole files, and none that would move rows into other files', async () => {
    using scene = new StoreScene(flowOf('run_type: incremental\nwatermark: { column: at }\n'), csv([1, 1, 'a'], [5, 2, 'e'], [2, 3, 'b']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [5, 2, 'e'], [2, 3, 'b'], [3, 20, 'c']) });
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [5, 2, 'e'], [2, 3, 'b'], [4, 12, 'd'], [3, 20, 'c']) });
    ok(await scene.run('backfill', 'f.f', '--from', '2026-01-10', '--to', '2026-01-15'));
    expect(await scene.rows()).toEqual(['1 a', '2 b', '3 c', '4 d', '5 e']);
    const refused = await scene.run('backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-02');
    expect(errorOf(refused)).toMatchObject({ code: 'HYG-3921', what: expect.stringContaining('has a change feed') });
    ok(await scene.run('go', '-d', '-e', 'f.f'));
  });

  it('takes no overlap, which would move rows into other files, and says so', async () => {
    const flow = (overlap: string) => flowOf(`run_type: incremental\nwatermark: { column: at${overlap} }\n`);
    using scene = new StoreScene(flow(', overlap: 1d'), csv([1, 1, 'a'], [2, 3, 'b'], [3, 4, 'c']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 3, 'b'], [3, 4, 'c'], [4, 5, 'd']) });
    const refused = await scene.run('go');
    expect(errorOf(refused)).toMatchObject({ code: 'HYG-3921', tryThis: expect.arrayContaining([expect.stringContaining('overlap')]) });
    scene.workspace.write({ 'flows/f/flow.yml': flow('') });
    ok(await scene.run('go'));
    expect(await scene.rows()).toEqual(['1 a', '2 b', '3 c', '4 d']);
  });

  it('whose last rows another program put into a file with others is refused when the run is planned, and takes a full load', async () => {
    using scene = new StoreScene(flowOf('run_type: incremental\nwatermark: { column: at }\n'), csv([1, 1, 'a'], [2, 2, 'b']));
    ok(await scene.run('go'));
    withFeed(scene);
    await scene.others.optimize();
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']) });
    expect(errorOf(await scene.run('go', '--dry-run'))).toMatchObject({
      code: 'HYG-3921',
      tryThis: expect.arrayContaining([expect.stringContaining('hygge go -d -e f.f')]),
    });
    ok(await scene.run('go', '-d', '-e', 'f.f'));
    expect(await scene.rows()).toEqual(['1 a', '2 b', '3 c']);
  });

  it('has no column with a name of the feed: the run is refused when it is planned', async () => {
    const name = '_Commit_Version';
    const rows = (...all: readonly (readonly [id: number, day: number])[]) =>
      [`id,at,${name}`, ...all.map(([id, day]) => `${id},2026-01-0${day}T00:00:00Z,x`), ''].join('\n');
    using scene = new StoreScene(flowOf(byKey), rows([1, 1]));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': rows([1, 2]) });
    expect(errorOf(await scene.run('go', '-e', 'f.f'))).toMatchObject({
      code: 'HYG-3921',
      what: expect.stringContaining(`${name} is a column name of the feed`),
    });
    // A column that comes is refused as well, and is left out as the error says.
    const flow = (more: string) =>
      `home: { path: lake/orders, format: delta${more} }\nstore: { type: local, path: lake/copy, format: delta }\n${byKey}`;
    const leftOut = flow(`, exclude: [${name}]`);
    scene.workspace.write({ 'flows/g/flow.yml': leftOut });
    ok(await scene.run('go', '-e', 'g.g'));
    new OtherCommitter(scene.workspace.path('lake/copy')).configure({ 'delta.enableChangeDataFeed': 'true' });
    scene.others.configure({ 'delta.enableChangeDataFeed': 'false' });
    ok(await scene.run('go', '-e', 'f.f'));
    scene.workspace.write({ 'flows/g/flow.yml': flow('') });
    const refused = errorOf(await scene.run('go', '-e', 'g.g'));
    expect([refused?.code, refused?.tryThis[0]]).toEqual(['HYG-3921', expect.stringContaining(`exclude: [${name}] }`)]);
    scene.workspace.write({ 'flows/g/flow.yml': leftOut });
    ok(await scene.run('go', '-e', 'g.g'));
  });

  it('has each row of a run with two rows of one key', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([2, 2, 'b'], [2, 3, 'B'], [3, 3, 'c']) });
    ok(await scene.run('go'));
    expect(await byKernel(scene)).toEqual(without === '' ? ['insert 2 B', 'insert 3 c'] : []);
    ok(await scene.run('go', '-d', '-e', 'f.f'));
    const all = ['delete 1 a', 'delete 2 B', 'delete 3 c', 'insert 2 B', 'insert 3 c'];
    expect(await byKernel(scene)).toEqual(without === '' ? all : []);
  });

  it('says in the plan that a merge writes into the feed', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 2, 'A']) });
    expect(JSON.stringify((await scene.run('go', '--dry-run')).events)).toContain('"delta.change_files"');
  });

  it('loses the files of its feed by hygge compact, once their time is over', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b']));
    ok(await scene.run('go'));
    withFeed(scene);
    scene.workspace.write({ 'in.csv': csv([1, 3, 'A']) });
    ok(await scene.run('go'));
    ok(await scene.run('compact', 'f.f'));
    const folder = join(scene.table, '_change_data');
    expect(readdirSync(folder)).toHaveLength(2);
    const then = new Date(Date.now() - 8 * 86_400_000);
    for (const of of [folder, join(scene.table, '_delta_log')]) for (const name of readdirSync(of)) utimesSync(join(of, name), then, then);
    ok(await scene.run('compact', 'f.f'));
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    expect(await scene.rows()).toEqual(['1 A', '2 b']);
  });
});
