// The apps of northwind: each with an identity of its own, and the rights of that identity.

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
  name: 'logs-northwind-8nmpklp2'
}

resource alerts 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alert)) {
  name: 'alerts-northwind-8nmpklp2'
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

// cold_store
resource coldStoreIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-cold-store-pnjdkcdw'
  location: location
  tags: tags
}

module coldStoreApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-cold-store-pnjdkcdw'
      plan: 'plan-northwind-cold-store-pnjdkcdw'
      insights: 'insights-northwind-cold-store-pnjdkcdw'
    }
    identity: {
      id: coldStoreIdentity.id
      clientId: coldStoreIdentity.properties.clientId
      principalId: coldStoreIdentity.properties.principalId
    }
    storageName: 'hgcoldstorepnjdkcdw1ifd'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'cold_store'
      AzureFunctionsWebHost__hostid: 'cold-store-pnjdkcdw1i'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwindaf2eb1a7d2'
      COLD_FOLDER: 'archive'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// erp
resource erpIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-erp-y16qdw3h'
  location: location
  tags: tags
}

module erpApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-erp-y16qdw3h'
      plan: 'plan-northwind-erp-y16qdw3h'
      insights: 'insights-northwind-erp-y16qdw3h'
    }
    identity: {
      id: erpIdentity.id
      clientId: erpIdentity.properties.clientId
      principalId: erpIdentity.properties.principalId
    }
    storageName: 'hgerpy16qdw3hrf9a'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'erp'
      AzureFunctionsWebHost__hostid: 'erp-y16qdw3hrf'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwind6309f02619'
      ERP_SCHEDULE: '0 30 4 * * *'
    }
    secrets: [
      {
        setting: 'PG_PASSWORD'
        name: 'PG-PASSWORD'
      }
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: [
      {
        name: 'unseen-erp'
        description: 'A scheduled run of erp is missing.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where timestamp > ago(1470m) and e.event == "run_start" and e.flow == "erp"'
        window: 'P2D'
        every: 'PT1H'
        operator: 'LessThan'
        threshold: 1
      }
      {
        name: 'slow-erp'
        description: 'A run of erp took longer than the time between two scheduled runs.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where e.event == "summary" and e.flow == "erp" and todouble(e.seconds) > 86400'
        window: 'PT1H'
        every: 'PT1H'
        operator: 'GreaterThan'
        threshold: 0
      }
    ]
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// fabric
resource fabricIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-fabric-5av4uv4t'
  location: location
  tags: tags
}

module fabricApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-fabric-5av4uv4t'
      plan: 'plan-northwind-fabric-5av4uv4t'
      insights: 'insights-northwind-fabric-5av4uv4t'
    }
    identity: {
      id: fabricIdentity.id
      clientId: fabricIdentity.properties.clientId
      principalId: fabricIdentity.properties.principalId
    }
    storageName: 'hgfabric5av4uv4to4io'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'fabric'
      AzureFunctionsWebHost__hostid: 'fabric-5av4uv4to4'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwind400a7cf0be'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// from-gcs
resource fromGcsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-from-gcs-ep2pknuq'
  location: location
  tags: tags
}

module fromGcsApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-from-gcs-ep2pknuq'
      plan: 'plan-northwind-from-gcs-ep2pknuq'
      insights: 'insights-northwind-from-gcs-ep2pknuq'
    }
    identity: {
      id: fromGcsIdentity.id
      clientId: fromGcsIdentity.properties.clientId
      principalId: fromGcsIdentity.properties.principalId
    }
    storageName: 'hgfromgcsep2pknuqaugf'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'from-gcs'
      AzureFunctionsWebHost__hostid: 'from-gcs-ep2pknuqau'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwindaca583c9c2'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// from-s3
resource fromS3Identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-from-s3-mdr17606'
  location: location
  tags: tags
}

module fromS3App 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-from-s3-mdr17606'
      plan: 'plan-northwind-from-s3-mdr17606'
      insights: 'insights-northwind-from-s3-mdr17606'
    }
    identity: {
      id: fromS3Identity.id
      clientId: fromS3Identity.properties.clientId
      principalId: fromS3Identity.properties.principalId
    }
    storageName: 'hgfroms3mdr17606tgxx'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'from-s3'
      AzureFunctionsWebHost__hostid: 'from-s3-mdr17606tg'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwind1a4a853f30'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: [
      {
        name: 'unseen-from-s3'
        description: 'A scheduled run of from-s3 is missing.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where timestamp > ago(45m) and e.event == "run_start" and e.flow == "from-s3"'
        window: 'PT1H'
        every: 'PT1H'
        operator: 'LessThan'
        threshold: 1
      }
      {
        name: 'slow-from-s3'
        description: 'A run of from-s3 took longer than the time between two scheduled runs.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where e.event == "summary" and e.flow == "from-s3" and todouble(e.seconds) > 900'
        window: 'PT1H'
        every: 'PT1H'
        operator: 'GreaterThan'
        threshold: 0
      }
    ]
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// keyed
resource keyedIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-keyed-vlvxzt30'
  location: location
  tags: tags
}

module keyedApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-keyed-vlvxzt30'
      plan: 'plan-northwind-keyed-vlvxzt30'
      insights: 'insights-northwind-keyed-vlvxzt30'
    }
    identity: {
      id: keyedIdentity.id
      clientId: keyedIdentity.properties.clientId
      principalId: keyedIdentity.properties.principalId
    }
    storageName: 'hgkeyedvlvxzt30xpwi'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'keyed'
      AzureFunctionsWebHost__hostid: 'keyed-vlvxzt30xp'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwindf0e1e7aad7'
    }
    secrets: [
      {
        setting: 'OUTSIDE_SAS'
        name: 'OUTSIDE-SAS'
      }
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// nightly: crm, finance
resource nightlyIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-nightly-un5jd1wm'
  location: location
  tags: tags
}

module nightlyApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-nightly-un5jd1wm'
      plan: 'plan-northwind-nightly-un5jd1wm'
      insights: 'insights-northwind-nightly-un5jd1wm'
    }
    identity: {
      id: nightlyIdentity.id
      clientId: nightlyIdentity.properties.clientId
      principalId: nightlyIdentity.properties.principalId
    }
    storageName: 'hgnightlyun5jd1wm0ec0'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'crm,finance'
      AzureFunctionsWebHost__hostid: 'nightly-un5jd1wm0e'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwind6022041ce2'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: [
      {
        name: 'unseen-crm'
        description: 'A scheduled run of crm is missing.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where timestamp > ago(1470m) and e.event == "run_start" and e.flow == "crm"'
        window: 'P2D'
        every: 'PT1H'
        operator: 'LessThan'
        threshold: 1
      }
      {
        name: 'slow-crm'
        description: 'A run of crm took longer than the time between two scheduled runs.'
        severity: 2
        query: 'traces | extend e = parse_json(message) | where e.event == "summary" and e.flow == "crm" and todouble(e.seconds) > 86400'
        window: 'PT1H'
        every: 'PT1H'
        operator: 'GreaterThan'
        threshold: 0
      }
    ]
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

// partner
resource partnerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-partner-lgeyys0h'
  location: location
  tags: tags
}

module partnerApp 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-partner-lgeyys0h'
      plan: 'plan-northwind-partner-lgeyys0h'
      insights: 'insights-northwind-partner-lgeyys0h'
    }
    identity: {
      id: partnerIdentity.id
      clientId: partnerIdentity.properties.clientId
      principalId: partnerIdentity.properties.principalId
    }
    storageName: 'hgpartnerlgeyys0hyh3s'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'partner'
      AzureFunctionsWebHost__hostid: 'partner-lgeyys0hyh'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwinde69b6292e1'
    }
    secrets: [
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
    rightsPartner
  ]
}

// to-s3
resource toS3Identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-northwind-to-s3-07tq9vwo'
  location: location
  tags: tags
}

module toS3App 'modules/app.bicep' = {
  params: {
    location: location
    tags: tags
    names: {
      site: 'northwind-to-s3-07tq9vwo'
      plan: 'plan-northwind-to-s3-07tq9vwo'
      insights: 'insights-northwind-to-s3-07tq9vwo'
    }
    identity: {
      id: toS3Identity.id
      clientId: toS3Identity.properties.clientId
      principalId: toS3Identity.properties.principalId
    }
    storageName: 'hgtos307tq9vwop78h'
    configName: 'hgnorthwinc8nmpklp26nt9'
    vaultName: 'kv-northwind-8nmpklp2'
    logsId: logs.id
    settings: {
      HYGGE_FLOWS: 'to-s3'
      AzureFunctionsWebHost__hostid: 'to-s3-07tq9vwop7'
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'northwind1e0c3fedc3'
    }
    secrets: [
      {
        setting: 'PARTNER_KEY'
        name: 'PARTNER-KEY'
      }
      {
        setting: 'TEAMS_WEBHOOK'
        name: 'TEAMS-WEBHOOK'
      }
    ]
    memory: memory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
    alerts: []
    actionGroupId: empty(alert) ? '' : alerts.id
    subnetId: ''
  }
  dependsOn: [
    rightsLake
    rightsNorthwindProd
  ]
}

module rightsLake 'modules/rights-lake.bicep' = {
  scope: resourceGroup('11111111-1111-1111-1111-111111111111', 'lake')
  params: {
    coldStore: coldStoreIdentity.properties.principalId
    erp: erpIdentity.properties.principalId
    fabric: fabricIdentity.properties.principalId
    fromGcs: fromGcsIdentity.properties.principalId
    fromS3: fromS3Identity.properties.principalId
    keyed: keyedIdentity.properties.principalId
    nightly: nightlyIdentity.properties.principalId
    partner: partnerIdentity.properties.principalId
    toS3: toS3Identity.properties.principalId
  }
}

module rightsNorthwindProd 'modules/rights-northwind-prod.bicep' = {
  scope: resourceGroup('11111111-1111-1111-1111-111111111111', 'northwind-prod')
  params: {
    coldStore: coldStoreIdentity.properties.principalId
    erp: erpIdentity.properties.principalId
    fabric: fabricIdentity.properties.principalId
    fromGcs: fromGcsIdentity.properties.principalId
    fromS3: fromS3Identity.properties.principalId
    keyed: keyedIdentity.properties.principalId
    nightly: nightlyIdentity.properties.principalId
    partner: partnerIdentity.properties.principalId
    toS3: toS3Identity.properties.principalId
  }
}

module rightsPartner 'modules/rights-partner.bicep' = {
  scope: resourceGroup('22222222-2222-2222-2222-222222222222', 'partner')
  params: {
    partner: partnerIdentity.properties.principalId
  }
}
