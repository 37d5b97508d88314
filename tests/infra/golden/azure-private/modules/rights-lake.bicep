// Rights in lake: existing rights stay unchanged.

@description('The principal of id-hafen-o-brie-crews-ioalogeu.')
param crews string

@description('The principal of id-hafen-o-brie-nightly-hggsrgqo.')
param nightly string

@description('The principal of id-hafen-o-brie-quoted-64v442jr.')
param quoted string

@description('The principal of id-hafen-o-brie-tides-i0dcbdjm.')
param tides string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

resource harbourlakeAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: 'harbourlake'
}

resource harbourlakeBlobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: harbourlakeAccount
  name: 'default'
}

resource harbourlakeCrews 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: harbourlakeBlobServices
  name: 'crews'
}

// Storage Blob Data Contributor, for the store of crews.shifts, below Löhne und Gehälter/
resource crewsToHarbourlakeCrews 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeCrews.id, crews, blobDataContributor)
  scope: harbourlakeCrews
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: crews
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'Löhne und Gehälter\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'Löhne und Gehälter/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'Löhne und Gehälter\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'Löhne und Gehälter/\'))'
    conditionVersion: '2.0'
  }
}

resource harbourlakeRaw 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: harbourlakeBlobServices
  name: 'raw'
}

// Storage Blob Data Contributor, for the store of after.after, the store of ships.calls, the store of ships.berths, below after/, ships/
resource nightlyToHarbourlakeRaw 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, nightly, blobDataContributor)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: nightly
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'after\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'after/\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'ships\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'ships/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'after\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'after/\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'ships\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'ships/\'))'
    conditionVersion: '2.0'
  }
}

// Storage Blob Data Contributor, for the store of quoted.quoted, below quoted/
resource quotedToHarbourlakeRaw 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, quoted, blobDataContributor)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: quoted
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'quoted\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'quoted/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'quoted\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'quoted/\'))'
    conditionVersion: '2.0'
  }
}

// Storage Blob Data Reader, for the home of quoted.quoted
resource quotedToHarbourlakeRaw2 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, quoted, blobDataReader)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: quoted
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor, for the store of tides.levels, below settled/tides/
resource tidesToHarbourlakeRaw 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, tides, blobDataContributor)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: tides
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'settled/tides\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'settled/tides/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'settled/tides\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'settled/tides/\'))'
    conditionVersion: '2.0'
  }
}

// Storage Blob Data Reader, for the home of tides.levels, below tides/
resource tidesToHarbourlakeRaw2 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, tides, blobDataReader)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: tides
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'tides\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'tides/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'tides\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'tides/\'))'
    conditionVersion: '2.0'
  }
}
