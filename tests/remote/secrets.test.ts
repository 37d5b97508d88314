// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { client, tenant } from '../support/azure-hosts/azure.ts';
import { type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { type Entra, startEntra } from '../support/entra/entra.ts';
import { leaksOf } from '../support/function-host/leaks.ts';
import { quickWaits } from '../support/quick-waits.ts';
import type { Run } from '../support/run-hygge.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { type KeyVault, keyVault } from '../support/vaults/key-vault.ts';
import { TestWorkspace } from '../support/workspace.ts';

let entra: Entra;
let hosts: Hosts;
let lake: S3Server;
let vault: KeyVault;
let other: KeyVault;
let names: Disposable;

beforeAll(async () => {
  entra = await startEntra({ tenant, clients: [client] });
  vault = keyVault('northwind', entra, [client.principal]);
  other = keyVault('northwind-prod', entra, [client.principal]);
  hosts = await startHosts([vault, other, { serves: (host) => entra.serves(host), to: entra.listener }]);
  names = hosts.inProcess(signIn);
  lake = await startS3Server();
  lake.bucket('lake');
});
afterAll(async () => {
  names[Symbol.dispose]();
  await lake[Symbol.asyncDispose]();
  await hosts[Symbol.asyncDispose]();
  await entra[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const one of [vault, other]) {
    one.secrets.clear();
    one.asked.length = 0;
    one.faults.length = 0;
    Object.assign(one, { outage: undefined, resource: 'https://vault.azure.net' });
    one.readers.add(client.principal);
    expect(one.notTaught).toEqual([]);
  }
  entra.outage = undefined;
});

const signIn: Readonly<Record<string, string>> = {
  AZURE_TENANT_ID: tenant,
  AZURE_CLIENT_ID: client.id,
  AZURE_CLIENT_SECRET: client.secret ?? '',
};

async function hygge(
  line: string,
  workspace: TestWorkspace,
  environment: Readonly<Record<string, string>> = {},
): Promise<Said & { readonly code: number }> {
  const surroundings = fakeSurroundings(workspace.root, { environment });
  const code = await run(line.split(' '), surroundings);
  return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

/** Each workspace settles in places of its own. */
let folders = 0;

/** A store whose key only the vault has: what settles was signed with it. */
const store = (folder: string, key = 'LAKE_KEY') =>
  `store: { path: "s3://lake/${++folders}/${folder}", region: us-east-1, endpoint: "${lake.url}", access_key_id: "${lake.accessKeyId}", secret_access_key: "\${${key}}" }\n`;
const shop = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  'hygge.yml': 'name: northwind\nsecrets: { key_vault: "https://northwind.vault.azure.net" }\n',
  'flows/shop/flow.yml': `home: { path: data, format: csv }\n${store('shop')}entities: [a, b]\n`,
  'flows/other/flow.yml': `home: { path: data/a, format: csv }\n${store('other', 'OTHER_KEY')}`,
  'data/a/1.csv': 'id\n1\n2\n',
  'data/b/1.csv': 'id\n1\n',
  ...more,
});

type Said = Pick<Run, 'stdout' | 'stderr'>;

const said = ({ stdout, stderr }: Said): string => stdout + stderr;

/** Everything that is below the workspace and in the lake, and what was printed. */
function written(workspace: TestWorkspace, runs: readonly Said[]): ReadonlyMap<string, string> {
  const files = readdirSync(workspace.root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map([
    ...runs.map((run, nth) => [`run ${nth}`, said(run)] as const),
    ...files.map(({ parentPath, name }) => [`${parentPath}/${name}`, readFileSync(`${parentPath}/${name}`, 'latin1')] as const),
    ...[...lake.bucket('lake').objects].map(([key, { body }]) => [key, Buffer.from(body).toString('latin1')] as const),
  ]);
}

describe('a vault', () => {
  it('is asked once for each name that the flows at hand lack, by who is signed in; a value is in no output and no file', async () => {
    using workspace = new TestWorkspace(shop());
    const canary = lake.secretAccessKey;
    const version = vault.put('LAKE-KEY', canary);
    const runs: Said[] = [await hygge('go -f shop', workspace)];
    expect(said(runs[0] as Said)).toContain('PASS=2');
    // One look-up for two entities, and none for the flow that was not meant.
    expect(vault.asked).toEqual(['LAKE-KEY']);
    runs.push(await hygge('go -f shop --output json -v', workspace), await hygge('go -f shop --dry-run', workspace));
    vault.asked.length = 0;
    const debug = await hygge('debug -f shop', workspace);
    expect(debug.stdout).toContain(`variables\n  LAKE_KEY  https://northwind.vault.azure.net: LAKE-KEY, version ${version}\n`);
    expect(debug.code).toBe(0);
    expect(vault.asked).toEqual(['LAKE-KEY']);
    const told = (await hygge('debug -f shop --output json', workspace)).stdout
      .split('\n')
      .filter((line) => line.includes('"event":"variable"'))
      .map((line) => JSON.parse(line) as unknown);
    const from = { from: 'vault', vault: 'https://northwind.vault.azure.net', secret: 'LAKE-KEY', version };
    expect(told).toEqual([{ event: 'variable', v: 1, name: 'LAKE_KEY', ...from }]);
    runs.push(debug, await hygge('report --out page.html', workspace), await hygge('journal', workspace));
    expect(leaksOf([canary], written(workspace, runs))).toEqual([]);
    expect(hosts.refused).toEqual([]);
  });

  it('is not asked for what is set, nor by commands that open nothing, nor for the state alone', async () => {
    using workspace = new TestWorkspace(shop({ '.env': 'FROM_FILE=1\n' }));
    const env = { LAKE_KEY: lake.secretAccessKey };
    expect(said(await hygge('go -f shop', workspace, env))).toContain('PASS=2');
    expect((await hygge('debug -f shop', workspace, env)).stdout).toContain('variables\n  LAKE_KEY  the environment\n');
    for (const line of ['status', 'list entities', '__complete -- go -f s', 'report --out page.html']) {
      const ran = await hygge(line, workspace);
      expect([line, ran.code, ran.stderr]).toEqual([line, 0, '']);
    }
    expect(vault.asked).toEqual([]);
    // Only a flow that is told apart by its own mistake is wrong.
    workspace.write({ '.env': `LAKE_KEY=${lake.secretAccessKey}\n` });
    expect((await hygge('debug -f shop', workspace)).stdout).toContain('variables\n  LAKE_KEY  .env\n');
    expect(vault.asked).toEqual([]);
  });

  it('holds the keys of connections and of the state: of those that are used', async () => {
    const connection = (name: string, key: string) =>
      `  ${name}: { type: s3, bucket: lake, region: us-east-1, endpoint: "${lake.url}", access_key_id: "${lake.accessKeyId}", secret_access_key: "\${${key}}" }\n`;
    const keys = `region: us-east-1, endpoint: "${lake.url}", access_key_id: "${lake.accessKeyId}", secret_access_key: "\${STATE_KEY}"`;
    using workspace = new TestWorkspace({
      'hygge.yml': `name: northwind\nsecrets: { key_vault: "https://northwind.vault.azure.net/" }\nconnections:\n${connection('mine', 'LAKE_KEY')}${connection('unused', 'UNUSED_KEY')}state: { type: object, path: "s3://lake/state", ${keys} }\n`,
      'flows/shop/flow.yml': 'home: { path: data, format: csv }\nstore: { connection: mine, path: connected }\n',
      'data/1.csv': 'id\n1\n',
    });
    vault.put('LAKE-KEY', lake.secretAccessKey);
    vault.put('STATE-KEY', lake.secretAccessKey);
    expect(said(await hygge('go', workspace))).toContain('PASS=1');
    expect([...vault.asked].sort()).toEqual(['LAKE-KEY', 'STATE-KEY']);
    vault.asked.length = 0;
    expect((await hygge('status', workspace)).stdout).toContain('shop');
    expect(vault.asked).toEqual(['STATE-KEY']);
    vault.asked.length = 0;
    expect((await hygge('list connections', workspace)).code).toBe(0);
    expect(vault.asked).toEqual([]);
  });

  it('may be another one for a target, and none', async () => {
    using workspace = new TestWorkspace(
      shop({
        'hygge.yml':
          'secrets: { key_vault: "https://northwind.vault.azure.net" }\ntargets:\n  dev: { secrets: }\n  test: { variables: { X: x } }\n',
        'hygge.prod.yml': 'secrets: { key_vault: "https://northwind-prod.vault.azure.net", prefix: hygge- }\n',
        '.env.dev': `LAKE_KEY=${lake.secretAccessKey}\n`,
        'flows/shop/flow.yml': `home: { path: data, format: csv }\n${store('${HYGGE_TARGET}/shop')}entities: [a, b]\n`,
      }),
    );
    vault.put('LAKE-KEY', lake.secretAccessKey);
    other.put('hygge-LAKE-KEY', lake.secretAccessKey);
    for (const target of ['dev', 'test', 'prod']) expect(said(await hygge(`go -f shop --target ${target}`, workspace))).toContain('PASS=2');
    expect([vault.asked, other.asked]).toEqual([['LAKE-KEY'], ['hygge-LAKE-KEY']]);
  });

  it('may hold what is no good: it is told, and not shown', async () => {
    const canary = 'canary-{entity}-${X}-7f31';
    vault.put('LAKE-KEY', canary);
    vault.put('OTHER-KEY', canary);
    using workspace = new TestWorkspace(
      shop({
        'flows/other/flow.yml':
          'home: { type: azure_blob, connection_string: "${OTHER_KEY}", container: raw, path: in }\nstore: lake/other\nnotify: { webhook: "${OTHER_KEY}" }\n',
      }),
    );
    const ran = await hygge('go -v', workspace);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('HYG-6402');
    expect(said(ran)).toContain('A connection string of a storage account has');
    const runs = [
      ran,
      await hygge('debug', workspace),
      await hygge('preview shop.a', workspace),
      await hygge('go --output json', workspace),
    ];
    runs.push(await hygge('report --out page.html --messages', workspace));
    expect(leaksOf([canary, 'canary-a-', 'canary-{'], written(workspace, runs))).toEqual([]);
  });
});

describe('a vault that does not give a secret', () => {
  const nothingBegun = (workspace: TestWorkspace) => expect(readdirSync(workspace.root).sort()).toEqual(['data', 'flows', 'hygge.yml']);

  const outage = (status: number, body: unknown) => {
    vault.outage = { status, body, headers: {} };
  };
  const cases: readonly (readonly [string, () => void, number, string, string])[] = [
    ['knows none of that name', () => undefined, 2, 'HYG-1098', 'and the vault has no secret `LAKE-KEY`'],
    ['refuses', () => vault.readers.clear(), 1, 'HYG-6055', '403 ForbiddenByRbac'],
    [
      'is behind a firewall',
      () => outage(403, { error: { code: 'Forbidden', innererror: { code: 'ForbiddenByFirewall' } } }),
      1,
      'HYG-6055',
      'the network rules of the vault do not let this machine in',
    ],
    [
      'asks for a token of something else',
      () => void Object.assign(vault, { resource: 'https://management.azure.com' }),
      1,
      'HYG-6056',
      'So hygge sent no token',
    ],
  ];

  it.each(cases)('%s', async (_, wrong, code, error, says) => {
    using workspace = new TestWorkspace(shop());
    wrong();
    const ran = await hygge('go -f shop', workspace);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(error);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(says);
    expect(ran.stderr.match(/HYG-\d+/g)).toHaveLength(1);
    nothingBegun(workspace);
  });

  it('stops only the flows that lack it', async () => {
    using workspace = new TestWorkspace(shop());
    vault.put('LAKE-KEY', lake.secretAccessKey);
    const ran = await hygge('go', workspace);
    expect(ran.code).toBe(1);
    expect(said(ran)).toContain('HYG-1098');
    expect(ran.stdout).toMatch(/PASS=2 WARN=0 ERROR=1/);
  });

  it('or cannot be reached, or knows no such caller: debug says so too', async () => {
    using _ = quickWaits();
    using workspace = new TestWorkspace(shop({ 'hygge.yml': 'secrets: { key_vault: "https://nowhere.vault.azure.net" }\n' }));
    const ran = await hygge('go -f shop', workspace);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain('https://nowhere.vault.azure.net cannot be reached');
    const debug = await hygge('debug -f shop', workspace);
    expect(debug.code).toBe(1);
    expect(debug.stdout).toMatch(/✗ HYG-6404 https:\/\/nowhere\.vault\.azure\.net cannot be reached/);
    workspace.write(shop());
    process.env.AZURE_CLIENT_SECRET = 'another';
    const stranger = await hygge('go -f shop', workspace);
    Object.assign(process.env, signIn);
    expect([stranger.code, stranger.stdout]).toEqual([1, '']);
    expect(stranger.stderr).toContain('HYG-6402 https://northwind.vault.azure.net does not recognise the identity of this run.');
    nothingBegun(workspace);
  });
});
