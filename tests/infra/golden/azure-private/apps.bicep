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
  }
  dependsOn: [
    rightsHarbourProd
    rightsLake
  ]
}

// nightly: after, ships
resource nightlyIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-hafen-o-brie-nightly-hggsrgqo'
  location: location
  tags: tags
}

module nightlyApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'hafen-o-brie-nightly-hggsrgqo'
      plan: 'plan-hafen-o-brie-nightly-hggsrgqo'
      insights: 'insights-hafen-o-brie-nightly-hggsrgqo'
    }
    identity: {
      id: nightlyIdentity.id
      clientId: nightlyIdentity.properties.clientId
      principalId: nightlyIdentity.properties.principalId
    }
    storageName: 'hgnightlyhggsrgqo4dpp'
    configName: 'hghafenobrciy6kz1ki5wyd'
    vaultName: 'kv-hafen-o-br-iy6kz1ki'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'after,ships'
      AzureFunctionsWebHost__hostid: 'nightly-hggsrgqo4d'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'HafenOBrien4bca0d5065'
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
  }
  dependsOn: [
    rightsHarbourProd
    rightsLake
  ]
}

// quoted
resource quotedIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-hafen-o-brie-quoted-64v442jr'
  location: location
  tags: tags
}

module quotedApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'hafen-o-brie-quoted-64v442jr'
      plan: 'plan-hafen-o-brie-quoted-64v442jr'
      insights: 'insights-hafen-o-brie-quoted-64v442jr'
    }
    identity: {
      id: quotedIdentity.id
      clientId: quotedIdentity.properties.clientId
      principalId: quotedIdentity.properties.principalId
    }
    storageName: 'hgquoted64v442jr3czu'
    configName: 'hghafenobrciy6kz1ki5wyd'
    vaultName: 'kv-hafen-o-br-iy6kz1ki'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'quoted'
      AzureFunctionsWebHost__hostid: 'quoted-64v442jr3c'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'HafenOBrieneec7b28543'
    }
    secrets: []
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: network::apps.id
  }
  dependsOn: [
    rightsHarbourProd
    rightsLake
  ]
}

// tides
resource tidesIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-hafen-o-brie-tides-i0dcbdjm'
  location: location
  tags: tags
}

module tidesApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'hafen-o-brie-tides-i0dcbdjm'
      plan: 'plan-hafen-o-brie-tides-i0dcbdjm'
      insights: 'insights-hafen-o-brie-tides-i0dcbdjm'
    }
    identity: {
      id: tidesIdentity.id
      clientId: tidesIdentity.properties.clientId
      principalId: tidesIdentity.properties.principalId
    }
    storageName: 'hgtidesi0dcbdjmocrv'
    configName: 'hghafenobrciy6kz1ki5wyd'
    vaultName: 'kv-hafen-o-br-iy6kz1ki'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'tides'
      AzureFunctionsWebHost__hostid: 'tides-i0dcbdjmoc'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'HafenOBrienbbda115234'
    }
    secrets: []
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: network::apps.id
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
    nightly: nightlyIdentity.properties.principalId
    quoted: quotedIdentity.properties.principalId
    tides: tidesIdentity.properties.principalId
  }
}

module rightsLake 'modules/rights-lake.bicep' = {
  scope: resourceGroup('33333333-3333-3333-3333-333333333333', 'lake')
  params: {
    crews: crewsIdentity.properties.principalId
    nightly: nightlyIdentity.properties.principalId
    quoted: quotedIdentity.properties.principalId
    tides: tidesIdentity.properties.principalId
  }
}
