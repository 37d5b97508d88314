// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { configCodes } from '../../src/errors/codes/config.ts';
import { local } from '../../src/files/connectors/local-connector.ts';
import { Secret, type SecretLookup } from '../../src/ports/secret.ts';
import { NotUtf8 } from '../../src/ports/workspace-files.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import type { LoadRequest } from '../../src/workspace/load/load.ts';
import { memoryLake } from '../support/memory-lake.ts';
import { filesOf, flow, mistakes, root, type Texts } from './shop.ts';

interface Mistake {
  readonly files: Texts;
  readonly request?: Partial<LoadRequest>;
  /** `file:line:col code` */
  readonly at: string;
  /** Part of what is said or of what to try. */
  readonly says: string;
  readonly fix: string;
}

const crm = (text: string, others: Texts = {}): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text, ...others });
const top = (text: string): Texts => ({ 'hygge.yml': text, 'flows/crm/flow.yml': flow });
const lake = memoryLake();
const connectors = { types: () => lake.map(({ id }) => id), find: async (type: string) => lake.find(({ id }) => id === type) ?? local };
const FLOW = 'flows/crm/flow.yml';
const everything = { types: connectorTypes, find: findConnector };
const sqlHome = (type: string, keys: string): Texts => ({
  'hygge.yml': `connections: { erp: { type: ${type}, ${keys} } }\n`,
  [FLOW]: 'home: { connection: erp, table: t }\nstore: out\n',
});

const acme = `type: rest_api
system: Acme
base_url: https://acme.example
auth: { type: bearer, token: "\${ACME_TOKEN}" }
entities:
  orders: { endpoint: orders }
`;
const ofAcme = (manifest: string, more = 'entities: [orders]\n', type = 'acme'): Pick<Mistake, 'files' | 'request'> => ({
  files: crm(`home: { type: ${type} }\nstore: out\n${more}`, { [`apis/${type}.yml`]: manifest }),
  request: { connectors: everything, env: { ACME_TOKEN: 't', AWS_SECRET: 's' } },
});

const vault = 'secrets: { key_vault: "https://northwind.vault.azure.net" }\n';
const vaultOf = (answer: SecretLookup, mentions: readonly string[] = []): NonNullable<LoadRequest['opens']> => ({
  entities: (flows) => flows.flatMap(({ entities }) => entities),
  mentions,
  vault: () => ({ lookUp: async () => answer }),
});

const tracked = (keys: string): Pick<Mistake, 'files' | 'request'> => ({
  files: {
    'hygge.yml': 'connections: { erp: { type: sqlserver, server: s.example, database: d } }\n',
    [FLOW]: `home: { connection: erp, ${keys} }\nstore: out\nrun_type: incremental\nwatermark: { changes: change_tracking }\n`,
  },
  request: { connectors: everything },
});

const table: Readonly<Record<string, Mistake>> = {
  'changes of a query': {
    ...tracked('query: select 1 as id'),
    at: `${FLOW}:1:26 HYG-1010`,
    says: "`home.query` can't stand beside `watermark.changes: change_tracking`.",
    fix: 'Remove `query`.',
  },
  'changes under a condition': {
    ...tracked('table: t, where: id > 1'),
    at: `${FLOW}:1:36 HYG-1010`,
    says: "`home.where` can't stand beside `watermark.changes: change_tracking`.",
    fix: 'Remove `where`.',
  },
  'a key with a typing mistake': {
    files: crm('home: in\nstor: out\n'),
    at: `${FLOW}:2:1 HYG-1010`,
    says: 'There is no key `stor` in a flow. Did you mean `store`?',
    fix: '`batch_size`, `changed_files`',
  },
  'a key in camel case': {
    files: crm(`${flow}runType: incremental\n`),
    at: `${FLOW}:3:1 HYG-1010`,
    says: 'Did you mean `run_type`?',
    fix: '`run_type`',
  },
  'a key that belongs to a side': {
    files: crm(`${flow}path: x\n`),
    at: `${FLOW}:3:1 HYG-1010`,
    says: 'There is no key `path` in a flow.',
    fix: 'write it below `home:` or `store:`',
  },
  'a key of a flow in an entity': {
    files: crm(flow, { 'flows/crm/entities/a.yml': 'name: a\nschedule: "0 0 2 * * *"\n' }),
    at: 'flows/crm/entities/a.yml:2:1 HYG-1010',
    says: 'There is no key `schedule` in an entity.',
    fix: '`schedule` belongs in flow.yml.',
  },
  'an unknown key of a connector': {
    files: crm('home: { type: local, path: in, colums: [a] }\nstore: out\n'),
    at: `${FLOW}:1:32 HYG-1010`,
    says: 'There is no key `colums` in the home (type `local`). Did you mean `columns`?',
    fix: '`batch_size`, `columns`, `differing_files`, `empty_files`, `exclude`, `format`, `hive_partitions`, `int96`, `not_null`, `path` and `where`.',
  },
  'an unknown key in the options': {
    files: top('options:\n  concurency: 4\n'),
    at: 'hygge.yml:2:3 HYG-1010',
    says: 'Did you mean `concurrency`?',
    fix: 'The keys are `concurrency`, `continue_on_error` and `local_places`.',
  },
  'a shorthand that no side takes': {
    files: crm(`${flow}parallel_workers: 4\n`),
    at: `${FLOW}:3:1 HYG-1010`,
    says: '`parallel_workers` means nothing to the store of this flow (local → local).',
    fix: 'Remove it',
  },
  'an internal key': {
    files: crm('home: in\nstore: { path: out, base: x }\n'),
    at: `${FLOW}:2:21 HYG-1010`,
    says: "`base` can't be set",
    fix: 'Remove it.',
  },
  'text where a number is needed': {
    files: top('options: { concurrency: many }\n'),
    at: 'hygge.yml:1:25 HYG-1011',
    says: '`options.concurrency` needs a number, but it is text (`many`).',
    fix: 'Write a number without quotes: `concurrency: 8`.',
  },
  'yes where true is needed': {
    files: top('options: { continue_on_error: yes }\n'),
    at: 'hygge.yml:1:31 HYG-1011',
    says: 'needs true or false, but it is text (`yes`)',
    fix: 'Write `continue_on_error: true` or `continue_on_error: false`.',
  },
  'text where a list is needed': {
    files: crm('home: { path: in, columns: id }\nstore: out\n'),
    at: `${FLOW}:1:28 HYG-1011`,
    says: '`home.columns` needs a list, but it is text (`id`).',
    fix: 'Write a list: `columns: [id]`.',
  },
  'a map where a list is needed': {
    files: crm(`${flow}entities:\n  Account: {}\n`),
    at: `${FLOW}:4:3 HYG-1010`,
    says: 'There is no key `Account` in `entities`.',
    fix: 'The keys are `exclude`, `like` and `views`.',
  },
  'a watermark that is only a name': {
    files: crm(`${flow}watermark: updated_at\n`),
    at: `${FLOW}:3:12 HYG-1011`,
    says: '`watermark` needs a map, but it is text (`updated_at`).',
    fix: 'watermark: { column: updated_at }',
  },
  'a run type by the first half of its name': {
    files: crm(`${flow}run_type: full\n`),
    at: `${FLOW}:3:11 HYG-1013`,
    says: "`run_type` can't be `full`. Did you mean `full_drop`?",
    fix: 'It can be `full_drop` or `incremental`.',
  },
  'a key without a value': {
    files: crm('home:\nstore: out\n'),
    at: `${FLOW}:1:1 HYG-1011`,
    says: '`home` has no value; it needs text or a map.',
    fix: 'Write a value after `home:`, or remove the key.',
  },
  'a flow in hygge.yml without anything': {
    files: { 'hygge.yml': 'flows:\n  crm:\n' },
    at: 'hygge.yml:2:3 HYG-1011',
    says: 'The flow `crm` needs a map with at least `home` and `store`.',
    fix: 'Write them below `crm:`, indented.',
  },
  'a file that is a list': {
    files: crm('- home: in\n'),
    at: `${FLOW}:1:1 HYG-1011`,
    says: 'The file holds a list, but it should hold keys with values.',
    fix: 'Write `key: value`',
  },
  'no store': {
    files: crm('home: in\n'),
    at: `${FLOW}:1:1 HYG-1012`,
    says: '`store` is missing: flow `crm` needs to know where data settles.',
    fix: 'Add `store:',
  },
  'a home without a path': {
    files: crm('home: { type: local }\nstore: out\n'),
    at: `${FLOW}:1:7 HYG-1012`,
    says: '`path` is missing: the home (type `local`) needs it.',
    fix: 'Add `path: …`.',
  },
  'a watermark without a column': {
    files: crm(`${flow}watermark: { initial: 2024-01-01 }\n`),
    at: `${FLOW}:3:1 HYG-1012`,
    says: '`column` is missing: `watermark` needs it.',
    fix: '`watermark: { column: updated_at }`',
  },
  'an inline entity without a name': {
    files: crm(`${flow}entities:\n  - source: Account\n`),
    at: `${FLOW}:4:5 HYG-1012`,
    says: '`name` is missing',
    fix: 'Add `name: …`',
  },
  'a value that is not one of the possible ones': {
    files: crm(`${flow}run_type: incrementl\n`),
    at: `${FLOW}:3:11 HYG-1013`,
    says: "`run_type` can't be `incrementl`. Did you mean `incremental`?",
    fix: 'It can be `full_drop` or `incremental`.',
  },
  'a state that is not there yet': {
    files: top('state: { type: redis }\n'),
    at: 'hygge.yml:1:16 HYG-1013',
    says: "`state.type` can't be `redis`.",
    fix: 'It can be `files`, `table_storage`, `object` or `sql`.',
  },
  'a number below its limit': {
    files: top('options: { concurrency: 0 }\n'),
    at: 'hygge.yml:1:25 HYG-1013',
    says: '`options.concurrency` needs at least 1, not `0`.',
    fix: 'Write at least 1.',
  },
  'a duration without a unit': {
    files: crm(`${flow}watermark: { column: at, lag: 5 }\n`),
    at: `${FLOW}:3:31 HYG-1013`,
    says: '`watermark.lag` needs a duration such as `90s`, `5m`, `1h30m` or `2d`, not `5`.',
    fix: 'Write a duration',
  },
  'a home folder by tilde': {
    files: crm('home: ~/in\nstore: out\n'),
    at: `${FLOW}:1:7 HYG-1013`,
    says: '`~` is not expanded',
    fix: '${HOME}',
  },
  'a path that is empty': {
    files: crm('home: "${IN}"\nstore: out\nentities: [a]\n'),
    request: { env: { IN: '' } },
    at: `${FLOW}:1:7 HYG-1013`,
    says: 'The path of the home is empty: `${IN}` is set, but to nothing.',
    fix: 'Name a folder or a file',
  },
  'a wrong value in defaults': {
    files: crm(`${flow}defaults: { batch_size: lots }\n`),
    at: `${FLOW}:3:25 HYG-1011`,
    says: '`defaults.batch_size` needs a number, but it is text (`lots`).',
    fix: 'Write a number',
  },
  'flows that are a list': {
    files: { 'hygge.yml': 'flows: [crm]\n' },
    at: 'hygge.yml:1:1 HYG-1011',
    says: '`flows` needs a map',
    fix: 'Write keys below it',
  },
  'something that is not there yet': {
    files: crm(`${flow}journal: { mirror: lake }\n`),
    at: `${FLOW}:3:1 HYG-1014`,
    says: '`journal` is not part of this version of hygge.',
    fix: 'Remove `journal`',
  },
  'a pattern that Rust does not take': {
    files: { ...crm(`${flow}validation: { contract: c.yml }\n`), 'c.yml': "columns: { a: { type: string, regex: '(?<=x)y' } }\n" },
    at: 'c.yml:1:38 HYG-1100',
    says: 'look-around, including look-ahead and look-behind, is not supported',
    fix: '`rules: [{ name: …, check: … }]`',
  },
  'a rule that asks more than one row': {
    files: {
      ...crm(`${flow}validation: { contract: c.yml }\n`),
      'c.yml': 'columns: { age: int64 }\nrules: [{ name: young, check: age < avg(age) }]\n',
    },
    at: 'c.yml:2:31 HYG-1101',
    says: 'The rule `young`',
    fix: 'Correct the condition',
  },
  'a part of a data contract that hygge does not check': {
    files: {
      ...crm(`${flow}validation: { contract: c.odcs.yaml }\n`),
      'c.odcs.yaml':
        'apiVersion: v3.1.0\nkind: DataContract\nschema: [{ name: a, properties: [{ name: b, quality: [{ rule: between }] }] }]\n',
    },
    at: 'c.odcs.yaml:3:63 HYG-1103',
    says: 'The rule `between` is no metric',
    fix: '`type: custom`',
  },
  'a check that the source cannot answer': {
    files: {
      ...sqlHome('postgres', 'url: "postgres://reader@db.example/shop"'),
      [FLOW]: 'home: { connection: erp, table: t }\nstore: out\nvalidation: { quality: { checks: [{ type: freshness, max_age: 2d }] } }\n',
    },
    request: { connectors: everything },
    at: `${FLOW}:3:43 HYG-1107`,
    says: 'has no files whose age could be told',
    fix: 'Name the column of a time',
  },
  'a contract and an expected schema that disagree': {
    files: {
      ...crm(`${flow}validation: { contract: c.yml }\nschema: { expected_schema_path: s.yml }\n`),
      'c.yml': 'id: int64\n',
      's.yml': 'id: int32\n',
    },
    at: 'c.yml:1:1 HYG-1102',
    says: '`id` is int64 in the contract, and int32 in the expected schema.',
    fix: 'Make them agree',
  },
  'two spellings that disagree': {
    files: crm(`${flow}run_type: incremental\nfull_drop: true\n`),
    at: `${FLOW}:4:1 HYG-1015`,
    says: '`full_drop` and `run_type` say two different things.',
    fix: 'Keep only `run_type`.',
  },
  'two columns that polish adds under one name': {
    files: crm(`${flow}polish:\n  constants: [{ name: source, value: erp }, { name: Source, value: crm }]\n`),
    at: `${FLOW}:4:53 HYG-1016`,
    says: 'Polish adds two columns named `Source`.',
    fix: 'Give one of the two another name.',
  },
  'an expected schema that is not there': {
    files: { ...crm(`${flow}schema: { expected_schema_path: schemas/user.json }\n`), 'schemas/users.json': '{}' },
    at: `${FLOW}:3:33 HYG-1017`,
    says: 'There is no file `schemas/user.json`, where the columns of the source should be. Did you mean `schemas/users.json`?',
    fix: 'begins at the folder of hygge.yml',
  },
  'a column that is expected twice': {
    files: {
      ...crm(`${flow}schema: { expected_schema_path: schemas/users.yml }\n`),
      'schemas/users.yml': '- { name: id, type: int64 }\n- { name: id, type: string }\n',
    },
    at: 'schemas/users.yml:2:11 HYG-1018',
    says: 'The column `id` is there twice.',
    fix: 'Remove one of the two.',
  },
  'a variable that is not set': {
    files: crm('home: "${LAKE_PATH}/in"\nstore: out\n'),
    request: { env: { LAKE_PTH: '/x' } },
    at: `${FLOW}:1:8 HYG-1020`,
    says: 'The variable `LAKE_PATH` is not set. Did you mean `LAKE_PTH`?',
    fix: '`${LAKE_PATH:-default}`',
  },
  'a variable that is not closed': {
    files: crm('home: ${LAKE/in\nstore: out\n'),
    at: `${FLOW}:1:7 HYG-1021`,
    says: 'does not name a variable',
    fix: 'Write `${NAME}`',
  },
  'a template with a typing mistake': {
    files: crm('home: "in/{entiy}.parquet"\nstore: out\nentities: [a]\n'),
    at: `${FLOW}:1:7 HYG-1022`,
    says: 'There is no template `{entiy}`. Did you mean `{entity}`?',
    fix: '`{entity}`, `{flow}` and `{date}`',
  },
  'a connector with a typing mistake': {
    files: crm('home: { type: parqet, path: in }\nstore: out\n'),
    at: `${FLOW}:1:15 HYG-1030`,
    says: 'There is no connector of type `parqet`. Did you mean `parquet`?',
    fix: 'The types are `local`, `parquet`',
  },
  'a store used as a home': {
    files: crm('home: { type: lake, container: raw, path: in }\nstore: out\n'),
    at: `${FLOW}:1:15 HYG-1031`,
    says: "`lake` can't be used as a home.",
    fix: 'Use another type for the home',
  },
  'a URL of another system than the type': {
    files: crm('home: in\nstore: { type: s3, path: "gs://lake/crm" }\n'),
    request: { connectors },
    at: `${FLOW}:2:26 HYG-1032`,
    says: 'is one of type `gcs`, but its `type` is `s3`',
    fix: 'Write `type: gcs`, or leave `type` out',
  },
  'a URL and a key that name two buckets': {
    files: crm('home: in\nstore: { path: "s3://lake/crm", bucket: pond }\n'),
    request: { connectors },
    at: `${FLOW}:2:16 HYG-1033`,
    says: 'and its `bucket` name two different places',
    fix: 'Remove `bucket`',
  },
  'a signature in a URL': {
    files: crm('home: "https://acct.blob.core.windows.net/raw?sv=1&sig=abc"\nstore: out\n'),
    request: { connectors },
    at: `${FLOW}:1:7 HYG-1034`,
    says: 'The path of the home has a signature in it.',
    fix: '`sas_token: ${SAS_TOKEN}`',
  },
  'a template in the name of a bucket': {
    files: crm('home: in\nstore: "s3://{entity}/crm"\n'),
    request: { connectors },
    at: `${FLOW}:2:8 HYG-1035`,
    says: 'The `bucket` in the path `s3://{entity}/crm` of the store holds a template.',
    fix: 's3://bucket/{entity}',
  },
  'a page that is no file': {
    files: top('report: lake\n'),
    at: 'hygge.yml:1:9 HYG-1036',
    says: '`report` needs the name of a file that ends in .html, not `lake`.',
    fix: '`report: lake/status.html`',
  },
  'a page for each entity': {
    files: top('report: "lake/{entity}.html"\n'),
    at: 'hygge.yml:1:9 HYG-1036',
    says: '`report` needs one file, not the pattern or template `lake/{entity}.html`.',
    fix: '`report: lake/status.html`',
  },
  'a page where an entity settles': {
    files: top('report: out/status.html\n'),
    at: 'hygge.yml:1:9 HYG-1036',
    says: 'The page of `report` would lie where `crm.crm` settles.',
    fix: 'Put it beside the data',
  },
  'a page where an entity of a lake settles, by a URL': {
    files: { 'hygge.yml': 'report: s3://lake/crm/a/b/status.html\n', 'flows/crm/flow.yml': 'home: in\nstore: s3://lake/crm/a\n' },
    request: { connectors },
    at: 'hygge.yml:1:9 HYG-1036',
    says: 'The page of `report` would lie where `crm.crm` settles.',
    fix: 'Put it beside the data',
  },
  'a page among what hygge remembers of a lake': {
    files: { 'hygge.yml': 'report: s3://lake/_hygge/status.html\n', 'flows/crm/flow.yml': 'home: in\nstore: s3://lake/crm\n' },
    request: { connectors },
    at: 'hygge.yml:1:9 HYG-1036',
    says: 'The page of `report` would lie in _hygge.',
    fix: 'Put it beside the data',
  },
  'a page among the state': {
    files: top('report: states/status.html\nstate: { type: files, path: states }\n'),
    at: 'hygge.yml:1:9 HYG-1036',
    says: 'The page of `report` would lie in states.',
    fix: 'Put it beside the data',
  },
  'a page that a home would take for data': {
    files: { 'hygge.yml': 'report: in/status.html\n', 'flows/crm/flow.yml': 'home: "in/*"\nstore: out\n' },
    at: 'hygge.yml:1:9 HYG-1036',
    says: 'The page of `report` would be read as data of `crm.crm`.',
    fix: 'Put it beside the data',
  },
  'a page on a disk that the cloud does not have': {
    files: { 'hygge.yml': 'report: status.html\n', 'flows/crm/flow.yml': 'home: /data/in\nstore: /data/out\n' },
    request: { rootless: true },
    at: 'hygge.yml:1:9 HYG-1080',
    says: 'The page of `report` has a path relative to the folder of hygge.yml',
    fix: 'HYGGE_ROOT',
  },
  'a page in a database': {
    files: top('report: { type: journal, path: status.html }\n'),
    request: { connectors: everything },
    at: 'hygge.yml:1:17 HYG-1031',
    says: "`journal` can't be used for the report.",
    fix: '`report: lake/status.html`',
  },
  'a page without a path': {
    files: top('report: { connection: lake }\n'),
    at: 'hygge.yml:1:1 HYG-1012',
    says: '`path` is missing: `report` needs it.',
    fix: 'path',
  },
  'a page by a connection that is not there': {
    files: top('report: { connection: lak, path: a.html }\nconnections: { lake: { type: s3 } }\n'),
    request: { connectors },
    at: 'hygge.yml:1:11 HYG-1089',
    says: 'There is no connection `lak` for the report. Did you mean `lake`?',
    fix: '`lake`',
  },
  'a page with the format of a store': {
    files: top('report: { path: s3://lake/a.html, format: parquet }\n'),
    request: { connectors },
    at: 'hygge.yml:1:35 HYG-1010',
    says: 'There is no key `format` in the report',
    fix: 'path',
  },
  'a page by a signed address': {
    files: top('report: "https://acct.blob.core.windows.net/raw/a.html?sv=1&sig=abc"\n'),
    request: { connectors },
    at: 'hygge.yml:1:9 HYG-1034',
    says: 'The path of the report has a signature in it.',
    fix: 'sas_token',
  },
  'an address of PostgreSQL with what is not read there': {
    files: sqlHome('postgres', 'url: "postgres://reader@db.example/shop?channel_binding=require"'),
    request: { connectors: everything },
    at: 'hygge.yml:1:44 HYG-1013',
    says: 'Behind its "?" may be host, port, sslmode, target_session_attrs, application_name and connect_timeout, and channel_binding is not read there. Take it out of the address',
    fix: 'Correct the value',
  },
  'an address of PostgreSQL with a misspelt key': {
    files: sqlHome('postgres', 'url: "postgres://reader@db.example/shop?ssl_mode=require"'),
    request: { connectors: everything },
    at: 'hygge.yml:1:44 HYG-1013',
    says: 'Did you mean sslmode?',
    fix: 'Correct the value',
  },
  'an address of PostgreSQL that may be read by others': {
    files: sqlHome('postgres', 'url: "postgres://reader@db.example/shop?sslmode=prefer"'),
    request: { connectors: everything },
    at: 'hygge.yml:1:44 HYG-1013',
    says: ': Its sslmode can be verify-full, verify-ca, require or disable; prefer may fall back to no encryption',
    fix: 'Correct the value',
  },
  'a port beside an address': {
    files: sqlHome('postgres', 'url: "postgres://reader@db.example/shop", port: 5433'),
    request: { connectors: everything },
    at: 'hygge.yml:1:87 HYG-1013',
    says: ': The url says it already.',
    fix: 'remove the key',
  },
  'an address of MySQL with a ?': {
    files: sqlHome('mysql', 'url: "mysql://reader@db.example/shop?ssl=true"'),
    request: { connectors: everything },
    at: 'hygge.yml:1:41 HYG-1013',
    says: 'what stands behind the "?" are keys of the connection',
    fix: 'Correct the value',
  },
  'an address of SQL Server with a ?': {
    files: sqlHome('sqlserver', 'url: "sqlserver://reader@db.example/shop?encrypt=true"'),
    request: { connectors: everything },
    at: 'hygge.yml:1:45 HYG-1013',
    says: 'what stands behind the "?" are keys of the connection',
    fix: 'Correct the value',
  },
  'a flow whose name is no name': {
    files: { 'hygge.yml': 'name: shop\n', 'flows/2crm/flow.yml': flow },
    at: 'flows/2crm/flow.yml:1:1 HYG-1040',
    says: "A flow can't be named `2crm`: it must begin with a letter (A to Z).",
    fix: 'Rename the flow',
  },
  'a flow in two files': {
    files: { ...crm(flow), 'flows/crm/flow.yaml': flow },
    at: 'flows/crm/flow.yaml:1:1 HYG-1008',
    says: 'There are flow.yml and flow.yaml in flows/crm.',
    fix: 'Keep one of the two.',
  },
  'two flows that differ only in case': {
    files: { 'hygge.yml': 'flows:\n  CRM:\n    home: in\n    store: out2\n', 'flows/crm/flow.yml': flow },
    at: 'hygge.yml:2:3 HYG-1041',
    says: 'There are two flows named `CRM` (the other is written `crm`).',
    fix: 'Rename one of the two.',
  },
  'an entity with a line break in its name': {
    files: crm(`${flow}entities: ["a\\nb"]\n`),
    at: `${FLOW}:3:12 HYG-1042`,
    says: 'it holds a control character',
    fix: '`source:` may hold the name it has at its home',
  },
  'two entities that differ only in case': {
    files: crm(`${flow}entities: [Account, account]\n`),
    at: `${FLOW}:3:21 HYG-1043`,
    says: 'There are two entities named `account` in this flow (the other is written `Account`).',
    fix: 'Rename one of the two',
  },
  'a star in place of entities': {
    files: crm(`${flow}entities: ["*"]\n`),
    at: `${FLOW}:3:12 HYG-1081`,
    says: '`*` names no entity',
    fix: '`entities: "*"`',
  },
  'entities to be found behind a query': {
    files: crm('home: { type: warehouse, server: s, query: select 1 }\nstore: out\nentities: "*"\n'),
    at: `${FLOW}:3:11 HYG-1046`,
    says: "The home of flow `crm` can't be searched for entities.",
    fix: 'table: "sales.{entity}"',
  },
  'a home where nothing is found': {
    files: crm(`${flow}entities: "*"\n`),
    request: { found: new Map([['crm', []]]) },
    at: `${FLOW}:3:11 HYG-1047`,
    says: 'Nothing was found at the home of flow `crm`.',
    fix: 'Check the place',
  },
  'a store that is wrong for whatever will be found': {
    files: crm('home: in\nstore: { type: s4, path: out }\nentities: "*"\n'),
    at: `${FLOW}:2:16 HYG-1030`,
    says: 'There is no connector of type `s4`.',
    fix: '`lake`',
  },
  'a name in place of a list of entities': {
    files: crm(`${flow}entities: orders\n`),
    at: `${FLOW}:3:11 HYG-1013`,
    says: 'names in a list',
    fix: '',
  },
  'a line of .env that is no variable': {
    files: { ...crm(flow), '.env': 'A=1\nB: 2\n' },
    at: '.env:2:1 HYG-1082',
    says: 'This is not a NAME=value line.',
    fix: 'NAME=value',
  },
  'a connection of a type that has none': {
    files: { 'hygge.yml': 'name: shop\nconnections:\n  disk: { type: local }\n', 'flows/crm/flow.yml': flow },
    at: 'hygge.yml:3:11 HYG-1088',
    says: 'There are no connections of type `local`.',
    fix: 'The types are',
  },
  'a connection that is not there': {
    files: crm('home: { connection: lake, path: in }\nstore: out\n'),
    at: `${FLOW}:1:9 HYG-1089`,
    says: 'There is no connection `lake` for the home.',
    fix: 'connections: { lake: { type: … } }',
  },
  'a flow that is no folder': {
    files: { 'hygge.yml': 'name: shop\n', 'flows/crm.yml': flow },
    at: 'flows/crm.yml:1:1 HYG-1083',
    says: '`flows/crm.yml` holds a flow, and is not read',
    fix: 'mv flows/crm.yml flows/crm/flow.yml',
  },
  'no flows at all': {
    files: { 'hygge.yml': 'name: shop\n' },
    at: 'hygge.yml:1:1 HYG-1044',
    says: 'There are no flows',
    fix: 'flows/<name>/flow.yml',
  },
  'an empty list of entities': {
    files: crm(`${flow}entities: []\n`),
    at: `${FLOW}:3:1 HYG-1045`,
    says: '`entities` is empty.',
    fix: 'Name at least one entity',
  },
  'a strategy that contradicts the run': {
    files: crm(`${flow}run_type: incremental\nwatermark: { column: at }\nwrite_strategy: temp_swap\n`),
    at: `${FLOW}:5:17 HYG-1050`,
    says: '`write_strategy: temp_swap` contradicts what this run does: it adds rows to those that are there.',
    fix: 'Remove `write_strategy`, or write `direct_insert`',
  },
  'a merge without a key': {
    files: crm(`${flow}run_type: incremental\nwatermark: { column: at }\nwrite_strategy: merge\n`),
    at: `${FLOW}:5:17 HYG-1051`,
    says: 'needs to know which columns tell rows apart',
    fix: '`watermark: { column: updated_at, key: [id] }`',
  },
  'two entities that settle in one place': {
    files: crm(`${flow}entities:\n  - a\n  - { name: b, store: { path: a } }\n`),
    at: `${FLOW}:5:13 HYG-1052`,
    says: '`crm.b` and `crm.a` would settle in the same place.',
    fix: 'Give each a path or table of its own',
  },
  'a store that is a file': {
    files: crm('home: in\nstore: out/orders.parquet\n'),
    at: `${FLOW}:2:8 HYG-1053`,
    says: 'names a file, but a store settles into a folder',
    fix: 'Name a folder: `out/orders`.',
  },
  'small files of a store that has none': {
    files: crm('home: in\nstore: { path: out/orders.csv, layout: file }\ncompact: { every: 7d }\n'),
    at: `${FLOW}:3:1 HYG-1062`,
    says: '`compact` means nothing to a store of type `local`',
    fix: 'Remove `compact`',
  },
  'a variable in a manifest, beside its sign-in': {
    ...ofAcme(acme.replace('endpoint: orders', 'endpoint: "${ACME_TOKEN}"')),
    at: 'apis/acme.yml:6:23 HYG-1064',
    says: 'A variable stands in `entities`, and a manifest has variables in `base_url` and `auth` alone.',
    fix: 'Write the value itself',
  },
  'a variable in a manifest that belongs to others': {
    ...ofAcme(acme.replace('ACME_TOKEN', 'AWS_SECRET')),
    at: 'apis/acme.yml:4:30 HYG-1064',
    says: 'its variables begin with `ACME_`',
    fix: 'in a connection of type `acme`',
  },
  'a manifest whose token would be for another address': {
    ...ofAcme(acme.replace('bearer, token: "${ACME_TOKEN}"', 'entra, resource: "https://management.azure.com"')),
    at: 'apis/acme.yml:4:22 HYG-1064',
    says: "`resource` can't stand in the manifest of `acme`",
    fix: 'in a connection of type `acme`',
  },
  'an entity that a manifest does not have': {
    ...ofAcme(acme, 'entities: [ordres]\n'),
    at: `${FLOW}:3:12 HYG-1065`,
    says: 'The manifest of Acme (type `acme`) has no entity `ordres`. Did you mean `orders`?',
    fix: 'Its entities are `orders`.',
  },
  'a manifest with the name of a connector': {
    ...ofAcme(acme, 'entities: [orders]\n', 'postgres'),
    at: 'apis/postgres.yml:1:1 HYG-1066',
    says: '`type: postgres` already means something',
    fix: 'Rename the file',
  },
  'a manifest with a misspelt key': {
    ...ofAcme(acme.replace('endpoint', 'endpiont')),
    at: 'apis/acme.yml:6:13 HYG-1010',
    says: 'There is no key `endpiont` in `entities.orders`. Did you mean `endpoint`?',
    fix: '`pagination`',
  },
  'a manifest for a connector that takes none': {
    ...ofAcme(acme.replace('rest_api', 'postgres')),
    at: 'apis/acme.yml:1:7 HYG-1013',
    says: "`type` of a manifest can't be `postgres`",
    fix: '`rest_api`',
  },
  'a manifest without a type': {
    ...ofAcme(acme.replace('type: rest_api\n', '')),
    at: 'apis/acme.yml:1:1 HYG-1012',
    says: 'a manifest names the connector that reads the API',
    fix: '`rest_api`',
  },
  'a mark column where rows settle in files': {
    files: crm('home: in\nstore: { path: lake, mark_column: _hygge }\n'),
    at: `${FLOW}:2:22 HYG-1084`,
    says: 'it is for stores that are tables',
    fix: 'Remove it.',
  },
  'a pattern as the home of several entities': {
    files: crm('home: "in/*.parquet"\nstore: out\nentities: [a, b]\n'),
    at: `${FLOW}:1:7 HYG-1054`,
    says: 'is a pattern, so nothing can be joined to it for each entity',
    fix: 'Put `{entity}` into it: `in/{entity}/*.parquet`.',
  },
  'an entity whose path leaves its flow': {
    files: crm(`${flow}entities:\n  - { name: a, store: { path: ../b } }\n`),
    at: `${FLOW}:4:31 HYG-1055`,
    says: 'leads out of the flow',
    fix: 'Write a path without `..`',
  },
  'a home that holds its store': {
    files: crm('home: data\nstore: data/lake\n'),
    at: `${FLOW}:1:1 HYG-1056`,
    says: 'The store of flow `crm` lies in the folder that its home reads.',
    fix: 'beside that of the home',
  },
  'a home inside its store': {
    files: crm('home: data/in\nstore: data\nif_exists: replace\n'),
    at: `${FLOW}:1:7 HYG-1057`,
    says: 'The home of flow `crm` lies in a folder where the flow itself settles.',
    fix: 'beside that of the home',
  },
  'a home inside its store, as a pattern': {
    files: crm('home: "data/in/*.parquet"\nstore: data\n'),
    at: `${FLOW}:1:7 HYG-1057`,
    says: 'lies in a folder where the flow itself settles',
    fix: 'beside that of the home',
  },
  'a home of an entity inside the store of another flow': {
    files: {
      'hygge.yml': 'flows:\n  erp:\n    home: in\n    store: lake\n',
      'flows/crm/flow.yml': 'home: other\nstore: out\nentities:\n  - { name: a, home: { path: /projects/shop/lake/raw } }\n',
    },
    at: `${FLOW}:4:30 HYG-1057`,
    says: 'The home of flow `crm` lies in a folder where flow `erp` settles.',
    fix: 'beside that of the home',
  },
  'a store that is the workspace': {
    files: crm('home: in\nstore: .\n'),
    at: `${FLOW}:2:8 HYG-1058`,
    says: "settles in a folder that holds the workspace's own hygge.yml",
    fix: '`store: lake`',
  },
  'a store above the workspace': {
    files: crm('home: /data/in\nstore: /projects\n'),
    at: `${FLOW}:2:8 HYG-1058`,
    says: "the workspace's own hygge.yml",
    fix: 'a folder of its own',
  },
  'a store in the folder of flows': {
    files: crm('home: in\nstore: { type: local, path: flows }\n'),
    at: `${FLOW}:2:29 HYG-1058`,
    says: "the workspace's own flows/crm/flow.yml",
    fix: 'a folder of its own',
  },
  'a store in the folder of the state': {
    files: crm('home: in\nstore: .hygge/lake\n'),
    at: `${FLOW}:2:8 HYG-1058`,
    says: 'settles in .hygge',
    fix: 'a folder of its own',
  },
  'a store that is another one every day': {
    files: crm('home: in\nstore: "lake/{date}"\n'),
    at: `${FLOW}:2:8 HYG-1059`,
    says: '`{date}` in the path of the store makes another destination every day.',
    fix: '`layout: versioned`',
  },
  'a home that is another one every day, for an incremental entity': {
    files: crm('home: "landing/{date}/orders.parquet"\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n'),
    at: `${FLOW}:1:7 HYG-1059`,
    says: 'this entity is loaded incrementally',
    fix: '`landing/*/orders.parquet`',
  },
  'a --var that is none': {
    files: crm(flow),
    request: { vars: ['crm.store=x'] },
    at: '--var crm.store:1:1 HYG-1060',
    says: 'is not understood',
    fix: '`--var flow.<flow>.<path>=<yaml value>`',
  },
  'a --var of a flow that is not there': {
    files: crm(flow),
    request: { vars: ['flow.crn.store=x'] },
    at: '--var flow.crn.store:1:1 HYG-1061',
    says: 'There is no flow `crn`. Did you mean `crm`?',
    fix: 'The flows are `crm`.',
  },
  'a --var with an unknown key': {
    files: crm(flow),
    request: { vars: ['flow.crm.store.compresion=zstd'] },
    at: '--var flow.crm.store.compresion:1:1 HYG-1010',
    says: 'Did you mean `compression`?',
    fix: '`compression`',
  },
  'a schedule of five fields': {
    files: crm(`${flow}schedule: "0 2 * * *"\n`),
    at: `${FLOW}:3:11 HYG-1070`,
    says: '`schedule` needs six fields, seconds first: `0 0 2 * * *`, not `0 2 * * *`.',
    fix: 'Write six fields',
  },
  'a path on a disk that the cloud does not have': {
    files: crm('home: /data/in\nstore: out\n'),
    request: { rootless: true },
    at: `${FLOW}:2:8 HYG-1080`,
    says: 'The store of `crm.crm` is a path relative to the folder of hygge.yml',
    fix: 'HYGGE_ROOT',
  },
  'a schedule of another program': {
    files: crm(`${flow}schedule: "0 0 2 * * FRI-SUN"\n`),
    at: `${FLOW}:3:11 HYG-1070`,
    says: '`schedule` needs ranges that rise: `0 0 2 * * FRI-SAT,SUN`, not `0 0 2 * * FRI-SUN`.',
    fix: 'Write ranges that rise: `0 0 2 * * FRI-SAT,SUN`.',
  },
  'a schedule that can never be': {
    files: crm(`${flow}schedule: "0 0 25 * * *"\n`),
    at: `${FLOW}:3:11 HYG-1070`,
    says: 'six cron fields',
    fix: '`0 0 2 * * *`',
  },
  'a file with nothing in it': {
    files: crm('# later\n'),
    at: `${FLOW}:1:1 HYG-1004`,
    says: 'flows/crm/flow.yml is empty.',
    fix: 'Fill it in, or delete it.',
  },
  'a quote that is not closed': {
    files: crm('home: "in\nstore: out\n'),
    at: `${FLOW}:3:1 HYG-1005`,
    says: 'A quote is opened, but not closed.',
    fix: 'Add the closing quote',
  },
  'a template without quotes': {
    files: crm('home: {entity}/in\nstore: out\n'),
    at: `${FLOW}:1:15 HYG-1005`,
    says: 'YAML takes a `{` here for the start of a map.',
    fix: 'Put the value in quotes',
  },
  'a pattern without quotes': {
    files: crm('home: *.parquet\nstore: out\n'),
    at: `${FLOW}:1:7 HYG-1005`,
    says: 'refers to an anchor that is not there',
    fix: 'put the value in quotes',
  },
  'an indentation that does not fit': {
    files: crm('home:\n  path: in\n store: out\n'),
    at: `${FLOW}:3:1 HYG-1005`,
    says: 'The indentation does not fit the lines above.',
    fix: 'Keys of one map begin in the same column',
  },
  'a key that is there twice': {
    files: crm(`${flow}home: other\n`),
    at: `${FLOW}:3:1 HYG-1006`,
    says: 'The key `home` is there twice.',
    fix: 'Remove or rename one of the two.',
  },
  'a tab': {
    files: crm('home:\n\tpath: in\nstore: out\n'),
    at: `${FLOW}:2:1 HYG-1007`,
    says: 'There is a tab in the indentation.',
    fix: 'Replace the tab by two spaces',
  },
  'a file in another encoding': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        read: (path) => (path.endsWith('flow.yml') ? Promise.reject(new NotUtf8(path)) : filesOf(crm(flow)).read(path)),
      },
    },
    at: `${FLOW}:1:1 HYG-1003`,
    says: 'flows/crm/flow.yml is not UTF-8 text.',
    fix: 'Save the file as UTF-8.',
  },
  'a target that is not there': {
    files: { ...crm(flow), 'hygge.yml': 'targets: { dev: , prod: }\n' },
    request: { target: 'prd' },
    at: '- HYG-1085',
    says: 'There is no target `prd`. Did you mean `prod`?',
    fix: '--target prod',
  },
  'targets, and none is meant': {
    files: { ...crm(flow), 'hygge.yml': 'targets: { dev: , prod: }\n' },
    at: '- HYG-1086',
    says: 'Which target is meant? There are `dev` and `prod`.',
    fix: '`default_target: dev`',
  },
  'a target that is written twice': {
    files: { ...crm(flow, { 'hygge.prod.yml': 'protected: true\n' }), 'hygge.yml': 'targets: { dev: , prod: }\n' },
    request: { target: 'prod' },
    at: 'hygge.yml:1:19 HYG-1087',
    says: 'The target `prod` is written twice: in hygge.prod.yml, and below `targets`.',
    fix: 'Keep one of them',
  },
  'a mask of hashes without a secret': {
    files: crm(`${flow}polish: { mask: { columns: { email: hash } } }\n`),
    at: `${FLOW}:3:17 HYG-1019`,
    says: '`mask` has hashes, and no `secret` to make them with.',
    fix: 'secret: "${MASK_SECRET}"',
  },
  'a secret that the vault does not have': {
    files: { ...crm(`home: in\nstore: out\nnotify: { webhook: "\${TEAMS_WEBHOOK}" }\n`), 'hygge.yml': vault },
    request: { opens: vaultOf({ lacks: 'unknown', said: '404 SecretNotFound' }) },
    at: `${FLOW}:3:21 HYG-1098`,
    says: 'The variable `TEAMS_WEBHOOK` is not set, and the vault has no secret `TEAMS-WEBHOOK`.',
    fix: 'Put it there as `TEAMS-WEBHOOK`.',
  },
  'a secret whose name the vault cannot have': {
    files: { ...crm(`home: in\nstore: out\nnotify: { webhook: "\${TEAMS_WEBHOOK}" }\n`), 'hygge.yml': vault },
    request: { opens: vaultOf({ lacks: 'no name', said: 'it is too long' }) },
    at: `${FLOW}:3:21 HYG-1098`,
    says: 'the vault can have no secret called `TEAMS-WEBHOOK`',
    fix: 'Give the variable another name.',
  },
  'two variables that are one secret of the vault': {
    files: {
      ...crm(`home: in\nstore: out\nnotify: { webhook: "https://\${Hook}/x" }\n`),
      'hygge.yml': `${vault}connections: { c: { type: s3, bucket: lake, secret_access_key: "\${HOOK}", access_key_id: a } }\n`,
    },
    request: {
      opens: vaultOf({ secret: new Secret('x'), version: '1' }, ['c']),
      connectors: { types: connectorTypes, find: findConnector },
    },
    at: `${FLOW}:3:29 HYG-1099`,
    says: 'The variables `Hook` and `HOOK` would be one secret of the vault.',
    fix: 'Give one of the two another name.',
  },
  'a variable from a vault where it would be shown': {
    files: { ...crm('home: "in/${PART}"\nstore: out\n'), 'hygge.yml': vault },
    request: { opens: vaultOf({ secret: new Secret('x'), version: '1' }) },
    at: `${FLOW}:1:11 HYG-1020`,
    says: 'The variable `PART` is not set.',
    fix: 'Set PART',
  },
  'a variable that only the platform knows, in the function app': {
    files: { ...crm(`home: in\nstore: out\nnotify: { webhook: "\${TEAMS_WEBHOOK}" }\n`), 'hygge.yml': vault },
    at: `${FLOW}:3:21 HYG-1020`,
    says: 'The variable `TEAMS_WEBHOOK` is not set.',
    fix: '@Microsoft.KeyVault(SecretUri=https://northwind.vault.azure.net/secrets/TEAMS-WEBHOOK)',
  },
  'a setting that the platform left as a reference': {
    files: crm(`home: "\${LAKE:-in}"\nstore: out\n`),
    request: { env: { LAKE: '@Microsoft.KeyVault(VaultName=kv;SecretName=LAKE)' } },
    at: `${FLOW}:1:8 HYG-1964`,
    says: 'The setting `LAKE` is not set: it holds an unresolved reference to the Key Vault kv.',
    fix: 'Outside of the app, set LAKE to the value itself',
  },
  'a vault of an unknown kind': {
    files: {
      ...crm(`${flow}notify: { webhook: "\${TEAMS_WEBHOOK}" }\n`),
      'hygge.yml': 'secrets: { keyvault: "https://northwind.vault.azure.net" }\n',
    },
    at: 'hygge.yml:1:12 HYG-1010',
    says: 'There is no key `keyvault` in `secrets`. Did you mean `key_vault`?',
    fix: '`aws`, `google`, `key_vault` and `prefix`',
  },
  'a vault whose address is none': {
    files: {
      ...crm(`${flow}notify: { webhook: "\${TEAMS_WEBHOOK}" }\n`),
      'hygge.yml': 'secrets: { key_vault: "https://northwind.vault.azure.net/secrets/A" }\n',
    },
    at: 'hygge.yml:1:23 HYG-1013',
    says: '`secrets.key_vault` needs the address of a Key Vault and no more',
    fix: 'https://northwind.vault.azure.net',
  },
  'two vaults at once': {
    files: top('secrets: { key_vault: "https://northwind.vault.azure.net", aws: eu-central-1 }\n'),
    at: 'hygge.yml:1:1 HYG-1013',
    says: '`secrets` names two vaults at once: `key_vault`, `aws`.',
    fix: 'Name one',
  },
  'secrets that are written below `secrets`': {
    files: top('secrets: { SHOP: hunter2 }\n'),
    at: 'hygge.yml:1:12 HYG-1010',
    says: 'There is no key `SHOP` in `secrets`.',
    fix: 'The keys are',
  },
  'a file that may not be read': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        read: (path) =>
          path.endsWith('flow.yml') ? Promise.reject(new Error('EACCES: permission denied')) : filesOf(crm(flow)).read(path),
      },
    },
    at: `${FLOW}:1:1 HYG-1002`,
    says: 'flows/crm/flow.yml cannot be read.',
    fix: 'that you may read it',
  },
  'a folder of flows that may not be read, told without saying that there are no flows': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        list: (path) =>
          path.endsWith('flows/crm') ? Promise.reject(new Error('EACCES: permission denied')) : filesOf(crm(flow)).list(path),
      },
    },
    at: 'flows/crm:1:1 HYG-1002',
    says: 'The folder flows/crm cannot be read.',
    fix: 'that you may read it',
  },
  'a folder without a workspace': {
    files: { 'notes.txt': '' },
    at: '- HYG-1001',
    says: 'There is no hygge.yml here, nor in any folder above.',
    fix: '`hygge init`',
  },
  'a folder that is not there': {
    files: top(''),
    request: { directory: `${root}/flws` },
    at: '- HYG-1001',
    says: `There is no folder ${root}/flws.`,
    fix: '`-C`',
  },
};

describe('a mistake in the config is told with its place and its fix', () => {
  test.each(Object.entries(table))('%s', async (_, { files, request, at, says, fix }) => {
    const [error, ...others] = await mistakes(files, request);
    const place = error?.where === undefined ? '-' : `${error.where.file}:${error.where.line}:${error.where.column}`;
    expect(`${place} ${error?.code}`).toBe(at);
    expect(error?.what).toContain(says);
    expect(error?.tryThis.join('\n')).toContain(fix);
    expect(others.map(({ message }) => message)).toEqual([]);
  });

  test('every code of the catalogue is met by one of them', () => {
    const met = new Set(Object.values(table).map(({ at }) => at.split(' ').at(-1)));
    expect(Object.keys(configCodes).filter((code) => !met.has(code))).toEqual([]);
  });
});

test('all mistakes are told at once, in reading order, and one flow never hides those of another', async () => {
  const errors = await mistakes({
    'hygge.yml': 'nme: shop\n',
    'flows/a/flow.yml': 'home: "in\n',
    'flows/b/flow.yml': 'hom: in\nstore: out\nrun_type: often\n',
    'flows/b/entities/one.yml': 'name: one\nhome: { colums: [x] }\n',
    'flows/b/entities/two.yml': '\tname: two\n',
  });
  expect(errors.map(({ code, where }) => `${where?.file}:${where?.line} ${code}`)).toEqual([
    'hygge.yml:1 HYG-1010',
    'flows/a/flow.yml:2 HYG-1005',
    'flows/b/flow.yml:1 HYG-1010',
    'flows/b/flow.yml:3 HYG-1013',
    'flows/b/entities/one.yml:2 HYG-1010',
    'flows/b/entities/two.yml:1 HYG-1007',
  ]);
});

test('a mistake in a flow is told once, however many entities it has', async () => {
  const errors = await mistakes(crm('home: { type: lcal, path: in }\nstore: { path: out, formt: parquet }\nentities: [a, b, c]\n'));
  expect(errors.map(({ code }) => code)).toEqual(['HYG-1030', 'HYG-1010']);
});

test('a key that is misspelt is not told to be missing as well', async () => {
  expect(await mistakes(crm('home: { type: local, pth: in }\nstore: out\n'))).toHaveLength(1);
});

test('a connector that is neither home nor store says what it is', async () => {
  const flows = crm('home: { type: sqlite, path: in.db, table: t }\nstore: out\n');
  const find: typeof findConnector = async (type) => {
    const { home, store, ...others } = (await findConnector(type)) ?? {};
    return type === 'sqlite' ? (others as Awaited<ReturnType<typeof findConnector>>) : findConnector(type);
  };
  const errors = await mistakes(flows, { connectors: { types: connectorTypes, find } });
  expect(errors).toMatchObject([{ code: 'HYG-1031', why: ['This connector only offers a place for the state.'] }]);
});
