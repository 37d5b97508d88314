// Rights in northwind-prod: existing rights stay unchanged.

@description('The principal of id-northwind-cold-store-pnjdkcdw.')
param coldStore string

@description('The principal of id-northwind-erp-y16qdw3h.')
param erp string

@description('The principal of id-northwind-fabric-5av4uv4t.')
param fabric string

@description('The principal of id-northwind-from-gcs-ep2pknuq.')
param fromGcs string

@description('The principal of id-northwind-from-s3-mdr17606.')
param fromS3 string

@description('The principal of id-northwind-keyed-vlvxzt30.')
param keyed string

@description('The principal of id-northwind-nightly-un5jd1wm.')
param nightly string

@description('The principal of id-northwind-partner-lgeyys0h.')
param partner string

@description('The principal of id-northwind-to-s3-07tq9vwo.')
param toS3 string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource northwindstateAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: 'northwindstate'
}

resource northwindstateBlobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: northwindstateAccount
  name: 'default'
}

resource northwindstateHyggeState 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindstateBlobServices
  name: 'hygge-state'
}

// Storage Blob Data Contributor, for the state of cold_store
resource coldStoreToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, coldStore, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: coldStore
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of erp
resource erpToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, erp, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: erp
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of fabric
resource fabricToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, fabric, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fabric
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of from-gcs
resource fromGcsToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, fromGcs, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromGcs
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of from-s3
resource fromS3ToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, fromS3, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromS3
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of keyed
resource keyedToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, keyed, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: keyed
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of crm, the state of finance
resource nightlyToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, nightly, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of partner
resource partnerToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, partner, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: partner
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of to-s3
resource toS3ToNorthwindstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHyggeState.id, toS3, blobDataContributor)
  scope: northwindstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: toS3
    principalType: 'ServicePrincipal'
  }
}

resource northwindstateTableServices 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' existing = {
  parent: northwindstateAccount
  name: 'default'
}

resource northwindstateHygge 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = {
  parent: northwindstateTableServices
  name: 'hygge'
}

// Storage Table Data Contributor, for the state of cold_store
resource coldStoreToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, coldStore, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: coldStore
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of erp
resource erpToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, erp, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: erp
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of fabric
resource fabricToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, fabric, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: fabric
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of from-gcs
resource fromGcsToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, fromGcs, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: fromGcs
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of from-s3
resource fromS3ToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, fromS3, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: fromS3
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of keyed
resource keyedToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, keyed, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: keyed
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of crm, the state of finance
resource nightlyToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, nightly, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of partner
resource partnerToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, partner, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: partner
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of to-s3
resource toS3ToNorthwindstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindstateHygge.id, toS3, tableDataContributor)
  scope: northwindstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: toS3
    principalType: 'ServicePrincipal'
  }
}
