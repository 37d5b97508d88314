// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
/** Ten flows over every lake there is, and two databases. */
export const northwind: Readonly<Record<string, string>> = {
  'hygge.yml': [
    'name: northwind',
    'connections:',
    '  pg: { type: postgres, host: db.example.com, database: erp, user: hygge, password: "${PG_PASSWORD}" }',
    '  ms: { type: sqlserver, server: erp.database.windows.net, database: erp }',
    'notify: { webhook: "${TEAMS_WEBHOOK}" }',
    'state: { type: table_storage, account_url: "https://northwindstate.table.core.windows.net" }',
    'journal: { mirror: "abfss://ops@northwind.dfs.core.windows.net/journal" }',
    '',
  ].join('\n'),
  ...Object.fromEntries(
    Object.entries({
      crm: 'home: abfss://landing@northwind.dfs.core.windows.net/crm\nstore: abfss://crm@northwind.dfs.core.windows.net/crm\nschedule: "0 0 2 * * *"\nentities: [Account, Contact]\n',
      erp: 'home: { connection: pg, table: "public.{entity}" }\nstore: abfss://erp@northwind.dfs.core.windows.net/erp\nschedule: "%ERP_SCHEDULE%"\nentities: [orders, items]\n',
      finance:
        'home: { connection: ms, table: "dbo.{entity}" }\nstore: az://finance@northwind.blob.core.windows.net/finance\nentities: [ledger]\n',
      fabric: 'home: az://finance@northwind.blob.core.windows.net/out\nstore: onelake://Northwind/sales.Lakehouse/Files/out\n',
      'from-s3':
        'home: { path: "s3://landing/web", region: eu-central-1, role_arn: "arn:aws:iam::123456789012:role/hygge", entra_audience: "api://hygge-aws" }\nstore: abfss://web@northwind.dfs.core.windows.net/web\nschedule: "0 */15 * * * *"\n',
      'to-s3':
        'home: abfss://web@northwind.dfs.core.windows.net/settled\nstore: { path: "s3://partner/out", region: eu-central-1, access_key_id: AKIDEXAMPLE, secret_access_key: "${PARTNER_KEY}" }\n',
      'from-gcs':
        'home: { path: "gs://clicks/raw", workload_identity_provider: "projects/123/locations/global/workloadIdentityPools/azure/providers/entra", service_account_email: hygge@northwind.iam.gserviceaccount.com, entra_audience: "api://hygge-google" }\nstore: abfss://clicks@northwind.dfs.core.windows.net/clicks\nschedule: "0 0 6 * * 1-5"\n',
      partner: 'home: abfss://incoming@partner.dfs.core.windows.net/drop\nstore: abfss://partner@northwind.dfs.core.windows.net/partner\n',
      cold_store:
        'home: "az://cold@northwind.blob.core.windows.net/${COLD_FOLDER}"\nstore: az://warm@northwind.blob.core.windows.net/cold\n',
      keyed:
        'home: { path: "az://raw@outside.blob.core.windows.net/raw", sas_token: "${OUTSIDE_SAS}" }\nstore: abfss://keyed@northwind.dfs.core.windows.net/keyed\n',
    }).map(([flow, text]) => [`flows/${flow}/flow.yml`, text]),
  ),
  'infra/prod.yml': [
    'subscription: 11111111-1111-1111-1111-111111111111',
    'region: westeurope',
    'resource_group: northwind-prod',
    'apps: { nightly: [crm, finance] }',
    'accounts:',
    '  northwind: { resource_group: lake }',
    '  northwindstate: { resource_group: northwind-prod }',
    '  partner: { resource_group: partner, subscription: 22222222-2222-2222-2222-222222222222 }',
    'variables: { ERP_SCHEDULE: "0 30 4 * * *", COLD_FOLDER: archive }',
    'memory: 4096',
    'always_ready: 1',
    'alert: [data@example.com]',
    'tags: { owner: data, cost: "4711" }',
    '',
  ].join('\n'),
};
