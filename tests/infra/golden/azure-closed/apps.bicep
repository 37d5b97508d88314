// The apps of Hafen O'Brien: each with an identity of its own, and the rights of that identity.

// A right is named after scope, principal and role, so a new identity with an old name gets new rights. The principal is known at run time.
#disable-diagnostics what-if-short-circuiting

param location string
param tags {
  *: string
}

@description('Megabytes of an instance.')
param memory int
param maxInstances int

@description('How many instances are always kept warm, and paid for.')
param alwaysReady int

@description('Who gets a message when a load fails, is late or did not happen.')
param alert string[]

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: 'logs-hafen-o-br-iy6kz1ki'
}

resource alerts 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alert)) {
  name: 'alerts-hafen-o-br-iy6kz1ki'
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
}

resource network 'Microsoft.Network/virtualNetworks@2025-07-01' existing = {
  name: 'net-hafen-o-br-iy6kz1ki'

  resource apps 'subnets' existing = {
    name: 'apps'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

// crews
resource crewsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-hafen-o-brie-crews-ioalogeu'
  location: location
  tags: tags
}

module crewsApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'hafen-o-brie-crews-ioalogeu'
      plan: 'plan-hafen-o-brie-crews-ioalogeu'
      insights: 'insights-hafen-o-brie-crews-ioalogeu'
    }
    identity: {
      id: crewsIdentity.id
      clientId: crewsIdentity.properties.clientId
      principalId: crewsIdentity.properties.principalId
    }
    storageName: 'hgcrewsioalogeu6drg'
    configName: 'hghafenobrciy6kz1ki5wyd'
    vaultName: 'kv-hafen-o-br-iy6kz1ki'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'crews'
      AzureFunctionsWebHost__hostid: 'crews-ioalogeu6d'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'HafenOBrien55112d3b7a'
    }
    secrets: []
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: network::apps.id
    endpointsSubnetId: network::endpoints.id
    sitesZoneId: resourceId('Microsoft.Network/privateDnsZones', 'privatelink.azurewebsites.net')
  }
  dependsOn: [
    rightsHarbourProd
    rightsLake
  ]
}

// ships
resource shipsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-hafen-o-brie-ships-qguuc1a0'
  location: location
  tags: tags
}

module shipsApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'hafen-o-brie-ships-qguuc1a0'
      plan: 'plan-hafen-o-brie-ships-qguuc1a0'
      insights: 'insights-hafen-o-brie-ships-qguuc1a0'
    }
    identity: {
      id: shipsIdentity.id
      clientId: shipsIdentity.properties.clientId
      principalId: shipsIdentity.properties.principalId
    }
    storageName: 'hgshipsqguuc1a0vc19'
    configName: 'hghafenobrciy6kz1ki5wyd'
    vaultName: 'kv-hafen-o-br-iy6kz1ki'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'ships'
      AzureFunctionsWebHost__hostid: 'ships-qguuc1a0vc'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'HafenOBrienebbd9bf50c'
    }
    secrets: [
      {
        setting: 'PG_PASSWORD'
        name: 'PG-PASSWORD'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: [
      {
        name: 'unseen-ships'
        description: 'A scheduled run of ships is missing.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where timestamp > ago(1470m) and e.event == "run_start" and e.flow == "ships"'
        window: 'P2D'
        every: 'PT1H'
        operator: 'LessThan'
        threshold: 1
      }
      {
        name: 'slow-ships'
        description: 'A run of ships took longer than the time between two scheduled runs.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where e.event == "summary" and e.flow == "ships" and todouble(e.seconds) > 86400'
        window: 'PT1H'
        every: 'PT1H'
        operator: 'GreaterThan'
        threshold: 0
      }
    ]
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: network::apps.id
    endpointsSubnetId: network::endpoints.id
    sitesZoneId: resourceId('Microsoft.Network/privateDnsZones', 'privatelink.azurewebsites.net')
  }
  dependsOn: [
    rightsHarbourProd
    rightsLake
  ]
}

module rightsHarbourProd 'modules/rights-harbour-prod.bicep' = {
  scope: resourceGroup('33333333-3333-3333-3333-333333333333', 'harbour(prod)')
  params: {
    crews: crewsIdentity.properties.principalId
    ships: shipsIdentity.properties.principalId
  }
}

module rightsLake 'modules/rights-lake.bicep' = {
  scope: resourceGroup('33333333-3333-3333-3333-333333333333', 'lake')
  params: {
    crews: crewsIdentity.properties.principalId
    ships: shipsIdentity.properties.principalId
  }
}
