import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../src/ports/answers/comparison.ts';
import { here } from '../../support/here.ts';
import { inProcess } from '../../support/in-process.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const errorsOf = ({ events }: Awaited<ReturnType<typeof here>>) => events.filter(({ event }) => event === 'error');

describe('a table of SQLite that a flow settles in', () => {
  test('holds every value as it was, by a second reader, and gives it back', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'flows/in/flow.yml': `home:
  type: duckdb
  query: |
    select i::bigint as id, (i * 30019)::int as i32, (9223372036854775807 - i)::bigint as i64, (18446744073709551615 - i::uhugeint)::ubigint as u64,
    (i / 7)::double as f, case when i % 5 = 0 then null else 'città ' || i || repeat('x', i % 300) end as s, ('2024-01-01'::timestamp + to_microseconds(i * 1000001)) as at,
    ('2024-01-01'::timestamp + to_microseconds(i))::timestamptz as instant, ('1970-01-01'::date + i::int) as d, (i * -1.25)::decimal(38, 10) as m, i % 2 = 0 as b,
    ('x' || i)::blob as bin, uuid() as u, {'a': i, 'b': [i, null]} as doc, to_json({'n': i}) as j, ('00:00:00'::time + to_microseconds(i * 7)) as clock
    from range(5000) r(i) where i < 1000 or i % 2 = 0
store: { type: sqlite, path: ${file.path}, table: t }
entities: [t]`,
      'flows/out/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t }
store: { path: lake, format: parquet }
entities: [t]`,
    });
    expect(errorsOf(await here(workspace, 'go', '--flow', 'in'))).toEqual([]);
    const [types] = file.sql(`select group_concat(name || ' ' || type, ', ') as all_of_them from pragma_table_info('t')`);
    expect(types?.all_of_them).toBe(
      'id INTEGER, i32 INTEGER, i64 INTEGER, u64 DECIMAL_TEXT(20,0), f REAL, s TEXT, at DATETIME, instant TIMESTAMPTZ, d DATE, m DECIMAL_TEXT(38,10), b BOOLEAN, bin BLOB, u UUID, doc JSON_TEXT, j JSON_TEXT, clock TIME',
    );
    const [row] = file.sql('select *, (select count(*) from t) as n from t where id = 4998');
    expect(row).toMatchObject({
      ...{ id: 4998n, i64: 9223372036854770809n, u64: '18446744073709546617', f: 714, b: 1n, n: 3000n, m: '-6247.5000000000' },
      ...{ at: '2024-01-01 01:23:18.004998', instant: '2024-01-01 00:00:00.004998Z', d: '1983-09-08', clock: '00:00:00.034986' },
      ...{
        s: `città 4998${'x'.repeat(198)}`,
        bin: new Uint8Array(Buffer.from('x4998')),
        doc: '{"a":4998,"b":[4998,null]}',
        j: '{"n":4998}',
      },
    });
    expect(file.sql('select distinct typeof(i64) || typeof(f) || typeof(m) || typeof(at) || typeof(bin) as kinds from t')).toEqual([
      { kinds: 'integerrealtexttextblob' },
    ]);
    expect(errorsOf(await here(workspace, 'go', '--flow', 'out'))).toEqual([]);
    const back = await workspace.settled('lake', 'out', 't');
    expect(back).toHaveLength(3000);
    expect(back.find(({ id }) => Number(id) === 4998)).toMatchObject({ i64: '9223372036854770809', u64: '18446744073709546617' });
    expect(errorsOf(await here(workspace, 'go', '--flow', 'in'))).toEqual([]);
    expect(file.sql('select count(*) as n from t')).toEqual([{ n: 3000n }]);
    expect(file.sql(`select name from sqlite_schema where name like 'hygge_staging%'`)).toEqual([]);
  });

  test('compares lists and structs, which it keeps as JSON, with their source, and names each that differs', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'flows/in/flow.yml': `home: "in/{entity}/*.parquet"\nstore: { type: sqlite, path: ${file.path}, table: t }\nentities: [t]\n`,
    });
    await workspace.parquet(
      'in/t/1.parquet',
      `select i as id, [i, null]::int[] as whole, case when i % 7 > 0 then [] end::varchar[] as none, [9007199254740993, -9223372036854775808]::bigint[] as longs,
      {'t': 'Ærø "' || chr(65533) || i, 'm': (i / 4)::decimal(38, 10), 'f': sqrt(i), 'r': (i / 3)::float, 'b': i % 2 = 0, 'deep': [{'d': '1500-01-01'::date + i::int, 'u': uuid()::varchar}]} as pair,
      [timestamp_ns '2024-01-01 00:00:00.000000001', null] as ns, [timestamptz '2024-01-01 00:00:00.5+00'] as instants, ['10:00:00.000001'::time] as clocks,
      [to_json({'n': 1.10})] as docs from range(300) r(i)`,
    );
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    const verified = async () => {
      const { stdout, stderr } = await workspace.run(['verify', '--key', 'id', '--pause', '0s', '--output', 'json']);
      expect(stdout, stderr).not.toBe('');
      return JSON.parse(stdout) as Comparison;
    };
    expect(await verified()).toMatchObject({
      verdict: 'same',
      error: null,
      rows: { source: 300, destination: 300 },
      plan: { not_compared: [] },
    });
    file.sql(
      `update t set longs = '[9007199254740992,-9223372036854775808]' where id = 3`,
      `update t set pair = json_set(pair, '$.t', 'other') where id = 4`,
      `update t set whole = null where id = 5`,
      `update t set whole = ' [6 , null] ' where id = 6`,
    );
    const found = await verified();
    expect(found.verdict).toBe('differs');
    expect(found.differing.map(({ key, columns }) => [key?.id, columns.map(({ column }) => column)]).sort()).toEqual([
      ['3', ['longs']],
      ['4', ['pair']],
      ['5', ['whole']],
    ]);
    file.sql(`update t set whole = '[1.5]' where id = 7`);
    expect((await verified()).error?.what).toContain('a document of JSON for list<int32>');
  });

  test('is read with lists and structs that types says of its documents, and without rows that are bad behind them', async () => {
    using file = new SqliteTestFile();
    file.sql(
      'create table t (id integer, l json, s text, n integer)',
      `insert into t values (1, '[1, 2]', '{"a": "x"}', 1), (2, '[3]', '{"a": "y"}', 'bad'), (3, null, null, 3), (4, null, '{}', 'bad'), (5, '[5', '{}', 5), (6, '[]', '{}', 6)`,
    );
    using workspace = new TestWorkspace({
      'flows/out/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t, bad_rows: skip, types: { l: list<int32>, s: "struct<a: string>" } }
store: { path: lake, format: parquet }
entities: [t]`,
    });
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    const rows = await workspace.settled('lake', 'out', 't');
    expect(rows.map(({ id, l, s }) => JSON.stringify([Number(id), l, s])).sort()).toMatchInlineSnapshot(`
      [
        "[1,[1,2],{"a":"x"}]",
        "[3,null,null]",
        "[6,[],{"a":null}]",
      ]
    `);
  });

  test('keeps its views, triggers and indexes through full loads, and shows new rows in them', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'in/t.csv': 'id,name\n1,one\n',
      'flows/f/flow.yml': `home: "in/{entity}.csv"
store: { type: sqlite, path: ${file.path}, table: t }
if_exists: replace
entities: [t]`,
    });
    file.sql(
      "create table t (id integer unique, name text unique, twice generated always as (id * 2), note text default 'n')",
      `insert into t (id, name) values (7, 'old')`,
      'create view v as select name from t',
      'create table log (at text)',
      `create trigger tr after insert on t begin insert into log values (new.name); end`,
    );
    const before = file.sql("select sql from sqlite_schema where tbl_name in ('t', 'v') order by name");
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    workspace.write({ 'in/t.csv': 'id,name\n1,uno\n2,due\n' });
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select name from v order by name')).toEqual([{ name: 'due' }, { name: 'uno' }]);
    expect(file.sql('select id, twice, note from t')).toEqual([
      { id: 1n, twice: 2n, note: 'n' },
      { id: 2n, twice: 4n, note: 'n' },
    ]);
    expect(file.sql("select sql from sqlite_schema where tbl_name in ('t', 'v') order by name")).toEqual(before);
    expect(file.sql('select count(*) as n from log')).toEqual([{ n: 3n }]);
  });

  test('is loaded anew where its rows point at each other', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'in/t.csv': 'id,up\n1,2\n2,\n',
      'flows/f/flow.yml': `home: "in/{entity}.csv"\nstore: { type: sqlite, path: ${file.path}, table: t }\nentities: [t]`,
    });
    file.sql(`create table t (id integer unique, up integer references t (id) on delete cascade)`);
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    workspace.write({ 'in/t.csv': 'id,up\n2,3\n3,\n' });
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select id, up from t order by id')).toEqual([
      { id: 2n, up: 3n },
      { id: 3n, up: null },
    ]);
  });

  test('refuses what it has no value for, by column and row', async () => {
    using file = new SqliteTestFile();
    const flow = (value: string) => `home: { type: duckdb, query: "select 1 as id, ${value} as v" }
store: { type: sqlite, path: ${file.path}, table: t }
entities: [t]`;
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow(`'nan'::double`) });
    expect(errorsOf(await here(workspace, 'go'))).toMatchObject([
      {
        code: 'HYG-4201',
        what: 'Column v holds NaN, which SQLite would keep as null.',
        why: [expect.stringMatching(/^The value is in row 1 /)],
      },
    ]);
    expect(file.sql(`select name from sqlite_schema where name = 't'`)).toEqual([]);
  });

  describe('that others change between runs', () => {
    const into = (file: SqliteTestFile, watermark: string) =>
      new TestWorkspace({
        'in/1.csv': 'id,at\n1,2024-01-01\n2,2024-01-02\n3,2024-01-03\n',
        'flows/f/flow.yml': `home: in/*.csv\nstore: { type: sqlite, path: ${file.path}, table: t }\nrun_type: incremental\nwatermark: ${watermark}\n`,
      });
    const settled = (file: SqliteTestFile) =>
      file.sql(`select coalesce(group_concat(id, ' '), '') as ids from (select id from t order by id)`)[0]?.ids;

    test('tells of rows that were taken out before it adds more, and is loaded again or not at all once it is emptied', async () => {
      using file = new SqliteTestFile();
      using workspace = into(file, '{ column: at }');
      const taken = async () => {
        const { events } = await here(workspace, 'go');
        return events.flatMap((one) => (one.event === 'plan' ? one.warnings.filter((text) => text.includes('of them')) : []));
      };
      expect(await taken()).toEqual([]);
      file.sql('delete from t where id = 1');
      workspace.write({ 'in/2.csv': 'id,at\n4,2024-01-04\n' });
      expect(await taken()).toEqual([expect.stringMatching(/^3 rows settled .* and 2 of them/)]);
      const reset = (...args: readonly string[]) => inProcess(['reset', 'f.f', '--yes', ...args], workspace.root, {});
      expect(await reset('--adopt')).toMatchObject({ code: 0 });
      workspace.write({ 'in/3.csv': 'id,at\n5,2024-01-05\n' });
      expect(await taken()).toEqual([]);
      file.sql('delete from t');
      workspace.write({ 'in/4.csv': 'id,at\n6,2024-01-06\n' });
      expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-4232' });
      expect(settled(file)).toBe('');
      expect(await reset()).toMatchObject({ code: 0 });
      expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
      expect(settled(file)).toBe('1 2 3 4 5 6');
    });

    test('stops an increment where a column was renamed, and a full load brings it back', async () => {
      using file = new SqliteTestFile();
      using workspace = into(file, '{ column: at, key: [id] }');
      expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
      file.sql('alter table t rename id to ident');
      workspace.write({ 'in/2.csv': 'id,at\n1,2024-01-04\n' });
      expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-4280' });
      expect(file.sql('select count(*) as n from t')).toEqual([{ n: 3n }]);
      expect(await here(workspace, 'go', '-d', '-e', 'f.f')).toMatchObject({ code: 0 });
      expect(settled(file)).toBe('1 2 3');
      expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    });
  });

  test('takes each row at the watermark once, however its time is written', async () => {
    using file = new SqliteTestFile();
    using source = new SqliteTestFile();
    source.sql(
      'create table t (id integer primary key, w datetime, z timestamptz)',
      `insert into t values (1, '2024-01-01 00:00:00.001', '2024-01-01 02:00:00.001000000+02:00'), (2, '2024-01-01 00:00:00.001000000', '2024-01-01 00:00:00.001Z')`,
    );
    const flow = (w: string) => `home: { type: sqlite, path: ${source.path}, table: t }
store: { type: sqlite, path: ${file.path}, table: ${w} }
run_type: incremental
watermark: { column: ${w} }
entities: [t]`;
    using workspace = new TestWorkspace({ 'flows/w/flow.yml': flow('w'), 'flows/z/flow.yml': flow('z') });
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    source.sql(`insert into t values (3, '2024-01-01T00:00:00.0010', '2023-12-31 23:00:00.0010000-01:00')`);
    for (const _ of [1, 2]) expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select id, w from w order by id')).toEqual([1n, 2n, 3n].map((id) => ({ id, w: '2024-01-01 00:00:00.001000' })));
    expect(file.sql('select id, z from z order by id')).toEqual([1n, 2n, 3n].map((id) => ({ id, z: '2024-01-01 00:00:00.001000Z' })));
  });

  test('has each row of a query once that gives them in another order whenever it is run', async () => {
    using file = new SqliteTestFile();
    using source = new SqliteTestFile();
    source.sql(
      'create table t (id integer primary key, v text)',
      // Whether it is a text at all, only the bytes of this character tell.
      `with recursive r(i) as (select 1 union all select i + 1 from r where i < 2000) insert into t select i, iif(i % 70 = 0, char(65533), 'x' || i) from r`,
    );
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${source.path}, query: select * from t order by random() }
store: { type: sqlite, path: ${file.path}, table: t }
entities: [t]`,
    });
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select count(*) as n, count(distinct id) as different from t')).toEqual([{ n: 2_000n, different: 2_000n }]);
  });

  test('is refused before anything is read, where its rows would take the place of each other or change', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace({
      'in/t.csv': 'id,v\n1,a\n1,b\n2,c\n',
      'flows/f/flow.yml': `home: "in/{entity}.csv"
store: { type: sqlite, path: ${file.path}, table: t }
entities: [t]`,
    });
    const ddl = `create table t (id integer, v text not null ON  CONFLICT\nREPLACE default 'z')`;
    file.sql('select 1', ddl, `insert into t values (1, 'mine')`);
    expect(errorsOf(await here(workspace, 'go'))).toMatchObject([{ code: 'HYG-4265' }]);
    expect(file.sql('select * from t')).toEqual([{ id: 1n, v: 'mine' }]);
    file.sql('select 1', 'drop table t', `create table t (id integer, v text, check (v <> 'on conflict replace')) -- on conflict replace`);
    expect(errorsOf(await here(workspace, 'go'))).toEqual([]);
    expect(file.sql('select count(*) as n from t')).toEqual([{ n: 3n }]);
  });
});

describe('rows of a table of SQLite that a run with a watermark leaves out', () => {
  const flow = `home: { type: sqlite, path: shop.db, table: o, bad_rows: quarantine }
store: { type: sqlite, path: out.db, table: t }
run_type: incremental
watermark: { column: day }
`;
  test('settle by the command that the run names, once they are corrected', async () => {
    using workspace = new TestWorkspace({ 'flows/o/flow.yml': flow });
    const shop = (...statements: readonly string[]) => {
      using database = new DatabaseSync(`${workspace.root}/shop.db`);
      for (const statement of statements) database.exec(statement);
    };
    const settled = () => {
      using database = new DatabaseSync(`${workspace.root}/out.db`);
      return database
        .prepare('select id, n from t order by id')
        .all()
        .map(({ id, n }) => `${id} ${n}`);
    };
    const advised = async () => {
      const { code, stdout } = await inProcess(['go'], workspace.root, {});
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('WARN=1') });
      const [, said = ''] = /once it is corrected, (.*)/.exec(stdout) ?? [];
      return [...said.matchAll(/hygge ((?:[a-z]+)(?: o\.o)?(?: --(?:from|to) \S+)*)/g)].map(([, command = '']) => command.split(' '));
    };
    shop('create table o (id integer primary key, day date, n integer)');
    shop(`insert into o values (1, '2024-01-01', 1), (2, '2024-01-02', 'two'), (3, '2024-01-03', 3)`);
    const first = await advised();
    expect(first).toEqual([['reset', 'o.o'], ['go']]);
    shop('update o set n = 2 where id = 2');
    // A person is asked.
    for (const [name = '', ...of] of first)
      expect(await inProcess([name, ...of, ...(name === 'reset' ? ['--yes'] : [])], workspace.root, {})).toMatchObject({ code: 0 });
    expect(settled()).toEqual(['1 1', '2 2', '3 3']);
    shop(`insert into o values (4, '2024-01-04', 'four'), (5, '2024-01-05', 5)`);
    const second = await advised();
    expect(second).toEqual([['backfill', 'o.o', '--from', '2024-01-03', '--to', '2024-01-05']]);
    shop('update o set n = 4 where id = 4');
    // What later runs read is not below it.
    expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
    expect(settled()).toEqual(['1 1', '2 2', '3 3', '5 5']);
    for (const command of second) expect(await inProcess(command, workspace.root, {})).toMatchObject({ code: 0 });
    expect(settled()).toEqual(['1 1', '2 2', '3 3', '4 4', '5 5']);
  });
});

test('a full load into a table of SQLite stops where a swap is asked for, with the strategy that SQLite has', async () => {
  const flow = (more = '') => ({
    'flows/f/flow.yml': `home: "in/{entity}.csv"\nstore: { type: sqlite, path: out.db }\nrun_type: full_drop\n${more}entities: [t]`,
  });
  using workspace = new TestWorkspace({ 'in/t.csv': 'id,p\n1,a\n', ...flow() });
  expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
  workspace.write(flow('write_strategy: temp_swap\n'));
  const { code, stdout } = await inProcess(['go'], workspace.root, {});
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-2077') });
  expect(stdout).not.toContain('Drop of');
  expect(stdout).toContain('write_strategy: direct_insert');
  workspace.write(flow('write_strategy: direct_insert\n'));
  expect(await inProcess(['go'], workspace.root, {})).toMatchObject({ code: 0 });
});
