import { ConfigError } from '../../src/errors/hygge-error.ts';
import type { Target } from '../../src/workspace/target/read.ts';
import { quoted } from '../../src/workspace/yaml/problems.ts';
import { whereIs } from '../../src/workspace/yaml/source.ts';
import type { Deployment } from '../deployment.ts';
import { endpointName, type SharedNames } from './names.ts';
import { bicep, comment, expression } from './text.ts';

/** Something of Azure's that the apps call by a private address. */
export interface Endpoint {
  readonly name: string;
  /** Its account or server. */
  readonly of: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly type: string;
  /** Which of its services, as a private link calls it. */
  readonly service: string;
  /** The zone that its private name is in, as Bicep. */
  readonly zone: string;
}

interface Linkable {
  readonly host: RegExp;
  readonly in: 'accounts' | 'servers';
  readonly type: string;
  readonly service: string;
  readonly zone: string;
}

const storage = (service: string): Linkable => ({
  host: new RegExp(`^([a-z0-9-]+)\\.${service}\\.core\\.windows\\.net$`),
  in: 'accounts',
  type: 'Microsoft.Storage/storageAccounts',
  service,
  zone: `'privatelink.${service}.\${environment().suffixes.storage}'`,
});

/** Names of services and zones: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const linkables: readonly Linkable[] = [
  storage('blob'),
  storage('dfs'),
  storage('table'),
  {
    host: /^([a-z0-9-]+)\.database\.windows\.net(?:[:,]|$)/,
    in: 'servers',
    type: 'Microsoft.Sql/servers',
    service: 'sqlServer',
    // The suffix begins with a dot.
    zone: `'privatelink\${environment().suffixes.sqlServerHostname}'`,
  },
  {
    host: /^([a-z0-9-]+)\.postgres\.database\.azure\.com(?:[:,]|$)/,
    in: 'servers',
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    service: 'postgresqlServer',
    zone: "'privatelink.postgres.database.azure.com'",
  },
];

/** The services that flows call and whose place the target knows. */
export function endpointsOf({ apps, target }: Deployment): readonly Endpoint[] {
  const { subscription: own } = target.settings;
  const hosts = new Set(apps.flatMap(({ needs }) => needs.flatMap(({ requirement: one }) => (one.need === 'host' ? [one.name] : []))));
  const found = [...hosts].flatMap((host) =>
    linkables.flatMap((one): readonly Endpoint[] => {
      const name = one.host.exec(host)?.[1];
      const place = name === undefined ? undefined : target.settings[one.in]?.[name];
      if (name === undefined || place === undefined) return [];
      const { subscription = own, resource_group: resourceGroup } = place;
      return [{ name: endpointName(name, one.service), of: name, subscription, resourceGroup, ...one }];
    }),
  );
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Servers that no flow calls, and those that nothing would lead to. */
export function wrongServers(deployment: Deployment): readonly ConfigError[] {
  const { target } = deployment;
  const named = Object.keys(target.settings.servers ?? {});
  const called = new Set(endpointsOf(deployment).map(({ of }) => of));
  return named.flatMap((name) => {
    const where = whereIs(target.spot('servers', name));
    if (target.settings.network === undefined) return [withoutNetwork(target, where)];
    if (called.has(name)) return [];
    return [
      new ConfigError({
        code: 'HYG-1118',
        what: `No flow calls a server of Azure SQL or PostgreSQL that is named ${quoted(name)}.`,
        why: ['A private endpoint is for the server of a connection: NAME.database.windows.net or NAME.postgres.database.azure.com.'],
        tryThis: ['Correct its name, or remove it.'],
        where,
      }),
    ];
  });
}

function withoutNetwork(target: Target, where: ReturnType<typeof whereIs>): ConfigError {
  return new ConfigError({
    code: 'HYG-1118',
    what: `${target.file} names servers for private endpoints, and no network that these would be in.`,
    tryThis: [`Add one to ${target.file}: \`network: { address_space: 10.20.0.0/24 }\``, 'Or remove `servers`.'],
    where,
  });
}

/** The template of the network; undefined: the target has none. */
export function networkTemplate(deployment: Deployment, names: SharedNames): string | undefined {
  const { network } = deployment.target.settings;
  if (network === undefined) return undefined;
  const { address_space: space, fixed_address: isFixed = true } = network;
  const endpoints = endpointsOf(deployment);
  const zones = [...new Set(endpoints.map(({ zone }) => zone))].sort();
  const half = Number(space.split('/')[1]) + 1;
  return [
    comment('The network of the apps. Firewalls elsewhere may know its address, so that it stays whatever becomes of the apps.'),
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
      ? ['', "@description('What others see as the address of the apps.')", 'output fixedAddress string = address.properties.ipAddress']
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
  }));
  return `var zoneNames = ${bicep(zones.map(expression))}

var links = ${bicep(all)}

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
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2025-07-01' = [
  for link in links: {
    name: link.name
    location: location
    tags: tags
    properties: {
      subnet: {
        id: network::endpointsSubnet.id
      }
      privateLinkServiceConnections: [
        {
          name: link.name
          properties: {
            privateLinkServiceId: resourceId(link.subscription, link.group, link.type, link.of)
            groupIds: [
              link.service
            ]
          }
        }
      ]
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
