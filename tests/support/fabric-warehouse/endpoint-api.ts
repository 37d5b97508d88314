import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { Shown } from '../entra/tokens.ts';
import { type Answer, ApiError, answered, deliver } from '../fabric-replicator/fabric-api.ts';
import type { Fault } from '../fault-proxy.ts';
import { type RefreshRequest, refreshRequest } from './endpoint-requests.ts';

/** "WorkspaceRole" in common/definitions.json of https://github.com/microsoft/fabric-rest-api-specs. */
export type WorkspaceRole = 'Viewer' | 'Contributor' | 'Member' | 'Admin';

interface RefreshError {
  readonly errorCode: string;
  readonly message: string;
}

/** A Delta table below a SQL endpoint. Tests change its members between refreshes. */
export interface EndpointTable {
  readonly schema: string;
  readonly name: string;
  /** What a refresh says of it; Success when absent. */
  status?: 'Success' | 'Failure' | 'NotRun';
  error?: RefreshError;
  /** Milliseconds since 1970; absent: never synchronized. A refresh with Success sets it. */
  lastSync?: number;
}

export interface SqlEndpoint {
  readonly workspace: string;
  readonly id: string;
  /** That of its lakehouse as well. */
  readonly name: string;
  /** The id of its lakehouse. */
  readonly lakehouse: string;
  /** `with schema`: of a lakehouse with schemas, whose statuses name `schema.table`. */
  readonly tableNames: 'plain' | 'with schema';
  /** The host of its connection string. */
  readonly server?: string;
  readonly tables: readonly EndpointTable[];
}

/** `at once`: 200 with the statuses. Otherwise 202, and an operation. */
export type RefreshAnswer =
  | 'at once'
  | {
      /** What polls see, one each, before the end. */
      readonly polls: readonly ('Undefined' | 'NotStarted' | 'Running')[];
      /** An error fails the operation. `without result`: it succeeds, and there is nothing to get. */
      readonly ends: 'with result' | 'without result' | RefreshError;
    };

export interface SeenAtEndpoints {
  readonly host: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether the request carried a bearer token. */
  readonly bearer: boolean;
  /** Counted from 1 over all requests. */
  readonly number: number;
}

export interface EndpointApiOptions {
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
  readonly endpoints: readonly SqlEndpoint[];
  /** Whose tokens are believed: `entra.bearer` of the stand-in for Entra. */
  readonly bearer: (token: string) => Shown | undefined;
  /** How refreshes are answered at first. Without: an operation that two polls see pending. */
  readonly answer?: RefreshAnswer;
  /** Items in an answer. */
  readonly pageSize?: number;
  /** Seconds in Retry-After of operations. */
  readonly retryAfter?: number;
  /** Object ids of service principals and managed identities: "List SQL endpoints" does not support them. */
  readonly servicePrincipals?: ReadonlySet<string>;
  /** Refuses a refresh without a timeout, as https://github.com/microsoft/semantic-link-labs/issues/870 reports and no page says. */
  readonly needsTimeout?: boolean;
  /** Where Location leads, without `/operations/…`. The host may be another one: this model answers for it, too. */
  readonly operationsAt?: string;
  /** Answers paths that this model does not have, such as those of workspaces and of mirrored databases. */
  readonly otherwise?: RequestListener;
}

/** Fabric's public REST API of SQL analytics endpoints, at `api.fabric.microsoft.com` or on loopback. */
export interface EndpointApi {
  readonly listener: RequestListener;
  serves(host: string): boolean;
  readonly seen: readonly SeenAtEndpoints[];
  /** The refreshes that began, in order. One that met a running operation is not among them. */
  readonly refreshes: readonly { readonly endpoint: string; readonly request: RefreshRequest }[];
  /** What principals may do, by object id; others are contributors. */
  readonly roles: Map<string, WorkspaceRole>;
  /** Asked for each request; undefined lets it pass. `{ status: 429, retryAfter: 55 }` throttles. Replaces the rule before. */
  rule(decide: (seen: SeenAtEndpoints) => Fault | undefined): void;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: string;
}

interface Operation {
  readonly id: string;
  readonly endpoint: SqlEndpoint;
  readonly created: number;
  readonly pending: ('Undefined' | 'NotStarted' | 'Running')[];
  readonly ends: Exclude<RefreshAnswer, 'at once'>['ends'];
  /** Undefined until the operation ends. */
  statuses: readonly object[] | undefined;
}

const publicHost = 'api.fabric.microsoft.com';
const audiences = [`https://${publicHost}`, `https://${publicHost}/`];
const roleOrder: readonly WorkspaceRole[] = ['Viewer', 'Contributor', 'Member', 'Admin'];
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const notFound = (code: string, what: string) => new ApiError(404, code, `The requested ${what} was not found.`);

/**
 * The reference below https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items, "Long running operations",
 * https://learn.microsoft.com/rest/api/fabric/articles/long-running-operation, and "Pagination", https://learn.microsoft.com/rest/api/fabric/articles/pagination.
 */
export function endpointApi(options: EndpointApiOptions): EndpointApi {
  const { workspaces, endpoints, bearer, pageSize = 100, otherwise } = options;
  const seen: SeenAtEndpoints[] = [];
  const refreshes: { readonly endpoint: string; readonly request: RefreshRequest }[] = [];
  const roles = new Map<string, WorkspaceRole>();
  const operations = new Map<string, Operation>();
  const answer: RefreshAnswer = options.answer ?? { polls: ['NotStarted', 'Running'], ends: 'with result' };
  let decide: (one: SeenAtEndpoints) => Fault | undefined = () => undefined;

  const signedIn = ({ authorization }: Call): string => {
    const shown = authorization.startsWith('Bearer ') ? bearer(authorization.slice('Bearer '.length)) : undefined;
    if (shown === undefined || !audiences.includes(shown.audience))
      throw new ApiError(401, 'Unauthorized', 'The access token is not valid.');
    return shown.principal;
  };
  const authorize = (principal: string, least: WorkspaceRole): void => {
    if (roleOrder.indexOf(roles.get(principal) ?? 'Contributor') >= roleOrder.indexOf(least)) return;
    throw new ApiError(403, 'InsufficientPrivileges', 'The caller does not have sufficient permissions to perform the requested operation');
  };

  const refreshed = (call: Call, endpoint: SqlEndpoint): Answer => {
    const request = refreshRequest(call.body, options.needsTimeout ?? false);
    // No page says what a second refresh does: it joins the one that runs.
    const running = [...operations.values()].find((one) => one.endpoint === endpoint && one.statuses === undefined);
    if (running !== undefined) return accepted(running, options);
    refreshes.push({ endpoint: endpoint.id, request });
    if (answer === 'at once') {
      return { status: 200, body: { value: synchronized(endpoint, Date.now(), Date.now()) } };
    }
    const { polls, ends } = answer;
    const operation: Operation = {
      ...{ id: randomUUID(), endpoint, created: Date.now() },
      ...{ pending: [...polls], ends, statuses: undefined },
    };
    operations.set(operation.id, operation);
    return accepted(operation, options);
  };

  const ofOperation = (call: Call, id: string, wantsResult: boolean): Answer => {
    // "Permissions: same as the permissions required for the API that initiated the operation."
    authorize(signedIn(call), 'Contributor');
    const operation = operations.get(id);
    if (operation === undefined) throw notFound('OperationNotFound', 'operation');
    if (!wantsResult) return stateOf(operation, options, Date.now());
    if (operation.ends === 'with result' && operation.statuses !== undefined) return { status: 200, body: { value: operation.statuses } };
    throw new ApiError(400, 'OperationHasNoResult', 'The operation has no result');
  };

  const ofWorkspace = (call: Call, [, workspace = '', kind, id, action]: readonly (string | undefined)[]): Answer => {
    const principal = signedIn(call);
    const wrong = [workspace, id].find((one) => one !== undefined && !guid.test(one));
    if (wrong !== undefined) throw new ApiError(400, 'InvalidParameter', `${wrong} is not a GUID.`);
    if (!workspaces.some((one) => one.id === workspace)) throw notFound('WorkspaceNotFound', 'workspace');
    authorize(principal, 'Viewer');
    const here = endpoints.filter((one) => one.workspace === workspace);
    if (id === undefined && call.method === 'GET') {
      if (kind === 'lakehouses') return page(call, here.map(lakehouseOf), pageSize);
      if (options.servicePrincipals?.has(principal) === true)
        throw new ApiError(403, 'PrincipalTypeNotSupported', 'The operation is not supported for the principal type');
      return page(call, here.map(described), pageSize);
    }
    const endpoint = here.find((one) => (kind === 'lakehouses' ? one.lakehouse : one.id) === id);
    if (endpoint === undefined) throw notFound('ItemNotFound', 'item');
    if (kind === 'lakehouses' && action === undefined && call.method === 'GET') return { status: 200, body: lakehouseOf(endpoint) };
    if (kind !== 'sqlEndpoints' || action !== 'refreshMetadata') throw notFound('EndpointNotFound', 'resource');
    authorize(principal, 'Contributor');
    return refreshed(call, endpoint);
  };

  const answerOf = (call: Call): Answer => {
    const operation = ofOperations.exec(call.path);
    if (operation !== null) return ofOperation(call, operation[1] ?? '', operation[2] !== undefined);
    return ofWorkspace(call, ofItems.exec(call.path) ?? []);
  };

  const api: EndpointApi = {
    listener(request, response) {
      const url = new URL(request.url ?? '/', `https://${publicHost}`);
      if (otherwise && !ofOperations.test(url.pathname) && !ofItems.test(url.pathname)) return otherwise(request, response);
      const { method = '', headers } = request;
      const authorization = headers.authorization ?? '';
      const known = { method, path: url.pathname, query: url.searchParams };
      const host = (headers.host ?? '').replace(/:\d+$/, '');
      const one = { ...known, host, bearer: authorization.startsWith('Bearer '), number: seen.length + 1 };
      seen.push(one);
      void textOf(request).then(
        (body) => deliver(decide(one), { request, response }, () => answered({ ...known, authorization, body }, answerOf)),
        () => response.destroy(),
      );
    },
    serves: (host) => host === publicHost || host === new URL(baseOf(options)).hostname,
    ...{ seen, refreshes, roles },
    rule(next) {
      decide = next;
    },
  };
  return api;
}

/** A sample of "Get operation state" has a Location without the version. */
const ofOperations = /^(?:\/v1)?\/operations\/([^/]+)(\/result)?$/;
const ofItems = /^\/v1\/workspaces\/([^/]+)\/(sqlEndpoints|lakehouses)(?:\/([^/]+)(?:\/([^/]+))?)?$/;

const baseOf = (options: EndpointApiOptions): string => options.operationsAt ?? `https://${publicHost}/v1`;
const locationOf = ({ id }: Operation, options: EndpointApiOptions): string => `${baseOf(options)}/operations/${id}`;
const retryAfterOf = ({ retryAfter = 20 }: EndpointApiOptions) => ({ 'retry-after': String(retryAfter) });

/** "HTTP status code 202 Accepted - the response body is empty", with three headers. */
const accepted = (operation: Operation, options: EndpointApiOptions): Answer => ({
  status: 202,
  headers: { location: locationOf(operation, options), 'x-ms-operation-id': operation.id, ...retryAfterOf(options) },
});

/**
 * https://learn.microsoft.com/rest/api/fabric/core/long-running-operations/get-operation-state: 200 whatever the status. Location leads to the state while the operation
 * runs, and to the result once it has succeeded; without a result there is no Location, by https://github.com/microsoft/fabric-cli/pull/69.
 */
function stateOf(operation: Operation, options: EndpointApiOptions, now: number): Answer {
  const { id, endpoint, created, pending, ends } = operation;
  const body = (status: string, percentComplete: number, error?: RefreshError) => ({
    ...{ status, createdTimeUtc: new Date(created).toISOString(), lastUpdatedTimeUtc: new Date(now).toISOString(), percentComplete },
    ...(error === undefined ? {} : { error }),
  });
  const headers = { 'x-ms-operation-id': id };
  const status = pending.shift();
  if (status !== undefined) {
    const more = { location: locationOf(operation, options), ...retryAfterOf(options) };
    return { status: 200, headers: { ...headers, ...more }, body: body(status, status === 'Running' ? 25 : 0) };
  }
  if (typeof ends === 'object') {
    operation.statuses ??= [];
    return { status: 200, headers, body: body('Failed', 100, ends) };
  }
  operation.statuses ??= synchronized(endpoint, created, now);
  const more: Readonly<Record<string, string>> = ends === 'with result' ? { location: `${locationOf(operation, options)}/result` } : {};
  return { status: 200, headers: { ...headers, ...more }, body: body('Succeeded', 100) };
}

/** Samples have seven digits of a second, and not zeros. */
const sevenDigits = (ms: number): string => new Date(ms).toISOString().replace('Z', '8973Z');

/** TableSyncStatus for each table. Synchronizes those with Success. */
function synchronized({ tables, tableNames }: SqlEndpoint, started: number, ended: number): readonly object[] {
  const times = { startDateTime: sevenDigits(started), endDateTime: sevenDigits(ended) };
  return tables.map((table) => {
    const { schema, name, status = 'Success', error } = table;
    if (status === 'Success') table.lastSync = ended;
    return {
      ...{ tableName: tableNames === 'plain' ? name : `${schema}.${name}`, ...times, status },
      ...(error === undefined ? {} : { error }),
      ...(table.lastSync === undefined ? {} : { lastSuccessfulSyncDateTime: sevenDigits(table.lastSync) }),
    };
  });
}

/** The item of "List SQL endpoints": it names no lakehouse. */
const described = ({ workspace, id, name }: SqlEndpoint) => ({
  ...{ id, type: 'SQLEndpoint', displayName: name, description: '', workspaceId: workspace },
});

/** https://learn.microsoft.com/rest/api/fabric/lakehouse/items/get-lakehouse, which service principals may call. */
const lakehouseOf = ({ workspace, id, name, lakehouse, tableNames, server = 'x.datawarehouse.fabric.microsoft.com' }: SqlEndpoint) => ({
  ...{ id: lakehouse, type: 'Lakehouse', displayName: name, description: '', workspaceId: workspace },
  properties: {
    oneLakeTablesPath: `https://onelake.dfs.fabric.microsoft.com/${workspace}/${lakehouse}/Tables`,
    oneLakeFilesPath: `https://onelake.dfs.fabric.microsoft.com/${workspace}/${lakehouse}/Files`,
    sqlEndpointProperties: { connectionString: server, id, provisioningStatus: 'Success' },
    ...(tableNames === 'plain' ? {} : { defaultSchema: 'dbo' }),
  },
});

/**
 * In the sample of "Pagination" a token is encoded for a URL, and continuationUri has it as it is: encoding it again makes another token. On the last page both members
 * are absent, by PaginatedResponse in common/definitions.json.
 */
function page(call: Call, items: readonly object[], size: number): Answer {
  const token = call.query.get('continuationToken');
  const from = token === null ? 0 : Number(/^from,(\d+)=$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new ApiError(400, 'InvalidParameter', 'continuationToken is not valid.');
  const value = items.slice(from, from + size);
  if (from + size >= items.length) return { status: 200, body: { value } };
  const next = encodeURIComponent(`from,${from + size}=`);
  return {
    status: 200,
    body: { value, continuationToken: next, continuationUri: `https://${publicHost}${call.path}?continuationToken=${next}` },
  };
}
