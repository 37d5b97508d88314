/** A store that is a Delta table with column mapping: files have other names for the columns than the table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { duck } from '../../support/duck.ts';
import { byTime, codeOf, commandsIn, csv, errorOf, flowOf, StoreScene } from './store-scene.ts';

const mapped = ', column_mapping: name';
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`;

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}
interface Metadata {
  readonly schemaString: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly partitionColumns: readonly string[];
}

function metadataOf(scene: StoreScene): Metadata & { readonly fields: readonly Field[] } {
  const { version } = scene.others.state();
  const lines = Array.from({ length: version + 1 }, (_, at) =>
    readFileSync(join(scene.table, '_delta_log', `${String(at).padStart(20, '0')}.json`), 'utf8')
      .split('\n')
      .filter(Boolean),
  ).flat();
  const found = lines.map((line) => (JSON.parse(line) as { metaData?: Metadata }).metaData).findLast((one) => one !== undefined);
  const metadata = found as Metadata;
  return { ...metadata, fields: (JSON.parse(metadata.schemaString) as { fields: Field[] }).fields };
}

const physical = (scene: StoreScene) =>
  Object.fromEntries(metadataOf(scene).fields.map(({ name, metadata }) => [name, String(metadata['delta.columnMapping.physicalName'])]));

/** The columns of each file with their ids, by a reader that is not ours. */
async function columnsInFiles(scene: StoreScene) {
  const files = scene.others.state().files.map(({ path }) => join(scene.table, decodeURIComponent(path)));
  return Promise.all(
    files.map(async (path) => {
      const rows = await duck(`select name, field_id::varchar as id from parquet_schema('${path}') where field_id is not null`);
      return rows.map(({ name, id }) => [name, id]);
    }),
  );
}

const last = (run: { readonly events: readonly unknown[] }) => run.events.at(-1);

/** By the reader of hygge. */
async function read(scene: StoreScene, sql = 'select * from back.orders_source order by 1'): Promise<readonly unknown[]> {
  scene.workspace.write({ 'flows/back/flow.yml': `home: { path: lake, format: delta }\nstore: out\nentities: [orders]\n` });
  const run = await scene.workspace.run(['query', sql, '--output', 'json']);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  return run.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

describe('a Delta table that maps its columns', () => {
  it('gets files, statistics and ids by physical names', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped), csv([1, 1, 'a'], [2, 2, 'b']));
    expect(last(await scene.run('go'))).toMatchObject({ pass: 1, rows: 2 });
    const names = physical(scene);
    expect(Object.values(names).every((name) => /^col-[0-9a-f-]{36}$/.test(name))).toBe(true);
    const { fields, configuration } = metadataOf(scene);
    expect(configuration).toMatchObject({ 'delta.columnMapping.mode': 'name', 'delta.columnMapping.maxColumnId': '3' });
    const ids = fields.map(({ name, metadata }) => [names[name], String(metadata['delta.columnMapping.id'])]);
    for (const columns of await columnsInFiles(scene)) expect(columns).toEqual(ids);
    const [{ stats } = { stats: '' }] = scene.others.state().files;
    expect(Object.keys((JSON.parse(stats) as { nullCount: object }).nullCount)).toEqual(Object.values(names));
    expect(await read(scene)).toMatchObject([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
  });

  it('takes late rows of the last watermark, new columns, a backfill, a compaction and a full load', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    const names = physical(scene);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'late'], [4, 3, 'c']) });
    expect(last(await scene.run('go'))).toMatchObject({ pass: 1 });
    expect(await read(scene)).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    scene.workspace.write({ 'in.csv': `id,at,name,more\n5,${day(4)},d,x\n` });
    expect(last(await scene.run('go'))).toMatchObject({ pass: 1 });
    const { configuration } = metadataOf(scene);
    expect(physical(scene)).toMatchObject(names);
    expect(configuration).toMatchObject({ 'delta.columnMapping.maxColumnId': '4' });
    expect(await read(scene)).toMatchObject([{ id: 1, more: null }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5, name: 'd', more: 'x' }]);
    scene.workspace.write({ 'in.csv': `id,at,name,more\n7,${day(2)},new,y\n` });
    const backfill = await scene.run('backfill', 'f.f', '--from', day(2), '--to', day(3));
    expect(errorOf(backfill)).toBeUndefined();
    expect(await read(scene)).toMatchObject([{ id: 1 }, { id: 4 }, { id: 5 }, { id: 7, name: 'new', more: 'y' }]);
    expect(errorOf(await scene.run('compact', 'f.f'))).toBeUndefined();
    expect(scene.others.state().files.length).toBeLessThan(4);
    const rows = [{ id: 1, name: 'a' }, { id: 4 }, { id: 5, name: 'd', more: 'x' }, { id: 7, name: 'new', more: 'y' }];
    expect(await read(scene)).toMatchObject(rows);
    expect(await read(scene, 'select * from f.f order by id')).toMatchObject(rows);
    scene.workspace.write({
      'in.csv': `id,at,title\nx,${day(2)},t\n`,
      'flows/f/flow.yml': flowOf(`${byTime}schema_overrides: { id: string }\n`, mapped),
    });
    expect(errorOf(await scene.run('go', '-d', '-e', 'f.f'))).toBeUndefined();
    const after = physical(scene);
    expect(Object.keys(after)).toEqual(['id', 'at', 'title']);
    expect([after.at === names.at, after.id === names.id]).toEqual([true, false]);
    expect(metadataOf(scene).configuration).toMatchObject({ 'delta.columnMapping.maxColumnId': '6' });
    expect(await read(scene)).toMatchObject([{ id: 'x', title: 't' }]);
  });

  it('keeps names that Delta takes in no other table, with partitions and nested values', async () => {
    const home = 'in.ndjson';
    using scene = new StoreScene(flowOf('', `${mapped}, partition_by: ["the part"]`, home));
    const lines = [
      { 'a b': 1, 'the part': 'p q', 'x;{=}': { 'in side': 'deep', n: 1 }, l: [{ 'i,j': 1 }, { 'i,j': 2 }] },
      { 'a b': 2, 'the part': 'r', 'x;{=}': { 'in side': null, n: 2 }, l: [] },
    ];
    scene.workspace.write({ 'in.ndjson': lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
    const run = await scene.run('go');
    expect(errorOf(run)).toBeUndefined();
    const names = physical(scene);
    expect(Object.keys(names).sort()).toEqual(['a b', 'l', 'the part', 'x;{=}']);
    expect(scene.others.state().files.map(({ partitionValues }) => partitionValues)).toEqual([
      { [names['the part'] ?? '']: 'p q' },
      { [names['the part'] ?? '']: 'r' },
    ]);
    expect(await read(scene, 'select * from back.orders_source order by "a b"')).toEqual(lines);
    expect(await read(scene, 'select * from f.f order by "a b"')).toEqual(lines);
  });

  it('takes the open group out of a file that another program made, by the names that its columns have there', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped), csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c']));
    await scene.run('go');
    const { id, at, name } = physical(scene);
    await scene.others.optimize(`"${name}", "${at}", "${id}"`);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'c'], [4, 2, 'late'], [5, 3, 'd']) });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await read(scene)).toMatchObject([1, 2, 3, 4, 5].map((one) => ({ id: one })));
    expect(scene.others.state().files.filter(({ path }) => path.startsWith('other-'))).toEqual([]);
    const verify = await scene.run('verify', 'f.f');
    expect(verify.code, verify.stdout).toBe(0);
  });

  it('stops where another program renamed a settled column, and the advised full load leads on', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.run('go');
    const before = physical(scene).name;
    alter(scene, (fields) => fields.map((field) => (field.name === 'name' ? { ...field, name: 'title' } : field)));
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [7, 2, 'new'], [4, 3, 'd']) });
    for (const args of [['go'], ['backfill', 'f.f', '--from', day(2), '--to', day(3)]])
      expect(codeOf(await scene.run(...args))).toBe('HYG-4280');
    expect((await read(scene)).length).toBe(3);
    const advised = errorOf(await scene.run('go'))?.tryThis?.find((line) => line.includes('hygge go -d'));
    for (const args of commandsIn(advised)) expect(errorOf(await scene.run(...args))).toBeUndefined();
    expect(physical(scene).name).not.toBe(before);
    expect(await read(scene)).toMatchObject([
      { id: 1, name: 'a' },
      { id: 4, name: 'd' },
      { id: 7, name: 'new' },
    ]);
  });

  it('keeps rows apart under the names of the source', async () => {
    using scene = new StoreScene(flowOf(byTime, mapped, 'in.csv, bad_rows: quarantine'), csv([1, 1, 'a'], [2, 2, 'b']));
    await scene.run('go');
    scene.workspace.write({ 'in.csv': `${csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c'])}x,${day(3)},bad\n` });
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await read(scene)).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const { stdout, stderr } = await scene.workspace.run(['quarantine', 'show', 'f.f']);
    expect(stdout + stderr).toContain('bad');
  });
});

/** Other columns in the metadata, as ALTER TABLE … RENAME COLUMN writes it. */
function alter(scene: StoreScene, change: (fields: readonly Field[]) => readonly Field[]): void {
  const metaData = metadataOf(scene);
  const fields = change(metaData.fields);
  const { fields: _, ...kept } = metaData;
  scene.put('ALTER TABLE', [{ metaData: { ...kept, schemaString: JSON.stringify({ type: 'struct', fields }) } }]);
}

it('a merge by key finds the keys in files with other names for the columns', async () => {
  using scene = new StoreScene(
    flowOf('run_type: incremental\nwatermark: { column: at, key: id }\n', `${mapped}, partition_by: [name]`),
    csv([1, 1, 'a'], [2, 2, 'b'], [2, 3, 'B']),
  );
  const sql = 'select id, name from back.orders_source order by 1';
  expect(last(await scene.run('go'))).toMatchObject({ pass: 1 });
  expect(await read(scene, sql)).toEqual([
    { id: 1, name: 'a' },
    { id: 2, name: 'B' },
  ]);
  const rows = `1,${day(5)},A,x\n3,${day(6)},c,y\n1,${day(4)},old,z\n`;
  scene.workspace.write({ 'in.csv': `id,at,name,extra\n${rows}` });
  expect(last(await scene.run('go'))).toMatchObject({ error: 0 });
  const merged = [
    { id: 1, name: 'A' },
    { id: 2, name: 'B' },
    { id: 3, name: 'c' },
  ];
  expect(await read(scene, sql)).toEqual(merged);
  if (noChdb() !== '') return;
  await using chdb = startChdb();
  expect(await chdb.query(`select id, name from ${localTable(scene.table)} order by id`)).toEqual(merged);
});

it('a merge of a mapped table that is partitioned by a part of the key keeps rows that differ in it alone', async () => {
  using scene = new StoreScene(
    flowOf('run_type: incremental\nwatermark: { column: at, key: [id, name] }\n', `${mapped}, partition_by: [name]`),
    csv([1, 1, 'a'], [1, 2, 'b']),
  );
  for (const run of [1, 2]) expect([run, last(await scene.run('go'))]).toMatchObject([run, { error: 0 }]);
  expect(await read(scene, 'select id, name from back.orders_source order by 2')).toEqual([
    { id: 1, name: 'a' },
    { id: 1, name: 'b' },
  ]);
});

it('rows that the source no longer has leave a mapped table', async () => {
  using scene = new StoreScene(
    flowOf(
      'run_type: incremental\nwatermark: { column: at, key: id }\ndeletes: { compare: 1d, complete: true, max: 60%, pause: 0s }\n',
      mapped,
    ),
    csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']),
  );
  expect(last(await scene.run('go'))).toMatchObject({ error: 0 });
  scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [3, 3, 'c']) });
  expect(last(await scene.run('go', '--compare-deletes'))).toMatchObject({ error: 0 });
  expect(await read(scene, 'select id from back.orders_source order by 1')).toEqual([{ id: 1 }, { id: 3 }]);
});
