import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asked, isMysql, noMariadb } from '../support/mariadb.ts';
import { noPostgres, noPostgresTools } from '../support/postgres.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { given, inMariadb, inPostgres, type Place, scriptOf } from './database-places.ts';

/** The first flow makes the table that the second one reads. */
function files(of: Place, { host, lake }: { readonly host: object; readonly lake: string }): Readonly<Record<string, string>> {
  const { early: writer, late: reader } = of.keys;
  const table = (name: string) => JSON.stringify(`${of.into}${name}`);
  return {
    'hygge.yml': `name: fresh\nconnections:\n  writer: ${JSON.stringify({ ...writer, ...host })}\n  reader: ${JSON.stringify({ ...reader, ...host })}\n`,
    'flows/one/flow.yml': `home: ${lake}in\nstore: { connection: writer, table: ${table('orders')}${of.schemas} }\nrun_type: full_drop\n`,
    'flows/two/flow.yml': `home: { connection: reader, table: ${table('orders')} }\nstore: ${lake}out\nrun_type: full_drop\n`,
    'infra/prod.yml':
      'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: fresh\naccounts: { northwind: { resource_group: lake } }\n',
  };
}

describe.each(
  asked([
    ['PostgreSQL', inPostgres, noPostgres() || noPostgresTools()],
    ['MariaDB', () => inMariadb(true), noMariadb()],
  ] as const),
)('the script of rights for %s', (_, start, missing) => {
  test.skipIf(missing !== '')('runs on a server on which nothing is, twice, and once more after the first load', async () => {
    await using fresh = await start();
    using rendered = new TestWorkspace(
      files(fresh, { host: { host: 'db.example.com' }, lake: 'abfss://lake@northwind.dfs.core.windows.net/' }),
    );
    const { code, stderr } = await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out']);
    expect([code, stderr]).toEqual([0, '']);
    const [give = '', take = ''] = ['sql', 'undo.sql'].map((end) => readFileSync(rendered.path(`${scriptOf(fresh)}.${end}`), 'utf8'));
    for (let i = 0; i < 2; i++)
      expect(await fresh.run(give)).toContain(
        'orders is not there yet: run this file again after the first load'.replace(
          'orders',
          fresh.system === 'postgres' ? '"orders"' : 'orders',
        ),
      );
    using workspace = new TestWorkspace(files(fresh, { host: fresh.host, lake: '' }));
    await workspace.parquet('in/a.parquet', 'select range as id from range(10)');
    const go = async (flow: string) => {
      const told = await workspace.run(['go', '-f', flow], { env: given });
      return { code: told.code, said: told.stdout + told.stderr };
    };
    const first = await go('one');
    expect(first.code, first.said).toBe(0);
    expect((await go('two')).code).not.toBe(0);
    for (let i = 0; i < 2; i++) expect(await fresh.run(give)).not.toContain('not there yet');
    for (const flow of ['two', 'one', 'two']) {
      const told = await go(flow);
      expect([flow, told.code], told.said).toEqual([flow, 0]);
    }
    expect(await fresh.rows(`${fresh.into}orders`)).toBe('10');
    await fresh.run(take);
    expect((await go('two')).code).not.toBe(0);
    expect(await fresh.rows(`${fresh.into}orders`)).toBe('10');
  });
});

const noServer = noPostgres() || noPostgresTools();
test.skipIf(noServer !== '')('the script for PostgreSQL stops at the first error and gives nothing then', async () => {
  await using fresh = await inPostgres();
  // The table that is read is one that nothing of the workspace makes.
  using rendered = new TestWorkspace({
    'hygge.yml': `name: fresh\nconnections:\n  writer: ${JSON.stringify({ ...fresh.keys.early, host: 'db.example.com' })}\n`,
    'flows/one/flow.yml': 'home: { connection: writer, table: nowhere.orders }\nstore: { connection: writer, table: "the mart.orders" }\n',
    'infra/prod.yml': 'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: fresh\n',
  });
  expect(await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out'])).toMatchObject({ code: 0, stderr: '' });
  await expect(fresh.run(readFileSync(rendered.path(`${scriptOf(fresh)}.sql`), 'utf8'))).rejects.toThrow(/nowhere/);
  expect(await fresh.rows("information_schema.schemata where schema_name like 'hygge%' or schema_name = 'the mart'")).toBe('0');
});

test.skipIf(isMysql)(
  'a role that has another name than the identity is made by the identity’s object id, and the notes say so',
  async () => {
    const of = (user: string) => ({
      'hygge.yml': `name: fresh\nconnections:\n  pg: { type: postgres, host: fresh.postgres.database.azure.com, database: erp, auth: entra, user: ${user} }\n`,
      'flows/one/flow.yml': 'home: { connection: pg, table: public.orders }\nstore: abfss://lake@northwind.dfs.core.windows.net/out\n',
      'infra/prod.yml':
        'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: fresh\naccounts: { northwind: { resource_group: lake } }\n',
    });
    const script = async (user: string) => {
      using rendered = new TestWorkspace(of(user));
      expect(await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out'])).toMatchObject({ code: 0, stderr: '' });
      const file = 'out/by-hand/postgres-fresh-postgres-database-azure-com-erp.sql';
      return [readFileSync(rendered.path(file), 'utf8'), readFileSync(rendered.path('out/README.md'), 'utf8')] as const;
    };
    const [other, notes] = await script('loader');
    const identity = /id-fresh-one-\w+/.exec(other)?.[0] ?? 'none';
    expect(other).toContain(
      `pgaadauth_create_principal_with_oid('loader', '<object id of the identity ${identity}>', 'service', false, false)`,
    );
    expect(notes).toContain(`signs in as loader`);
    const [own, quiet] = await script(identity);
    expect(own).toContain(`pgaadauth_create_principal('${identity}', false, false)`);
    expect(quiet).not.toContain('signs in as');
  },
);
