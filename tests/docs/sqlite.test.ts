import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'sqlite.md'), 'utf8'));

function inFile(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

test('the example of docs/sqlite.md runs as it stands, and once more for what is new', async () => {
  using workspace = new TestWorkspace({ 'in/a.csv': 'customer,total\nann,1.5\nbob,2\n', 'in/b.csv': 'customer,total\nann,3\n' });
  for (const { language, text } of blocks) {
    if (language === 'yaml') workspace.write({ [/^# (\S+\.yml)/.exec(text)?.[1] ?? '']: text });
  }
  mkdirSync(workspace.path('data'));
  const file = workspace.path('data', 'shop.db');
  inFile(file, `create table orders (id int, changed_at datetime); insert into orders values (1, '2024-01-01'), (2, '2024-01-02 10:00')`);
  const first = await here(workspace, 'go');
  expect(first.events.filter(({ event }) => event === 'error')).toEqual([]);
  inFile(file, `insert into orders values (3, '2024-01-03T09:00:00.5')`);
  const second = await here(workspace, 'go');
  expect(second.events.filter(({ event }) => event === 'error')).toEqual([]);
  const rows = await workspace.settled('lake/tables/orders', 'tables', 'orders', 'lake/tables');
  expect(rows.map(({ id }) => Number(id)).sort()).toEqual([1, 2, 3]);
  using database = new DatabaseSync(file);
  expect(database.prepare('select (select count(*) from a) as a, (select sum(total) from b) as b').get()).toEqual({ a: 2, b: 3 });
});
