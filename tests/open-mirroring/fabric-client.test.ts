import { ClientSecretCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { FabricApi, type MirroredDatabase } from '../../src/remote/fabric/fabric-api.ts';
import { FabricRequests } from '../../src/remote/fabric/fabric-requests.ts';
import { client, tenant, workspace } from '../support/azure-hosts/azure.ts';
import { attach, newFile } from '../support/dfs/tree.ts';
import { type FabricOptions, mirror, startFabric } from '../support/fabric-replicator/fabric.ts';
import { numbered, rowsFile } from '../support/fabric-replicator/scene.ts';
import { noWaiting } from '../support/no-waiting.ts';

const byId: MirroredDatabase = { workspace: workspace.id, database: mirror.id };
const byName: MirroredDatabase = { workspace: workspace.name, database: mirror.name };

async function scene(options: FabricOptions = {}) {
  const fabric = await startFabric(options);
  const hosts = fabric.azure.hosts.inProcess();
  const network = new ProcessNetwork();
  const waits: number[] = [];
  const credential = new ClientSecretCredential(tenant, client.id, client.secret ?? '');
  const api = new FabricApi(new FabricRequests(network, credential, noWaiting(waits)));
  return {
    ...{ fabric, api, waits },
    /** Puts a file into a table's folder of the landing zone. */
    put(table: string, name: string, content: Buffer | object) {
      const file = newFile(new Map(), new Map());
      file.content = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
      attach(fabric.azure.dfs.root('onelake', workspace.id), `${mirror.id}/Files/LandingZone/${table}/${name}`, file);
    },
    async [Symbol.asyncDispose]() {
      hosts[Symbol.dispose]();
      await network[Symbol.asyncDispose]();
      await fabric[Symbol.asyncDispose]();
    },
  };
}

test.each([
  ['GUIDs', byId],
  ['names', byName],
  ['names in other capitals', { workspace: workspace.name.toUpperCase(), database: mirror.name.toUpperCase() }],
])('tells what Fabric has taken of each table, by %s', async (_, database) => {
  await using at = await scene({ pageSize: 1 });
  at.put('sales.schema/orders', '_metadata.json', { keyColumns: ['id'] });
  at.put('sales.schema/orders', numbered(1), await rowsFile('id', '(1)', '(2)'));
  at.put('notes', numbered(1), await rowsFile('id', '(1)'));
  at.put('broken', numbered(1), Buffer.from('no parquet'));
  await at.fabric.replicator.turn();
  const found = await at.api.replication(database);
  expect(found).toMatchObject({ status: 'Running', error: null });
  const byTable = [...found.tables].sort((a, b) => (a.table < b.table ? -1 : 1));
  const synced = at.fabric.replicator.table('sales.orders')?.lastSync ?? 0;
  expect(byTable).toMatchObject([
    { schema: null, table: 'broken', status: 'Failed', error: expect.stringMatching(/./) },
    { schema: null, table: 'notes', status: 'Replicating', processedRows: 1, error: null },
    { schema: 'sales', table: 'orders', status: 'Replicating', processedRows: 2, lastSync: new Date(synced).toISOString() },
  ]);
});

test('looks a name up once, and not again', async () => {
  await using at = await scene();
  for (let i = 0; i < 3; i++) await at.api.replication(byName);
  expect(at.fabric.api.seen.filter(({ method }) => method === 'GET')).toHaveLength(2);
  expect(at.fabric.api.seen).toHaveLength(8);
});

test('tells no tables while mirroring is stopped', async () => {
  await using at = await scene();
  at.fabric.replicator.status = 'Stopped';
  expect(await at.api.replication(byId)).toEqual({ status: 'Stopped', error: null, tables: [] });
});

test.each([
  ['a workspace of another name', { ...byName, workspace: 'Nowhere' }, 'workspace Nowhere'],
  ['a database of another name', { ...byName, database: 'other' }, 'mirrored database other'],
  ['a GUID that is not there', { ...byId, database: tenant }, `mirrored database ${tenant}`],
])('says that Fabric shows none: %s', async (_, database, what) => {
  await using at = await scene();
  await expect(at.api.replication(database)).rejects.toMatchObject({ code: 'HYG-6403', what: expect.stringContaining(what) });
});

test('says that a paused capacity may be the reason', async () => {
  await using at = await scene();
  at.fabric.replicator.pauseCapacity();
  await expect(at.api.replication(byName)).rejects.toMatchObject({
    code: 'HYG-6403',
    why: [expect.stringContaining('capacity is paused')],
  });
});

test('names the right that is missing', async () => {
  await using at = await scene();
  at.fabric.api.roles.set(client.principal, 'none');
  await expect(at.api.replication(byId)).rejects.toMatchObject({
    code: 'HYG-6401',
    tryThis: expect.arrayContaining([expect.stringContaining('Viewer')]),
  });
});

test('waits as long as it is told when there are too many requests', async () => {
  await using at = await scene();
  at.fabric.api.rule(({ number }) => (number <= 2 ? { status: 429, retryAfter: 7 } : undefined));
  expect(await at.api.replication(byId)).toMatchObject({ status: 'Running' });
  expect(at.waits.filter((ms) => ms >= 7_000)).toHaveLength(2);
  at.fabric.api.rule(() => ({ status: 429, retryAfter: 7 }));
  await expect(at.api.replication(byId)).rejects.toMatchObject({ code: 'HYG-6053' });
});

test.each(['drop after', { status: 500 }] as const)('asks again after %o', async (fault) => {
  await using at = await scene();
  at.fabric.api.rule(({ number }) => (number % 2 === 1 ? fault : undefined));
  expect(await at.api.replication(byId)).toMatchObject({ status: 'Running' });
  at.fabric.api.rule(() => fault);
  await expect(at.api.replication(byId)).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
});

test('believes no page that goes in a circle, and no answer without a status', async () => {
  await using network = new ProcessNetwork();
  const answer = (body: object) => ({ status: 200, headers: { get: () => null }, body: bytes(JSON.stringify(body)) });
  const api = (body: object) => {
    const circle = { limiter: (name: string) => network.limiter(name), send: async () => answer(body) };
    return new FabricApi(new FabricRequests(circle as unknown as ProcessNetwork, { getToken: async () => null }, noWaiting()));
  };
  await expect(api({}).replication(byId)).rejects.toMatchObject({
    code: 'HYG-6404',
    what: expect.stringContaining('no usable answer'),
  });
  await expect(api({ status: 'Running', data: [], continuationToken: 'again' }).replication(byId)).rejects.toMatchObject({
    code: 'HYG-6404',
    what: expect.stringContaining('1,000 pages'),
  });
  await expect(api({ status: 'Running' }).replication(byId)).rejects.toMatchObject({ code: 'HYG-6404' });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
