import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { bicepConfig, bicepOffer, type Resource, resourcesOf, version } from './bicep-offer.ts';
import { closedHarbour, harbour } from './harbour.ts';
import { northwind } from './northwind.ts';

const folderOf = (scene: string) => join(import.meta.dirname, 'golden', scene);
/** With everything that a target may ask for, and without. */
const scenes = [
  { scene: 'azure', files: northwind, templates: ['data', 'apps'] },
  { scene: 'azure-private', files: harbour, templates: ['data', 'network', 'apps'] },
  { scene: 'azure-closed', files: closedHarbour(), templates: ['data', 'network', 'apps'] },
] as const;
const everyTemplate = scenes.flatMap(({ scene, templates }) => templates.map((template) => ({ scene, template })));
const render = ['infra', 'render', 'azure', '--target', 'prod', '--out'];

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name !== '.rendered.json')
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .sort();
}

test.each(scenes)('flows are rendered as they were, file by file: $scene', async ({ scene, files: given }) => {
  const golden = folderOf(scene);
  using workspace = new TestWorkspace(given);
  const { code, stderr } = await workspace.run([...render, 'out']);
  expect([code, stderr]).toEqual([0, '']);
  const files = filesIn(workspace.path('out'));
  for (const file of files) await expect(readFileSync(workspace.path('out', file), 'utf8')).toMatchFileSnapshot(join(golden, file));
  expect(files).toEqual(filesIn(golden).filter((file) => !file.endsWith('.resources.txt')));
});

test('the same workspace is the same bytes, from another folder, with other variables set and a .env next to it', async () => {
  using one = new TestWorkspace(northwind);
  using other = new TestWorkspace({ ...northwind, '.env': 'COLD_FOLDER=elsewhere\nPG_PASSWORD=canary-7c1\n' });
  await one.run([...render, 'out']);
  const { code } = await other.run([...render, 'out'], {
    env: { ERP_SCHEDULE: '0 0 0 * * *', TEAMS_WEBHOOK: 'https://canary-7c1.example.com/' },
  });
  expect(code).toBe(0);
  for (const file of filesIn(one.path('out')))
    expect(readFileSync(other.path('out', file), 'utf8'), file).toBe(readFileSync(one.path('out', file), 'utf8'));
});

/** What the compiler was given when it made the resources: a digest for each scene, of all its files, its version and its rules. */
const compiledFrom = join(import.meta.dirname, 'golden', 'compiled.json');

function digestOf(folder: string): string {
  const hash = createHash('sha256').update(`${version}\n${bicepConfig}\n`);
  for (const file of filesIn(folder).filter((name) => /\.bicep/.test(name)))
    hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

const offer = bicepOffer();
const place = { subscription: '11111111-1111-1111-1111-111111111111', resourceGroup: 'northwind-prod', location: 'westeurope' };

describe.skipIf('missing' in offer)(`by the compiler of Bicep${'missing' in offer ? ` (skipped: ${offer.missing})` : ''}`, () => {
  const compiler = 'compiler' in offer ? offer.compiler : '';
  const folder = mkdtempSync(join(tmpdir(), 'hygge-bicep-'));
  beforeAll(async () => {
    for (const { scene, files } of scenes) {
      using workspace = new TestWorkspace(files);
      await workspace.run([...render, join(folder, scene)]);
    }
    writeFileSync(join(folder, 'bicepconfig.json'), bicepConfig);
  });
  const known: Readonly<Record<string, string>> = existsSync(compiledFrom) ? JSON.parse(readFileSync(compiledFrom, 'utf8')) : {};
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The same files make the same resources: the compiler reads what has changed, and all of it in a soak. */
  const isAsked = (scene: string): boolean => whole || known[scene] !== digestOf(join(folder, scene));

  test('a misspelt property is found', () => {
    if (!scenes.some(({ scene }) => isAsked(scene))) return;
    cpSync(join(folder, 'azure'), join(folder, 'wrong'), { recursive: true });
    const data = join(folder, 'wrong', 'data.bicep');
    writeFileSync(data, readFileSync(data, 'utf8').replace('allowSharedKeyAccess', 'allowSharedKeysAccess'));
    expect(resourcesOf(compiler, `${data}param`, place).said).toContain('allowSharedKeysAccess');
  });

  test.each(everyTemplate)(
    '$template of $scene has no error and no warning, and makes the resources that it made',
    async ({ scene, template }) => {
      if (!isAsked(scene)) return;
      const { predictedResources, diagnostics, said } = resourcesOf(compiler, join(folder, scene, `${template}.bicepparam`), place);
      expect([diagnostics, said]).toEqual([[], '']);
      await expect(`${JSON.stringify(predictedResources, null, 1)}\n`).toMatchFileSnapshot(
        join(folderOf(scene), `${template}.resources.txt`),
      );
    },
  );

  test('the resources are those of the templates as they are: --update compiles what has changed', async () => {
    const digests = Object.fromEntries(scenes.map(({ scene }) => [scene, digestOf(join(folder, scene))]));
    await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot(compiledFrom);
  });
});

interface Links {
  readonly privateLinkServiceConnections: readonly {
    readonly properties: { readonly privateLinkServiceId: string; readonly groupIds: readonly string[] };
  }[];
}

describe('the resources', () => {
  const read = (template: string, scene = 'azure') =>
    JSON.parse(readFileSync(join(folderOf(scene), `${template}.resources.txt`), 'utf8')) as readonly Resource[];
  const data = read('data');
  const apps = read('apps');
  const privately = ['network', 'apps'].flatMap((template) => read(template, 'azure-private'));
  const ofType = (all: readonly Resource[], type: string) => all.filter((one) => one.type === type);

  test('of a closed network refuse the internet, and each has an endpoint for every service that is called', () => {
    const all = ['data', 'network', 'apps'].flatMap((template) => read(template, 'azure-closed'));
    const doors = ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults', 'Microsoft.Web/sites'];
    const closed = all.filter(({ type }) => doors.includes(type));
    expect(closed.map(({ type }) => type).sort()).toEqual([doors[1], ...Array(3).fill(doors[0]), ...Array(2).fill(doors[2])]);
    for (const { name, type, properties } of closed) {
      expect([name, String(properties?.publicNetworkAccess).toLowerCase()]).toEqual([name, 'disabled']);
      if (type !== 'Microsoft.Web/sites') expect(properties?.networkAcls).toEqual({ defaultAction: 'Deny', bypass: 'None' });
    }
    const links = ofType(all, 'Microsoft.Network/privateEndpoints').flatMap(({ properties }) =>
      (properties as unknown as Links).privateLinkServiceConnections.map(({ properties: link }) => link),
    );
    const servicesOf = (name: string) =>
      links.flatMap(({ privateLinkServiceId, groupIds }) => (privateLinkServiceId.includes(name) ? groupIds : [])).sort();
    const storage = ['blob', 'queue', 'table'];
    const services = closed.map(({ name, type }) => [type, servicesOf(name)] as const);
    expect(services.filter(([type]) => type === doors[0]).map(([, each]) => each)).toEqual(
      expect.arrayContaining([['blob'], storage, storage]),
    );
    expect(services.filter(([type]) => type !== doors[0])).toEqual(
      expect.arrayContaining([
        [doors[1], ['vault']],
        [doors[2], ['sites']],
        [doors[2], ['sites']],
      ]),
    );
    // In an open network nothing is closed.
    expect(JSON.stringify([...data, ...apps, ...privately])).not.toContain('publicNetworkAccess');
  });

  test('hold data behind locks, and only there', () => {
    const kept = ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults', 'Microsoft.OperationalInsights/workspaces'];
    const holding = data.filter(({ type }) => kept.includes(type));
    expect(holding.length).toBe(1 + 9 + 2);
    const locks = ofType(data, 'Microsoft.Authorization/locks').map(({ id }) => id);
    for (const { id } of holding)
      expect(
        locks.some((lock) => lock.includes(id)),
        id,
      ).toBe(true);
    expect(apps.filter(({ type }) => kept.includes(type))).toEqual([]);
  });

  test('give no right on a whole account but to the platform’s own three, on the app’s own', () => {
    const rights = ofType(apps, 'Microsoft.Authorization/roleAssignments');
    const onAccounts = rights.filter(({ id }) => /storageAccounts\/[a-z0-9]+', 'Microsoft.Authorization/.test(id));
    expect(onAccounts.length).toBe(9 * 3);
    expect(onAccounts.every(({ id }) => /storageAccounts\/hg/.test(id))).toBe(true);
    expect(rights.filter(({ id }) => /vaults\/[^/']+', 'Microsoft/.test(id))).toEqual([]);
    expect(rights.filter(({ id }) => !/Microsoft\.(Storage|KeyVault|Insights)\//.test(id))).toEqual([]);
  });

  test('set nothing that Flex Consumption refuses, and every secret by reference', () => {
    const refused =
      /^(FUNCTIONS_(WORKER_RUNTIME|EXTENSION_VERSION|WORKER_PROCESS_COUNT)|WEBSITE_(RUN_FROM_PACKAGE|CONTENT|NODE_DEFAULT)|SCM_DO_BUILD|ENABLE_ORYX)|^AzureWebJobsStorage$/;
    for (const { properties } of ofType(apps, 'Microsoft.Web/sites')) {
      const { siteConfig } = properties as { siteConfig: { appSettings: string | readonly { name: string; value: string }[] } };
      const text = JSON.stringify(siteConfig.appSettings);
      expect(text).not.toMatch(new RegExp(`"name":"(${refused.source})`));
      expect(text).toContain('AzureFunctionsWebHost__hostid');
    }
    const text = JSON.stringify(apps);
    for (const secret of ['PG-PASSWORD', 'TEAMS-WEBHOOK', 'PARTNER-KEY', 'OUTSIDE-SAS'])
      expect(text).toMatch(new RegExp(`@Microsoft\\.KeyVault\\(VaultName=kv-northwind-\\w+;SecretName=${secret}\\)`));
  });

  test('of a network: every service that flows call has an endpoint and a name in a zone, and all apps call from one address', () => {
    const endpoints = ofType(privately, 'Microsoft.Network/privateEndpoints').map(({ properties }) => {
      const { privateLinkServiceConnections: links } = properties as {
        privateLinkServiceConnections: readonly { properties: { privateLinkServiceId: string; groupIds: readonly string[] } }[];
      };
      return links.map(({ properties: { privateLinkServiceId: id, groupIds } }) => `${id.split('/').at(-1)} ${groupIds}`).join();
    });
    expect(endpoints).toEqual([
      ...[
        'harbour postgresqlServer',
        'harbour sqlServer',
        'harbourlake blob',
        'harbourlake dfs',
        'harbourstate blob',
        'harbourstate table',
      ],
    ]);
    expect(ofType(privately, 'Microsoft.Network/privateDnsZones').map(({ name }) => name)).toEqual([
      "[format('privatelink{0}', environment().suffixes.sqlServerHostname)]",
      "[format('privatelink.blob.{0}', environment().suffixes.storage)]",
      "[format('privatelink.dfs.{0}', environment().suffixes.storage)]",
      'privatelink.postgres.database.azure.com',
      "[format('privatelink.table.{0}', environment().suffixes.storage)]",
    ]);
    const [network] = ofType(privately, 'Microsoft.Network/virtualNetworks');
    const { subnets } = (network?.properties ?? {}) as {
      subnets: readonly { name: string; properties: Readonly<Record<string, unknown>> }[];
    };
    expect(subnets.map(({ name, properties }) => [name, properties.addressPrefix, 'natGateway' in properties])).toEqual([
      ['apps', '10.20.0.0/25', true],
      ['endpoints', '10.20.0.128/25', false],
    ]);
    const sites = ofType(privately, 'Microsoft.Web/sites');
    expect(sites.length).toBe(4);
    for (const { properties } of sites) expect(properties?.virtualNetworkSubnetId).toMatch(/\/subnets\/apps$/);
    for (const { properties } of ofType(apps, 'Microsoft.Web/sites')) expect(properties?.virtualNetworkSubnetId ?? null).toBeNull();
  });
});
