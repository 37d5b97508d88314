import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { InfraTarget } from '../../src/workspace/target/read.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { whereIs } from '../../src/workspace/yaml/source.ts';
import { type Command, shownCommand } from '../commands.ts';
import type { Deployment } from '../deployment.ts';
import { type AppNames, endpointName, type SharedNames } from './names.ts';
import { comment, expression, toBicep } from './text.ts';

/** An Azure resource that the apps call by a private address. */
export interface Endpoint {
  readonly name: string;
  /** The name of the account or server. */
  readonly of: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly type: string;
  /** The service of the resource, as private links name it. */
  readonly service: string;
  /** The DNS zone of its private name, as Bicep. */
  readonly zone: string;
  /** Whether the owner of the resource must approve the endpoint before traffic passes. */
  readonly isAsked: boolean;
}

interface Linkable {
  readonly host: RegExp;
  readonly in: 'accounts' | 'servers';
  readonly type: string;
  readonly service: string;
  readonly zone: string;
}

const storage = (service: string): Linkable => ({
  host: new RegExp(`^([a-z0-9-]+)\\.${service}\\.core\\.windows\\.net$`, 'i'),
  in: 'accounts',
  type: 'Microsoft.Storage/storageAccounts',
  service,
  zone: `'privatelink.${service}.\${environment().suffixes.storage}'`,
});

/** Names of the services and zones of private links: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const linkables: readonly Linkable[] = [
  storage('blob'),
  storage('dfs'),
  storage('table'),
  {
    host: /^([a-z0-9-]+)\.database\.windows\.net(?:[:,]|$)/i,
    in: 'servers',
    type: 'Microsoft.Sql/servers',
    service: 'sqlServer',
    // The suffix begins with a dot.
    zone: `'privatelink\${environment().suffixes.sqlServerHostname}'`,
  },
  {
    host: /^([a-z0-9-]+)\.postgres\.database\.azure\.com(?:[:,]|$)/i,
    in: 'servers',
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    service: 'postgresqlServer',
    zone: "'privatelink.postgres.database.azure.com'",
  },
  {
    host: /^([a-z0-9-]+)\.mysql\.database\.azure\.com(?:[:,]|$)/i,
    in: 'servers',
    type: 'Microsoft.DBforMySQL/flexibleServers',
    service: 'mysqlServer',
    zone: "'privatelink.mysql.database.azure.com'",
  },
];

/** The services that flows call, if the target has their resource group. */
function endpointsOf({ apps, target }: Deployment): readonly Endpoint[] {
  const { subscription: own } = target.settings;
  const hosts = new Set(apps.flatMap(({ needs }) => needs.flatMap(({ requirement: one }) => (one.need === 'host' ? [one.name] : []))));
  const found = [...hosts].flatMap((host) =>
    linkables.flatMap((one): readonly Endpoint[] => {
      const name = one.host.exec(host)?.[1]?.toLowerCase();
      const place = name === undefined ? undefined : target.settings[one.in]?.[name];
      if (name === undefined || place === undefined || place.endpoint === 'none') return [];
      const { subscription = own, resource_group: resourceGroup, endpoint } = place;
      return [{ name: endpointName(name, one.service), of: name, subscription, resourceGroup, isAsked: endpoint === 'asked', ...one }];
    }),
  );
  // Hosts are compared in small letters, because a host may be written in capitals.
  const all = new Map(found.map((one) => [one.name, one]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The zone of private names of apps, as Bicep. */
export const sitesZone = "'privatelink.azurewebsites.net'";

/** Zones for the vault, the config and the apps' own storage in a closed network; none in an open network. */
export function ownEndpoints({ target }: Deployment, { config, vault }: SharedNames, apps: readonly AppNames[]): readonly Endpoint[] {
  const { network, subscription, resource_group: resourceGroup } = target.settings;
  if (network?.closed !== true) return [];
  const place = { subscription, resourceGroup, isAsked: false };
  const ofStorage = (of: string, service: string): Endpoint => {
    const { type, zone } = storage(service);
    return { name: endpointName(of, service), of, type, service, zone, ...place };
  };
  return [
    ofStorage(config, 'blob'),
    ...apps.flatMap((app) => ['blob', 'queue', 'table'].map((service) => ofStorage(app.storage, service))),
    {
      ...{ name: endpointName(vault, 'vault'), of: vault, type: 'Microsoft.KeyVault/vaults', service: 'vault' },
      ...{ zone: "'privatelink.vaultcore.azure.net'", ...place },
    },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Notes about parts of a network that templates can’t contain. */
export function networkNotes(deployment: Deployment): readonly string[] {
  const { network, subscription } = deployment.target.settings;
  if (network === undefined) return [];
  const asked = [...new Set(endpointsOf(deployment).flatMap(({ of, isAsked }) => (isAsked ? [of] : [])))];
  const register: Command = {
    program: 'az',
    args: ['provider', 'register', '--subscription', subscription, '--namespace', 'Microsoft.App'],
  };
  return [
    `Apps can join a network only if Microsoft.App is registered in the subscription. Someone who may register it runs this once: ${shownCommand(register)}`,
    ...(network.closed === true ? closedNotes : []),
    ...(asked.length === 0
      ? []
      : [
          `Endpoints of ${asked.join(', ')} wait for the approval of their owner. Their names already point to the endpoints, so calls fail until then.`,
        ]),
  ];
}

const closedNotes = [
  'The network is closed. The storage and the vault refuse the internet from the first deployment on. Push secrets, packages and the config from a machine inside the network, or a machine that is joined to it. Calls to the apps must also come from there.',
  'Logs and Application Insights are not closed. Accounts and servers that the flows name are not closed either: their owners close them.',
];

/** The platform reserves five addresses of each subnet: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const reserved = 5;

/** The error if the network needs more endpoints than half of its addresses. */
export function wrongNetwork(deployment: Deployment): readonly ConfigError[] {
  const { target } = deployment;
  const { network } = target.settings;
  // Each app has three endpoints for its storage, and one for its site. Config and vault have one endpoint each.
  const own = network?.closed === true ? 4 * deployment.apps.length + 2 : 0;
  const count = endpointsOf(deployment).length + own;
  const room = 2 ** (31 - Number(network?.address_space.split('/')[1])) - reserved;
  if (network === undefined || count <= room) return [];
  return [
    new ConfigError({
      code: 'HYG-1118',
      what: `${count} private endpoints are needed, but half of ${network.address_space} has room for ${room}.`,
      tryThis: ['Give the network more addresses: `address_space` with a smaller number after the slash.'],
      where: whereIs(target.spot('network', 'address_space')),
    }),
  ];
}

/** Servers that no flow calls, and servers that would be unreachable. */
export function serverErrors(deployment: Deployment): readonly ConfigError[] {
  const { target } = deployment;
  const named = Object.keys(target.settings.servers ?? {});
  const called = new Set(endpointsOf(deployment).map(({ of }) => of));
  return named.flatMap((name) => {
    const where = whereIs(target.spot('servers', name));
    if (target.settings.network === undefined) return [withoutNetwork(target, where)];
    if (called.has(name) || target.settings.servers?.[name]?.endpoint === 'none') return [];
    return [
      new ConfigError({
        code: 'HYG-1118',
        what: `No flow calls a server of Azure SQL, PostgreSQL or MySQL that is named ${quoted(name)}.`,
        why: [
          'A private endpoint is for the server of a connection: NAME.database.windows.net, NAME.postgres.database.azure.com or NAME.mysql.database.azure.com.',
        ],
        tryThis: ['Correct its name, or remove it.'],
        where,
      }),
    ];
  });
}

function withoutNetwork(target: InfraTarget, where: ReturnType<typeof whereIs>): ConfigError {
  return new ConfigError({
    code: 'HYG-1118',
    what: `${target.file} names servers for private endpoints, but no network for the endpoints.`,
    tryThis: [`Add one to ${target.file}: \`network: { address_space: 10.20.0.0/24 }\``, 'Or remove `servers`.'],
    where,
  });
}

/** The template of the network; undefined: the target has no network. */
export function networkTemplate(deployment: Deployment, names: SharedNames, own: readonly Endpoint[]): string | undefined {
  const { network } = deployment.target.settings;
  if (network === undefined) return undefined;
  const { address_space: space, fixed_address: isFixed = true } = network;
  const called = endpointsOf(deployment);
  const endpoints = [...called, ...own.filter((one) => !called.some(({ name }) => name === one.name))];
  const zones = [...new Set([...endpoints.map(({ zone }) => zone), ...(network.closed === true ? [sitesZone] : [])])].sort();
  const half = Number(space.split('/')[1]) + 1;
  return [
    comment('The network of the apps. Firewalls elsewhere may allow its address, so the address stays even if the apps are removed.'),
    '',
    'param location string',
    'param tags {\n  *: string\n}',
    '',
    "@description('Addresses of the network: the first half are for the apps, the second for private endpoints.')",
    'param addressSpace string',
    ...(isFixed ? ['', fixedAddress(names)] : []),
    '',
    virtualNetwork(names, half, isFixed),
    ...(endpoints.length === 0 ? [] : ['', privateLinks(endpoints, zones)]),
    ...(isFixed
      ? [
          '',
          "@description('The address that other systems see for the apps.')",
          'output fixedAddress string = address.properties.ipAddress',
        ]
      : []),
    '',
  ].join('\n');
}

const fixedAddress = ({ network }: SharedNames) => `resource address 'Microsoft.Network/publicIPAddresses@2025-07-01' = {
  name: 'ip-${network}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource addressLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'keep'
  scope: address
  properties: {
    level: 'CanNotDelete'
    notes: 'Firewalls elsewhere know this address.'
  }
}

resource nat 'Microsoft.Network/natGateways@2025-07-01' = {
  name: 'nat-${network}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [
      {
        id: address.id
      }
    ]
  }
}`;

const virtualNetwork = (
  { network }: SharedNames,
  half: number,
  isFixed: boolean,
) => `resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: '${network}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressSpace
      ]
    }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, ${half}, 0)
          delegations: [
            {
              name: 'apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]${
            isFixed
              ? `
          natGateway: {
            id: nat.id
          }`
              : ''
          }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, ${half}, 1)
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}`;

function privateLinks(endpoints: readonly Endpoint[], zones: readonly string[]): string {
  const all = endpoints.map((one) => ({
    name: one.name,
    service: one.service,
    subscription: one.subscription,
    group: one.resourceGroup,
    type: one.type,
    of: one.of,
    zone: zones.indexOf(one.zone),
    asked: one.isAsked,
  }));
  return `var zoneNames = ${toBicep(zones.map(expression))}

var links = ${toBicep(all)}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zoneNames: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource zonesOfNetwork 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for at in range(0, length(zoneNames)): {
    parent: zones[at]
    name: network.name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      // Names that are missing in this zone are looked up outside, because accounts of others have endpoints in their own networks.
      resolutionPolicy: 'NxDomainRedirect'
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

var connections = [
  for link in links: {
    name: link.name
    properties: {
      privateLinkServiceId: resourceId(link.subscription, link.group, link.type, link.of)
      groupIds: [
        link.service
      ]
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2025-07-01' = [
  for (link, at) in links: {
    name: link.name
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::endpointsSubnet.id
      }
      // The owner of the resource approves a requested endpoint, not the person who deploys.
      privateLinkServiceConnections: link.asked ? [] : [connections[at]]
      manualPrivateLinkServiceConnections: link.asked ? [connections[at]] : []
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-07-01' = [
  for (link, at) in links: {
    parent: endpoints[at]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: link.service
          properties: {
            privateDnsZoneId: zones[link.zone].id
          }
        }
      ]
    }
  }
]`;
}
