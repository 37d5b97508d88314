import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownType } from '../../../src/databases/duckdb/columns.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

describe('tools for DuckDB', () => {
  let file: DuckdbTestFile;
  let workspace: TestWorkspace;
  beforeEach(() => {
    file = new DuckdbTestFile();
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections:\n  d: { type: duckdb, path: ${file.path} }\n` });
  });
  afterEach(() => {
    workspace[Symbol.dispose]();
    file[Symbol.dispose]();
  });
  const hygge = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess(args, workspace.root, {});
    return { code, stdout, text: stdout + stderr };
  };

  test('entities of its tables and views: keys, rows and what may tell new rows; and a run of them settles', async () => {
    await file.sql(
      'create schema sales',
      'create sequence ids',
      `create table sales.orders (id bigint default nextval('ids') primary key, placed timestamp, updated_at timestamptz not null)`,
      `insert into sales.orders (placed, updated_at) select timestamp '2026-01-01', timestamptz '2026-01-01' from range(500)`,
      'create table sales.items (order_id bigint, line int, primary key (order_id, line))',
      'create view sales.totals as select count(*) as n from sales.orders',
      'create table "Odd.Name" (a int)',
      'create schema hygge_metadata',
      'create table hygge_metadata.heads (a int)',
    );
    workspace.write({ 'flows/f/flow.yml': 'home: { connection: d }\nstore: out\n' });
    expect((await hygge('generate', 'entities', '--flow', 'f')).text).toContain('! 1 view is left out: ');
    expect(await hygge('generate', 'entities', '--flow', 'f', '--views')).toMatchObject({ code: 0 });
    const entity = (name: string) => readFileSync(workspace.path(`flows/f/entities/${name}.yml`), 'utf8');
    expect(entity('orders').split('\n').slice(1)).toEqual([
      ...['name: orders', 'home: { table: "sales.orders" }', '', '# table sales.orders, ~500 rows', '# primary key: id', ''],
      ...[
        '# Only new rows, by a column whose values increase:',
        '# run_type: incremental',
        '# watermark: { column: updated_at, key: [id] }',
      ],
      '#   updated_at: TIMESTAMP WITH TIME ZONE, by its name, it is updated when the row changes',
      '#   or placed: TIMESTAMP, may be null; a time: each change of a row must update this time too',
      '#   or id: BIGINT, it is counted up: only for rows that are added and never changed',
      '',
    ]);
    expect(entity('items')).toContain('# primary key: order_id, line');
    expect(entity('totals')).toContain('# view sales.totals');
    expect(entity('Odd.Name')).toContain(`home: { table: "main.\\"Odd.Name\\"" }`);
    expect(() => entity('heads')).toThrow();
    expect(await hygge('go')).toMatchObject({ code: 0, text: expect.stringContaining('PASS=4') });
  });

  test('the DDL of a file is applied as it is printed, in one transaction or not at all, and into a file that is made for it', async () => {
    await workspace.parquet('in/a.parquet', `select 1::bigint as id, 'a' as code, 1.5::decimal(18,4) as amount, now() as seen, [1] as l`);
    const ddl = await hygge('generate', 'ddl', '--input', 'in/a.parquet', '--table', 't', '--dialect', 'duckdb');
    expect(ddl).toMatchObject({
      code: 0,
      stdout: `create table "main"."t" (\n  "id" BIGINT,\n  "code" VARCHAR,\n  "amount" DECIMAL(18,4),\n  "seen" TIMESTAMP WITH TIME ZONE,\n  "l" INTEGER[]\n);\n`,
    });
    workspace.write({ 'half.sql': `${ddl.stdout}\ninsert into t\n  values (nothing, null, null, null, null);` });
    expect((await hygge('apply', 'half.sql', '--connection', 'd')).text).toMatch(/HYG-4260 Statement 2 of 2 failed, in line 10/);
    expect(await file.sql(`select count(*)::int as n from duckdb_tables()`)).toEqual([{ n: 0 }]);
    workspace.write({ 'whole.sql': ddl.stdout });
    expect(await hygge('apply', 'whole.sql', '--connection', 'd')).toMatchObject({
      code: 0,
      text: expect.stringContaining('1 statement done, in one transaction'),
    });
    expect(await file.sql(`select table_name as t from duckdb_tables()`)).toEqual([{ t: 't' }]);
  });

  test.each([
    ['timestamptz', 'TIMESTAMP WITH TIME ZONE'],
    ['Decimal( 10, 2 )', 'DECIMAL(10,2)'],
    ['ubigint[][]', 'UBIGINT[][]'],
    ['timestamp_ns', 'TIMESTAMP_NS'],
  ])('%s is %s in its own words, and that is how a table has it', async (written, declared) => {
    expect(ownType(written)?.declared).toBe(declared);
    expect(await file.sql(`create table t (a ${declared})`, `select data_type as t from duckdb_columns() where column_name = 'a'`)).toEqual(
      [{ t: declared }],
    );
  });

  test('a column settles in the type that schema_overrides says in its words, or in those of hygge', async () => {
    await workspace.parquet(
      'in/t.parquet',
      `select range as id, range::varchar as code, timestamp_ns '2026-01-01 10:00:00' as seen from range(1000)`,
    );
    workspace.write({
      'flows/f/flow.yml':
        'home: in/t.parquet\nstore: { connection: d, table: t }\nschema_overrides: { id: hugeint, code: usmallint, seen: "timestamp[ms]" }\n',
    });
    const made = [{ t: 'id HUGEINT, code USMALLINT, seen TIMESTAMP_MS' }];
    for (const _ of ['made', 'recreated']) {
      expect(await hygge('go')).toMatchObject({ text: expect.stringContaining('PASS=1') });
      const types = `select string_agg(column_name || ' ' || data_type, ', ' order by column_index) as t from duckdb_columns() where table_name = 't' and schema_name = 'main'`;
      expect(await file.sql(types)).toEqual(made);
      expect(await file.sql('select sum(id)::int as ids, sum(code)::int as codes, max(seen)::varchar as seen from t')).toEqual([
        { ids: 499_500, codes: 499_500, seen: '2026-01-01 10:00:00' },
      ]);
    }
    await workspace.parquet('in/t.parquet', `select 1::bigint as id, '70000' as code, null::timestamp_ns as seen`);
    expect((await hygge('go')).text).toContain('HYG-2023');
    expect(await file.sql('select count(*)::int as n from t')).toEqual([{ n: 1000 }]);
  });
});
