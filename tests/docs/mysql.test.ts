import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'mysql.md'), 'utf8'));

test.skipIf(noMariadb() !== '')('the example of docs/mysql.md runs as it stands, with the rights that it names', async () => {
  await using db = await mariadbDatabase();
  const account = `loader_${process.pid}`;
  await db.sql(
    `CREATE TABLE orders (id int, updated_at timestamp(6) DEFAULT current_timestamp(6)); CREATE TABLE customers LIKE orders;
    INSERT INTO orders (id) VALUES (1), (2); INSERT INTO customers (id) VALUES (1);`,
  );
  const rights = blocks.find(({ language }) => language === 'sql')?.text ?? '';
  await db.sql(rights.replaceAll('loader', account).replaceAll('shop.', `${db.database}.`).replace('…', 'secret'));
  using workspace = new TestWorkspace();
  for (const { language, text } of blocks) {
    if (language !== 'yaml') continue;
    const file = /^# (\S+\.yml)/.exec(text)?.[1] ?? '';
    const there = text
      .replace('host: db.example', `host: ${db.host}, port: ${db.port}, tls_ca_path: ${db.keys.tls_ca_path}, tls: verify-full`)
      .replace('database: shop', `database: ${db.database}`);
    workspace.write({ [file]: there.replace('user: loader', `user: ${account}`) });
  }
  const env = { SHOP_PASSWORD: 'secret' };
  const run = await workspace.run(['go', '--output', 'json'], { env });
  expect([run.code, run.stderr + run.stdout]).toEqual([0, expect.not.stringContaining('"event":"error"')]);
  expect(await workspace.settled('lake/shop/orders', 'shop', 'orders', 'lake/shop')).toHaveLength(2);
  await db.sql('INSERT INTO orders (id) VALUES (3)');
  expect((await workspace.run(['go', '--output', 'json'], { env })).code).toBe(0);
  expect(await workspace.settled('lake/shop/orders', 'shop', 'orders', 'lake/shop')).toHaveLength(3);
  const debugged = await workspace.run(['debug'], { env });
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringContaining(`may read ${db.database}.orders`)]);
  await db.sql(`DROP USER ${account}`);
});
