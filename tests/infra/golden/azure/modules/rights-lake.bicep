// Rights in lake: existing rights stay unchanged.

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
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

resource northwindAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: 'northwind'
}

resource northwindBlobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: northwindAccount
  name: 'default'
}

resource northwindClicks 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'clicks'
}

// Storage Blob Data Contributor, for the store of from-gcs.from-gcs
resource fromGcsToNorthwindClicks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindClicks.id, fromGcs, blobDataContributor)
  scope: northwindClicks
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromGcs
    principalType: 'ServicePrincipal'
  }
}

resource northwindCold 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'cold'
}

// Storage Blob Data Reader, for the home of cold_store.cold_store
resource coldStoreToNorthwindCold 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindCold.id, coldStore, blobDataReader)
  scope: northwindCold
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: coldStore
    principalType: 'ServicePrincipal'
  }
}

resource northwindCrm 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'crm'
}

// Storage Blob Data Contributor, for the store of crm.Account, the store of crm.Contact
resource nightlyToNorthwindCrm 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindCrm.id, nightly, blobDataContributor)
  scope: northwindCrm
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

resource northwindErp 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'erp'
}

// Storage Blob Data Contributor, for the store of erp.orders, the store of erp.items
resource erpToNorthwindErp 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindErp.id, erp, blobDataContributor)
  scope: northwindErp
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: erp
    principalType: 'ServicePrincipal'
  }
}

resource northwindFinance 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'finance'
}

// Storage Blob Data Reader, for the home of fabric.fabric
resource fabricToNorthwindFinance 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindFinance.id, fabric, blobDataReader)
  scope: northwindFinance
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: fabric
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the store of finance.ledger
resource nightlyToNorthwindFinance 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindFinance.id, nightly, blobDataContributor)
  scope: northwindFinance
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

resource northwindKeyed 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'keyed'
}

// Storage Blob Data Contributor, for the store of keyed.keyed
resource keyedToNorthwindKeyed 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindKeyed.id, keyed, blobDataContributor)
  scope: northwindKeyed
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: keyed
    principalType: 'ServicePrincipal'
  }
}

resource northwindLanding 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'landing'
}

// Storage Blob Data Reader, for the home of crm.Account, the home of crm.Contact
resource nightlyToNorthwindLanding 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindLanding.id, nightly, blobDataReader)
  scope: northwindLanding
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

resource northwindOps 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'ops'
}

// Storage Blob Data Contributor, for the journal of cold_store
resource coldStoreToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, coldStore, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: coldStore
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of erp
resource erpToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, erp, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: erp
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of fabric
resource fabricToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, fabric, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fabric
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of from-gcs
resource fromGcsToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, fromGcs, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromGcs
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of from-s3
resource fromS3ToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, fromS3, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromS3
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of keyed
resource keyedToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, keyed, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: keyed
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of crm, the journal of finance
resource nightlyToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, nightly, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of partner
resource partnerToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, partner, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: partner
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the journal of to-s3
resource toS3ToNorthwindOps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindOps.id, toS3, blobDataContributor)
  scope: northwindOps
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: toS3
    principalType: 'ServicePrincipal'
  }
}

resource northwindPartner 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'partner'
}

// Storage Blob Data Contributor, for the store of partner.partner
resource partnerToNorthwindPartner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindPartner.id, partner, blobDataContributor)
  scope: northwindPartner
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: partner
    principalType: 'ServicePrincipal'
  }
}

resource northwindWarm 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'warm'
}

// Storage Blob Data Contributor, for the store of cold_store.cold_store
resource coldStoreToNorthwindWarm 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindWarm.id, coldStore, blobDataContributor)
  scope: northwindWarm
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: coldStore
    principalType: 'ServicePrincipal'
  }
}

resource northwindWeb 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: northwindBlobServices
  name: 'web'
}

// Storage Blob Data Contributor, for the store of from-s3.from-s3
resource fromS3ToNorthwindWeb 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindWeb.id, fromS3, blobDataContributor)
  scope: northwindWeb
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: fromS3
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Reader, for the home of to-s3.to-s3
resource toS3ToNorthwindWeb 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(northwindWeb.id, toS3, blobDataReader)
  scope: northwindWeb
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: toS3
    principalType: 'ServicePrincipal'
  }
}
