import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { realRandom } from '../../src/adapters/real-random.ts';
import { azureBlob } from '../../src/files/systems/azure-blob.ts';
import { Secret } from '../../src/ports/secret.ts';
import { findConnector, findFilesSystem } from '../../src/registry.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { testNetwork } from '../support/test-network.ts';
import { blobContainer } from './blob-account.ts';

const azurite = sharedAzurite();
const lake = 'https://lake.blob.core.windows.net';
const keys = z.strictObject(azureBlob.keys);

/** The key that is wrong, and why. */
const clashOf = (config: Record<string, unknown>) =>
  azureBlob.clash?.({ container: 'raw', ...(keys.parse({ container: 'raw', ...config }) as object) });

describe('where a URL leads', () => {
  test.each([
    ['az://raw@lake.blob.core.windows.net/crm/x', { account_url: lake, container: 'raw' }, 'crm/x'],
    ['wasbs://raw@Lake.blob.core.windows.net/crm', { account_url: lake, container: 'raw' }, 'crm'],
    ['az://lake.blob.core.windows.net/raw/crm/x', { account_url: lake, container: 'raw' }, 'crm/x'],
    ['https://lake.blob.core.windows.net/raw/crm/x%20%25y', { account_url: lake, container: 'raw' }, 'crm/x %y'],
    ['az://raw/crm/x%20y', { container: 'raw' }, 'crm/x%20y'],
    ['az://raw', { container: 'raw' }, ''],
    ['az://raw@lake.blob.core.chinacloudapi.cn/a', { account_url: 'https://lake.blob.core.chinacloudapi.cn', container: 'raw' }, 'a'],
    ['http://127.0.0.1:10000/devstoreaccount1/raw/a', { account_url: 'http://127.0.0.1:10000/devstoreaccount1', container: 'raw' }, 'a'],
    ['http://localhost:41000/devstoreaccount1/raw/a', { account_url: 'http://localhost:41000/devstoreaccount1', container: 'raw' }, 'a'],
  ])('%s', (url, located, path) => {
    expect(azureBlob.locate(url)).toEqual({ keys: located, path });
  });

  test.each([
    's3://raw/x',
    'https://lake.dfs.core.windows.net/raw/x',
    'https://lake.blob.core.windows.net/',
    'raw/x',
    'https://example.com/raw',
    'http://localhost:8080/odata/Customers',
  ])('%s: nowhere', (url) => {
    expect(azureBlob.locate(url)).toBeUndefined();
  });

  test('what is shown of a place leads there again', () => {
    for (const config of [
      { account_url: `${lake}/`, container: 'raw' },
      { account_url: 'http://127.0.0.1:10000/devstoreaccount1', container: 'raw' },
    ]) {
      const located = azureBlob.locate(azureBlob.url(config, 'crm/a b'));
      expect(located).toEqual({ keys: { ...config, account_url: config.account_url.replace(/\/$/, '') }, path: 'crm/a b' });
    }
    expect(azureBlob.url({ account_url: lake, container: 'raw' }, '')).toBe('az://raw@lake.blob.core.windows.net');
  });
});

describe('what a config must say', () => {
  test.each([
    [{ account_url: lake }, undefined],
    [{ account_url: lake, storage_account_key: 'k' }, undefined],
    [{ connection_string: 'AccountName=lake;AccountKey=k' }, undefined],
    [{ account_url: `${lake}/`, connection_string: 'AccountName=Lake;AccountKey=k' }, undefined],
    [{ account_url: 'http://127.0.0.1:10000/x', storage_account_key: 'k' }, undefined],
    [{}, 'account_url'],
    [{ account_url: lake, connection_string: 'AccountName=pond;AccountKey=k' }, 'account_url'],
    [{ account_url: 'http://127.0.0.1:10000/x' }, 'account_url'],
    [{ account_url: lake, credential: 'sas' }, 'sas_token'],
  ])('%o', (config, wrong) => {
    expect(clashOf(config)?.key).toBe(wrong);
  });

  test.each(['Raw', 'ra', 'a--b', '-raw', 'raw_x', 'raw/x'])('%s is no container', (container) => {
    expect(keys.safeParse({ container }).success).toBe(false);
  });
});

test('an intent keeps the place without a secret, and is finished with the credential of today', () => {
  const before = { account_url: `${lake}/`, container: 'raw', storage_account_key: new Secret('canary') };
  const address = azureBlob.address(before);
  expect(address).toEqual({ account_url: lake, container: 'raw' });
  const today = { account_url: lake, container: 'other', client_id: 'x' };
  expect(azureBlob.recall(address, today)).toEqual({ account_url: lake, container: 'raw', client_id: 'x' });
  const elsewhere = { account_url: 'https://pond.blob.core.windows.net', container: 'raw', storage_account_key: new Secret('other') };
  expect(azureBlob.recall(address, elsewhere)).toEqual({ account_url: lake, container: 'raw' });
  expect(azureBlob.recall(address, null)).toEqual({ account_url: lake, container: 'raw' });
  const emulated = { account_url: 'http://127.0.0.1:10000/devstoreaccount1', container: 'raw' };
  expect(azureBlob.recall(emulated, null)).toEqual({ ...emulated, credential: 'anonymous' });
});

test('what it needs is reported by role, secret and host', () => {
  const place = { account_url: lake, container: 'raw' };
  const host = { need: 'host', name: 'lake.blob.core.windows.net' };
  expect(azureBlob.requirements(place, 'read')).toEqual([
    {
      need: 'role',
      system: 'azure_blob',
      doing: ['read'],
      resource: { container: 'raw', account: 'lake.blob.core.windows.net' },
      role: 'Storage Blob Data Reader',
    },
    host,
  ]);
  expect(azureBlob.requirements(place, 'write')).toMatchObject([{ role: 'Storage Blob Data Contributor' }, host]);
  expect(azureBlob.requirements({ ...place, sas_token: new Secret('sig=x') }, 'write')).toEqual([
    { need: 'secret', name: 'sas_token' },
    host,
  ]);
});

test.each(['key', 'connection string', 'SAS'] as const)('a container is entered by %s', async (by) => {
  const { server, container, client } = await blobContainer(await azurite());
  const signed = new URL(await client.generateSasUrl({ permissions: 'racwdl' as never, expiresOn: new Date('2099-01-01') }));
  const config = {
    key: { account_url: server.blobUrl, storage_account_key: new Secret(server.key) },
    'connection string': { connection_string: new Secret(server.connectionString) },
    SAS: { account_url: server.blobUrl, sas_token: new Secret(signed.search) },
  }[by];
  const files = await azureBlob.open({ ...config, container }, 'crm', { random: realRandom(), network: testNetwork });
  const staged = await files.stage({ staged: '_s/1', final: 'data/1' }, once('x'));
  expect(await files.publish(staged)).toBe('published');
  const empty = await files.stage({ staged: '_s/2', final: 'data/2' }, once());
  expect(await files.publish(empty)).toBe('published');
  expect((await collect(files.list(''))).map(({ path }) => path)).toEqual(['data/1', 'data/2']);
  expect(files.url).toBe(`${server.blobUrl}/${container}/crm`);
});

async function* once(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}

test('it is in the registry, as one connector', async () => {
  expect(await findFilesSystem('azure_blob')).toBe(azureBlob);
  expect(await findConnector('azure_blob')).toBe(await findConnector('azure_blob'));
});
