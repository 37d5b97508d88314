import { describe, expect, test } from 'vitest';
import { findConnector } from '../../src/registry.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** The statements that a rendered file of SQL has for a right on all tables of `tables`. */
async function statements(system: string, right: string, resource: Readonly<Record<string, string>>, role: string) {
  const rights = (await findConnector(system))?.database?.rights?.({ role, byIdentity: false, needs: [{ right, resource }] }) ?? [];
  return { give: rights.map(({ give }) => give), take: rights.flatMap(({ take }) => take ?? []).reverse() };
}

test('a right on all tables of PostgreSQL says how far it reaches', async () => {
  const { give, take } = await statements('postgres', 'SELECT', { tables: '*', database: 'shop' }, 'app');
  expect(give).toEqual([expect.stringMatching(/^-- This reads all schemas of every database .*\nGRANT pg_read_all_data TO "app"$/)]);
  expect(take).toEqual(['REVOKE pg_read_all_data FROM "app"']);
});

describe.skipIf(noPostgres() !== '')('rights of a flow that finds its tables, in PostgreSQL', () => {
  test.each([['sales.*'], ['*']])(
    'on %s let each table be read, and one that is made later; the undo takes all of it back',
    async (tables) => {
      await using db = await postgresDatabase();
      const role = `finder_${process.pid}_${tables.length}`;
      const before = 'create schema sales; create table sales.orders (id int); insert into sales.orders values (1)';
      await db.sql(`${before}; create role ${role} login password 'pw'`);
      try {
        using workspace = new TestWorkspace({
          'hygge.yml': `name: w\nconnections: { pg: { type: postgres, host: ${db.host}, port: ${db.port}, database: ${db.database}, user: ${role}, password: "\${PW}" } }\n`,
          'flows/shop/flow.yml': 'home: { connection: pg, table: "sales.{entity}" }\nstore: lake\nentities: "*"\n',
        });
        const go = () => workspace.run(['go'], { env: { PW: 'pw' } });
        expect((await go()).code).not.toBe(0);
        const { give, take } = await statements('postgres', 'SELECT', { tables }, role);
        for (const one of give) await db.sql(one);
        expect(await go()).toMatchObject({ code: 0, stdout: expect.stringContaining('PASS=1') });
        await db.sql('create table sales.lines (id int)');
        expect((await go()).stdout).toMatch(/PASS=\d WARN=\d ERROR=0/);
        expect((await workspace.run(['status'], { env: { PW: 'pw' } })).stdout).toContain('shop.lines');
        for (const one of take) await db.sql(one);
        expect(await db.sql(`select has_table_privilege('${role}', 'sales.orders', 'select') as may`)).toEqual([{ may: 'f' }]);
      } finally {
        await db.sql(`drop owned by ${role}; drop role ${role}`);
      }
    },
  );
});

test('rights on all tables of a schema or database are one statement in MySQL and SQL Server', async () => {
  const given = async (system: string, tables: string) => (await statements(system, 'SELECT', { tables, database: 'shop' }, 'app')).give;
  expect(await given('mysql', '*')).toEqual(['GRANT SELECT ON `shop`.* TO `app`']);
  expect(await given('mysql', 'sales.*')).toEqual(['GRANT SELECT ON `sales`.* TO `app`']);
  expect(await given('mysql', 'a_b%c\\d.*')).toEqual(['GRANT SELECT ON `a\\_b\\%c\\\\d`.* TO `app`']);
  expect(await given('sqlserver', 'sales.*')).toEqual(['GRANT SELECT ON SCHEMA::[sales] TO [app]']);
  expect(await given('sqlserver', '*')).toEqual(['GRANT SELECT TO [app]']);
});

test('rights of a store in SQL Server make the schema first, and those on a table of another flow wait for it', async () => {
  const rights = (await findConnector('sqlserver'))?.database?.rights;
  const needs = [
    { right: 'SELECT, INSERT', resource: { schema: "the mart's", database: 'shop' } },
    { right: 'SELECT', resource: { table: 'mart.orders', database: 'shop' }, isMade: true },
  ];
  expect(rights?.({ role: 'app', byIdentity: false, needs })).toEqual([
    { give: "IF SCHEMA_ID(N'the mart''s') IS NULL EXEC(N'CREATE SCHEMA [the mart''s]')", take: null, first: true },
    { give: "GRANT SELECT, INSERT ON SCHEMA::[the mart's] TO [app]", take: "REVOKE SELECT, INSERT ON SCHEMA::[the mart's] FROM [app]" },
    {
      give: "IF OBJECT_ID(N'[mart].[orders]') IS NOT NULL GRANT SELECT ON OBJECT::[mart].[orders] TO [app] ELSE PRINT N'[mart].[orders] is not there yet: run this file again after the first load of the flow that makes it'",
      take: "IF OBJECT_ID(N'[mart].[orders]') IS NOT NULL REVOKE SELECT ON OBJECT::[mart].[orders] FROM [app]",
    },
  ]);
});
