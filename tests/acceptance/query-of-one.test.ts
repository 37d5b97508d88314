/** One entity of a flow reads in another way than the others: the table or the query that it writes takes the place of the flow's. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** A flow whose entity `orders` writes `own` as its home. */
function prepared(ofFlow: string, own: string): TestWorkspace {
  const workspace = new TestWorkspace({
    'flows/shop/flow.yml': `home: { type: sqlite, path: shop.db, ${ofFlow} }\nstore: lake\n`,
    'flows/shop/entities/orders.yml': `name: orders\nhome: ${own}\n`,
    'flows/shop/entities/lines.yml': 'name: lines\n',
  });
  const shop = new DatabaseSync(workspace.path('shop.db'));
  shop.exec('create table orders (id int); insert into orders values (1), (2); create table lines (id int); insert into lines values (5)');
  shop.close();
  return workspace;
}

it.each([
  ['table: "{entity}"', '{ query: select id from orders where id > 1 }'],
  ['query: "select id from {entity} where id > 1"', '{ table: orders }'],
])('a flow with %s, and an entity with %s', async (ofFlow, own) => {
  using workspace = prepared(ofFlow, own);
  expect((await here(workspace, 'go')).code).toBe(0);
  const rows = await workspace.settled('lake/orders', 'shop', 'orders', 'lake');
  expect(rows.map(({ id }) => Number(id)).sort()).toEqual(own.includes('query') ? [2] : [1, 2]);
  expect(await workspace.settled('lake/lines', 'shop', 'lines', 'lake')).toHaveLength(1);
});

it('both in one place stay a contradiction', async () => {
  using workspace = prepared('table: "{entity}"', '{ table: orders, query: select id from orders }');
  const checked = await here(workspace, 'check');
  expect([checked.code, JSON.stringify(checked.events)]).toEqual([2, expect.stringContaining('HYG-1013')]);
});

it('an entity whose table is gone is out of its flow when the file that is named is deleted', async () => {
  using workspace = prepared('table: "{entity}"', '{ query: select id from orders }');
  expect((await here(workspace, 'go')).code).toBe(0);
  const shop = new DatabaseSync(workspace.path('shop.db'));
  shop.exec('drop table lines');
  shop.close();
  const gone = await here(workspace, 'go', 'shop.lines');
  const [, file = ''] = /\(delete (\S+)\)/.exec(JSON.stringify(gone.events)) ?? [];
  expect(file).toBe('flows/shop/entities/lines.yml');
  rmSync(workspace.path(file));
  expect((await here(workspace, 'go')).code).toBe(0);
});
