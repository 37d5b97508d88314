/**
 * The model of Fabric's REST API of SQL endpoints, against Microsoft's pages:
 * refresh: https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/refresh-sql-endpoint-metadata
 * list: https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/list-sql-endpoints
 * lakehouse: https://learn.microsoft.com/rest/api/fabric/lakehouse/items/get-lakehouse
 * operations: https://learn.microsoft.com/rest/api/fabric/articles/long-running-operation
 * state: https://learn.microsoft.com/rest/api/fabric/core/long-running-operations/get-operation-state
 * result: https://learn.microsoft.com/rest/api/fabric/core/long-running-operations/get-operation-result
 * pages: https://learn.microsoft.com/rest/api/fabric/articles/pagination
 * throttling: https://learn.microsoft.com/rest/api/fabric/articles/throttling
 * errors: https://learn.microsoft.com/rest/api/fabric/articles/get-started/fabric-api-troubleshooting
 * types: https://github.com/microsoft/fabric-rest-api-specs, common/definitions.json and sqlEndpoint/definitions.json
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientSecretCredential } from '@azure/identity';
import { EnvHttpProxyAgent, fetch as fetchThrough } from 'undici';
import { expect, test } from 'vitest';
import { client, tenant, workspace } from '../../support/azure-hosts/azure.ts';
import { Tokens } from '../../support/entra/tokens.ts';
import { fabricApi } from '../../support/fabric-replicator/fabric-api.ts';
import { type EndpointApiOptions, endpointApi, type SqlEndpoint } from '../../support/fabric-warehouse/endpoint-api.ts';
import { bronzeEndpoint, startEndpointsInAzure } from '../../support/fabric-warehouse/endpoint-hosts.ts';

const audience = 'https://api.fabric.microsoft.com';
const me = 'principal-of-me';
const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;
const unknownId = '99999999-9999-4999-8999-999999999999';

/** Three tables: one synchronizes, one fails, one does not run and never did. */
const three = (over: Partial<SqlEndpoint> = {}): SqlEndpoint => ({
  ...bronzeEndpoint(),
  tables: [
    { schema: 'dbo', name: 'orders' },
    { schema: 'sales', name: 'lines', status: 'Failure', error: { errorCode: 'AdalRetryException', message: 'no' }, lastSync: 0 },
    { schema: 'dbo', name: 'new', status: 'NotRun' },
  ],
  ...over,
});

async function scene(options: Partial<EndpointApiOptions> = {}) {
  const tokens = new Tokens(tenant);
  const api = endpointApi({ workspaces: [workspace], endpoints: [three()], bearer: (token) => tokens.read(token), ...options });
  const server = createServer(api.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string, { token = tokens.issue(me, audience, 60), ...init }: RequestInit & { token?: string } = {}) => {
    const answer = await fetch(`${origin}${path}`, { ...init, headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
  };
  const refresh = (body?: unknown, query = '') =>
    ask(`${refreshPath}${query}`, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return {
    ...{ api, tokens, ask, refresh },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const endpointsPath = `/v1/workspaces/${workspace.id}/sqlEndpoints`;
const refreshPath = `${endpointsPath}/${bronzeEndpoint().id}/refreshMetadata`;
const error = (errorCode: string) => ({ errorCode, message: expect.any(String), requestId: expect.any(String) });

// refresh: TableSyncStatuses is { value }, the statuses are Success, Failure and NotRun, samples have seven digits.
// types: for items with schemas tableName is "schema.tableName".
test('a refresh answers at once with a status of each table, which has no last sync before the first', async () => {
  await using at = await scene({ answer: 'at once', endpoints: [three({ tableNames: 'with schema' })] });
  const { status, body } = await at.refresh();
  const times = { startDateTime: expect.stringMatching(stamp), endDateTime: expect.stringMatching(stamp) };
  const last = { lastSuccessfulSyncDateTime: expect.stringMatching(stamp) };
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      value: [
        { tableName: 'dbo.orders', status: 'Success', ...times, ...last },
        { tableName: 'sales.lines', status: 'Failure', error: { errorCode: 'AdalRetryException', message: 'no' }, ...times, ...last },
        { tableName: 'dbo.new', status: 'NotRun', ...times },
      ],
    },
  });
});

// https://github.com/microsoft/semantic-link-labs/issues/808: a bare list with preview=true. /issues/1313: an empty list without tables.
test('a refresh answers a bare list in preview, and an empty value for an endpoint without tables', async () => {
  await using at = await scene({ answer: 'at once', endpoints: [three({ tables: [] })] });
  expect((await at.refresh()).body).toEqual({ value: [] });
  expect((await at.refresh(undefined, '?preview=true')).body).toEqual([]);
});

// operations: 202 has an empty body, Location, x-ms-operation-id and Retry-After in seconds.
// state: 200 with a status; Location leads to the state, later to the result, when Retry-After is gone.
test('an operation is polled until it succeeds, and then its result has the statuses', async () => {
  await using at = await scene({ answer: { polls: ['Undefined', 'NotStarted', 'Running'], ends: 'with result' } });
  const begun = await at.refresh({});
  const id = begun.headers.get('x-ms-operation-id');
  const state = `https://api.fabric.microsoft.com/v1/operations/${id}`;
  expect(begun).toMatchObject({ status: 202, text: '' });
  expect([begun.headers.get('location'), begun.headers.get('retry-after')]).toEqual([state, '20']);
  expect(await at.ask(`/v1/operations/${id}/result`)).toMatchObject({ status: 400, body: error('OperationHasNoResult') });
  const polls = [];
  for (let i = 0; i < 4; i++) {
    const { headers, body } = await at.ask(`/v1/operations/${id}`);
    polls.push([body.status, body.percentComplete, headers.get('location'), headers.get('retry-after')]);
  }
  expect(polls).toEqual([
    ['Undefined', 0, state, '20'],
    ['NotStarted', 0, state, '20'],
    ['Running', 25, state, '20'],
    ['Succeeded', 100, `${state}/result`, null],
  ]);
  const { status, body } = await at.ask(`/v1/operations/${id}/result`);
  expect({ status, names: body.value.map((one: { tableName: string }) => one.tableName) }).toEqual({
    status: 200,
    names: ['orders', 'lines', 'new'],
  });
});

// state: OperationState.error. operations: some operations have no result; https://github.com/microsoft/fabric-cli/pull/69: they end without Location.
test.each([
  [
    { errorCode: 'Timeout', message: 'It took too long.' },
    { status: 'Failed', error: { errorCode: 'Timeout', message: 'It took too long.' } },
  ],
  ['without result', { status: 'Succeeded' }],
] as const)('an operation ends in an answer with 200 and without a result: %j', async (ends, body) => {
  await using at = await scene({ answer: { polls: [], ends } });
  const id = (await at.refresh()).headers.get('x-ms-operation-id');
  const ended = await at.ask(`/v1/operations/${id}`);
  expect(ended).toMatchObject({ status: 200, body });
  expect(ended.headers.get('location')).toBeNull();
  expect(await at.ask(`/v1/operations/${id}/result`)).toMatchObject({ status: 400, body: error('OperationHasNoResult') });
});

// On no page: the model's choice.
test('a second refresh joins the operation that runs, and begins another one when that has ended', async () => {
  await using at = await scene({ answer: { polls: ['Running'], ends: 'with result' } });
  const began = async () => (await at.refresh()).headers.get('x-ms-operation-id');
  const first = await began();
  expect(await began()).toBe(first);
  for (let i = 0; i < 2; i++) await at.ask(`/v1/operations/${first}`);
  expect(await began()).not.toBe(first);
  expect(at.api.refreshes).toHaveLength(2);
});

// types: Duration has value and timeUnit, both required; TableDefinition has schema and tableNames.
test.each([
  [{ timeout: { value: 2, timeUnit: 'Minutes' }, recreateTables: false }, ['orders', 'lines', 'new']],
  [{ tables: [] }, ['orders', 'lines', 'new']],
  [{ tables: [{ schema: 'sales', tableNames: ['lines', 'gone'] }] }, ['lines', 'gone']],
])('a refresh takes %j', async (request, names) => {
  await using at = await scene({ answer: 'at once' });
  const { status, body } = await at.refresh(request);
  expect({ status, names: body.value.map((one: { tableName: string }) => one.tableName) }).toEqual({ status: 200, names });
  expect(at.api.refreshes).toEqual([{ endpoint: bronzeEndpoint().id, request }]);
});

const many = Array.from({ length: 26 }, (_, i) => `t${i}`);
test.each([
  { timeout: { value: 2 } },
  { timeout: { value: '2', timeUnit: 'Minutes' } },
  { timeout: { value: 2, timeUnit: 'minutes' } },
  { timeout: { value: 25, timeUnit: 'Hours' } },
  { timeout: 'PT2M' },
  { recreateTables: 'false' },
  { tables: ['orders'] },
  { tables: [{ schema: 'sys', tableNames: ['orders'] }] },
  { tables: [{ schema: 'dbo', tableNames: [] }] },
  { tables: [{ schema: 'dbo', tableNames: many }] },
  { table: 'orders' },
  [],
])('a refresh refuses %j', async (request) => {
  await using at = await scene();
  expect(await at.refresh(request)).toMatchObject({ status: 400, body: error('InvalidRequest') });
  expect(at.api.refreshes).toEqual([]);
});

// https://github.com/microsoft/semantic-link-labs/issues/870: a refresh without a timeout failed, though the page requires none.
test('a refresh may need a timeout', async () => {
  await using at = await scene({ needsTimeout: true });
  expect((await at.refresh()).status).toBe(400);
  expect((await at.refresh({ timeout: { value: 60, timeUnit: 'Seconds' } })).status).toBe(202);
});

// list: viewer. refresh: contributor or higher. state, result: the permissions of the API that began the operation.
test.each([
  ['none', 403, 403],
  ['Viewer', 200, 403],
  ['Contributor', 200, 202],
  ['Admin', 200, 202],
] as const)('a principal with the role %s lists with %i and refreshes with %i', async (role, lists, refreshes) => {
  await using at = await scene();
  const id = (await at.refresh()).headers.get('x-ms-operation-id');
  at.api.roles.set(me, role);
  expect((await at.ask(endpointsPath)).status).toBe(lists);
  const refused = await at.refresh();
  expect(refused.status).toBe(refreshes);
  if (refreshes === 403) expect(refused.body).toEqual(error('InsufficientPrivileges'));
  expect((await at.ask(`/v1/operations/${id}`)).status).toBe(refreshes === 403 ? 403 : 200);
});

// list: "Service principal and Managed identities: No". refresh and lakehouse: Yes; the lakehouse has its endpoint's id.
test('a service principal cannot list endpoints, and finds one through its lakehouse', async () => {
  await using at = await scene({ servicePrincipals: new Set([me]) });
  expect(await at.ask(endpointsPath)).toMatchObject({ status: 403, body: error('PrincipalTypeNotSupported') });
  const { lakehouse, id } = bronzeEndpoint();
  const properties = { sqlEndpointProperties: { id, provisioningStatus: 'Success' } };
  const one = await at.ask(`/v1/workspaces/${workspace.id}/lakehouses/${lakehouse}`);
  expect(one).toMatchObject({ status: 200, body: { id: lakehouse, type: 'Lakehouse', displayName: 'bronze', properties } });
  expect((await at.ask(`/v1/workspaces/${workspace.id}/lakehouses`)).body).toMatchObject({ value: [{ id: lakehouse, properties }] });
  expect((await at.refresh()).status).toBe(202);
});

// refresh: ItemNotFound; ids are UUIDs. errors: ErrorResponse has errorCode, message and requestId.
test('unknown ids are not found, and a name is no id', async () => {
  await using at = await scene();
  const post = { method: 'POST' };
  expect(await at.ask(`${endpointsPath}/${unknownId}/refreshMetadata`, post)).toMatchObject({ status: 404, body: error('ItemNotFound') });
  expect((await at.ask(`/v1/workspaces/${unknownId}/sqlEndpoints`)).status).toBe(404);
  expect((await at.ask(`/v1/operations/${unknownId}`)).status).toBe(404);
  expect((await at.ask('/v1/workspaces/Sales/sqlEndpoints')).status).toBe(400);
});

// errors: 401 for a token that is missing, expired or meant for another service.
test.each([
  ['none', () => '', 'Unauthorized'],
  ['of another audience', (tokens: Tokens) => tokens.issue(me, 'https://storage.azure.com', 60), 'Unauthorized'],
  ['expired', (tokens: Tokens) => tokens.issue(me, audience, -60), 'TokenExpired'],
])('a token that is %s is refused', async (_, token, code) => {
  await using at = await scene();
  for (const path of [endpointsPath, `/v1/operations/${unknownId}`, '/v1/workspaces'])
    expect(await at.ask(path, { token: token(at.tokens) })).toMatchObject({ status: 401, body: error(code) });
});

// pages: continuationToken comes encoded for a URL, as in the sample. types: it is removed when there are no more records.
test('endpoints come in pages, whose token goes into the next address as it is', async () => {
  const others = [1, 2].map((i) => three({ id: `${i}0000000-0000-4000-8000-000000000000`, name: `other${i}` }));
  await using at = await scene({ endpoints: [three(), ...others], pageSize: 2 });
  const first = (await at.ask(endpointsPath)).body;
  expect(first).toMatchObject({ value: [{ displayName: 'bronze', type: 'SQLEndpoint' }, { displayName: 'other1' }] });
  expect(first.continuationUri).toBe(`https://api.fabric.microsoft.com${endpointsPath}?continuationToken=${first.continuationToken}`);
  const second = await at.ask(`${endpointsPath}?continuationToken=${first.continuationToken}`);
  expect(second.body).toEqual({ value: [expect.objectContaining({ displayName: 'other2' })] });
  expect((await at.ask(`${endpointsPath}?continuationToken=${encodeURIComponent(first.continuationToken)}`)).status).toBe(400);
});

// throttling: 429 with Retry-After in seconds, for any call.
test('a rule throttles one request', async () => {
  await using at = await scene();
  at.api.rule(({ number }) => (number === 1 ? { status: 429, retryAfter: 55 } : undefined));
  const throttled = await at.refresh();
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '55']);
  expect((await at.refresh()).status).toBe(202);
  expect(at.api.refreshes).toHaveLength(1);
});

// state: a sample of Location has no version.
test('Location may lead to another host, whose requests are seen with it and without their tokens', async () => {
  await using at = await scene({ operationsAt: 'https://elsewhere.example' });
  const begun = await at.refresh();
  const location = begun.headers.get('location') ?? '';
  expect(location).toBe(`https://elsewhere.example/operations/${begun.headers.get('x-ms-operation-id')}`);
  expect(['elsewhere.example', 'api.fabric.microsoft.com', 'other.example'].map(at.api.serves)).toEqual([true, true, false]);
  expect((await at.ask(new URL(location).pathname)).body.status).toBe('NotStarted');
  await at.ask(new URL(location).pathname, { token: '' });
  expect(at.api.seen.map(({ method, bearer, host }) => [method, bearer, host])).toEqual([
    ['POST', true, '127.0.0.1'],
    ['GET', true, '127.0.0.1'],
    ['GET', false, '127.0.0.1'],
  ]);
});

test('one server answers for mirrored databases, too', async () => {
  const tokens = new Tokens(tenant);
  const bearer = (token: string) => tokens.read(token);
  const mirrors = fabricApi({ databases: [], workspaces: [workspace], bearer });
  await using at = await scene({ bearer, otherwise: mirrors.listener });
  const token = tokens.issue(me, audience, 60);
  expect((await at.ask('/v1/workspaces', { token })).body.value).toMatchObject([{ id: workspace.id, displayName: 'Sales' }]);
  expect((await at.ask(endpointsPath, { token })).body.value).toHaveLength(1);
  expect([mirrors.seen.length, at.api.seen.length]).toEqual([1, 1]);
});

test('answers at its own address with a token that Entra issued', async () => {
  await using at = await startEndpointsInAzure();
  using _ = at.azure.inProcess();
  const credential = new ClientSecretCredential(tenant, client.id, client.secret ?? '');
  const { token } = await credential.getToken(`${audience}/.default`);
  const dispatcher = new EnvHttpProxyAgent();
  const headers = { authorization: `Bearer ${token}` };
  const names = async (path: string) => {
    const { value } = (await (await fetchThrough(`${audience}${path}`, { headers, dispatcher })).json()) as {
      value: { displayName: string }[];
    };
    return value.map(({ displayName }) => displayName);
  };
  expect(await names('/v1/workspaces')).toEqual(['Sales']);
  expect(await names(endpointsPath)).toEqual(['bronze']);
  await dispatcher.close();
});
