import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest, proxyPolicy } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { expect, test } from 'vitest';
import { client, tenant, workspace } from '../support/azure-hosts/azure.ts';
import { fabricAudience, mirror, startFabric } from '../support/fabric-replicator/fabric.ts';
import { type FabricApi, fabricApi } from '../support/fabric-replicator/fabric-api.ts';
import { numbered, rowsFile, type Scene, startScene } from '../support/fabric-replicator/scene.ts';

const at = `/v1/workspaces/${workspace.id}/mirroredDatabases`;
const keyed = { keyColumns: ['id'] };

interface Loopback extends AsyncDisposable {
  readonly api: FabricApi;
  readonly scene: Scene;
  call(method: string, path: string, token?: string): Promise<{ status: number; retryAfter: string | null; body: unknown }>;
}

async function loopback(pageSize = 100): Promise<Loopback> {
  const scene = await startScene();
  const api = fabricApi({
    databases: [{ workspace: workspace.id, id: mirror.id, name: mirror.name, replicator: scene.replicator }],
    pageSize,
    bearer: (token) => {
      const [principal = '', audience = fabricAudience] = token.split(' at ');
      return principal === 'forged' ? undefined : { principal, audience, expired: principal === 'expired' };
    },
  });
  const server = createServer(api.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ api, scene },
    async call(method, path, token = 'reader') {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      });
      const body = await response.text();
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: body === '' ? undefined : JSON.parse(body) };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await scene[Symbol.asyncDispose]();
    },
  };
}

test('mirrored databases are listed, and one is described', async () => {
  await using fabric = await loopback();
  const one = { id: mirror.id, type: 'MirroredDatabase', displayName: 'mirror', workspaceId: workspace.id };
  const path = `https://onelake.dfs.fabric.microsoft.com/${workspace.id}/${mirror.id}/Tables`;
  expect(await fabric.call('GET', at)).toMatchObject({ status: 200, body: { value: [one] } });
  expect(await fabric.call('GET', `${at}/${mirror.id}`)).toMatchObject({
    status: 200,
    body: { ...one, properties: { oneLakeTablesPath: path } },
  });
  expect(await fabric.call('GET', `${at}/${workspace.id}`)).toMatchObject({ status: 404, body: { errorCode: 'ItemNotFound' } });
});

test('the status of tables has what was processed, when, and why a table failed', async () => {
  await using fabric = await loopback();
  const { scene } = fabric;
  scene.table('sales.schema/orders', keyed, [await rowsFile('id, __rowMarker__', '(1, 4)', '(1, 2)')]);
  scene.table('broken', keyed, [Buffer.alloc(0)]);
  await scene.replicator.turn();
  const { body } = await fabric.call('POST', `${at}/${mirror.id}/getTablesMirroringStatus`);
  expect(body).toEqual({
    data: [
      {
        sourceObjectType: 'Table',
        sourceTableName: 'broken',
        status: 'Failed',
        error: { errorCode: 'ZeroByteFile', message: expect.stringContaining(numbered(1)) },
      },
      {
        sourceObjectType: 'Table',
        sourceSchemaName: 'sales',
        sourceTableName: 'orders',
        status: 'Replicating',
        metrics: { processedBytes: expect.any(Number), processedRows: 2, lastSyncDateTime: '2026-11-26T00:00:00.0000000Z' },
      },
    ],
    continuationToken: null,
    continuationUri: null,
  });
});

test('the status of tables comes in pages', async () => {
  await using fabric = await loopback(2);
  for (const name of ['a', 'b', 'c']) fabric.scene.table(name, keyed, [await rowsFile('id', '(1)')]);
  await fabric.scene.replicator.turn();
  const path = `${at}/${mirror.id}/getTablesMirroringStatus`;
  const { body } = await fabric.call('POST', path);
  const { data, continuationToken, continuationUri } = body as { data: unknown[]; continuationToken: string; continuationUri: string };
  expect(data).toHaveLength(2);
  expect(continuationUri).toBe(`${fabricAudience}${path}?continuationToken=${continuationToken}`);
  expect(await fabric.call('POST', `${path}?continuationToken=${continuationToken}`)).toMatchObject({
    body: { data: [{ sourceTableName: 'c' }], continuationToken: null },
  });
});

test('mirroring stops and starts, and shows no tables in between', async () => {
  await using fabric = await loopback();
  const { scene } = fabric;
  const call = (action: string) => fabric.call('POST', `${at}/${mirror.id}/${action}`);
  const status = async () => ((await call('getMirroringStatus')).body as { status: string }).status;
  scene.table('orders', keyed, [await rowsFile('id', '(1)')]);
  await scene.replicator.turn();
  expect(await status()).toBe('Running');
  expect((await call('startMirroring')).status).toBe(400);
  expect(await call('stopMirroring')).toMatchObject({ status: 200, body: undefined });
  expect(await status()).toBe('Stopping');
  await scene.replicator.turn();
  expect(await status()).toBe('Stopped');
  expect((await call('getTablesMirroringStatus')).body).toMatchObject({ data: [] });
  expect((await call('startMirroring')).status).toBe(200);
  expect(await status()).toBe('Starting');
  await scene.replicator.turn();
  expect(await status()).toBe('Running');
});

test.each(['Initializing', 'Starting', 'Stopping'] as const)('mirroring cannot be started while it is %s', async (status) => {
  await using fabric = await loopback();
  fabric.scene.replicator.status = status;
  expect(await fabric.call('POST', `${at}/${mirror.id}/startMirroring`)).toMatchObject({
    status: 400,
    body: { errorCode: 'UnknownError' },
  });
});

test('a database of a paused capacity is neither listed nor reached; resumed, it is Paused until it is started', async () => {
  await using fabric = await loopback();
  fabric.scene.replicator.pauseCapacity();
  expect((await fabric.call('GET', at)).body).toMatchObject({ value: [] });
  expect((await fabric.call('POST', `${at}/${mirror.id}/getMirroringStatus`)).status).toBe(404);
  fabric.scene.replicator.resumeCapacity();
  expect((await fabric.call('POST', `${at}/${mirror.id}/getMirroringStatus`)).body).toEqual({ status: 'Paused' });
  await fabric.call('POST', `${at}/${mirror.id}/startMirroring`);
  expect((await fabric.call('POST', `${at}/${mirror.id}/getMirroringStatus`)).body).toEqual({ status: 'Running' });
});

test.each([
  ['no token', '', 401, 'Unauthorized'],
  ['a forged token', 'forged', 401, 'Unauthorized'],
  ['an expired token', 'expired', 401, 'TokenExpired'],
  ['a token of storage', 'reader at https://storage.azure.com', 401, 'Unauthorized'],
  ['a stranger', 'stranger', 403, 'InsufficientPrivileges'],
])('%s opens nothing', async (_, token, status, errorCode) => {
  await using fabric = await loopback();
  fabric.api.roles.set('stranger', 'none');
  expect(await fabric.call('POST', `${at}/${mirror.id}/getMirroringStatus`, token)).toMatchObject({
    status,
    body: { errorCode, requestId: expect.any(String), message: expect.any(String) },
  });
});

test('a viewer reads the status and does not stop mirroring', async () => {
  await using fabric = await loopback();
  fabric.api.roles.set('reader', 'viewer');
  expect((await fabric.call('POST', `${at}/${mirror.id}/getMirroringStatus`)).status).toBe(200);
  expect(await fabric.call('POST', `${at}/${mirror.id}/stopMirroring`)).toMatchObject({ status: 403 });
  expect(fabric.scene.replicator.status).toBe('Running');
});

test('requests are throttled with Retry-After, fail, and are lost before and after they act, as a test says', async () => {
  await using fabric = await loopback();
  const stop = () => fabric.call('POST', `${at}/${mirror.id}/stopMirroring`);
  fabric.api.rule(() => ({ status: 429, retryAfter: 55 }));
  expect(await stop()).toMatchObject({ status: 429, retryAfter: '55', body: { errorCode: 'RequestBlocked' } });
  fabric.api.rule(() => ({ status: 503 }));
  expect(await stop()).toMatchObject({ status: 503, retryAfter: null });
  fabric.api.rule(() => 'drop before');
  await expect(stop()).rejects.toThrow();
  expect(fabric.scene.replicator.status).toBe('Running');
  fabric.api.rule(() => 'drop after');
  await expect(stop()).rejects.toThrow();
  expect(fabric.scene.replicator.status).toBe('Stopping');
  fabric.api.rule(() => 'cut');
  await expect(fabric.call('GET', at)).rejects.toThrow();
  fabric.api.rule(() => undefined);
  expect((await fabric.call('GET', at)).status).toBe(200);
  expect(fabric.api.seen.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the unmodified clients of Azure publish a file on the real host names, and see that it was taken', async () => {
  await using fabric = await startFabric();
  using _ = fabric.azure.hosts.inProcess();
  const credential = new ClientSecretCredential(tenant, client.id, client.secret ?? '');
  const files = new DataLakeFileSystemClient(`https://onelake.dfs.fabric.microsoft.com/${workspace.id}`, credential);
  const folder = `${mirror.id}/Files/LandingZone/sales.schema/orders`;
  const upload = (name: string, content: Buffer) => files.getFileClient(`${folder}/${name}`).upload(content);
  await upload('_metadata.json', Buffer.from(JSON.stringify(keyed)));
  await upload(`_${numbered(1)}`, await rowsFile('id', '(1)', '(2)'));
  await fabric.replicator.turn();
  expect(fabric.replicator.tables).toEqual([]);
  await files.getFileClient(`${folder}/_${numbered(1)}`).move(`${folder}/${numbered(1)}`, { destinationConditions: { ifNoneMatch: '*' } });
  await fabric.replicator.turn();
  expect(await fabric.replicator.rows('sales.orders')).toHaveLength(2);
  const token = await credential.getToken(`${fabricAudience}/.default`);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  const request = createPipelineRequest({ url: `${fabricAudience}${at}/${mirror.id}/getTablesMirroringStatus`, method: 'POST' });
  request.headers.set('authorization', `Bearer ${token.token}`);
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  expect([status, JSON.parse(bodyAsText ?? '')]).toMatchObject([
    200,
    { data: [{ sourceSchemaName: 'sales', sourceTableName: 'orders', status: 'Replicating', metrics: { processedRows: 2 } }] },
  ]);
  expect(fabric.replicator.violations).toEqual([]);
});
