// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, onTestFinished, test, vi } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { openApp } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { addressOf } from '../../src/databases/postgres/keys.ts';
import { settingIn, unresolvedReference } from '../../src/errors/unresolved-setting.ts';
import { authorityHost } from '../../src/remote/azure/authorities.ts';
import { configPlace } from '../../src/workspace/versions/place.ts';
import { TestWorkspace } from '../support/workspace.ts';

const reference = '@Microsoft.KeyVault(VaultName=kv-northwind;SecretName=SHOP-PASSWORD)';

test.each([
  [reference, { system: 'Key Vault', place: 'kv-northwind', name: 'SHOP-PASSWORD' }],
  ['  @microsoft.keyvault( secretname = A ; vaultname = kv )  ', { system: 'Key Vault', place: 'kv', name: 'A' }],
  [
    '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/A/0123)',
    { system: 'Key Vault', place: 'kv.vault.azure.net', name: 'A' },
  ],
  ['@Microsoft.KeyVault (SecretUri=nonsense)', { system: 'Key Vault', place: 'nonsense', name: undefined }],
  ['@Microsoft.KeyVault(', { system: 'Key Vault', place: undefined, name: undefined }],
  ['"@Microsoft.KeyVault(VaultName=kv;SecretName=A)"', { system: 'Key Vault', place: 'kv', name: 'A' }],
  [
    '@Microsoft.AppConfiguration(Endpoint=https://ac.azconfig.io; Key=shop; Label=prod)',
    { system: 'App Configuration', place: 'https://ac.azconfig.io', name: 'shop' },
  ],
  ['a password with @Microsoft.KeyVault( in it', undefined],
  ['@Microsoft', undefined],
  ['', undefined],
])('a reference that did not resolve is known by how it begins: %s', (value, known) => {
  expect(unresolvedReference(value)).toEqual(known);
});

const store = 'store: { type: parquet, path: lake }\n';
const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the password of a connection': {
    'hygge.yml': 'name: test\nconnections: { pg: { type: postgres, host: 127.0.0.1, database: d, user: u, password: "${THE_SECRET}" } }\n',
    'flows/shop/flow.yml': `home: { connection: pg, table: t }\n${store}`,
  },
  'a default next to it': {
    'flows/shop/flow.yml': `home: { type: parquet, path: "\${THE_SECRET:-in}" }\n${store}`,
  },
  'the key of masks': {
    'flows/shop/flow.yml': `home: { type: parquet, path: in }\n${store}polish: { mask: { columns: { id: hash }, secret: "\${THE_SECRET:-a long text}" } }\n`,
  },
  'a webhook': {
    'flows/shop/flow.yml': `home: { type: parquet, path: in }\n${store}notify: { webhook: "\${THE_SECRET}" }\n`,
  },
  'the state': {
    'hygge.yml': 'name: test\nstate: { type: table_storage, connection_string: "${THE_SECRET}" }\n',
    'flows/shop/flow.yml': `home: { type: parquet, path: in }\n${store}`,
  },
};

test.each(Object.keys(places).flatMap((place) => ['go', 'debug'].map((command) => [place, command] as const)))(
  'in %s it is not taken for the secret: %s',
  async (place, command) => {
    using workspace = new TestWorkspace({ ...places[place] });
    await workspace.parquet('in/a.parquet', 'select 1 as id');
    const { code, stdout, stderr } = await workspace.run([command], { env: { THE_SECRET: reference } });
    expect([code, `${stdout}${stderr}`]).toEqual([command === 'go' ? 2 : expect.any(Number), expect.stringContaining('HYG-1964')]);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(
      '`THE_SECRET` is not set: it contains an unresolved reference to the Key Vault kv-northwind',
    );
    expect([...workspace.tree().keys()].filter((path) => path.startsWith('lake'))).toEqual([]);
  },
);

test('a reference that is written into the config, or given as a var, is refused as well', async () => {
  using workspace = new TestWorkspace({
    'flows/shop/flow.yml': `home: { type: parquet, path: in }\n${store}notify: { webhook: "${reference}" }\n`,
  });
  const written = await workspace.run(['go']);
  expect([written.code, written.stderr]).toEqual([2, expect.stringContaining('flows/shop/flow.yml:3:20  HYG-1964')]);
  workspace.write({ 'flows/shop/flow.yml': `home: { type: parquet, path: in }\n${store}` });
  const given = await workspace.run(['go', '--var', `flow.shop.notify.webhook="${reference}"`]);
  expect([given.code, given.stderr]).toEqual([2, expect.stringContaining('HYG-1964')]);
});

test('a .env with one says so, too', async () => {
  using workspace = new TestWorkspace({ ...places['a webhook'], '.env': `THE_SECRET=${reference}\n` });
  await workspace.parquet('in/a.parquet', 'select 1 as id');
  expect(await workspace.run(['go'])).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1964') });
});

test.each<readonly [string, (env: Readonly<Record<string, string>>) => unknown]>([
  ['HYGGE_CONFIG', configPlace],
  ['AzureWebJobsStorage', configPlace],
  ['AzureWebJobsStorage__accountName', configPlace],
  ['AzureWebJobsStorage__blobServiceUri', configPlace],
  ['HYGGE_APP', appName],
  ['AZURE_AUTHORITY_HOST', (env) => authorityHost(null, env)],
  ['PGPASSWORD', (env) => addressOf({ host: 'localhost', user: 'u' } as never, env)],
  ['PGHOST', (env) => addressOf({ user: 'u' } as never, env)],
  ['ANY', (env) => settingIn(env, 'ANY')],
])('of the environment itself: %s', (name, read) => {
  expect(() => read({ [name]: reference })).toThrow(new RegExp(`HYG-1964 The setting \`${name}\` is not set`));
});

test('a library that reads the environment by itself signs in with none', async () => {
  vi.stubEnv('AZURE_CLIENT_SECRET', reference);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', reference);
  onTestFinished(() => void vi.unstubAllEnvs());
  using azure = new TestWorkspace({
    'flows/a/flow.yml':
      'home: { type: parquet, path: in }\nstore: { type: adls, account_url: "https://lake.dfs.core.windows.net", filesystem: raw, path: a }\n',
  });
  await azure.parquet('in/a.parquet', 'select 1 as id');
  using aws = new TestWorkspace({
    'flows/a/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: s3, bucket: lake, region: eu-central-1, path: a }\n',
  });
  await aws.parquet('in/a.parquet', 'select 1 as id');
  for (const [workspace, name] of [
    [azure, 'AZURE_CLIENT_SECRET'],
    [aws, 'AWS_SECRET_ACCESS_KEY'],
  ] as const) {
    const { code, stdout, stderr } = await workspace.run(['go']);
    expect([code, `${stdout}${stderr}`.replaceAll(/\s+/g, ' ')]).toEqual([
      expect.any(Number),
      expect.stringMatching(new RegExp(`HYG-1964.*The setting \`${name}\``)),
    ]);
    expect(code).not.toBe(0);
  }
});

test('in the app: flows, schedules and the list of flows', async () => {
  const files = { 'hygge.yml': 'name: test\n', 'flows/shop/flow.yml': `schedule: "%WHEN%"\nhome: { type: parquet, path: in }\n${store}` };
  const served = async (env: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
    using workspace = new TestWorkspace({ ...files, ...more });
    return (await servedAtStart(openApp({ HYGGE_CONFIG: workspace.root, AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...env })))
      .flows;
  };
  expect((await served({ WHEN: reference }))[0]?.scheduleError).toMatchObject({ code: 'HYG-1964' });
  await expect(served({ HYGGE_FLOWS: reference })).rejects.toThrow(/HYG-1964 The setting `HYGGE_FLOWS`/);
  await expect(served({ HYGGE_TARGET: reference })).rejects.toThrow(/HYG-1964 The setting `HYGGE_TARGET`/);
  await expect(served({ AzureWebJobsStorage: reference })).rejects.toThrow(/HYG-1964 The setting `AzureWebJobsStorage`/);
  const [wrong] = await served({ THE_SECRET: reference }, places['a webhook']);
  expect(wrong?.found).toMatchObject({ errors: [{ code: 'HYG-1964' }] });
});
