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
  ...of(
    'Microsoft.Authorization/roleAssignments',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template',
    {
      'properties.principalType': ['ServicePrincipal'],
    },
  ),
];
