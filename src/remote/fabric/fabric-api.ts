/**
 * Fabric's REST API, as far as it tells of mirrored databases: https://learn.microsoft.com/fabric/mirroring/mirrored-database-rest-api and
 * https://learn.microsoft.com/rest/api/fabric/core/workspaces/list-workspaces. All of its requests read, so they may be sent twice.
 */
import type { TokenCredential } from '@azure/identity';
import { ConnectionError, HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import { answerIn } from '../azure/answer.ts';
import { signIn } from '../azure/credential.ts';
import { isGuid } from '../azure/guid.ts';
import type { AzureKeys } from '../azure/keys.ts';
import { waysToSignInWithoutKeys } from '../azure/keys.ts';
import { type JsonAnswer, JsonRequests, textIn } from '../json/json-requests.ts';
import { notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../refusals.ts';
import { shown } from '../sent-request.ts';

export const fabricHost = 'api.fabric.microsoft.com';
const fabricOrigin = `https://${fabricHost}`;
const scope = `${fabricOrigin}/.default`;
/** A workspace has 1,000 mirrored tables in a database at most, a tenant its thousands of workspaces. More pages than these are a circle. */
const mostPages = 1_000;

/** Both as a path of OneLake has them: a GUID, or a name; that of an item without its type. */
export interface MirroredDatabase {
  readonly workspace: string;
  readonly database: string;
}

export interface TableReplication {
  /** Null: the table has no schema. */
  readonly schema: string | null;
  readonly table: string;
  /** `Replicating`, `Snapshotting`, `Failed` and others, in Fabric's words. */
  readonly status: string;
  /** Fabric's own sentence; null: it reports none. */
  readonly error: string | null;
  /** Rows that it has taken since the table was made, those that changed a row twice. Null: not told. */
  readonly processedRows: number | null;
  readonly lastSync: Instant | null;
}

export interface Replication {
  /** `Running`, `Stopped`, `Paused` and others, in Fabric's words. Tables are told only while it is `Running`. */
  readonly status: string;
  readonly error: string | null;
  readonly tables: readonly TableReplication[];
}

/**
 * Signs in as the config of OneLake does. Throws ConnectionError HYG-6402 where it signs in without an identity: a shared access signature opens OneLake alone.
 * @param accountUrl OneLake's, whose cloud gives out the tokens.
 */
export async function openFabricApi(
  keys: AzureKeys,
  { accountUrl, network }: { readonly accountUrl: string; readonly network: Network },
): Promise<FabricApi> {
  const { credential } = await signIn(keys, { account: '', accountUrl }, { network, env: process.env });
  if ('getToken' in credential) return new FabricApi(network, credential);
  const said = { url: fabricOrigin, doing: 'read', status: undefined, code: 'A shared access signature opens OneLake alone' } as const;
  throw notSignedIn(said, ['Sign in as an identity in its place, or remove verify.replicated.']);
}

export class FabricApi {
  readonly #credential: TokenCredential;
  readonly #requests: JsonRequests;
  readonly #found = new Map<string, Promise<string>>();

  /** @param waiting outside of a step. */
  constructor(network: Network, credential: TokenCredential, waiting?: Partial<Waiting>) {
    this.#credential = credential;
    this.#requests = new JsonRequests(network, {
      host: fabricHost,
      lost: ({ status, code, retryAfterMs }) =>
        notReached(
          { url: fabricOrigin, doing: 'read', status, code },
          { transient: true, check: reaching, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
        ),
      waiting,
    });
  }

  /** Throws ConnectionError HYG-6401, HYG-6402, HYG-6403 (there is no such database, or it can't be seen), HYG-6404, HYG-6053. */
  async replication(of: MirroredDatabase): Promise<Replication> {
    const path = await this.#pathOf(of);
    const database = await this.#ask('POST', `${path}/getMirroringStatus`, of);
    const status = textIn(database.body, 'status');
    if (status === undefined) throw strange(database);
    const tables: TableReplication[] = [];
    for await (const table of this.#pages('POST', `${path}/getTablesMirroringStatus`, { of, items: 'data' })) tables.push(tableIn(table));
    return { status, error: textIn(database.body, 'error', 'message') ?? null, tables };
  }

  async #pathOf(of: MirroredDatabase): Promise<string> {
    const workspace = isGuid(of.workspace)
      ? of.workspace
      : await this.#idOf(of.workspace, { of, path: '/v1/workspaces', what: 'workspace' });
    const databases = `/v1/workspaces/${workspace}/mirroredDatabases`;
    const id = isGuid(of.database) ? of.database : await this.#idOf(of.database, { of, path: databases, what: 'mirrored database' });
    return `${databases}/${id}`;
  }

  /** The GUID behind a name, looked up once. */
  #idOf(name: string, at: { readonly of: MirroredDatabase; readonly path: string; readonly what: string }): Promise<string> {
    const asked = `${at.path} ${name}`;
    let found = this.#found.get(asked);
    if (found === undefined) {
      found = this.#lookUp(name, at);
      this.#found.set(asked, found);
      found.catch(() => this.#found.delete(asked));
    }
    return found;
  }

  async #lookUp(
    name: string,
    { of, path, what }: { readonly of: MirroredDatabase; readonly path: string; readonly what: string },
  ): Promise<string> {
    const ids: string[] = [];
    for await (const item of this.#pages('GET', path, { of, items: 'value' })) {
      const id = textIn(item, 'id');
      if (id !== undefined && textIn(item, 'displayName')?.toLowerCase() === name.toLowerCase()) ids.push(id);
    }
    const [id, ...others] = ids;
    if (id === undefined) throw notThere(`${what} ${name}`);
    if (others.length > 0) throw ambiguous(`${what} ${name}`, ids);
    return id;
  }

  async *#pages(
    method: 'GET' | 'POST',
    path: string,
    { of, items }: { readonly of: MirroredDatabase; readonly items: 'value' | 'data' },
  ): AsyncGenerator<unknown> {
    let query = '';
    for (let page = 0; page < mostPages; page++) {
      const answer = await this.#ask(method, `${path}${query}`, of);
      const found = (answer.body as Readonly<Record<string, unknown>> | undefined)?.[items];
      if (!Array.isArray(found)) throw strange(answer);
      yield* found;
      const token = textIn(answer.body, 'continuationToken');
      if (token === undefined || token === '') return;
      query = `?continuationToken=${encodeURIComponent(token)}`;
    }
    throw new ConnectionError({
      code: 'HYG-6404',
      what: `${fabricOrigin} gave more than ${mostPages.toLocaleString('en-US')} pages.`,
      why: [`${path} has no end.`],
      tryThis: ['Name the workspace and the mirrored database by their GUIDs, which need no list.'],
    });
  }

  async #ask(method: 'GET' | 'POST', path: string, of: MirroredDatabase): Promise<JsonAnswer> {
    const make = async () => ({
      method,
      url: `${fabricOrigin}${path}`,
      headers: { accept: 'application/json', authorization: await this.#proof() },
    });
    const answer = await this.#requests.ask(make, (body) => textIn(body, 'errorCode'));
    if (answer.status === 200) return answer;
    const said: ServiceAnswer = { url: fabricOrigin, doing: 'read', status: answer.status, code: answer.code };
    switch (answer.status) {
      case 401:
        throw notSignedIn(said, waysToSignInWithoutKeys);
      case 403:
        throw notAllowed(said, 'the role Viewer in the workspace, or the permission to read the mirrored database', [
          'For an app or a service principal: allow it by the tenant setting “Service principals can use Fabric APIs”.',
        ]);
      case 404:
        throw notThere(`mirrored database ${of.database} in the workspace ${of.workspace}`);
      default:
        throw strange(answer);
    }
  }

  async #proof(): Promise<string> {
    try {
      const token = await this.#credential.getToken(scope);
      return `Bearer ${token?.token ?? ''}`;
    } catch (error) {
      if (error instanceof HyggeError) throw error;
      const { status, code } = answerIn(error);
      throw notSignedIn({ url: fabricOrigin, doing: 'read', status, code }, waysToSignInWithoutKeys);
    }
  }
}

const reaching = [`Check whether this machine may reach ${fabricHost}: hygge debug lists the hosts.`];

/** Fabric shows no item whose capacity is paused: https://learn.microsoft.com/fabric/mirroring/troubleshooting */
function notThere(what: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6403',
    what: `Fabric shows no ${what}.`,
    why: ['It does not exist, its capacity is paused, or who runs this may not see it.'],
    tryThis: ['Check the names: GUIDs are in the address of the item in Fabric.', 'Resume the capacity of the workspace if it is paused.'],
  });
}

function ambiguous(what: string, ids: readonly string[]): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6403',
    what: `Fabric shows more than one ${what}.`,
    why: [`Their GUIDs: ${ids.join(', ')}.`],
    tryThis: ['Write the GUID in place of the name.'],
  });
}

function strange(answer: JsonAnswer): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${fabricOrigin} gave no answer that can be used.`,
    why: [`It answered ${shown(answer)}${messageOf(answer)}.`],
    tryThis: ['Check that nothing on the way answers in its place.', 'Then run it again: nothing was changed.'],
  });
}

function messageOf({ body }: JsonAnswer): string {
  const message = textIn(body, 'message');
  return message === undefined ? '' : `: ${message.replace(/\.$/, '')}`;
}

/** A table as Fabric tells of it. */
export function tableIn(item: unknown): TableReplication {
  const metrics = (item as { readonly metrics?: Readonly<Record<string, unknown>> | null } | null)?.metrics ?? {};
  const { processedRows } = metrics;
  const synced = Date.parse(textIn(metrics, 'lastSyncDateTime') ?? '');
  return {
    schema: textIn(item, 'sourceSchemaName') ?? null,
    table: textIn(item, 'sourceTableName') ?? '',
    status: textIn(item, 'status') ?? 'unknown',
    error: textIn(item, 'error', 'message') ?? textIn(item, 'error', 'errorCode') ?? null,
    processedRows: typeof processedRows === 'number' && Number.isSafeInteger(processedRows) ? processedRows : null,
    lastSync: Number.isNaN(synced) ? null : (new Date(synced).toISOString() as Instant),
  };
}
