// Rights in harbour(prod): existing rights stay unchanged.

@description('The principal of id-hafen-o-brie-crews-ioalogeu.')
param crews string

@description('The principal of id-hafen-o-brie-nightly-hggsrgqo.')
param nightly string

@description('The principal of id-hafen-o-brie-quoted-64v442jr.')
param quoted string

@description('The principal of id-hafen-o-brie-tides-i0dcbdjm.')
param tides string

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

// Storage Blob Data Contributor, for the state of after, the state of ships
resource nightlyToHarbourstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHyggeState.id, nightly, blobDataContributor)
  scope: harbourstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of quoted
resource quotedToHarbourstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHyggeState.id, quoted, blobDataContributor)
  scope: harbourstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: quoted
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the state of tides
resource tidesToHarbourstateHyggeState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHyggeState.id, tides, blobDataContributor)
  scope: harbourstateHyggeState
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: tides
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

// Storage Table Data Contributor, for the state of after, the state of ships
resource nightlyToHarbourstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHygge.id, nightly, tableDataContributor)
  scope: harbourstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of quoted
resource quotedToHarbourstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHygge.id, quoted, tableDataContributor)
  scope: harbourstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: quoted
    principalType: 'ServicePrincipal'
  }
}

// Storage Table Data Contributor, for the state of tides
resource tidesToHarbourstateHygge 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourstateHygge.id, tides, tableDataContributor)
  scope: harbourstateHygge
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: tides
    principalType: 'ServicePrincipal'
  }
}
