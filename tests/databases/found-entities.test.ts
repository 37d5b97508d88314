import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, placeIn, postgres, sqlite } from './databases.ts';

describe.each(asked([postgres, mariadb, sqlite]))('entities of a flow that names none, in $name', ({ missing, open, name }) => {
  test.skipIf(missing !== '')('are its tables, without views and what hygge itself has there', async () => {
    const quote = name === 'MariaDB' ? '`' : '"';
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/out/flow.yml': 'home: { connection: c }\nstore: lake\nentities: { exclude: [tmp_*] }\n',
      'flows/in/flow.yml': `home: in.csv\nstore: { connection: c, table: settled${keys} }\n`,
      'in.csv': 'id\n1\n',
    }));
    const { database, workspace } = place;
    await database.sql(
      'create table orders (id int primary key, n int)',
      'insert into orders values (1, 2), (2, 3)',
      `create table ${quote}Odd name, with a dot.${quote} (id int)`,
      'create table tmp_x (id int)',
      'create view seen as select * from orders',
      'select 1',
    );
    // What hygge keeps in the database is there by now.
    expect(await here(workspace, 'go', '-f', 'in')).toMatchObject({ code: 0 });
    const { summary } = await here(workspace, 'go', '-f', 'out');
    const found = () => ['Odd name, with a dot.', 'orders', 'settled'];
    expect(summary.entities.map(({ entity, rows }) => `${entity} ${rows}`).sort()).toEqual(
      found().map((one, at) => `${one} ${[0, 2, 1][at]}`),
    );
    workspace.write({ 'flows/out/flow.yml': 'home: { connection: c }\nstore: lake\nentities: { like: [orders, seen], views: true }\n' });
    const seen = await here(workspace, 'go', '-f', 'out');
    expect(seen.summary.entities.map(({ entity, status }) => `${entity} ${status}`).sort()).toEqual(['orders pass', 'seen warn']);
    await database.sql('drop view seen', 'select 1');
    expect(await here(workspace, 'go', '-f', 'out')).toMatchObject({ code: 1, error: 'HYG-3214' });
  });
});

describe.each(asked(whole ? [postgres, mariadb, sqlite] : [sqlite]))('a flow that lists its tables, in $name', ({ missing, open }) => {
  test.skipIf(missing !== '')('is told by hygge debug of those beside them, which no flow reads', async () => {
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/out/flow.yml': 'home: { connection: c }\nstore: lake\nentities: [orders, items]\n',
      'flows/other/flow.yml': 'home: { connection: c, table: people }\nstore: lake/people\n',
      'flows/in/flow.yml': `home: in.csv\nstore: { connection: c, table: settled${keys} }\n`,
      'in.csv': 'id\n1\n',
    }));
    const { database, workspace } = place;
    await database.sql(
      ...['orders', 'items', 'people'].map((name) => `create table ${name} (id int primary key)`),
      'create view seen as select * from orders',
      'select 1',
    );
    expect(await here(workspace, 'go', '-f', 'in')).toMatchObject({ code: 0 });
    const unlisted = async () => {
      const { stdout } = await workspace.run(['debug', '-f', 'out', '--output', 'json']);
      const whats = stdout
        .split('\n')
        .flatMap((line) => (line.includes('"about":"out"') ? [(JSON.parse(line) as { what: string }).what] : []));
      return whats.map((what) => what.replace(/\w+\.(?=returns)/, ''));
    };
    expect(await unlisted()).toEqual([]);
    await database.sql('create table returns (id int primary key)', 'select 1');
    expect(await unlisted()).toEqual([
      '1 table is next to those that the flow lists, but no flow reads it: returns (entities: "*" takes all)',
    ]);
    workspace.write({ 'flows/out/flow.yml': 'home: { connection: c }\nstore: lake\nentities: "*"\n' });
    expect(await unlisted()).toEqual([]);
  });
});

test('a table keeps its entity whatever other schemas hold, and a pattern misses none that it is like', async (context) => {
  if (postgres.missing !== '') return context.skip(postgres.missing);
  const flow = (home: string, entities = '"*"') => ({ 'flows/f/flow.yml': `home: ${home}\nstore: lake\nentities: ${entities}\n` });
  await using place = await placeIn(postgres, () => ({
    ...flow('{ connection: c }', '{ exclude: ["sales.*"] }'),
  }));
  const { database, workspace } = place;
  const names = async () => (await here(workspace, 'go')).summary.entities.map(({ entity, status }) => `${entity} ${status}`).sort();
  await database.sql(
    'create schema dbo',
    'create table dbo.orders (id int)',
    'create schema sales',
    'create table " sp " (id int)',
    'select 1',
  );
  expect(await names()).toEqual([' sp  pass', 'dbo_orders pass']);
  await database.sql('drop table dbo.orders', 'create table orders (id int)', 'select 1');
  expect(await names()).toEqual([' sp  skip', 'dbo_orders error', 'orders warn']);

  for (const name of ['raw_orders', 'raw_odd.name', 'other']) await database.sql(`create table sales."${name}" (id int)`, 'select 1');
  workspace.write({ ...flow('{ connection: c, table: "sales.raw_{entity}" }', '{ exclude: [orders, " sp ", dbo_orders] }') });
  expect(await names()).toEqual(['odd.name warn']);
  await database.sql('create table raw_lines (id int)', 'select 1');
  workspace.write({ ...flow('{ connection: c, table: "raw_{entity}" }', '{ like: [l*] }') });
  expect(await names()).toEqual(['lines warn']);
});

test('what hygge keeps in a schema of another name is no source', async (context) => {
  if (postgres.missing !== '') return context.skip(postgres.missing);
  await using place = await placeIn(postgres, () => ({
    'flows/in/flow.yml': 'home: in.csv\nstore: { connection: c, table: settled, metadata_schema: kept, staging_schema: there }\n',
    'flows/out/flow.yml': 'home: { connection: c }\nstore: lake\nentities: "*"\n',
    'in.csv': 'id\n1\n',
  }));
  const { database, workspace } = place;
  expect(await here(workspace, 'go', '-f', 'in')).toMatchObject({ code: 0 });
  await database.sql('create table kept.commits_of_ours (id int)', 'select 1');
  const { summary } = await here(workspace, 'go', '-f', 'out');
  expect(summary.entities.map(({ entity }) => entity).sort()).toEqual(['kept_commits_of_ours', 'settled']);
});

test('where the catalog can’t be read, each is read from the table that it settled from', async (context) => {
  if (postgres.missing !== '') return context.skip(postgres.missing);
  await using database = await postgres.open();
  const role = `looker_${process.pid}`;
  const connection = { ...JSON.parse(database.connection), user: role, password: role };
  const flow = (more = '') => ({ 'flows/f/flow.yml': `home: { connection: c, where: "id > 0" }\nstore: lake\nentities: "*"\n${more}` });
  await using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { c: ${JSON.stringify(connection)} }\n`,
    ...flow('run_type: incremental\nwatermark: { column: id }\n'),
  });
  const run = async () =>
    (await here(workspace, 'go')).summary.entities.map(({ entity, status, rows }) => `${entity} ${status} ${rows}`).sort();
  const { user, database: own } = JSON.parse(database.connection);
  await database.sql(
    `create role ${role} login password '${role}'`,
    ...[
      'create schema sales',
      'create table lines (id int)',
      'create table sales.lines (id int)',
      'create table sales."odd.name" (id int)',
    ],
    ...['insert into lines values (1)', 'insert into sales.lines values (1), (2)', 'insert into sales."odd.name" values (1), (2), (3)'],
    `grant usage on schema sales, public to ${role}`,
    `grant select on all tables in schema sales, public to ${role}`,
    'select 1',
  );
  try {
    expect(await run()).toEqual(['lines pass 1', 'sales_lines pass 2', 'sales_odd.name pass 3']);
    // The name alone would lead to sales.lines.
    await database.sql(
      `alter role ${role} in database "${own}" set search_path = sales, public`,
      'revoke execute on function pg_catalog.pg_partition_tree(regclass) from public',
      'insert into lines values (2), (3)',
      'select 1',
    );
    expect(await run()).toEqual(['lines warn 2', 'sales_lines warn 0', 'sales_odd.name warn 0']);
    workspace.write(flow());
    expect(await run()).toEqual(['lines warn 3', 'sales_lines warn 2', 'sales_odd.name warn 3']);
  } finally {
    await database.sql(`reassign owned by ${role} to ${user}`, `drop owned by ${role}`, `drop role ${role}`, 'select 1');
  }
});

test.skipIf(isMysql)('what a flow has settled is none of its sources, also of what it leaves out by now', async () => {
  await using database = await sqlite.open();
  const flow = (entities: string) => ({
    'flows/f/flow.yml': `home: { connection: c }\nstore: { connection: c, table: "copy_{entity}" }\nentities: ${entities}\n`,
  });
  await using workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`, ...flow('"*"') });
  const names = async () => (await here(workspace, 'go')).summary.entities.map(({ entity, status }) => `${entity} ${status}`).sort();
  await database.sql('create table orders (id int)', 'insert into orders values (1)', 'create table lines (id int)', 'select 1');
  expect(await names()).toEqual(['lines pass', 'orders pass']);
  expect(await names()).toEqual(['lines skip', 'orders pass']);
  workspace.write(flow('{ exclude: [orders] }'));
  expect(await names()).toEqual(['lines skip']);
});
