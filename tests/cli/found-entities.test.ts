import { readdirSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = 'id,n\n1,a\n2,b\n';
const shop = (entities: string, home = '"data/{entity}.csv"') => ({
  'flows/shop/flow.yml': `home: ${home}\nstore: lake\nentities: ${entities}\n`,
});
const names = ({ summary }: Awaited<ReturnType<typeof here>>) => summary.entities.map(({ entity, status }) => `${entity} ${status}`).sort();

describe('a flow that names no entities', () => {
  test('moves what is there; what is new is told before it settles, and once', async () => {
    using workspace = new TestWorkspace({ ...shop('"*"'), 'data/orders.csv': rows, 'data/_hidden.csv': rows, 'data/notes.txt': 'x' });
    expect(names(await here(workspace, 'go'))).toEqual(['orders pass']);
    workspace.write({ 'data/lines.csv': rows });
    const planned = await here(workspace, 'go', '--dry-run');
    const note = 'new at the home of flow shop: it settles for the first time. entities: { exclude: [lines] } leaves it out';
    expect(planned.events.find((event) => event.event === 'plan' && event.entity === 'lines')).toMatchObject({
      warnings: expect.arrayContaining([note]),
    });
    const moved = await here(workspace, 'go');
    expect(names(moved)).toEqual(['lines warn', 'orders pass']);
    expect(
      moved.events.filter((event) => JSON.stringify(event).includes('it settles for the first time')).map(({ event }) => event),
    ).toEqual(['plan']);
    expect(names(await here(workspace, 'go'))).toEqual(['lines pass', 'orders pass']);
    expect(await workspace.settled('lake/lines', 'shop', 'lines', 'lake')).toHaveLength(2);
  });

  test('stops one that settled and is not there any more, and no other; what is advised leads on', async () => {
    using workspace = new TestWorkspace({ ...shop('"*"'), 'data/orders.csv': rows, 'data/lines.csv': rows });
    expect((await here(workspace, 'go')).code).toBe(0);
    rmSync(workspace.path('data/lines.csv'));
    const gone = await here(workspace, 'go');
    expect(names(gone)).toEqual(['lines error', 'orders pass']);
    const told = gone.events.find((event) => event.event === 'error');
    expect(told).toMatchObject({ code: 'HYG-3214', entity: 'lines' });
    const [, advised = ''] = /`entities: (.*?)` in flow shop/.exec(JSON.stringify(told?.event === 'error' && told.tryThis)) ?? [];
    workspace.write(shop(advised));
    expect(names(await here(workspace, 'go'))).toEqual(['orders pass']);
    // What a file says of it changes nothing.
    workspace.write({ 'flows/shop/entities/lines.yml': 'name: lines\n' });
    expect(names(await here(workspace, 'go'))).toEqual(['orders pass']);
    expect(await workspace.settled('lake/lines', 'shop', 'lines', 'lake')).toHaveLength(2);
  });

  test('keeps the destination of one whose name is written in other capitals now', async () => {
    using workspace = new TestWorkspace({
      ...shop('"*"'),
      'flows/shop/entities/orders.yml': 'polish: { constants: [{ name: origin, value: till }] }\n',
      'data/orders.csv': rows,
      'data/e\u0301t\u00e9.csv': rows,
    });
    expect(names(await here(workspace, 'go'))).toHaveLength(2);
    for (const [from, to] of [
      ['data/orders.csv', 'data/Orders.csv'],
      ['data/e\u0301t\u00e9.csv', 'data/\u00e9t\u00e9.csv'],
    ] as const)
      renameSync(workspace.path(from), workspace.path(to));
    workspace.write({ 'data/Orders.csv': `${rows}3,c\n` });
    expect(names(await here(workspace, 'go'))).toEqual(['e\u0301t\u00e9 pass', 'orders pass']);
    expect(await workspace.settled('lake/orders', 'shop', 'orders', 'lake')).toHaveLength(3);
    expect(readdirSync(workspace.path('lake')).filter((one) => !one.startsWith('_'))).toHaveLength(2);
    expect(await workspace.run(['status'])).toMatchObject({ code: 0, stderr: '' });
    workspace.write({ 'data/orders.csv': rows });
    expect(await workspace.run(['go'])).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1043') });
  });

  test('takes what a pattern names and nothing leaves out', async () => {
    using workspace = new TestWorkspace(shop('{ like: [o*, l*], exclude: ["*old"] }'));
    for (const name of ['orders', 'ordersold', 'lines', 'till']) workspace.write({ [`data/${name}.csv`]: rows });
    expect(names(await here(workspace, 'go'))).toEqual(['lines pass', 'orders pass']);
  });

  test('finds folders and files below a path without {entity}, and an entity with a file of its own says more', async () => {
    using workspace = new TestWorkspace({
      ...shop('"*"', '{ type: local, format: csv, path: data }'),
      'flows/shop/entities/orders.yml': 'polish: { constants: [{ name: origin, value: till }] }\n',
      'data/orders/1.csv': rows,
      'data/orders/2.csv': rows,
      'data/lines.csv': rows,
    });
    expect(names(await here(workspace, 'go'))).toEqual(['lines pass', 'orders pass']);
    expect(await workspace.settled('lake/orders', 'shop', 'orders', 'lake')).toHaveLength(4);
    expect((await workspace.settled('lake/orders', 'shop', 'orders', 'lake'))[0]).toMatchObject({ origin: 'till' });
  });

  test('takes what is there whatever it is called', async () => {
    const place = (name: string) => `${name}.csv`;
    const called = ['a,b', 'a[1]', 'q?r', '\u{1f600}', 'a%20b', '$x', 'CON'];
    using workspace = new TestWorkspace(shop('"*"'));
    for (const name of called) workspace.write({ [`data/${place(name)}`]: rows });
    expect(names(await here(workspace, 'go'))).toEqual(called.map((name) => `${name} pass`).sort());
    // A star is never only itself: what it would read beside that is another entity's.
    for (const name of ['a*b', 'axxb']) workspace.write({ [`data/${place(name)}`]: rows });
    const { summary } = await here(workspace, 'go');
    expect(summary.entities.filter(({ status }) => status === 'error').map(({ entity }) => entity)).toEqual(['a*b']);
    expect(summary.entities).toHaveLength(called.length + 2);
  });

  test.each([
    ['"data/{entity}-{entity}.csv"', ['a-a.csv', 'a-b.csv'], ['a pass'], 2],
    ['"data/{new,old}_{entity}_[0-9].csv"', ['new_a_1.csv', 'old_a_2.csv', 'b_1.csv'], ['a pass'], 4],
    ['"data/{x} {entity}.csv"', ['{x} a.csv', 'x b.csv'], ['a pass'], 2],
  ])('finds by %s', async (home, files, expected, settled) => {
    using workspace = new TestWorkspace(shop('"*"', home));
    for (const file of files) workspace.write({ [`data/${file}`]: rows });
    expect(names(await here(workspace, 'go'))).toEqual(expected);
    expect(await workspace.settled('lake/a', 'shop', 'a', 'lake')).toHaveLength(settled);
  });

  test('refuses a folder and a file that would be one entity', async () => {
    using workspace = new TestWorkspace({
      ...shop('"*"', '{ type: local, format: csv, path: data }'),
      'data/orders/1.csv': rows,
      'data/orders.csv': rows,
    });
    expect(await workspace.run(['go'])).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1043') });
    workspace.write(shop('"*"'));
    expect(names(await here(workspace, 'go'))).toEqual(['orders pass']);
  });

  test('stops where nothing is found, and other flows continue', async () => {
    using workspace = new TestWorkspace({ ...shop('"*"'), 'data/till/x.txt': 'x' });
    expect(await workspace.run(['go'])).toMatchObject({ code: 1, stderr: expect.stringContaining('HYG-1047') });
    workspace.write({ 'flows/other/flow.yml': 'home: in.csv\nstore: other\n', 'in.csv': rows });
    const both = await here(workspace, 'go');
    expect(both).toMatchObject({ code: 1, error: 'HYG-1047' });
    expect(names(both)).toEqual(['other pass']);
    expect(names(await here(workspace, 'go', '-f', 'other'))).toEqual(['other pass']);
  });

  test('moves what is known where the home can’t look for what is new, and says so', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: w\nconnections: { db: { type: sqlite, path: a.db } }\n',
      'flows/shop/flow.yml': 'home: { connection: db }\nstore: lake\nentities: "*"\n',
      'a.db': '',
    });
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(workspace.path('a.db'));
    db.exec('create table orders(id integer primary key, n text); insert into orders values (1, 2)');
    db.close();
    expect(names(await here(workspace, 'go'))).toEqual(['orders pass']);
    workspace.write({ 'a.db': 'this is not a database, and longer than its header '.repeat(30) });
    const failed = await here(workspace, 'go');
    expect(failed.code).toBe(1);
    expect(names(failed)).toEqual(['orders error']);
  });

  test('is shown with rights on the whole schema, database, container or bucket', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w
connections:
  ms: { type: sqlserver, server: erp.database.windows.net, database: erp }
  pg: { type: postgres, host: db.example, database: shop, user: etl, password: "\${PW}" }
`,
      'flows/one/flow.yml':
        'home: { connection: ms, table: "sales.{entity}" }\nstore: abfss://lake@x.dfs.core.windows.net/one\nentities: "*"\n',
      'flows/all/flow.yml': 'home: { connection: ms }\nstore: { path: "s3://bkt/all", region: eu-central-1 }\nentities: "*"\n',
      'flows/in/flow.yml': 'home: "abfss://drop@x.dfs.core.windows.net/{entity}"\nstore: { connection: pg }\nentities: "*"\n',
    });
    const told = await workspace.run(['infra', 'explain', '--output', 'json']);
    expect([told.code, told.stderr]).toEqual([0, '']);
    const rights = told.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; on: string; right: string; for: readonly string[] })
      .filter((one) => one.kind === 'right' && one.for.some((who) => /^(home|store) of /.test(who)))
      .map((one) => `${one.for[0]}: ${one.right} on ${one.on}`);
    expect(rights).toEqual(
      expect.arrayContaining([
        'home of every entity of one: SELECT on tables sales.* of erp of erp.database.windows.net',
        'store of every entity of one: Storage Blob Data Contributor on filesystem lake of x.dfs.core.windows.net',
        'home of every entity of all: SELECT on tables * of erp of erp.database.windows.net',
        'store of every entity of all: s3:PutObject on arn:aws:s3:::bkt/*',
        'home of every entity of in: Storage Blob Data Reader on filesystem drop of x.dfs.core.windows.net',
        'store of every entity of in: SELECT, INSERT, UPDATE, DELETE on tables public.* of shop of db.example',
      ]),
    );
    expect(rights.filter((one) => /hygge\b(?!_)|\/all\/|sales\.one/.test(one))).toEqual([]);
  });
});
