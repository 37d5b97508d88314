/**
 * What the published references of systems say of their entity sets, in our own words and as far as the tests need it: the name of the set, its type, its key,
 * and some properties with their types. Nothing is copied from a metadata document.
 */

export interface SetFacts {
  readonly set: string;
  readonly type: string;
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
}

const fact = (set: string, type: string, key: string, properties: Readonly<Record<string, string>>): SetFacts => ({
  set,
  type,
  key,
  properties,
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/<type>: EntitySetName, PrimaryIdAttribute, columns. Lookups are `_x_value`. */
const stamped = { modifiedon: 'Edm.DateTimeOffset', createdon: 'Edm.DateTimeOffset', versionnumber: 'Edm.Int64' };
export const dataverseFacts: readonly SetFacts[] = [
  fact('accounts', 'account', 'accountid', {
    ...stamped,
    ...{ name: 'Edm.String', _ownerid_value: 'Edm.Guid', exchangerate: 'Edm.Decimal', creditonhold: 'Edm.Boolean' },
  }),
  fact('contacts', 'contact', 'contactid', {
    ...stamped,
    fullname: 'Edm.String',
    birthdate: 'Edm.Date',
    _parentcustomerid_value: 'Edm.Guid',
  }),
  fact('leads', 'lead', 'leadid', { ...stamped, fullname: 'Edm.String' }),
  fact('opportunities', 'opportunity', 'opportunityid', { ...stamped, name: 'Edm.String', estimatedvalue: 'Edm.Decimal' }),
  fact('incidents', 'incident', 'incidentid', { ...stamped, title: 'Edm.String' }),
  fact('quotes', 'quote', 'quoteid', { ...stamped, name: 'Edm.String' }),
  fact('salesorders', 'salesorder', 'salesorderid', { ...stamped, name: 'Edm.String' }),
  fact('invoices', 'invoice', 'invoiceid', { ...stamped, name: 'Edm.String' }),
  fact('products', 'product', 'productid', { ...stamped, name: 'Edm.String' }),
  fact('transactioncurrencies', 'transactioncurrency', 'transactioncurrencyid', { ...stamped, exchangerate: 'Edm.Decimal' }),
  fact('systemusers', 'systemuser', 'systemuserid', { ...stamped, fullname: 'Edm.String' }),
  fact('teams', 'team', 'teamid', { ...stamped, name: 'Edm.String' }),
  fact('businessunits', 'businessunit', 'businessunitid', { ...stamped, name: 'Edm.String' }),
];

/** https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/resources/dynamics_<type> */
const changed = { lastModifiedDateTime: 'Edm.DateTimeOffset' };
export const businessCentralFacts: readonly SetFacts[] = [
  fact('companies', 'company', 'id', { name: 'Edm.String', displayName: 'Edm.String' }),
  fact('customers', 'customer', 'id', { ...changed, number: 'Edm.String', displayName: 'Edm.String', balanceDue: 'Edm.Decimal' }),
  fact('vendors', 'vendor', 'id', { ...changed, number: 'Edm.String', balance: 'Edm.Decimal' }),
  fact('items', 'item', 'id', { ...changed, number: 'Edm.String', inventory: 'Edm.Decimal', unitPrice: 'Edm.Decimal' }),
  fact('accounts', 'account', 'id', { ...changed, number: 'Edm.String' }),
  fact('generalLedgerEntries', 'generalLedgerEntry', 'id', {
    ...changed,
    entryNumber: 'Edm.Int32',
    postingDate: 'Edm.Date',
    debitAmount: 'Edm.Decimal',
  }),
  fact('itemLedgerEntries', 'itemLedgerEntry', 'id', {
    ...changed,
    entryNumber: 'Edm.Int32',
    postingDate: 'Edm.Date',
    quantity: 'Edm.Decimal',
  }),
  fact('salesOrders', 'salesOrder', 'id', { ...changed, number: 'Edm.String' }),
  fact('salesInvoices', 'salesInvoice', 'id', { ...changed, number: 'Edm.String', totalAmountIncludingTax: 'Edm.Decimal' }),
  fact('salesCreditMemos', 'salesCreditMemo', 'id', { ...changed, number: 'Edm.String' }),
  fact('purchaseOrders', 'purchaseOrder', 'id', { ...changed, number: 'Edm.String' }),
  fact('purchaseInvoices', 'purchaseInvoice', 'id', { ...changed, number: 'Edm.String' }),
];

const header = (namespace: string, alias: string) =>
  `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="${namespace}" Alias="${alias}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`;
const end = '</Schema></edmx:DataServices></edmx:Edmx>';

const propertyOf = (name: string, type: string) =>
  `<Property Name="${name}" Type="${type}"${type === 'Edm.Decimal' ? ' Scale="Variable"' : ''}/>`;

/** As Dataverse writes it: an alias, an abstract base without properties, decimals without a precision, and the sets that track changes where it is asked. */
export function dataverseMetadata(isTracked: boolean): string {
  const types = dataverseFacts.map(
    ({ type, key, properties }) =>
      `<EntityType Name="${type}" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="${key}"/></Key>${propertyOf(key, 'Edm.Guid')}${Object.entries(
        properties,
      )
        .map(([name, of]) => propertyOf(name, of))
        .join('')}<NavigationProperty Name="ownerid" Type="mscrm.principal" Nullable="false"/></EntityType>`,
  );
  const tracking =
    '<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="true"/></Record></Annotation>';
  const sets = dataverseFacts.map(
    ({ set, type }) => `<EntitySet Name="${set}" EntityType="Microsoft.Dynamics.CRM.${type}">${isTracked ? tracking : ''}</EntitySet>`,
  );
  return `${header('Microsoft.Dynamics.CRM', 'mscrm')}<EntityType Name="crmbaseentity" Abstract="true"/><EntityType Name="principal" BaseType="mscrm.crmbaseentity"/>${types.join('')}
<EntityContainer Name="System">${sets.join('')}</EntityContainer>${end}`;
}

/** As Business Central writes it: each set at the root as well, and as a navigation property of a company. */
export function businessCentralMetadata(): string {
  const types = businessCentralFacts.map(({ type, key, properties }) => {
    const lists = type === 'company' ? businessCentralFacts.filter(({ set }) => set !== 'companies') : [];
    return `<EntityType Name="${type}"><Key><PropertyRef Name="${key}"/></Key><Property Name="${key}" Type="Edm.Guid" Nullable="false"/>${Object.entries(
      properties,
    )
      .map(([name, of]) => propertyOf(name, of))
      .join('')}${lists
      .map((one) => `<NavigationProperty Name="${one.set}" Type="Collection(Microsoft.NAV.${one.type})" ContainsTarget="true"/>`)
      .join('')}</EntityType>`;
  });
  const sets = businessCentralFacts.map(({ set, type }) => `<EntitySet Name="${set}" EntityType="Microsoft.NAV.${type}"/>`);
  return `${header('Microsoft.NAV', 'NAV')}${types.join('')}<EntityContainer Name="NAV">${sets.join('')}</EntityContainer>${end}`;
}

/**
 * A part of what https://learn.microsoft.com/graph/api/resources/listitem says, as Graph writes metadata: bases, open types, an alias. A list item has its
 * columns in `fields`, an open type that the metadata lists no property of.
 */
export function graphMetadata(): string {
  const text = (name: string) => `<Property Name="${name}" Type="Edm.String"/>`;
  return `${header('microsoft.graph', 'graph')}
<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
<EntityType Name="baseItem" BaseType="graph.entity" Abstract="true"><Property Name="createdBy" Type="graph.identitySet"/>
<Property Name="createdDateTime" Type="Edm.DateTimeOffset"/>${text('description')}${text('eTag')}<Property Name="lastModifiedDateTime" Type="Edm.DateTimeOffset"/>${text('name')}${text('webUrl')}</EntityType>
<EntityType Name="listItem" BaseType="graph.baseItem"><Property Name="contentType" Type="graph.contentTypeInfo"/><Property Name="deleted" Type="graph.deleted"/>
<NavigationProperty Name="driveItem" Type="graph.entity"/><NavigationProperty Name="fields" Type="graph.fieldValueSet" ContainsTarget="true"/></EntityType>
<EntityType Name="fieldValueSet" BaseType="graph.entity" OpenType="true"/>
<EntityType Name="list" BaseType="graph.baseItem"><NavigationProperty Name="items" Type="Collection(graph.listItem)" ContainsTarget="true"/></EntityType>
<EntityType Name="site" BaseType="graph.baseItem"><NavigationProperty Name="lists" Type="Collection(graph.list)" ContainsTarget="true"/></EntityType>
<ComplexType Name="identitySet" OpenType="true"/><ComplexType Name="contentTypeInfo">${text('id')}${text('name')}</ComplexType><ComplexType Name="deleted">${text('state')}</ComplexType>
<EntityContainer Name="GraphService"><EntitySet Name="sites" EntityType="microsoft.graph.site"/></EntityContainer>${end}`;
}
