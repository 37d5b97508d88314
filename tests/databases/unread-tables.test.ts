/** Tables that a flow leaves to be found, and that its role can't read. */
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, placeIn, postgres } from './databases.ts';

type Events = Awaited<ReturnType<typeof here>>['events'];

const warned = (events: Events) => events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
const about = (events: Events) => warned(events).filter((message) => message.includes('can be read'));

describe.each(asked([postgres, mariadb]))('tables that the role can not read, in $name', ({ missing, open, name }) => {
  const isPostgres = name === 'PostgreSQL';

  test.skipIf(missing !== '')('are told once by each command, and leaving them out as advised ends it', async () => {
    await using database = await open();
    const role = `unread_${process.pid}`;
    const address = JSON.parse(database.connection.replace(/\$\{SHOP_SECRET\}/, database.password));
    const connection = { ...address, user: role, password: role };
    const own = address.database;
    const account = isPostgres ? role : `'${role}'@'%'`;
    // MariaDB shows a table to a role that has any right to it.
    const grant = (right: string, table: string) => `grant ${right} on ${isPostgres ? table : `${own}.${table}`} to ${account}`;
    const flow = (entities: string) => ({ 'flows/shop/flow.yml': `home: { connection: c }\nstore: lake\nentities: ${entities}\n` });
    await using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${JSON.stringify(connection)} }\n`,
      ...flow('"*"'),
    });
    const names = async () => {
      const told = await here(workspace, 'go');
      return {
        each: told.summary.entities.map(({ entity, status }) => `${entity} ${status === 'error' ? 'error' : 'fine'}`).sort(),
        told: about(told.events),
      };
    };
    await database.sql(
      isPostgres ? `create role ${role} login password '${role}'` : `create user ${account} identified by '${role}'`,
      ...['orders', 'items', 'secret', 'salaries'].map((table) => `create table ${table} (id int primary key)`),
      ...['orders', 'items'].map((table) => grant('select', table)),
      ...['secret', 'salaries'].map((table) => grant('insert', table)),
      'select 1',
    );
    try {
      const first = await names();
      expect(first).toEqual({ each: ['items fine', 'orders fine'], told: [expect.any(String)] });
      const place = (table: string) => (isPostgres ? `public.${table}` : table);
      expect(first.told[0]).toContain(
        `2 of 4 tables can be read; left out: ${place('salaries')} (no right to read), ${place('secret')} (no right to read).`,
      );
      // What follows from it is the same for all databases.
      if (!isPostgres && !whole) return;
      expect(about((await here(workspace, 'go', '--dry-run')).events)).toEqual(first.told);
      expect((await workspace.run(['go'])).stdout).toContain('left out:');
      const debug = await workspace.run(['debug']);
      expect(debug).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 4 tables can be read') });
      expect(debug.stdout.split('can be read; left out')).toHaveLength(2);

      const [, advised = ''] = /`entities: (.*?)`/.exec(first.told[0] ?? '') ?? [];
      workspace.write(flow(advised));
      expect(await names()).toEqual({ each: ['items fine', 'orders fine'], told: [] });
      // Of other patterns, they are part of the advice.
      workspace.write(flow('{ like: ["*s", "*t"], exclude: [items] }'));
      const narrower = await names();
      expect(narrower.told).toHaveLength(1);
      const [, again = ''] = /`entities: (.*?)`/.exec(narrower.told[0] ?? '') ?? [];
      workspace.write(flow(again));
      expect(await names()).toEqual({ each: ['orders fine'], told: [] });
      workspace.write(flow('"orders*"'));
      expect((await names()).told).toEqual([]);

      // One that has settled stops red, by the database's own word.
      workspace.write(flow('"*"'));
      await database.sql(`revoke select on ${isPostgres ? 'items' : `${own}.items`} from ${account}`, grant('insert', 'items'), 'select 1');
      const revoked = await here(workspace, 'go');
      expect(revoked.summary.entities.map(({ entity, status }) => `${entity} ${status === 'error' ? 'error' : 'fine'}`).sort()).toEqual([
        'items error',
        'orders fine',
      ]);
      expect(about(revoked.events)[0]).not.toContain('items');

      // With nothing that can be read, the error has the reason.
      workspace.write(flow('"s*"'));
      const nothing = await workspace.run(['go']);
      expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('0 of 2 tables can be read; left out:') });
    } finally {
      if (isPostgres) await database.sql(`drop owned by ${role}`, `drop role ${role}`, 'select 1');
      else await database.sql(`drop user ${account}`, 'select 1');
    }
  });
});

test.skipIf(postgres.missing !== '')('a table without columns is told, and one that has a file of its own is not', async () => {
  await using place = await placeIn(postgres, () => ({
    'flows/shop/flow.yml': 'home: { connection: c }\nstore: lake\nentities: "*"\n',
  }));
  const { database, workspace } = place;
  await database.sql(
    'create table orders (id int)',
    'create schema sales',
    'create table sales.nothing ()',
    'create table empty ()',
    'select 1',
  );
  const told = about((await here(workspace, 'go')).events);
  expect(told).toEqual([
    expect.stringContaining('1 of 3 tables can be read; left out: public.empty (no columns), sales.nothing (no columns).'),
  ]);
  expect(told[0]).toContain('exclude: [empty, sales_nothing]');
  workspace.write({ 'flows/shop/entities/empty.yml': 'home: { query: "select 1 as id" }\n' });
  const now = await here(workspace, 'go');
  expect(about(now.events)[0]).toContain('left out: sales.nothing (no columns).');
});
