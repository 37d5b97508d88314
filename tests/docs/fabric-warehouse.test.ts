import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findConnector } from '../../src/registry.ts';
import { servedFabric } from '../databases/fabric-warehouse/support.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = ['fabric-warehouse.md', 'fabric-warehouse-writing.md'].flatMap((page) =>
  blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', page), 'utf8')),
);

test('the examples of docs/fabric-warehouse.md run as they stand, but for where the Warehouse is', async () => {
  const tables = ['orders', 'customers'].map((name) => ({
    ...{ name: `sales.${name}`, columns: { id: 'bigint not null', updated_at: 'datetime2(6) not null', note: 'varchar(200)' } },
    rows: [
      ['1', '2026-01-01 00:00:00.000000', 'æ'],
      ['2', '2026-01-02 00:00:00.000000', null],
    ],
  }));
  await using database = await servedFabric({ item: 'warehouse', tables, clock: '2026-02-01T00:00:00.000000Z' });
  using workspace = new TestWorkspace();
  const place = 'server: abcdef.datawarehouse.fabric.microsoft.com, database: sales';
  for (const { language, text } of blocks) {
    if (language !== 'yaml') continue;
    const file = /^# (\S+\.yml)/.exec(text)?.[1] ?? '';
    // Its store is looked at below: this server only reads.
    if (file === 'flows/load/flow.yml') continue;
    const keys = Object.entries(database.keys).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    workspace.write({ [file]: text.replace(place, keys.join(', ')) });
  }
  const hygge = (...args: readonly string[]) => workspace.run(args, { env: database.env });
  const debugged = await hygge('debug');
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringContaining('loader may read sales.orders')]);
  const go = async () => {
    const run = await hygge('go', '--output', 'json');
    expect([run.code, run.stderr + run.stdout]).toEqual([0, expect.not.stringContaining('"event":"error"')]);
    return (await workspace.settled('lake/sales/orders', 'sales', 'orders', 'lake/sales')).length;
  };
  expect(await go()).toBe(2);
  tables[0]?.rows.push(['3', '2026-01-03 00:00:00.000000', 'new']);
  expect(await go()).toBe(3);
  const address = `fabric://${database.server.host}:${database.server.port}/sales`;
  const copied = await hygge('copy', `${address}#sales.customers`, 'out.parquet', '--home', `tls_ca_path=${database.keys.tls_ca_path}`);
  expect([copied.code, copied.stdout]).toEqual([0, expect.stringContaining('2 rows settled')]);
  workspace.write({ 'flows/all/flow.yml': 'home: { connection: sales, table: "sales.{entity}" }\nstore: lake/all\nentities: [orders]\n' });
  const generated = await hygge('generate', 'entities', '--flow', 'all', '--dry-run');
  expect(generated.stdout).toContain('# table sales.customers');
});

test('the pages have no other examples', () => {
  expect(blocks.map(({ language, text }) => [language, text.split('\n')[0]])).toEqual([
    ['yaml', '# hygge.yml'],
    ['yaml', '# flows/sales/flow.yml'],
    ['sql', 'GRANT SELECT ON SCHEMA::[sales] TO [hygge-app];'],
    ['yaml', '# flows/load/flow.yml'],
  ]);
});

test('the flow of the page that writes names a folder that COPY INTO reads', async () => {
  const text = blocks.find((one) => one.text.startsWith('# flows/load/flow.yml'))?.text ?? '';
  const [, table = ''] = /table: "([^"]+)"/.exec(text) ?? [];
  const [, staging = ''] = /staging: (\S+)/.exec(text) ?? [];
  const side = (await findConnector('fabric_warehouse'))?.store;
  const keys = { server: 'abcdef.datawarehouse.fabric.microsoft.com', database: 'sales' };
  expect(side?.config.safeParse({ ...keys, table, staging }).error).toBeUndefined();
});
