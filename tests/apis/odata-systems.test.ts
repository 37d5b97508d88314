import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { columnsOf, odataConfig } from '../../src/apis/odata/config.ts';
import { type Edm, readEdm } from '../../src/apis/odata/edm.ts';
import { scopeOf } from '../../src/apis/requests/entra.ts';
import {
  businessCentralFacts,
  businessCentralMetadata,
  dataverseFacts,
  dataverseMetadata,
  graphMetadata,
} from '../support/apis/odata-facts.ts';
import { businessCentral, dataverse, type ODataSystem, sharepointList } from '../support/apis/odata-systems.ts';
import { here } from '../support/here.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface Manifest {
  readonly base_url: string;
  readonly auth: { readonly type: 'entra' };
  readonly defaults: Readonly<Record<string, unknown>> & { readonly watermark: Readonly<Record<string, unknown>> };
  readonly entities: Readonly<
    Record<string, { readonly watermark?: { readonly key?: readonly string[] } | null; readonly endpoint?: string } | null>
  >;
}

const manifestOf = (name: string) =>
  parse(readFileSync(join(import.meta.dirname, '..', '..', 'src', 'apis', 'manifests', `${name}.yml`), 'utf8')) as Manifest;

/** What the manifest and the metadata make of an entity. */
function columnsIn({ defaults }: Manifest, edm: Edm, endpoint: string) {
  const { watermark: _, ...keys } = defaults;
  const config = odataConfig.parse({ ...keys, base_url: 'https://host/', endpoint });
  return columnsOf(edm, config, endpoint);
}

describe('the manifests say what the published references say', () => {
  test.each([
    ['dataverse', dataverseFacts, dataverseMetadata(false), ''],
    ['business_central', businessCentralFacts, businessCentralMetadata(), 'companies(5106f90a)/'],
  ] as const)('%s: each entity set, its key, and its time of change', (name, facts, metadata, before) => {
    const manifest = manifestOf(name);
    const edm = readEdm(metadata);
    expect(Object.keys(manifest.entities).sort()).toEqual(facts.map(({ set }) => set).sort());
    for (const { set, key, properties } of facts) {
      const { watermark, endpoint } = manifest.entities[set] ?? {};
      const found = columnsIn(manifest, edm, endpoint ?? `${before}${set}`);
      expect([set, found?.keys]).toEqual([set, [key]]);
      if (watermark === null) continue;
      const merged = { ...manifest.defaults.watermark, ...watermark } as { readonly key?: readonly string[]; readonly column?: string };
      expect([set, merged.key]).toEqual([set, [key]]);
      const column = merged.column ?? 'modifiedon';
      expect([set, properties[column]]).toEqual([set, 'Edm.DateTimeOffset']);
      const amount = found?.columns.find(({ sourceType }) => sourceType === 'Edm.Decimal');
      if (amount !== undefined) expect(amount.type.kind).toBe('decimal');
    }
  });

  test('sharepoint_lists: an item, with the columns of its list inside and without the facet of those that are gone', () => {
    const found = columnsIn(manifestOf('sharepoint_lists'), readEdm(graphMetadata()), 'sites/a,b,c/lists/Tasks/items');
    expect(found?.keys).toEqual(['id']);
    expect(found?.columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'id string',
      'name string',
      'webUrl string',
      'createdDateTime timestamp',
      'lastModifiedDateTime timestamp',
      'eTag string',
      'fields json',
    ]);
  });

  test.each([
    ['dataverse', 'https://org.crm4.dynamics.com/api/data/v9.2/', 'https://org.crm4.dynamics.com/.default'],
    [
      'business_central',
      'https://api.businesscentral.dynamics.com/v2.0/t/production/api/v2.0/',
      'https://api.businesscentral.dynamics.com/.default',
    ],
    ['sharepoint_lists', 'https://graph.microsoft.com/v1.0/', 'https://graph.microsoft.com/.default'],
  ])('%s signs in for the origin of its address', (name, base, scope) => {
    expect(scopeOf(manifestOf(name).auth as Parameters<typeof scopeOf>[0], base)).toBe(scope);
  });
});

let system: ODataSystem;
let workspace: TestWorkspace;
beforeEach(() => {
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await system?.[Symbol.asyncDispose]();
});

function write(type: string, { home = '', flow = '', entities = '' }) {
  workspace.write({
    'hygge.yml': `name: test\nconnections: { there: { type: ${type}, base_url: "${system.url}", auth: { type: bearer, token: t0k3n } } }\n`,
    'flows/f/flow.yml': `home: { connection: there${home} }\nstore: { type: sqlite, path: out.db }\n${flow}\nentities: [${entities}]\n`,
  });
}

const run = (args: readonly string[]) => inProcess(args, workspace.root, {});
const go = (...more: readonly string[]) => here(workspace, 'go', ...more);
async function settled(table: string, select: string): Promise<readonly string[]> {
  const [rows = []] = asked(workspace.path('out.db'), `select ${select} as one from "${table}" order by 1`);
  return rows.map(({ one }) => String(one));
}

const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const at = (minute: number) => new Date(Date.parse('2026-03-01T12:00:00Z') + minute * 60_000).toISOString().replace('.000', '');

describe('Dataverse', () => {
  const account = (n: number, name: string) => ({
    ...{ accountid: guid(n), name, modifiedon: at(n), createdon: at(0), versionnumber: 9_007_199_254_740_000 + n },
    ...{ _ownerid_value: guid(99), exchangerate: '1.000000000001', creditonhold: n % 2 === 0 },
  });
  beforeEach(async () => {
    system = await dataverse();
    for (const n of [1, 2, 3, 4, 5]) system.put('accounts', account(n, `a${n}`));
  });
  const incremental = { home: ', page_size: 2', flow: 'run_type: incremental', entities: 'accounts' };

  test('what changed and what was deleted settles, by delta links over pages of the size that was asked for', async () => {
    write('dataverse', incremental);
    expect((await go()).summary.rows).toBe(5);
    expect(await settled('accounts', `name || ' ' || exchangerate || ' ' || "_ownerid_value"`)).toContain(`a1 1.000000000001 ${guid(99)}`);
    for (const n of [1, 2, 6]) system.put('accounts', account(n, `b${n}`));
    system.put('accounts', account(7, 'comes and goes'));
    for (const n of [3, 4, 7]) system.remove('accounts', guid(n));
    expect((await go()).code).toBe(0);
    expect(await settled('accounts', 'name')).toEqual(['a5', 'b1', 'b2', 'b6']);
    const before = system.api.seen.length;
    expect((await go()).summary.skip).toBe(1);
    expect(system.api.seen.slice(before).map(({ path, query }) => `${path.split('/').at(-1)} ${Object.keys(query)}`)).toEqual([
      '$metadata ',
      'accounts $select,$deltatoken',
    ]);
    expect(system.refused).toEqual([]);
  });

  test('a table that is not tracked is read by modifiedon, and its deleted rows stay, as the plan says', async () => {
    write('dataverse', {
      home: ', page_size: 2, window: { slice: 1d }, not_seen: [deleted rows]',
      flow: 'run_type: incremental\nwatermark: { column: modifiedon, initial: "2026-02-27", lag: 5m, key: [accountid] }',
      entities: 'accounts',
    });
    system.date = at(15);
    expect((await run(['go', '--dry-run'])).stdout).toContain('not seen: deleted rows');
    expect((await go()).summary.rows).toBe(5);
    system.put('accounts', { ...account(2, 'changed'), modifiedon: at(20) });
    system.remove('accounts', guid(1));
    system.date = at(30);
    expect((await go()).code).toBe(0);
    expect(await settled('accounts', 'name')).toEqual(['a1', 'a3', 'a4', 'a5', 'changed']);
    expect(system.refused).toEqual([]);
  });

  test('a table that the manifest does not list is read by its name, and one that is not there is told with what is', async () => {
    write('dataverse', { flow: 'run_type: full_drop', entities: 'leads, teems' });
    system.put('leads', { leadid: guid(1), fullname: 'Ada', modifiedon: at(1), createdon: at(1), versionnumber: 1 });
    const ran = await run(['go']);
    expect(ran.stdout).toContain('There are 13 names, among them');
    expect(await settled('leads', 'fullname')).toEqual(['Ada']);
  });

  test('generate entities lists the tables with their keys and what may be a watermark', async () => {
    write('dataverse', { entities: 'accounts' });
    expect((await run(['generate', 'entities', '--flow', 'f', '--like', 'sales*'])).code).toBe(0);
    const text = readFileSync(workspace.path('flows/f/entities/salesorders.yml'), 'utf8');
    expect(text).toContain('# primary key: salesorderid');
    expect(text).toContain('# watermark: { column: modifiedon, key: [salesorderid] }');
    expect(text).not.toContain('home:');
    system.isAnnotated = true;
    expect((await run(['generate', 'entities', '--flow', 'f', '--like', 'teams'])).code).toBe(0);
    const tracked = readFileSync(workspace.path('flows/f/entities/teams.yml'), 'utf8');
    expect(tracked).toContain('# Changes and deletes, as the source tracks them:');
    expect(tracked).toContain('# watermark: { changes: delta_links, key: [teamid] }');
  });
});

describe('Business Central', () => {
  const company = '5106f90a-1f2a-4c61-9a01-000000000001';
  const customer = (n: number, name: string, minute = n) => ({
    ...{ id: guid(n), number: `C${n}`, displayName: name, balanceDue: '123456789012345.67891', lastModifiedDateTime: at(minute) },
  });
  beforeEach(async () => {
    system = await businessCentral(company);
    for (const n of [1, 2, 3, 4, 5]) system.put('customers', customer(n, `c${n}`));
    system.put('companies', { id: company, name: 'CRONUS', displayName: 'Cronus' });
  });
  const home = `, page_size: 2, path_params: { company: ${company} }`;

  test('a company is read page by page from a replica, and again for what changed', async () => {
    write('business_central', { home, flow: 'run_type: incremental', entities: 'customers' });
    system.date = at(20);
    expect((await go()).summary.rows).toBe(5);
    expect(await settled('customers', `"displayName" || ' ' || "balanceDue"`)).toContain('c1 123456789012345.67891000000000000000');
    system.put('customers', { ...customer(2, 'changed'), lastModifiedDateTime: at(15) });
    system.remove('customers', guid(1));
    system.date = at(40);
    expect((await go()).code).toBe(0);
    expect(await settled('customers', '"displayName"')).toEqual(['c1', 'c3', 'c4', 'c5', 'changed']);
    const filters = system.api.seen.flatMap(({ query }) => query.$filter ?? []);
    expect(filters.some((one) => one.includes('null'))).toBe(false);
    expect(system.refused).toEqual([]);
    expect((await run(['go', '--dry-run'])).stdout).toContain('not seen: deleted records');
  });

  test('companies are read without one, and a flow without its company is told so', async () => {
    write('business_central', { flow: 'run_type: full_drop', entities: 'companies' });
    expect((await go()).summary.rows).toBe(1);
    write('business_central', { flow: 'run_type: full_drop', entities: 'customers' });
    const { stdout, stderr } = await run(['go']);
    expect(stdout + stderr).toContain('path_params with a value for company');
  });
});

describe('SharePoint lists', () => {
  const [site, list] = ['contoso.sharepoint.com,2C712604,2D2244C3', 'Tasks'];
  const item = (n: number, title: string) => ({
    ...{
      id: String(n),
      webUrl: `https://contoso.sharepoint.com/Lists/Tasks/${n}_.000`,
      createdDateTime: at(0),
      lastModifiedDateTime: at(n),
    },
    ...{ eTag: `"${n},1"`, fields: { Title: title, Amount: 9_007_199_254_740_991 } },
  });
  const home = `, path_params: { site: "${site}", list: ${list} }`;
  beforeEach(async () => {
    system = await sharepointList(site, list);
    for (const n of [1, 2, 3, 4, 5]) system.put('items', item(n, `t${n}`));
  });

  test('items settle with the columns of their list, and those that are gone go', async () => {
    write('sharepoint_lists', { home, flow: 'run_type: incremental', entities: 'items' });
    expect((await go()).summary.rows).toBe(5);
    expect(await settled('items', `fields->>'Title' || coalesce(name, '–')`)).toEqual(['t1–', 't2–', 't3–', 't4–', 't5–']);
    system.put('items', item(2, 'changed'));
    system.put('items', item(6, 't6'));
    system.remove('items', '3');
    system.put('items', item(2, 'again'));
    expect((await go()).code).toBe(0);
    expect(await settled('items', `fields->>'Title'`)).toEqual(['again', 't1', 't4', 't5', 't6']);
    expect((await go()).summary.skip).toBe(1);
    expect(system.refused).toEqual([]);
  });

  test('a token that is too old stops the run and asks for a full load, although Graph offers another address', async () => {
    write('sharepoint_lists', { home, flow: 'run_type: incremental', entities: 'items' });
    await go();
    system.remove('items', '1');
    system.expire();
    expect((await go()).error).toBe('HYG-3660');
    expect(await settled('items', 'id')).toEqual(['1', '2', '3', '4', '5']);
    expect((await go('-d', '-e', 'f.items')).code).toBe(0);
    expect(await settled('items', 'id')).toEqual(['2', '3', '4', '5']);
  });
});
