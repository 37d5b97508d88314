/**
 * Fabric's REST API for mirrored databases: https://learn.microsoft.com/fabric/mirroring/mirrored-database-rest-api and
 * https://learn.microsoft.com/rest/api/fabric/core/workspaces/list-workspaces.
 */
import type { Network } from '../../ports/network.ts';
import type { Instant } from '../../ports/values.ts';
import { isGuid } from '../azure/guid.ts';
import type { AzureKeys } from '../azure/keys.ts';
import { textIn } from '../json/json-requests.ts';
import { type AskedAbout, type FabricRequests, fabricRequests, strange } from './fabric-requests.ts';

/** Workspace and database as in a path of OneLake: each is a GUID or a name. The name of the database has no type after it. */
export interface MirroredDatabase {
  readonly workspace: string;
  readonly database: string;
}

export interface TableReplication {
  /** The schema of the table; null: the table has no schema. */
  readonly schema: string | null;
  readonly table: string;
  /** `Replicating`, `Snapshotting`, `Failed` and others, in Fabric's words. */
  readonly status: string;
  /** Fabric's own sentence; null: none. */
  readonly error: string | null;
  /** Rows applied since the table was created; a row that was changed counts twice. Null: unknown. */
  readonly processedRows: number | null;
  readonly lastSync: Instant | null;
}

export interface Replication {
  /** `Running`, `Stopped`, `Paused` and others, in Fabric's words. Tables are reported only while the status is `Running`. */
  readonly status: string;
  readonly error: string | null;
  readonly tables: readonly TableReplication[];
}

/**
 * Signs in with the config of OneLake. Throws ConnectionError HYG-6402 if the config has no identity: a shared access signature is only valid for OneLake. @param
 * accountUrl the address of OneLake, whose cloud issues the tokens.
 */
export async function openFabricApi(
  keys: AzureKeys,
  { accountUrl, network }: { readonly accountUrl: string; readonly network: Network },
): Promise<FabricApi> {
  const instead = 'Sign in as an identity instead, or remove verify.replicated.';
  return new FabricApi(await fabricRequests(keys, { accountUrl, network, instead }));
}

export class FabricApi {
  readonly #requests: FabricRequests;

  constructor(requests: FabricRequests) {
    this.#requests = requests;
  }

  /** The state of the replication of a database and its tables. Throws the errors of `FabricRequests.ask`. */
  async replication({ workspace, database }: MirroredDatabase): Promise<Replication> {
    const about: AskedAbout = {
      item: `mirrored database ${database} in the workspace ${workspace}`,
      right: 'the role Viewer in the workspace, or the permission to read the mirrored database',
    };
    const databases = `/v1/workspaces/${await this.#requests.workspace(workspace, about)}/mirroredDatabases`;
    const id = isGuid(database) ? database : await this.#requests.idOf(database, { ...about, path: databases, what: 'mirrored database' });
    const path = `${databases}/${id}`;
    const found = await this.#requests.ask('POST', `${path}/getMirroringStatus`, about);
    const status = textIn(found.body, 'status');
    if (status === undefined) throw strange(found);
    const tables: TableReplication[] = [];
    for await (const table of this.#requests.pages(`${path}/getTablesMirroringStatus`, { ...about, method: 'POST', items: 'data' }))
      tables.push(tableIn(table));
    return { status, error: textIn(found.body, 'error', 'message') ?? null, tables };
  }
}

/** A table as reported by Fabric. */
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
