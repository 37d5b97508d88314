// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestGap } from '../../infra/azure/alerts.ts';
import { roleIds } from '../../infra/azure/rights.ts';
import { appModule, dataBody } from '../../infra/azure/templates.ts';
import { TestWorkspace } from '../support/workspace.ts';

const settings = [
  'subscription: 11111111-1111-1111-1111-111111111111',
  'region: westeurope',
  'resource_group: northwind-prod',
  'accounts: { northwind: { resource_group: lake } }',
  '',
].join('\n');
const store = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;
const crm = { 'flows/crm/flow.yml': `home: ${store('landing')}\nstore: ${store('crm')}\n` };

const render = (workspace: TestWorkspace, ...more: readonly string[]) =>
  workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out', ...more]);

async function refused(files: Readonly<Record<string, string>>): Promise<string> {
  using workspace = new TestWorkspace({ ...crm, 'infra/prod.yml': settings, ...files });
  const { code, stdout, stderr } = await render(workspace);
  expect([code, stdout]).toEqual([2, '']);
  expect(existsSync(workspace.path('out'))).toBe(false);
  return stderr;
}

describe('hygge infra init', () => {
  test('makes settings to fill in, with the accounts that flows name; empty ones are told line by line', async () => {
    using workspace = new TestWorkspace(crm);
    const made = await workspace.run(['infra', 'init', '--target', 'prod']);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const file = readFileSync(workspace.path('infra/prod.yml'), 'utf8');
    expect(file).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.hygge\/schema\/infra\.json\n/);
    expect(file).toContain('  northwind: { resource_group: "" }   # crm\n');
    const schema = JSON.parse(readFileSync(workspace.path('.hygge/schema/infra.json'), 'utf8'));
    expect(Object.keys(schema.properties)).toContain('resource_group');
    const { code, stderr } = await render(workspace);
    expect(code).toBe(2);
    for (const line of ['4:15', '6:17', '16:32']) expect(stderr).toContain(`infra/prod.yml:${line}  HYG-1013`);
  });

  test('never overwrites, and names a target that could be no file', async () => {
    using workspace = new TestWorkspace({ ...crm, 'infra/prod.yml': settings });
    const again = await workspace.run(['infra', 'init', '--target', 'prod']);
    expect([again.code, readFileSync(workspace.path('infra/prod.yml'), 'utf8')]).toEqual([2, settings]);
    expect(again.stderr).toContain('HYG-1904');
    expect((await workspace.run(['infra', 'init', '--target', 'prod-2'])).code).toBe(0);
    expect((await workspace.run(['infra', 'init', '--target', '../prod'])).stderr).toContain('HYG-1901');
  });
});

const fromDatabase = (connection: string) =>
  `home: { connection: ${connection}, table: "dbo.{entity}" }\nstore: ${store(`of-${connection}`)}\nentities: [orders]\n`;

const withConnections = (connections: Readonly<Record<string, string>>) => ({
  'hygge.yml': `name: northwind\nconnections:\n${Object.entries(connections)
    .map(([name, keys]) => `  ${name}: ${keys}\n`)
    .join('')}`,
  ...Object.fromEntries(Object.keys(connections).map((name) => [`flows/${name}/flow.yml`, fromDatabase(name)])),
});

describe('what is by hand in databases', () => {
  async function scripts(connections: Readonly<Record<string, string>>) {
    using workspace = new TestWorkspace({ 'infra/prod.yml': settings, ...withConnections(connections) });
    const { code, stdout, stderr } = await render(workspace);
    expect([code, stderr]).toEqual([0, '']);
    const folder = workspace.path('out/by-hand');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.undo.sql')) : [];
    return {
      names,
      text: names.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join(''),
      stdout,
      hosts: readFileSync(workspace.path('out/hosts.txt'), 'utf8'),
    };
  }

  test('is for the role that an address names', async () => {
    const { text } = await scripts({
      one: '{ type: postgres, url: "postgres://ofone@db.example.com/erp", password: "${PW}" }',
      two: '{ type: mysql, url: "mysql://oftwo@my.example.com:3307/shop", password: "${PW}" }',
      three: '{ type: sqlserver, url: "sqlserver://ofthree@ms.example.com/fin", password: "${PW}" }',
    });
    expect([...new Set([...text.matchAll(/ TO (\S+);/g)].map((found) => found[1]))].sort()).toEqual(['"ofone"', '[ofthree]', '`oftwo`']);
  });

  test('gives the identity of the app nothing where another one signs in, and names a user that is missing', async () => {
    const another = 'client_id: 44444444-4444-4444-4444-444444444444';
    const { names, stdout } = await scripts({ ms: `{ type: sqlserver, server: erp.database.windows.net, database: fin, ${another} }` });
    expect([names, stdout]).toEqual([[], expect.stringContaining('The home of ms.orders signs in as another identity than the app')]);
    const pg = await scripts({ pg: '{ type: postgres, host: erp.postgres.database.azure.com, database: fin, auth: entra }' });
    expect(pg.stdout).toMatch(/The home of pg\.orders names no user[\s\S]*user: id-northwind-pg-/);
  });

  test('shares an item of Fabric before it grants, as sqlcmd reads it, and opens its port', async () => {
    const { names, text, hosts } = await scripts({
      dw: '{ type: fabric_warehouse, server: abc.datawarehouse.fabric.microsoft.com, database: sales }',
    });
    expect(names).toEqual(['fabric-warehouse-abc-datawarehouse-fabric-microsoft-com-sales.sql']);
    const grant = /-- Share the item with (id-northwind-dw-\S+) first[\s\S]*GRANT SELECT ON OBJECT::\[dbo\]\.\[orders\] TO \[\1\];\nGO/;
    expect(text).toMatch(grant);
    expect(hosts).toContain('abc.datawarehouse.fabric.microsoft.com');
  });

  test('is a sentence for each API that the app signs in to by its identity', async () => {
    const odata = (url: string, auth: string) => `{ type: odata, base_url: "${url}", auth: { type: entra${auth} } }`;
    const of = {
      crm: odata('https://northwind.crm4.dynamics.com/api/data/v9.2/', ''),
      own: odata('https://api.example.com/v1/', ', scope: "api://orders/.default"'),
      other: odata('https://other.example.com/', ', tenant_id: 44444444-4444-4444-4444-444444444444, client_id: c, client_secret: "${PW}"'),
    };
    using workspace = new TestWorkspace({
      'infra/prod.yml': settings,
      'hygge.yml': `name: northwind\nconnections:\n${Object.entries(of)
        .map(([name, keys]) => `  ${name}: ${keys}\n`)
        .join('')}`,
      ...Object.fromEntries(
        Object.keys(of).map((name) => [
          `flows/${name}/flow.yml`,
          `home: { connection: ${name}, endpoint: orders }\nstore: ${store('raw')}/${name}\nentities: [orders]\n`,
        ]),
      ),
    });
    const { code, stdout, stderr } = await render(workspace);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/crm\.orders signs in to northwind\.crm4\.dynamics\.com as the app\. [^\n]*application user of the environment/);
    expect(stdout).toMatch(
      /own\.orders signs in to api\.example\.com as the app\. Give its identity id-northwind-own-\S+ the right to read there\./,
    );
    expect(stdout).not.toContain('other.orders signs in to');
  });

  test('is a file for each database, whatever they are called', async () => {
    const of = (database: string) => `{ type: postgres, host: db.example.com, database: ${database}, user: u, password: "\${PW}" }`;
    const host = (nth: number) => `host-${nth}.${'of-a-cluster-'.repeat(4)}of.example.com`;
    const long = `{ type: postgres, host: "${[1, 2, 3, 4, 5].map(host).join(',')}", database: erp, user: u, password: "\${PW}" }`;
    const { names } = await scripts({ a: of('erp_2'), b: of('erp'), c: of('ERP'), long });
    expect(names.length).toBe(4);
    expect(names.slice(0, 3)).toEqual(['erp-2', 'erp-3', 'erp'].map((end) => `postgres-db-example-com-${end}.sql`));
  });

  test('is nothing where a secret says where the server is, and says so; a password in an address hides no server', async () => {
    const { names, stdout, hosts } = await scripts({ pg: '{ type: postgres, connection_string: "${ERP}" }' });
    expect([names, stdout]).toEqual([[], expect.stringContaining('The home of pg.orders has its server in a secret')]);
    expect(hosts).not.toContain('invalid');
    const keys = '{ type: postgres, connection_string: "postgres://loader:${PW}@db.example.com/erp" }';
    using known = new TestWorkspace(withConnections({ pg: keys }));
    const explained = await known.run(['infra', 'explain']);
    expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining('db.example.com')]);
  });

  test('goes with hosts that keep their ports', async () => {
    const s3 =
      'path: s3://landing/c, region: eu-west-1, endpoint: "https://minio.example.com:9000", access_key_id: A, secret_access_key: "${PW}"';
    using workspace = new TestWorkspace({ 'infra/prod.yml': settings, 'flows/c/flow.yml': `home: { ${s3} }\nstore: ${store('raw')}\n` });
    expect((await render(workspace)).code).toBe(0);
    expect(readFileSync(workspace.path('out/hosts.txt'), 'utf8')).toContain('minio.example.com:9000\n');
  });
});

describe('hygge infra render', () => {
  test.each([
    ['a file of SQLite', '{ type: sqlite, path: data/x.db }', 'The home of flow `here` is a place of this machine.'],
    ['a socket', '{ type: postgres, host: /run/postgresql, database: e, user: u, password: "${PW}" }', 'is a place of this machine.'],
    [
      'an instance',
      '{ type: sqlserver, server: "localhost\\\\SQLEXPRESS", database: e, user: u, password: "${PW}" }',
      'calls localhost\\SQLEXPRESS',
    ],
  ])('names %s, which is only here', async (_what, keys, told) => {
    const said = await refused(withConnections({ here: keys }));
    expect(said).toContain('HYG-1115');
    expect(said).toContain(told);
  });

  test('names a state and a mirror that are only here', async () => {
    const sqlite = 'name: northwind\nconnections:\n  sq: { type: sqlite, path: s.db }\nstate: { type: sql, connection: sq }\n';
    expect(await refused({ 'hygge.yml': sqlite })).toContain('The state is kept in a database on this machine.');
    const mirror = 'name: northwind\njournal: { mirror: logs }\n';
    expect(await refused({ 'hygge.yml': mirror })).toContain('The journal’s mirror is on this machine.');
  });

  test('without settings says how to make them, and that helps', async () => {
    using workspace = new TestWorkspace(crm);
    const { code, stderr } = await render(workspace);
    expect(code).toBe(2);
    expect(stderr).toContain('HYG-1110');
    expect(stderr).toContain('hygge infra init --target prod');
    expect((await workspace.run(['infra', 'init', '--target', 'prod'])).code).toBe(0);
  });

  test('tells a misspelt key and what else is wrong with the settings, with the line', async () => {
    expect(await refused({ 'infra/prod.yml': `${settings}memroy: 4096\n` })).toMatch(/infra\/prod\.yml:5:1 {2}HYG-1010[\s\S]*memory/);
    expect(await refused({ 'infra/prod.yml': `${settings}memory: 1000\n` })).toContain('infra/prod.yml:5:9  HYG-1013');
  });

  test('names an account that is in no known group, with the flow’s line and the setting to add', async () => {
    const told = await refused({ 'infra/prod.yml': settings.replace('northwind: {', 'other: {') });
    expect(told).toContain('flows/crm/flow.yml:1:7  HYG-1111');
    expect(told).toContain('accounts: { northwind: { resource_group: … } }');
  });

  test.each([['lake.dfs.core.chinacloudapi.cn', 'abfss://raw@lake.dfs.core.chinacloudapi.cn/x']])(
    'tells an account that is not in the cloud of the templates: %s',
    async (host, home) => {
      const known = settings.replace('accounts: {', 'accounts: { lake: { resource_group: lake },');
      const told = await refused({ 'infra/prod.yml': known, 'flows/far/flow.yml': `home: ${home}\nstore: ${store('far')}\n` });
      expect(told).toContain('flows/far/flow.yml:1:7  HYG-1132');
      expect(told).toContain(host);
      // Whoever signs in there with something of their own asks nothing of the templates.
      const keyed = `home: { path: "${home}", storage_account_key: "\${KEY}" }\nstore: ${store('far')}\n`;
      using workspace = new TestWorkspace({
        'infra/prod.yml': `${known}network: { address_space: 10.20.0.0/24 }\n`,
        'flows/far/flow.yml': keyed,
      });
      const { code, stderr } = await render(workspace);
      expect([code, stderr]).toEqual([0, '']);
      expect(readFileSync(workspace.path('out/network.bicep'), 'utf8')).not.toContain("of: 'lake'");
    },
  );

  test.each([
    [
      'a secret of the config',
      {
        'infra/prod.yml': `${settings}variables: { KEY: canary-4d7 }\n`,
        'flows/keyed/flow.yml': `home: { path: "${store('raw')}", storage_account_key: "\${KEY}" }\nstore: ${store('keyed')}\n`,
      },
      'infra/prod.yml:5:14  HYG-1112',
    ],
    [
      'a connection string',
      { 'infra/prod.yml': `${settings}tags: { note: "AccountKey=canary-4d7xyzabc" }\n` },
      'infra/prod.yml:5:15  HYG-1112',
    ],
    [
      'one in a flow',
      { 'flows/keyed/flow.yml': `home: { path: "${store('raw')}", sas_token: canary-4d7 }\nstore: ${store('keyed')}\n` },
      'flows/keyed/flow.yml:1:',
    ],
  ])('refuses a secret that is written out: %s', async (_what, files, place) => {
    const told = await refused(files);
    expect(told).toContain(place);
    expect(told).not.toContain('canary');
  });

  test('keeps the right to read a container or a folder next to the right to write in a folder of it', async () => {
    using workspace = new TestWorkspace({
      'infra/prod.yml': `${settings.replace('resource_group: lake', 'resource_group: lake, rights: folder')}apps: { erp-twice: [erp, next] }\n`,
      'flows/crm/flow.yml': `home: "abfss://crm@northwind.dfs.core.windows.net/*.parquet"\nstore: ${store('crm')}\n`,
      'flows/deep/flow.yml': `home: "abfss://deep@northwind.dfs.core.windows.net/out/*.parquet"\nstore: ${store('deep')}/crm\n`,
      'flows/erp/flow.yml': `home: ${store('landing')}\nstore: ${store('erp')}\n`,
      'flows/next/flow.yml': `home: ${store('erp')}\nstore: ${store('next')}\n`,
    });
    expect((await render(workspace)).stderr).toBe('');
    const told = readFileSync(workspace.path('out/modules/rights-lake.bicep'), 'utf8').split('\n');
    expect(told.filter((line) => line.startsWith('// Storage Blob Data'))).toEqual([
      '// Storage Blob Data Contributor, for the store of crm.crm, below out/',
      '// Storage Blob Data Reader, for the home of crm.crm',
      '// Storage Blob Data Contributor, for the store of deep.deep, below out/crm/',
      '// Storage Blob Data Reader, for the home of deep.deep, below out/',
      // Who writes in a folder reads it as well.
      '// Storage Blob Data Contributor, for the store of erp.erp, below out/',
      '// Storage Blob Data Reader, for the home of erp.erp, below out/',
      '// Storage Blob Data Contributor, for the store of next.next, below out/',
    ]);
  });

  test('gives each of two resource groups of one name, in two subscriptions, the rights that are in it', async () => {
    const there = '22222222-2222-2222-2222-222222222222';
    using workspace = new TestWorkspace({
      'infra/prod.yml': settings.replace('accounts: {', `accounts: { far: { resource_group: lake, subscription: ${there} },`),
      'flows/crm/flow.yml': `home: ${store('crm')}\nstore: "abfss://crm@far.dfs.core.windows.net/out"\n`,
    });
    expect((await render(workspace)).stderr).toBe('');
    const apps = readFileSync(workspace.path('out/apps.bicep'), 'utf8');
    const modules = [...apps.matchAll(/'(modules\/rights-[^']+)' = \{\s+scope: resourceGroup\('(.)[^']+', '(\w+)'\)/g)];
    const accounts = (module: string) => [...readFileSync(workspace.path('out', module), 'utf8').matchAll(/name: '(northwind|far)'/g)];
    expect(
      modules.map(([, module = '', subscription, group]) => [subscription, group, ...accounts(module).map(([, name]) => name)]),
    ).toEqual([
      ['1', 'lake', 'northwind'],
      ['2', 'lake', 'far'],
    ]);
  });

  test('refuses apps that do not go together with the flows', async () => {
    const two = { 'flows/erp/flow.yml': `home: ${store('incoming')}\nstore: ${store('erp')}\n` };
    expect(await refused({ ...two, 'infra/prod.yml': `${settings}apps: { nightly: [crm, epr] }\n` })).toMatch(
      /HYG-1113[\s\S]*Did you mean `erp`/,
    );
    expect(await refused({ ...two, 'infra/prod.yml': `${settings}apps: { a: [crm], b: [crm, erp] }\n` })).toContain('in two apps');
    expect(await refused({ ...two, 'infra/prod.yml': `${settings}apps: { erp: [crm] }\n` })).toContain('has the name of a flow');
  });

  test.each([
    ['a home that is a folder', { 'flows/local/flow.yml': `home: data\nstore: ${store('local')}\n` }, 'flows/local/flow.yml:1'],
    ['state in files', { 'hygge.yml': 'name: test\nstate: { type: files }\n' }, 'hygge.yml:2'],
    [
      'an endpoint of this machine',
      {
        'flows/s3/flow.yml': `home: { path: "s3://in/x", endpoint: "http://127.0.0.1:9000", region: eu-central-1, credential: anonymous }\nstore: ${store('local')}\n`,
      },
      'flows/s3/flow.yml:1',
    ],
  ])('names what could not run in the cloud: %s', async (_what, files, place) => {
    const told = await refused(files);
    expect(told).toMatch(new RegExp(`${place.replaceAll('.', '\\.')}:\\d+ {2}HYG-1115`));
  });

  test('leaves out of a target the flows that its message names, by the line that it advises', async () => {
    const local = {
      'flows/hello/flow.yml': 'home: data\nstore: out\n',
      'flows/self/flow.yml': `home: { path: "s3://in/x", endpoint: "http://127.0.0.1:9000", region: eu-central-1, credential: anonymous }\nstore: ${store('local')}\n`,
    };
    using workspace = new TestWorkspace({ ...crm, ...local, 'infra/prod.yml': settings });
    const told = await render(workspace);
    const advised = new Set(
      [...told.stderr.matchAll(/Or leave it out of prod: `(exclude: [^`]+)` in (\S+)/g)].map(([, line, file]) => `${file} ${line}`),
    );
    expect([told.code, [...advised]]).toEqual([2, ['infra/prod.yml exclude: [hello, self]']]);
    workspace.write({ 'infra/prod.yml': `${settings}exclude: [hello, self]\n` });
    expect(await render(workspace)).toMatchObject({ code: 0, stderr: '' });
    const rendered = readFileSync(workspace.path('out/apps.bicep'), 'utf8');
    expect([rendered.includes('crm'), rendered.includes('hello'), rendered.includes('self')]).toEqual([true, false, false]);
  });

  test.each([
    ['exclude: [crn]', /`exclude` names `crn`, and there is no such flow[\s\S]*Did you mean `crm`/],
    ['exclude: [crm]', /`exclude` names every flow: nothing is left to deploy/],
    ['exclude: [crm]\napps: { nightly: [crm] }', /The app `nightly` serves `crm`, which `exclude` leaves out/],
  ])('refuses %s', async (lines, told) => {
    expect(await refused({ 'infra/prod.yml': `${settings}${lines}\n` })).toMatch(told);
  });

  test('offers to leave nothing out where the state is what is only here', async () => {
    expect(await refused({ 'hygge.yml': 'name: test\nstate: { type: files }\n' })).not.toContain('leave it out');
  });

  test('wants values for what says where and when, and knows nothing of this machine’s', async () => {
    const flow = {
      'flows/x/flow.yml': `home: "abfss://incoming@northwind.dfs.core.windows.net/\${FOLDER}"\nstore: ${store('xray')}\nschedule: "%WHEN%"\n`,
      '.env': 'FOLDER=here\n',
    };
    expect(await refused(flow)).toMatch(/flows\/x\/flow\.yml:1:\d+ {2}HYG-1116[\s\S]*`FOLDER` has no value in infra\/prod\.yml/);
    expect(await refused({ ...flow, 'infra/prod.yml': `${settings}variables: { FOLDER: a }\n` })).toContain('`WHEN` has no value');
    expect(await refused({ 'infra/prod.yml': `${settings}variables: { NOBODY: a }\n` })).toContain('infra/prod.yml:5:14  HYG-1116');
  });

  test('says of a whole address in a variable that it has no value, and nothing else of it; with one it has rights', async () => {
    const files = {
      'hygge.yml': 'name: test\nconnections: { pg: { type: postgres, url: "${PG_URL}" } }\n',
      'flows/x/flow.yml': `home: { connection: pg, table: "public.{entity}", batch_size: "\${SIZE}" }\nstore: ${store('xray')}\nentities: [a]\n`,
    };
    const told = await refused(files);
    expect(told.match(/HYG-\d{4}/g)).toEqual(['HYG-1116', 'HYG-1116']);
    expect(told).toMatch(
      /hygge\.yml:2:\d+[\s\S]*`PG_URL` has no value in infra\/prod\.yml[\s\S]*variables: \{ PG_URL: … \}[\s\S]*connection_string/,
    );
    const settled = `${settings}variables: { PG_URL: "postgres://loader@db.example.com/erp", SIZE: "1000" }\n`;
    using workspace = new TestWorkspace({ ...crm, ...files, 'infra/prod.yml': settled });
    expect((await render(workspace)).code).toBe(0);
    expect(readFileSync(workspace.path('out/by-hand/postgres-db-example-com-erp.sql'), 'utf8')).toContain('TO "loader"');
  });

  test('is not written next to flows: the folder would be taken for one', async () => {
    using workspace = new TestWorkspace({ ...crm, 'infra/prod.yml': settings });
    for (const out of ['flows/prod', 'flows', './flows/../flows/prod/deep']) {
      const { code, stderr } = await workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', out]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/HYG-1901[\s\S]*--out out\/prod/)]);
    }
    expect((await workspace.run(['deploy', '--target', 'prod', '--dry-run', '--out', 'flows/prod'])).code).toBe(2);
    expect((await workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'flows-prod'])).code).toBe(0);
  });

  test('names two settings that the platform takes for one, and a name of its own', async () => {
    const reading = (a: string, b: string) => ({
      'flows/x/flow.yml': `home: "abfss://incoming@northwind.dfs.core.windows.net/\${${a}}/\${${b}}"\nstore: ${store('xray')}\n`,
      'infra/prod.yml': `${settings}variables: { ${a}: a, ${b}: b }\n`,
    });
    expect(await refused(reading('Lake', 'LAKE'))).toContain('`LAKE` and `Lake`');
    expect(await refused(reading('AZURE_CLIENT_ID', 'LAKE'))).toContain('HYG-1114');
  });

  test('names a server that is never called, and servers without a network', async () => {
    const servers = 'servers: { erp: { resource_group: databases } }\n';
    const space = 'network: { address_space: 10.20.0.0/24 }\n';
    expect(await refused({ 'infra/prod.yml': `${settings}${space}${servers}` })).toMatch(/infra\/prod\.yml:6:12 {2}HYG-1118[\s\S]*`erp`/);
    expect(await refused({ 'infra/prod.yml': `${settings}${servers}` })).toContain('network: { address_space: 10.20.0.0/24 }');
  });

  test.each(['10.20.0.0/8', '10.20.0.0/27', '10.20.0.1/24'])('refuses a network that could not be divided: %s', async (space) => {
    expect(await refused({ 'infra/prod.yml': `${settings}network: { address_space: "${space}" }\n` })).toContain(
      'infra/prod.yml:5:27  HYG-1013',
    );
  });

  test('without a fixed address there is none, and without anything to call no endpoint', async () => {
    const own = `${settings}network: { address_space: 10.20.0.0/26, fixed_address: false }\n`;
    const outside = 'home: gs://landing/crm\nstore: gs://settled/crm\n';
    using workspace = new TestWorkspace({ 'flows/crm/flow.yml': outside, 'infra/prod.yml': own });
    expect((await render(workspace)).code).toBe(0);
    const network = readFileSync(workspace.path('out/network.bicep'), 'utf8');
    expect(network).not.toMatch(/publicIP|natGateway|privateEndpoints|privateDnsZones/);
    expect(network).toContain('cidrSubnet(addressSpace, 27, 0)');
  });

  test('endpoints are made of whom the flows call, however it is written; asked for where the owner approves, and none where none is wanted', async () => {
    const files = {
      'hygge.yml':
        'name: test\nconnections: { my: { type: mysql, host: ERP.mysql.database.azure.com, database: erp, user: loader, password: "${MY_PASSWORD}" } }\nnotify: { webhook: "${TEAMS}" }\n',
      'flows/x/flow.yml': `home: { connection: my, table: "erp.{entity}" }\nstore: ${store('xray')}\nentities: [a]\n`,
    };
    const target = (account: string, server: string) =>
      `${settings.replace('resource_group: lake', `resource_group: lake${account}`)}network: { address_space: 10.20.0.0/24 }\nservers: { erp: { resource_group: databases${server} } }\n`;
    using workspace = new TestWorkspace({ ...crm, ...files, 'infra/prod.yml': target('', ', endpoint: asked') });
    const first = await render(workspace);
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringMatching(
        /az provider register --subscription 1111\S+ --namespace Microsoft\.App[\s\S]*Endpoints of erp wait for the approval/,
      ),
    ]);
    const network = () => readFileSync(workspace.path('out/network.bicep'), 'utf8');
    const asked = () => [...network().matchAll(/service: '(\w+)'[\s\S]*?asked: (\w+)/g)].map(([, service, is]) => `${service} ${is}`);
    expect([asked(), network()]).toEqual([
      ['mysqlServer true', 'blob false', 'dfs false'],
      expect.stringContaining("'privatelink.mysql.database.azure.com'"),
    ]);
    // Whom only a secret names is said to be missing in the list of hosts.
    expect(readFileSync(workspace.path('out/hosts.txt'), 'utf8')).toContain('\n# and the host that the secret TEAMS names\n');
    workspace.write({ 'infra/prod.yml': target(', endpoint: none', '') });
    expect((await render(workspace)).code).toBe(0);
    expect([asked(), network()]).toEqual([['mysqlServer false'], expect.not.stringContaining('privatelink.blob')]);
    workspace.write({ 'infra/prod.yml': target(', endpoint: none', ', endpoint: none') });
    expect((await render(workspace)).code).toBe(0);
    expect(network()).not.toContain('privateEndpoints');
  });

  test('storage is kept in zones, but where a region is said to have none', async () => {
    using workspace = new TestWorkspace({ ...crm, 'infra/prod.yml': settings });
    const sku = async () => {
      expect((await render(workspace)).code).toBe(0);
      return /^param storageSku = '(.*)'$/m.exec(readFileSync(workspace.path('out/data.bicepparam'), 'utf8'))?.[1];
    };
    expect(await sku()).toBe('Standard_ZRS');
    workspace.write({ 'infra/prod.yml': `${settings}redundancy: local\n` });
    expect(await sku()).toBe('Standard_LRS');
    expect(readFileSync(workspace.path('out/data.bicep'), 'utf8')).toContain('name: storageSku\n');
  });

  test('a network with room for fewer endpoints than there are is told', async () => {
    const names = Array.from({ length: 14 }, (_, at) => `lake${at}`);
    const flows = names.map((name) => [
      `flows/${name}/flow.yml`,
      `home: abfss://raw@${name}.dfs.core.windows.net/a\nstore: ${store(name)}\n`,
    ]);
    const accounts = names.map((name) => `${name}: { resource_group: lake }`).join(', ');
    const network = (space: string) =>
      `${settings.replace('accounts: {', `accounts: { ${accounts},`)}network: { address_space: ${space} }\n`;
    const told = await refused({ ...Object.fromEntries(flows), 'infra/prod.yml': network('10.20.0.0/26') });
    expect(told).toMatch(
      /infra\/prod\.yml:5:\d+ {2}HYG-1118[\s\S]*30 private endpoints are needed, but half of 10\.20\.0\.0\/26 has room for 27/,
    );
    using workspace = new TestWorkspace({ ...Object.fromEntries(flows), 'infra/prod.yml': network('10.20.0.0/25') });
    expect((await render(workspace)).code).toBe(0);
  });

  test('a workspace that does not load renders nothing', async () => {
    expect(await refused({ 'flows/third/flow.yml': 'home: s3://landing/x\nstroe: lake\n' })).toContain('flows/third/flow.yml:2');
  });

  test('writes only what changed, takes away what is no more, and does not overwrite what was edited unless told to', async () => {
    using workspace = new TestWorkspace({ ...crm, 'infra/prod.yml': settings });
    expect((await render(workspace)).code).toBe(0);
    expect((await render(workspace)).stdout).toContain('8 unchanged');
    workspace.write({ 'out/apps.bicep': `${readFileSync(workspace.path('out/apps.bicep'), 'utf8')}// mine\n` });
    const edited = await render(workspace);
    expect(edited.code).toBe(2);
    expect(edited.stderr).toContain('HYG-1117');
    expect(edited.stderr).toContain('out/apps.bicep has changed since it was rendered.');
    expect(edited.stderr).toContain('hygge infra render azure --target prod --out out --force');
    expect((await render(workspace, '--force')).code).toBe(0);
    expect(readFileSync(workspace.path('out/apps.bicep'), 'utf8')).not.toContain('mine');
    workspace.write({ 'infra/prod.yml': settings.replace('resource_group: lake', 'resource_group: other') });
    expect((await render(workspace)).stdout).toContain('- out/modules/rights-lake.bicep');
    expect(readdirSync(workspace.path('out/modules')).sort()).toEqual(['app.bicep', 'rights-other.bicep']);
    workspace.write({ 'theirs/README.md': 'precious\n' });
    const theirs = await workspace.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'theirs']);
    expect([theirs.code, readFileSync(workspace.path('theirs/README.md'), 'utf8')]).toEqual([2, 'precious\n']);
  });

  test('tells programs what it wrote and which secrets the vault has to hold', async () => {
    using workspace = new TestWorkspace({
      ...crm,
      'infra/prod.yml': settings,
      'hygge.yml': 'name: test\nnotify: { webhook: "${HOOK}" }\n',
    });
    const { stdout } = await render(workspace, '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      target: 'prod',
      directory: 'out',
      removed: [],
      secrets: [{ variable: 'HOOK', name: 'HOOK' }],
    });
  });
});

interface Granted {
  readonly principal: string;
  readonly scope: string;
}

test('with flows of hostile names no identity has a right outside of its config', async () => {
  const name = fc.oneof(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/),
    fc.stringMatching(/^a{32}[a-c_-]{1,28}$/),
    fc.stringMatching(/^[ab][-_]{1,3}[c]{1,3}$/),
  );
  const [flows = []] = fc.sample(fc.uniqueArray(name, { minLength: 80, maxLength: 80, selector: (one) => one.toLowerCase() }), {
    numRuns: 1,
    seed: 20_261_123,
  });
  const files = flows.map((flow, at) => [
    `flows/${flow}/flow.yml`,
    `home: { path: "${store(`in-${at}`)}" }\nstore: { path: "${store(`out-${at}`)}" }\nnotify: { webhook: "\${HOOK_${at}}" }\n`,
  ]);
  using workspace = new TestWorkspace({ ...Object.fromEntries(files), 'infra/prod.yml': settings });
  const { code, stderr } = await render(workspace);
  expect([code, stderr]).toEqual([0, '']);
  const apps = readFileSync(workspace.path('out/apps.bicep'), 'utf8');
  const rights = readFileSync(workspace.path('out/modules/rights-lake.bicep'), 'utf8');
  const containers = new Map(
    [...rights.matchAll(/resource (\w+) '[^']+containers@[^']+' existing = \{\n {2}parent: \w+\n {2}name: '([^']+)'/g)].map(
      ([, symbol = '', container = '']) => [symbol, container],
    ),
  );
  const granted = [...rights.matchAll(/name: guid\((\w+)\.id, (\w+), (\w+)\)\n {2}scope: \1\n/g)].map(
    ([, scope = '', principal = '']): Granted => ({ principal, scope: containers.get(scope) ?? '' }),
  );
  const principals = new Map(
    [...apps.matchAll(/^ {4}(\w+): (\w+)\.properties\.principalId$/gm)].map(([, parameter = '', identity = '']) => [parameter, identity]),
  );
  const served = new Map(
    [...apps.matchAll(/id: (\w+)\.id\n[\s\S]*?HYGGE_FLOWS: '([^']+)'[\s\S]*?secrets: \[\n {6}\{\n {8}setting: '([^']+)'/g)].map(
      ([, identity = '', flow = '', secret = '']) => [flow, { identity, secret }],
    ),
  );
  expect([granted.length, principals.size, served.size]).toEqual([160, 80, 80]);
  for (const [at, flow] of flows.entries()) {
    const own = served.get(flow);
    expect(own?.secret).toBe(`HOOK_${at}`);
    const mine = granted.filter(({ principal }) => principals.get(principal) === own?.identity).map(({ scope }) => scope);
    expect(mine.sort(), flow).toEqual([`in-${at}`, `out-${at}`]);
  }
});

test.each([
  ['0 0 2 * * *', 86_400, 86_400],
  ['0 */15 * * * *', 900, 900],
  ['0 0 6 * * 1-5', 259_200, 86_400],
  ['0 0 6,18 * * *', 43_200, 43_200],
  ['0 0 6 * * 0', 604_800, 604_800],
])('between two times of %s lie at most %i seconds, at least %i', (schedule, longest, shortest) => {
  expect(longestGap(schedule)).toEqual({ longest, shortest });
});

test('the first of a month is in no week that could be told', () => {
  expect(longestGap('0 0 6 1 * *')).toBeNull();
});

test('the roles of every app are those that Azure has under these ids', () => {
  const known = new Map([
    ...Object.entries(roleIds),
    ['Key Vault Secrets User', '4633458b-17de-408a-b874-0445c86b69e6'],
    ['Monitoring Metrics Publisher', '3913510d-42f4-4e42-8a64-420c390055eb'],
  ]);
  const used = [...appModule.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g)].map(([id]) => id);
  expect(used.length).toBe(6);
  expect(used.filter((id) => ![...known.values()].includes(id))).toEqual([]);
  expect(dataBody).not.toMatch(/roleAssignments/);
});
