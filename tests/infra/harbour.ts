// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
/** Two of those flows in a network that is closed to the internet. */
export const closedHarbour = (): Readonly<Record<string, string>> => ({
  'hygge.yml': harbour['hygge.yml'] ?? '',
  'flows/ships/flow.yml': harbour['flows/ships/flow.yml'] ?? '',
  'flows/crews/flow.yml': harbour['flows/crews/flow.yml'] ?? '',
  'infra/prod.yml': (harbour['infra/prod.yml'] ?? '')
    .replace('apps: { nightly: [ships, after] }\n', '')
    .replace('/24 }', '/24, closed: true }'),
});

/** Flows that share a container, in a network of their own; names that quotes, words of other languages and length make hard. */
export const harbour: Readonly<Record<string, string>> = {
  'hygge.yml': [
    "name: Hafen O'Brien",
    'connections:',
    '  pg: { type: postgres, host: harbour.postgres.database.azure.com, database: ships, user: hygge, password: "${PG_PASSWORD}" }',
    '  ms: { type: sqlserver, server: harbour.database.windows.net, database: ships }',
    'state: { type: table_storage, account_url: "https://harbourstate.table.core.windows.net" }',
    '',
  ].join('\n'),
  'flows/ships/flow.yml':
    'home: { connection: pg, table: "public.{entity}" }\nstore: abfss://raw@harbourlake.dfs.core.windows.net/ships\nschedule: "0 0 2 * * *"\nentities: [calls, berths]\n',
  'flows/tides/flow.yml':
    'home: abfss://raw@harbourlake.dfs.core.windows.net/tides/{date}/{entity}\nstore: abfss://raw@harbourlake.dfs.core.windows.net/settled/tides\nentities: [levels]\n',
  'flows/crews/flow.yml':
    'home: { connection: ms, table: "dbo.{entity}" }\nstore: "az://crews@harbourlake.blob.core.windows.net/Löhne und Gehälter"\nentities: [shifts]\n',
  'flows/quoted/flow.yml':
    'home: "abfss://raw@harbourlake.dfs.core.windows.net/o\'brien"\nstore: abfss://raw@harbourlake.dfs.core.windows.net/quoted\n',
  'flows/after/flow.yml':
    'home: abfss://raw@harbourlake.dfs.core.windows.net/ships/calls\nstore: abfss://raw@harbourlake.dfs.core.windows.net/after\n',
  'infra/prod.yml': [
    'subscription: 33333333-3333-3333-3333-333333333333',
    'region: germanywestcentral',
    'resource_group: harbour(prod)',
    'apps: { nightly: [ships, after] }',
    'accounts:',
    '  harbourlake: { resource_group: lake, rights: folder }',
    '  harbourstate: { resource_group: harbour(prod) }',
    'servers:',
    '  harbour: { resource_group: databases }',
    'network: { address_space: 10.20.0.0/24 }',
    '',
  ].join('\n'),
};
