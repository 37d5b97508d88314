// Rights in partner: existing rights stay unchanged.

@description('The principal of id-northwind-partner-lgeyys0h.')
param partner string

var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

resource partnerAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: 'partner'
}

resource partnerBlobServices 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: partnerAccount
  name: 'default'
}

resource partnerIncoming 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: partnerBlobServices
  name: 'incoming'
}

// Storage Blob Data Reader, for the home of partner.partner
resource partnerToPartnerIncoming 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(partnerIncoming.id, partner, blobDataReader)
  scope: partnerIncoming
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
    principalId: partner
    principalType: 'ServicePrincipal'
  }
}
