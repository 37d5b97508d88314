import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { onPostgres, ownDatabase, ownWorkspace } from './support.ts';

onPostgres('tools for PostgreSQL', () => {
  const opened = ownDatabase();
  const own = ownWorkspace(opened);
  const { hygge } = own;
  beforeEach(() => opened.db.sql('drop schema if exists sales cascade'));

  const file = (path: string) => readFileSync(own.workspace.path(path), 'utf8');

  test('entities of a catalogue: keys, estimates and what may tell new rows; and a run of them settles', async () => {
    await opened.db.sql(`create schema sales;
      create table sales.orders (id bigint generated always as identity primary key, placed timestamp, updated_at timestamptz not null);
      create index on sales.orders (updated_at);
      create table sales.items (order_id bigint, line int, made timestamp, primary key (order_id, line));
      create view sales.totals as select count(*) as n from sales.orders;
      create table "Odd.Name" (a int); create table hidden (a int);
      insert into sales.orders (placed, updated_at) select now(), now() - i * interval '1 second' from generate_series(1, 500) i;
      insert into sales.items select i, 1, now() from generate_series(1, 20) i;
      analyze sales.orders; analyze sales.items`);
    own.workspace.write({ 'flows/erp/flow.yml': 'home: { type: postgres, connection: pg }\nstore: out\n' });
    const first = await hygge('generate', 'entities', '--flow', 'erp', '--schema', 'sales');
    expect(first).toMatchObject({ code: 0 });
    expect(file('flows/erp/entities/orders.yml').split('\n').slice(1)).toEqual([
      'name: orders',
      'home: { table: "sales.orders" }',
      '',
      expect.stringMatching(/^# table sales\.orders, ~500 rows, ~\d+ kB$/),
      '# primary key: id',
      '',
      '# Only new rows, by a column whose values increase:',
      '# run_type: incremental',
      '# watermark: { column: updated_at, key: [id] }',
      '#   updated_at: timestamp with time zone, indexed; by its name, it is updated when the row changes',
      '#   or placed: timestamp without time zone, without an index: each run reads the whole table; may be null; a time: each change of a row must update this time too',
      '#   or id: bigint, indexed; it is counted up: only for rows that are added and never changed',
      '',
    ]);
    expect(file('flows/erp/entities/items.yml')).toContain('# watermark: { column: made, key: [order_id, line] }');
    expect(first.text).toContain('! 1 view is left out: sales.totals.');
    expect(() => file('flows/erp/entities/totals.yml')).toThrow();
    const withViews = await hygge('generate', 'entities', '--flow', 'erp', '--schema', 'sales', '--views');
    expect(withViews.text).not.toContain('left out');
    expect(file('flows/erp/entities/totals.yml')).toContain('# view sales.totals\n# no primary key');
    expect((await hygge('generate', 'entities', '--flow', 'erp', '--schema', 'sales')).text).not.toContain('left out');
    expect(await hygge('go')).toMatchObject({ code: 0, text: expect.stringContaining('PASS=3') });
    expect(await duck(`select count(*)::int as n from '${own.workspace.path('out/orders')}/*.parquet'`)).toEqual([{ n: 500 }]);
    // What is suggested runs as it is suggested.
    own.workspace.write({
      'flows/erp/entities/orders.yml': file('flows/erp/entities/orders.yml').replace(/^# (run_type|watermark)/gm, '$1'),
    });
    expect(await hygge('go', '-e', 'erp.orders', '-d')).toMatchObject({ code: 0 });
    own.workspace.write({ 'flows/erp/entities/items.yml': 'name: items\n# mine\nhome: { table: sales.items }\n' });
    const again = await hygge('generate', 'entities', '--flow', 'erp', '--schema', 'sales');
    expect(again.text).toContain('are there already');
    expect(file('flows/erp/entities/items.yml')).toContain('# mine');
    const dry = await hygge('generate', 'entities', '--flow', 'erp', '--like', 'odd*', '--dry-run');
    expect(dry.stdout).toContain(`home: { table: "public.\\"Odd.Name\\"" }`);
  });

  test('the DDL of a file and of an entity is what a table of them needs, and is applied as it is printed', async () => {
    own.workspace.write({
      'flows/up/flow.yml':
        'home: in\nstore: { type: postgres, connection: pg, table: sales.orders }\nrun_type: incremental\nwatermark: { column: updated_at, key: [id] }\nschema_overrides: { code: varchar(10) }\n',
      'in/.keep': '',
    });
    await duck(
      `copy (select range as id, '0' || range as code, (range / 3)::decimal(18,4) as amount, timestamp '2026-01-01' + to_seconds(range) as updated_at from range(100)) to '${own.workspace.path('in/a.parquet')}' (format parquet)`,
    );
    const ofFile = await hygge('generate', 'ddl', '--input', 'in/a.parquet', '--table', 'sales.copy');
    expect(ofFile).toMatchObject({
      code: 0,
      stdout: `create table "sales"."copy" (\n  "id" bigint,\n  "code" text,\n  "amount" numeric(18,4),\n  "updated_at" timestamp without time zone\n);\n`,
    });
    expect(await hygge('generate', 'ddl', '--entity', 'up.up', '--to', 'orders.sql')).toMatchObject({ code: 0 });
    expect(file('orders.sql')).toBe(
      `create table "sales"."orders" (\n  "id" bigint,\n  "code" character varying(10),\n  "amount" numeric(18,4),\n  "updated_at" timestamp without time zone,\n  unique ("id")\n);\n`,
    );
    own.workspace.write({ 'schema.sql': `create schema sales;\n${file('orders.sql')}` });
    const dry = await hygge('apply', 'schema.sql', '--connection', 'pg', '--dry-run');
    expect(dry).toMatchObject({ code: 0, text: expect.stringContaining('2 statements would be run. Nothing was run.') });
    expect(await opened.db.sql(`select count(*) as n from pg_namespace where nspname = 'sales'`)).toEqual([{ n: '0' }]);
    const done = await hygge('apply', 'schema.sql', '--connection', 'pg');
    expect(done).toMatchObject({ code: 0, text: expect.stringContaining('2 statements done, in one transaction.') });
    expect(await hygge('go')).toMatchObject({ code: 0, text: expect.not.stringContaining('HYG-') });
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await opened.db.sql('select count(*) as n from sales.orders')).toEqual([{ n: '100' }]);
    await duck(
      `copy (select [[1]] as deep, timestamp_ns '2026-01-01' as t) to '${own.workspace.path('in/deep.parquet')}' (format parquet)`,
    );
    expect(await hygge('generate', 'ddl', '--input', 'in/deep.parquet', '--table', 't')).toMatchObject({
      code: 2,
      text: expect.stringContaining('HYG-1097'),
    });
    expect(await hygge('generate', 'ddl', '--input', 'in/a.parquet', '--table', 't', '--dialect', 'oracle')).toMatchObject({
      code: 2,
      text: expect.stringContaining('There are: postgres'),
    });
  });

  test('a file is applied whole or not at all, and its error names the statement and the line', async () => {
    own.workspace.write({
      'a.sql': `create table t (id int);\n-- ; not the end\ninsert into t values (1), (2);\n\ncreate index on\n  t (nothing);\n`,
    });
    const failed = await hygge('apply', 'a.sql', '--connection', 'pg');
    expect(failed).toMatchObject({
      code: 1,
      text: expect.stringContaining('HYG-4260 Statement 3 of 3 failed, in line 5: create index on …'),
    });
    expect(failed.text).toMatch(/"nothing" does not exist[\s\S]*Everything was rolled back: nothing is done/);
    expect(await opened.db.sql(`select count(*) as n from pg_tables where tablename = 't'`)).toEqual([{ n: '0' }]);
    own.workspace.write({ 'b.sql': 'create table t (id int);\nselect\n  1,\n  nothing;\n' });
    expect((await hygge('apply', 'b.sql', '--connection', 'pg')).text).toContain('Statement 2 of 2 failed, in line 4');
    own.workspace.write({ 'c.sql': 'vacuum' });
    expect((await hygge('apply', 'c.sql', '--connection', 'pg')).text).toContain('only outside of a transaction');
    const json = await own.workspace.run(['apply', 'a.sql', '--connection', 'pg', '--dry-run', '--output', 'json'], {
      env: { PG_SECRET: opened.db.password },
    });
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { line: number; destructive: boolean }),
    ).toMatchObject([{ line: 1, destructive: false, done: false }, { line: 3 }, { line: 5 }]);
  });
});
