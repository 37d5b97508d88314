import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();

const day = (from: string, rows: number, more = '') =>
  `select range as id, timestamp '${from}' + interval (range) minute as updated_at${more} from range(${rows})`;

/** 100 orders, and in a second increment ten of them changed. */
async function shop(store: string, { more = '', increments = 2 } = {}): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'flows/shop/flow.yml': `home: data/{entity}
store: ${store}
run_type: incremental
watermark: { column: updated_at, key: [id] }
entities: [orders]
${more}`,
  });
  const days = [
    ['data/orders/1.parquet', day('2026-01-01', 100)],
    ['data/orders/2.parquet', day('2026-02-01', 10)],
  ] as const;
  for (const [path, query] of days.slice(0, increments)) {
    await workspace.parquet(path, query);
    expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
  }
  return workspace;
}

async function answer(workspace: TestWorkspace, sql: string, ...more: readonly string[]) {
  const run = await workspace.run(['query', sql, '--output', 'json', ...more]);
  expect([run.code, run.stderr]).toEqual([0, '']);
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const counts = 'select (select count(*) from shop.orders) as n, (select count(*) from "shop"."orders_latest") as latest';
const newest = 'select id, updated_at::varchar as at from shop.orders_latest where id in (1, 50) order by id';

describe('hygge query', () => {
  test('reads what settled in folders that are columns, and the newest row of each key', async () => {
    using workspace = await shop('{ path: lake, partition_by: [id] }');
    expect(await answer(workspace, counts)).toEqual([{ n: 110, latest: 100 }]);
    expect(await answer(workspace, newest)).toEqual([
      { id: 1, at: '2026-02-01 00:01:00' },
      { id: 50, at: '2026-01-01 00:50:00' },
    ]);
  });

  test('refuses to answer where a settled row can not be read', async () => {
    using workspace = await shop('{ path: lake, format: ndjson }', { increments: 1 });
    const file = [...workspace.tree('lake').keys()].find((name) => !name.includes('_hygge')) ?? '';
    const text = readFileSync(workspace.path(file), 'utf8');
    workspace.write({ [file]: text.replace('2026-01-01', '2026-xx-01') });
    const run = await workspace.run(['query', 'select count(updated_at) as n from shop.orders', '--output', 'json']);
    expect(run.code).not.toBe(0);
    expect(run.stdout).not.toContain('"n":');
    expect(run.stdout + run.stderr).toMatch(/HYG-(1946|3305)/);
  });

  test('reads a lake over the network', async () => {
    const { connectionString, blobUrl, account, key } = await azurite();
    expect([blobUrl, account, key]).not.toContain('');
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const container = `query${process.pid}`;
    await BlobServiceClient.fromConnectionString(connectionString).createContainer(container);
    using workspace = new TestWorkspace({
      'flows/shop/flow.yml': `home: data/{entity}
store: { type: azure_blob, connection_string: "\${LAKE}", container: ${container}, path: crm }
entities: [orders]
`,
    });
    await workspace.parquet('data/orders/1.parquet', day('2026-01-01', 7));
    const env = { LAKE: connectionString };
    expect(await workspace.run(['go'], { env })).toMatchObject({ code: 0 });
    const run = await workspace.run(['query', 'select max(id) as id from shop.orders', '--output', 'json'], { env });
    expect([run.code, run.stdout]).toEqual([0, '{"id":6}\n']);
  });

  test('shows rows as a table, with the first hundred, and says that there are more', async () => {
    using workspace = await shop('lake');
    const { stdout } = await workspace.run(['query', 'select id from shop.orders order by id']);
    expect(stdout.split('\n')[0]).toBe('query from shop.orders');
    expect(stdout).toContain('The first 100 rows.');
    expect((await workspace.run(['query', 'select id from shop.orders', '-n', '5'])).stdout).toContain('The first 5 rows.');
    expect((await workspace.run(['query', "select id from shop.orders where id < 5 and updated_at < date '2026-02-01'"])).stdout).toContain(
      'All 5 rows.',
    );
    expect((await workspace.run(['query', 'select count(*) from shop.orders'])).stdout).toContain('One row.');
  });

  test('prints whole numbers as numbers, inside of lists and structs as well, and as text where JSON can not hold them', async () => {
    using workspace = await shop('{ path: lake }', { increments: 1 });
    const values = "{'a': id, 'b': [id], 'big': 9007199254740993} as s, map {'x': id} as m, id::hugeint as h, 9007199254740993 as big";
    expect(await answer(workspace, `select ${values} from shop.orders where id = 7`)).toEqual([
      { s: { a: 7, b: [7], big: '9007199254740993' }, m: [{ key: 'x', value: 7 }], h: 7, big: '9007199254740993' },
    ]);
  });

  test('joins entities of several flows, and finds names in quotes with their capitals and marks', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': `name: test
flows:
  crm: { home: "data/{entity}", store: lake/crm, entities: [People-2] }
  shop: { home: "data/{entity}", store: lake/shop, entities: [orders] }
`,
    });
    await workspace.parquet('data/orders/1.parquet', 'select range as id, range % 3 as person from range(10)');
    await workspace.parquet('data/People-2/1.parquet', "select range as id, 'p' || range as name from range(3)");
    expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
    const sql = 'select p.name, count(*) as n from shop.orders o join "crm"."People-2" p on p.id = o.person group by all order by all';
    expect(await answer(workspace, sql)).toEqual([
      { name: 'p0', n: 4 },
      { name: 'p1', n: 3 },
      { name: 'p2', n: 3 },
    ]);
  });

  test('writes nothing', async () => {
    using workspace = await shop('{ path: lake, format: ndjson }');
    const before = workspace.tree();
    await answer(workspace, counts);
    for (const sql of [
      `copy (select * from shop.orders) to '${workspace.path('out.csv')}'`,
      'drop view shop.orders',
      'create table mine as select * from shop.orders',
    ]) {
      const run = await workspace.run(['query', sql]);
      expect([sql, run.code, run.stderr]).toEqual([sql, 2, expect.stringContaining('HYG-1946')]);
    }
    expect(workspace.tree()).toEqual(before);
  });

  test('refuses one of no entity, of newest rows without a key, and of what has not settled', async () => {
    using workspace = await shop('lake', { increments: 1 });
    workspace.write({
      'flows/plain/flow.yml': 'home: data/{entity}\nstore: plain\nentities: [orders]\n',
      'flows/later/flow.yml': 'home: data/{entity}\nstore: later\nentities: [orders]\n',
    });
    expect(await workspace.run(['go', 'plain'])).toMatchObject({ code: 0 });
    for (const [sql, said] of [
      ['select * from shop.nothing', 'names no entity'],
      ['select 1', 'names no entity'],
      ['select * from plain.orders_latest', 'no key identifies its rows'],
      ['select * from later.orders', 'later.orders has no settled rows'],
    ]) {
      const { code, stderr } = await workspace.run(['query', sql ?? '']);
      expect([sql, code, stderr]).toEqual([sql, 2, expect.stringMatching(new RegExp(`HYG-1945.*${said}`))]);
    }
  });

  test('reads what the last commit lists, not what is in the folder', async () => {
    using workspace = await shop('lake', { increments: 1 });
    await duck(
      `copy (select 999 as id, timestamp '2027-01-01' as updated_at) to '${workspace.path('lake/orders/stray.parquet')}' (format parquet)`,
    );
    expect(await answer(workspace, 'select max(id) as id from shop.orders')).toEqual([{ id: 99 }]);
  });
});
