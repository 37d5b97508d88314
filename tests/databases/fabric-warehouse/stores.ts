/** Stores in a Warehouse of the tests, with a lake beside it that COPY INTO reads. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Opening } from '../../../src/engine/contracts/connector.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import { Secret } from '../../../src/ports/secret.ts';
import { findConnector } from '../../../src/registry.ts';
import { type Azure, account, client, filesystem, startAzure, tenant, workspace } from '../../support/azure-hosts/azure.ts';
import { nodeAt } from '../../support/dfs/server.ts';
import type { StagedFiles } from '../../support/fabric-warehouse/copying.ts';
import { type ServedWarehouse, servedWarehouse } from '../../support/fabric-warehouse/served.ts';
import type { Fate, WarehouseOptions } from '../../support/fabric-warehouse/writing.ts';
import { homesBy, type OpenedHomes } from '../../support/postgres-home.ts';
import type { TdsServerOptions } from '../../support/tds/server.ts';
import { forgetClients } from '../../support/test-network.ts';

export const lake = `abfss://${filesystem}@${account}.dfs.core.windows.net/stage`;
export const lakehouse = `abfss://${workspace.id}@onelake.dfs.fabric.microsoft.com/${workspace.items[0]?.id}/Files/stage`;

export interface StoreIn {
  readonly table?: string;
  readonly markColumn?: string;
  readonly entity?: string;
  readonly staging?: string;
  readonly metadataSchema?: string;
  /** More keys of the store. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** Names that are used once come from a counter. */
  readonly names?: 'counted';
}

export interface WarehouseStores extends AsyncDisposable, Pick<OpenedHomes, 'home' | 'opening'>, ServedWarehouse {
  readonly azure: Azure;
  readonly keys: Readonly<Record<string, unknown>>;
  /** What becomes of the next COMMITs, in their order. */
  readonly fates: (Fate | undefined)[];
  /** The opening of a store whose names come from a counter. */
  readonly counted: Opening;
  store(of?: StoreIn): Promise<Store>;
  /** What lies where rows are staged. */
  staged(): readonly string[];
  /** Puts a copy of a file beside it. */
  plant(from: string, to: string): void;
  /** What somebody else reads there. */
  asked(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Takes away all tables and files. */
  cleared(): Promise<void>;
  /** Rows of a committed table as `id@mark`, by the Warehouse itself; none where there is no such table. */
  marks(table?: string): readonly string[];
}

/** What lies under the address of a statement, past all doors. */
function filesOf(azure: () => Azure): StagedFiles {
  const all = (address: string): ReadonlyMap<string, Uint8Array> => {
    const { hostname } = new URL(address);
    const ofLake = hostname.startsWith('onelake.');
    const [space, item] = ofLake ? [workspace.id, workspace.items[0]?.id ?? ''] : [filesystem, ''];
    const files = azure().dfs.files(ofLake ? 'onelake' : account, space);
    const named = [...files].map(([path, { content }]) => [`https://${hostname}/${space}/${path}`, content] as const);
    if (!ofLake) return new Map(named);
    // The tree has items by their names or their ids, and COPY INTO takes ids alone.
    return new Map(named.map(([path, content]) => [path.replace(/^(https:\/\/[^/]+\/[^/]+\/)[^/]+/, `$1${item}`), content]));
  };
  return {
    below: async (address) => [...all(address).keys()].filter((path) => path.startsWith(address)).sort(),
    file: async (address) => all(address).get(address),
  };
}

export async function warehouseStores(
  options: Omit<WarehouseOptions, 'files' | 'atCommit'> = {},
  of: Omit<TdsServerOptions, 'answers' | 'closed'> = {},
): Promise<WarehouseStores> {
  const azure = await startAzure();
  const here = azure.inProcess();
  forgetClients();
  const fates: (Fate | undefined)[] = [];
  const served = await servedWarehouse({ ...options, files: filesOf(() => azure), atCommit: () => fates.shift() }, of);
  const folder = await mkdtemp(join(tmpdir(), 'hygge-warehouse-'));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, served.server.authority);
  const keys = {
    ...{ server: served.server.host, port: served.server.port, database: 'sales', tls_ca_path: authority },
    ...{ tenant_id: tenant, client_id: client.id, client_secret: new Secret(client.secret ?? '') },
  };
  const homes = homesBy('fabric_warehouse', keys, folder);
  const side = (await findConnector('fabric_warehouse'))?.store;
  if (!side) throw new Error('no store');
  let named = 0;
  const nonce = () => `n${String(++named).padStart(9, '0')}`;
  const counted: Opening = {
    ...homes.opening,
    random: { ...homes.opening.random, nonce },
    clock: { ...homes.opening.clock, now: () => '2026-11-30T00:00:00.000Z' },
  };
  return {
    ...{ ...served, azure, keys, fates, opening: homes.opening, counted },
    home: (config, steps) => homes.home({ safe_wait: '0s', ...config }, steps),
    store({ table = 'dbo.e', markColumn, entity = 'e', staging = lake, metadataSchema, names, own } = {}) {
      const marked = markColumn === undefined ? {} : { mark_column: markColumn };
      const kept = metadataSchema === undefined ? {} : { metadata_schema: metadataSchema };
      const config = side.config.parse({ ...keys, staging, table, ...marked, ...kept, ...own });
      return side.open(config as never, { ...(names === undefined ? homes.opening : counted), entity });
    },
    staged: () => [
      ...azure.dfs.files(account, filesystem).keys(),
      ...[...azure.dfs.files('onelake', workspace.id).keys()].filter((path) => path.includes('/Files/stage/')),
    ],
    plant(from, to) {
      const [folder, name] = [dirname(to), basename(to)];
      const at = nodeAt(azure.dfs.root(account, filesystem), folder);
      const file = azure.dfs.files(account, filesystem).get(from);
      if (at?.kind !== 'folder' || file === undefined) throw new Error(`${from} is not there`);
      at.children.set(name, { ...file });
    },
    async asked(sql) {
      await using one = await served.client();
      const { rows, names } = await one.batch(sql);
      return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    },
    async cleared() {
      await using one = await served.client();
      for (const name of served.warehouse.tables) await one.batch(`drop table [${name.replace('.', '].[')}]`);
      azure.dfs.root(account, filesystem).children.clear();
    },
    marks(table = 'dbo.e') {
      if (!served.warehouse.tables.includes(table)) return [];
      return served.warehouse
        .rows(table)
        .map(({ id, mark }) => `${id}@${mark}`)
        .sort();
    },
    async [Symbol.asyncDispose]() {
      await homes[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
      here[Symbol.dispose]();
      await azure[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
      forgetClients();
    },
  };
}
