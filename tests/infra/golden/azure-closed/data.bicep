// The resources that hold data: storage, vault and logs. hygge never deletes them, and locks keep others from deleting them by mistake.

// The config, which all apps read.
var configName = 'hghafenobrciy6kz1ki5wyd'

// One storage for each app.
var storageNames = [
  'hgcrewsioalogeu6drg'
  'hgshipsqguuc1a0vc19'
]

var vaultName = 'kv-hafen-o-br-iy6kz1ki'
var logsName = 'logs-hafen-o-br-iy6kz1ki'

param location string
param tags {
  *: string
}

@description('Days that logs are kept.')
param keepLogs int

@description('Copies of the stored data: in three zones of the region (Standard_ZRS), or in one (Standard_LRS).')
param storageSku string

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = [
  for name in concat([configName], storageNames): {
    name: name
    location: location
    tags: tags
    kind: 'StorageV2'
    sku: {
      name: storageSku
    }
    properties: {
      accessTier: 'Hot'
      allowBlobPublicAccess: false
      allowCrossTenantReplication: false
      // Keys are disabled, so that only identities with a role can sign in.
      allowSharedKeyAccess: false
      defaultToOAuthAuthentication: true
      minimumTlsVersion: 'TLS1_2'
      supportsHttpsTrafficOnly: true
      publicNetworkAccess: 'Disabled'
      networkAcls: {
        defaultAction: 'Deny'
        bypass: 'None'
      }
    }
  }
]

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = [
  for at in range(0, length(storageNames) + 1): {
    parent: storage[at]
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: true
        days: 7
      }
    }
  }
]

resource configContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs[0]
  name: 'hygge-config'
}

// The packages of the apps.
resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for at in range(1, length(storageNames)): {
    parent: blobs[at]
    name: 'hygge-deployment'
  }
]

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: 'disabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'None'
    }
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: logsName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: keepLogs
    features: {
      disableLocalAuth: true
    }
  }
}

resource storageLocks 'Microsoft.Authorization/locks@2020-05-01' = [
  for at in range(0, length(storageNames) + 1): {
    name: 'keep'
    scope: storage[at]
    properties: {
      level: 'CanNotDelete'
      notes: 'State, config and runs of hygge.'
    }
  }
]

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Secrets of hygge.'
  }
}

resource logsLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'keep'
  scope: logs
  properties: {
    level: 'CanNotDelete'
    notes: 'Logs of hygge.'
  }
}
