import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Shown } from '../entra/tokens.ts';
import type { Fault } from '../fault-proxy.ts';
import type { TableState } from './mirrored-table.ts';
import type { FabricReplicator } from './replicator.ts';

export interface MirroredDatabase {
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  /** The host of the SQL endpoint's connection string. */
  readonly server?: string;
  readonly replicator: FabricReplicator;
}

/** `none`: has no role in the workspace. */
export type Role = 'none' | 'viewer';

export interface SeenAtFabric {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Counted from 1 over all requests. */
  readonly number: number;
}

export interface FabricApiOptions {
  readonly databases: readonly MirroredDatabase[];
  /** What workspaces are called; those of `databases` that are missing here have no name. */
  readonly workspaces?: readonly { readonly id: string; readonly name: string }[];
  /** Whose tokens are believed: the stand-in for Entra. */
  readonly bearer: (token: string) => Shown | undefined;
  /** Items in an answer. */
  readonly pageSize?: number;
}

/** Fabric's public REST API of mirrored databases, at `api.fabric.microsoft.com` or on loopback. */
export interface FabricApi {
  readonly listener: RequestListener;
  serves(host: string): boolean;
  readonly seen: readonly SeenAtFabric[];
  /** What principals may do, by object id; others are viewers. */
  readonly roles: Map<string, Role>;
  /** Asked for each request; undefined lets it pass. `{ status: 429, retryAfter: 55 }` throttles. Replaces the rule before. */
  rule(decide: (seen: SeenAtFabric) => Fault | undefined): void;
}

/** Answered as an ErrorResponse. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
}

const audiences = ['https://api.fabric.microsoft.com', 'https://api.fabric.microsoft.com/'];

/**
 * "Microsoft Fabric mirroring public REST API", https://learn.microsoft.com/fabric/mirroring/mirrored-database-rest-api, and the reference below
 * https://learn.microsoft.com/rest/api/fabric/mirroreddatabase/mirroring, "Mirroring".
 */
export function fabricApi({ databases, workspaces = [], bearer, pageSize = 100 }: FabricApiOptions): FabricApi {
  const seen: SeenAtFabric[] = [];
  const granted = new Map<string, Role>();
  let decide: (one: SeenAtFabric) => Fault | undefined = () => undefined;

  /** A token that is missing, expired or of another audience, and a role that is too low. */
  const authorize = ({ authorization }: Call, least: Role): void => {
    const shown = authorization.startsWith('Bearer ') ? bearer(authorization.slice('Bearer '.length)) : undefined;
    if (shown?.expired === true) throw new ApiError(401, 'TokenExpired', 'Access token has expired, resubmit with a new access token');
    if (shown === undefined || !audiences.includes(shown.audience))
      throw new ApiError(401, 'Unauthorized', 'The access token is not valid.');
    if (least === 'viewer' && granted.get(shown.principal) === 'none') {
      throw new ApiError(
        403,
        'InsufficientPrivileges',
        'The caller does not have sufficient permissions to perform the requested operation',
      );
    }
  };

  const answer = (call: Call): Answer => {
    if (call.path === '/v1/workspaces' && call.method === 'GET') {
      // "List workspaces": those that the caller has a role in.
      authorize(call, 'none');
      const named = workspaces.map(({ id, name }) => ({ id, displayName: name, description: '', type: 'Workspace' }));
      return page(call, 'value', named, pageSize);
    }
    const [, workspace = '', id, action] =
      /^\/v1\/workspaces\/([^/]+)\/mirroredDatabases(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(call.path) ?? [];
    authorize(call, 'viewer');
    // "Fabric capacity paused" in "Troubleshoot Fabric mirrored databases": the item can't be listed or accessed.
    const reachable = databases.filter((one) => one.workspace === workspace && !one.replicator.isPaused);
    if (id === undefined && call.method === 'GET' && workspace !== '') return page(call, 'value', reachable.map(described), pageSize);
    const database = reachable.find((one) => one.id === id);
    if (database === undefined) throw new ApiError(404, 'ItemNotFound', 'The requested item was not found.');
    return act(call, database, action, pageSize);
  };

  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'https://api.fabric.microsoft.com');
    const call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization ?? '',
    };
    const one = { method: call.method, path: call.path, query: call.query, number: seen.length + 1 };
    seen.push(one);
    request.resume();
    request.on('end', () => void deliver(decide(one), { request, response }, () => answered(call, answer)));
  };
  return {
    listener,
    serves: (host) => host === 'api.fabric.microsoft.com',
    seen,
    roles: granted,
    rule(next) {
      decide = next;
    },
  };
}

function act(call: Call, database: MirroredDatabase, action: string | undefined, pageSize: number): Answer {
  const { replicator } = database;
  if (call.method === 'GET' && action === undefined) return { status: 200, body: described(database) };
  if (call.method !== 'POST') throw new ApiError(405, 'MethodNotAllowed', `${call.method} is not allowed.`);
  switch (action) {
    case 'getMirroringStatus':
      return { status: 200, body: { status: replicator.status } };
    case 'getTablesMirroringStatus':
      // "If mirroring is started and the status is Running, this API returns the status and metrics of tables": empty before, as the strictest reading.
      return page(call, 'data', replicator.status === 'Running' ? replicator.tables.map(statusOf) : [], pageSize);
    default:
      throw new ApiError(404, 'EndpointNotFound', 'The requested resource was not found.');
  }
}

const described = ({ workspace, id, name, server = 'x.datawarehouse.fabric.microsoft.com' }: MirroredDatabase) => ({
  id,
  type: 'MirroredDatabase',
  displayName: name,
  description: '',
  workspaceId: workspace,
  properties: {
    oneLakeTablesPath: `https://onelake.dfs.fabric.microsoft.com/${workspace}/${id}/Tables`,
    sqlEndpointProperties: { connectionString: server, id: workspace, provisioningStatus: 'Success' },
  },
});

/** A table without a schema folder has no sourceSchemaName here: the reference does not require it, and no page gives one. */
function statusOf({ schema, table, status, error, processedRows, processedBytes, lastSync }: TableState): object {
  return {
    sourceObjectType: 'Table',
    ...(schema === undefined ? {} : { sourceSchemaName: schema }),
    sourceTableName: table,
    status,
    ...(lastSync === undefined
      ? {}
      : { metrics: { processedBytes, processedRows, lastSyncDateTime: new Date(lastSync).toISOString().replace('Z', '0000Z') } }),
    ...(error === undefined ? {} : { error: { errorCode: error.rule, message: error.message } }),
  };
}

/**
 * "Get tables mirroring status" in the REST page has `continuationToken` and `continuationUri`, null at the end. What a token is made of, and how many items a page has,
 * is on no page that was read.
 */
function page(call: Call, key: 'value' | 'data', items: readonly object[], size: number): Answer {
  const token = call.query.get('continuationToken');
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(from)) throw new ApiError(400, 'InvalidParameter', 'continuationToken is not valid.');
  const next = from + size < items.length ? Buffer.from(String(from + size)).toString('base64url') : null;
  const uri = next === null ? null : `https://api.fabric.microsoft.com${call.path}?continuationToken=${next}`;
  return { status: 200, body: { [key]: items.slice(from, from + size), continuationToken: next, continuationUri: uri } };
}

/**
 * The schema of ErrorResponse is that of https://learn.microsoft.com/rest/api/fabric/articles/get-started/fabric-api-troubleshooting, "Understand Microsoft Fabric Error
 * Responses". The codes are this model's choice but for ItemNotFound and UnknownError, which the reference of mirrored databases names: clients decide by the status.
 */
const errorAnswer = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: { requestId: randomUUID(), errorCode: code, message },
});

/** What `answer` returns, or the ErrorResponse of the ApiError that it throws. */
export function answered<C>(call: C, answer: (call: C) => Answer): Answer {
  try {
    return answer(call);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return errorAnswer(error.status, error.code, error.message);
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sends the answer of `act` as a fault lets it pass. */
export async function deliver(fault: Fault | undefined, { request, response }: Exchange, act: () => Answer): Promise<void> {
  if (fault === 'drop before') {
    request.socket.destroy();
    return;
  }
  if (typeof fault === 'object' && 'status' in fault) {
    // "Throttling", https://learn.microsoft.com/rest/api/fabric/articles/throttling: 429 with Retry-After in seconds.
    const headers = fault.retryAfter === undefined ? undefined : { 'retry-after': String(fault.retryAfter) };
    send(
      response,
      errorAnswer(fault.status, fault.code ?? (fault.status === 429 ? 'RequestBlocked' : 'UnknownError'), 'Try again later.', headers),
    );
    return;
  }
  if (typeof fault === 'object') await fault.hold;
  const answer = act();
  if (fault === 'drop after') request.socket.destroy();
  else send(response, answer, fault === 'cut');
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer, isCut = false): void {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    'content-length': String(bytes.length),
    'content-type': 'application/json; charset=utf-8',
    requestid: randomUUID(),
    ...headers,
  });
  if (isCut) response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(bytes);
}
