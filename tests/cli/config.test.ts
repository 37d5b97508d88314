import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { openConfigVersion } from '../../src/assembly/config-versions.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { ConfigErrors, loadWorkspace } from '../../src/workspace/load/load.ts';
import { secretsWritten } from '../../src/workspace/versions/secrets.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { quickWaits } from '../support/quick-waits.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { configHome } from './config-home.ts';
import { everyFile } from './workspace.ts';

const azurite = sharedAzurite();
const home = async () => configHome(await azurite());

const flow = 'flows/shop/flow.yml';

/** Names of the blobs, as another client sees them. */
async function blobsOf(at: { readonly url: string }): Promise<readonly string[]> {
  const { connectionString } = await azurite();
  const names: string[] = [];
  const client = new ContainerClient(connectionString, at.url.slice(at.url.lastIndexOf('/') + 1));
  for await (const { name } of client.listBlobsFlat()) names.push(name);
  return names;
}

async function contentOf(at: { readonly url: string }, name: string): Promise<string> {
  const { connectionString } = await azurite();
  const client = new ContainerClient(connectionString, at.url.slice(at.url.lastIndexOf('/') + 1));
  return (await client.getBlobClient(name).downloadToBuffer()).toString();
}

describe('hygge config push', () => {
  it('makes the workspace the current version, and says what changed since the one before', async () => {
    await using at = await home();
    const first = await at.hygge(['config', 'push', '-m', 'hello']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('+ flows/shop/entities/orders.yml');
    expect(first.stdout).toContain('HYGGE_ROOT must name a folder');
    expect(first.stdout).toMatch(/✓ [0-9a-f]{12} is current\. Runs that begin from now on use it/);
    await at.write('hygge.yml', `name: shop-two\n`);
    await rm(join(at.root, 'flows/shop/entities/orders.yml'));
    const second = await at.hygge(['config', 'push']);
    expect(second.stdout).toContain('~ hygge.yml');
    expect(second.stdout).toContain('- flows/shop/entities/orders.yml');
    expect(second.stdout).not.toContain('customers.yml');
    const [now, before] = await at.rows('config', 'list');
    expect(now).toMatchObject({ current: true, by: expect.stringMatching(/^anna@/), how: 'push', flows: 1, message: null });
    expect(before).toMatchObject({ current: false, message: 'hello' });
  });

  it('says when the app has to be restarted to notice: it reads flows and schedules when it starts', async () => {
    await using at = await home();
    expect((await at.rows('config', 'push'))[0]).toMatchObject({ restart: false });
    await at.write('flows/shop/entities/orders.yml', 'name: orders\n');
    expect((await at.rows('config', 'push'))[0]).toMatchObject({ changed: ['flows/shop/entities/orders.yml'], restart: false });
    await at.write(flow, `${await readFile(join(at.root, flow), 'utf8')}\nschedule: "0 0 2 * * *"\n`);
    expect((await at.hygge(['config', 'push'])).stdout).toContain('restart the app if a name or a schedule has changed');
  });

  it('takes the files of the workspace and nothing else: no .env, no state, no data, nothing hidden', async () => {
    await using at = await home();
    await at.write('.env', 'SECRET=canary-in-dot-env\n');
    await at.write('notes.txt', 'canary-in-notes');
    await mkdir(join(at.root, '.hygge/state'), { recursive: true });
    await at.write('.hygge/state/x.yml', 'canary: in-state');
    const [pushed] = await at.rows('config', 'push');
    expect(pushed?.added).toEqual(['flows/shop/entities/customers.yml', 'flows/shop/entities/orders.yml', flow, 'hygge.yml']);
    const [name = ''] = (await blobsOf(at)).filter((one) => one.startsWith('versions/'));
    expect(await contentOf(at, name)).not.toContain('canary');
    expect(name).toBe(`versions/${pushed?.version}.json`);
  });

  it('refuses a hidden file that the config names, for hidden files stay at home', async () => {
    await using at = await home();
    await mkdir(join(at.root, '.schemas'));
    await at.write('.schemas/orders.json', JSON.stringify({ columns: [{ name: 'id', type: 'int64' }] }));
    await at.write(flow, `${await readFile(join(at.root, flow), 'utf8')}\nschema: { expected_schema_path: .schemas/orders.json }\n`);
    const { code, stderr } = await at.hygge(['config', 'push']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('HYG-1934')]);
  });

  it('--dry-run shows what would change and writes nothing, not even a container', async () => {
    await using at = await home();
    const dry = await at.hygge(['config', 'push', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was written: this was a dry run.') });
    expect(dry.stdout).toContain('+ hygge.yml');
    await expect(blobsOf(at)).rejects.toThrow(/container does not exist/);
  });

  it('sends nothing of a workspace that is wrong, and shows every error at once', async () => {
    await using at = await home();
    await at.write(flow, 'home: data/{entty}.csv\nstore: lake\nschedule: never\nsurprise: 1\n');
    const { code, stderr } = await at.hygge(['config', 'push']);
    expect(code).toBe(2);
    for (const wrong of ['schedule', 'surprise']) expect(stderr).toContain(wrong);
    await expect(blobsOf(at)).rejects.toThrow(/container does not exist/);
  });

  it('keeps variables unexpanded, and takes one that is not set here for a name', async () => {
    await using at = await home();
    const written = (await readFile(join(at.root, flow), 'utf8')).replace('path: data/lake', `path: "\${LAKE}/shop"`);
    expect(written).toContain('LAKE');
    await at.write(flow, written);
    const { code, stdout } = await at.hygge(['config', 'push']);
    expect(code).toBe(0);
    expect(stdout).toContain('WARN Not set here, so not checked: LAKE.');
    await at.hygge(['config', 'pull', '--to', 'pulled'], { LAKE: '/somewhere/else' });
    expect(await readFile(join(at.root, 'pulled', flow), 'utf8')).toBe(written);
  });

  it('never stores what a variable stands for', async () => {
    await using at = await home();
    await at.write('.env', 'FROM_FILE=canary-in-file\n');
    await at.write('hygge.yml', `name: "x \${FROM_FILE} \${FROM_PROCESS}"\n`);
    expect((await at.hygge(['config', 'push'], { FROM_PROCESS: 'canary-in-process' })).code).toBe(0);
    const stored = await Promise.all((await blobsOf(at)).map((name) => contentOf(at, name)));
    expect(stored.join()).toContain(`\${FROM_PROCESS}`);
    expect(stored.join()).not.toContain('canary');
  });

  it('refuses a secret that is written out, by file and line and without showing it, unless told that it is none', async () => {
    await using at = await home();
    const { url } = at;
    const canary = 'canary-5e8f2';
    await at.write('hygge.yml', `name: shop\ndefaults:\n  home: { password: ${canary} }\n`);
    const refused = await at.hygge(['config', 'push']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1933') });
    expect(refused.stderr).toContain('hygge.yml:3:');
    expect(refused.stderr + refused.stdout).not.toContain(canary);
    await expect(blobsOf({ url })).rejects.toThrow(/container does not exist/);
    const allowed = await at.hygge(['config', 'push', '--allow-secrets']);
    expect(allowed.code).toBe(0);
    expect(allowed.stderr + allowed.stdout).not.toContain(canary);
  });
});

describe('hygge config list', () => {
  it('says that nothing was pushed yet', async () => {
    await using at = await home();
    const { code, stderr } = await at.hygge(['config', 'list']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('HYG-5303 No config was pushed yet.')]);
  });

  it('needs no workspace, only to know where', async () => {
    await using at = await home();
    await at.hygge(['config', 'push', '-m', 'from here']);
    await using elsewhere = await home();
    await rm(join(elsewhere.root, 'hygge.yml'));
    const listed = await elsewhere.hygge(['config', 'list', '--container', at.url]);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('from here') });
  });

  it('takes the place of the storage from the .env of the workspace', async () => {
    await using at = await home();
    await at.hygge(['config', 'push']);
    await at.write('.env', `HYGGE_CONFIG=${at.url}\nAzureWebJobsStorage="${at.environment.AzureWebJobsStorage}"\n`);
    const listed = await at.hygge(['config', 'list'], { HYGGE_CONFIG: undefined, AzureWebJobsStorage: undefined });
    expect(listed.code).toBe(0);
  });

  it('takes what the process is given before what the .env says', async () => {
    await using at = await home();
    await using laptop = await home();
    await at.write('.env', `HYGGE_CONFIG=${laptop.url}\n`);
    expect((await at.hygge(['config', 'push'])).code).toBe(0);
    expect(await blobsOf(at)).not.toEqual([]);
    expect((await laptop.hygge(['config', 'list'])).stdout).not.toContain('push');
  });
});

it('hygge config rollback makes the version before current again', async () => {
  await using at = await home();
  const [one] = await at.rows('config', 'push');
  await at.write('hygge.yml', 'name: two\n');
  await at.rows('config', 'push');
  const back = await at.hygge(['config', 'rollback']);
  expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`✓ ${String(one?.version).slice(0, 12)} is current again`) });
  expect((await at.hygge(['config', 'rollback', String(one?.version)])).stdout).toContain('is already current');
});

describe('hygge config pull', () => {
  it('writes the files of the current version, or of another by its id', async () => {
    await using at = await home();
    const [first] = await at.rows('config', 'push');
    const before = await readFile(join(at.root, 'hygge.yml'), 'utf8');
    await at.write('hygge.yml', 'name: two\n');
    await at.hygge(['config', 'push']);
    const pulled = await at.hygge(['config', 'pull', '--to', 'now']);
    expect(pulled).toMatchObject({ code: 0, stdout: expect.stringContaining('is in now: 4 files written.') });
    expect(await readFile(join(at.root, 'now/hygge.yml'), 'utf8')).toBe('name: two\n');
    await at.hygge(['config', 'pull', String(first?.version).slice(0, 8), '--to', 'then']);
    expect(await readFile(join(at.root, 'then/hygge.yml'), 'utf8')).toBe(before);
    expect((await readdir(join(at.root, 'then'), { recursive: true })).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('refuses to overwrite a file that is different, writes nothing then, and does it with --force', async () => {
    await using at = await home();
    await at.hygge(['config', 'push']);
    await at.write('hygge.yml', 'name: mine\n');
    await rm(join(at.root, flow));
    const before = await everyFile(at.root);
    const refused = await at.hygge(['config', 'pull']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1935') });
    expect(refused.stderr).toContain('hygge.yml');
    expect(await everyFile(at.root)).toEqual(before);
    const [forced] = await at.rows('config', 'pull', '--force');
    expect(forced).toMatchObject({ written: expect.arrayContaining([flow, 'hygge.yml']), unchanged: 2 });
    expect(existsSync(join(at.root, flow))).toBe(true);
  });

  it('never follows a link out of the folder', async () => {
    await using at = await home();
    await using outside = await home();
    await at.hygge(['config', 'push']);
    await mkdir(join(at.root, 'pulled'));
    await symlink(join(outside.root, 'flows'), join(at.root, 'pulled/flows'));
    const before = await everyFile(outside.root);
    const refused = await at.hygge(['config', 'pull', '--to', 'pulled', '--force']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1935 A link or a folder blocks a file') });
    expect(await everyFile(outside.root)).toEqual(before);
  });
});

describe('a version as the function app opens it', () => {
  const now = { date: '2026-11-20', connectors: { types: connectorTypes, find: findConnector } };

  it('says by file and line that the cloud has no folder for a relative path', async () => {
    await using at = await home();
    await at.hygge(['config', 'push']);
    const opened = await openConfigVersion(at.environment, testNetwork, 'current');
    const failed = await loadWorkspace({ ...opened, env: at.environment, ...now }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ConfigErrors);
    const { errors } = failed as ConfigErrors;
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['HYG-1080']));
    expect(errors[0]?.where).toMatchObject({ file: flow });
  });
});

describe('where the config is', () => {
  it('must answer', async () => {
    using _ = quickWaits();
    await using at = await home();
    const { blobUrl, connectionString } = await azurite();
    const gone = connectionString.replace(blobUrl, 'http://127.0.0.1:9/devstoreaccount1');
    const listed = await at.hygge(['config', 'list'], { AzureWebJobsStorage: gone, HYGGE_CONFIG: undefined });
    expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining('HYG-6303') });
  });

  it('must believe us', async () => {
    await using at = await home();
    const wrong = at.environment.AzureWebJobsStorage.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmctd3Jvbmctd3Jvbmc=');
    const listed = await at.hygge(['config', 'list'], { AzureWebJobsStorage: wrong });
    expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining('HYG-6302') });
    expect(listed.stderr).not.toContain('d3Jvbmctd3Jvbmctd3Jvbmc');
  });
});

describe('a secret is never pushed unseen', () => {
  it.each([
    ['a key of an account', 'home: { path: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFyYmF6cXV4" }', 1],
    ['a password in an address', 'home: { path: "https://anna:hunter2@example.com/{entity}.csv" }', 1],
    ['a signature', 'store: { path: "https://a.blob.core.windows.net/c/{entity}?sv=1&sig=abcdefghijk" }', 1],
    ['the default of a variable', `home: { password: "\${PW:-hunter2}" }`, 1],
    ['a password of digits', 'home: { password: 47114711 }', 1],
    ['no variable', `home: { password: "\${PW:-}" }`, 0],
    ['no column that is called like one', 'polish: { columns: { api_key: key_of_api } }', 0],
  ])('%s', (_name, text, found) => {
    expect(secretsWritten(new Map([['hygge.yml', `name: shop\ndefaults:\n  ${text}\n`]]))).toHaveLength(found);
  });
});

describe('hygge check', () => {
  const flow = `home: { type: postgres, host: "\${PG_HOST}", port: "\${PG_PORT}", database: shop, user: me, password: "\${PG_PASSWORD}", table: orders }\nstore: lake/orders\n`;

  it('--offline needs no variable, names those that are not set, and opens nothing', async () => {
    using workspace = new TestWorkspace({ 'flows/shop/flow.yml': flow });
    const before = workspace.tree();
    const offline = await workspace.run(['check', '--offline', '--output', 'json']);
    expect([offline.code, JSON.parse(offline.stdout)]).toEqual([
      0,
      { flows: 1, entities: 1, finding: 0, targets: [], unset: ['PG_HOST', 'PG_PASSWORD', 'PG_PORT'], warnings: [], contracts: [] },
    ]);
    expect((await workspace.run(['check', '--offline'])).stdout).toContain('PG_PORT\n✓ 1 flow, 1 entity: nothing is wrong');
    const here = await workspace.run(['check']);
    expect([here.code, here.stderr]).toEqual([2, expect.stringContaining('HYG-1020')]);
    const env = { PG_HOST: 'db.example', PG_PORT: '5432', PG_PASSWORD: 'x' };
    expect((await workspace.run(['check'], { env })).code).toBe(0);
    expect(workspace.tree()).toEqual(before);
  });

  it('asks no vault, and needs nothing that one has', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: w\nsecrets: { key_vault: "https://northwind.vault.azure.net" }\n',
      'flows/shop/flow.yml': flow,
    });
    const env = { PG_HOST: 'db.example', PG_PORT: '5432' };
    const run = await workspace.run(['check', '--output', 'json'], { env });
    expect([run.code, run.stderr, JSON.parse(run.stdout).unset]).toEqual([0, '', ['PG_PASSWORD']]);
    const without = await workspace.run(['check'], { env: { PG_PORT: '5432' } });
    expect([without.code, without.stderr.match(/HYG-\d+/g)]).toEqual([2, ['HYG-1020']]);
    expect(without.stderr).toContain('`PG_HOST` is not set');
    workspace.write({ 'hygge.yml': 'name: w\nsecrets: { key_vault: "https://a.example", aws: eu-central-1 }\n' });
    expect((await workspace.run(['check'], { env })).stderr).toContain('HYG-1013');
  });

  it('tells what is wrong beside them, once, in whichever target', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml':
        'name: w\ntargets:\n  dev: { variables: { LAKE: dev } }\n  prod: { variables: { LAKE: prod }, defaults: { changed_files: nonsense } }\n',
      'flows/shop/flow.yml': flow.replace('lake/orders', `"\${LAKE}/orders"`),
      'flows/crm/flow.yml': 'home: in.csv\nstore: lake/crm\nshedule: "0 0 2 * * *"\n',
    });
    const run = await workspace.run(['check', '--offline']);
    expect(run.code).toBe(2);
    expect(run.stderr.match(/shedule/g)?.length).toBeGreaterThan(0);
    expect(run.stderr.match(/flows\/crm\/flow\.yml:3/g)).toHaveLength(1);
    expect(run.stderr).not.toContain('HYG-1020');
    expect(run.stderr).toContain('nonsense');
  });
});
