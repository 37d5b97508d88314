// Rights in harbour(prod): existing rights stay unchanged.

@description('The principal of id-hafen-o-brie-crews-ioalogeu.')
param crews string

@description('The principal of id-hafen-o-brie-ships-qguuc1a0.')
param ships string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource harbourstateAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: 'harbourstate'
}

resource harbourstateBlobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: harbourstateAccount
  name: 'default'
}

resource harbourstateHyggeState 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: harbourstateBlobServices
  name: 'hygge-state'
}

// Storage Blob Data Contributor, for the state of crews
resource crewsToHarbourstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHyggeState.id, crews, blobDataContributor)
  scope: harbourstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: crews
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of ships
resource shipsToHarbourstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHyggeState.id, ships, blobDataContributor)
  scope: harbourstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: ships
    principalType: 'ServicePrincipal'
  }
}

resource harbourstateTableServices 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' existing = {
  parent: harbourstateAccount
  name: 'default'
}

resource harbourstateHygge 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = {
  parent: harbourstateTableServices
  name: 'hygge'
}

// Storage Table Data Contributor, for the state of crews
resource crewsToHarbourstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHygge.id, crews, tableDataContributor)
  scope: harbourstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: crews
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of ships
resource shipsToHarbourstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHygge.id, ships, tableDataContributor)
  scope: harbourstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: ships
    principalType: 'ServicePrincipal'
  }
}
