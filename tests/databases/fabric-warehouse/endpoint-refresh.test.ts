import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../../src/cli/program/run.ts';
import { describeNewest, type FreshDescription } from '../../../src/engine/contracts/steps.ts';
import { fakeSurroundings } from '../../cli/surroundings.ts';
import { type Azure, client, workspace as sales, tenant } from '../../support/azure-hosts/azure.ts';
import { fabricApi, type MirroredDatabase } from '../../support/fabric-replicator/fabric-api.ts';
import type { EndpointApiOptions, EndpointTable } from '../../support/fabric-warehouse/endpoint-api.ts';
import { bronzeEndpoint, startEndpointsInAzure } from '../../support/fabric-warehouse/endpoint-hosts.ts';
import { inProcess } from '../../support/in-process.ts';
import { forgetClients } from '../../support/test-network.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, servedFabric } from './support.ts';

const orders: EndpointTable = { schema: 'dbo', name: 'orders' };
const other: EndpointTable = { schema: 'sales', name: 'orders' };
const failure = { errorCode: 'DeltaLogUnreadable', message: 'The log cannot be read.' };
const closing: (() => PromiseLike<void>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

interface SceneOptions extends Partial<Omit<EndpointApiOptions, 'bearer'>> {
  readonly tables?: readonly EndpointTable[];
  readonly workspace?: string | null;
  readonly item?: 'endpoint' | 'warehouse';
  readonly kind?: 'U' | 'V';
  readonly mirrored?: readonly MirroredDatabase[];
}

/** The SQL endpoint of the lakehouse `bronze` with two rows in `dbo.orders`, whose list of endpoints is closed to the app that asks. */
async function scene({
  tables = [orders],
  workspace = sales.name,
  item = 'endpoint',
  mirrored = [],
  kind = 'U',
  ...options
}: SceneOptions = {}) {
  const endpoint = bronzeEndpoint(tables.map((one) => ({ ...one })));
  let entra: Azure['entra'] | undefined;
  const bearer = (token: string) => entra?.bearer(token);
  const at = await startEndpointsInAzure({
    endpoints: [endpoint],
    otherwise: fabricApi({ databases: mirrored, workspaces: [sales], bearer }).listener,
    servicePrincipals: new Set([client.principal]),
    ...{ retryAfter: 1, ...options },
  });
  entra = at.azure.entra;
  const here = at.azure.inProcess();
  forgetClients();
  const rows = [
    ['1', 'a'],
    ['2', 'b'],
  ];
  const signsIn = { credential: 'service_principal', tenant_id: tenant, client_id: client.id, client_secret: client.secret };
  const more = { database: 'bronze', ...signsIn, ...(workspace === null ? {} : { workspace }) };
  const served = await servedFabric(
    { item, tables: [{ name: 'dbo.orders', columns: { id: 'int', name: 'varchar(10)' }, rows, kind }] },
    {},
    more,
  );
  closing.push(
    () => at[Symbol.asyncDispose](),
    async () => here[Symbol.dispose](),
    () => served[Symbol.asyncDispose](),
  );
  const describedBy = async (config: Readonly<Record<string, unknown>> = { table: 'orders' }) => {
    const home = await served.home(config);
    const steps: string[] = [];
    let step = await describeNewest(home, undefined);
    while ('again' in step) {
      steps.push(step.waitsFor ?? '');
      step = await describeNewest(home, step.again);
    }
    return { ...step.done, steps };
  };
  return { ...at, endpoint, served, describedBy };
}

const said = ({ provisos = [], lastingWarnings = [], isBehind }: FreshDescription) => {
  const notes = [...provisos, ...lastingWarnings].filter((one) => typeof one !== 'string');
  return { isBehind, codes: notes.map(({ code }) => code), text: notes.map(({ text }) => text).join('\n') };
};

describe('a run that reads an SQL endpoint', () => {
  test('waits until Fabric has refreshed it, and says up to when it shows the table', async () => {
    const at = await scene({ answer: { polls: ['NotStarted', 'Undefined', 'Running'], ends: 'with result' } });
    const found = await at.describedBy();
    expect(found.steps).toEqual(Array.from({ length: 4 }, () => 'Fabric brings the SQL endpoint bronze up to date'));
    expect(at.api.refreshes).toMatchObject([{ endpoint: bronzeEndpoint().id, request: { timeout: { value: 15, timeUnit: 'Minutes' } } }]);
    expect(said(found)).toMatchObject({ isBehind: false, codes: ['fabric.up_to_date'], text: expect.stringMatching(/as of 20\d\d-.*Z$/) });
  });

  test.each([
    ['by its GUID', { workspace: sales.id }],
    ['if Fabric answers at once', { answer: 'at once' }],
    ['if tables have their schema in the answer', { endpoints: [{ ...bronzeEndpoint([orders]), tableNames: 'with schema' }] }],
    ['if only some callers may leave the time out', { needsTimeout: true }],
    [
      'over several pages of lakehouses',
      { endpoints: [{ ...bronzeEndpoint(), name: 'a', id: sales.id }, bronzeEndpoint([orders])], pageSize: 1 },
    ],
  ] as const)('knows it %s', async (_, options) => {
    const at = await scene(options);
    expect(said(await at.describedBy())).toMatchObject({ isBehind: false, codes: ['fabric.up_to_date'] });
  });

  test('finds the endpoint of a mirrored database', async () => {
    const endpoint = { ...bronzeEndpoint([orders]), name: 'other', id: sales.id };
    const mirror = {
      workspace: sales.id,
      id: sales.id,
      name: 'bronze',
      server: 'localhost',
      replicator: { status: 'Running', tables: [] } as never,
    };
    const at = await scene({ endpoints: [endpoint], mirrored: [mirror] });
    expect(said(await at.describedBy())).toMatchObject({ codes: ['fabric.up_to_date'] });
    const twice = await scene({ mirrored: [mirror] });
    await expect(twice.describedBy()).rejects.toMatchObject({
      code: 'HYG-6403',
      ...{ what: expect.stringContaining('more than one SQL endpoint bronze'), tryThis: [expect.stringMatching(/^Rename one/)] },
    });
  });

  test.each([
    [
      'that failed',
      [{ ...orders, status: 'Failure', error: failure, lastSync: 0 }],
      'The log cannot be read; rows that changed after 1970-01-01',
    ],
    ['that never showed', [{ ...orders, status: 'NotRun' }], 'could not bring the table up to date (NotRun)'],
  ] as const)('names a table %s, and takes it for behind', async (_, tables, text) => {
    const at = await scene({ tables });
    expect(said(await at.describedBy())).toMatchObject({
      ...{ isBehind: true, codes: ['fabric.not_visible_yet'], text: expect.stringContaining(text) },
    });
  });

  test.each([
    ['U', 'Fabric did not refresh orders this time (NotRun), and last did so at 1970-01-01'],
    ['V', 'orders this time (NotRun), and last did so at 1970-01-01T00:00:00.000Z; this query or view may read any of them'],
  ] as const)('says that the age is unknown of a table that a refresh leaves out, %s', async (kind, text) => {
    const at = await scene({ kind, tables: [{ ...orders, status: 'NotRun', lastSync: 0 }] });
    expect(said(await at.describedBy())).toEqual({
      ...{ isBehind: false, codes: ['fabric.age_unknown'], text: expect.stringContaining(text) },
    });
  });

  test.each([
    ['a refresh that Fabric refuses, since another one runs', 409, '/refreshMetadata', 'Try again later'],
    ['a refresh that Fabric has forgotten', 404, '/v1/operations/', 'Fabric lost the refresh'],
    ['a refresh whose result is gone', 404, '/result', 'Fabric lost the result of the refresh'],
  ] as const)('reads the rows behind %s, and takes them for behind', async (_, status, part, text) => {
    const at = await scene({ answer: { polls: ['Running'], ends: 'with result' } });
    at.api.rule(({ path }) => (path.includes(part) ? { status } : undefined));
    expect(said(await at.describedBy())).toMatchObject({ isBehind: true, text: expect.stringContaining(text) });
  });

  test('does not take the endpoint of another workspace for the one that it reads', async () => {
    const at = await scene({ endpoints: [{ ...bronzeEndpoint([orders]), server: 'other.datawarehouse.fabric.microsoft.com' }] });
    expect(said(await at.describedBy())).toMatchObject({
      codes: ['fabric.age_unknown'],
      text: expect.stringContaining('Correct workspace or server'),
    });
    expect(at.api.refreshes).toEqual([]);
    const alike = await scene({ endpoints: [{ ...bronzeEndpoint([orders]), server: 'LOCALHOST.z1.datawarehouse.fabric.microsoft.com' }] });
    expect(said(await alike.describedBy())).toMatchObject({ codes: ['fabric.up_to_date'] });
  });

  test.each(['NotRun', 'Failure'] as const)('names three of many tables with the status %s', async (status) => {
    const many = Array.from({ length: 1_100 }, (_, n): EndpointTable => ({ schema: 'dbo', name: `table_${n}`, status, lastSync: 0 }));
    const { text } = said(await (await scene({ kind: 'V', tables: many })).describedBy());
    expect(text).toContain('table_0, table_1, table_2 and 1,097 more');
    expect(text.length).toBeLessThan(400);
  });

  test('cuts a long sentence of Fabric', async () => {
    const at = await scene({ tables: [{ ...orders, status: 'Failure', lastSync: 0, error: { ...failure, message: 'x'.repeat(10_000) } }] });
    expect(said(await at.describedBy()).text.length).toBeLessThan(500);
  });

  test.each([
    ['a table beside one with a dot in its name', 'plain', [orders, { schema: 'dbo', name: 'a.b' }]],
    ['the usual schema beside others with their names', 'mixed', [orders, other]],
  ] as const)('finds %s', async (_, spelled, tables) => {
    const named =
      spelled === 'plain' ? tables : tables.map((one) => (one.schema === 'dbo' ? one : { ...one, name: `${one.schema}.${one.name}` }));
    const at = await scene({ endpoints: [bronzeEndpoint(named)] });
    expect(said(await at.describedBy())).toMatchObject({ codes: ['fabric.up_to_date'] });
  });

  test('shares a refresh that fails, and waits for none longer than its turn', async () => {
    const at = await scene();
    at.api.rule(({ path }) => (path.endsWith('/refreshMetadata') ? { status: 403 } : undefined));
    await Promise.all([at.describedBy(), at.describedBy(), at.describedBy()]);
    expect(at.api.seen.filter(({ path }) => path.endsWith('/refreshMetadata'))).toHaveLength(1);
  });

  test('reads lists of several megabytes', async () => {
    const many = Array.from({ length: 10_000 }, (_, n): EndpointTable => ({ schema: 'dbo', name: `table_${n}` }));
    const at = await scene({ tables: [...many, orders], answer: 'at once' });
    expect(said(await at.describedBy())).toMatchObject({ codes: ['fabric.up_to_date'] });
  });

  test('takes it for behind if the refresh failed', async () => {
    const at = await scene({ answer: { polls: ['Running'], ends: failure } });
    expect(said(await at.describedBy())).toMatchObject({ isBehind: true, text: expect.stringContaining('The log cannot be read') });
  });

  test('looks at all tables for a view', async () => {
    const failed: EndpointTable = { schema: 'dbo', name: 'lines', status: 'Failure', lastSync: 0 };
    expect(said(await (await scene({ kind: 'V' })).describedBy())).toMatchObject({ isBehind: false });
    expect(said(await (await scene({ kind: 'V', tables: [orders, failed] })).describedBy())).toMatchObject({
      ...{ isBehind: true, text: expect.stringContaining('could not bring lines up to date') },
    });
  });

  test.each([
    ['without a workspace', { workspace: null }, 'hygge requests the lag from Fabric only if the connection names its workspace'],
    ['of a view, if a refresh has no result', { kind: 'V', answer: { polls: [], ends: 'without result' } }, 'names no table of'],
    ['if a refresh has no result', { answer: { polls: [], ends: 'without result' } }, 'names no table dbo.orders'],
    ['if Fabric names another table', { endpoints: [{ ...bronzeEndpoint([other]), tableNames: 'with schema' }] }, 'names no table'],
  ] as const)('says that the age is unknown %s', async (_, options, text) => {
    const at = await scene(options);
    expect(said(await at.describedBy())).toMatchObject({
      isBehind: false,
      codes: ['fabric.age_unknown'],
      text: expect.stringContaining(text),
    });
  });

  test('asks once, however long the answer takes', async () => {
    const at = await scene();
    let nowMs = 0;
    vi.spyOn(at.served.opening.clock, 'monotonicMs').mockImplementation(() => nowMs);
    at.api.rule(({ path }) => {
      if (path.endsWith('/refreshMetadata')) nowMs += 31_000;
      return undefined;
    });
    expect(said(await at.describedBy())).toMatchObject({ codes: ['fabric.up_to_date'] });
    expect(at.api.refreshes).toHaveLength(1);
  });

  test('shares one refresh with entities that begin at the same time', async () => {
    const at = await scene();
    const found = await Promise.all([at.describedBy(), at.describedBy(), at.describedBy()]);
    expect(found.map((one) => said(one).codes)).toEqual([['fabric.up_to_date'], ['fabric.up_to_date'], ['fabric.up_to_date']]);
    expect(at.api.seen.filter(({ path }) => path.endsWith('/refreshMetadata'))).toHaveLength(1);
  });

  test('says that the age is unknown without the role Contributor, and reads', async () => {
    const at = await scene();
    at.api.roles.set(client.principal, 'Viewer');
    expect(said(await at.describedBy())).toMatchObject({
      codes: ['fabric.age_unknown'],
      text: expect.stringContaining('role Contributor'),
    });
  });

  test('says nothing of it of a Warehouse, which shows its own rows, and asks Fabric nothing', async () => {
    const at = await scene({ item: 'warehouse' });
    expect(said(await at.describedBy())).toEqual({ isBehind: false, codes: [], text: '' });
    expect(at.api.seen).toEqual([]);
  });

  test('stops by name at a workspace or an endpoint that Fabric does not show', async () => {
    await expect((await scene({ workspace: 'Other' })).describedBy()).rejects.toMatchObject({ code: 'HYG-6403' });
    const at = await scene({ endpoints: [] });
    await expect(at.describedBy()).rejects.toMatchObject({ code: 'HYG-6403' });
  });

  test('gives its token to no other host that an answer names', async () => {
    const at = await scene({ operationsAt: 'https://redirect.dfs.fabric.microsoft.com/v1' });
    expect(said(await at.describedBy())).toMatchObject({ isBehind: false });
    expect(at.api.seen.filter(({ host, bearer }) => host !== 'api.fabric.microsoft.com' && bearer)).toEqual([]);
  });
});

/** A flow over `dbo.orders` of the scene, and a command line in its folder. */
function workspaceOf(at: Awaited<ReturnType<typeof scene>>) {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(AZURE_|HTTPS?_PROXY|NODE_EXTRA_CA_CERTS)/i.test(name)),
  );
  const written = (more: string) => `name: w\n${connectionOf(at.served).replace(/ }\n$/, `${more} }\n`)}`;
  const workspace = new TestWorkspace({
    'hygge.yml': written(''),
    'flows/f/flow.yml':
      'home: { connection: sales, table: "dbo.{entity}", safe_wait: 0s }\nstore: lake\nentities: [orders]\nrun_type: incremental\nwatermark: { column: id }\n',
  });
  closing.push(async () => workspace[Symbol.dispose]());
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, environment);
  const connectWith = (more: string) => workspace.write({ 'hygge.yml': written(more) });
  return { workspace, environment, hygge, connectWith };
}

test('a verify that waits for Fabric can be stopped', async () => {
  const at = await scene({ workspace: null, answer: { polls: Array.from({ length: 8 }, () => 'Running' as const), ends: 'with result' } });
  const { workspace, environment, hygge, connectWith } = workspaceOf(at);
  expect((await hygge('go')).stdout).toContain('2 rows settled');
  connectWith(`, workspace: ${sales.name}`);
  const surroundings = fakeSurroundings(workspace.root, { environment });
  const ended = run(['verify'], surroundings);
  const looks = () => at.api.seen.filter(({ path }) => path.includes('/operations/')).length;
  await vi.waitFor(() => expect(looks()).toBeGreaterThan(0), 10_000);
  surroundings.stop('SIGINT');
  await ended;
  expect(looks()).toBeLessThan(4);
  expect(surroundings.stdout()).toContain('stopped');
});

test('a dry run that waits for Fabric can be stopped, and a run whose request hangs', async () => {
  const at = await scene({ answer: { polls: Array.from({ length: 8 }, () => 'Running' as const), ends: 'with result' } });
  const held = Promise.withResolvers<void>();
  closing.push(async () => held.resolve());
  const { workspace, environment } = workspaceOf(at);
  for (const [args, path] of [
    [['go', '--dry-run'], '/operations/'],
    [['go'], '/refreshMetadata'],
  ] as const) {
    if (path === '/refreshMetadata') at.api.rule((one) => (one.path.endsWith(path) ? { hold: held.promise } : undefined));
    const before = at.api.seen.length;
    const surroundings = fakeSurroundings(workspace.root, { environment });
    const ended = run(args, surroundings);
    await vi.waitFor(() => expect(at.api.seen.slice(before).some((one) => one.path.includes(path))).toBe(true), 10_000);
    surroundings.stop('SIGINT');
    const began = Date.now();
    await ended;
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(surroundings.stdout()).not.toContain('HYG-9001');
  }
});

test('the plan says how far an SQL endpoint is, and verify does not call one the same that lags', async () => {
  const at = await scene({ answer: 'at once' });
  const { hygge } = workspaceOf(at);
  expect((await hygge('go', '--dry-run')).stdout).toContain('the SQL endpoint shows what the lake has, as of 20');
  expect((await hygge('go')).stdout).toContain('2 rows settled');
  expect(await hygge('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('same: 2 rows') });
  Object.assign(at.endpoint.tables[0] as EndpointTable, { status: 'Failure', error: failure });
  expect(await hygge('verify')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('a copy of its rows, and the copy may not be up to date'),
  });
  expect((await hygge('go', '--dry-run')).stdout).toContain(
    'lags behind the lake: Fabric could not bring the table up to date: The log cannot be read',
  );
  expect((await hygge('go')).stdout).toMatch(/nothing new; the SQL endpoint lags behind the lake: .*\n\n[\s\S]*WARN=1/);
  expect((await hygge('journal', '--output', 'json')).stdout).toContain('fabric.not_visible_yet');
  const asked = at.api.refreshes.length;
  expect((await hygge('preview', 'f.orders')).code).toBe(0);
  expect(at.api.refreshes).toHaveLength(asked);
});
