import { describe, expect, test } from 'vitest';
import { adls } from '../../src/files/systems/adls.ts';
import { Secret } from '../../src/ports/secret.ts';

const account_url = 'https://lake.dfs.core.windows.net';
const place = { account_url, filesystem: 'raw' };

describe('a URL of ADLS', () => {
  const at = (path: string, filesystem = 'raw', host = 'lake.dfs.core.windows.net') => ({
    keys: { account_url: `https://${host}`, filesystem },
    path,
  });

  test.each([
    ['abfss://raw@lake.dfs.core.windows.net/crm/orders', at('crm/orders')],
    ['abfs://raw@lake.dfs.core.windows.net/crm', at('crm')],
    ['abfss://raw@lake.dfs.core.windows.net', at('')],
    ['abfss://raw@LAKE.dfs.core.windows.net/Crm', at('Crm')],
    ['https://lake.dfs.core.windows.net/raw/crm', at('crm')],
    ['abfss://raw@lake.dfs.core.chinacloudapi.cn/crm', at('crm', 'raw', 'lake.dfs.core.chinacloudapi.cn')],
    ['abfss://raw@lake.dfs.core.windows.net/{entity}/2026-*/#1?x=%41', at('{entity}/2026-*/#1?x=%41')],
    ['https://lake.dfs.core.windows.net/raw/a%20b/%C3%A9%2541/100%', at('a b/é%41/100%')],
  ])('%s', (url, located) => {
    expect(adls.locate(url)).toEqual(located);
  });

  test.each([
    's3://raw/crm',
    'az://raw/crm',
    'https://lake.blob.core.windows.net/raw/crm',
    'abfss://raw/crm',
    'abfss://Sales@onelake.dfs.fabric.microsoft.com/bronze.Lakehouse/Files',
    'https://onelake.dfs.fabric.microsoft.com/Sales/bronze.Lakehouse/Files',
    'https://lake.dfs.core.windows.net',
    'https://user:secret@lake.dfs.core.windows.net/raw/crm',
    'crm/orders',
  ])('%s is none', (url) => {
    expect(adls.locate(url)).toBeUndefined();
  });

  test('is what a place is called, and leads back to it', () => {
    expect(adls.url(place, 'crm/orders')).toBe('abfss://raw@lake.dfs.core.windows.net/crm/orders');
    expect(adls.locate(adls.url(place, 'a b/#?%41'))).toEqual(at('a b/#?%41'));
    expect(adls.url({ ...place, account_url: `${account_url}/` }, '')).toBe('abfss://raw@lake.dfs.core.windows.net');
  });
});

describe('what an intent keeps', () => {
  const key = new Secret('the key');
  const today = { ...place, storage_account_key: key, path: 'elsewhere' };

  test('holds no secret', () => {
    expect(adls.address(today)).toEqual(place);
  });

  test('is opened with the credential that the config has today for that account', () => {
    expect(adls.recall(adls.address(today), { ...today, filesystem: 'other' })).toEqual({ ...place, storage_account_key: key });
  });

  test('is opened by the credential of the environment when the config is of another account by now', () => {
    expect(adls.recall(adls.address(today), { ...today, account_url: 'https://other.dfs.core.windows.net' })).toEqual(place);
    expect(adls.recall(adls.address(today), null)).toEqual(place);
  });
});

test.each([
  ['read', 'Storage Blob Data Reader'],
  ['write', 'Storage Blob Data Contributor'],
] as const)('to %s it requires a role and both addresses of the account', (doing, role) => {
  expect(adls.requirements(place, doing)).toEqual([
    {
      need: 'role',
      system: 'adls',
      doing: doing === 'read' ? ['read'] : ['read', 'write', 'stage'],
      resource: { filesystem: 'raw', account: 'lake.dfs.core.windows.net' },
      role,
    },
    { need: 'host', name: 'lake.dfs.core.windows.net' },
    { need: 'host', name: 'lake.blob.core.windows.net' },
  ]);
});

describe('its keys', () => {
  test.each(['https://lake.dfs.core.windows.net', 'https://lake.dfs.core.windows.net/', 'https://lake.z6.dfs.storage.azure.net'])(
    '%s is an account',
    (written) => {
      expect(adls.keys.account_url).toSatisfy((key: { safeParse(value: unknown): { success: boolean } }) => key.safeParse(written).success);
    },
  );

  test.each([
    'http://lake.dfs.core.windows.net',
    'https://lake.blob.core.windows.net',
    'lake',
    'https://lake.dfs.core.windows.net/raw?sv=1',
  ])('%s is none', (written) => {
    expect(adls.keys.account_url).not.toSatisfy(
      (key: { safeParse(value: unknown): { success: boolean } }) => key.safeParse(written).success,
    );
  });

  test('two proofs of who one is are one too many', () => {
    expect(adls.clash?.({ ...place, storage_account_key: new Secret('a'), sas_token: new Secret('b') })).toMatchObject({
      key: 'sas_token',
    });
  });
});
