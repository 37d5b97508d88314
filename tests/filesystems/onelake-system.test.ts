import { describe, expect, test } from 'vitest';
import { onelake } from '../../src/files/systems/onelake.ts';
import { Secret } from '../../src/ports/secret.ts';

const account_url = 'https://onelake.dfs.fabric.microsoft.com';
const place = { account_url, workspace: 'Sales', item: 'bronze' };
const ids = { workspace: '66666666-6666-4666-8666-666666666666', item: '77777777-7777-4777-8777-777777777777' };

describe('a URL of OneLake', () => {
  const at = (path: string, item = 'bronze.Lakehouse', workspace = 'Sales') => ({ keys: { account_url, workspace, item }, path });

  test.each([
    ['onelake://Sales/bronze.Lakehouse/Files/crm', at('Files/crm')],
    ['onelake://Sales/bronze/Files', at('Files', 'bronze')],
    ['onelake://My Sales/bronze/Files/a b', at('Files/a b', 'bronze', 'My Sales')],
    ['abfss://Sales@onelake.dfs.fabric.microsoft.com/bronze.Lakehouse/Files/{entity}', at('Files/{entity}')],
    [`abfss://${ids.workspace}@onelake.dfs.fabric.microsoft.com/${ids.item}/Files/x`, at('Files/x', ids.item, ids.workspace)],
    ['https://onelake.dfs.fabric.microsoft.com/My%20Sales/bronze.Lakehouse/Files/a%20b', at('Files/a b', 'bronze.Lakehouse', 'My Sales')],
  ])('%s', (url, located) => {
    expect(onelake.locate(url)).toEqual(located);
  });

  test('of one region keeps its address', () => {
    const url = 'abfss://Sales@westus-onelake.dfs.fabric.microsoft.com/bronze.Lakehouse/Files/crm';
    expect(onelake.locate(url)?.keys).toMatchObject({ account_url: 'https://westus-onelake.dfs.fabric.microsoft.com' });
  });

  test.each([
    'onelake://Sales',
    'abfss://raw@lake.dfs.core.windows.net/bronze/Files',
    'https://lake.dfs.core.windows.net/raw/b/Files',
    'Files/crm',
  ])('%s is none', (url) => {
    expect(onelake.locate(url)).toBeUndefined();
  });
});

describe('a place in OneLake is called the same', () => {
  const same = 'abfss://Sales@onelake.dfs.fabric.microsoft.com/bronze.Lakehouse/Files/crm';

  test.each([
    ['by workspace and item', { ...place }, 'Files/crm'],
    ['by the kind of the item too', { ...place, item: 'bronze.Lakehouse' }, 'Files/crm'],
    ['with the workspace as the filesystem it is to Data Lake', { account_url, filesystem: 'Sales', item: 'bronze' }, 'Files/crm'],
    ['with the item in the path', { account_url, workspace: 'Sales' }, 'bronze/Files/crm'],
  ])('%s', (_, config, path) => {
    expect(onelake.url(config, path)).toBe(same);
  });

  test('ids stay ids', () => {
    expect(onelake.url({ account_url, ...ids }, 'Files/x')).toBe(
      `abfss://${ids.workspace}@onelake.dfs.fabric.microsoft.com/${ids.item}/Files/x`,
    );
  });
});

describe('where an entity settles when no path is written', () => {
  test.each([
    [{}, 'Files/{entity}'],
    [{ schema: 'dbo' }, 'Files/dbo.schema/{entity}'],
    [{ schema_name: 'dbo' }, 'Files/dbo.schema/{entity}'],
  ])('%j: %s', (written, path) => {
    expect(onelake.defaultPath?.(written)).toBe(path);
  });
});

describe('what can not be meant', () => {
  const path = 'Files/crm';
  const secret = new Secret('x');

  test.each([
    ['no workspace', { account_url, item: 'bronze', path }, 'workspace'],
    ['two workspaces', { ...place, filesystem: 'Other', path }, 'filesystem'],
    ['no item', { account_url, workspace: 'Sales', path }, 'item'],
    ['a name next to an id', { ...place, item: ids.item, path }, 'item'],
    ['a name next to an id in the path', { account_url, workspace: ids.workspace, path: 'bronze/Files/crm' }, 'path'],
    ['Delta tables', { ...place, path: 'Tables/orders' }, 'path'],
    ['Delta tables behind the item', { account_url, workspace: 'Sales', path: 'bronze/Tables/orders' }, 'path'],
    ['a landing zone', { ...place, item: 'mirror.MirroredDatabase', path: 'Files/LandingZone/orders', base: 'Files' }, 'path'],
    ['a folder next to Files', { ...place, path: 'crm' }, 'path'],
    ['a schema and a path without it', { ...place, path, schema: 'dbo' }, 'schema'],
    ['two schemas', { ...place, path: 'Files/a.schema/x', schema: 'a', schema_name: 'b' }, 'schema_name'],
    ['a key of an account', { ...place, path, storage_account_key: secret }, 'storage_account_key'],
    ['a connection string', { ...place, path, credential: 'connection_string' as const, connection_string: secret }, 'connection_string'],
    ['nobody', { ...place, path, credential: 'anonymous' as const }, 'credential'],
  ])('%s', (_, config, key) => {
    expect(onelake.clash?.(config)).toMatchObject({ key, needs: expect.stringMatching(/\w/) });
  });

  test.each([
    ['names', { ...place, path }],
    ['ids', { account_url, ...ids, path }],
    ['the item in the path', { account_url, workspace: 'Sales', path: 'bronze.Lakehouse/Files/crm' }],
    ['both names of the workspace, alike', { ...place, filesystem: 'Sales', path }],
    ['a schema in the path', { ...place, path: 'Files/dbo.schema/orders', schema: 'dbo' }],
    ['a signature', { ...place, path, sas_token: secret }],
    ['a Delta table', { ...place, path: 'Tables/dbo/orders', format: 'delta' }],
    ['a Delta table behind the item', { account_url, workspace: 'Sales', path: 'bronze.Lakehouse/Tables/dbo/{entity}', format: 'delta' }],
  ])('but %s can', (_, config) => {
    expect(onelake.clash?.(config)).toBeUndefined();
  });
});

describe('what an intent keeps', () => {
  const client_secret = new Secret('the secret');
  const today = { ...place, tenant_id: 't', client_id: 'c', client_secret, path: 'Files/crm', schema: 'dbo' };

  test('is the place, without a secret, and is opened with the credential of today', () => {
    expect(onelake.address(today)).toEqual(place);
    expect(onelake.recall(onelake.address(today), today)).toEqual({ ...place, tenant_id: 't', client_id: 'c', client_secret });
    expect(onelake.recall(onelake.address(today), null)).toEqual(place);
  });
});

test('it requires a role in the workspace, none of Azure, and both addresses', () => {
  expect(onelake.requirements(place, 'write')).toEqual([
    { need: 'role', system: 'onelake', doing: ['read', 'write', 'stage'], resource: { workspace: 'Sales' }, role: 'Contributor' },
    { need: 'host', name: 'onelake.dfs.fabric.microsoft.com' },
    { need: 'host', name: 'onelake.blob.fabric.microsoft.com' },
  ]);
});
