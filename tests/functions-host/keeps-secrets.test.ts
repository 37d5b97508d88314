import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { everythingIn, leaksOf } from '../support/function-host/leaks.ts';
import { webhook } from '../support/webhook.ts';

const azurite = sharedAzurite();

const canaries = {
  hook: 'hook/canary+7f31=ab',
  unused: 'setting"canary\\5c20',
  asked: 'asked-canary-e4d9!',
  sas: 'SasCanary3b7a',
  password: 'PasswordCanary9e12',
};

function blobFlow(name: string, setting: string): Readonly<Record<string, string>> {
  const home = `home: { type: azure_blob, connection_string: "\${${setting}}", container: raw, path: "in/*.parquet" }`;
  return { [`flows/${name}/flow.yml`]: `${home}\nstore: { type: parquet, path: lake/${name} }\n` };
}

test('secrets are in no history, log, table, blob, answer or message', async () => {
  await using hook = await webhook();
  const account = await azurite();
  const common = `schedule: "%WHEN%"\nnotify: { on: [error, warn, recovered], webhook: "\${HOOK}" }\n`;
  const files = {
    'flows/good/flow.yml': `home: { type: parquet, path: in }\nstore: { type: parquet, path: lake/good }\n${common}`,
    ...blobFlow('sas', 'SAS_LAKE'),
    ...blobFlow('password', 'PASSWORD_LAKE'),
    'flows/bad/flow.yml': `home: { type: parquet, path: nowhere }\nstore: { type: parquet, path: lake/bad }\n${common}`,
  };
  const endpoint = new URL(account.blobUrl);
  const settings = {
    SAS_LAKE: connectionStringOf(`BlobEndpoint=${endpoint.href}?sv=2025-01-05&sig=${canaries.sas};`),
    PASSWORD_LAKE: connectionStringOf(`BlobEndpoint=http://northwind:${canaries.password}@${endpoint.host}${endpoint.pathname};`),
    HOOK: `${hook.url}${encodeURIComponent(canaries.hook)}`,
    UNUSED: canaries.unused,
    WHEN: '0 0 2 * * *',
    STATE: account.connectionString,
  };
  await using app = await startHyggeApp({
    azurite: account,
    files: {
      ...files,
      'hygge.yml': `name: test\nstate: { type: table_storage, table: secrets, container: secrets, connection_string: "\${STATE}" }\n`,
    },
    settings,
    prepare: (workspace) => workspace.parquet('in/1.parquet', 'select range as id from range(10)'),
  });
  expect((await app.run('good')).status).toBe('pass');
  expect((await app.run('bad')).status).toBe('error');
  // Whether such an address is refused or used, nobody is shown it.
  for (const flow of ['sas', 'password']) {
    const begun = await app.post(flow);
    if (begun.status === 202) await app.ended(flow);
  }
  const answers = [
    ...(await Promise.all(
      ['sas', 'password'].flatMap((flow) => [
        app.post(flow, { dry_run: true }),
        app.host.fetch(`/api/flows/${flow}/runs`),
        app.post(flow, { entities: ['none'] }),
      ]),
    )),
    await app.post('good', { vars: { 'home.path': canaries.asked } }),
    await app.post('good', { dry_run: true }),
    await app.host.fetch('/api/flows'),
    await app.host.fetch('/api/debug', { method: 'POST' }),
    await app.host.fetch('/api/status?messages=true'),
    await app.host.fetch('/api/flows/bad/runs'),
  ];
  const places = new Map([
    ['journal of the host', app.host.journalText()],
    ['log', app.host.logText()],
    ['what the webhook was told', hook.told.join('\n')],
    ...(await Promise.all(answers.map(async (answer, n) => [`answer ${n}`, await answer.text()] as const))),
    ...[...app.workspace.tree('lake').keys()]
      .filter((path) => !path.endsWith('.parquet'))
      .map((path) => [path, readFileSync(app.workspace.path(path), 'utf8')] as const),
    ...(await everythingIn(account)),
  ]);
  // Addresses are lower-cased here and there.
  const secrets = Object.values(canaries).flatMap((canary) => [canary, canary.toLowerCase()]);
  expect(places.size).toBeGreaterThan(12);
  expect(hook.told.length).toBeGreaterThan(0);
  expect(leaksOf([...secrets, account.key], places)).toEqual([]);
});
