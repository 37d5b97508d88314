// Rights in lake: existing rights stay unchanged.

@description('The principal of id-hafen-o-brie-crews-ioalogeu.')
param crews string

@description('The principal of id-hafen-o-brie-ships-qguuc1a0.')
param ships string

var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

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

// Storage Blob Data Contributor, for the store of ships.calls, the store of ships.berths, below ships/
resource shipsToHarbourlakeRaw 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(harbourlakeRaw.id, ships, blobDataContributor)
  scope: harbourlakeRaw
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: ships
    principalType: 'ServicePrincipal'
    condition: '((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'}) AND !(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action\'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringEquals \'ships\' OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringStartsWith \'ships/\')) AND ((!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read\'} AND SubOperationMatches{\'Blob.List\'})) OR (@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringEquals \'ships\' OR @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith \'ships/\'))'
    conditionVersion: '2.0'
  }
}
