import type { AppPlace } from '../../src/assembly/requirements.ts';
import { ConfigErrors } from '../../src/workspace/load/load.ts';
import type { InfraTarget } from '../../src/workspace/target/read.ts';
import { type Command, inOrder, type Step, shownStep } from '../commands.ts';
import { configOf, type Deployment, type FunctionApp } from '../deployment.ts';
import { type Inventory, inventoryOf } from '../inventory.ts';
import { type Alert, alertsOf } from './alerts.ts';
import { byHand } from './by-hand.ts';
import { type AppNames, appNames, type Scope, type SharedNames, secretName, sharedNames } from './names.ts';
import { networkNotes, networkTemplate, ownEndpoints, serverErrors, sitesZone, wrongNetwork } from './network.ts';
import { type GroupRights, type RightsModule, rightsModule, rightsOf } from './rights.ts';
import { appModuleOf, dataModule } from './templates.ts';
import { comment, expression, symbol, toBicep, type Value } from './text.ts';

export interface RenderedFolder {
  /** Files by path below the folder, in order. */
  readonly files: ReadonlyMap<string, string>;
  /** Notes on the limits and omissions of the templates, in sentences. */
  readonly notes: readonly string[];
  /** The notes that count connections. */
  readonly connections: readonly string[];
  /** Secrets that the vault must hold before apps are deployed, by their names in the vault. */
  readonly secrets: readonly { readonly variable: string; readonly name: string }[];
  readonly inventory: Inventory;
  readonly steps: readonly Step[];
  /** The name of each app on the internet: `<site>.azurewebsites.net`. */
  readonly sites: readonly { readonly app: string; readonly flows: readonly string[]; readonly site: string }[];
  /** Files with rights that templates cannot grant, below the folder. */
  readonly byHand: readonly string[];
}

/** The app’s own storage. Its names follow from the target, so they are known before the storage exists. */
export function placeOfApp(workspace: string, target: InfraTarget): (app: string) => AppPlace {
  const scope = scopeOf(workspace, target);
  const { config } = sharedNames(scope);
  return (app) => ({
    account: appNames(scope, { name: app, flows: [] }).storage,
    suffix: 'core.windows.net',
    config: { container: 'hygge-config', host: `${config}.blob.core.windows.net` },
  });
}

/** A workspace in one target, as Bicep. The same workspace always gives the same result. Throws `ConfigErrors` HYG-1111. */
export async function renderAzure(deployment: Deployment): Promise<RenderedFolder> {
  const { target, apps } = deployment;
  const scope = scopeOf(deployment.workspace, target);
  const names = new Map(apps.map((app) => [app.name, appNames(scope, { name: app.name, flows: app.flows.map(({ name }) => name) })]));
  const shared = sharedNames(scope);
  const { groups, errors, notes: reaching } = rightsOf(deployment);
  const wrong = [...errors, ...serverErrors(deployment), ...wrongNetwork(deployment)];
  if (wrong.length > 0) throw new ConfigErrors(wrong);
  const isClosed = target.settings.network?.closed === true;
  const network = networkTemplate(deployment, shared, ownEndpoints(deployment, shared, [...names.values()]));
  const modules = groups.map((group) => ({ group, file: fileOf(group, groups), module: rightsModule(group, names) }));
  const told = apps.map((app) => ({ app, names: names.get(app.name) as AppNames, ...alertsOf(app, deployment) }));
  const hand = await byHand(deployment, names);
  const variables = [
    ...new Set(apps.flatMap(({ settings }) => settings.flatMap(({ name, value }) => (value === null ? [name] : [])))),
  ].sort();
  const secrets = variables.map((variable) => ({ variable, name: secretName(variable) }));
  const existing =
    groups.length === 0
      ? []
      : ['Containers and tables with rights must exist before the apps are deployed: the templates of rights do not create them.'];
  const connections = connectionNotes(deployment);
  const notes = [
    ...existing,
    ...networkNotes(deployment),
    ...connections,
    ...reaching,
    ...told.flatMap(({ notes }) => notes),
    ...hand.notes,
  ];
  const steps = azureSteps(deployment, { names, shared, secrets });
  const files = new Map<string, string>([
    ['README.md', readme({ deployment, steps, secrets, notes, hand: [...hand.files.keys()] })],
    ['apps.bicep', appsTemplate({ deployment, told, shared, modules })],
    ['apps.bicepparam', parameters('apps.bicep', deployment, ['memory', 'maxInstances', 'alwaysReady', 'alert'])],
    ['data.bicep', dataTemplate([...names.values()], shared, isClosed)],
    ['data.bicepparam', parameters('data.bicep', deployment, ['keepLogs', 'storageSku'])],
    ...hand.files,
    ['hosts.txt', hosts(apps, shared)],
    ['modules/app.bicep', appModuleOf(isClosed)],
    ...modules.map(({ file, module }) => [`modules/${file}.bicep`, module.text] as const),
    ...(network === undefined
      ? []
      : ([
          ['network.bicep', network],
          ['network.bicepparam', parameters('network.bicep', deployment, ['addressSpace'])],
        ] as const)),
  ]);
  const inventory = inventoryOf(deployment, (app) => {
    const { identity = '', storage = '' } = names.get(app) ?? {};
    const alerting = (target.settings.alert ?? []).length > 0 ? told.find((one) => one.app.name === app)?.alerts : [];
    return { identity, storage, alerts: (alerting ?? []).map(({ description }) => description) };
  });
  const sites = apps.map(({ name, flows }) => ({ app: name, flows: flows.map((flow) => flow.name), site: names.get(name)?.site ?? '' }));
  return { files, notes, connections, secrets, inventory, steps, sites, byHand: [...hand.files.keys()] };
}

export function scopeOf(workspace: string, { settings }: InfraTarget): Scope {
  return { subscription: settings.subscription, resourceGroup: settings.resource_group, workspace };
}

/** The name of a module: `rights-lake`, with the subscription if two groups have the same name. */
function fileOf({ subscription, resourceGroup }: GroupRights, all: readonly GroupRights[]): string {
  const plain = (group: string) =>
    group
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50);
  const alike = all.filter((one) => plain(one.resourceGroup) === plain(resourceGroup));
  const which =
    alike.length < 2 ? '' : `-${alike.findIndex((one) => one.resourceGroup === resourceGroup && one.subscription === subscription) + 1}`;
  return `rights-${plain(resourceGroup)}${which}`;
}

function dataTemplate(apps: readonly AppNames[], shared: SharedNames, isClosed: boolean): string {
  return [
    comment(
      'The resources that hold data: storage, vault and logs. hygge never deletes them, and locks keep others from deleting them by mistake.',
    ),
    '',
    comment('The config, which all apps read.'),
    `var configName = ${toBicep(shared.config)}`,
    '',
    comment('One storage for each app.'),
    `var storageNames = ${toBicep(apps.map(({ storage }) => storage).sort())}`,
    '',
    `var vaultName = ${toBicep(shared.vault)}`,
    `var logsName = ${toBicep(shared.logs)}`,
    dataModule(isClosed),
  ].join('\n');
}

interface AppsTold {
  readonly deployment: Deployment;
  readonly told: readonly { readonly app: FunctionApp; readonly names: AppNames; readonly alerts: readonly Alert[] }[];
  readonly shared: SharedNames;
  readonly modules: readonly { readonly group: GroupRights; readonly file: string; readonly module: RightsModule }[];
}

function appsTemplate({ deployment, told, shared, modules }: AppsTold): string {
  const hasNetwork = deployment.target.settings.network !== undefined;
  const isClosed = deployment.target.settings.network?.closed === true;
  const taken = new Set([
    'location',
    'tags',
    'memory',
    'maxinstances',
    'alwaysready',
    'alert',
    'logs',
    'alerts',
    'network',
    'resourcegroup',
  ]);
  const symbols = new Map(
    told.map(({ app }) => [app.name, { identity: symbol(`${app.name} identity`, taken), app: symbol(`${app.name} app`, taken) }]),
  );
  const rights = modules.map((one) => ({ ...one, symbol: symbol(one.file, taken) }));
  const of = (app: string) => symbols.get(app) ?? { identity: '', app: '' };
  const lines = [
    comment(`The apps of ${deployment.workspace}: each with an identity of its own, and the rights of that identity.`),
    '',
    comment(
      'A right is named after scope, principal and role, so a new identity with an old name gets new rights. The principal is known at run time.',
    ),
    '#disable-diagnostics what-if-short-circuiting',
    '',
    'param location string',
    'param tags {\n  *: string\n}',
    '',
    "@description('Megabytes of an instance.')",
    'param memory int',
    'param maxInstances int',
    '',
    "@description('How many instances are always kept warm, and paid for.')",
    'param alwaysReady int',
    '',
    "@description('Who gets a message when a load fails, is late or did not happen.')",
    'param alert string[]',
    '',
    `resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = ${toBicep({ name: shared.logs })}`,
    '',
    `resource alerts 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alert)) {
  name: ${toBicep(shared.alerts)}
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'hygge'
    emailReceivers: [
      for address in alert: {
        name: address
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}`,
    ...(hasNetwork
      ? [
          '',
          `resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: ${toBicep(shared.network)}

  resource apps 'subnets' existing = {
    name: 'apps'
  }${isClosed ? "\n\n  resource endpoints 'subnets' existing = {\n    name: 'endpoints'\n  }" : ''}
}`,
        ]
      : []),
  ];
  for (const { app, names, alerts } of told) {
    const serves = app.flows.map(({ name }) => name);
    const identity = of(app.name).identity;
    const granting = rights.filter(({ module }) => module.principals.has(app.name)).map(({ symbol }) => expression(symbol));
    const own = {
      HYGGE_FLOWS: serves.join(','),
      AzureFunctionsWebHost__hostid: names.hostId,
      AzureFunctionsJobHost__extensions__durableTask__hubName: names.hub,
    };
    const settings = [
      ...Object.entries(own),
      ...app.settings.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])),
    ];
    const secrets = app.settings.flatMap(({ name, value }) => (value === null ? [{ setting: name, name: secretName(name) }] : []));
    const params: Value = {
      location: expression('location'),
      tags: expression('tags'),
      names: { site: names.site, plan: names.plan, insights: names.insights },
      identity: {
        id: expression(`${identity}.id`),
        clientId: expression(`${identity}.properties.clientId`),
        principalId: expression(`${identity}.properties.principalId`),
      },
      storageName: names.storage,
      configName: shared.config,
      vaultName: shared.vault,
      logsId: expression('logs.id'),
      settings: Object.fromEntries(settings),
      secrets,
      memory: expression('memory'),
      maxInstances: expression('maxInstances'),
      alwaysReady: expression('alwaysReady'),
      alerts: alerts.map((one) => ({ ...one })),
      actionGroupId: expression("empty(alert) ? '' : alerts.id"),
      subnetId: hasNetwork ? expression('network::apps.id') : '',
      ...(isClosed
        ? {
            endpointsSubnetId: expression('network::endpoints.id'),
            sitesZoneId: expression(`resourceId('Microsoft.Network/privateDnsZones', ${sitesZone})`),
          }
        : {}),
    };
    lines.push(
      '',
      comment(`${app.name}${serves.length === 1 && serves[0] === app.name ? '' : `: ${serves.join(', ')}`}`),
      `resource ${identity} 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = ${toBicep({
        name: names.identity,
        location: expression('location'),
        tags: expression('tags'),
      })}`,
      '',
      `module ${of(app.name).app} 'modules/app.bicep' = ${toBicep({
        params,
        ...(granting.length === 0 ? {} : { dependsOn: granting }),
      })}`,
    );
  }
  for (const { group, file, module, symbol } of rights)
    lines.push(
      '',
      `module ${symbol} 'modules/${file}.bicep' = ${toBicep({
        scope: expression(`resourceGroup(${toBicep(group.subscription)}, ${toBicep(group.resourceGroup)})`),
        params: Object.fromEntries(
          [...module.principals].map(([app, parameter]) => [parameter, expression(`${of(app).identity}.properties.principalId`)]),
        ),
      })}`,
    );
  return `${lines.join('\n')}\n`;
}

function parameters(template: string, { target }: Deployment, more: readonly string[]): string {
  const { region, tags = {}, memory = 2048, max_instances, always_ready, keep_logs, alert = [], network, redundancy } = target.settings;
  const all: Readonly<Record<string, Value>> = {
    location: region,
    tags,
    memory,
    maxInstances: max_instances ?? 40,
    alwaysReady: always_ready ?? 0,
    keepLogs: keep_logs ?? 90,
    storageSku: redundancy === 'local' ? 'Standard_LRS' : 'Standard_ZRS',
    addressSpace: network?.address_space ?? '',
    alert,
  };
  return `using '${template}'\n\n${['location', 'tags', ...more].map((name) => `param ${name} = ${toBicep(all[name] ?? null)}\n`).join('')}`;
}

/** The addresses that a firewall must allow the apps to call. */
function hosts(apps: readonly FunctionApp[], { vault }: SharedNames): string {
  const all = apps.flatMap(({ needs }) =>
    needs.flatMap(({ requirement: one }) => {
      if (one.need !== 'host') return [];
      const [, host, port] = /^(.*?)(?:[:,](\d+))?$/.exec(one.name) ?? [];
      return [`${host}:${one.port ?? port ?? 443}`];
    }),
  );
  const platform = [
    `${vault}.vault.azure.net:443`,
    'login.microsoftonline.com:443',
    '*.in.applicationinsights.azure.com:443',
    '*.livediagnostics.monitor.azure.com:443',
  ];
  const told = [...new Set([...all, ...platform])].sort();
  return `${[...told, ...redirected(told), ...hiddenHosts(apps)].join('\n')}\n`;
}

/** Azure SQL redirects connections from inside Azure: https://learn.microsoft.com/azure/azure-sql/database/connectivity-architecture */
function redirected(told: readonly string[]): readonly string[] {
  return told.some((host) => /\.database\.windows\.net:/i.test(host)) ? ['*.database.windows.net:11000-11999'] : [];
}

/** Comments about hosts whose names are only in a secret. */
function hiddenHosts(apps: readonly FunctionApp[]): readonly string[] {
  const hidden = apps.flatMap(({ needs }) =>
    needs.flatMap(({ flow, entity, part, requirement, variable }) => {
      const isHidden =
        requirement.need === 'secret' &&
        !needs.some((one) => one.requirement.need === 'host' && one.flow === flow && one.entity === entity && one.part === part);
      return isHidden ? [`# and the host that the secret ${variable ?? requirement.name} names`] : [];
    }),
  );
  return [...new Set(hidden)].sort();
}

interface RenderedFacts {
  readonly deployment: Deployment;
  readonly steps: readonly Step[];
  readonly secrets: RenderedFolder['secrets'];
  readonly notes: readonly string[];
  readonly hand: readonly string[];
}

/** The steps that deploy the folder, in their order. */
function readme({ deployment, steps, secrets, notes, hand }: RenderedFacts): string {
  const { target, workspace } = deployment;
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', heading, '', ...items.map((one) => `- ${one}`)];
  return `${[
    `# ${workspace} in ${target.name}`,
    '',
    `Rendered by \`hygge infra render azure --target ${target.name}\` from the workspace and ${target.file}. Change the workspace or that file, and render again. Changes in this folder are lost.`,
    '',
    `\`hygge deploy --target ${target.name}\` runs all these commands. To run them by hand, in this folder and in this order:`,
    '',
    '```bash',
    ...steps.flatMap(shownStep),
    '```',
    ...list(
      'Secrets, by the variables that the config has for them:',
      secrets.map(({ variable, name }) => `${variable}: ${name}`),
    ),
    ...list(
      'Rights that templates cannot grant, each with the command that removes it:',
      hand.map((file) => `[${file}](${file})`),
    ),
    ...list('To know:', notes),
  ].join('\n')}\n`;
}

/** How many connections a server accepts by default. Azure's sizes differ; SQL Server accepts thousands. */
const usualMost: Readonly<Record<string, { readonly most: number; readonly setting: string }>> = {
  postgres: { most: 100, setting: 'the usual max_connections of PostgreSQL' },
  mysql: { most: 151, setting: 'the usual max_connections of MySQL' },
};
const usualInstances = 40;

/** Servers that could get more connections than they accept by default, if all instances of all apps run at once. The notes are sentences. */
function connectionNotes({ apps, target }: Deployment): readonly string[] {
  const instances = target.settings.max_instances ?? usualInstances;
  const servers = new Map<
    string,
    { readonly system: string; readonly pools: Map<string, { readonly app: string; readonly size: number }> }
  >();
  for (const app of apps)
    for (const need of app.needs) {
      const one = need.requirement;
      if (one.need !== 'role' || one.resource.server === undefined || usualMost[one.system] === undefined) continue;
      const { pool_size: size, user = '' } = configOf(app, need) as { readonly pool_size?: unknown; readonly user?: unknown };
      if (typeof size !== 'number') continue;
      const { server, database = '' } = one.resource;
      const held = servers.get(server) ?? { system: one.system, pools: new Map() };
      servers.set(server, held);
      // An instance has one pool for each database and user, which all flows share.
      held.pools.set(JSON.stringify([app.name, database, user, size]), { app: app.name, size });
    }
  return [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([server, { system, pools }]) => {
      const { most, setting } = usualMost[system] ?? { most: Number.POSITIVE_INFINITY, setting: '' };
      const each = [...pools.values()].reduce((sum, { size }) => sum + size, 0);
      if (instances * each <= most) return [];
      const names = [...new Set([...pools.values()].map(({ app }) => app))].sort().join(', ');
      return [
        `${server} may have to open ${instances * each} connections at once: ${instances} instances × ${each} in the pools of ${names}. It accepts ${most} by default (${setting}). Lower \`pool_size\` of the connection, raise the limit of the server, or put a pooler in front of it.`,
      ];
    });
}

interface StepNames {
  readonly names: ReadonlyMap<string, AppNames>;
  readonly shared: SharedNames;
  readonly secrets: readonly { readonly name: string }[];
}

/** The commands that deploy the rendered folder, in order. Options: https://learn.microsoft.com/cli/azure/reference-index */
function azureSteps({ target, apps, isWorkspaceTarget }: Deployment, { names, shared, secrets }: StepNames): readonly Step[] {
  const { subscription, resource_group: group, network, variables = {} } = target.settings;
  // The workspace is loaded as a whole, with the settings of the target.
  const set = Object.fromEntries(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)));
  const which = isWorkspaceTarget ? ['--target', target.name] : [];
  const az = (...args: readonly string[]): Command => ({ program: 'az', args });
  const hygge = (...args: readonly string[]): Command => ({
    program: 'hygge',
    args,
    ...(Object.keys(set).length === 0 ? {} : { variables: set }),
  });
  const step = (kind: Step['kind'], command: Command, app: string | null = null): Step => ({ kind, folder: 'azure', app, command });
  const inGroup = ['--subscription', subscription, '--resource-group', group];
  const create = (template: string) =>
    az('deployment', 'group', 'create', ...inGroup, '--template-file', `${template}.bicep`, '--parameters', `${template}.bicepparam`);
  const inVault = ['--subscription', subscription, '--vault-name', shared.vault];
  const put = (name: string) => az('keyvault', 'secret', 'set', ...inVault, '--name', name, '--file', 'SECRET.txt');
  const listed = step('secrets', az('keyvault', 'secret', 'list', ...inVault, '--query', '[].name', '--output', 'json'));
  return inOrder([
    ...apps.flatMap(({ name, flows }) => [
      step('pack', hygge('pack', ...which, '--flow', flows.map((flow) => flow.name).join(','), '--out', `${name}.zip`), name),
      step(
        'upload',
        az('functionapp', 'deployment', 'source', 'config-zip', ...inGroup, '--name', names.get(name)?.site ?? '', '--src', `${name}.zip`),
        name,
      ),
    ]),
    step('data', create('data')),
    ...(network === undefined ? [] : [step('network', create('network'))]),
    ...(secrets.length === 0 ? [] : [{ ...listed, secrets: new Map(secrets.map(({ name }) => [name, put(name)])) }]),
    step('apps', create('apps')),
    step('config', hygge('config', 'push', ...which, '--container', `https://${shared.config}.blob.core.windows.net/hygge-config`)),
  ]);
}
