import { describe, expect, test } from 'vitest';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

/** How people declare a column that counts, by database. */
const declarations: readonly (readonly [DatabaseKind, readonly (readonly [name: string, column: string])[]])[] = [
  [
    postgres,
    [
      ['an identity always', 'id int generated always as identity primary key'],
      ...(whole ? [['a serial', 'id serial primary key'] as const] : []),
    ],
  ],
  [mariadb, [['an auto_increment', 'id int auto_increment primary key']]],
  [sqlite, [['a rowid', 'id integer primary key']]],
  [duckdb, [['a sequence', `id bigint default nextval('counts') primary key`]]],
];

const kinds = declarations.flatMap(([kind, ways]) => ways.map(([name, column]) => ({ kind, of: `${name} of ${kind.name}`, column })));

/** What each flow brings, and into what; its table is called as the flow. */
const flows = {
  merge: `home: { path: in/merged, format: csv, types: { id: int64, seen: date } }
store: STORE
run_type: incremental
watermark: { column: seen, key: [id] }`,
  full: `home: { path: in/ids, format: csv, types: { id: int64, seen: date }, not_null: [id] }
store: STORE_REPLACED`,
  without: `home: { path: in/notes, format: csv, types: { seen: date } }
store: STORE
run_type: incremental
watermark: { column: seen }`,
};

const ids = 'id,note,seen\n0,zero,2024-01-01\n-7,minus,2024-01-01\n41,a,2024-01-01\n';

const tableOf = (flow: string) => `t_${flow}`;

function filesFor({ connection, keys }: Database): Readonly<Record<string, string>> {
  const storeFor = (flow: string, how: string) => `{ connection: c, table: ${tableOf(flow)}, if_exists: ${how}${keys} }`;
  return {
    'hygge.yml': `name: w\nconnections: { c: ${connection} }\n`,
    ...Object.fromEntries(
      Object.entries(flows).map(([flow, yml]) => [
        `flows/${flow}/flow.yml`,
        `${yml.replace('STORE_REPLACED', storeFor(flow, 'replace')).replace('STORE', storeFor(flow, 'append'))}\n`,
      ]),
    ),
    'in/merged/a.csv': ids,
    'in/ids/a.csv': ids,
    'in/notes/a.csv': 'note,seen\na,2024-01-01\nb,2024-01-01\n',
  };
}

describe.each(kinds)('a key that counts by itself: $of', ({ kind, column }) => {
  test.skipIf(kind.missing !== '')('takes the values of the source, and counts where it has none', async () => {
    await using database = await kind.open();
    if (kind === duckdb) await database.sql('create sequence counts start 100', 'select 1');
    for (const flow of Object.keys(flows))
      await database.sql(`create table ${tableOf(flow)} (${column}, note varchar(20), seen date)`, 'select 1');
    await using workspace = new TestWorkspace(filesFor(database));
    const go = async () => {
      const { code, stdout, stderr } = await workspace.run(['go'], { env: { SHOP_SECRET: database.password } });
      expect(code, stdout + stderr).toBe(0);
    };
    const rowsOf = (flow: string) => database.sql(`select id, note from ${tableOf(flow)} order by id`);
    await go();
    workspace.write({
      'in/merged/b.csv': 'id,note,seen\n0,nought,2024-01-02\n42,b,2024-01-02\n',
      'in/ids/b.csv': 'id,note,seen\n42,b,2024-01-02\n',
      'in/notes/b.csv': 'note,seen\nc,2024-01-02\n',
    });
    await go();
    expect(await rowsOf('merge')).toEqual(['-7 minus', '0 nought', '41 a', '42 b']);
    expect(await rowsOf('full')).toEqual(['-7 minus', '0 zero', '41 a', '42 b']);
    for (const flow of Object.keys(flows)) await database.sql(`insert into ${tableOf(flow)} (note) values ('of the app')`, 'select 1');
    const notes = (await database.sql(`select note from ${tableOf('without')} order by id`)).join(' ');
    expect(notes).toBe('a b c of the app');
  });
});

/** Whole runs into a table `e` of one database. */
async function onTable(database: Database, ...statements: readonly string[]) {
  await database.cleared();
  for (const statement of statements) await database.sql(statement, 'select 1');
  const workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n` });
  return {
    async go(files: Readonly<Record<string, string>>) {
      workspace.write(files);
      const { code, stdout, stderr } = await workspace.run(['go'], { env: { SHOP_SECRET: database.password } });
      return { code, text: stdout + stderr };
    },
    rows: () => database.sql('select * from e order by id'),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

const flowOf = (home: string, watermark: string, keys: string, table = 'if_exists: append') => ({
  'flows/f/flow.yml': `home: { path: in, format: csv, types: { id: int64, code: int64, seen: date }${home} }
store: { connection: c, table: e, ${table}${keys} }
${watermark === '' ? '' : `run_type: incremental\nwatermark: { column: seen${watermark} }\n`}`,
});

const counted = 'create table e (code bigint primary key, id int generated always as identity, seen date)';

onEach([postgres], 'an identity of $name', (database) => {
  const rows = (...lines: readonly string[]) => ({ 'in/a.csv': `id,code,seen\n${lines.join('\n')}\n` });

  test.each([
    ['the key', 'key: [id]', ', key: [id]', ', not_null: [id, code]'],
    ['left out', 'exclude: [id]', ', key: [code]', ', exclude: [id]'],
  ])('that a merge would have to update stops before anything changes, and %s is advised and goes', async (_, advised, watermark, home) => {
    using one = await onTable(database, counted, `insert into e overriding system value values (1, 5, '2023-01-01')`);
    const stopped = await one.go({ ...flowOf(', not_null: [id, code]', ', key: [code]', ''), ...rows('7,1,2024-01-01') });
    expect(stopped).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-4242 Column id of/) });
    expect(stopped.text).toContain(advised);
    expect(await one.rows()).toHaveLength(1);
    const went = await one.go({ ...flowOf(home, watermark, ''), ...rows('5,1,2024-01-01') });
    expect(went.code, went.text).toBe(0);
    expect(await one.rows()).toEqual(['1 5 2024-01-01']);
  });

  test('that may be null in the source stops before anything changes; each advice leads on', async () => {
    const declared = 'create table e (code bigint primary key, id int generated by default as identity, seen date)';
    for (const [home, key] of [
      [', not_null: [id]', 'code'],
      [', exclude: [id]', 'code'],
      ['', 'id, code'],
    ]) {
      using one = await onTable(database, declared);
      const stopped = await one.go({ ...flowOf('', ', key: [code]', ''), ...rows('7,1,2024-01-01') });
      expect(stopped).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-2078 Column id may be null in the source, but .* numbers it itself/),
      });
      expect(await one.rows()).toEqual([]);
      const went = await one.go(flowOf(home ?? '', `, key: [${key}]`, ''));
      expect(went.code, went.text).toBe(0);
      expect(await one.rows()).toHaveLength(1);
    }
  });

  test('that is all there is of the rows is merged', async () => {
    using one = await onTable(database, 'create table e (id int generated always as identity primary key)');
    const flow = `home: { path: in, format: csv, types: { id: int64 } }\nstore: { connection: c, table: e, if_exists: append }\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n`;
    expect(await one.go({ 'flows/f/flow.yml': flow, 'in/a.csv': 'id\n1\n2\n' })).toMatchObject({ code: 0 });
    expect(await one.go({ 'in/b.csv': 'id\n2\n3\n' })).toMatchObject({ code: 0 });
    expect(await one.rows()).toEqual(['1', '2', '3']);
  });
});

const generated = [
  [postgres, 'generated always as (code + 1) stored'],
  [mariadb, 'as (code + 1) stored'],
  [sqlite, 'generated always as (code + 1) virtual'],
  [duckdb, 'generated always as (code + 1)'],
] as const;

describe.each(generated.map(([kind, as]) => ({ kind, as, of: `${kind.name}: ${as}` })))('a column of $of', ({ kind, as }) => {
  test.skipIf(kind.missing !== '')('takes no values, as a key or beside one, and stays out where that is said', async () => {
    await using database = await kind.open();
    using one = await onTable(database, `create table e (code bigint primary key, "id" bigint ${as}, seen date)`.replaceAll('"', ''));
    const rows = { 'in/a.csv': 'id,code,seen\n7,1,2024-01-01\n' };
    for (const key of whole ? ['id', 'code'] : ['code'])
      expect(await one.go({ ...flowOf('', `, key: [${key}]`, database.keys), ...rows })).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-2078 Column id of [\s\S]*exclude: \[id\]/),
      });
    expect(await one.rows()).toEqual([]);
    const went = await one.go(flowOf(', exclude: [id]', ', key: [code]', database.keys));
    expect(went.code, went.text).toBe(0);
    expect(await one.rows()).toEqual([expect.stringMatching(/^1 2 2024-01-01/)]);
  });
});
