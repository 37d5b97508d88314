import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const rows = (from: number, to: number, text: string) =>
  `select range::bigint as id, '${text}' || range as name, range::bigint as changed from range(${from}, ${to})`;
const byName = `abfss://${fabricWorkspace.name}@onelake.dfs.fabric.microsoft.com/${mirror.name}.MirroredDatabase/Files/LandingZone`;
const byId = `https://onelake.dfs.fabric.microsoft.com/${fabricWorkspace.id}/${mirror.id}/Files/LandingZone`;

async function copy(workspace: TestWorkspace, ...args: readonly string[]) {
  const run = await workspace.run(['copy', ...args], { env: fabric.azure.env });
  await fabric.replicator.turn();
  expect(fabric.replicator.violations).toEqual([]);
  return { code: run.code, text: run.stdout + run.stderr };
}

test('copies files into a mirrored table whose URL is of GUIDs, and nothing twice', async () => {
  const table = 'copied';
  using workspace = new TestWorkspace({});
  await workspace.parquet('in/a.parquet', rows(0, 100, 'x'));
  expect(await copy(workspace, 'in', `${byId}/${table}`)).toMatchObject({ code: 0, text: expect.stringContaining('100 rows settled') });
  expect(await copy(workspace, 'in', `${byId}/${table}`)).toMatchObject({ code: 0, text: expect.stringContaining('SKIP=1') });
  await workspace.parquet('in/b.parquet', rows(100, 150, 'y'));
  expect(await copy(workspace, 'in', `${byId}/${table}`)).toMatchObject({ code: 0, text: expect.stringContaining('50 rows settled') });
  expect(await fabric.replicator.rows(table)).toHaveLength(150);
  // Rows that came from it can't be taken back.
  await workspace.parquet('in/a.parquet', rows(0, 100, 'z'));
  expect(await copy(workspace, 'in', `${byId}/${table}`)).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-\d+ .*a\.parquet/) });
  expect(await fabric.replicator.rows(table)).toHaveLength(150);
});

test('says what the URL of a table is', async () => {
  using workspace = new TestWorkspace({});
  await workspace.parquet('a.parquet', rows(0, 1, 'x'));
  expect(await copy(workspace, 'a.parquet', `${byName}/`)).toMatchObject({
    code: 2,
    text: expect.stringContaining('Files/LandingZone/<table>'),
  });
});

test('a flow names the table by its URL alone', async () => {
  using workspace = new TestWorkspace({ 'flows/up/flow.yml': `home: in\nstore: ${byName}/{entity}\nentities: [named]\n` });
  await workspace.parquet('in/named/a.parquet', rows(0, 10, 'x'));
  const { code } = await workspace.run(['go'], { env: fabric.azure.env });
  expect(code).toBe(0);
  await fabric.replicator.turn();
  expect(await fabric.replicator.rows('named')).toHaveLength(10);
});
