// The network of the apps. Firewalls elsewhere may allow its address, so the address stays even if the apps are removed.

param location string
param tags {
  *: string
}

@description('Addresses of the network: the first half are for the apps, the second for private endpoints.')
param addressSpace string

resource address 'Microsoft.Network/publicIPAddresses@2025-07-01' = {
  name: 'ip-net-hafen-o-br-iy6kz1ki'
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
  name: 'nat-net-hafen-o-br-iy6kz1ki'
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
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' = {
  name: 'net-hafen-o-br-iy6kz1ki'
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
          addressPrefix: cidrSubnet(addressSpace, 25, 0)
          delegations: [
            {
              name: 'apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          natGateway: {
            id: nat.id
          }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 25, 1)
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

var zoneNames = [
  'privatelink${environment().suffixes.sqlServerHostname}'
  'privatelink.azurewebsites.net'
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.dfs.${environment().suffixes.storage}'
  'privatelink.postgres.database.azure.com'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
]

var links = [
  {
    name: 'pe-harbour-postgresqlserver-chadyr'
    service: 'postgresqlServer'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'databases'
    type: 'Microsoft.DBforPostgreSQL/flexibleServers'
    of: 'harbour'
    zone: 4
    asked: false
  }
  {
    name: 'pe-harbour-sqlserver-yid481'
    service: 'sqlServer'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'databases'
    type: 'Microsoft.Sql/servers'
    of: 'harbour'
    zone: 0
    asked: false
  }
  {
    name: 'pe-harbourlake-blob-7xb2wy'
    service: 'blob'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'lake'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'harbourlake'
    zone: 2
    asked: false
  }
  {
    name: 'pe-harbourlake-dfs-xtjvln'
    service: 'dfs'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'lake'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'harbourlake'
    zone: 3
    asked: false
  }
  {
    name: 'pe-harbourstate-blob-5p6lai'
    service: 'blob'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'harbourstate'
    zone: 2
    asked: false
  }
  {
    name: 'pe-harbourstate-table-eciti6'
    service: 'table'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'harbourstate'
    zone: 6
    asked: false
  }
  {
    name: 'pe-hgcrewsioalogeu6drg-blob-91bsuz'
    service: 'blob'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgcrewsioalogeu6drg'
    zone: 2
    asked: false
  }
  {
    name: 'pe-hgcrewsioalogeu6drg-queue-10its2'
    service: 'queue'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgcrewsioalogeu6drg'
    zone: 5
    asked: false
  }
  {
    name: 'pe-hgcrewsioalogeu6drg-table-ruqrbg'
    service: 'table'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgcrewsioalogeu6drg'
    zone: 6
    asked: false
  }
  {
    name: 'pe-hghafenobrciy6kz1ki5wyd-blob-p2aqay'
    service: 'blob'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hghafenobrciy6kz1ki5wyd'
    zone: 2
    asked: false
  }
  {
    name: 'pe-hgshipsqguuc1a0vc19-blob-frttn6'
    service: 'blob'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgshipsqguuc1a0vc19'
    zone: 2
    asked: false
  }
  {
    name: 'pe-hgshipsqguuc1a0vc19-queue-qe4y62'
    service: 'queue'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgshipsqguuc1a0vc19'
    zone: 5
    asked: false
  }
  {
    name: 'pe-hgshipsqguuc1a0vc19-table-sws2ge'
    service: 'table'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.Storage/storageAccounts'
    of: 'hgshipsqguuc1a0vc19'
    zone: 6
    asked: false
  }
  {
    name: 'pe-kv-hafen-o-br-iy6kz1ki-vault-qx2m19'
    service: 'vault'
    subscription: '33333333-3333-3333-3333-333333333333'
    group: 'harbour(prod)'
    type: 'Microsoft.KeyVault/vaults'
    of: 'kv-hafen-o-br-iy6kz1ki'
    zone: 7
    asked: false
  }
]

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
]

@description('The address that other systems see for the apps.')
output fixedAddress string = address.properties.ipAddress
