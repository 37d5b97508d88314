// An app, and all that is its own: log, plan, rights, settings, alerts. Nothing here holds data; that is in data.bicep.

param location string
param tags {
  *: string
}

@description('Names of the app and of its parts.')
param names {
  site: string
  plan: string
  insights: string
}

@description('The identity of the app.')
param identity {
  id: string
  clientId: string
  principalId: string
}

@description('Storage of the platform and of orchestrations, which no other app has.')
param storageName string

@description('Storage of the config, which all apps read.')
param configName string

@description('The vault of the secrets.')
param vaultName string

@description('The workspace that logs go to.')
param logsId string

@description('Settings whose values anyone may read.')
param settings {
  *: string
}

@description('Settings whose values are secrets, and the names of those secrets in the vault.')
param secrets {
  setting: string
  name: string
}[]

@description('Megabytes of an instance.')
param memory int
param maxInstances int
param alwaysReady int

@description('The queries of the log for the flows of this app.')
param alerts {
  name: string
  description: string
  severity: int
  query: string
  window: string
  every: string
  operator: string
  threshold: int
}[]

@description('The group that gets alerts; empty: no alerts.')
param actionGroupId string

@description('The subnet that the app calls from; empty: the app has none.')
param subnetId string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource config 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: configName
}

resource configBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: config
  name: 'default'
}

resource configContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: configBlobs
  name: 'hygge-config'
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource vaultSecrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = [
  for secret in secrets: {
    parent: vault
    name: secret.name
  }
]

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

// Orchestrations create their own queues, tables and containers, so these three roles are on the whole account.
resource storageRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.blobOwner, roles.queueContributor, roles.tableContributor]: {
    name: guid(storage.id, identity.principalId, role)
    scope: storage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource configRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(configContainer.id, identity.principalId, roles.blobReader)
  scope: configContainer
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobReader)
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Each secret has its own right, because an app must not read secrets of another app.
resource secretRights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (secret, at) in secrets: {
    name: guid(vaultSecrets[at].id, identity.principalId, roles.secretsUser)
    scope: vaultSecrets[at]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: names.insights
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logsId
    DisableLocalAuth: true
  }
}

resource insightsRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.principalId, roles.metricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: names.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: names.site
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    // Without it, references to the vault are looked up as an identity that this app does not have.
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}hygge-deployment'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'node'
        version: '22'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: memory
        maximumInstanceCount: maxInstances
        alwaysReady: alwaysReady == 0
          ? []
          : [
              {
                name: 'durable'
                instanceCount: alwaysReady
              }
            ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat(
        [
          {
            name: 'AzureWebJobsStorage__accountName'
            value: storage.name
          }
          {
            name: 'AzureWebJobsStorage__credential'
            value: 'managedidentity'
          }
          {
            name: 'AzureWebJobsStorage__clientId'
            value: identity.clientId
          }
          {
            name: 'AZURE_CLIENT_ID'
            value: identity.clientId
          }
          {
            name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
            value: insights.properties.ConnectionString
          }
          {
            name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
            value: 'ClientId=${identity.clientId};Authorization=AAD'
          }
          {
            name: 'HYGGE_CONFIG'
            value: '${config.properties.primaryEndpoints.blob}hygge-config'
          }
        ],
        map(items(settings), one => {
          name: one.key
          value: one.value
        }),
        map(secrets, one => {
          name: one.setting
          value: '@Microsoft.KeyVault(VaultName=${vault.name};SecretName=${one.name})'
        })
      )
    }
  }
  // An app that starts before it has its rights stays broken until a person restarts the app.
  dependsOn: [
    storageRights
    configRight
    secretRights
    insightsRight
  ]

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

// Events are lines of JSON. These two are asked for every app.
var events = 'traces | extend e = parse_json(message)'
var always = [
  {
    // If a comparison after a commit fails, no event entity_done follows, because the run of the entity has already ended.
    name: 'failed'
    description: 'An entity failed, or a comparison with its source did.'
    severity: 1
    query: '${events} | extend code = coalesce(tostring(e.error.code), tostring(e.code)) | where (e.event == "entity_done" and e.status == "error") or (e.event == "error" and code in ("HYG-2095", "HYG-2096", "HYG-2147")) | project timestamp, flow = tostring(e.flow), entity = tostring(e.entity), code'
    window: 'PT15M'
    every: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'refused'
    description: 'A system rejects the app: check its rights, secrets and firewall.'
    severity: 1
    query: '${events} | extend code = coalesce(tostring(e.error.code), tostring(e.code)) | where code in ("HYG-6401", "HYG-6402", "HYG-6502") | project timestamp, flow = tostring(e.flow), entity = tostring(e.entity), code'
    window: 'PT15M'
    every: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in concat(always, alerts): if (!empty(actionGroupId)) {
    name: '${names.site}-${alert.name}'
    location: location
    tags: tags
    properties: {
      displayName: '${names.site}: ${alert.description}'
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [
        insights.id
      ]
      evaluationFrequency: alert.every
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      // The log of an app that has not run yet does not know the columns of its events.
      skipQueryValidation: true
      autoMitigate: true
      actions: {
        actionGroups: [
          actionGroupId
        ]
      }
    }
  }
]

output site string = app.properties.defaultHostName
