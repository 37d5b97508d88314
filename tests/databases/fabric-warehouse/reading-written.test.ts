import { expect, test } from 'vitest';
import { Warehouse } from '../../support/fabric-warehouse/writing.ts';
import { inProcess } from '../../support/in-process.ts';
import { tediousTo } from '../../support/tedious.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, servedFabric } from './support.ts';

test('a home reads a Warehouse that is written, and verify finds the row that changed', async () => {
  using warehouse = new Warehouse();
  await using served = await servedFabric(warehouse);
  await using client = await tediousTo(served.server);
  await client.batch(`CREATE TABLE dbo.gone (id int); DROP TABLE dbo.gone; CREATE TABLE dbo.src (id int NOT NULL, note varchar(8000), price decimal(9,2), at datetime2(6));
    INSERT INTO dbo.src VALUES (1, N'æ 😀', 1.5, '2026-01-01'), (2, NULL, -0.01, NULL), (3, 'z ', 10, '2026-01-02 03:04:05.000006')`);
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\n${connectionOf(served)}`,
    'flows/f/flow.yml': 'home: { connection: sales, table: src }\nstore: lake\nentities: [e]\n',
  });
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, served.env);
  const verified = async () => JSON.parse((await hygge('verify', '--output', 'json', '--pause', '0s')).stdout);
  const { code, stdout, stderr } = await hygge('go');
  expect(code, `${stdout}${stderr}${warehouse.notUnderstood.join()}`).toBe(0);
  expect(await verified()).toMatchObject({ ok: true });
  await client.batch('UPDATE dbo.src SET price = 11 WHERE id = 3');
  expect(await verified()).toMatchObject({ ok: false });
});
