/**
 * How far Fabric is with the SQL endpoints of Lakehouses and mirrored databases, which show a copy of the metadata of the tables:
 * https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/refresh-sql-endpoint-metadata and
 * https://learn.microsoft.com/rest/api/fabric/core/long-running-operations.
 */
import type { Instant } from '../../ports/values.ts';
import { isGuid } from '../azure/guid.ts';
import { retryAfter } from '../http-outcome.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { type AskedAbout, type FabricRequests, refusalIn, strange, theOnly } from './fabric-requests.ts';

/** The workspace by name or GUID, the endpoint by its name, which is that of its database. */
export interface SqlEndpoint {
  readonly workspace: string;
  readonly endpoint: string;
}

/** What Fabric says of a table of the endpoint. */
export interface CopiedTable {
  /** As Fabric writes it, with or without its schema. */
  readonly name: string;
  /** `Success`, `Failure`, `NotRun` and others, in Fabric's words. */
  readonly status: string;
  /** Up to when the endpoint shows the table; null: it never showed it, or Fabric does not say. */
  readonly lastSuccess: Instant | null;
  /** Fabric's own sentence; null: it reports none. */
  readonly error: string | null;
}

/** `running`: the GUID of Fabric's operation, and how long Fabric wishes to be left alone. `failed`: Fabric's own sentence. */
export type Refresh =
  | { readonly tables: readonly CopiedTable[] }
  | { readonly running: string; readonly afterMs: number }
  | { readonly failed: string };

const usualAfterMs = 5_000;
/** Fabric's own default; some callers were refused without one. */
const longest = { timeUnit: 'Minutes', value: 15 } as const;

/** Fabric may refresh in one request. */
const answerWithinMs = 120_000;
/** Of this refresh, such as another one that is at work: the rows can be read all the same. */
const refusals: readonly number[] = [400, 409];

export class SqlEndpoints {
  readonly #requests: FabricRequests;

  constructor(requests: FabricRequests) {
    this.#requests = requests;
  }

  /** Has Fabric compare all tables of the endpoint with the lake. Twice does no harm. Throws as `FabricRequests.ask`. */
  async refresh({ workspace, endpoint }: SqlEndpoint): Promise<Refresh> {
    const about = aboutEndpoint({ workspace, endpoint });
    const at = `/v1/workspaces/${await this.#requests.workspace(workspace, about)}`;
    const path = `${at}/sqlEndpoints/${await this.#idOf(endpoint, at, about)}/refreshMetadata`;
    const answer = await this.#requests.ask('POST', path, { ...about, body: { timeout: longest }, also: refusals, answerWithinMs });
    if (refusals.includes(answer.status)) return { failed: refusalIn(answer) };
    return answer.status === 200 ? tablesIn(answer) : runningIn(answer);
  }

  /** By the item that it belongs to: the list of endpoints is closed to service principals, these are not. */
  async #idOf(name: string, workspace: string, about: AskedAbout): Promise<string> {
    const ids: string[] = [];
    for (const kind of ['lakehouses', 'mirroredDatabases']) {
      for await (const item of this.#requests.named(name, `${workspace}/${kind}`, about)) {
        const id = textIn(item, 'properties', 'sqlEndpointProperties', 'id');
        if (id !== undefined) ids.push(id);
      }
    }
    return theOnly(
      ids,
      `SQL endpoint ${name}`,
      'Rename one of the items in Fabric, or remove workspace from the connection: the endpoint is then read without a refresh.',
    );
  }

  /** @param running as `refresh` answered it. */
  async look(of: SqlEndpoint, running: string): Promise<Refresh> {
    const about = aboutEndpoint(of);
    const path = `/v1/operations/${running}`;
    const answer = await this.#requests.ask('GET', path, { ...about, also: [404] });
    if (answer.status === 404) return { failed: 'Fabric does not know the refresh any more' };
    switch (textIn(answer.body, 'status')) {
      case 'Succeeded':
        // Only an operation with a result leads to one.
        if (answer.header('location') === undefined) return { tables: [] };
        return tablesIn(await this.#requests.ask('GET', `${path}/result`, about));
      case 'Failed':
        return { failed: textIn(answer.body, 'error', 'message') ?? textIn(answer.body, 'error', 'errorCode') ?? 'Fabric names no reason' };
      case undefined:
        throw strange(answer);
      default:
        return { running, afterMs: retryAfter((name) => answer.header(name)) ?? usualAfterMs };
    }
  }
}

const aboutEndpoint = ({ workspace, endpoint }: SqlEndpoint): AskedAbout => ({
  item: `SQL endpoint ${endpoint} in the workspace ${workspace}`,
  right: 'the role Contributor in the workspace',
});

/** The operation is asked of this host by its GUID, since the token is for no other place that the answer may name. */
function runningIn(answer: JsonAnswer): Refresh {
  const running = answer.header('x-ms-operation-id') ?? /\/v1\/operations\/([^/?]+)/.exec(answer.header('location') ?? '')?.[1] ?? '';
  if (!isGuid(running)) throw strange(answer);
  return { running, afterMs: retryAfter((name) => answer.header(name)) ?? usualAfterMs };
}

/** Earlier versions of the API answered the list alone. */
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
