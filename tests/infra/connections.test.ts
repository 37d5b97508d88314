import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const lake = 'abfss://lake@northwind.dfs.core.windows.net/out';
const files = (pool: number, more = '') => ({
  'hygge.yml': `name: north\nconnections:\n  pg: { type: postgres, host: db.example.com, database: erp, user: hygge, pool_size: ${pool} }\n  ms: { type: sqlserver, server: erp.database.windows.net, database: erp, pool_size: 50 }\n`,
  'flows/crm/flow.yml': `home: { connection: pg, table: public.a }\nstore: ${lake}/crm\n`,
  'flows/erp/flow.yml': `home: { connection: pg, table: public.b }\nstore: ${lake}/erp\n`,
  'flows/fin/flow.yml': `home: { connection: ms, table: dbo.b }\nstore: ${lake}/fin\n`,
  'infra/prod.yml': `subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: north\naccounts: { northwind: { resource_group: lake } }\n${more}`,
});

async function counted(given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  using workspace = new TestWorkspace(given);
  const { code, stdout, stderr } = await workspace.run(['infra', 'plan', '--target', 'prod']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').flatMap((line) => /^! (.*connections at once: .*) in the pools/.exec(line)?.[1] ?? []);
}

test('the plan counts instances and pools of all apps against what a server takes', async () => {
  expect(await counted(files(4))).toEqual(['db.example.com may be asked for 320 connections at once: 40 instances × 8']);
  // One app has one pool, however many flows use it.
  expect(await counted(files(4, 'apps: { one: [crm, erp] }\nmax_instances: 60\n'))).toEqual([
    'db.example.com may be asked for 240 connections at once: 60 instances × 4',
  ]);
});

test('and says nothing where the server takes them all', async () => {
  expect(await counted(files(2, 'apps: { one: [crm, erp] }\n'))).toEqual([]);
});
