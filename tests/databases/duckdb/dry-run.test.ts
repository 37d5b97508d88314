import { expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';

test('a dry run into DuckDB prints the DDL that makes the table, and makes nothing', async () => {
  using file = new DuckdbTestFile();
  await file.sql('create table others (a int)');
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections:\n  d: { type: duckdb, path: ${file.path} }\n`,
    'flows/f/flow.yml': 'home: in\nstore: { connection: d, table: sales.orders }\n',
  });
  await workspace.parquet('in/1.parquet', 'select 1::bigint as id, 1.5::decimal(9,2) as amount');
  const hygge = async (...args: readonly string[]) => inProcess(args, workspace.root, {});
  const plan = async () => {
    const { stdout } = await hygge('go', '--dry-run', '--output', 'json');
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; ddl?: readonly string[] });
    return events.find(({ event }) => event === 'plan')?.ddl ?? [];
  };
  const ddl = await plan();
  expect(ddl.slice(-2)).toEqual([
    'create schema if not exists "sales"',
    'create table "sales"."orders" ("id" BIGINT, "amount" DECIMAL(9,2))',
  ]);
  // All of it is SQL of DuckDB, as it stands: what is made by hand is what the run goes into.
  await file.sql(...ddl);
  expect((await plan()).filter((statement) => statement.includes('sales'))).toEqual([]);
  expect(await hygge('go')).toMatchObject({ code: 0 });
  expect(await plan()).toEqual(['create table "sales"."orders" ("id" BIGINT, "amount" DECIMAL(9,2))']);
});
