// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, test } from 'vitest';
import { workspaceWithStandIns } from '../../src/assembly/whole-workspace.ts';
import { checkedWorkspace } from '../../src/cli/config/check.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

const lake = 'abfss://lake@northwind.dfs.core.windows.net/out';

test.each([
  ['webhook', { 'flows/crm/flow.yml': `home: ${lake}/in\nstore: ${lake}/crm\nnotify: { webhook: "\${THE_SECRET}" }\n` }],
  [
    'connection_string',
    { 'flows/crm/flow.yml': `home: { type: azure_blob, connection_string: "\${THE_SECRET}", container: raw, path: in }\nstore: ${lake}\n` },
  ],
  [
    'sas_token',
    { 'flows/crm/flow.yml': `home: { path: "az://raw@outside.blob.core.windows.net/raw", sas_token: "\${THE_SECRET}" }\nstore: ${lake}\n` },
  ],
  [
    'service_account_json',
    { 'flows/crm/flow.yml': `home: { path: "gs://clicks/raw", service_account_json: "\${THE_SECRET}" }\nstore: ${lake}\n` },
  ],
  [
    'connection_string of a database',
    {
      'hygge.yml': 'name: test\nconnections:\n  pg: { type: postgres, connection_string: "${THE_SECRET}" }\n',
      'flows/crm/flow.yml': `home: { connection: pg, table: public.orders }\nstore: ${lake}\n`,
    },
  ],
  [
    'password',
    {
      'hygge.yml':
        'name: test\nconnections:\n  pg: { type: postgres, host: db.example.com, database: erp, user: hygge, password: "${THE_SECRET}" }\n',
      'flows/crm/flow.yml': `home: { connection: pg, table: public.orders }\nstore: ${lake}\n`,
    },
  ],
  [
    'a vault that no one asks',
    {
      'hygge.yml':
        'name: test\nsecrets: { key_vault: "https://northwind.vault.azure.net" }\nconnections:\n  pg: { type: postgres, host: db.example.com, database: erp, user: hygge, password: "${THE_SECRET}" }\n',
      'flows/crm/flow.yml': `home: { connection: pg, table: public.orders }\nstore: ${lake}\n`,
    },
  ],
])('what is packed or pushed needs no secret of the app here: %s', async (_key, files) => {
  using workspace = new TestWorkspace(files);
  const flags = { color: false, output: 'text' } as const;
  const whole = await workspaceWithStandIns({ directory: workspace.root, environment: {}, elsewhere: true });
  expect(whole.workspace.flows.map(({ name }) => name)).toEqual(['crm']);
  const { warnings } = await checkedWorkspace(flags, fakeSurroundings(workspace.root), '2026-01-01T00:00:00.000Z');
  expect(warnings.filter((one) => one.includes('THE_SECRET'))).toEqual([
    'Not set here, so not checked: THE_SECRET. The app needs a value for each in its settings.',
  ]);
});

test.each(['postgres', 'mysql', 'sqlserver'])('a password in the url of %s is refused, with keys that the database takes', async (type) => {
  using workspace = new TestWorkspace();
  const check = async (keys: string) => {
    workspace.write({ 'flows/f/flow.yml': `home: { type: ${type}, ${keys}, table: "{entity}" }\nstore: out\nentities: [orders]\n` });
    const { code, stdout, stderr } = await inProcess(['check'], workspace.root, { PASSWORD: 'hunter2hunter2' });
    return { code, said: stdout + stderr };
  };
  const refused = await check(`url: "${type}://me:hunter2hunter2@db.example/erp"`);
  expect(refused).toMatchObject({ code: 2, said: expect.stringContaining('HYG-1034') });
  expect(refused.said).not.toContain('hunter2');
  expect(refused.said).toContain('`user` and `password: ${PASSWORD}` for a database');
  expect(await check(`url: "${type}://db.example/erp", user: me, password: "\${PASSWORD}"`)).toMatchObject({ code: 0 });
});
