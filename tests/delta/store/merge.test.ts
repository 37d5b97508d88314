/** A flow with a key settles in a Delta table: rows are marked in vectors, and nothing else is written anew. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { csv, errorOf, flowOf, removed, StoreScene } from './store-scene.ts';

const byKey = 'run_type: incremental\nwatermark: { column: at, key: id }\n';
const ok = (run: Run) =>
  expect([run.code, errorOf(run)?.code, errorOf(run)?.what, errorOf(run)?.why]).toEqual([0, undefined, undefined, undefined]);
const entries = (scene: StoreScene) => readdirSync(join(scene.table, '_delta_log')).filter((name) => /^\d+\.json$/.test(name));
type Action = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
const entry = (scene: StoreScene, version: number): readonly Action[] =>
  readFileSync(join(scene.table, '_delta_log', `${String(version).padStart(20, '0')}.json`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Action);

/** The bounds of the key in the statistics of the files, in order. */
const idsIn = (scene: StoreScene): readonly (readonly [number, number])[] =>
  scene.others
    .state()
    .files.map(({ stats }) => JSON.parse(stats ?? '{}'))
    .map(({ minValues, maxValues }) => [minValues?.id, maxValues?.id] as const)
    .sort(([a], [b]) => a - b);

interface Recorded {
  readonly rows: number;
  /** Files that wait for a compaction. */
  readonly oldFiles?: { readonly files: number };
}

/** What the newest record of an entity says. */
function recordIn(scene: StoreScene, entity = 'f/f'): Recorded {
  const folder = join(scene.table, '_hygge', entity, 'commits');
  const [last = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
  return (JSON.parse(readFileSync(join(folder, last), 'utf8')) as { readonly head: Recorded }).head;
}

const without = noChdb();
const chdb = startChdb();
afterAll(() => chdb[Symbol.asyncDispose]());

/** By a reader that is not ours, where it is there. */
async function read(scene: StoreScene): Promise<readonly string[]> {
  const ours = await scene.rows();
  if (without !== '') return ours;
  const rows = await chdb.query(`select id, name from ${localTable(scene.table)} order by id, name`);
  expect(rows.map(({ id, name }) => `${String(id)} ${String(name)}`).sort()).toEqual(ours);
  return ours;
}

describe('a merge by key', () => {
  it('marks the earlier rows, adds the new ones, and writes no file anew', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    ok(await scene.run('go'));
    const [first] = scene.others.state().files;
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 4, 'B'], [3, 3, 'c'], [4, 5, 'd']) });
    ok(await scene.run('go'));
    expect(await read(scene)).toEqual(['1 a', '2 B', '3 c', '4 d']);
    const same = scene.others.state().files.find(({ path }) => path === first?.path);
    expect(same).toMatchObject({
      deletionVector: { storageType: 'u', cardinality: 1 },
      stats: expect.stringContaining('"tightBounds":false'),
    });
    const actions = entry(scene, entries(scene).length - 1);
    expect(actions.find(({ commitInfo }) => commitInfo)?.commitInfo).toMatchObject({ operation: 'MERGE', isBlindAppend: false });
    expect(actions.find(({ protocol }) => protocol)?.protocol).toEqual({
      ...{ minReaderVersion: 3, minWriterVersion: 7 },
      readerFeatures: ['deletionVectors'],
      writerFeatures: ['appendOnly', 'invariants', 'deletionVectors'],
    });
  });

  it('unites a vector with the one before it, and removes a file without rows', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.run('go');
    const [first] = scene.others.state().files;
    for (const [at, id] of [
      [4, 1],
      [5, 2],
    ] as const) {
      scene.workspace.write({ 'in.csv': csv([id, at, 'new']) });
      ok(await scene.run('go'));
    }
    expect(await read(scene)).toEqual(['1 new', '2 new', '3 c']);
    scene.workspace.write({ 'in.csv': csv([3, 6, 'last']) });
    ok(await scene.run('go'));
    expect(await read(scene)).toEqual(['1 new', '2 new', '3 last']);
    expect(scene.others.state().files.map(({ path }) => path)).not.toContain(first?.path);
    // They wait for a compaction, as every file that a commit removes.
    expect(recordIn(scene).oldFiles?.files).toBeGreaterThan(1);
  });

  it('keeps columns that another program added, also if it marks rows of every file', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c'], [4, 3, 'd']));
    ok(await scene.run('go'));
    scene.others.addColumn('note');
    scene.workspace.write({ 'in.csv': csv([1, 4, 'A'], [3, 5, 'C']) });
    ok(await scene.run('go'));
    expect(await read(scene)).toEqual(['1 A', '2 b', '3 C', '4 d']);
    const schemas = entries(scene).flatMap((_, version) => entry(scene, version).flatMap(({ metaData }) => metaData?.schemaString ?? []));
    expect(schemas.at(-1)).toContain('"note"');
  });

  it('keeps what another program noted of a file whose rows it marks, also in a checkpoint', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 1, 'b'], [4, 1, 'd'], [3, 2, 'c']));
    ok(await scene.run('go'));
    const [first] = scene.others.state().files;
    const tags = { ZCUBE_ID: 'z' };
    scene.put('OPTIMIZE', [{ add: { ...first, tags, dataChange: false, modificationTime: 1 } }]);
    scene.others.configure({ 'delta.checkpointInterval': '1' });
    for (const id of [1, 2]) {
      scene.workspace.write({ 'in.csv': csv([id, 2 + id, 'new']) });
      ok(await scene.run('go'));
      const marked = entry(scene, entries(scene).length - 1).flatMap(({ add }) => (add?.path === first?.path ? [add] : []));
      expect(marked.map((add) => add?.tags)).toEqual([tags]);
    }
    expect(readdirSync(join(scene.table, '_delta_log')).filter((name) => name.endsWith('.checkpoint.parquet'))).toHaveLength(2);
  });

  it('removes the earlier spelling of a key that is one in the source, and no row of another program', async () => {
    using scene = new StoreScene(
      'home: { type: sqlite, path: in.db, table: t }\nstore: { type: local, path: lake/orders, format: delta }\n' +
        'run_type: incremental\nwatermark: { column: at, key: id }\n',
    );
    const source = new DatabaseSync(scene.workspace.path('in.db'));
    source.exec(
      "create table t (id text collate nocase primary key, at integer, name text); insert into t values ('ann@x', 1, 'a'), ('bo@x', 1, 'b')",
    );
    ok(await scene.run('go'));
    await scene.others.append("select 'Ann@X' as id, 1::bigint as at, 'theirs' as name");
    source.exec("update t set id = 'ANN@x', at = 2, name = 'A' where id = 'ann@x'");
    const run = await scene.run('go');
    source.close();
    ok(run);
    expect(JSON.stringify(run.events)).not.toContain('spellings_stay');
    expect(await read(scene)).toEqual(['ANN@x A', 'Ann@X theirs', 'bo@x b'].sort());
  });

  it('removes no row that a MERGE of another program put into a file of the entity', async () => {
    using scene = new StoreScene(
      'home: { type: sqlite, path: in.db, table: t }\nstore: { type: local, path: lake/orders, format: delta }\n' +
        'run_type: incremental\nwatermark: { column: at, key: id }\n',
    );
    const source = new DatabaseSync(scene.workspace.path('in.db'));
    source.exec("create table t (id text collate nocase primary key, at integer, name text); insert into t values ('ann@x', 1, 'a')");
    source.exec("insert into t values ('bo@x', 1, 'b')");
    ok(await scene.run('go'));
    const { files } = scene.others.state();
    const all = files.map((file) => `select * from ${scene.others.rowsOf(file)}`).join(' union all ');
    // As many rows as before: nothing but the kind of the commit shows that one was inserted.
    const merged = `select * from (${all}) where id <> 'bo@x' union all select 'Ann@X', 1::bigint, 'theirs'`;
    const [path, made] = ['merged.parquet', join(scene.table, 'merged.parquet')];
    await duck(`copy (${merged}) to '${made}' (format parquet)`);
    const add = { path, size: statSync(made).size, partitionValues: {}, modificationTime: 1, dataChange: true };
    scene.put('MERGE', [...removed(files), { add }]);
    source.exec("update t set id = 'ANN@x', at = 2, name = 'A' where id = 'ann@x'");
    const run = await scene.run('go');
    source.close();
    ok(run);
    expect(await read(scene)).toEqual(['ANN@x A', 'Ann@X theirs', 'ann@x a', 'bo@x b']);
  });

  it('stops as well where times differ in digits that are cut', async () => {
    using scene = new StoreScene(flowOf(byKey, ', timestamps: truncate', 'in.parquet'));
    const rows = ['00.000000001', '00.000000002'].map(
      (at, n) => `select 1::bigint as id, timestamp_ns '2026-01-01 00:00:${at}' as at, '${n}' as name`,
    );
    await duck(`copy (${rows.join(' union all ')}) to '${scene.workspace.path('in.parquet')}' (format parquet)`);
    expect(errorOf(await scene.run('go'))).toMatchObject({ code: 'HYG-4016' });
  });

  it('is verified, backfilled and compacted without the marked rows', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'c']));
    await scene.run('go');
    const all = csv([1, 1, 'a'], [2, 4, 'B'], [3, 3, 'c'], [4, 5, 'd']);
    scene.workspace.write({ 'in.csv': all });
    await scene.run('go');
    ok(await scene.run('verify', 'f.f'));
    scene.workspace.write({ 'in.csv': all.replace(',c\n', ',C\n') });
    const verified = await scene.run('verify', 'f.f');
    expect(verified.code).not.toBe(0);
    const filled = await scene.run('backfill', 'f.f', '--from', '2026-01-02T00:00:00Z', '--to', '2026-01-05T00:00:00Z');
    ok(filled);
    expect(await read(scene)).toEqual(['1 a', '2 B', '3 C', '4 d']);
    const compacted = await scene.run('compact', 'f.f');
    ok(compacted);
    expect(idsIn(scene)).toContainEqual([1, 3]);
    expect(await read(scene)).toEqual(['1 a', '2 B', '3 C', '4 d']);
    ok(await scene.run('verify', 'f.f'));
  });
});

it('a compaction writes a file anew of which more rows are marked than compact_deleted says, and changes no row', async () => {
  const rows = (...new_: readonly number[]) =>
    csv(...[1, 2, 3, 4].map((id) => [id, new_.includes(id) ? 4 + id : 1, 'a'] as const), [5, 2, 'e']);
  using scene = new StoreScene(flowOf(byKey, ', compact_deleted: 50%, target_file_size: 1B'), rows());
  ok(await scene.run('go'));
  const marked = () => scene.others.state().files.flatMap(({ deletionVector }) => deletionVector?.cardinality ?? []);
  for (const [ids, left] of [
    [[1, 2], [2]],
    [[1, 2, 3], []],
  ] as const) {
    scene.workspace.write({ 'in.csv': rows(...ids) });
    ok(await scene.run('go'));
    ok(await scene.run('compact', 'f.f'));
    expect(marked()).toEqual(left);
  }
  const last = entry(scene, entries(scene).length - 1);
  expect(last.flatMap(({ add, remove }) => (add ?? remove)?.dataChange ?? [])).toEqual([false, false]);
  expect(await scene.rows('id')).toEqual(['1', '2', '3', '4', '5']);
});

it('a backfill says how many rows do not settle, because rows with their keys are newer', async () => {
  using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 5, 'B'], [3, 3, 'c']));
  ok(await scene.run('go'));
  scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [3, 3, 'C']) });
  const filled = await scene.run('backfill', 'f.f', '--from', '2026-01-02T00:00:00Z', '--to', '2026-01-04T00:00:00Z');
  ok(filled);
  expect(await read(scene)).toEqual(['1 a', '2 B', '3 C']);
  expect(JSON.stringify(filled.events)).toContain('"kept_newer"');
});

describe('a table of another program', () => {
  const foreign = (configuration: object, features: readonly string[] = []): readonly object[] => [
    {
      protocol: {
        ...(features.length === 0 ? { minReaderVersion: 1, minWriterVersion: 2 } : { minReaderVersion: 3, minWriterVersion: 7 }),
        ...(features.length === 0 ? {} : { readerFeatures: features, writerFeatures: features }),
      },
    },
    {
      metaData: {
        ...{ id: 'theirs', format: { provider: 'parquet', options: {} }, partitionColumns: [], configuration },
        schemaString: JSON.stringify({
          type: 'struct',
          fields: [
            ['id', 'long'],
            ['at', 'timestamp'],
            ['name', 'string'],
          ].map(([name, type]) => ({ name, type, nullable: true, metadata: {} })),
        }),
      },
    },
  ];
  const planted = (scene: StoreScene, actions: readonly object[]) => {
    mkdirSync(join(scene.table, '_delta_log'), { recursive: true });
    scene.put('CREATE TABLE', actions);
  };

  it('without deletion vectors stops when the run is planned, and gets none', async () => {
    using scene = new StoreScene(flowOf(`${byKey}if_exists: append\n`), csv([1, 1, 'a']));
    planted(scene, foreign({}));
    const stopped = await scene.run('go');
    expect(errorOf(stopped)).toMatchObject({
      code: 'HYG-3929',
      tryThis: [
        expect.stringContaining("'delta.enableDeletionVectors' = 'true'"),
        'Or let hygge rewrite files instead of marking rows: merge: copy_on_write in the store',
        expect.anything(),
      ],
    });
    expect(scene.others.state()).toEqual({ version: 0, files: [] });
    await scene.others.append("select 1::bigint as id, timestamptz '2026-01-01 00:00:00+00' as at, 'theirs' as name");
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(`${byKey}if_exists: append\n`, ', merge: copy_on_write') });
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b']) });
    ok(await scene.run('go'));
    expect(await read(scene)).toEqual(['1 a', '2 b']);
  });

  it('with delta.appendOnly is refused by name when the run is planned', async () => {
    using scene = new StoreScene(flowOf(`${byKey}if_exists: append\n`, ', merge: copy_on_write'), csv([1, 1, 'a']));
    planted(scene, foreign({ 'delta.appendOnly': 'true' }));
    const stopped = await scene.run('go', '--dry-run');
    expect(errorOf(stopped)).toMatchObject({
      code: 'HYG-3921',
      what: expect.stringContaining('accepts only new rows because of its property delta.appendOnly'),
    });
  });

  it('whose key is a CHAR has one row of a key, which readers fill up with blanks', async () => {
    using scene = new StoreScene(flowOf(`${byKey}if_exists: append\n`), csv(['ab', 1, 'ours']));
    const [protocol, metadata] = foreign({ 'delta.enableDeletionVectors': 'true', 'delta.enableChangeDataFeed': 'true' }, [
      'deletionVectors',
    ]) as readonly [object, { readonly metaData: { readonly schemaString: string } }];
    const { fields } = JSON.parse(metadata.metaData.schemaString) as { readonly fields: readonly { readonly name: string }[] };
    const char = { name: 'id', type: 'string', nullable: true, metadata: { __CHAR_VARCHAR_TYPE_STRING: 'char(5)' } };
    const schemaString = JSON.stringify({ type: 'struct', fields: [char, ...fields.slice(1)] });
    planted(scene, [protocol, { metaData: { ...metadata.metaData, schemaString } }]);
    await scene.others.append("select 'ab' as id, timestamptz '2026-01-01 00:00:00+00' as at, 'theirs' as name");
    for (const name of ['ours', 'newer']) {
      scene.workspace.write({ 'in.csv': csv(['ab', name === 'ours' ? 1 : 2, name]) });
      ok(await scene.run('go'));
      expect(await scene.rows()).toEqual(name === 'ours' ? ['ab ours'] : ['ab newer']);
    }
    // Texts in the files of the feed are those of the table, without the blanks that readers add.
    const feed = await duck(
      `select _change_type || ' ' || id || ' ' || name as text from read_parquet('${scene.table}/_change_data/*') order by 1`,
    );
    expect(feed.map(({ text }) => text)).toEqual([
      ...['update_postimage ab newer', 'update_postimage ab ours', 'update_preimage ab ours', 'update_preimage ab theirs'],
    ]);
  });

  it('whose column is a VARCHAR takes no longer text, and the run says how long it is', async () => {
    using scene = new StoreScene(flowOf('if_exists: append\n'), csv([1, 1, 'äbc']));
    const [protocol, metadata] = foreign({}) as readonly [object, { readonly metaData: { readonly schemaString: string } }];
    const { fields } = JSON.parse(metadata.metaData.schemaString) as { readonly fields: readonly { readonly name: string }[] };
    const varchar = { name: 'name', type: 'string', nullable: true, metadata: { __CHAR_VARCHAR_TYPE_STRING: 'varchar(3)' } };
    const schemaString = JSON.stringify({ type: 'struct', fields: fields.map((field) => (field.name === 'name' ? varchar : field)) });
    planted(scene, [protocol, { metaData: { ...metadata.metaData, schemaString } }]);
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': csv([2, 2, 'abcd'], [3, 2, 'x']) });
    expect(errorOf(await scene.run('go'))).toMatchObject({
      code: 'HYG-3921',
      what: expect.stringContaining('is varchar(3), but a row has a text of 4 characters'),
      tryThis: [expect.stringContaining('TYPE VARCHAR(4)'), expect.anything()],
    });
    expect(await scene.rows()).toEqual(['1 äbc']);
    scene.workspace.write({ 'in.csv': csv([2, 2, 'abc'], [3, 2, 'x']) });
    ok(await scene.run('go'));
    expect(await scene.rows()).toEqual(['1 äbc', '2 abc', '3 x']);
  });

  it.each([
    ['copy_on_write', {}],
    ['deletion_vectors', { 'delta.enableDeletionVectors': 'true', 'delta.enableChangeDataFeed': 'true' }],
  ])('whose column of maps hygge does not write is refused when the run is planned, with %s', async (merge, properties) => {
    using scene = new StoreScene(flowOf(`${byKey}if_exists: append\n`, `, merge: ${merge}`), csv([1, 1, 'a']));
    const [protocol, metadata] = foreign(properties) as readonly [object, { readonly metaData: { readonly schemaString: string } }];
    const { fields } = JSON.parse(metadata.metaData.schemaString) as { readonly fields: readonly object[] };
    const type = { type: 'map', keyType: 'string', valueType: 'long', valueContainsNull: true };
    const schemaString = JSON.stringify({ type: 'struct', fields: [...fields, { name: 'props', type, nullable: true, metadata: {} }] });
    planted(scene, [protocol, { metaData: { ...metadata.metaData, schemaString } }]);
    expect(errorOf(await scene.run('go', '--dry-run'))).toMatchObject({ code: 'HYG-3921', why: [expect.stringContaining('props (map)')] });
  });
});

describe('a merge reads no file that has none of its keys', () => {
  /** Whoever reads the file finds no parquet in it. */
  const unreadable = (scene: StoreScene, path: string, { stats, ...partitionValues }: Readonly<Record<string, string>>) => {
    const body = Buffer.alloc(100);
    mkdirSync(dirname(join(scene.table, path)), { recursive: true });
    writeFileSync(join(scene.table, path), body);
    scene.put('WRITE', [{ add: { path, size: body.length, partitionValues, stats, dataChange: true, modificationTime: 1 } }]);
  };

  it('by the statistics of the key, which its own files have', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [5, 1, 'e'], [9, 2, 'i']));
    ok(await scene.run('go'));
    expect(idsIn(scene)).toEqual([
      [1, 5],
      [9, 9],
    ]);
    const stats = (min: number) => JSON.stringify({ numRecords: 2, minValues: { id: min }, maxValues: { id: 200 }, nullCount: { id: 0 } });
    unreadable(scene, 'theirs-1.parquet', { stats: stats(100) });
    scene.workspace.write({ 'in.csv': csv([7, 5, 'g'], [99, 6, 'z']) });
    ok(await scene.run('go'));
    unreadable(scene, 'theirs-2.parquet', { stats: stats(99) });
    scene.workspace.write({ 'in.csv': csv([99, 7, 'Z']) });
    expect(errorOf(await scene.run('go'))).toMatchObject({
      code: 'HYG-2066',
      why: expect.arrayContaining([expect.stringContaining('theirs-2')]),
    });
  });

  it('by the partitions of the key', async () => {
    const rows = (...all: readonly (readonly [id: number, land: string, at: number])[]) =>
      ['id,land,at', ...all.map(([id, land, at]) => `${id},${land},2026-01-0${at}T00:00:00Z`), ''].join('\n');
    const flow = flowOf('run_type: incremental\nwatermark: { column: at, key: [id, land] }\n', ', partition_by: [land]');
    using scene = new StoreScene(flow, rows([1, 'DK', 1], [1, 'SE', 1], [2, 'SE', 2]));
    ok(await scene.run('go'));
    // The column of the partition is in no file, and the others are counted.
    for (const { stats } of scene.others.state().files) expect(JSON.parse(stats).nullCount).toEqual({ id: 0, at: 0 });
    unreadable(scene, 'land=NO/theirs.parquet', { land: 'NO', stats: '{"numRecords":1}' });
    scene.workspace.write({ 'in.csv': rows([1, 'DK', 3], [1, 'SE', 4]) });
    ok(await scene.run('go'));
    expect(scene.others.state().files.filter(({ path }) => path.startsWith('land=DK'))).toHaveLength(1);
  });
});

describe.each(['deletion_vectors', 'copy_on_write'])('a merge into a partitioned table by %s', (merge) => {
  const rows = (...all: readonly (readonly [id: number, land: string, at: number])[]) =>
    ['id,land,at', ...all.map(([id, land, at]) => `${id},${land},2026-01-0${at}T00:00:00Z`), ''].join('\n');
  const flow = (key: string) =>
    flowOf(`run_type: incremental\nwatermark: { column: at, key: ${key} }\n`, `, partition_by: [land], merge: ${merge}`);

  it('moves a row whose partition changes, and the earlier one goes from its partition', async () => {
    using scene = new StoreScene(flow('id'), rows([1, 'DK', 1], [2, 'DK', 1]));
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': rows([1, 'SE', 2]) });
    ok(await scene.run('go'));
    expect(partitions(scene)).toEqual({ DK: 1, SE: 1 });
  });

  it('keeps both rows where the partition is a part of the key, since they are two keys', async () => {
    using scene = new StoreScene(flow('[id, land]'), rows([1, 'DK', 1], [2, 'DK', 1]));
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': rows([1, 'SE', 2], [2, 'DK', 3]) });
    ok(await scene.run('go'));
    expect(partitions(scene)).toEqual({ DK: 2, SE: 1 });
  });

  /** The number of rows in each partition. */
  function partitions(scene: StoreScene): Readonly<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const { partitionValues, stats, deletionVector } of scene.others.state().files) {
      const left = (JSON.parse(stats ?? '{}').numRecords as number) - Number(deletionVector?.cardinality ?? 0);
      found[String(partitionValues.land)] = (found[String(partitionValues.land)] ?? 0) + left;
    }
    return found;
  }
});

describe('a merge by a key that is a uuid', () => {
  it('finds the row that has the uuid in small letters, however the source writes it, and no row of others in capitals', async () => {
    const uuid = '0A0B0C0D-0000-4000-8000-00000000000';
    using scene = new StoreScene(flowOf(byKey, '', 'in.parquet'));
    const source = (rows: string) => duck(`copy (${rows}) to '${scene.workspace.path('in.parquet')}' (format parquet)`);
    const of = (n: number, at: number, name: string) =>
      `select '${uuid}${n}'::uuid as id, timestamptz '2026-01-0${at} 00:00:00+00' as at, '${name}' as name`;
    await source(`${of(1, 1, 'a')} union all ${of(2, 2, 'b')}`);
    ok(await scene.run('go'));
    await scene.others.append(`select '${uuid}1' as id, timestamptz '2026-01-01 00:00:00+00' as at, 'theirs' as name`);
    await source(`${of(1, 3, 'A')} union all ${of(2, 2, 'b')}`);
    ok(await scene.run('go'));
    const small = uuid.toLowerCase();
    expect(await scene.rows()).toEqual([`${uuid}1 theirs`, `${small}1 A`, `${small}2 b`]);
  });
});

describe('a merge with copy_on_write', () => {
  const rewriting = (more = '') => flowOf(`${byKey}${more}`, ', merge: copy_on_write');
  const features = (scene: StoreScene) =>
    entries(scene).flatMap((_, version) => entry(scene, version).flatMap(({ protocol }) => (protocol?.readerFeatures as string[]) ?? []));

  it('writes the files anew that have rows of its keys, and no other file', async () => {
    using scene = new StoreScene(rewriting(), csv([1, 1, 'a'], [2, 2, 'b'], [6, 2, 'f'], [3, 3, 'c']));
    ok(await scene.run('go'));
    scene.workspace.write({ 'in.csv': csv([4, 4, 'd']) });
    ok(await scene.run('go'));
    const untouched = scene.others.state().files.find(({ stats }) => stats?.includes('"numRecords":1,'));
    scene.workspace.write({ 'in.csv': csv([2, 5, 'B'], [5, 6, 'e']) });
    const run = await scene.run('go');
    ok(run);
    const text = JSON.stringify(run.events);
    expect(text).toContain('"delta.copy_on_write"');
    expect(text).toContain('at most 3 files of ');
    expect(await read(scene)).toEqual(['1 a', '2 B', '3 c', '4 d', '5 e', '6 f']);
    const { files } = scene.others.state();
    expect(files.map(({ path }) => path)).toContain(untouched?.path);
    expect(files.filter(({ deletionVector }) => deletionVector !== undefined)).toEqual([]);
    const anew = files.find(({ stats }) => stats?.includes('"numRecords":2,'));
    expect(JSON.parse(anew?.stats ?? '{}')).toEqual({
      numRecords: 2,
      minValues: expect.objectContaining({ at: '2026-01-01T00:00:00.000Z' }),
      maxValues: expect.objectContaining({ at: '2026-01-02T00:00:00.000Z' }),
      nullCount: { id: 0, at: 0, name: 0 },
    });
    expect(features(scene)).toEqual([]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 5, 'B'], [6, 2, 'f'], [3, 3, 'c'], [4, 4, 'd'], [5, 6, 'e']) });
    ok(await scene.run('verify', 'f.f'));
  });

  it('keeps the columns and the rows of other programs in files that it writes anew', async () => {
    using scene = new StoreScene(rewriting(), csv([1, 1, 'a'], [2, 2, 'b']));
    ok(await scene.run('go'));
    scene.others.addColumn('note');
    const theirs = (id: number, note: string) =>
      `select ${id}::bigint as id, timestamptz '2026-01-01 00:00:00+00' as at, 'theirs' as name, '${note}' as note`;
    await scene.others.append(`${theirs(7, 'x')} union all ${theirs(8, 'kept')}`);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 2, 'b'], [7, 3, 'ours']) });
    ok(await scene.run('go'));
    expect(await read(scene)).toEqual(['1 a', '2 b', '7 ours', '8 theirs']);
    expect(await scene.rows("id || ' ' || coalesce(note, '-')")).toEqual(['1 -', '2 -', '7 -', '8 kept']);
    // The row stays a row of the other program: a full load does not take it for its own.
    expect(errorOf(await scene.run('go', '-d'))?.code).toBe('HYG-2148');
  });

  it('leaves its own rows to an entity whose file it rewrote after another program', async () => {
    using scene = new StoreScene(rewriting('if_exists: append\nwrite_strategy: merge\n'), csv([1, 1, 'a'], [2, 1, 'b']));
    ok(await scene.run('go', '-e', 'f.f'));
    const before = scene.others.state().files.map(({ path }) => path);
    const other = rewriting('if_exists: append\nwrite_strategy: merge\n').replace('in.csv', 'other.csv');
    scene.workspace.write({ 'flows/g/flow.yml': other, 'other.csv': csv([6, 1, 'f'], [8, 1, 'h'], [9, 1, 'i']) });
    ok(await scene.run('go', '-e', 'g.g'));
    const [theirs] = scene.others.state().files.filter(({ path }) => !before.includes(path));
    if (theirs === undefined) throw new Error('the second entity wrote no file');
    const path = 'part-optimized.parquet';
    copyFileSync(join(scene.table, theirs.path), join(scene.table, path));
    const noChange = { dataChange: false, modificationTime: 1, deletionTimestamp: 1 };
    scene.put('OPTIMIZE', [{ remove: { path: theirs.path, ...noChange } }, { add: { ...theirs, path, ...noChange } }]);
    scene.workspace.write({ 'in.csv': csv([1, 1, 'a'], [2, 1, 'b'], [9, 5, 'ours']) });
    ok(await scene.run('go', '-e', 'f.f'));
    expect(await read(scene)).toEqual(['1 a', '2 b', '6 f', '8 h', '9 ours']);
    scene.workspace.write({ 'other.csv': csv([8, 6, 'H'], [7, 6, 'g']) });
    ok(await scene.run('go', '-e', 'g.g'));
    expect(await read(scene)).toEqual(['1 a', '2 b', '6 f', '7 g', '8 H', '9 ours']);
    expect([recordIn(scene, 'f/f').rows, recordIn(scene, 'g/g').rows]).toEqual([3, 3]);
  });

  it('leaves its own rows to an entity whose file it rewrote next to its own, both from the hand of another program', async () => {
    const merging = rewriting('if_exists: append\nwrite_strategy: merge\n');
    using scene = new StoreScene(merging, csv([1, 1, 'a'], [2, 1, 'b']));
    ok(await scene.run('go', '-e', 'f.f'));
    scene.workspace.write({ 'flows/g/flow.yml': merging.replace('in.csv', 'other.csv'), 'other.csv': csv([8, 1, 'h'], [9, 1, 'i']) });
    ok(await scene.run('go', '-e', 'g.g'));
    for (const [at, file] of scene.others.state().files.entries()) {
      const path = `part-optimized-${at}.parquet`;
      copyFileSync(join(scene.table, file.path), join(scene.table, path));
      const noChange = { dataChange: false, modificationTime: 1, deletionTimestamp: 1 };
      scene.put('OPTIMIZE', [{ remove: { path: file.path, ...noChange } }, { add: { ...file, path, ...noChange } }]);
    }
    scene.workspace.write({ 'in.csv': csv([1, 5, 'A'], [9, 5, 'ours']) });
    ok(await scene.run('go', '-e', 'f.f'));
    expect(await read(scene)).toEqual(['1 A', '2 b', '8 h', '9 ours']);
    scene.workspace.write({ 'other.csv': csv([8, 6, 'H'], [7, 6, 'g']) });
    ok(await scene.run('go', '-e', 'g.g'));
    expect(await read(scene)).toEqual(['1 A', '2 b', '7 g', '8 H', '9 ours']);
    expect([recordIn(scene, 'f/f').rows, recordIn(scene, 'g/g').rows]).toEqual([3, 2]);
  });

  it('is what a table has whose owner switched vectors off by name', async () => {
    using scene = new StoreScene(flowOf(byKey), csv([1, 1, 'a'], [2, 2, 'b']));
    ok(await scene.run('go'));
    scene.others.configure({ 'delta.enableDeletionVectors': 'false' });
    scene.workspace.write({ 'in.csv': csv([1, 3, 'A']) });
    const run = await scene.run('go');
    ok(run);
    expect(JSON.stringify(run.events)).toContain('"delta.copy_on_write"');
    expect(await read(scene)).toEqual(['1 A', '2 b']);
    expect(features(scene)).toEqual([]);
  });
});

describe('a merge into a file of several row groups', () => {
  it.each([['deletion_vectors'], ['copy_on_write']])('removes the rows at their borders by %s', async (merge) => {
    using scene = new StoreScene(flowOf(byKey, `, merge: ${merge}`, 'in.parquet'));
    const source = scene.workspace.path('in.parquet');
    const write = (isNew: string, where = 'true') =>
      duck(
        `copy (select i as id, timestamp '2026-01-01 00:00:00' + interval (i + case when ${isNew} then 300000 else 0 end) second as at, case when ${isNew} then 'new' else 'old' end as name from range(250000) t(i) where ${where}) to '${source}' (format parquet)`,
      );
    await write('false');
    ok(await scene.run('go'));
    const borders = [0, 5, 122_879, 122_880, 245_759, 245_760, 249_998];
    scene.put('UPGRADE PROTOCOL', [{ protocol: { minReaderVersion: 1, minWriterVersion: 4 } }]);
    scene.others.configure({ 'delta.enableChangeDataFeed': 'true' });
    const [group] = await duck(`select max(row_group_id) as last from parquet_metadata('${scene.table}/*.parquet')`);
    expect(Number(group?.last)).toBeGreaterThan(0);
    await write('true', `i in (${borders.join(', ')})`);
    ok(await scene.run('go'));
    const files = scene.others.state().files.map((file) => `select * from ${scene.others.rowsOf(file)}`);
    const [found] = await duck(
      `select count(*) as n, count(distinct id) as ids, list(id order by id) filter (name = 'new') as changed from (${files.join(' union all by name ')})`,
    );
    expect([Number(found?.n), Number(found?.ids)]).toEqual([250_000, 250_000]);
    expect([...((found?.changed ?? []) as readonly unknown[])].map(Number)).toEqual(borders);
    const feed = await duck(
      `select _change_type as kind, list(id order by id) as ids from read_parquet('${scene.table}/_change_data/*') group by 1 order by 1`,
    );
    expect(feed.map(({ kind, ids }) => [kind, [...(ids as readonly unknown[])].map(Number)])).toEqual([
      ['update_postimage', borders],
      ['update_preimage', borders],
    ]);
    // The source as it would be, which verify compares row by row.
    await write(`i in (${borders.join(', ')})`);
    ok(await scene.run('verify', 'f.f'));
  });
});
