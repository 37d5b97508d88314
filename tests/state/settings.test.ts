import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { openTableAccount, tableSettingsOfApp } from '../../src/assembly/state-account.ts';
import { Secret } from '../../src/ports/secret.ts';
import { settleState, type TableStateSettings } from '../../src/workspace/state/settings.ts';
import { exampleWorkspace, hygge } from '../cli/workspace.ts';
import { testNetwork } from '../support/test-network.ts';

const url = 'https://northwind.table.core.windows.net';

const access = (env: Record<string, string>) => {
  const settled = settleState({ type: 'table_storage' }, env);
  return settled.type === 'table_storage' ? settled.access : undefined;
};

describe('where state lives', () => {
  test('files, unless something else is said', () => {
    expect(settleState(undefined, { AzureWebJobsStorage: 'x' })).toEqual({ type: 'files', byDefault: true, folder: '.hygge' });
    expect(settleState({}, {})).toEqual({ type: 'files', byDefault: true, folder: '.hygge' });
    expect(settleState({ type: 'files' }, {})).toEqual({ type: 'files', byDefault: false, folder: '.hygge' });
  });

  test('in a table and a container with usual names', () => {
    expect(settleState({ type: 'table_storage' }, {})).toMatchObject({ table: 'hygge', container: 'hygge-state', access: null });
    expect(settleState({ type: 'table_storage', table: 'mine', container: 'my-state' }, {})).toMatchObject({
      table: 'mine',
      container: 'my-state',
    });
  });

  test('what is written wins over the environment', () => {
    const env = { AzureWebJobsStorage: 'other', AzureWebJobsStorage__clientId: 'id' };
    const text = new Secret('mine');
    expect(settleState({ type: 'table_storage', connection_string: text }, env)).toMatchObject({
      access: { by: 'connection string', text },
    });
    expect(settleState({ type: 'table_storage', account_url: `${url}/` }, env)).toMatchObject({
      access: { by: 'identity', tableUrl: url, blobUrl: 'https://northwind.blob.core.windows.net', clientId: 'id' },
    });
  });

  test('the environment names the account as the Functions host does', () => {
    expect(access({ AzureWebJobsStorage: 'secret' })).toEqual({ by: 'connection string', text: new Secret('secret') });
    expect(access({ AzureWebJobsStorage__accountName: 'northwind' })).toEqual({
      by: 'identity',
      tableUrl: url,
      blobUrl: 'https://northwind.blob.core.windows.net',
      clientId: null,
    });
    expect(
      access({
        AzureWebJobsStorage__tableServiceUri: 'https://a.table.core.windows.net/',
        AzureWebJobsStorage__blobServiceUri: 'https://b.blob.core.windows.net/',
        AzureWebJobsStorage__clientId: 'id',
      }),
    ).toEqual({
      by: 'identity',
      tableUrl: 'https://a.table.core.windows.net',
      blobUrl: 'https://b.blob.core.windows.net',
      clientId: 'id',
    });
    expect(JSON.stringify(access({ AzureWebJobsStorage: 'AccountKey=secret' }))).not.toContain('secret');
  });

  test('an app keeps it in its own account by default, and not in files', () => {
    const env = { AzureWebJobsStorage__accountName: 'northwind' };
    expect(tableSettingsOfApp({ type: 'files', byDefault: true, folder: '.hygge' }, env)).toMatchObject({
      type: 'table_storage',
      table: 'hygge',
      access: { by: 'identity', tableUrl: url },
    });
    const chosen: TableStateSettings = { type: 'table_storage', access: null, table: 't', container: 'c' };
    expect(tableSettingsOfApp(chosen, env)).toBe(chosen);
    expect(() => tableSettingsOfApp({ type: 'files', byDefault: false, folder: '.hygge' }, env)).toThrow(/HYG-1077/);
  });
});

describe('opening it', () => {
  const settings = { type: 'table_storage', table: 'hygge', container: 'hygge-state' } as const;

  it('without an account says what is missing', async () => {
    await expect(openTableAccount({ ...settings, access: null }, testNetwork)).rejects.toMatchObject({ code: 'HYG-1075' });
  });

  it.each([
    'AccountName=a',
    'not one',
    'DefaultEndpointsProtocol=https;AccountName=;AccountKey=canary',
    'AccountName=a;AccountKey=a2V5;TableEndpoint=https://a.table.core.windows.net/?sig=canary',
    'AccountName=a;AccountKey=a2V5;TableEndpoint=https://a.table.core.windows.net;BlobEndpoint=https://me:canary@a.blob.core.windows.net',
  ])('refuses what is no connection string, without showing it: %s', async (text) => {
    const refused = await openTableAccount({ ...settings, access: { by: 'connection string', text: new Secret(text) } }, testNetwork).catch(
      (e) => e,
    );
    expect(refused).toMatchObject({ code: 'HYG-1076' });
    expect(JSON.stringify([refused.toDetails(), refused.stack])).not.toContain('canary');
  });

  it('is at the same place by identity and by connection string, and sends nothing yet', async () => {
    const key = Buffer.from('canary').toString('base64');
    const text = `DefaultEndpointsProtocol=https;AccountName=northwind;AccountKey=${key};EndpointSuffix=core.windows.net`;
    const byKey = await openTableAccount({ ...settings, access: { by: 'connection string', text: new Secret(text) } }, testNetwork);
    const sas = `TableEndpoint=${url}/;BlobEndpoint=https://northwind.blob.core.windows.net/;SharedAccessSignature=sv=2024&sig=canary`;
    const bySas = await openTableAccount({ ...settings, access: { by: 'connection string', text: new Secret(sas) } }, testNetwork);
    const identity = settleState({ type: 'table_storage', account_url: url }, {}) as TableStateSettings;
    const byIdentity = await openTableAccount(identity, testNetwork);
    expect(byKey.place).toBe(`table hygge of ${url}`);
    expect(bySas.place).toBe(byKey.place);
    expect(byIdentity.place).toBe(byKey.place);
    const emulator = await openTableAccount(
      {
        ...settings,
        access: { by: 'connection string', text: new Secret('UseDevelopmentStorage=true') },
      },
      testNetwork,
    );
    expect(emulator.place).toBe('table hygge of http://127.0.0.1:10002/devstoreaccount1');
    for (const account of [byKey, bySas, byIdentity, emulator]) expect((await account.blobs()).containerName).toBe('hygge-state');
  });
});

describe('state: of hygge.yml', () => {
  async function told(state: string, env = ''): Promise<{ code: number; stderr: string; stdout: string }> {
    await using workspace = await exampleWorkspace();
    await appendFile(join(workspace.root, 'hygge.yml'), `\nstate: ${state}\n`);
    await writeFile(join(workspace.root, '.env'), env);
    return await hygge(['status'], workspace.root);
  }

  it.each([
    ['{ type: tables }', /HYG-1013\n[\s\S]*It can be `files`, `table_storage`, `object` or `sql`/],
    ['{ type: table_storage, tabel: x }', /HYG-1010.*\n[\s\S]*table/],
    ['{ type: files, table: x }', /HYG-1010/],
    ['{ type: table_storage, table: "a-b" }', /letters and digits/],
    ['{ type: table_storage, container: Big }', /small letters/],
    ['{ type: table_storage, account_url: "http://northwind.table.core.windows.net" }', /https:\/\/myaccount\.table/],
    ['{ type: table_storage, account_url: "https://northwind.blob.core.windows.net" }', /https:\/\/myaccount\.table/],
    [`{ type: table_storage, connection_string: "\${NOT_SET}" }`, /HYG-1020/],
  ])('%s is told where and why', async (state, says) => {
    const { code, stderr } = await told(state);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hygge\.yml:\d+:\d+/);
    expect(stderr).toMatch(says);
  });

  it('without an account is an error only of who opens the state', async () => {
    await using workspace = await exampleWorkspace();
    await appendFile(join(workspace.root, 'hygge.yml'), '\nstate: { type: table_storage }\n');
    expect((await hygge(['list', 'flows'], workspace.root)).code).toBe(0);
    const { code, stderr } = await hygge(['status'], workspace.root);
    expect(code).toBe(2);
    expect(stderr).toContain('HYG-1075');
  });
});
