// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { shore } from './shore.ts';

const store = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;
const files = {
  'hygge.yml': 'name: northwind\n',
  'flows/crm/flow.yml': `home: ${store('landing')}\nstore: ${store('crm')}\nschedule: "0 0 2 * * *"\n`,
  'flows/erp/flow.yml': `home: ${store('landing')}\nstore: ${store('erp')}\n`,
  'infra/prod.yml': [
    'subscription: 11111111-1111-1111-1111-111111111111',
    'region: westeurope',
    'resource_group: northwind-prod',
    'accounts: { northwind: { resource_group: lake, rights: folder } }',
    'alert: [data@example.com]',
    '',
  ].join('\n'),
};

async function rendered(more: Readonly<Record<string, string>> = {}): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ ...files, ...more });
  const { code, stderr } = await workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod']);
  expect([code, stderr]).toEqual([0, '']);
  return workspace;
}

/** What a plan says, line by line, without the sentence about files. */
async function planned(workspace: TestWorkspace): Promise<readonly string[]> {
  const before = workspace.tree();
  const { code, stdout, stderr } = await workspace.run(['infra', 'plan', '--target', 'prod']);
  expect([code, stderr]).toEqual([0, '']);
  expect(workspace.tree()).toEqual(before);
  return stdout.split('\n').filter((line) => /^(\S+$| {2}[+~!-] )/.test(line));
}

describe('hygge infra plan', () => {
  test('says that nothing changes, and then --check passes', async () => {
    using workspace = await rendered();
    const { code, stdout } = await workspace.run(['infra', 'plan', '--target', 'prod', '--check']);
    expect([code, stdout]).toEqual([0, 'Nothing changes in prod: out/prod is up to date.\n']);
  });

  test('names files that a person changed or deleted since, and the command that it prints overwrites them', async () => {
    using workspace = await rendered();
    const plan = ['infra', 'plan', '--target', 'prod', '--check'];
    const [first = '', second = ''] = ['out/prod/apps.bicep', 'out/prod/README.md'];
    workspace.write({ [first]: 'edited by hand\n' });
    const edited = await workspace.run(plan);
    expect([edited.code, edited.stdout]).toEqual([
      1,
      expect.stringContaining(`1 file in out/prod changed after the last render: ${first.slice('out/prod/'.length)}`),
    ]);
    const command = /Overwrite the edits: hygge (.*)/.exec(edited.stdout)?.[1] ?? '';
    expect((await workspace.run(command.split(' '))).code).toBe(0);
    expect((await workspace.run(plan)).code).toBe(0);
    rmSync(workspace.path(second));
    const deleted = await workspace.run(plan);
    expect([deleted.code, deleted.stdout]).toEqual([1, expect.stringContaining('Render it: hygge infra render azure')]);
  });

  test('before anything is rendered everything is new, and the command that it prints makes it so', async () => {
    using workspace = new TestWorkspace(files);
    const plan = ['infra', 'plan', '--target', 'prod', '--check'];
    const { code, stdout } = await workspace.run(plan);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^Nothing was rendered in out\/prod yet: everything is new\./)]);
    expect(existsSync(workspace.path('out'))).toBe(false);
    const command = /Render it: hygge (.*)/.exec(stdout)?.[1] ?? '';
    expect((await workspace.run(command.split(' '))).code).toBe(0);
    expect((await workspace.run(plan)).code).toBe(0);
  });

  test('says that the network opens, and that it closes', async () => {
    const withNetwork = (closed: boolean) => ({
      'infra/prod.yml': `${files['infra/prod.yml']}network: { address_space: 10.20.0.0/24, closed: ${closed} }\n`,
    });
    using workspace = await rendered(withNetwork(true));
    workspace.write(withNetwork(false));
    const opened = '  ! the internet reaches the app, its storage, the storage of the config and the vault, which is more than it was';
    expect(await planned(workspace)).toEqual(['crm', opened, 'erp', opened]);
    expect((await workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod'])).code).toBe(0);
    expect(await planned(workspace)).toEqual([]);
    workspace.write(withNetwork(true));
    const closed = '  ~ the app, its storage, the storage of the config and the vault refuse the internet';
    expect(await planned(workspace)).toEqual(['crm', closed, 'erp', closed]);
  });

  test('knows what is in AWS as well: a template there that is another is a change, and what AWS would not take an error', async () => {
    using workspace = new TestWorkspace(shore);
    const plan = ['infra', 'plan', '--target', 'prod', '--check'];
    const commands = (text: string) => [...text.matchAll(/^Render it: hygge (.*)$/gm)].map(([, command = '']) => command);
    const first = await workspace.run(plan);
    expect([first.code, commands(first.stdout)]).toEqual([
      1,
      ['azure --target prod --out out/prod', 'aws --target prod --out out/prod-aws'].map((one) => `infra render ${one}`),
    ]);
    for (const command of commands(first.stdout)) expect((await workspace.run(command.split(' '))).code).toBe(0);
    expect((await workspace.run(plan)).code).toBe(0);
    workspace.write({ 'infra/prod.yml': `${shore['infra/prod.yml']}`.replace('abort_uploads: 14', 'abort_uploads: 21') });
    const { code, stdout } = await workspace.run(plan);
    expect([code, stdout]).toEqual([1, expect.stringContaining('1 file would be rewritten: ../prod-aws/template.json\n')]);
    expect(commands(stdout)).toEqual(['infra render aws --target prod --out out/prod-aws']);
    workspace.write({
      'infra/prod.yml': `${shore['infra/prod.yml']}`
        .replace('abort_uploads: 14', 'archive: { web/: 1 }, abort_uploads: 14')
        .replace('old/', 'web/'),
    });
    expect(await workspace.run(plan)).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1121') });
  });

  test('marks a right of a database that is more than it was: a query for a table, rows that are written', async () => {
    const hygge =
      'name: northwind\nconnections:\n  pg: { type: postgres, host: db.example.com, database: erp, user: u, password: "${PW}" }\n';
    const reading = (what: string) => `home: { connection: pg, ${what} }\nstore: ${store('crm')}\n`;
    using workspace = await rendered({ 'hygge.yml': hygge, 'flows/crm/flow.yml': reading('table: public.x') });
    workspace.write({ 'flows/crm/flow.yml': reading('query: "select 1"') });
    expect(await planned(workspace)).toEqual([
      'crm',
      '  ! may use SELECT on database erp of db.example.com, which is more than it was',
      '  - may use SELECT on table public.x of erp of db.example.com',
    ]);
    workspace.write({ 'flows/crm/flow.yml': `home: ${store('landing')}\nstore: { connection: pg, table: public.x }\n` });
    expect(await planned(workspace)).toContain(
      '  ! may use SELECT, INSERT, UPDATE, DELETE on table public.x of erp of db.example.com, which is more than it was',
    );
  });

  test('a new flow is an app, its identity, rights, secrets and alerts', async () => {
    using workspace = await rendered();
    workspace.write({
      'flows/web/flow.yml': `home: ${store('landing')}\nstore: ${store('web')}\nschedule: "0 0 * * * *"\nnotify: { webhook: "\${HOOK}" }\n`,
    });
    expect(await planned(workspace)).toEqual([
      'web',
      expect.stringMatching(/^ {2}\+ the app web, with the identity id-northwind-web-\w+$/),
      '  + serves web',
      '  + may use Storage Blob Data Contributor on filesystem web of northwind.dfs.core.windows.net, below out/',
      '  + may use Storage Blob Data Reader on filesystem landing of northwind.dfs.core.windows.net, below out/',
      '  + reads the secret HOOK',
      '  + is watched: A scheduled run of web is missing.',
      '  + is watched: A run of web took longer than the time between two scheduled runs.',
    ]);
  });

  test('a removed flow is a removed app, identity and rights, and its storage stays', async () => {
    using workspace = await rendered();
    using without = await rendered();
    rmSync(without.path('flows/erp'), { recursive: true });
    expect(await planned(without)).toEqual([
      'erp',
      expect.stringMatching(/^ {2}- the app erp and its identity id-northwind-erp-\w+; its storage hgerp\w+ stays$/),
      '  - serves erp',
      '  - may use Storage Blob Data Contributor on filesystem erp of northwind.dfs.core.windows.net, below out/',
      '  - may use Storage Blob Data Reader on filesystem landing of northwind.dfs.core.windows.net, below out/',
    ]);
    expect(await planned(workspace)).toEqual([]);
  });

  test('a flow that moves into another app leaves the one that it was in', async () => {
    using workspace = await rendered({ 'infra/prod.yml': `${files['infra/prod.yml']}apps: { nightly: [crm, erp] }\n` });
    workspace.write({ 'infra/prod.yml': files['infra/prod.yml'] });
    const lines = await planned(workspace);
    expect(lines.filter((line) => line.includes('serves'))).toEqual([
      '  + serves crm',
      '  + serves erp',
      '  - serves crm',
      '  - serves erp',
    ]);
    expect(lines.filter((line) => line.includes(' the app '))).toHaveLength(3);
  });

  test.each([
    [
      'from reading to writing',
      { 'flows/erp/flow.yml': `home: ${store('erp')}\nstore: ${store('landing')}\n` },
      'Contributor on filesystem landing',
    ],
    [
      'from a folder to the container',
      { 'infra/prod.yml': files['infra/prod.yml'].replace(', rights: folder', '') },
      'Reader on filesystem landing',
    ],
  ])('a right that grew is marked: %s', async (_what, change, right) => {
    using workspace = await rendered();
    workspace.write(change);
    const marked = (await planned(workspace)).filter((line) => line.startsWith('  ! '));
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.join('\n')).toContain(right);
    for (const line of marked) expect(line).toMatch(/, which is more than it was$/);
  });

  test('says values that change, and files where words have none', async () => {
    using workspace = await rendered({
      'flows/erp/flow.yml': `home: "abfss://landing@northwind.dfs.core.windows.net/\${FOLDER}"\nstore: ${store('erp')}\n`,
      'infra/prod.yml': `${files['infra/prod.yml']}variables: { FOLDER: a }\n`,
    });
    workspace.write({ 'infra/prod.yml': `${files['infra/prod.yml']}variables: { FOLDER: b }\nmemory: 4096\n` });
    expect(await planned(workspace)).toContain('  ~ has the setting FOLDER: a → b');
    const { stdout } = await workspace.run(['infra', 'plan', '--target', 'prod', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ target: 'prod', first: false, files: expect.arrayContaining(['apps.bicepparam']) });
  });

  test.each(['{', '{"version":1,"files":{},"inventory":{"apps":{"crm":{}}}}'])(
    'a record that cannot be read says nothing: %s',
    async (record) => {
      using workspace = await rendered();
      workspace.write({ 'out/prod/.rendered.json': record });
      expect((await planned(workspace))[0]).toBe('crm');
    },
  );
});

const calling = (pool: number, more = '') => ({
  'hygge.yml': `name: north\nconnections:\n  pg: { type: postgres, host: db.example.com, database: erp, user: hygge, pool_size: ${pool} }\n  ms: { type: sqlserver, server: erp.database.windows.net, database: erp, pool_size: 50 }\n`,
  'flows/crm/flow.yml': `home: { connection: pg, table: public.a }\nstore: ${store('lake')}/crm\n`,
  'flows/erp/flow.yml': `home: { connection: pg, table: public.b }\nstore: ${store('lake')}/erp\n`,
  'flows/fin/flow.yml': `home: { connection: ms, table: dbo.b }\nstore: ${store('lake')}/fin\n`,
  'infra/prod.yml': `subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: north\naccounts: { northwind: { resource_group: lake } }\n${more}`,
});

async function counted(given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  using workspace = new TestWorkspace(given);
  const { code, stdout, stderr } = await workspace.run(['infra', 'plan', '--target', 'prod']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').flatMap((line) => /^! (.*connections at once: .*) in the pools/.exec(line)?.[1] ?? []);
}

test('the plan counts instances and pools of all apps against what a server takes', async () => {
  expect(await counted(calling(4))).toEqual(['db.example.com may have to open 320 connections at once: 40 instances × 8']);
  // One app has one pool, however many flows use it.
  expect(await counted(calling(4, 'apps: { one: [crm, erp] }\nmax_instances: 60\n'))).toEqual([
    'db.example.com may have to open 240 connections at once: 60 instances × 4',
  ]);
});

test('and says nothing where the server takes them all', async () => {
  expect(await counted(calling(2, 'apps: { one: [crm, erp] }\n'))).toEqual([]);
});
