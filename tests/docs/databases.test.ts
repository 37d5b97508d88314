import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'databases.md'), 'utf8'));

test.skipIf(noPostgres() !== '')('the example of docs/databases.md runs as it stands, with the rights that it names', async () => {
  await using db = await postgresDatabase();
  const role = `loader_${db.database}`;
  await db.sql(
    `create schema sales; create table sales.orders (id int, updated_at timestamptz default now(), customer_id int default 1);
     create table sales.customers (id int, updated_at timestamptz default now(), region text default 'EU')`,
  );
  await db.sql('insert into sales.orders values (1), (2); insert into sales.customers values (1)');
  const rights = blocks.find(({ language }) => language === 'sql')?.text ?? '';
  await db.sql(rights.replaceAll('loader', role).replace('…', 'secret'));
  using workspace = new TestWorkspace();
  for (const { language, text } of blocks) {
    if (language !== 'yaml') continue;
    const file = /^# (\S+\.yml)/.exec(text)?.[1] ?? '';
    const there = text
      .replace('host: db.example', `host: ${db.host}, port: ${db.port}`)
      .replace('database: erp', `database: ${db.database}`);
    workspace.write({ [file]: there.replace('user: loader', `user: ${role}`) });
  }
  const env = { ERP_PASSWORD: 'secret' };
  const run = await workspace.run(['go', '--output', 'json'], { env });
  expect([run.code, run.stderr + run.stdout]).toEqual([0, expect.not.stringContaining('"event":"error"')]);
  expect(await workspace.settled('lake/erp/orders', 'erp', 'orders', 'lake/erp')).toHaveLength(2);
  expect(await workspace.settled('lake/regions/orders_by_region', 'regions', 'orders_by_region', 'lake/regions')).toMatchObject([
    { id: 1, region: 'EU' },
    { id: 2, region: 'EU' },
  ]);
  await db.sql('insert into sales.orders values (3)');
  expect((await workspace.run(['go', '--output', 'json'], { env })).code).toBe(0);
  expect(await workspace.settled('lake/erp/orders', 'erp', 'orders', 'lake/erp')).toHaveLength(3);
  const debugged = await workspace.run(['debug'], { env });
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringContaining(`${role} may read sales.orders`)]);
  await db.sql(`drop owned by ${role}; drop role ${role}`);
});
