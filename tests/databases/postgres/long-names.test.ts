import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestWorkspace } from '../../support/workspace.ts';
import { cleared, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('names that are longer than PostgreSQL takes', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openDatabase();
    await cleared(opened.db);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const long = 'customer_orders_of_the_northern_region_with_all_their_lines_and_notes_2024';
  const cut = long.slice(0, 63);

  test('a table: what is advised for `copy` and for a flow leads on', async () => {
    const { host, port, database, user, password } = opened.db;
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: '\${SHOP}' } }\n`,
      [`in/${long}.csv`]: 'id\n1\n',
      'flows/f/flow.yml': 'store: { connection: c }\n',
      [`flows/f/entities/${long}.yml`]: `home: in/${long}.csv\n`,
    });
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args, { env: { SHOP: password } });
      return { code, text: stdout + stderr };
    };
    const copy = ['copy', `in/${long}.csv`, `postgres://${user}:\${SHOP}@${host}:${port}/${database}`];
    const copied = await run(...copy);
    expect(copied.text).toContain('HYG-4210');
    const [, key = '', table = ''] = /--(store) '?(table=[a-z_]+)/.exec(copied.text) ?? [];
    const again = await run(...copy, `--${key}`, table);
    expect(again.code, again.text).toBe(0);

    const refused = await run('go');
    const [, advised = ''] = /Choose a shorter name: (store: \{ table: \S+ \})/.exec(refused.text) ?? [];
    expect(refused.text).not.toContain('Write it like');
    await opened.db.sql('drop table customer_orders_of_t');
    await opened.db.sql('drop schema hygge_metadata cascade');
    workspace.write({ [`flows/f/entities/${long}.yml`]: `home: in/${long}.csv\n${advised}\n` });
    const went = await run('go');
    expect(went.code, went.text).toBe(0);
    expect(await opened.db.sql('select id from customer_orders_of_t')).toEqual([{ id: '1' }]);
  });

  test('a column that PostgreSQL has cut is named where it is sought by its whole name', async () => {
    const { host, port, database, user, password } = opened.db;
    await opened.db.sql(`create table t (id int, ${long} date); insert into t values (1, '2024-01-01')`);
    const flow = (column: string, columns = '') =>
      `home: { connection: c, table: t${columns} }\nstore: out\nrun_type: incremental\nwatermark: { column: ${column} }\n`;
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: '\${SHOP}' } }\n`,
      'flows/f/flow.yml': flow(long),
    });
    const go = async () => {
      const { code, stdout, stderr } = await workspace.run(['go'], { env: { SHOP: password } });
      return { code, text: stdout + stderr };
    };
    expect(await go()).toMatchObject({ code: 1, text: expect.stringMatching(new RegExp(`HYG-2011 .* Did you mean ${cut}\\?`)) });
    workspace.write({ 'flows/f/flow.yml': flow(cut, `, columns: [id, ${long}]`) });
    expect(await go()).toMatchObject({ code: 1, text: expect.stringMatching(new RegExp(`HYG-3502 .* Did you mean ${cut}\\?`)) });
    workspace.write({ 'flows/f/flow.yml': flow(cut, `, columns: [id, ${cut}]`) });
    expect((await go()).code).toBe(0);
  });
});
