/**
 * The progress of the SQL endpoints of Lakehouses and mirrored databases, which show a copy of the metadata of the tables:
 * https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/refresh-sql-endpoint-metadata and
 * https://learn.microsoft.com/rest/api/fabric/core/long-running-operations.
 */
import type { Instant } from '../../ports/values.ts';
import { isGuid } from '../azure/guid.ts';
import { retryAfter } from '../http-outcome.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { type AskedAbout, type FabricRequests, refusalIn, strange, theOnly } from './fabric-requests.ts';

/** An endpoint: its workspace by name or GUID, its own name (the name of the database), and the host of the connection. */
export interface SqlEndpoint {
  readonly workspace: string;
  readonly endpoint: string;
  readonly server: string;
}

/** The state of a table of the endpoint, reported by Fabric. */
export interface CopiedTable {
  /** The name in Fabric's form, with or without its schema. */
  readonly name: string;
  /** `Success`, `Failure`, `NotRun` and others, in Fabric's words. */
  readonly status: string;
  /** The time up to which the endpoint shows the table; null: never, or unknown. */
  readonly lastSuccess: Instant | null;
  /** Fabric's own sentence; null: none. */
  readonly error: string | null;
}

/** `elsewhere`: the workspace has an endpoint with the name, but at another host. `running`: the GUID of Fabric's operation, and the pause that Fabric requested. `failed`: Fabric's own sentence. */
export type Refresh =
  | { readonly tables: readonly CopiedTable[] }
  | { readonly running: string; readonly afterMs: number }
  | { readonly failed: string }
  | { readonly elsewhere: string };

const usualAfterMs = 5_000;
/** The timeout of a refresh: Fabric’s own default. The timeout is always sent, because Fabric refused some requests without a timeout. */
const longest = { timeUnit: 'Minutes', value: 15 } as const;

/** A long wait, because Fabric may complete the whole refresh before it answers the request. */
const answerWithinMs = 120_000;
/** Statuses that mean that the refresh failed, for example because another refresh is running. Rows can still be read. */
const refusals: readonly number[] = [400, 409];
/** Statuses for a refresh that Fabric no longer knows, because Fabric keeps the state and the result only for some time. */
const lost: readonly number[] = [400, 404, 409, 410];

export class SqlEndpoints {
  readonly #requests: FabricRequests;

  constructor(requests: FabricRequests) {
    this.#requests = requests;
  }

  /** Asks Fabric to compare all tables of the endpoint with the lake. May be repeated. Throws the errors of `FabricRequests.ask`. */
  async refresh(of: SqlEndpoint): Promise<Refresh> {
    const { workspace, endpoint } = of;
    const about = aboutEndpoint(of);
    const at = `/v1/workspaces/${await this.#requests.workspace(workspace, about)}`;
    const { id, host } = await this.#found(endpoint, at, about);
    if (host !== undefined && firstLabel(host) !== firstLabel(of.server)) return { elsewhere: host };
    const path = `${at}/sqlEndpoints/${id}/refreshMetadata`;
    const answer = await this.#requests.ask('POST', path, { ...about, body: { timeout: longest }, also: refusals, answerWithinMs });
    if (refusals.includes(answer.status)) return { failed: refusalIn(answer) };
    return answer.status === 200 ? tablesIn(answer) : runningIn(answer);
  }

  /** The GUID of the endpoint, found in the list of items, because service principals can’t list endpoints. */
  async #found(name: string, workspace: string, about: AskedAbout): Promise<{ readonly id: string; readonly host: string | undefined }> {
    const hosts = new Map<string, string | undefined>();
    for (const kind of ['lakehouses', 'mirroredDatabases']) {
      for await (const item of this.#requests.named(name, `${workspace}/${kind}`, about)) {
        const id = textIn(item, 'properties', 'sqlEndpointProperties', 'id');
        if (id !== undefined) hosts.set(id, textIn(item, 'properties', 'sqlEndpointProperties', 'connectionString'));
      }
    }
    const id = theOnly([...hosts.keys()], `SQL endpoint ${name}`, `Rename one of the items in Fabric. ${without}`, without);
    return { id, host: hosts.get(id) };
  }

  /** The progress of a refresh. @param running the GUID that `refresh` returned as `running`. */
  async look(of: SqlEndpoint, running: string): Promise<Refresh> {
    const about = aboutEndpoint(of);
    const path = `/v1/operations/${running}`;
    const also = lost;
    const answer = await this.#requests.ask('GET', path, { ...about, also });
    if (also.includes(answer.status)) return { failed: `Fabric lost the refresh: ${refusalIn(answer)}` };
    switch (textIn(answer.body, 'status')) {
      case 'Succeeded': {
        // Without a location in the answer, the operation has no result.
        if (answer.header('location') === undefined) return { tables: [] };
        const result = await this.#requests.ask('GET', `${path}/result`, { ...about, also });
        return also.includes(result.status) ? { failed: `Fabric lost the result of the refresh: ${refusalIn(result)}` } : tablesIn(result);
      }
      case 'Failed':
        return { failed: textIn(answer.body, 'error', 'message') ?? textIn(answer.body, 'error', 'errorCode') ?? 'Fabric names no reason' };
      case undefined:
        throw strange(answer);
      default:
        return { running, afterMs: retryAfter((name) => answer.header(name)) ?? usualAfterMs };
    }
  }
}

const without = 'Or remove workspace from the connection: the endpoint is then read without a refresh.';

const aboutEndpoint = ({ workspace, endpoint }: SqlEndpoint): AskedAbout => ({
  item: `SQL endpoint ${endpoint} in the workspace ${workspace}`,
  right: 'the role Contributor in the workspace',
  otherwise: without,
});

/** The first part of a host name. Only this part is compared, because a private link may change the rest of the host name. */
const firstLabel = (host: string): string => (host.split('.')[0] ?? '').toLowerCase();

/** A running operation, by its GUID. The address in the answer is not used, because the token must not be sent to another host. */
function runningIn(answer: JsonAnswer): Refresh {
  const running = answer.header('x-ms-operation-id') ?? /\/v1\/operations\/([^/?]+)/.exec(answer.header('location') ?? '')?.[1] ?? '';
  if (!isGuid(running)) throw strange(answer);
  return { running, afterMs: retryAfter((name) => answer.header(name)) ?? usualAfterMs };
}

/** The tables in an answer. Earlier versions of the API returned the list itself, without an object around it. */
function tablesIn(answer: JsonAnswer): Refresh {
  const { body } = answer;
  const list = Array.isArray(body) ? body : (body as { readonly value?: unknown } | null | undefined)?.value;
  if (!Array.isArray(list)) throw strange(answer);
  return { tables: list.map(tableIn) };
}

function tableIn(item: unknown): CopiedTable {
  const last = Date.parse(textIn(item, 'lastSuccessfulSyncDateTime') ?? '');
  return {
    name: textIn(item, 'tableName') ?? '',
    status: textIn(item, 'status') ?? 'unknown',
    lastSuccess: Number.isNaN(last) ? null : (new Date(last).toISOString() as Instant),
    error: textIn(item, 'error', 'message') ?? textIn(item, 'error', 'errorCode') ?? null,
  };
}
