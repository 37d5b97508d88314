import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const errorIn = ({ events }: Awaited<ReturnType<typeof here>>) => events.find((event) => event.event === 'error');

it('the error of a listed table that was dropped says how many rows of it settled, and what becomes of them', async () => {
  using workspace = new TestWorkspace({
    'flows/shop/flow.yml': 'home: { type: sqlite, path: shop.db }\nstore: lake\nentities: [orders, lines]\n',
  });
  const sql = (text: string) => {
    const database = new DatabaseSync(workspace.path('shop.db'));
    database.exec(text);
    database.close();
  };
  sql('create table orders (id int); insert into orders values (1), (2); create table lines (id int); insert into lines values (1)');
  expect((await here(workspace, 'go')).code).toBe(0);
  sql('drop table orders; drop table lines');
  const gone = await here(workspace, 'go', '-e', 'shop.orders');
  expect([gone.code, errorIn(gone)]).toEqual([
    1,
    expect.objectContaining({
      code: 'HYG-3501',
      why: expect.arrayContaining([
        expect.stringMatching(/^2 rows of shop\.orders have settled in \S*lake\/orders, and stay there unchanged\.$/),
      ]),
      tryThis: [
        expect.stringMatching(
          /remove orders from flow shop \(flows\/shop\/flow\.yml:3\); its rows stay in \S*lake\/orders until you delete/,
        ),
        ...[expect.any(String), expect.any(String)],
      ],
    }),
  ]);
  expect(JSON.stringify(errorIn(await here(workspace, 'go', '-e', 'shop.lines')))).toContain('1 row of shop.lines has settled');
  // What is advised leads on, and nothing that settled is touched.
  sql('create table lines (id int)');
  workspace.write({ 'flows/shop/flow.yml': 'home: { type: sqlite, path: shop.db }\nstore: lake\nentities: [lines]\n' });
  expect((await here(workspace, 'go')).code).toBe(0);
  expect(await workspace.settled('lake/orders', 'shop', 'orders', 'lake')).toHaveLength(2);
});

it('so does the error of a file that is gone, and that of a first run does not', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/a.csv\nstore: lake\n' });
  expect(JSON.stringify(errorIn(await here(workspace, 'go')))).not.toContain('settled in');
  workspace.write({ 'in/a.csv': 'id\n1\n' });
  expect((await here(workspace, 'go')).code).toBe(0);
  rmSync(workspace.path('in/a.csv'));
  const told = errorIn(await here(workspace, 'go'));
  expect(told).toMatchObject({ code: 'HYG-3201', where: expect.anything() });
  expect(JSON.stringify(told)).toContain('1 row of f.f has settled');
});
