/** Values that the compiler does not check, as the documents have them. */
export interface Allowed {
  readonly type: string;
  /** Keys from the resource down. */
  readonly path: string;
  readonly values: readonly unknown[];
  readonly document: string;
}

const flex = 'https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan';
const site = 'https://learn.microsoft.com/azure/templates/microsoft.web/sites';
const storage = 'https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts';
const rules = 'https://learn.microsoft.com/azure/templates/microsoft.insights/scheduledqueryrules';

const of = (type: string, document: string, values: Readonly<Record<string, readonly unknown[]>>): readonly Allowed[] =>
  Object.entries(values).map(([path, values]) => ({ type, path, values, document }));

export const allowedValues: readonly Allowed[] = [
  ...of('Microsoft.Web/serverfarms', flex, {
    'sku.name': ['FC1'],
    'sku.tier': ['FlexConsumption'],
    'properties.reserved': [true],
    kind: ['functionapp'],
  }),
  ...of('Microsoft.Web/sites', flex, {
    'properties.functionAppConfig.deployment.storage.type': ['blobContainer'],
    'properties.functionAppConfig.deployment.storage.authentication.type': ['UserAssignedIdentity'],
    'properties.functionAppConfig.runtime.name': ['node'],
    'properties.functionAppConfig.runtime.version': ['22', '24'],
    'properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB': [512, 2048, 4096],
  }),
  ...of('Microsoft.Web/sites', site, {
    kind: ['functionapp,linux'],
    'identity.type': ['UserAssigned'],
    'properties.httpsOnly': [true],
    'properties.siteConfig.minTlsVersion': ['1.2', '1.3'],
    'properties.siteConfig.ftpsState': ['Disabled'],
  }),
  ...of('Microsoft.Web/sites/basicPublishingCredentialsPolicies', site, { 'properties.allow': [false] }),
  ...of('Microsoft.Storage/storageAccounts', storage, {
    'properties.allowSharedKeyAccess': [false],
    'properties.allowBlobPublicAccess': [false],
    'properties.minimumTlsVersion': ['TLS1_2', 'TLS1_3'],
    'properties.supportsHttpsTrafficOnly': [true],
    'sku.name': ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS'],
    kind: ['StorageV2'],
  }),
  ...of('Microsoft.Authorization/locks', 'https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources', {
    'properties.level': ['CanNotDelete'],
  }),
  ...of('Microsoft.Insights/scheduledQueryRules', rules, {
    'properties.severity': [0, 1, 2, 3, 4],
    'properties.windowSize': ['PT5M', 'PT10M', 'PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D', 'P2D'],
    'properties.evaluationFrequency': ['PT5M', 'PT10M', 'PT15M', 'PT30M', 'PT1H'],
  }),
  ...of('Microsoft.Network/publicIPAddresses', 'https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource', {
    'sku.name': ['Standard'],
    'properties.publicIPAllocationMethod': ['Static'],
    'properties.publicIPAddressVersion': ['IPv4'],
  }),
  ...of('Microsoft.Network/natGateways', 'https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource', {
    'sku.name': ['Standard'],
    'properties.idleTimeoutInMinutes': [4],
  }),
  ...of('Microsoft.Network/virtualNetworks', 'https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to', {
    'properties.subnets.0.name': ['apps'],
    'properties.subnets.0.properties.delegations.0.properties.serviceName': ['Microsoft.App/environments'],
  }),
  ...of('Microsoft.Network/privateEndpoints', 'https://learn.microsoft.com/azure/private-link/private-endpoint-overview', {
    'properties.privateLinkServiceConnections.0.properties.groupIds.0': ['blob', 'dfs', 'table', 'sqlServer', 'postgresqlServer'],
  }),
  ...of('Microsoft.Network/privateDnsZones/virtualNetworkLinks', 'https://learn.microsoft.com/azure/dns/private-dns-fallback', {
    'properties.resolutionPolicy': ['NxDomainRedirect'],
  }),
  ...of('Microsoft.Network/privateDnsZones', 'https://learn.microsoft.com/azure/dns/private-dns-overview', { location: ['global'] }),
  ...of(
    'Microsoft.Authorization/roleAssignments',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template',
    {
      'properties.principalType': ['ServicePrincipal'],
    },
  ),
];
