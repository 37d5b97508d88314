import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'duckdb.md'), 'utf8'));

async function inFile(path: string, sql: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

test('what docs/duckdb.md shows runs as it stands, flows and commands, and once more for what is new', async () => {
  using workspace = new TestWorkspace({ 'in/a.csv': 'customer,total\nann,1.5\nbob,2\n', 'in/b.csv': 'customer,total\nann,3\n' });
  mkdirSync(workspace.path('data'));
  const file = workspace.path('data', 'sales.duckdb');
  await inFile(
    file,
    `create table orders (id int, changed_at timestamptz); insert into orders values (1, '2024-01-01'), (2, '2024-01-02')`,
  );
  const said = new Map<string, string>();
  for (const { language, text } of blocks) {
    if (language === 'yaml') workspace.write({ [/^# (\S+\.yml)/.exec(text)?.[1] ?? '']: text });
    else
      for (const command of text.split('\n')) {
        const { code, stdout, stderr } = await inProcess(command.split(' ').slice(1), workspace.root, {});
        expect([command, code, stdout + stderr]).toEqual([command, 0, expect.stringMatching(/^hygge /.test(command) ? /./ : /never/)]);
        said.set(command, stdout + stderr);
      }
  }
  expect(said.get('hygge preview look.customers')).toMatch(/ann[\s\S]*4\.5[\s\S]*bob/);
  expect(said.get('hygge generate entities --flow tables --dry-run')).toContain('orders');
  expect(said.get('hygge generate ddl --entity back.a')).toContain('create table "main"."a" (');
  expect(
    (await workspace.settled('lake/files/customers', 'files', 'customers', 'lake/files'))
      .map(({ customer, total }) => [customer, Number(total)])
      .sort(),
  ).toEqual([
    ['ann', 4.5],
    ['bob', 2],
  ]);
  await inFile(file, `insert into orders values (3, '2024-01-03')`);
  expect((await workspace.run(['go', '--output', 'json'])).code).toBe(0);
  expect(await workspace.settled('lake/tables/orders', 'tables', 'orders', 'lake/tables')).toHaveLength(3);
  expect(await inFile(file, 'select count(*)::int as n from a')).toEqual([{ n: 2 }]);
  const debugged = await workspace.run(['debug']);
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringContaining('main.orders can be read')]);
});
